"""What the server gives to the offline verifier: addresses, digests, headers, names, weight."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from issuer.config import locate_templates
from issuer.domain.verdict import Reason, Verdict
from issuer.web.app import create_app
from issuer.web.offline import REASONS, VERDICTS
from issuer.web.settings import WebSettings
from tests.offices import DISTRICT_HEAD, VILLAGE, VILLAGE_HEAD
from tests.web.web_office import WebOffice

PAGE = "/periksa/luring"
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; script-src 'self' 'wasm-unsafe-eval'; "
    "worker-src 'self'; connect-src 'self'; manifest-src 'self'"
)
SENSITIVE_TYPE = "tidak-mampu"


class _References(HTMLParser):
    """Collects what a page makes a browser load."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.inline = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "link" and values.get("rel") != "manifest":
            self.found.add(values["href"] or "")
        if tag in {"script", "img"}:
            self.found.add(values["src"] or "")
        self.inline += " ".join(name for name in values if name.startswith("on") or name == "style")


@pytest.fixture
def client(web: WebOffice) -> FlaskClient:
    return web.client()


def shell(client: FlaskClient) -> dict[str, dict[str, str | bool]]:
    """Return what the service worker keeps, by address."""
    source = client.get(f"{PAGE}/sw.js").text
    found = re.search(r"^const SHELL = (\[.*?^\]);$", source, re.DOTALL | re.MULTILINE)
    assert found
    return {str(place["url"]): place for place in json.loads(found[1])}


def bytes_at(client: FlaskClient, address: str) -> bytes:
    with client.get(address) as response:
        assert response.status_code == 200, address
        return bytes(response.data)


@pytest.mark.usefixtures("packages")
def test_everything_that_is_kept_is_what_was_announced(client: FlaskClient) -> None:
    kept = shell(client)
    assert f"{PAGE}?lang=id" in kept
    for address, place in kept.items():
        assert hashlib.sha256(bytes_at(client, address)).hexdigest() == place["sha256"], address


@pytest.mark.usefixtures("packages")
@pytest.mark.parametrize("language", ["id", "en"])
def test_everything_the_page_loads_is_kept_and_nothing_is_inline(
    client: FlaskClient, language: str
) -> None:
    page = client.get(f"{PAGE}?lang={language}").text
    references = _References(page)
    assert references.found <= set(shell(client))
    assert references.inline == ""
    assert "<script>" not in page
    for address, place in shell(client).items():
        if address.endswith(".js"):
            text = client.get(address).text
            for name in re.findall(r"^(?:import|export)[^;]*? from ['\"](\.[^'\"]+)", text, re.M):
                target = (Path(address).parent / name).as_posix()
                resolved = re.sub(r"/[^/]+/\.\./", "/", target)
                assert resolved in shell(client), f"{address}: {name} ({place['own']})"


@pytest.mark.usefixtures("packages")
def test_a_page_is_the_same_for_everybody(web: WebOffice) -> None:
    stranger, clerk = web.client(), web.client("petugas")
    stranger.head(PAGE)
    assert stranger.get(PAGE).data == clerk.get(PAGE).data
    assert stranger.get(PAGE).headers.getlist("Set-Cookie") == []
    assert "Vary" not in stranger.get(PAGE).headers


@pytest.mark.usefixtures("packages")
def test_only_these_routes_may_run_scripts_and_use_the_camera(client: FlaskClient) -> None:
    (script,) = (address for address in shell(client) if address.endswith("/page.js"))
    for path in (PAGE, f"{PAGE}/sw.js", script):
        headers = client.get(path).headers
        assert headers["Content-Security-Policy"] == POLICY
        assert headers["Permissions-Policy"].startswith("camera=(self), ")
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Robots-Tag"] == "noindex"
    for path in ("/periksa", "/v/123", "/", f"{PAGE}/nama.json", f"{PAGE}/none"):
        headers = client.get(path).headers
        assert "script-src" not in headers["Content-Security-Policy"]
        assert headers["Permissions-Policy"].startswith("camera=(), ")


@pytest.mark.usefixtures("packages")
def test_how_long_each_thing_may_be_kept(client: FlaskClient) -> None:
    (script,) = (address for address in shell(client) if address.endswith("/page.js"))
    assert client.get(script).headers["Cache-Control"].endswith("immutable")
    assert client.get(PAGE).headers["Cache-Control"] == "no-store"
    worker = client.get(f"{PAGE}/sw.js").headers
    assert worker["Cache-Control"] == "no-cache"
    assert worker["Service-Worker-Allowed"] == "/"
    assert worker["Content-Type"].startswith("text/javascript")
    wrong = re.sub(r"/berkas/[0-9a-f]+/", "/berkas/000000000000/", script)
    assert client.get(wrong).status_code == 404
    assert client.get(script.replace("page.js", "../../../../../setup.cfg")).status_code == 404


def test_names_are_public_and_neutral_where_the_letter_is(web: WebOffice) -> None:
    client = web.client()
    response = client.get(f"{PAGE}/nama.json")
    names = response.json
    assert names is not None
    catalogue = web.composition.services.catalogue
    sensitive, plain = catalogue.get(SENSITIVE_TYPE), catalogue.get("domisili")
    assert names["types"][str(sensitive.code)]["id"] == sensitive.public_title.id
    assert sensitive.title.id not in response.text
    assert names["types"][str(plain.code)] == {"id": plain.title.id, "en": plain.title.en}
    assert names["agencies"][VILLAGE.replace(".", "")] == "Desa Ngunut"
    with web.composition.register.reading() as uow:
        for who in (VILLAGE_HEAD, DISTRICT_HEAD):
            signatory = uow.signatories.get(who)
            assert names["signatories"][str(signatory.number)].startswith(signatory.name)
    assert web.letter.record.holder["name"] not in response.text
    again = client.get(f"{PAGE}/nama.json", headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert names["version"] in response.headers["ETag"]


@pytest.mark.usefixtures("packages")
def test_it_can_be_installed(client: FlaskClient) -> None:
    response = client.get(f"{PAGE}/manifest.webmanifest")
    assert response.headers["Content-Type"] == "application/manifest+json"
    manifest = json.loads(response.data)
    assert (manifest["start_url"], manifest["scope"], manifest["display"]) == (
        PAGE,
        "/",
        "standalone",
    )
    for icon in manifest["icons"]:
        assert client.get(icon["src"]).data.startswith(b"\x89PNG")


@pytest.mark.usefixtures("packages")
def test_what_the_page_can_say_is_in_the_server_s_words(client: FlaskClient) -> None:
    assert set(Verdict) - set(VERDICTS) == {Verdict.NOT_YET_ISSUED}
    page = client.get(PAGE).text
    scripts = "".join(path.read_text("utf-8") for path in _own_scripts())
    said = {*REASONS, Reason.REVOCATION_LIST_STALE, Reason.REGISTER_UNAVAILABLE}
    for reason in said:
        assert f'data-reason="{reason.value}"' in page
        assert f"'{reason.value}'" in scripts, reason
    for code in re.findall(r"\b(?:notes\.push|notice)\('([a-z_]+)'\)", scripts):
        assert f'data-note="{code}"' in page, code


def _own_scripts() -> list[Path]:
    return sorted((locate_templates() / "offline").glob("*.js"))


@pytest.mark.usefixtures("packages")
def test_what_a_first_visit_costs_over_the_wire(client: FlaskClient) -> None:
    """Compressed, as the web server in front sends it; zxing only where it is needed."""
    kept = {a: len(gzip.compress(bytes_at(client, a))) for a in shell(client)}
    without_reader = sum(n for a, n in kept.items() if "/vendor/zxing/" not in a)
    assert without_reader <= 60_000
    assert sum(kept.values()) <= 490_000
    assert max(len(path.read_text("utf-8").splitlines()) for path in _own_scripts()) <= 400


def test_without_the_packages_the_page_says_so_and_nothing_is_installed(
    web: WebOffice, tmp_path: Path
) -> None:
    templates = tmp_path / "templates"
    unwanted = shutil.ignore_patterns("vendor", "letters", "fonts", "regency")
    shutil.copytree(locate_templates(), templates, ignore=unwanted)
    settings = WebSettings(secret_key=b"k" * 32, templates=templates)
    client = create_app(web.composition.services, settings).test_client()
    page = client.get(PAGE)
    assert page.status_code == 200
    assert "belum tersedia di server ini" in page.text
    assert "script" not in page.text
    assert client.get(f"{PAGE}/sw.js").status_code == 404
    assert client.get("/periksa").status_code == 200
