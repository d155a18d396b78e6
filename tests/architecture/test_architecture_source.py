"""What stands in the source, and what must not: by reading all of it."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "issuer"
_CRYPTOGRAPHY = re.compile(
    r"^(?:from|import) (?:authlib|cryptography|hashlib|hmac|joserfc|secrets|webauthn)\b", re.M
)
_OF_A_SCRIPT = re.compile(
    r"\b(?:innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment"
    r"|eval\(|new Function|setTimeout\(['\"`]|localStorage|sessionStorage|document\.cookie)"
)
_OF_A_PAGE = re.compile(
    r"<script(?![^>]*\bsrc=)|\son[a-z]+=[\"']|javascript:|\|\s*safe\b|<style|\sstyle=[\"']"
)


def module_of(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").as_posix()


def test_the_inventory_of_cryptography_is_whole() -> None:
    """A module that begins to hash, sign, seal or draw secrets has to say for what."""
    text = (ROOT / "keys/README.md").read_text(encoding="utf-8")
    inventory = text.split("## What is used for what")[1].split("\n## ")[0]
    named = set(re.findall(r"`([a-z_]+(?:/[a-z_]+)*)`", inventory))
    using = {
        module_of(path)
        for path in PACKAGE.rglob("*.py")
        if _CRYPTOGRAPHY.search(path.read_text(encoding="utf-8"))
    }
    assert len(using) > 30
    assert using - named == set()
    modules = {module_of(path) for path in PACKAGE.rglob("*.py")}
    assert {name for name in named if "/" in name} <= modules
    assert named & modules <= using


def test_no_script_of_ours_writes_markup_runs_text_or_keeps_anything() -> None:
    scripts = [
        path
        for folder in ("static", "offline")
        for path in (ROOT / "templates" / folder).glob("*.js")
    ]
    assert len(scripts) > 10
    assert {
        f"{path.name}: {found[0]}"
        for path in scripts
        if (found := _OF_A_SCRIPT.search(path.read_text(encoding="utf-8")))
    } == set()
    # So that the pattern is known to find what it looks for.
    assert _OF_A_SCRIPT.search("place.innerHTML = said")


def test_no_page_holds_a_script_a_style_or_unescaped_text() -> None:
    pages = list((ROOT / "templates/web").rglob("*.html"))
    assert len(pages) > 50
    assert {
        f"{path.name}: {found[0]}"
        for path in pages
        if (found := _OF_A_PAGE.search(path.read_text(encoding="utf-8")))
    } == set()
    assert _OF_A_PAGE.search('<a href="#" onclick="go()">')


def test_no_page_takes_the_address_for_the_form() -> None:
    """Which of the two is meant is said at each place, so that one cannot stand for the other."""
    assert [
        path.name
        for path in (PACKAGE / "web").rglob("*.py")
        if re.search(r"\brequest\.values\b", path.read_text(encoding="utf-8"))
    ] == []
