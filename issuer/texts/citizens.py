"""What is wrong with an entry of a resident's account, and what to do."""

from __future__ import annotations

from collections.abc import Mapping

from issuer.domain.letter_types import Bilingual

T = Bilingual

PROBLEMS: Mapping[str, Bilingual] = {
    "wrong_counter_code": T(
        "Kode dan tanggal lahir tidak cocok, atau kodenya sudah dipakai atau lewat masanya. "
        "Ketik lagi, atau minta kode baru di loket dengan KTP.",
        "Code and date of birth do not belong together, or the code was used or has ended. "
        "Type them again, or ask for a new code at the counter with your KTP.",
    ),
    "not_seen": T(
        "Centang bahwa Anda melihat orangnya dan KTP aslinya.",
        "Tick that you see the person and the original KTP.",
    ),
    "not_as_registered": T(
        "Berbeda dengan data penduduk untuk NIK ini. Baca lagi KTP-nya.",
        "The register of residents has another date for this NIK. Read the KTP again.",
    ),
}
