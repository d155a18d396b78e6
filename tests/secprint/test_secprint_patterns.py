"""The patterns: bound to the record, within their budget, and out of the way."""

from __future__ import annotations

import re
import zlib
from dataclasses import replace
from io import BytesIO
from itertools import combinations
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pikepdf
import pypdfium2  # type: ignore[import-untyped]  # publishes no types
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from issuer.domain.presentation import Paper, Variant
from issuer.domain.record import LetterRecord
from issuer.rendering.artifacts import Artwork, Ground
from issuer.rendering.security.microtext import microtext
from issuer.rendering.security.printing import PatternPrinter
from issuer.rendering.security.redrawing import PatternRedrawer
from issuer.rendering.security.relief import relief
from issuer.rendering.security.rosette import RADIUS, rosette_layers, rosette_operators
from tests.programs import run
from tests.rendering.rendering_samples import CODE, longest_record, sample_record
from tests.secprint.secprint_letters import pdf_of, record_of

Picture = npt.NDArray[np.float64]

MM = 72 / 25.4
SCALE = 300 / 72
DIGESTS = 60
HOME_BYTES, COUNTER_BYTES, ELEMENT_BYTES = 12_000, 24_000, 4_000
PAINTS = {"S", "s", "f", "f*", "B", "b", "n"}
CONSTRUCTS = {"m", "l", "c", "re", "h"}
CLIPS = {"W", "W*"}


def ground(page: int = 1) -> Ground:
    """A page like a real one: number, ten rows of data, QR and signature frame."""
    rows = tuple((115.0, 600.0 - 16 * row, 538.0, 614.0 - 16 * row) for row in range(10))
    return Ground(
        page=page,
        pages=2,
        width=210 * MM,
        height=297 * MM,
        text=(30 * MM, 25 * MM, 190 * MM, 700.0),
        clear=((78.0, 100.0, 195.0, 215.0), (315.0, 90.0, 538.0, 140.0)),
        data=((85.0, 664.0, 538.0, 678.0), *rows),
        code=CODE,
        shown=lambda text: [("/F1", f"({text})")],
    )


def size_of(*artworks: Artwork) -> int:
    objects = {name: x for artwork in artworks for name, x in artwork.xobjects.items()}
    operators = "".join(artwork.operators for artwork in artworks)
    return len(zlib.compress(operators.encode())) + sum(
        len(x.data) + len(x.entries) for x in objects.values()
    )


def rosette_picture(digest: bytes) -> Picture:
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=(2 * RADIUS + 2, 2 * RADIUS + 2))
    canvas.addLiteral(rosette_operators(rosette_layers(digest), RADIUS + 1, RADIUS + 1))
    canvas.save()
    page = pypdfium2.PdfDocument(buffer.getvalue())[0]
    # Drawn fine and then reduced: from afar the dashes of a line are one line.
    fine = page.render(scale=16).to_pil().convert("L")
    return np.asarray(fine.reduce(8), dtype=np.float64)


def page_picture(pdf: bytes) -> Picture:
    page = pypdfium2.PdfDocument(pdf)[0]
    return np.asarray(page.render(scale=SCALE).to_pil().convert("L"), dtype=np.float64)


def alike(a: Picture, b: Picture) -> float:
    """Return how two drawings correlate where either has ink."""
    ink = (a < 250) | (b < 250)
    return float(np.corrcoef(a[ink], b[ink])[0, 1])


@pytest.mark.parametrize(
    ("variant", "budget"), [(Variant.HOME, HOME_BYTES), (Variant.COUNTER, COUNTER_BYTES)]
)
def test_patterns_stay_within_their_budget(variant: Variant, budget: int) -> None:
    printer, sizes = PatternPrinter(), []
    for number in range(DIGESTS):
        record = record_of(number, variant)
        below, above = printer.below(record, ground()), printer.above(record, ground())
        sizes.append(size_of(below, above))
        assert all(len(x.data) <= ELEMENT_BYTES for x in below.xobjects.values())
        assert len(zlib.compress(below.operators.encode())) <= ELEMENT_BYTES
    assert max(sizes) <= budget
    assert len({relief(f"{n:012d}").data for n in range(DIGESTS)}) == DIGESTS


@pytest.mark.parametrize("variant", list(Variant))
def test_the_same_record_gives_the_same_bytes_and_another_gives_others(variant: Variant) -> None:
    first, again, other = record_of(1, variant), record_of(1, variant), record_of(2, variant)
    assert pdf_of(first) == pdf_of(again)
    printer = PatternPrinter()
    different = printer.below(first, ground()) != printer.below(other, ground())
    assert different == (variant is not Variant.OFF)


def test_no_pattern_is_drawn_when_the_record_says_off() -> None:
    printer, record = PatternPrinter(), record_of(1, Variant.OFF)
    assert printer.below(record, ground()) == printer.above(record, ground()) == Artwork()


def test_only_the_counter_has_the_copy_evident_panel_and_only_on_the_first_page() -> None:
    printer = PatternPrinter()
    panels = [
        "SpCopy" in printer.below(record_of(1, variant), ground(page)).xobjects
        for variant in (Variant.HOME, Variant.COUNTER)
        for page in (1, 2)
    ]
    assert panels == [False, False, True, False]


def test_one_character_changes_the_rosette_for_the_eye() -> None:
    record = sample_record()
    name = record.holder["name"]
    changed = [record] + [
        replace(record, holder={**record.holder, "name": name[:-1] + letter}) for letter in "abcde"
    ]
    pictures = [rosette_picture(one.digest()) for one in changed]
    assert max(alike(a, b) for a, b in combinations(pictures, 2)) < 0.25
    assert alike(pictures[0], rosette_picture(record.digest())) > 0.99


def test_the_rosette_of_the_verification_page_is_that_of_the_paper(tmp_path: Path) -> None:
    digest = sample_record().digest()
    paper = rosette_picture(digest)
    side = 4 * paper.shape[0]
    svg = PatternRedrawer().rosette_svg(digest)
    svg = re.sub(r'width="\d+" height="\d+"', f'width="{side}" height="{side}"', svg)
    page, shot = tmp_path / "rosette.html", tmp_path / "rosette.png"
    page.write_text(
        f'<!doctype html><body style="margin:0;overflow:hidden">{svg}', encoding="utf-8"
    )
    run(
        "chromium",
        "--headless",
        "--no-sandbox",
        f"--window-size={side},{side}",
        f"--screenshot={shot}",
        page,
    )
    seen = Image.open(shot).convert("L").crop((0, 0, side, side)).reduce(4)
    screen = np.asarray(seen, dtype=np.float64)
    others = [rosette_picture(record_of(n, Variant.HOME).digest()) for n in range(1, 6)]
    assert alike(paper, screen) > 0.7
    assert max(alike(other, screen) for other in others) < 0.25


def test_on_a_screen_no_pattern_is_a_black_patch() -> None:
    """Chrome's engine at 96 dpi, where no line is thinner than a pixel."""
    boxes = {
        "relief": (50, 280, 76, 562),
        "rosette": (497, 742, 564, 810),
        "border": (99, 14, 499, 26),
    }
    limits = {"relief": 0.36, "rosette": 0.5, "border": 0.33}
    scale = 96 / 72
    for number in range(12):
        page = pypdfium2.PdfDocument(pdf_of(record_of(number, Variant.HOME)))[0]
        light = np.asarray(page.render(scale=scale).to_pil().convert("L"), dtype=np.float64)
        for name, (left, bottom, right, top) in boxes.items():
            low, high = (len(light) - round(y * scale) for y in (bottom, top))
            part = light[high:low, round(left * scale) : round(right * scale)]
            assert 0.05 < (255 - part).mean() / 255 < limits[name], (number, name)


@pytest.mark.parametrize("variant", [Variant.HOME, Variant.COUNTER])
def test_what_must_stay_free_stays_free(variant: Variant) -> None:
    """The page with patterns, less the same page without them: white where nothing may be."""
    plain, patterned = pdf_of(record_of(3, Variant.OFF)), pdf_of(record_of(3, variant))
    added = page_picture(plain) != page_picture(patterned)
    # The clipping path: the page, then every hole in it.
    with pikepdf.open(BytesIO(patterned)) as file:
        clip = re.search(rb"q ((?:[-\d.]+ ){4}re )+W\* n", file.pages[0].Contents.read_bytes())
    assert clip is not None
    boxes = re.findall(rb"([-\d.]+) ([-\d.]+) ([-\d.]+) ([-\d.]+) re", clip[0])
    assert len(boxes) == 3
    for box in boxes[1:]:
        left, bottom, width, height = (float(value) * SCALE for value in box)
        low, high = (len(added) - round(y) for y in (bottom, bottom + height))
        assert not added[high + 1 : low - 1, round(left) + 1 : round(left + width) - 1].any()
    # Little toner more than the letter itself needs.
    white = (255 - page_picture(plain)).mean() / 255
    assert 0.005 < (255 - page_picture(patterned)).mean() / 255 - white < 0.03


@pytest.mark.parametrize(
    "record",
    [
        record_of(4, Variant.HOME),
        record_of(4, Variant.COUNTER),
        replace(longest_record("usaha"), variant=Variant.COUNTER, paper=Paper.F4),
    ],
)
def test_operators_are_legal_and_only_black_white_and_opaque(record: LetterRecord) -> None:
    with pikepdf.open(BytesIO(pdf_of(record))) as file:
        streams = []
        for page in file.pages:
            streams.append(pikepdf.parse_content_stream(page))
            for name, item in page.Resources.XObject.items():
                assert name.startswith("/Sp")
                if item.Subtype == "/Form":
                    streams.append(pikepdf.parse_content_stream(item))
                else:
                    assert item.ImageMask
                    assert not item.Interpolate
            assert "/ExtGState" not in page.Resources
    for stream in streams:
        depth, path = 0, False
        for instruction in stream:
            word = str(instruction.operator)
            if path:
                assert word in CONSTRUCTS | CLIPS | PAINTS, f"{word} inside a path"
            path = (path or word in CONSTRUCTS) and word not in PAINTS
            depth += {"q": 1, "Q": -1}.get(word, 0)
            assert depth >= 0
            assert word not in {"gs", "sh", "k", "K", "cs", "CS"}
            if word in {"g", "G"}:
                assert float(instruction.operands[0]) in (0, 0.9, 1)
        assert depth == 0
        assert not path


def test_microtext_names_number_name_and_code_and_no_nik() -> None:
    record = record_of(1, Variant.HOME)
    text = microtext(record.number, record.holder["name"], CODE)
    assert text == f"{record.number}.BUDI.REKAAN.SANTOSO.7K3M-Q2W9-XA4T."
    assert record.holder["nik"] not in text
    assert microtext("1", "José é", CODE).startswith("1.JOSé.é.")


@pytest.mark.parametrize("variant", [Variant.HOME, Variant.COUNTER])
def test_the_widest_name_does_not_leave_the_line(variant: Variant, tmp_path: Path) -> None:
    pdf = tmp_path / "wide.pdf"
    pdf.write_bytes(pdf_of(replace(longest_record("usaha"), variant=variant)))
    words = run("pdftotext", "-bbox", pdf, "-")
    ends = [
        float(match[1])
        for match in re.finditer(r'xMax="([\d.]+)" yMax="[\d.]+">[^<]*7K3M-Q2W9-XA4T\.', words)
    ]
    assert len(ends) == 2
    assert max(ends) <= 190 * MM + 0.1
