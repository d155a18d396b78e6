"""The register and the files. Nothing outside this package speaks SQL."""

from issuer.storage import schema, schema_limits  # noqa: F401 - all tables share one metadata
