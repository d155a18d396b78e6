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
from jinja2.exceptions import TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from issuer.domain.errors import ConfigurationError, Problem
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
_SAID = {
    "wording_too_long": "wording longer than {limit} characters",
    "wording_no_template": "wording is no template: {detail}",
    "wording_not_allowed": "wording: {what} is not allowed",
    "wording_no_filter": "wording: no filter {filter}",
    "wording_filter_use": "wording: filter {filter} follows a name and takes nothing",
    "wording_no_field": "no field {field}",
    "field_reserved": "field {field} has a reserved name",
    "field_like_a_label": "a field is named like the label of another",
    "wording_silent": "says nothing",
    "wording_does_not_fit": "wording does not fit: {error}",
    "wording_grows": "wording: more than {limit} characters",
}
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
def refusals(source: str) -> tuple[Problem, ...]:
    """Say why a wording may not be used; empty when it may."""
    return _read(source)[1]


def _read(source: str) -> tuple[nodes.Template | None, tuple[Problem, ...]]:
    if len(source) > MAX_TEMPLATE:
        return None, (Problem("", "wording_too_long", {"limit": MAX_TEMPLATE}),)
    try:
        tree = _ENVIRONMENT.parse(source)
        return tree, tuple(found for node in tree.find_all(nodes.Node) for found in _refused(node))
    except TemplateSyntaxError as error:
        facts: dict[str, str | int] = {"line": error.lineno, "detail": str(error.message)[:200]}
        return None, (Problem("", "wording_no_template", facts),)
    except (TemplateError, RecursionError) as error:
        facts = {"line": 1, "detail": type(error).__name__}
        return None, (Problem("", "wording_no_template", facts),)


@lru_cache(maxsize=256)
def _compiled(source: str) -> tuple[Template, frozenset[str]]:
    """Return the template and the names it uses.

    Raises ``ConfigurationError`` for one that is no template or does too much.
    """
    tree, problems = _read(source)
    if problems or tree is None:
        raise ConfigurationError([said(problem) for problem in problems])
    names = frozenset(node.name for node in tree.find_all(nodes.Name))
    try:
        return _ENVIRONMENT.from_string(source), names
    except (TemplateError, RecursionError) as error:
        raise ConfigurationError([f"wording is no template: {error}"]) from error


def _refused(node: nodes.Node) -> list[Problem]:
    if type(node) not in _ALLOWED_NODES:
        return [Problem("", "wording_not_allowed", {"what": type(node).__name__.lower()})]
    if isinstance(node, nodes.Filter):
        if node.name not in FILTERS:
            return [Problem("", "wording_no_filter", {"filter": node.name[:40]})]
        if not isinstance(node.node, nodes.Name) or node.args or node.kwargs:
            return [Problem("", "wording_filter_use", {"filter": node.name})]
    return []


def said(problem: Problem) -> str:
    """Return what is wrong with a wording in English, as for whoever writes files."""
    return _SAID[problem.code].format_map(problem.facts)


def names_in(source: str) -> frozenset[str]:
    """Return the names a wording uses. Raises ``ConfigurationError`` if it may not be used."""
    return _compiled(source)[1]


def paragraphs(source: str, values: Mapping[str, object]) -> tuple[str, ...]:
    """Return the text, one string a paragraph; an empty line in it ends a paragraph.

    Raises ``ConfigurationError`` when a name has no value, a filter does not fit
    the value, or the text grows beyond ``MAX_OUTPUT`` characters.
    """
    template, _names = _compiled(source)
    text = _written_out(template, values)
    if isinstance(text, Problem):
        raise ConfigurationError([said(text)])
    folded = (_SPACES.sub(" ", part).strip(" ") for part in _PARAGRAPH_END.split(text))
    return tuple(part for part in folded if part)


def misfit(source: str, values: Mapping[str, object]) -> Problem | None:
    """Say why a wording that may be used does not go with these values, or None."""
    text = _written_out(_compiled(source)[0], values)
    return text if isinstance(text, Problem) else None


def _written_out(template: Template, values: Mapping[str, object]) -> str | Problem:
    try:
        text = template.render(values)
    except (TemplateError, TypeError, ValueError, AttributeError) as error:
        # The error's own text may repeat a value, which may be somebody's data.
        return Problem("", "wording_does_not_fit", {"error": type(error).__name__})
    if len(text) > MAX_OUTPUT:
        return Problem("", "wording_grows", {"limit": MAX_OUTPUT})
    return text
