"""The composition root: settings in, an office out. The only package that names every adapter."""

from issuer.bootstrap.machine import SystemClock, SystemRandom
from issuer.bootstrap.office import Composition, compose
from issuer.bootstrap.own_files import (
    certificate_authority,
    public_files,
    published_folder,
    published_state,
    read_catalogue,
)
from issuer.bootstrap.public_side import PublicSide, compose_public

__all__ = [
    "Composition",
    "PublicSide",
    "SystemClock",
    "SystemRandom",
    "certificate_authority",
    "compose",
    "compose_public",
    "public_files",
    "published_folder",
    "published_state",
    "read_catalogue",
]
