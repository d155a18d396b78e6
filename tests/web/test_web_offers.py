"""What there is to ask for: every service with its whole standard, in both languages."""

from __future__ import annotations

import tomllib

import pytest

from issuer.config import locate_templates
from issuer.domain.letter_types import Channel
from issuer.texts.letter_types import STANDARD_COMPONENTS
from issuer.web.citizen.offers import KINDS
from tests.web.web_office import WebOffice, visible

LETTERS = locate_templates() / "letters"
SLUGS = sorted(folder.name for folder in LETTERS.iterdir() if (folder / "type.toml").is_file())
COMMON = tomllib.loads((LETTERS / "service-standard.toml").read_text("utf-8"))


def test_the_list_leads_to_every_service(web: WebOffice) -> None:
    page = web.client().get("/layanan").text
    assert SLUGS
    for slug in SLUGS:
        assert f'href="/layanan/{slug}"' in page


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("language", ["id", "en"])
def test_a_service_shows_all_fourteen_components(web: WebOffice, slug: str, language: str) -> None:
    own = tomllib.loads((LETTERS / slug / "type.toml").read_text("utf-8"))
    standard = {**COMMON, **own.get("service_standard", {})}
    assert len(standard) == 14
    page = visible(web.client().get(f"/layanan/{slug}?lang={language}").text)
    for name, texts in standard.items():
        heading = STANDARD_COMPONENTS[name].en if language == "en" else STANDARD_COMPONENTS[name].id
        assert f"{heading} {texts[language]}" in page
    for document in own.get("documents", []):
        assert document[language] in page


def test_a_service_for_which_one_must_come_says_so(web: WebOffice) -> None:
    for kind in web.composition.services.catalogue.all():
        page = visible(web.client().get(f"/layanan/{kind.slug}").text)
        must_come = kind.channel is Channel.IN_PERSON
        assert ("tidak dapat diminta dari rumah" in page) == must_come


def test_an_unknown_service_is_told_plainly(web: WebOffice) -> None:
    assert web.client().get("/layanan/tidak-ada").status_code == 404


def test_every_kind_of_agency_has_a_word() -> None:
    kinds = {
        kind
        for slug in SLUGS
        for kind in tomllib.loads((LETTERS / slug / "type.toml").read_text("utf-8"))["issued_by"]
    }
    assert kinds <= {kind.value for kind in KINDS}
