"""Indonesian, and English for whoever asks: ``?lang=en``, kept in a cookie.

The msgids are the Indonesian sentences; ``translations/en/LC_MESSAGES/messages.po``
holds the English ones and is read once, as it is, without a compiled file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from babel.messages.pofile import read_po
from flask import Flask, Response, request
from markupsafe import Markup

from issuer.domain.letter_types import Bilingual
from issuer.web.settings import WebSettings

LANGUAGES = {"id": "Indonesia", "en": "English"}
_COOKIE = "lang"
_A_YEAR = 365 * 24 * 3600
Sentences = dict[str, dict[str, Markup]]
"""By language, and by the Indonesian sentence."""

_language = ContextVar("language", default="id")
"""Asked for dozens of times a page, so it is found out once and kept at hand."""


def register(app: Flask, settings: WebSettings, said: Sentences) -> None:
    """Make the application speak both languages; before anything that may refuse a request."""
    app.jinja_env.globals.update(_=_translator(said), language=language, languages=LANGUAGES)
    cookie = f"__Host-{_COOKIE}" if settings.secure_cookies else _COOKIE

    @app.before_request
    def listen() -> None:
        _language.set(_wanted(cookie))

    @app.after_request
    def remember(response: Response) -> Response:
        if request.args.get("lang") in LANGUAGES:
            response.set_cookie(
                cookie,
                request.args["lang"],
                max_age=_A_YEAR,
                secure=settings.secure_cookies,
                httponly=True,
                samesite="Lax",
            )
        return response


def read_sentences(settings: WebSettings) -> Sentences:
    """Return every sentence of the pages in each language, by the Indonesian one."""
    english = settings.templates / "translations" / "en" / "LC_MESSAGES" / "messages.po"
    translated = read_translations(english)
    return {
        "id": {sentence: Markup(sentence) for sentence in translated},  # noqa: S704
        "en": {sentence: Markup(text) for sentence, text in translated.items()},  # noqa: S704
    }


def read_translations(path: Path) -> dict[str, str]:
    """Return the sentences of a ``.po`` file with their translations."""
    with path.open("rb") as file:
        return {str(said.id): str(said.string) for said in read_po(file) if said.id and said.string}


def language() -> str:
    """Return the language of this request: ``id`` or ``en``."""
    return _language.get()


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Make a page in that language, whatever was asked for."""
    token = _language.set(code)
    try:
        yield
    finally:
        _language.reset(token)


def say(text: Bilingual) -> str:
    """Return a text in the language of this request."""
    return text.en if language() == "en" else text.id


def _translator(said: Sentences) -> Callable[..., Markup]:
    """Return the templates' ``_``: a sentence of ours, with facts that are escaped."""

    def translate(sentence: str, **facts: object) -> Markup:
        text = said[language()].get(sentence) or Markup(sentence)  # noqa: S704
        return text % facts if "%" in text else text

    return translate


def _wanted(cookie: str) -> str:
    for wanted in (request.args.get("lang"), request.cookies.get(cookie)):
        if wanted in LANGUAGES:
            return wanted
    return "id"
