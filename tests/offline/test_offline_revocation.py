"""A letter is revoked: page, list and device learn of it in turn, each saying as of when."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime, timedelta
from urllib.request import urlopen

import cbor2
from playwright.sync_api import Page

from issuer.domain.letter import Letter
from tests.offices import OPERATOR, issue
from tests.offline.offline_office import Device, OfflineOffice

IAT, STATUS_LIST = 6, 65533
"""Claims of a status list token (RFC 8392 §4, draft-ietf-oauth-status-list §5.2)."""


def on_the_page(page: Page, office: OfflineOffice, letter: Letter) -> tuple[str, str]:
    """Return the word of the landing page, and the line below it that says as of when."""
    assert letter.qr_text
    page.goto(letter.qr_text)
    verdict = page.locator(".verdict")
    return verdict.locator("h1").inner_text(), verdict.locator("p").last.inner_text()


def in_the_list(office: OfflineOffice, letter: Letter) -> tuple[int, datetime]:
    """Return what the published list says at the letter's place, and when it was issued.

    Read by the drafts alone: CBOR, zlib, two bits a place from the lowest.
    """
    with urlopen(f"{office.origin}/status/2026") as answer:  # noqa: S310 - our own port
        message = cbor2.loads(answer.read())
    claims = cbor2.loads(message.value[2])
    packed = zlib.decompress(claims[STATUS_LIST]["lst"])
    byte, place = divmod(letter.status_index, 4)
    return packed[byte] >> 2 * place & 3, datetime.fromtimestamp(claims[IAT], UTC)


def on_the_device(device: Device, letter: Letter) -> tuple[str, str]:
    """Return the word of the page that has no network, and the line that says as of when."""
    device.context.set_offline(True)
    device.visit()
    said = device.type(letter.qr_text or "")
    device.again()
    return said["word"], said["listed"]


def test_a_revocation_reaches_page_list_and_device_and_each_says_as_of_when(
    open_office: OfflineOffice, device: Device
) -> None:
    letter, started = issue(open_office.composition), open_office.clock.now()
    page = device.context.browser.new_page() if device.context.browser else device.page
    open_office.publish()
    device.visit()
    listed = "Menurut daftar pencabutan per 24 November 2026"

    word, as_of = on_the_page(page, open_office, letter)
    assert (word, as_of) == (
        "ASLI DAN BERLAKU",
        "Menurut register per 24 November 2026 pukul 09.15 WIB.",
    )
    assert in_the_list(open_office, letter) == (0, started)
    word, as_of = on_the_device(device, letter)
    assert word == "ASLI DAN BERLAKU"
    assert as_of.startswith(f"{listed} 09.15 WIB")

    open_office.clock.advance(timedelta(hours=2))
    open_office.composition.services.letters.revoke(OPERATOR, letter.id, "Data pemohon keliru.")

    # The page knows at once; the others say that they know nothing later than 09.15.
    word, as_of = on_the_page(page, open_office, letter)
    assert (word, as_of) == ("DICABUT", "Menurut register per 24 November 2026 pukul 11.15 WIB.")
    assert in_the_list(open_office, letter) == (0, started)
    word, as_of = on_the_device(device, letter)
    assert word == "ASLI DAN BERLAKU"
    assert as_of.startswith(f"{listed} 09.15 WIB")
    assert "2 jam yang lalu" in as_of

    # The list knows with its next publication; the device has not asked yet.
    open_office.publish()
    assert in_the_list(open_office, letter) == (1, started + timedelta(hours=2))
    assert on_the_device(device, letter)[0] == "ASLI DAN BERLAKU"

    # The device knows with its next update.
    open_office.clock.advance(timedelta(minutes=20))
    device.context.set_offline(False)
    assert device.update() == ""
    open_office.clock.advance(timedelta(minutes=10))
    word, as_of = on_the_device(device, letter)
    assert word == "DICABUT"
    assert as_of.startswith(f"{listed} 11.15 WIB")
    assert "30 menit yang lalu" in as_of
    page.close()
