"""Versions of letter types that an office makes itself."""
