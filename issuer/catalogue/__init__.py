"""The letter types of an office, read from ``templates/letters``.

Invariant: a type is data; nothing in this package knows any one type.
"""
