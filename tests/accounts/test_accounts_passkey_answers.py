"""What a browser sends for a passkey, and what it may not be: nonsense is a no, never an error."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from issuer.domain.access import Role
from issuer.domain.accounts import Account
from issuer.domain.passkeys import Passkey
from issuer.signing.passkey_ceremonies import WebAuthnCeremonies
from tests.accounts.soft_passkey import SoftPasskey
from tests.accounts.test_accounts_passkeys import a_device
from tests.offices import BASE_URL, MORNING

CEREMONIES = WebAuthnCeremonies(BASE_URL, "Kabupaten Bojonegoro")
OWNER = Account("0" * 32, "siti", "Siti Contoh", Role.COUNTER, None, "-")


def kept(device: SoftPasskey) -> Passkey:
    options = json.loads(CEREMONIES.to_create(b"c" * 32, OWNER, ()))
    key = CEREMONIES.created(device.make(options), b"c" * 32)
    assert key is not None
    return Passkey("id", OWNER.id, "HP", key, MORNING)


DEVICE = a_device()
KEPT = kept(DEVICE)
SENT = DEVICE.show(json.loads(CEREMONIES.to_show(b"d" * 32, [KEPT])))

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


def test_the_sample_itself_is_taken() -> None:
    assert CEREMONIES.shown(SENT, b"d" * 32, KEPT) == 1


@given(st.text(max_size=300) | _JSON.map(json.dumps))
def test_nonsense_is_no_answer(sent: str) -> None:
    assert CEREMONIES.claimed(sent) is None
    assert CEREMONIES.created(sent, b"d" * 32) is None
    assert CEREMONIES.shown(sent, b"d" * 32, KEPT) is None


@given(st.sampled_from(["clientDataJSON", "authenticatorData", "signature", "userHandle"]), _JSON)
def test_a_part_that_is_nonsense_is_no_answer(part: str, value: object) -> None:
    sent = json.loads(SENT)
    if value == sent["response"][part] or (part == "userHandle" and not value):
        return
    sent["response"][part] = value
    claimed = CEREMONIES.claimed(json.dumps(sent))
    if part == "userHandle":
        assert claimed is None or claimed.owner_id != OWNER.id
    else:
        assert CEREMONIES.shown(json.dumps(sent), b"d" * 32, KEPT) is None


@given(st.integers(0, len(SENT) - 1), st.characters(min_codepoint=32, max_codepoint=126))
def test_one_character_changed_is_never_taken_for_another_answer(place: int, sign: str) -> None:
    sent = SENT[:place] + sign + SENT[place + 1 :]
    counted = CEREMONIES.shown(sent, b"d" * 32, KEPT)
    # What base64 ignores, and what stands outside the signed parts, changes nothing.
    assert counted in (None, 1)


def test_a_page_too_long_and_one_too_deep_are_no_answers() -> None:
    assert CEREMONIES.claimed(json.dumps({**json.loads(SENT), "x": "y" * 20_000})) is None
    assert CEREMONIES.claimed("[" * 16_000) is None


@pytest.mark.parametrize(
    ("address", "origin", "rp_id"),
    [
        ("https://surat.example.go.id", "https://surat.example.go.id", "surat.example.go.id"),
        ("https://surat.example.go.id:443", "https://surat.example.go.id", "surat.example.go.id"),
        ("https://surat.example.go.id:8443", "https://surat.example.go.id:8443", None),
        ("http://localhost:8000", "http://localhost:8000", "localhost"),
        ("http://localhost:80", "http://localhost", "localhost"),
    ],
)
def test_the_address_of_the_office_is_the_only_one(
    address: str, origin: str, rp_id: str | None
) -> None:
    ceremonies = WebAuthnCeremonies(address, "Kabupaten Bojonegoro")
    device = SoftPasskey(origin=origin, rp_id=rp_id or "surat.example.go.id")
    options = json.loads(ceremonies.to_create(b"c" * 32, OWNER, ()))
    assert ceremonies.created(device.make(options), b"c" * 32) is not None
    foreign = device.make(options, origin=f"{origin}0")
    assert ceremonies.created(foreign, b"c" * 32) is None
