"""What is wrong with what somebody says of an institution."""

from __future__ import annotations

from collections.abc import Mapping

from issuer.domain.letter_types import Bilingual

T = Bilingual

PROBLEMS: Mapping[str, Bilingual] = {
    "bad_webhook_url": T(
        "Harus alamat https:// dengan nama, tanpa sandi, pada port 443 atau 8443.",
        "An https:// address with a name, without a password, on port 443 or 8443.",
    ),
    "scope_missing": T(
        "Lembaga ini tidak memiliki hak {scope}.", "This institution lacks the scope {scope}."
    ),
}
