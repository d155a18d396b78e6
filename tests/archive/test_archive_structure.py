"""What a screen reader is given: tags, their order, and words for what is drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

import pikepdf
import pytest

from issuer.domain.record import LetterRecord
from tests.archive.archive_letters import (
    BLOCKS,
    ENDORSER,
    LETTERS,
    blocks_on_pages,
    draft,
    record_of,
    signed,
)
from tests.archive.structure_reading import Node, drawn_by, tree_of
from tests.rendering.rendering_samples import CODE, HOST, SLOT
from tests.rendering.test_rendering_letter import qr_box

FILES = (*LETTERS, "a draft", "every block")
PARENTS = {
    "TR": {"Table"},
    "TH": {"TR"},
    "TD": {"TR"},
    "Caption": {"Table"},
    "LI": {"L"},
    "Lbl": {"LI"},
    "LBody": {"LI"},
}


def file_of(name: str) -> bytes:
    if name == "a draft":
        return draft()
    return blocks_on_pages() if name == "every block" else signed(name)


@contextmanager
def opened(name: str) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(BytesIO(file_of(name))) as pdf:
        yield pdf


def spoken(pdf: pikepdf.Pdf, node: Node | None = None) -> str:
    """Return the words of the tree in their order."""
    texts = drawn_by(pdf).texts
    return " ".join(texts[marked] for marked in (node or tree_of(pdf)).marked())


@pytest.mark.parametrize("name", FILES)
def test_whatever_is_drawn_is_in_the_tree_once_or_an_artifact(name: str) -> None:
    with opened(name) as pdf:
        drawn = drawn_by(pdf)
        assert drawn.unmarked == []
        assert drawn.artifacts
        assert Counter(tree_of(pdf).marked()) == Counter(drawn.texts.keys())
        assert pdf.Root.MarkInfo.Marked == True  # noqa: E712 - a PDF value


@pytest.mark.parametrize("name", FILES)
def test_the_parent_tree_leads_back_from_each_mark_and_each_field(name: str) -> None:
    with opened(name) as pdf:
        numbers = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
        parents = dict(zip(map(int, numbers[::2]), numbers[1::2], strict=True))
        for node in tree_of(pdf).walk():
            for kid in node.kids:
                if isinstance(kid, tuple):
                    page = pdf.pages[kid[0]]
                    assert parents[int(page.StructParents)][kid[1]].objgen == node.entries.objgen
                elif not isinstance(kid, Node):
                    assert parents[int(kid.StructParent)].objgen == node.entries.objgen
        assert all(page.Tabs == "/S" for page in pdf.pages)


@pytest.mark.parametrize("name", FILES)
def test_elements_stand_where_they_may(name: str) -> None:
    with opened(name) as pdf:
        tree = tree_of(pdf)
        assert tree.role == "Document"
        for node in tree.walk():
            assert node.kids
            for kid in node.kids:
                if isinstance(kid, Node) and kid.role in PARENTS:
                    assert node.role in PARENTS[kid.role]
        assert sum(node.role == "H1" for node in tree.walk()) == 1
        for table in (node for node in tree.walk() if node.role == "Table"):
            rows = [kid for kid in table.kids if isinstance(kid, Node) and kid.role == "TR"]
            assert len({len(row.kids) for row in rows}) == 1
            for cell in table.walk():
                assert cell.role != "TH" or cell.entries.A.Scope in ("/Row", "/Column")


@pytest.mark.parametrize("name", LETTERS)
def test_the_letter_is_read_in_the_order_of_its_thought(name: str) -> None:
    record = record_of(name)
    in_order = [
        record.letterhead_lines[-1],
        record.title.upper(),
        f"Nomor : {record.number}",
        "Nama :",
        record.holder["name"][:15],
        "Demikian",
        f"{record.place}, 24 November 2026",
        "Ditandatangani secara elektronik oleh",
        record.signer.name[:20],
        *(["Mengetahui,", ENDORSER.name] if record.endorser else []),
        f"Periksa hanya di {HOST}",
        f"Kode verifikasi: {CODE[:4]}",
        "tidak disertifikasi",
    ]
    with opened(name) as pdf:
        words = " ".join(spoken(pdf).split())
        places, at = [], 0
        for part in in_order:
            at = words.index(part, at)
            places.append(at)
        assert words.count("tidak disertifikasi") == 1
        assert "Halaman" not in words


def test_words_stay_apart_from_one_line_to_the_next() -> None:
    """Some readers add nothing where a line ends."""
    with opened("domisili") as pdf:
        texts = drawn_by(pdf).texts.values()
        (opening,) = (text for text in texts if text.startswith("Yang bertanda"))
    assert "Kecamatan Dander,  Kabupaten Bojonegoro" in opening


@pytest.mark.parametrize("name", LETTERS)
def test_the_qr_says_what_it_is_for_and_where_it_stands(name: str) -> None:
    with opened(name) as pdf:
        (figure,) = (node for node in tree_of(pdf).walk() if node.role == "Figure")
        alternative = str(figure.entries.Alt)
        box = [float(value) for value in figure.entries.A.BBox]
    assert alternative.startswith("Kode QR")
    assert HOST in alternative
    if "F4" not in name:
        assert box == pytest.approx(qr_box(signed(name)), abs=1.5)


@pytest.mark.parametrize("name", LETTERS)
def test_every_signature_is_a_form_field_with_a_name(name: str) -> None:
    record = record_of(name)
    signers = [SLOT.signer_name]
    if record.endorser:
        signers.append(record.endorser.name)
    with opened(name) as pdf:
        fields = [
            kid
            for node in tree_of(pdf).walk()
            if node.role == "Form"
            for kid in node.kids
            if isinstance(kid, pikepdf.Object)
        ]
        assert [str(one.TU) for one in fields] == [
            f"Tanda tangan elektronik {signer}" for signer in signers
        ]
        assert [one.objgen for one in fields] == [one.objgen for one in pdf.Root.AcroForm.Fields]


@pytest.mark.parametrize("name", LETTERS)
def test_the_record_travels_in_the_file(name: str) -> None:
    with opened(name) as pdf:
        (attachment,) = pdf.Root.AF
        assert attachment.AFRelationship == "/Data"
        assert str(attachment.UF) == "surat.json"
        assert attachment.EF.F.Subtype == "/application/json"
        assert pdf.Root.Names.EmbeddedFiles.Names[1].objgen == attachment.objgen
        data = bytes(attachment.EF.F.read_bytes())
    assert LetterRecord.from_canonical(data) == record_of(name)


def test_a_draft_has_no_record_in_it() -> None:
    with opened("a draft") as pdf:
        assert "/AF" not in pdf.Root
        assert "/Names" not in pdf.Root


def test_a_repeated_table_header_is_said_once() -> None:
    table = next(block for block in BLOCKS if hasattr(block, "header"))
    with opened("every block") as pdf:
        drawn = drawn_by(pdf)
        assert len(pdf.pages) >= 3
        for header in table.header:
            assert drawn.artifacts.count(header) == len(pdf.pages) - 1
            assert [text.strip() for text in drawn.texts.values()].count(header) == 1


def test_another_language_is_marked_as_such() -> None:
    with opened("every block") as pdf:
        english = [node for node in tree_of(pdf).walk() if "/Lang" in node.entries]
        (paragraph,) = english
        assert str(paragraph.entries.Lang) == "en"
        assert spoken(pdf, paragraph).startswith("This certifies")
        assert str(pdf.Root.Lang) == "id-ID"
