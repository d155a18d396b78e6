"""A letter's structure tree as pikepdf reads it, and what its pages draw."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf

PAINTING = {"Tj", "TJ", "'", '"', "S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "Do", "sh", "EI"}
Marked = tuple[int, int]
"""A page's index and a number there."""


@dataclass
class Node:
    """An element with its kids: elements, marked contents, and annotations."""

    role: str
    entries: Any
    kids: list[Node | Marked | pikepdf.Object] = field(default_factory=list)

    def walk(self) -> Iterator[Node]:
        """Yield this element and all below it, in reading order."""
        yield self
        for kid in self.kids:
            if isinstance(kid, Node):
                yield from kid.walk()

    def marked(self) -> list[Marked]:
        """Return the marked contents of this element and those below, in reading order."""
        found: list[Marked] = []
        for kid in self.kids:
            if isinstance(kid, Node):
                found += kid.marked()
            elif isinstance(kid, tuple):
                found.append(kid)
        return found


@dataclass
class Drawn:
    """What a page draws: text by marked content, and operators that belong to nothing."""

    texts: dict[Marked, str] = field(default_factory=dict)
    artifacts: list[str] = field(default_factory=list)
    unmarked: list[str] = field(default_factory=list)


def tree_of(pdf: pikepdf.Pdf) -> Node:
    """Return the root element, after checking that kids and parents agree."""
    pages = {page.objgen: index for index, page in enumerate(pdf.pages)}
    root = pdf.Root.StructTreeRoot
    return _node(root.K, root, pages)


def _node(element: Any, parent: Any, pages: dict[Any, int]) -> Node:
    assert element.P.objgen == parent.objgen
    node = Node(str(element.S)[1:], element)
    kids = element.K if isinstance(element.K, pikepdf.Array) else [element.K]
    for kid in kids:
        if isinstance(kid, int):
            node.kids.append((pages[element.Pg.objgen], kid))
        elif kid.get("/Type") == "/MCR":
            node.kids.append((pages[kid.Pg.objgen], int(kid.MCID)))
        elif kid.get("/Type") == "/OBJR":
            node.kids.append(kid.Obj)
        else:
            node.kids.append(_node(kid, element, pages))
    return node


def drawn_by(pdf: pikepdf.Pdf) -> Drawn:
    """Read every page's operators."""
    drawn = Drawn()
    for index, page in enumerate(pdf.pages):
        cmaps = {name: _characters(font) for name, font in page.Resources.Font.items()}
        inside: list[Marked | None] = []
        characters: dict[int, str] = {}
        for instruction in pikepdf.parse_content_stream(page):
            operands, name = list(instruction.operands), str(instruction.operator)
            if name in ("BDC", "BMC"):
                assert not inside, "marked content within marked content"
                inside.append(_marked(index, operands))
            elif name == "EMC":
                inside.pop()
            elif name == "Tf":
                characters = cmaps[str(operands[0])]
            elif name in PAINTING:
                _note(drawn, inside, name, operands, characters)
        assert not inside
    return drawn


def _marked(page: int, operands: list[Any]) -> Marked | None:
    if operands[0] == "/Artifact":
        return None
    return page, int(operands[1].MCID)


def _note(
    drawn: Drawn,
    inside: list[Marked | None],
    name: str,
    operands: list[Any],
    characters: dict[int, str],
) -> None:
    text = ""
    if name == "Tj":
        text = "".join(characters[code] for code in bytes(operands[0]))
    if not inside:
        drawn.unmarked.append(name)
    elif (marked := inside[-1]) is None:
        drawn.artifacts.append(text or name)
    else:
        before = drawn.texts.get(marked)
        drawn.texts[marked] = text if before is None else f"{before} {text}"


def _characters(font: Any) -> dict[int, str]:
    """Return what a font's codes mean, from its ToUnicode map."""
    cmap = bytes(font.ToUnicode.read_bytes()).decode()
    pairs = re.findall(r"^<(..)> <(.+)>$", cmap.partition("beginbfchar")[2], re.MULTILINE)
    return {int(code, 16): bytes.fromhex(to).decode("utf-16-be") for code, to in pairs}
