"""What each part of a letter is, for software that reads it aloud: its structure tree.

Whatever is drawn belongs to one element or is an artifact, a decoration nobody needs
to hear of. Elements know their parent and stand in the order in which they were first
drawn, so a tree needs no plan. Source: ISO 32000-1, 14.7 and 14.8; ISO 14289-1.
"""

from __future__ import annotations

from dataclasses import dataclass

from issuer.rendering.pdf_file import PdfFile

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


_Kid = Element | tuple[int, int] | int
"""An element, marked content (a page's object, a number there), or an annotation's object."""


class StructureTree:
    """The tree of one file, growing while pages are drawn; written once, at the end."""

    def __init__(self) -> None:
        self._top = Element("Document")
        self._kids: dict[Element, list[_Kid]] = {self._top: []}
        # By key of the parent tree: the elements of a page, or that of an annotation.
        self._parents: list[list[Element] | Element] = []
        self._page: list[Element] = []
        self._page_number = 0

    def begin_page(self, number: int) -> int:
        """Begin the page with this object number and return its key in the parent tree."""
        self._page, self._page_number = [], number
        self._parents.append(self._page)
        return len(self._parents) - 1

    def mark(self, element: Element) -> str:
        """Return the operator that begins content of an element on this page."""
        if element.is_artifact:
            return f"/Artifact << {element.entries} >> BDC" if element.entries else "/Artifact BMC"
        number = len(self._page)
        self._page.append(element)
        self._adopt(element).append((self._page_number, number))
        return f"/{element.role} << /MCID {number} >> BDC"

    def add_annotation(self, element: Element, number: int) -> int:
        """Make an annotation of this page part of an element; return its parent tree key.

        ``number`` is that of the annotation's object.
        """
        self._adopt(element).append(number)
        self._parents.append(element)
        return len(self._parents) - 1

    def write(self, file: PdfFile) -> int:
        """Add the tree to the file, whose pages are complete; return the root's number."""
        root = file.reserve()
        numbers = {element: file.reserve() for element in self._kids}
        parents = " ".join(
            f"{key} {numbers[entry]} 0 R"
            if isinstance(entry, Element)
            else f"{key} [{' '.join([f'{numbers[element]} 0 R' for element in entry])}]"
            for key, entry in enumerate(self._parents)
        )
        file.add(
            f"<< /Type /StructTreeRoot /K {numbers[self._top]} 0 R"
            f" /ParentTree << /Nums [{parents}] >>"
            f" /ParentTreeNextKey {len(self._parents)} >>".encode(),
            root,
        )
        for element, kids in self._kids.items():
            above = numbers[element.parent or self._top] if element is not self._top else root
            page = next((kid[0] for kid in kids if isinstance(kid, tuple)), None)
            written = " ".join([self._written(kid, page, numbers) for kid in kids])
            on_page = "" if page is None else f" /Pg {page} 0 R"
            entries = f" {element.entries}" if element.entries else ""
            all_kids = written if len(kids) == 1 else f"[{written}]"
            content = f"<< /S /{element.role} /P {above} 0 R{entries}{on_page} /K {all_kids} >>"
            file.add(content.encode(), numbers[element])
        return root

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
        if isinstance(kid, int):
            # Annotations are the signatures', and those stand on the last page.
            return f"<< /Type /OBJR /Obj {kid} 0 R /Pg {self._page_number} 0 R >>"
        if kid[0] == page:
            return str(kid[1])
        return f"<< /Type /MCR /Pg {kid[0]} 0 R /MCID {kid[1]} >>"
