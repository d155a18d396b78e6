"""The revisions, numbered; each is frozen once released."""
