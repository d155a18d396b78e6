"""The command line; the only place that reads the environment."""

from issuer.cli.main import main

__all__ = ["main"]
