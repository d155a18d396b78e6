"""What a browser calls itself, in two words that its owner knows again."""

from __future__ import annotations

_MOST_READ = 300
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("UCBrowser", "UC Browser"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
"""In this order: most browsers also name the ones they wish to be taken for."""


def device_name(user_agent: str) -> str:
    """Return such as ``Chrome, Android``; nothing of a stranger's text gets into it."""
    shown = user_agent[:_MOST_READ]
    browser = next((name for mark, name in _BROWSERS if mark in shown), "?")
    system = next((name for mark, name in _SYSTEMS if mark in shown), "?")
    return f"{browser}, {system}"
