"""The tools themselves: that axe finds what is wrong, and a stopped server is stopped."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Error

from tests.browser.chromium import axe_violations, chromium, sideways
from tests.browser.serving import served

BAD = (
    "<!doctype html><html><body><img src='data:,'><input>"
    "<p style='width:2000px;color:#eee'>Teks pucat</p></body></html>"
)
GOOD = (
    "<!doctype html><html lang=id><head><title>Baik</title></head>"
    "<body><main><h1>Baik</h1></main></body></html>"
)


def test_the_browser_and_axe_see_what_is_there() -> None:
    app = Flask("pages")
    app.add_url_rule("/bad", view_func=lambda: BAD, endpoint="bad")
    app.add_url_rule("/good", view_func=lambda: GOOD, endpoint="good")
    with chromium() as browser, served(app) as server:
        page = browser.new_page(viewport={"width": 320, "height": 640})
        page.goto(f"{server.origin}/bad")
        found = {line.partition(":")[0] for line in axe_violations(page)}
        assert {"image-alt", "label", "html-has-lang", "color-contrast"} <= found
        assert sideways(page) > 1000
        page.goto(f"{server.origin}/good")
        assert axe_violations(page) == []
        assert sideways(page) == 0
        server.stop()
        with pytest.raises(Error, match="ERR_CONNECTION_REFUSED"):
            page.goto(f"{server.origin}/good")
