"""Pages compiled once for each language, with their sentences and addresses in place.

Looking up forty sentences took longer than all the rest of a page. So every call of
``_`` with a sentence becomes the sentence itself when a page is compiled, its facts between
its words; within an expression those with facts remain calls. So do ``language()``, and
the ``url_for`` and ``asset`` of what is written out in the page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, MutableMapping
from functools import partial
from types import CodeType
from typing import Any, cast

import jinja2
from flask import Flask
from flask.templating import Environment
from jinja2 import BaseLoader, Template, nodes
from jinja2.visitor import NodeTransformer
from werkzeug.routing import BuildError

from issuer.web.language import Sentences, language

_FACT = re.compile(r"%\(([a-z_]+)\)s")


def register(app: Flask, said: Sentences, asset: Callable[[str], str]) -> None:
    """Make the application's pages so; before the first use of its templates."""
    app.jinja_environment = Pages
    pages = cast(Pages, app.jinja_env)
    pages.sentences = said
    pages.addresses = {"asset": asset, "url_for": partial(address, app)}
    pages.loader = WithoutLanguage(cast(BaseLoader, pages.loader))


def address(app: Flask, endpoint: str, **values: Any) -> str:
    """Return the path of a page, which every host and every request gives the same.

    Of no request: what one says of itself must not get into the pages of others.
    Raises ``BuildError``.
    """
    return app.url_map.bind("").build(endpoint, values)


class Pages(Environment):
    """Flask's environment of templates; one name is a page in each language."""

    sentences: Sentences
    """The sentences of each language; to be set before the first page is asked for."""

    addresses: Mapping[str, Callable[..., str]]
    """What gives addresses, by its name in the pages; to be set as early."""

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,  # noqa: ARG002  # names are whole, wherever they stand
        globals: MutableMapping[str, Any] | None = None,
    ) -> Template:
        """Return the page in the language of this request."""
        if isinstance(name, Template):
            return name
        return super().get_template(f"{language()}/{name}", None, globals)

    def compile(  # type: ignore[override]  # the base has overloads for raw source
        self,
        source: str | nodes.Template,
        name: str | None = None,
        filename: str | None = None,
        raw: bool = False,
        defer_init: bool = False,
    ) -> str | CodeType:
        """Compile a page with the sentences of its language."""
        tree = self._parse(source, name, filename) if isinstance(source, str) else source
        code = (name or "").partition("/")[0]
        if code in self.sentences:
            tree = _Saying(self.sentences[code]).visit(tree)
            tree = _Settled({**self.addresses, "language": lambda: code}).visit(tree)
        return super().compile(tree, name, filename, raw, defer_init)  # type: ignore[call-overload,no-any-return]

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the globals of a page; those of one without its own are everybody's."""
        return super().make_globals(d) if d else self.globals


class WithoutLanguage(BaseLoader):
    """Finds the file of a page in any language: all are made from one."""

    def __init__(self, inner: BaseLoader) -> None:
        self._inner = inner

    def get_source(
        self, environment: jinja2.Environment, template: str
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        """Return the source of ``<language>/<name>``."""
        return self._inner.get_source(environment, template.partition("/")[2])


class _Saying(NodeTransformer):
    """Puts sentences in the place of the calls that ask for them."""

    def __init__(self, said: dict[str, Any]) -> None:
        self._said = said

    def visit_Output(self, node: nodes.Output) -> nodes.Node:  # noqa: N802  # named by Jinja
        """Write a sentence with its facts out, piece by piece; each fact is escaped as any."""
        node.nodes = [piece for part in node.nodes for piece in self._pieces(part)]
        self.generic_visit(node)
        return node

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802  # named by Jinja
        self.generic_visit(node)
        text = self._sentence(node)
        if text is None or node.kwargs or "%" in text:
            return node
        return nodes.MarkSafe(nodes.Const(text), lineno=node.lineno)

    def _pieces(self, part: nodes.Expr) -> list[nodes.Expr]:
        text = self._sentence(part)
        if text is None or not isinstance(part, nodes.Call) or not part.kwargs:
            return [part]
        facts = {given.key: given.value for given in part.kwargs}
        words = _FACT.split(text)  # words and names of facts by turns
        if any("%" in said for said in words[::2]) or not facts.keys() >= set(words[1::2]):
            return [part]
        return [
            facts[word] if place % 2 else nodes.TemplateData(word, lineno=part.lineno)
            for place, word in enumerate(words)
        ]

    def _sentence(self, node: nodes.Node) -> str | None:
        """Return the sentence that a call of ``_`` asks for, if it is written out there."""
        if not isinstance(node, nodes.Call) or not isinstance(node.node, nodes.Name):
            return None
        if node.node.name != "_" or len(node.args) != 1 or node.dyn_args or node.dyn_kwargs:
            return None
        asked = node.args[0]
        text = self._said.get(asked.value) if isinstance(asked, nodes.Const) else None
        return None if text is None else str(text)


class _Settled(NodeTransformer):
    """Puts answers in the place of calls that are answered the same at any time."""

    def __init__(self, answers: Mapping[str, Callable[..., str]]) -> None:
        self._answers = answers

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802  # named by Jinja
        self.generic_visit(node)
        answer = self._answers.get(node.node.name) if isinstance(node.node, nodes.Name) else None
        written_out = all(isinstance(given, nodes.Const) for given in node.args) and all(
            isinstance(given.value, nodes.Const) and not given.key.startswith("_")
            for given in node.kwargs
        )
        if answer is None or not written_out or node.dyn_args or node.dyn_kwargs:
            return node
        values = {given.key: given.value.as_const() for given in node.kwargs}
        try:
            text = answer(*(given.as_const() for given in node.args), **values)
        except BuildError:
            return node  # of a room that is not open here; the page asks before
        return nodes.Const(text, lineno=node.lineno)
