"""One visit, then no network: a real browser verifies, learns, and refuses to be taught wrong."""

from __future__ import annotations

import re
import shutil
from datetime import timedelta

import cbor2
import pytest
from PIL import Image

from issuer.domain.letter import Letter
from issuer.domain.publication import KEY_SETS, STATUS_LISTS
from issuer.signing.cose_sign1 import to_be_signed
from issuer.signing.credential_keys import message_signer
from issuer.signing.key_sets import KeySet, read_chain, seal_key_set
from tests.browser.chromium import WIDTHS, axe_violations, sideways
from tests.credential.credential_samples import FOREIGN_PRIVATE, key_of, token_of
from tests.offices import OPERATOR, issue
from tests.offline.offline_office import Device, OfflineOffice

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
VALID = "ASLI DAN BERLAKU"
OUTSIDE_THEIR_CARD = """
[...document.querySelectorAll('.card *')].filter(one => one.getBoundingClientRect().right
    > one.closest('.card').getBoundingClientRect().right).map(one => one.outerHTML)
"""


@pytest.fixture
def letter(open_office: OfflineOffice) -> Letter:
    return issue(open_office.composition)


@pytest.fixture
def visited(open_office: OfflineOffice, device: Device, letter: Letter) -> Device:
    """A device that has been at the office once, and has no network now."""
    open_office.publish()
    device.visit()
    assert device.kept("kept") == "Ya"
    device.lose_network()
    device.visit()
    return device


def revoke(office: OfflineOffice, letter: Letter) -> None:
    office.composition.services.letters.revoke(OPERATOR, letter.id, "Data pemohon keliru.")


def test_a_photo_of_the_letter_verifies_without_network(
    visited: Device, open_office: OfflineOffice, letter: Letter
) -> None:
    answer = visited.upload(open_office.picture(letter))
    assert answer["verdict"] == "VALID"
    assert answer["word"] == VALID
    assert answer["reasons"] == "signature_holds issuer_trusted in_force"
    holder = letter.record.holder
    assert answer["name"] == holder["name"]
    assert answer["nik"] == holder["nik"][-4:]
    assert answer["number"] == letter.number
    assert answer["type"] == "Surat Keterangan Domisili"
    assert answer["agency"] == letter.record.agency_name
    assert answer["signatory"].startswith(letter.record.signer.name)
    assert answer["issued"] == "24 November 2026"
    assert answer["listed"].startswith("Menurut daftar pencabutan per 24 November 2026 09.15 WIB")
    assert (answer["integrity"], answer["status"], answer["issuer"]) == ("Ya", "Ya", "Ya")


def test_a_photo_from_a_phone_and_one_without_a_letter(
    visited: Device, open_office: OfflineOffice, letter: Letter
) -> None:
    page = open_office.picture(letter, dpi=300)
    tilted = page.rotate(4, expand=True, fillcolor="#888", resample=Image.Resampling.BICUBIC)
    assert visited.upload(tilted)["verdict"] == "VALID"
    visited.again()
    empty = visited.upload(Image.new("RGB", (800, 600), "white"))
    assert (empty["verdict"], empty["reasons"]) == ("INDETERMINATE", "qr_not_found")
    visited.again()
    assert visited.upload_bytes(b"\x89PNG no picture")["reasons"] == "file_unreadable"


def test_the_letter_s_own_address_is_answered_without_network(
    visited: Device, open_office: OfflineOffice, letter: Letter
) -> None:
    text = open_office.qr_text(letter)
    path = text.removeprefix(open_office.origin)
    visited.visit(path)
    answer = visited.answer()
    assert answer["verdict"] == "VALID"
    assert answer["notes"].split() == ["landed"]
    assert visited.page.get_attribute("#online", "href") == path
    altered = path[:-1] + str((int(path[-1]) + 1) % 10)
    visited.visit(altered)
    assert visited.answer()["verdict"] == "ALTERED"
    visited.visit(f"{path}?lang=en")
    assert visited.answer()["word"] == "GENUINE AND IN FORCE"


def test_with_network_the_office_answers_for_itself(
    visited: Device, open_office: OfflineOffice, letter: Letter
) -> None:
    visited.find_network()
    text = open_office.qr_text(letter)
    visited.page.goto(text)
    assert visited.page.query_selector("#answer") is None
    assert letter.number in visited.page.content()
    visited.page.goto(open_office.origin + "/periksa")
    assert visited.page.query_selector("#ask") is None


def test_the_language_of_the_last_visit_is_kept(
    visited: Device, open_office: OfflineOffice
) -> None:
    assert visited.page.inner_text("#ask h1") == "Periksa tanpa jaringan"
    visited.page.click(".tongue")
    visited.page.wait_for_selector("html[lang=en][data-ready]", state="attached")
    assert visited.page.inner_text("#ask h1") == "Check without network"
    visited.visit()
    assert visited.page.inner_text("#ask h1") == "Check without network"


def test_revoked_is_known_after_the_next_update_and_not_before(
    visited: Device, open_office: OfflineOffice, letter: Letter
) -> None:
    text = open_office.qr_text(letter)
    open_office.clock.advance(2 * HOUR)
    revoke(open_office, letter)
    open_office.publish()
    visited.visit()
    before = visited.type(text)
    assert before["verdict"] == "VALID"
    assert "2 jam yang lalu" in before["listed"]
    visited.again()
    visited.find_network()
    assert visited.update() == ""
    visited.lose_network()
    after = visited.type(text)
    assert (after["verdict"], after["word"]) == ("REVOKED", "DICABUT")
    assert "bad" in after["tone"]
    assert (after["integrity"], after["status"], after["issuer"]) == ("Ya", "Tidak", "Ya")


@pytest.mark.parametrize(
    ("age", "verdict", "notes"),
    [
        (timedelta(hours=23), "VALID", ""),
        (timedelta(days=2), "VALID", "list_old"),
        (timedelta(days=8), "INDETERMINATE", "list_stale"),
        (timedelta(days=200), "EXPIRED", "list_stale"),
        (timedelta(days=-1), "INDETERMINATE", "clock_wrong"),
    ],
)
def test_an_old_list_shows_its_age_and_then_says_nothing(
    visited: Device,
    open_office: OfflineOffice,
    letter: Letter,
    age: timedelta,
    verdict: str,
    notes: str,
) -> None:
    open_office.clock.advance(age)
    visited.visit()
    answer = visited.type(open_office.qr_text(letter))
    assert (answer["verdict"], answer["notes"]) == (verdict, notes)
    if verdict == "INDETERMINATE":
        assert answer["word"] == "ASLI, STATUS BELUM DIPERIKSA"
        assert "unsure" in answer["tone"]
        assert answer["status"] == "Belum diperiksa"


def test_what_is_not_a_letter_of_this_office_is_told_apart(
    visited: Device, open_office: OfflineOffice, letter: Letter
) -> None:
    text = open_office.qr_text(letter)
    digits = text.rpartition("/")[2]
    protected, _, payload, _ = cbor2.loads(token_of(text)).value
    made = message_signer(FOREIGN_PRIVATE)(to_be_signed(protected, payload))
    forged = cbor2.CBORTag(
        18, [protected, {}, payload, key_of(FOREIGN_PRIVATE).token_signature(made)]
    )
    stranger = int.from_bytes(cbor2.dumps(forged))
    wanted = {
        text: ("VALID", "signature_holds issuer_trusted in_force"),
        digits: ("VALID", "signature_holds issuer_trusted in_force"),
        " ".join(re.findall(".{1,8}", digits)): (
            "VALID",
            "signature_holds issuer_trusted in_force",
        ),
        f"https://surat.example/v/{digits}": ("UNKNOWN", "credential_foreign_host"),
        f"{text[:-1]}{(int(text[-1]) + 1) % 10}": ("ALTERED", "signature_broken"),
        f"{open_office.origin}/v/{stranger}": ("ALTERED", "signature_broken"),
        "halo": ("UNKNOWN", "credential_malformed"),
        "<b>x</b>": ("UNKNOWN", "credential_malformed"),
    }
    for given, (verdict, reasons) in wanted.items():
        answer = visited.type(given)
        assert (answer["verdict"], answer["reasons"]) == (verdict, reasons), given
        if verdict != "VALID":
            assert visited.page.is_hidden("[data-slot=letter]")
            assert answer["name"] == ""
        visited.again()


def test_a_rotation_is_followed_and_old_letters_still_verify(
    visited: Device, open_office: OfflineOffice, letter: Letter
) -> None:
    old_text = open_office.qr_text(letter)
    open_office.composition.publication.rotate_keys(OPERATOR)
    open_office.clock.advance(2 * HOUR)
    new_text = open_office.qr_text(issue(open_office.composition))
    open_office.publish()
    visited.visit()
    unknown = visited.type(new_text)
    assert (unknown["verdict"], unknown["notes"]) == ("UNKNOWN", "unknown_key")
    visited.again()
    visited.find_network()
    assert visited.update() == ""
    assert visited.kept("keys").startswith("versi 2,")
    visited.lose_network()
    for text in (new_text, old_text):
        assert visited.type(text)["verdict"] == "VALID"
        visited.again()


def key_sets(office: OfflineOffice) -> list[bytes]:
    folder = office.composition.settings.data_dir / "published" / KEY_SETS
    return [path.read_bytes() for path in sorted(folder.glob("[0-9]*"))]


def put(office: OfflineOffice, folder: str, number: int, data: bytes) -> None:
    """Put a file where the office publishes: whoever has the server can."""
    path = office.composition.settings.data_dir / "published" / folder / str(number)
    path.unlink(missing_ok=True)
    path.write_bytes(data)


def test_keys_that_the_known_ones_did_not_sign_are_refused(
    visited: Device, open_office: OfflineOffice, letter: Letter
) -> None:
    first = read_chain(key_sets(open_office))
    theirs = key_of(FOREIGN_PRIVATE)
    at_utc = open_office.clock.now()
    second = KeySet(first.region_code, 2, at_utc, (*first.keys, theirs))
    put(open_office, KEY_SETS, 2, seal_key_set(second, theirs, message_signer(FOREIGN_PRIVATE)))
    visited.find_network()
    assert visited.update() == "keys_refused"
    assert visited.kept("keys").startswith("versi 1,")
    assert "DITOLAK" in visited.page.inner_text("#problems")
    visited.lose_network()
    visited.visit()
    assert visited.type(open_office.qr_text(letter))["verdict"] == "VALID"


def test_another_beginning_is_refused_too(
    visited: Device, open_office: OfflineOffice, letter: Letter
) -> None:
    first = read_chain(key_sets(open_office))
    theirs = key_of(FOREIGN_PRIVATE)
    swapped = KeySet(first.region_code, 1, open_office.clock.now(), (theirs,))
    put(open_office, KEY_SETS, 1, seal_key_set(swapped, theirs, message_signer(FOREIGN_PRIVATE)))
    visited.find_network()
    assert "keys_refused" in visited.update()
    visited.lose_network()
    assert visited.type(open_office.qr_text(letter))["verdict"] == "VALID"


def test_an_older_list_never_replaces_a_newer_one(
    visited: Device, open_office: OfflineOffice, letter: Letter
) -> None:
    folder = open_office.composition.settings.data_dir / "published" / STATUS_LISTS
    old = (folder / "2026").read_bytes()
    open_office.clock.advance(HOUR)
    revoke(open_office, letter)
    open_office.publish()
    visited.visit()
    visited.find_network()
    assert visited.update() == ""
    put(open_office, STATUS_LISTS, 2026, old)
    assert visited.update() == "lists_refused"
    put(open_office, STATUS_LISTS, 2026, key_sets(open_office)[0])
    assert visited.update() == "lists_refused"
    visited.lose_network()
    assert visited.type(open_office.qr_text(letter))["verdict"] == "REVOKED"


def test_nothing_of_a_letter_stays_on_the_device(
    visited: Device, open_office: OfflineOffice, letter: Letter
) -> None:
    text = open_office.qr_text(letter)
    visited.visit(text.removeprefix(open_office.origin))
    assert visited.answer()["verdict"] == "VALID"
    visited.again()
    assert "/v/" not in visited.page.url
    assert visited.upload(open_office.picture(letter))["verdict"] == "VALID"
    visited.again()
    left = visited.page.evaluate(
        """async () => {
            const all = { ...localStorage, ...sessionStorage };
            for (const { name } of await indexedDB.databases()) {
                const open = indexedDB.open(name);
                await new Promise(done => open.onsuccess = done);
                for (const store of open.result.objectStoreNames) {
                    const ask = open.result.transaction(store).objectStore(store).getAll();
                    await new Promise(done => ask.onsuccess = done);
                    all[name] = ask.result.map(entry => JSON.stringify(entry)
                        + (entry instanceof Array ? '' : String(entry)));
                }
            }
            for (const name of await caches.keys()) {
                const kept = await (await caches.open(name)).keys();
                all[name] = kept.map(request => request.url);
            }
            return JSON.stringify(all) + document.body.textContent;
        }"""
    )
    assert "luring-" in left
    for secret in (text.rpartition("/")[2], letter.record.holder["name"], letter.number):
        assert secret not in left


def test_a_page_without_keys_verifies_nothing(open_office: OfflineOffice, device: Device) -> None:
    """The page came, the office's files did not."""
    shutil.rmtree(open_office.composition.settings.data_dir / "published")
    device.visit()
    codes = device.page.eval_on_selector_all(
        "#problems [data-code]", "boxes => boxes.map(box => box.dataset.code)"
    )
    assert codes == ["no_network", "not_ready"]
    assert device.page.is_hidden("#scan")
    device.lose_network()
    device.visit("/v/123")
    assert device.page.is_hidden("#answer")
    open_office.publish()
    device.find_network()
    device.visit()
    assert device.page.is_visible("#scan")


def test_the_pages_are_accessible_at_every_width(
    visited: Device, open_office: OfflineOffice, letter: Letter
) -> None:
    text = open_office.qr_text(letter)
    for width in WIDTHS:
        visited.page.set_viewport_size({"width": width, "height": 800})
        assert axe_violations(visited.page) == []
        assert sideways(visited.page) == 0
        for given in (text, f"{text[:-1]}{(int(text[-1]) + 1) % 10}"):
            visited.type(given)
            assert axe_violations(visited.page) == []
            assert sideways(visited.page) == 0
            assert visited.page.evaluate(OUTSIDE_THEIR_CARD) == []
            visited.again()


def test_a_page_that_finds_the_network_again_updates_by_itself(
    visited: Device, open_office: OfflineOffice, letter: Letter
) -> None:
    open_office.clock.advance(2 * HOUR)
    revoke(open_office, letter)
    open_office.publish()
    visited.visit()
    visited.find_network()
    visited.page.wait_for_selector("#kept [data-slot=lists]:has-text('0 menit')")
    visited.lose_network()
    assert visited.type(open_office.qr_text(letter))["verdict"] == "REVOKED"
