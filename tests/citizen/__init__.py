"""Asking for a letter from home."""
