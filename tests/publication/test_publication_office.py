"""What an office publishes, when, and what selfcheck says of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from issuer.bootstrap import Composition, compose_public, published_folder
from issuer.domain.errors import InvalidDocument, InvalidSignature, KeyUnavailable
from issuer.domain.letter import Letter
from issuer.domain.publication import KEY_SETS, STATUS_LISTS
from issuer.domain.status_list import StatusValue
from issuer.domain.verdict import Check, Status, Verdict, decide
from tests.offices import MORNING, OPERATOR, Clock, issue, renew_lists

HOUR = timedelta(hours=1)


def folder_of(office: Composition) -> Path:
    return office.settings.data_dir / "published"


def revoke(office: Composition, letter: Letter) -> Letter:
    return office.services.letters.revoke(OPERATOR, letter.id, "Salah alamat")


def codes(office: Composition) -> list[tuple[str, str]]:
    return [(finding.subject, finding.code) for finding in office.selfcheck.run()]


def value_of(office: Composition, letter: Letter) -> StatusValue:
    listed = compose_public(office.settings).published.status_list(letter.series.year)
    return listed.value_at(letter.status_index)


def test_an_office_publishes_its_keys_and_the_list_of_this_year(office: Composition) -> None:
    assert office.publication.publish() == ["issuer-keys/1", "status/2026"]
    assert office.publication.publish() == []
    files = published_folder(office.settings)
    assert (files.numbers(KEY_SETS), files.numbers(STATUS_LISTS)) == ([1], [2026])
    assert (folder_of(office) / "status" / "2026").stat().st_mode & 0o777 == 0o644


def test_a_revoked_letter_is_in_the_next_list(office: Composition, clock: Clock) -> None:
    letter, other = issue(office), issue(office)
    office.publication.publish()
    assert value_of(office, letter) is StatusValue.VALID
    revoke(office, letter)
    assert value_of(office, letter) is StatusValue.VALID
    assert office.publication.publish() == ["status/2026"]
    assert value_of(office, letter) is StatusValue.INVALID
    assert value_of(office, other) is StatusValue.VALID


def test_a_list_is_renewed_every_half_hour_though_nothing_changed(
    office: Composition, clock: Clock
) -> None:
    office.publication.publish()
    clock.advance(timedelta(minutes=29))
    assert office.publication.publish() == []
    clock.advance(timedelta(minutes=1))
    assert office.publication.publish() == ["status/2026"]
    (listed, keys) = compose_public(office.settings, clock).published.listing()
    assert (listed.name, listed.issued_at_utc) == ("status/2026", clock.now())
    assert (keys.name, keys.issued_at_utc) == ("issuer-keys/1", MORNING)
    assert listed.expires_at_utc == clock.now() + timedelta(days=7)


def test_a_list_from_the_future_is_replaced(office: Composition, clock: Clock) -> None:
    """A clock that was a year ahead must not stop publication for a year."""
    clock.advance(timedelta(days=30))
    office.publication.publish()
    clock.advance(-timedelta(days=1))
    assert office.publication.publish() == ["status/2026"]


def test_every_year_with_numbers_has_a_list_for_ever(office: Composition, clock: Clock) -> None:
    issue(office)
    clock.advance(timedelta(days=60))
    assert (
        office.publication.publish()
        == [
            *("crl/issuing", "issuer-keys/1"),
            *("status/2026", "status/2027"),
        ]
        or office.publication.publish() == []
    )
    files = published_folder(office.settings)
    assert files.numbers(STATUS_LISTS) == [2026, 2027]


def test_the_year_begins_at_midnight_of_the_regency(office: Composition, clock: Clock) -> None:
    clock.at_utc = MORNING.replace(month=12, day=31, hour=17, minute=30)
    office.publication.publish()
    assert published_folder(office.settings).numbers(STATUS_LISTS) == [2027]


def test_no_damage_is_published_on(office: Composition) -> None:
    """A list that cannot be read, or that a stranger put there, is made anew."""
    office.publication.publish()
    path = folder_of(office) / "status" / "2026"
    good = path.read_bytes()
    for bad in (b"", good[:-1], good[:-1] + bytes([good[-1] ^ 1]), bytes(500_000)):
        path.write_bytes(bad)
        assert [code for _, code in codes(office)] != []
        assert office.publication.publish() == ["status/2026"]
        assert codes(office) == []


def test_what_was_interrupted_in_writing_is_not_seen(office: Composition) -> None:
    office.publication.publish()
    (folder_of(office) / "status" / ".new-abc").write_bytes(b"half a list")
    (folder_of(office) / "status" / "2026~").write_bytes(b"a backup")
    assert compose_public(office.settings).published.years() == [2026]
    assert office.publication.publish() == []


def test_the_public_side_reads_without_a_private_key(office: Composition) -> None:
    letter = issue(office)
    revoke(office, letter)
    office.publication.publish()
    for path in (office.settings.keys_dir / "private").glob("*.key"):
        if path != office.settings.data_key_file:
            path.unlink()
    assert value_of(office, letter) is StatusValue.INVALID
    public = compose_public(office.settings).published
    assert [one.name for one in public.listing()] == ["status/2026", "issuer-keys/1"]


def test_selfcheck_tells_what_is_missing_late_or_stale(office: Composition, clock: Clock) -> None:
    letter = issue(office)
    assert codes(office) == []
    clock.advance(HOUR + timedelta(minutes=1))
    assert codes(office) == [("status/2026", "status_list_missing")]
    office.publication.publish()
    assert codes(office) == []
    revoke(office, letter)
    assert codes(office) == []  # there is an hour to publish it
    clock.advance(HOUR + timedelta(minutes=1))
    assert codes(office) == [("status/2026", "status_list_late")]
    office.publication.publish()
    assert codes(office) == []
    clock.advance(timedelta(days=7))
    assert codes(office) == [("status/2026", "status_list_stale")]


def test_selfcheck_tells_a_list_that_says_more_than_the_register(
    office: Composition, clock: Clock
) -> None:
    """A register that was put back from an old backup forgets a revocation; the list does not."""
    letter = issue(office)
    register = office.settings.data_dir / "register.db"
    office.close()
    kept = {path: path.read_bytes() for path in register.parent.glob("register.db*")}
    revoke(office, letter)
    office.publication.publish()
    office.close()
    for path in register.parent.glob("register.db*"):
        path.unlink()
    for path, data in kept.items():
        path.write_bytes(data)
    assert codes(office) == [("status/2026", "status_list_differs")]


def test_a_list_that_nobody_renews_ends_in_indeterminate(office: Composition, clock: Clock) -> None:
    letter = issue(office)
    office.publication.publish()
    listed = compose_public(office.settings, clock).published.status_list(2026)
    index, passed = letter.status_index, Check.PASSED
    assert decide(passed, passed, listed.status_at(index, clock.now())) is Verdict.VALID
    clock.advance(timedelta(days=7))
    assert listed.status_at(index, clock.now()) is Status.NOT_KNOWN
    verdict = decide(passed, passed, listed.status_at(index, clock.now()))
    assert verdict is Verdict.INDETERMINATE


def test_a_lost_key_stops_publication_and_no_revocation(office: Composition) -> None:
    letter = issue(office)
    office.publication.publish()
    (key,) = (office.settings.keys_dir / "private").glob("credential-*.key")
    key.rename(key.with_suffix(".gone"))
    revoke(office, letter)
    with pytest.raises(KeyUnavailable):
        office.publication.publish()
    assert not office.publication.publish_if_possible()
    key.with_suffix(".gone").rename(key)
    assert office.publication.publish_if_possible()
    assert value_of(office, letter) is StatusValue.INVALID


def test_a_renewal_that_changes_nothing_keeps_the_key_set(
    office: Composition, clock: Clock
) -> None:
    """A version is never written twice: copies in the field compare its bytes."""
    office.publication.publish()
    before = (folder_of(office) / "issuer-keys" / "1").read_bytes()
    clock.advance(timedelta(days=100))
    renew_lists(office)
    assert (folder_of(office) / "issuer-keys" / "1").read_bytes() == before


def test_a_missing_or_foreign_version_is_found(office: Composition, clock: Clock) -> None:
    office.publication.publish()
    office.publication.rotate_keys(OPERATOR)
    first, second = (folder_of(office) / "issuer-keys" / str(n) for n in (1, 2))
    kept = first.read_bytes()
    first.unlink()
    assert codes(office) == [("issuer-keys", "invalid_document")]
    with pytest.raises(InvalidDocument):
        office.publication.publish()
    first.write_bytes(second.read_bytes())
    with pytest.raises((InvalidDocument, InvalidSignature)):
        office.publication.publish()
    first.write_bytes(kept)
    assert codes(office) == []
