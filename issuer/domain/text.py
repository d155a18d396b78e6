"""Plain text from outside: what may be printed on a letter at all."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+")
_INSIDE_WORDS = str.maketrans("", "", "'\u2019\u2018\u02bc`")
_REFUSED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


class TextRefused(ValueError):
    """A value is not plain text; ``code`` is a key of ``issuer.texts.PROBLEMS``."""

    def __init__(self, code: str, **facts: str | int) -> None:
        self.code = code
        self.facts = facts
        super().__init__(code)


def plain_text(value: object, limit: int) -> str:
    """Return ``value`` in Unicode NFC, spaces folded, at most ``limit`` characters.

    Refuses control, format (right-to-left overrides, zero width), surrogate,
    private and unassigned characters: they make a letter read differently from
    what was signed. A line break is a space.
    """
    if not isinstance(value, str):
        raise TextRefused("not_text")
    # The bound comes before normalising, which may cost more than linear time.
    if len(value) > 4 * limit:
        raise TextRefused("too_long", limit=limit)
    folded = " ".join(unicodedata.normalize("NFC", value).split())
    if not folded:
        raise TextRefused("required")
    if len(folded) > limit:
        raise TextRefused("too_long", limit=limit)
    if any(unicodedata.category(c) in _REFUSED_CATEGORIES for c in folded):
        raise TextRefused("unprintable")
    return folded


def excerpt(text: str, limit: int) -> str:
    """Return a stranger's text as one line of at most ``limit`` printable characters.

    What ``plain_text`` would refuse is left out, so nothing can hide or turn round the
    words beside it; a text that was cut ends with an ellipsis. May be empty.
    """
    folded = unicodedata.normalize("NFC", text[: 4 * limit])
    shown = "".join(
        c if unicodedata.category(c) not in _REFUSED_CATEGORIES else " " for c in folded
    )
    words = " ".join(shown.split())
    return words if len(words) <= limit else words[: limit - 1].rstrip() + "…"


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text as people look for them, each once.

    Without capitals, marks and apostrophes: ``Ma'ruf`` is found as ``maruf``.
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_INSIDE_WORDS))
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return tuple(dict.fromkeys(_WORD.findall(plain)))


def fits(typed: str, text: str) -> bool:
    """Say whether every word typed begins a word of the text, in any order."""
    words = words_of(text)
    return all(any(word.startswith(part) for word in words) for part in words_of(typed))
