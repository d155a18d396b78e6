"""Signing in by another office."""
