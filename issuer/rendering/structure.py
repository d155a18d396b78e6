"""What each part of a letter is, for software that reads it aloud: its structure tree.

Whatever is drawn belongs to one element or is an artifact, a decoration nobody needs
to hear of. Elements know their parent and stand in the order in which they were first
drawn, so a tree needs no plan. Source: ISO 32000-1, 14.7 and 14.8; ISO 14289-1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

_ARTIFACT = "Artifact"


@dataclass(frozen=True, slots=True, eq=False)
class Element:
    """A part of the letter, such as a paragraph; two alike are still two.

    ``role`` is a standard structure type, ``entries`` further entries of its
    dictionary in PDF syntax. Without a parent it stands below the document.
    """

    role: str
    parent: Element | None = None
    entries: str = ""

    @property
    def is_artifact(self) -> bool:
        """True when it is kept out of the tree."""
        return self.role == _ARTIFACT


DECORATION = Element(_ARTIFACT)
PAGE_HEAD = Element(_ARTIFACT, entries="/Type /Pagination /Subtype /Header /Attached [/Top]")
PAGE_FOOT = Element(_ARTIFACT, entries="/Type /Pagination /Subtype /Footer /Attached [/Bottom]")
BACKGROUND = Element(_ARTIFACT, entries="/Type /Background")

COLUMN_HEADER = "/A << /O /Table /Scope /Column >>"
ROW_HEADER = "/A << /O /Table /Scope /Row >>"
NUMBERED = "/A << /O /List /ListNumbering /Decimal >>"


def text_string(text: str) -> str:
    """Return a text as a string of PDF syntax (ISO 32000-1, 7.9.2.2)."""
    return f"<FEFF{text.encode('utf-16-be').hex().upper()}>"


_Kid = Element | tuple[int, int] | str
"""An element, marked content (a page's index, a number there), or an annotation's name."""


class StructureTree:
    """The tree of one file, growing while pages are drawn; written once, at the end.

    ``document`` is ReportLab's; every page must have been begun before it is marked.
    """

    def __init__(self, document: Any) -> None:
        self._document = document
        self._top = Element("Document")
        self._kids: dict[Element, list[_Kid]] = {self._top: []}
        # By key of the parent tree: the elements of a page, or that of an annotation.
        self._parents: list[list[Element] | Element] = []
        self._page: list[Element] = []
        self._pages = 0

    def begin_page(self) -> int:
        """Begin a page and return its key in the parent tree."""
        self._page = []
        self._parents.append(self._page)
        self._pages += 1
        return len(self._parents) - 1

    def mark(self, element: Element) -> str:
        """Return the operator that begins content of an element on this page."""
        if element.is_artifact:
            return f"/Artifact << {element.entries} >> BDC" if element.entries else "/Artifact BMC"
        number = len(self._page)
        self._page.append(element)
        self._adopt(element).append((self._pages - 1, number))
        return f"/{element.role} << /MCID {number} >> BDC"

    def add_annotation(self, element: Element, name: str) -> int:
        """Make an annotation part of an element and return its key in the parent tree.

        ``name`` is that of the annotation's object in the document.
        """
        self._adopt(element).append(name)
        self._parents.append(element)
        return len(self._parents) - 1

    def write(self) -> Any:
        """Add the tree to the document, whose pages are complete; return its root."""
        root = self._document.objectcounter + 1
        numbers = {element: root + 1 + index for index, element in enumerate(self._kids)}
        parents = " ".join(
            f"{key} {numbers[entry]} 0 R"
            if isinstance(entry, Element)
            else f"{key} [{' '.join(f'{numbers[element]} 0 R' for element in entry)}]"
            for key, entry in enumerate(self._parents)
        )
        reference = self._document.Reference(
            f"<< /Type /StructTreeRoot /K {root + 1} 0 R /ParentTree << /Nums [{parents}] >>"
            f" /ParentTreeNextKey {len(self._parents)} >>".encode(),
            "StructureTree",
        )
        for element, kids in self._kids.items():
            above = numbers[element.parent or self._top] if element is not self._top else root
            page = next((kid[0] for kid in kids if isinstance(kid, tuple)), None)
            written = " ".join(self._written(kid, page, numbers) for kid in kids)
            parts = [f"<< /S /{element.role} /P {above} 0 R"]
            if element.entries:
                parts.append(element.entries)
            if page is not None:
                parts.append(f"/Pg {self._page_number(page)} 0 R")
            parts.append(f"/K {written} >>" if len(kids) == 1 else f"/K [{written}] >>")
            self._document.Reference(" ".join(parts).encode(), f"Structure{numbers[element]}")
        return reference

    def _adopt(self, element: Element) -> list[_Kid]:
        """Return the kids of an element, which takes its place in the tree if it is new."""
        kids = self._kids.get(element)
        if kids is None:
            self._adopt(element.parent or self._top).append(element)
            kids = self._kids[element] = []
        return kids

    def _written(self, kid: _Kid, page: int | None, numbers: dict[Element, int]) -> str:
        """Return a kid of an element whose dictionary names a page."""
        if isinstance(kid, Element):
            return f"{numbers[kid]} 0 R"
        if isinstance(kid, str):
            # Annotations are the signatures', and those stand on the last page.
            last = self._page_number(self._pages - 1)
            return f"<< /Type /OBJR /Obj {self._number(kid)} 0 R /Pg {last} 0 R >>"
        if kid[0] == page:
            return str(kid[1])
        return f"<< /Type /MCR /Pg {self._page_number(kid[0])} 0 R /MCID {kid[1]} >>"

    def _page_number(self, index: int) -> int:
        return self._number(f"Page{index + 1}")

    def _number(self, name: str) -> int:
        number: int = self._document.idToObjectNumberAndVersion[name][0]
        return number
