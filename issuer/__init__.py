"""issuer: a letter office for an Indonesian regency, run like a small certificate authority."""

__version__ = "0.1.0"
