"""Rotation: what the old key signed verifies for ever, what a stranger signs never does."""

from __future__ import annotations

import base64
import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from issuer.bootstrap import Composition, compose_public, published_folder
from issuer.domain.access import Actor, Role
from issuer.domain.errors import (
    ConfigurationError,
    InvalidDocument,
    InvalidSignature,
    KeyUnavailable,
    NotPermitted,
)
from issuer.domain.letter import Letter
from issuer.domain.publication import KEY_SETS
from issuer.domain.verdict import Reason, Verdict
from issuer.signing import key_publishing
from issuer.signing.cose_sign1 import Sign1, assemble, take_apart, to_be_signed
from issuer.signing.credential import CoseCredentialSealer
from issuer.signing.credential_keys import (
    CredentialKey,
    CredentialKeySet,
    MessageSigner,
    key_id,
    message_signer,
    write_credential_keys,
)
from issuer.signing.credential_signing import KeyringCredentialSealer
from issuer.signing.key_sets import KeySet, read_chain, read_successor, seal_key_set
from issuer.signing.published_keys import PublishedKeySets
from issuer.storage.published import PublishedFolder
from tests.credential.credential_samples import token_of
from tests.offices import BASE_URL, MORNING, OPERATOR, Clock, compose_office, issue

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
spawn = multiprocessing.get_context("spawn")


def kid_in(letter: Letter) -> bytes:
    assert letter.qr_text is not None
    protected = take_apart(token_of(letter.qr_text)).protected
    kid: bytes = cbor2.loads(protected)[4]
    return kid


def newest(office: Composition) -> KeySet:
    public = compose_public(office.settings)
    found = PublishedKeySets(public.published_files, public.credential_keys).read()
    assert found is not None
    return found


def qr_verdict(office: Composition, text: str | None) -> Verdict:
    assert text is not None
    return office.services.verifier.by_qr(text).verdict


def private_files(office: Composition) -> set[str]:
    return {path.name for path in (office.settings.keys_dir / "private").glob("credential-*")}


def test_a_new_key_is_published_an_hour_before_it_signs(office: Composition, clock: Clock) -> None:
    before = issue(office)
    made = office.publication.rotate_keys(OPERATOR)
    assert (made.version, made.signs_from_utc) == (2, MORNING + HOUR)
    assert len(private_files(office)) == 2
    old, new = newest(office).keys
    assert key_id(new.public_key).hex() == made.id
    assert (old.retired_utc, new.retired_utc) == (MORNING + HOUR + DAY, None)
    # The same running office goes on with the old key, and then takes the new one.
    clock.advance(timedelta(minutes=59))
    waiting = issue(office)
    clock.advance(timedelta(minutes=1))
    after = issue(office)
    kids = [kid_in(letter) for letter in (before, waiting, after)]
    assert kids == [key_id(old.public_key), key_id(old.public_key), key_id(new.public_key)]
    clock.advance(timedelta(days=1000))
    for letter in (before, waiting, after):
        assert qr_verdict(office, letter.qr_text) is not Verdict.UNKNOWN
        read = compose_public(office.settings).credentials.read(letter.qr_text or "")
        assert read.claims.number == letter.number


def test_letters_of_the_old_key_verify_after_three_rotations(
    office: Composition, clock: Clock
) -> None:
    letters = [issue(office)]
    for _ in range(3):
        office.publication.rotate_keys(OPERATOR)
        clock.advance(HOUR)
        letters.append(issue(office))
    assert len({kid_in(letter) for letter in letters}) == 4
    office.publication.publish()
    fresh = compose_office(office.settings.data_dir, clock)
    assert [qr_verdict(fresh, letter.qr_text) for letter in letters] == [Verdict.VALID] * 4
    assert list(fresh.selfcheck.run()) == []
    fresh.close()


def test_a_key_that_was_put_aside_signs_nothing_any_more(office: Composition, clock: Clock) -> None:
    """Whoever steals it from a backup cannot date a letter to the day after."""
    letter = issue(office)
    stolen, sign = signer(office)
    office.publication.rotate_keys(OPERATOR)
    old = newest(office).keys[0]
    claims = compose_public(office.settings).credentials.read(letter.qr_text or "").claims
    thief = CoseCredentialSealer(stolen, sign, BASE_URL)
    for moment, holds in ((MORNING + DAY, True), (MORNING + DAY + HOUR, False)):
        assert old.signs_at(moment) is holds
        text = thief.seal(replace(claims, issued_at_utc=moment), moment)
        reasons = office.services.verifier.by_qr(text).reasons
        assert (Reason.ISSUER_NOT_TRUSTED in reasons) is not holds


def test_a_letter_that_was_interrupted_before_the_change_is_finished_with_the_old_key(
    office: Composition, clock: Clock
) -> None:
    """Its QR bears the moment of its number, at which the new key did not sign yet."""
    letter = issue(office)
    claims = compose_public(office.settings).credentials.read(letter.qr_text or "").claims
    office.publication.rotate_keys(OPERATOR)
    old, new = newest(office).keys
    sealer = KeyringCredentialSealer(office.key_sets.keyring, BASE_URL)
    late = MORNING + 2 * HOUR
    for issued_at, key in ((MORNING, old), (late, new)):
        text = sealer.seal(replace(claims, issued_at_utc=issued_at), late)
        read = compose_public(office.settings).credentials.read(text)
        assert read.key_id == key_id(key.public_key).hex()


def test_no_two_processes_change_the_files_at_once(
    office: Composition, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[bool] = []
    changing, create, put = (
        PublishedFolder.changing,
        PublishedFolder.create,
        PublishedFolder.put,
    )

    @contextmanager
    def watched(self: PublishedFolder) -> Iterator[None]:
        with changing(self):
            held.append(True)
            yield
            held.clear()

    def only_held(method: Callable[..., None]) -> Callable[..., None]:
        def write(*arguments: object) -> None:
            assert held
            method(*arguments)

        return write

    monkeypatch.setattr(PublishedFolder, "changing", watched)
    monkeypatch.setattr(PublishedFolder, "create", only_held(create))
    monkeypatch.setattr(PublishedFolder, "put", only_held(put))
    office.publication.rotate_keys(OPERATOR)
    assert office.publication.publish() == ["status/2026"]


# --- strangers -----------------------------------------------------------------------

STRANGER = ec.derive_private_key(0x666, ec.SECP256R1())


def stranger_s_key() -> CredentialKey:
    return CredentialKey(STRANGER.public_key(), MORNING - DAY, MORNING + 1000 * DAY)


def forged(letter: Letter, kid: bytes) -> str:
    """Return the letter's QR with its name changed, signed by a stranger under that kid."""
    assert letter.qr_text is not None
    payload = take_apart(token_of(letter.qr_text)).payload
    name = letter.record.holder["name"].encode()
    changed = payload.replace(name, name.swapcase())
    assert changed != payload
    protected = cbor2.dumps({1: -7, 4: kid})
    made = message_signer(STRANGER)(to_be_signed(protected, changed))
    signature = stranger_s_key().token_signature(made)
    return f"{BASE_URL}/v/{int.from_bytes(assemble(Sign1(protected, changed, signature)))}"


def test_a_stranger_s_token_under_our_kid_is_refused(office: Composition, clock: Clock) -> None:
    letter = issue(office)
    office.publication.rotate_keys(OPERATOR)
    for key in newest(office).keys:
        answer = office.services.verifier.by_qr(forged(letter, key_id(key.public_key)))
        assert answer.verdict is Verdict.ALTERED
        assert answer.reasons == (Reason.SIGNATURE_BROKEN,)
    unknown = office.services.verifier.by_qr(forged(letter, key_id(STRANGER.public_key())))
    assert unknown.verdict is Verdict.UNKNOWN
    assert unknown.reasons == (Reason.CREDENTIAL_UNKNOWN_KEY,)


def test_a_stranger_cannot_bring_his_key_under_our_kid(office: Composition) -> None:
    """Neither into the office's file nor into a key set, even signed by the office itself."""
    issue(office)
    office.publication.publish()
    first = newest(office)
    ours = key_id(first.keys[0].public_key)
    stranger = KeySet(first.region_code, 2, MORNING, (first.keys[0], stranger_s_key()))
    payload = cbor2.loads(take_apart(seal_key_set(stranger, *signer(office))).payload)
    payload[-65539][1][2] = ours
    payload[-65539] = payload[-65539][1:]
    key, sign = signer(office)
    protected, encoded = cbor2.dumps({1: -7, 4: ours}), cbor2.dumps(payload)
    signature = key.token_signature(sign(to_be_signed(protected, encoded)))
    with pytest.raises(InvalidDocument):
        read_successor(assemble(Sign1(protected, encoded, signature)), first)
    path = office.settings.keys_dir / "trust" / "credential-keys.json"
    x = path.read_bytes()
    point = STRANGER.public_key().public_numbers()
    jwk_x = base64.urlsafe_b64encode(point.x.to_bytes(32)).rstrip(b"=")
    start = x.index(b'"x": "') + 6
    path.write_bytes(x[:start] + jwk_x + x[start + 43 :])
    with pytest.raises(ConfigurationError):
        compose_public(office.settings)


def signer(office: Composition) -> tuple[CredentialKey, MessageSigner]:
    return office.key_sets.keyring.signer_at(MORNING)


def test_a_stranger_s_key_set_is_never_followed(office: Composition) -> None:
    office.publication.publish()
    first = newest(office)
    following = KeySet(first.region_code, 2, MORNING, (*first.keys, stranger_s_key()))
    message = seal_key_set(following, stranger_s_key(), message_signer(STRANGER))
    with pytest.raises(InvalidSignature):
        read_successor(message, first)
    published_folder(office.settings).create(KEY_SETS, 2, message)
    with pytest.raises(InvalidSignature):
        office.publication.publish()
    assert len(compose_public(office.settings).credential_keys.current().keys) == 1


# --- refusals and interruptions --------------------------------------------------------


def test_one_rotation_at_a_time(office: Composition, clock: Clock) -> None:
    office.publication.rotate_keys(OPERATOR)
    clock.advance(timedelta(minutes=59))
    with pytest.raises(ConfigurationError, match="under way"):
        office.publication.rotate_keys(OPERATOR)
    with pytest.raises(ConfigurationError, match="under way"):
        office.publication.rotate_keys(OPERATOR, at_once=True)
    clock.advance(timedelta(minutes=1))
    assert office.publication.rotate_keys(OPERATOR).version == 3


def test_at_once_means_at_once(office: Composition) -> None:
    made = office.publication.rotate_keys(OPERATOR, at_once=True)
    assert made.signs_from_utc == MORNING
    letter = issue(office)
    assert kid_in(letter).hex() == made.id
    assert qr_verdict(office, letter.qr_text) is Verdict.VALID


def test_a_clock_that_went_back_makes_no_key(office: Composition, clock: Clock) -> None:
    clock.advance(HOUR)
    office.publication.publish()
    clock.advance(-HOUR)
    with pytest.raises(ConfigurationError, match="clock"):
        office.publication.rotate_keys(OPERATOR)
    assert len(private_files(office)) == 1


def test_without_the_key_that_signs_there_is_no_next_one(office: Composition) -> None:
    """Nobody else could sign the version that names it."""
    office.publication.publish()
    (path,) = (office.settings.keys_dir / "private").glob("credential-*")
    path.unlink()
    with pytest.raises(KeyUnavailable):
        office.publication.rotate_keys(OPERATOR)
    assert published_folder(office.settings).numbers(KEY_SETS) == [1]


def test_a_key_file_that_others_can_read_signs_no_key_set(
    office_folder: Path, clock: Clock
) -> None:
    (path,) = (office_folder / "keys" / "private").glob("credential-*")
    path.chmod(0o644)
    with pytest.raises(KeyUnavailable, match="open_to_others"):
        compose_office(office_folder, clock)


def test_only_the_operator_rotates(office: Composition) -> None:
    for role in Role:
        if role is not Role.OPERATOR:
            with pytest.raises(NotPermitted):
                office.publication.rotate_keys(Actor("someone", role, "35.22.06.2001"))
    assert published_folder(office.settings).numbers(KEY_SETS) == []


def test_a_rotation_is_in_the_audit_trail(office: Composition) -> None:
    made = office.publication.rotate_keys(OPERATOR)
    with office.register.reading() as uow:
        (entry,) = uow.audit.entries(made.id)
    assert (entry.event.action, entry.event.actor_id) == ("key.rotated", OPERATOR.id)
    assert entry.event.facts == {"version": 2, "signs_from": made.signs_from_utc.isoformat()}


class PowerCut(Exception):
    """The machine stops here."""


@pytest.mark.parametrize("step", ["create_credential_key", "seal_key_set", "write_credential_keys"])
def test_an_interrupted_rotation_is_forgotten_or_finished(
    office: Composition, clock: Clock, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Before the set is published nobody knows the key; after it, the next round makes it known."""
    letter = issue(office)
    office.publication.publish()

    def stop(*_arguments: object) -> None:
        raise PowerCut

    with monkeypatch.context() as cut:
        cut.setattr(key_publishing, step, stop)
        with pytest.raises(PowerCut):
            office.publication.rotate_keys(OPERATOR)
    published = published_folder(office.settings).numbers(KEY_SETS)
    assert published == ([1, 2] if step == "write_credential_keys" else [1])
    if step == "write_credential_keys":
        assert [f.code for f in office.selfcheck.run()] == ["key_set_differs"]
    office.publication.publish()
    assert list(office.selfcheck.run()) == []
    clock.advance(2 * HOUR)
    assert qr_verdict(office, issue(office).qr_text) is Verdict.VALID
    assert qr_verdict(office, letter.qr_text) is Verdict.VALID
    # And it can be done again.
    office.publication.rotate_keys(OPERATOR)
    assert published_folder(office.settings).numbers(KEY_SETS)[-1] == published[-1] + 1


def rotate_in_a_process(folder: Path) -> None:
    composition = compose_office(folder, Clock())
    try:
        composition.publication.rotate_keys(OPERATOR)
    except ConfigurationError:
        raise SystemExit(3) from None
    finally:
        composition.close()


def test_of_two_who_rotate_at_once_one_does(office_folder: Path, clock: Clock) -> None:
    processes = [spawn.Process(target=rotate_in_a_process, args=(office_folder,)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    assert sorted(process.exitcode or 0 for process in processes) == [0, 3]
    files = published_folder(compose_office(office_folder, clock).settings)
    chain = read_chain(files.get(KEY_SETS, n) for n in files.numbers(KEY_SETS))
    assert (chain.version, len(chain.keys)) == (2, 2)


def test_a_key_that_no_set_names_is_not_published_on(office: Composition) -> None:
    """Somebody wrote a key into the office's file by hand."""
    office.publication.publish()
    keys = (*compose_public(office.settings).credential_keys.current().keys, stranger_s_key())
    write_credential_keys(office.settings.keys_dir, CredentialKeySet(keys))
    with pytest.raises(ConfigurationError, match="no published key set names"):
        office.publication.publish()
    assert [f.code for f in office.selfcheck.run()] == ["key_set_differs"]
