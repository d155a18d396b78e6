"""Pages compiled once for each language, with their sentences already in place.

Looking up forty sentences took longer than all the rest of a page. So every call of
``_`` with a sentence and no facts becomes the sentence itself when a page is compiled;
those with facts remain calls.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from types import CodeType
from typing import Any, cast

import jinja2
from flask import Flask
from flask.templating import Environment
from jinja2 import BaseLoader, Template, nodes
from jinja2.visitor import NodeTransformer

from issuer.web.language import Sentences, language


def register(app: Flask, said: Sentences) -> None:
    """Make the application's pages so; before the first use of its templates."""
    app.jinja_environment = Pages
    pages = cast(Pages, app.jinja_env)
    pages.sentences = said
    pages.loader = WithoutLanguage(cast(BaseLoader, pages.loader))


class Pages(Environment):
    """Flask's environment of templates; one name is a page in each language."""

    sentences: Sentences
    """The sentences of each language; to be set before the first page is asked for."""

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
        said = self.sentences.get((name or "").partition("/")[0])
        if said:
            tree = _Saying(said).visit(tree)
        return super().compile(tree, name, filename, raw, defer_init)  # type: ignore[call-overload,no-any-return]


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

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802  # named by Jinja
        self.generic_visit(node)
        asked = isinstance(node.node, nodes.Name) and node.node.name == "_" and len(node.args) == 1
        if not asked or node.kwargs or not isinstance(node.args[0], nodes.Const):
            return node
        text = self._said.get(node.args[0].value)
        if text is None or "%" in text:
            return node
        return nodes.MarkSafe(nodes.Const(str(text)), lineno=node.lineno)
