"""New versions of the page: whole, when it suits, or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask, Response, request

from issuer.bootstrap import Composition, public_files, published_folder
from issuer.config import locate_templates
from issuer.domain.letter import Letter
from issuer.web.app import create_app
from issuer.web.settings import WebSettings
from tests.offices import issue
from tests.offline.offline_office import Device, OfflineOffice

OWN_READER = """
window.BarcodeDetector = class {
    static async getSupportedFormats() { return ['qr_code', 'ean_13']; }
    constructor({ formats }) { this.formats = formats; }
    async detect(canvas) {
        window.asked = [this.formats.join(), canvas.width];
        return [{ rawValue: 'https://example.org/' }, { rawValue: 'TEXT' }];
    }
};
"""
UPDATED = """
navigator.serviceWorker.getRegistration().then(async registration => {
    await registration.update().catch(() => null);
    const worker = registration.installing;
    if (worker) await new Promise(done => {
        worker.onstatechange = done;
        if (worker.state !== 'installing') done();
    });
    return registration.waiting !== null;
})
"""
MakeApp = Callable[[Composition], Flask]


@pytest.fixture
def letter(open_office: OfflineOffice) -> Letter:
    return issue(open_office.composition)


@pytest.fixture
def newer(tmp_path: Path) -> MakeApp:
    """Pages of the next version: another style sheet."""
    templates = tmp_path / "newer"
    unwanted = shutil.ignore_patterns("letters", "fonts", "regency")
    shutil.copytree(locate_templates(), templates, ignore=unwanted)
    with (templates / "offline" / "offline.css").open("a") as style:
        style.write("/* another */\n")

    def make(composition: Composition) -> Flask:
        settings = WebSettings(
            secret_key=b"k" * 32,
            templates=templates,
            secure_cookies=False,
            public_files=public_files(composition.settings),
            published=published_folder(composition.settings),
        )
        return create_app(composition.services, settings)

    return make


def version(device: Device) -> str:
    address = device.page.get_attribute("script[type=module]", "src")
    assert address
    return address.split("/")[-2]


def caches_of(device: Device) -> list[str]:
    names: list[str] = device.page.evaluate("caches.keys()")
    return names


def test_a_new_version_waits_and_nothing_breaks_meanwhile(
    open_office: OfflineOffice, device: Device, letter: Letter, newer: MakeApp
) -> None:
    device.visit()
    old = version(device)
    open_office.close()
    open_office.make_app = newer
    open_office.open()
    device.visit()
    device.page.wait_for_selector("[data-code=new_version]")
    assert version(device) == old
    assert device.page.evaluate(UPDATED) is True
    assert len(caches_of(device)) == 2
    # The page that is open goes on with what belongs to it, also what it loads late.
    device.lose_network()
    assert device.upload(open_office.picture(letter))["verdict"] == "VALID"
    device.again()
    device.page.click("[data-code=new_version] button")
    device.page.wait_for_selector(f"script:not([src*='{old}'])", state="attached")
    device.page.wait_for_selector("html[data-ready]", state="attached")
    assert version(device) != old
    assert len(caches_of(device)) == 1
    assert device.upload(open_office.picture(letter))["verdict"] == "VALID"


def test_a_shell_that_is_not_what_was_announced_is_not_kept(
    open_office: OfflineOffice, device: Device, letter: Letter, newer: MakeApp
) -> None:
    """Something between the office and the device changes a script."""

    def tampered(composition: Composition) -> Flask:
        app = newer(composition)

        @app.after_request
        def change(response: Response) -> Response:
            if request.path.endswith("/verdict.js"):
                response.set_data(response.get_data() + b"\n// changed")
            return response

        return app

    device.visit()
    old = version(device)
    open_office.close()
    open_office.make_app = tampered
    open_office.open()
    device.visit()
    assert device.page.evaluate(UPDATED) is False
    device.visit()
    assert device.page.query_selector("[data-code=new_version]") is None
    assert version(device) == old
    device.lose_network()
    device.visit()
    assert device.type(open_office.qr_text(letter))["verdict"] == "VALID"


def test_a_browser_s_own_reader_is_used_where_it_knows_qr(
    open_office: OfflineOffice, device: Device, letter: Letter
) -> None:
    """Chromium has one on phones and not here: a stand-in says what was asked of it."""
    text, picture = open_office.qr_text(letter), open_office.picture(letter)
    device.context.add_init_script(OWN_READER.replace("TEXT", text))
    device.visit()
    answer = device.upload(picture)
    assert answer["verdict"] == "VALID"
    assert device.page.evaluate("window.asked") == ["qr_code", picture.width]
    loaded = device.page.evaluate(
        "performance.getEntriesByType('resource').map(entry => entry.name)"
    )
    assert not [name for name in loaded if "zxing" in name]
