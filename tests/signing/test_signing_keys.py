"""The key folder: what is safe is opened, everything else is refused in our own words."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from issuer.domain.errors import ConfigurationError, InvalidSignature, KeyUnavailable, NotFitToSign
from issuer.domain.sealing import RenderedLetter
from issuer.signing.authority import Subject
from issuer.signing.certificates import RevocationReason
from issuer.signing.keys import KeyStore, create_passphrase, read_passphrase
from issuer.signing.pades import PadesSigner
from issuer.signing.trust import TrustStore
from tests.signing.signing_office import (
    DAY,
    KEY,
    NOW,
    Office,
    SystemRandom,
    found_office,
    office,
    page,
)


def copy_of(shared: Office, folder: Path) -> Path:
    return Path(shutil.copytree(shared.folder, folder / "keys"))


def store(folder: Path) -> KeyStore:
    return KeyStore(folder, folder / "passphrase", TrustStore(folder / "trust"))


def reason_against(folder: Path, key_id: str = KEY) -> str:
    with pytest.raises(KeyUnavailable) as refused:
        store(folder).check(key_id, NOW)
    assert (folder / "passphrase").read_text().strip() not in str(refused.value)
    return refused.value.reason


def test_a_good_key_is_opened_once(tmp_path: Path) -> None:
    keys = store(copy_of(office(), tmp_path))
    first = keys.signer(KEY)
    assert keys.signer(KEY) is first
    assert "PrivateKey" not in repr(first)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601, 0o644])
def test_a_key_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
    folder = copy_of(office(), tmp_path)
    (folder / "private" / f"{KEY}.key").chmod(mode)
    assert reason_against(folder) == "open_to_others"


@pytest.mark.parametrize("mode", [0o750, 0o701, 0o755])
def test_a_folder_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
    folder = copy_of(office(), tmp_path)
    (folder / "private").chmod(mode)
    assert reason_against(folder) == "open_to_others"


def test_a_passphrase_open_to_others_is_refused(tmp_path: Path) -> None:
    folder = copy_of(office(), tmp_path)
    (folder / "passphrase").chmod(0o644)
    with pytest.raises(ConfigurationError, match="open to others"):
        store(folder).check(KEY, NOW)
    (folder / "passphrase").unlink()
    with pytest.raises(ConfigurationError, match="cannot be read"):
        store(folder).check(KEY, NOW)


def test_a_link_in_the_place_of_a_key_is_not_followed(tmp_path: Path) -> None:
    folder = copy_of(office(), tmp_path)
    key = folder / "private" / f"{KEY}.key"
    key.rename(tmp_path / "elsewhere.key")
    key.symlink_to(tmp_path / "elsewhere.key")
    assert reason_against(folder) == "unreadable"


def test_rights_that_change_later_are_noticed(tmp_path: Path) -> None:
    folder = copy_of(office(), tmp_path)
    keys = store(folder)
    keys.check(KEY, NOW)
    (folder / "private" / f"{KEY}.key").chmod(0o644)
    with pytest.raises(KeyUnavailable):
        keys.check(KEY, NOW)


def test_a_wrong_passphrase_opens_nothing(tmp_path: Path) -> None:
    folder = copy_of(office(), tmp_path)
    (folder / "passphrase").write_text("x" * 43)
    assert reason_against(folder) == "locked_or_damaged"


def test_a_short_passphrase_is_no_passphrase(tmp_path: Path) -> None:
    path = tmp_path / "passphrase"
    path.write_text("rahasia\n")
    path.chmod(0o600)
    with pytest.raises(ConfigurationError):
        read_passphrase(path)


def test_a_new_passphrase_is_long_and_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "passphrase"
    create_passphrase(path, SystemRandom())
    first = read_passphrase(path)
    assert len(first) == 43
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        create_passphrase(path, SystemRandom())
    assert read_passphrase(path) == first
    assert os.listdir(tmp_path) == ["passphrase"]


@pytest.mark.parametrize("key_id", ["", "../root", "a/b", "A", "x" * 65, ".key", "a\n", "nobody"])
def test_there_is_no_such_key(key_id: str) -> None:
    assert reason_against(office().folder, key_id) == "no_such_key"


def test_missing_halves_are_refused(tmp_path: Path) -> None:
    folder = copy_of(office(), tmp_path)
    (folder / "certificates" / f"{KEY}.pem").unlink()
    assert reason_against(folder) == "no_such_key"
    with pytest.raises(KeyUnavailable):
        store(folder).check("root", NOW)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_a_damaged_file_leaks_no_foreign_exception(tmp_path: Path, data: st.DataObject) -> None:
    folder = tmp_path / "keys"
    if not folder.exists():
        copy_of(office(), tmp_path)
    name = data.draw(st.sampled_from((f"private/{KEY}.key", f"certificates/{KEY}.pem")))
    path = folder / name
    good = path.read_bytes()
    at = data.draw(st.integers(0, len(good) - 1))
    damage = data.draw(st.sampled_from(("cut", "byte", "garbage")))
    bad = {
        "cut": good[:at],
        "byte": good[:at] + data.draw(st.binary(min_size=1, max_size=1)) + good[at + 1 :],
        "garbage": data.draw(st.binary(max_size=300)),
    }[damage]
    path.write_bytes(bad)
    with suppress(KeyUnavailable):
        store(folder).check(KEY, NOW)
    path.write_bytes(good)


@pytest.mark.parametrize(
    "make",
    [ed25519.Ed25519PrivateKey.generate, lambda: rsa.generate_private_key(65537, 2048)],
    ids=["another kind", "too small"],
)
def test_a_key_of_another_kind_is_refused(
    tmp_path: Path, make: Callable[[], ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey]
) -> None:
    folder = copy_of(office(), tmp_path)
    encryption = BestAvailableEncryption(read_passphrase(folder / "passphrase"))
    other = make()
    (folder / "private" / f"{KEY}.key").write_bytes(
        other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)
    )
    assert reason_against(folder) == "unsuitable"


def test_another_persons_certificate_is_refused(tmp_path: Path) -> None:
    other = found_office(tmp_path)
    other.authority.certify("other", Subject("Budi Uji", "Desa Uji"), NOW)
    shutil.copy(tmp_path / "certificates/other.pem", tmp_path / f"certificates/{KEY}.pem")
    assert reason_against(tmp_path) == "another_certificate"


def test_a_certificate_of_another_office_is_refused(tmp_path: Path) -> None:
    folder = copy_of(office(), tmp_path)
    (tmp_path / "other").mkdir()
    found_office(tmp_path / "other")
    for name in ("root.pem", "issuing.pem", "root.crl", "issuing.crl"):
        shutil.copy(tmp_path / "other" / "trust" / name, folder / "trust" / name)
    assert reason_against(folder) == "issuer_not_trusted"


def test_dates_lists_and_revocation_are_checked(tmp_path: Path) -> None:
    other = found_office(tmp_path)

    def reason(after: timedelta) -> str:
        with pytest.raises(KeyUnavailable) as refused:
            other.keys.check(KEY, NOW + after)
        return refused.value.reason

    other.keys.check(KEY, NOW)
    assert reason(31 * DAY) == "revocation_list_stale"
    assert reason(1096 * DAY) == "outside_its_dates"
    other.authority.revoke(KEY, RevocationReason.SUPERSEDED, NOW)
    assert reason(timedelta(0)) == "issuer_revoked"


def test_prepare_tells_all_findings_of_file_and_key(tmp_path: Path) -> None:
    other = found_office(tmp_path)
    other.authority.revoke(KEY, RevocationReason.KEY_COMPROMISE, NOW)
    signer = PadesSigner(other.keys)
    bad = page().replace(b"/PageMode /UseNone", b"/OpenAction null ")
    with pytest.raises(NotFitToSign) as refused:
        signer.prepare(RenderedLetter(bad, ()), KEY, NOW)
    assert refused.value.findings == ("active_content", "issuer_revoked")


def test_a_certificate_about_to_end_signs_nothing(tmp_path: Path) -> None:
    other = found_office(tmp_path)
    soon = NOW + 1095 * DAY - timedelta(hours=23)
    other.authority.refresh_crls(soon)
    signer = PadesSigner(other.keys)
    signer.check(KEY, soon)
    with pytest.raises(NotFitToSign) as refused:
        signer.prepare(RenderedLetter(page(), ()), KEY, soon)
    assert refused.value.findings == ("certificate_ends_within_a_day",)


def test_the_right_to_sign_is_redeemed_once_and_for_one_key() -> None:
    shared = office()
    signer = PadesSigner(shared.keys)
    ready = signer.prepare(RenderedLetter(page(), ()), KEY, NOW)
    with pytest.raises(NotFitToSign):
        signer.sign(ready, "another")
    signer.sign(ready, KEY)
    with pytest.raises(NotFitToSign):
        signer.sign(ready, KEY)


def test_a_signature_too_large_for_its_slot_is_not_squeezed_in() -> None:
    small = page()
    at = small.index(b"/Contents <000")
    small = small[: at + 14] + small[at + 14 + 8000 :]
    signer = PadesSigner(office().keys)
    ready = signer.prepare(RenderedLetter(small, ()), KEY, NOW)
    with pytest.raises(NotFitToSign) as refused:
        signer.sign(ready, KEY)
    assert refused.value.findings == ("signature_larger_than_its_slot",)


def test_a_trust_folder_that_cannot_be_read_is_a_configuration_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError):
        TrustStore(tmp_path / "nowhere").current()
    (tmp_path / "root.pem").write_bytes(b"garbage")
    with pytest.raises(ConfigurationError):
        TrustStore(tmp_path).current()


def test_the_trust_folder_is_read_again_when_it_changes(tmp_path: Path) -> None:
    other = found_office(tmp_path)
    pdf = other.sign(page())
    other.validator.validate(pdf, signed_at_utc=NOW, now_utc=NOW)
    for damage in (b"", b"garbage", (office().folder / "trust" / "issuing.crl").read_bytes()):
        (tmp_path / "trust" / "issuing.crl").write_bytes(damage)
        with pytest.raises(InvalidSignature) as refused:
            other.validator.validate(pdf, signed_at_utc=NOW, now_utc=NOW)
        assert refused.value.reason == "revocation_list_stale"
    (tmp_path / "trust" / "root.pem").unlink()
    with pytest.raises(InvalidSignature) as refused:
        other.validator.validate(pdf, signed_at_utc=NOW, now_utc=NOW)
    assert refused.value.reason == "issuer_not_trusted"
