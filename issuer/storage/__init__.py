"""The register and the files. Nothing outside this package speaks SQL."""
