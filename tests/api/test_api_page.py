"""The page about the API in a real browser, on a small phone and on a desk."""

from __future__ import annotations

import pytest

from tests.api.api_office import ApiOffice
from tests.browser.chromium import WIDTHS, axe_violations, chromium, sideways
from tests.browser.serving import served


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_page_can_be_read_by_everybody(api: ApiOffice, language: str) -> None:
    with served(api.app) as server, chromium() as browser:
        for width in WIDTHS:
            page = browser.new_page(viewport={"width": width, "height": 800})
            page.goto(f"{server.origin}/api?lang={language}")
            assert axe_violations(page) == []
            assert sideways(page) == 0
            page.close()
