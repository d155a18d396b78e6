"""The page's modules in a real browser, called one by one from a test."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, Page

from tests.browser.serving import served
from tests.offline.offline_office import FILES

_CALL = """
async ([body, given]) => {
    const bytes = text => Uint8Array.from(atob(text), c => c.charCodeAt(0));
    const modules = {};
    for (const name of ['cbor', 'token', 'keyset', 'statuslist', 'verdict', 'refusal'])
        modules[name] = await import(`/scripts/${name}.js`);
    const attempt = async work => {
        try { return await work(); }
        catch (error) {
            if (!(error instanceof modules.refusal.Refused)) throw error;
            return { refused: error.reason };
        }
    };
    const call = Object.getPrototypeOf(async () => {}).constructor;
    return await new call('modules', 'bytes', 'attempt', 'given', body)(
        modules, bytes, attempt, given);
}
"""


class ScriptPage:
    """A blank page beside the modules."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def run(self, body: str, given: object = None) -> Any:
        """Run the body of a function; ``modules``, ``bytes`` and ``attempt`` are at hand."""
        return self._page.evaluate(_CALL, [body, given])

    def read_tokens(self, texts: Sequence[str], base_url: str, chain: Sequence[bytes]) -> list[Any]:
        """Return for each text its claims, digest as hex, or ``{"refused": reason}``."""
        body = """
            const { keys } = await modules.keyset.readChain(given.chain.map(bytes));
            const read = text => attempt(async () => {
                const claims = await modules.token.readToken(text, given.base, keys);
                return { ...claims, recordDigest: modules.cbor.hex(claims.recordDigest) };
            });
            const answers = [];
            for (const text of given.texts) answers.push(await read(text));
            return answers;
        """
        given = {"texts": list(texts), "base": base_url, "chain": [b64(part) for part in chain]}
        answers: list[Any] = self.run(body, given)
        return answers


@contextmanager
def script_page(browser: Browser) -> Iterator[ScriptPage]:
    """Serve the modules and open a page that can import them."""
    app = Flask("scripts", static_folder=FILES, static_url_path="/scripts")
    app.add_url_rule("/", view_func=lambda: "<!doctype html><title>-</title>", endpoint="blank")
    with served(app) as server:
        page = browser.new_page()
        page.goto(server.origin)
        yield ScriptPage(page)
        page.close()


def parameters(test: Any) -> list[Any]:
    """Return the table that a test of the server's readers is parametrized with."""
    return list(test.pytestmark[0].args[1])


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()
