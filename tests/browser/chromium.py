"""The machine's own Chromium, driven by Playwright, and axe-core's opinion of a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.packages import node_packages
from tests.programs import require

QUIET = (
    "--no-sandbox",  # tests may run as root, where the sandbox cannot start
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
WIDTHS = (320, 390, 1280)
"""A small phone or 400 % zoom, a usual phone, a desk."""

_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@contextmanager
def chromium(flags: Sequence[str] = ()) -> Iterator[Browser]:
    """Run a browser of its own. Without Chromium the test is skipped, in CI it fails."""
    path = require("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*QUIET, *flags])
        try:
            yield browser
        finally:
            browser.close()


def follow(page: Page, selector: str, key: str | None = None) -> None:
    """Click there, or press a key, and wait for the page that it leads to.

    Playwright goes on at once after a click: on a busy machine the next step would still
    meet the page before.
    """
    with page.expect_navigation():
        if key is None:
            page.click(selector)
        else:
            page.press(selector, key)


def axe_violations(page: Page) -> list[str]:
    """Return one line for each thing axe-core finds wrong with the page as it stands.

    The script is evaluated from outside, so the page's policy may stay as strict as it is.
    """
    page.evaluate((node_packages() / "axe-core" / "axe.min.js").read_text("utf-8"))
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", _RULES
    )
    return [
        f"{violation['id']}: {node['html'][:160]}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def sideways(page: Page) -> int:
    """Return by how many pixels the page is wider than its window."""
    wide = page.evaluate(
        "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return int(wide)
