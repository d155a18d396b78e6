"""Use cases: a class per subject, collaborators in the constructor, a method per action."""
