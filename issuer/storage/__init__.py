"""The register and the files. Nothing outside this package speaks SQL."""

from issuer.storage import (  # noqa: F401 - all tables share one metadata
    schema,
    schema_applications,
    schema_casework,
    schema_citizens,
    schema_limits,
    schema_messages,
    schema_paper,
    schema_reports,
    schema_residents,
)
