"""The office a command works on, composed when it is first needed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

import click

from issuer.bootstrap import Composition, PublicSide, compose, compose_public, read_catalogue
from issuer.catalogue.folders import FolderCatalogue
from issuer.catalogue.live import LiveCatalogue
from issuer.cli.output import say
from issuer.config import SETTINGS_FILE, Settings, locate_templates
from issuer.domain.access import Actor, Role

_PLACES = ("ISSUER_TEMPLATES_DIR", "ISSUER_FONTS_DIR")
OPERATOR = Actor("operator", Role.OPERATOR, None)


class OfficeOf:
    """Lazy, so that ``--help`` needs no office and ``verify`` no private key."""

    def __init__(self, data_dir: Path, environ: Mapping[str, str]) -> None:
        self.data_dir = data_dir
        self.environ = environ

    @cached_property
    def settings(self) -> Settings:
        """Return the settings. Raises ``ConfigurationError``."""
        return Settings.load(self.data_dir, self.environ)

    @cached_property
    def composition(self) -> Composition:
        """Return the whole office."""
        composition = compose(self.settings)
        for note in composition.notes:
            say(f"Note: {note}")
        return composition

    @cached_property
    def public(self) -> PublicSide:
        """Return the public side alone."""
        return compose_public(self.settings)

    def close(self) -> None:
        """Let go of what was composed."""
        for composed in (self.__dict__.get("composition"), self.__dict__.get("public")):
            if composed is not None:
                composed.close()

    @cached_property
    def catalogue(self) -> FolderCatalogue | LiveCatalogue:
        """Return the letter types: in force at the office, or installed when there is none."""
        if (self.data_dir / SETTINGS_FILE).exists():
            return self.public.catalogue
        return read_catalogue(locate_templates())

    def templates_and_fonts(self) -> dict[str, str]:
        """Return the office's templates and fonts as settings of another office."""
        if not (self.data_dir / SETTINGS_FILE).exists():
            return {name: self.environ[name] for name in _PLACES if name in self.environ}
        places = {"ISSUER_TEMPLATES_DIR": str(self.settings.templates_dir)}
        if self.settings.fonts_dir:
            places["ISSUER_FONTS_DIR"] = str(self.settings.fonts_dir)
        return places


pass_office = click.make_pass_decorator(OfficeOf)
json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object a line on standard output."
)
