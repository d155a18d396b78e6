"""The sentences of a letter: small templates that can do almost nothing.

Jinja2 reads them; a list of syntax nodes says what they may hold: text, declared
names, ``if`` with comparisons, and a few filters without arguments. There are no
loops, calls, attributes, items or arithmetic, so a template can neither reach
anything nor grow beyond its own text and its values.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from jinja2 import StrictUndefined, Template, nodes
from jinja2.exceptions import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from issuer.domain.errors import ConfigurationError
from issuer.rendering.indonesian import (
    day_name,
    in_words,
    long_date,
    long_date_en,
    rupiah,
    small_letters,
    thousands,
)

MAX_TEMPLATE = 2000
MAX_OUTPUT = 20_000

FILTERS = {
    "hari": day_name,
    "tanggal": long_date,
    "tanggal_en": long_date_en,
    "ribuan": thousands,
    "rupiah": rupiah,
    "terbilang": in_words,
    "upper": str.upper,
    "lower": small_letters,
}
_ALLOWED_NODES: frozenset[type[nodes.Node]] = frozenset(
    {
        nodes.Template,
        nodes.Output,
        nodes.TemplateData,
        nodes.Name,
        nodes.Const,
        nodes.If,
        nodes.Compare,
        nodes.Operand,
        nodes.And,
        nodes.Or,
        nodes.Not,
        nodes.Filter,
    }
)
_SPACES = re.compile(r"[ \n]+")
_PARAGRAPH_END = re.compile(r"\n[ \t]*\n")


def _environment() -> ImmutableSandboxedEnvironment:
    # A letter is plain text drawn on a page: there is no markup to escape.
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
    environment.filters.clear()
    environment.filters.update(FILTERS)
    environment.globals.clear()
    environment.tests.clear()
    return environment


_ENVIRONMENT = _environment()


@lru_cache(maxsize=256)
def _compiled(source: str) -> tuple[Template, frozenset[str]]:
    """Return the template and the names it uses.

    Raises ``ConfigurationError`` for one that is no template or does too much.
    """
    if len(source) > MAX_TEMPLATE:
        raise ConfigurationError([f"wording longer than {MAX_TEMPLATE} characters"])
    try:
        tree = _ENVIRONMENT.parse(source)
        problems = [problem for node in tree.find_all(nodes.Node) for problem in _refused(node)]
        if problems:
            raise ConfigurationError(problems)
        names = frozenset(node.name for node in tree.find_all(nodes.Name))
        return _ENVIRONMENT.from_string(source), names
    except (TemplateError, RecursionError) as error:
        raise ConfigurationError([f"wording is no template: {error}"]) from error


def _refused(node: nodes.Node) -> list[str]:
    if type(node) not in _ALLOWED_NODES:
        return [f"wording: {type(node).__name__.lower()} is not allowed"]
    if isinstance(node, nodes.Filter):
        if node.name not in FILTERS:
            return [f"wording: no filter {node.name}"]
        if not isinstance(node.node, nodes.Name) or node.args or node.kwargs:
            return [f"wording: filter {node.name} follows a name and takes nothing"]
    return []


def names_in(source: str) -> frozenset[str]:
    """Return the names a wording uses. Raises ``ConfigurationError`` if it may not be used."""
    return _compiled(source)[1]


def paragraphs(source: str, values: Mapping[str, object]) -> tuple[str, ...]:
    """Return the text, one string a paragraph; an empty line in it ends a paragraph.

    Raises ``ConfigurationError`` when a name has no value, a filter does not fit
    the value, or the text grows beyond ``MAX_OUTPUT`` characters.
    """
    template, _names = _compiled(source)
    try:
        text = template.render(values)
    except (TemplateError, TypeError, ValueError, AttributeError) as error:
        # The error's own text may repeat a value, which may be somebody's data.
        raise ConfigurationError([f"wording does not fit: {type(error).__name__}"]) from error
    if len(text) > MAX_OUTPUT:
        raise ConfigurationError([f"wording: more than {MAX_OUTPUT} characters"])
    folded = (_SPACES.sub(" ", part).strip(" ") for part in _PARAGRAPH_END.split(text))
    return tuple(part for part in folded if part)
