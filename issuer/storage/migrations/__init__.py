"""The schema's history: forward only, one transaction a run, each revision frozen.

A new revision is a file in ``versions`` written by hand; ``schema.py`` changes in
the same commit and a test holds both against each other.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Engine

from issuer.domain.errors import ConfigurationError
from issuer.storage.database import reads_only


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest revision; an up-to-date one is left alone.

    Two processes may do so at once. Raises ``ConfigurationError`` when the database
    was made by a newer version of the program.
    """
    config = _config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise ConfigurationError(["the database is of a newer version"]) from error


def current(engine: Engine) -> str | None:
    """Return the revision of the database, or None for an empty one."""
    with reads_only(engine).connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def is_current(engine: Engine) -> bool:
    """Say whether the database has the revision that this program needs."""
    return current(engine) == ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config
