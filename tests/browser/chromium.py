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
WIDTHS = (320, 1280)
"""A small phone or 400 % zoom (WCAG 2.2, 1.4.10), and a desk."""

_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_JUDGE = """async rules => {
    const options = {runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']};
    const {violations} = await axe.run(document, options);
    return violations.flatMap(
        found => found.nodes.map(node => `${found.id}: ${node.html.slice(0, 160)}`));
}"""
"""Gives lines and no more: what axe-core writes of all that is well is a megabyte."""

_STICKING_OUT = """() => [...document.querySelectorAll('main *, header *')]
    .filter(e => !e.matches('input, textarea, svg *, .hidden'))
    .filter(e => getComputedStyle(e).display != 'inline')
    .filter(e => e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 1)
    .map(e => e.outerHTML.slice(0, 100))"""


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
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate((node_packages() / "axe-core" / "axe.min.js").read_text("utf-8"))
    found: list[str] = page.evaluate(_JUDGE, _RULES)
    return found


def sideways(page: Page) -> int:
    """Return by how many pixels the page is wider than its window."""
    wide = page.evaluate(
        "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return int(wide)


def sticking_out(page: Page) -> list[str]:
    """Return what holds words that are wider than it is, and so cut off or over a border."""
    found: list[str] = page.evaluate(_STICKING_OUT)
    return found
