"""Indonesian, and English for whoever asks: ``?lang=en``, kept in a cookie.

The msgids are the Indonesian sentences; ``translations/en/LC_MESSAGES/messages.po``
holds the English ones and is read as it is, without a compiled file.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, Response, request
from flask_babel import (  # type: ignore[import-untyped]  # publishes no types
    Babel,
    Domain,
    get_locale,
)

from issuer.domain.letter_types import Bilingual
from issuer.web.settings import WebSettings

LANGUAGES = {"id": "Indonesia", "en": "English"}
COOKIE = "lang"
_A_YEAR = 365 * 24 * 3600


class _PlainFiles(Domain):  # type: ignore[misc]  # the base class is untyped
    """Flask-Babel's domain over catalogues that are already in memory."""

    def __init__(self, catalogues: dict[str, NullTranslations]) -> None:
        super().__init__()
        self._catalogues = catalogues

    def get_translations(self) -> NullTranslations:
        return self._catalogues[language()]


def register(app: Flask, settings: WebSettings) -> None:
    """Make the application speak both languages."""
    english = settings.templates / "translations" / "en" / "LC_MESSAGES" / "messages.po"
    babel = Babel(app, default_locale="id", locale_selector=_wanted)
    babel.domain_instance = _PlainFiles(
        {"id": NullTranslations(), "en": read_translations(english)}
    )
    app.jinja_env.globals.update(language=language, languages=LANGUAGES)

    @app.after_request
    def remember(response: Response) -> Response:
        if request.args.get("lang") in LANGUAGES:
            response.set_cookie(
                COOKIE,
                request.args["lang"],
                max_age=_A_YEAR,
                secure=settings.secure_cookies,
                httponly=True,
                samesite="Lax",
            )
        return response


def read_translations(path: Path) -> Translations:
    """Return the translations of a ``.po`` file."""
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file))
    compiled.seek(0)
    return Translations(compiled)


def language() -> str:
    """Return the language of this request: ``id`` or ``en``."""
    return str(get_locale())


def say(text: Bilingual) -> str:
    """Return a text in the language of this request."""
    return text.en if language() == "en" else text.id


def _wanted() -> str:
    for wanted in (request.args.get("lang"), request.cookies.get(COOKIE)):
        if wanted in LANGUAGES:
            return wanted
    return "id"
