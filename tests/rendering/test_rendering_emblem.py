"""A regency's own emblem: drawn as its author saw it, or refused with a reason."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]  # publishes no types
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops
from reportlab.pdfgen.canvas import Canvas

from issuer.domain.errors import ConfigurationError
from issuer.rendering.emblem import emblem_operators
from issuer.rendering.emblem_files import MAX_BYTES, MAX_ELEMENTS, load_emblems, parse_emblem
from issuer.rendering.fonts import FontSet
from issuer.rendering.letter import PdfRenderer
from tests.programs import run
from tests.rendering.rendering_samples import render, sample_record

SHAPES = (
    '<g fill="#0a5"><path d="M-10 20 90,20 L90 100Q40 180-10 100Z"/></g>'
    '<path fill="#ffffff" fill-rule="evenodd" '
    'd="M10 40L70 40 70 90 10 90ZM20 50L60 50 60 80 20 80Z"/>'
    '<path fill="none" d="M0 30L1 30 1 31Z"/><path d="M30 60C30 50 50 50 50 60Z"/>'
)


def svg(inside: str, attributes: str = 'viewBox="-10 20 100 120"') -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}>{inside}</svg>'.encode()


def drawn(data: bytes) -> Image.Image:
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=(100, 120))
    canvas.addLiteral(emblem_operators(parse_emblem(data), 0, 0, 100))
    canvas.save()
    page = pypdfium2.PdfDocument(buffer.getvalue())[0]
    image: Image.Image = page.render(scale=2).to_pil()
    return image.convert("RGB")


def test_an_emblem_looks_as_in_a_browser(tmp_path: Path) -> None:
    page = tmp_path / "emblem.html"
    picture = svg(SHAPES, 'width="200" height="240" viewBox="-10 20 100 120"').decode()
    page.write_text(f'<body style="margin:0">{picture}', encoding="utf-8")
    shot = tmp_path / "shot.png"
    run(
        "chromium",
        "--headless",
        "--no-sandbox",
        "--window-size=200,240",
        f"--screenshot={shot}",
        page,
    )
    theirs = Image.open(shot).convert("RGB").crop((0, 0, 200, 240))
    ours = drawn(svg(SHAPES))
    difference = ImageChops.difference(theirs, ours).convert("L").point(lambda value: value > 96)
    assert difference.histogram()[1] < 0.01 * 200 * 240
    colours = {colour for _, colour in ours.getcolors(200 * 240) or ()}
    assert {(0, 170, 85), (0, 0, 0), (255, 255, 255)} <= colours


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "not XML"),
        (b"\x89PNG\r\n", "not XML"),
        (b"%PDF-1.7", "not XML"),
        (svg("")[:-3], "not XML"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]>' + svg(SHAPES), "a document type is not allowed"),
        (b"<?xml-stylesheet href='x'?>" + svg(SHAPES), "a processing instruction"),
        (b"<html/>", "the element html"),
        (svg("<script>alert(1)</script>"), "the element script"),
        (svg("<image href='http://example.com/a.png'/>"), "the element image"),
        (svg("<svg viewBox='0 0 1 1'/>"), "the element svg"),
        (svg("<path xmlns='http://example.com' d='M0 0L1 1'/>"), "the element path"),
        (svg("<path d='M0 0L9 9' onclick='a()'/>"), "the attribute onclick of path"),
        (svg("<path d='M0 0L9 9' transform='scale(9)'/>"), "the attribute transform of path"),
        (svg(SHAPES, ""), "viewBox has four numbers"),
        (svg(SHAPES, 'viewBox="0 0 nan 9"'), "viewBox has four numbers"),
        (svg(SHAPES, 'viewBox="0 0 0 9"'), "viewBox is at least"),
        (svg(SHAPES, 'viewBox="0 0 9 90"'), "viewBox is at least"),
        (svg("<path d='m0 0l9 9'/>"), "a path begins with M"),
        (svg("<path d='L9 9'/>"), "a path begins with M"),
        (svg("<path d='M0 0l9 9'/>"), "a path has absolute"),
        (svg("<path d='M0 0A9 9 0 0 1 9 9'/>"), "a path has absolute"),
        (svg("<path d='M0 0 9'/>"), "M has 2 numbers"),
        (svg("<path d='M'/>"), "M has 2 numbers"),
        (svg("<path d='M0 0C1 1 1 1 1'/>"), "C has 6 numbers"),
        (svg("<path d='M0 0Z1'/>"), "Z has 0 numbers"),
        (svg("<path d='M0 1e9'/>"), "a number is beyond"),
        (svg("<path d='M0 0L9 9' fill='url(#a)'/>"), "a fill is"),
        (svg("<path d='M0 0L9 9' fill='red'/>"), "a fill is"),
        (svg("<path d='M0 0L9 9' fill-rule='x'/>"), "fill-rule is"),
        (svg("<title>kosong</title>"), "there is no filled path"),
        (svg("<g>" * 20), "too many elements"),
        (svg("<title/>" * MAX_ELEMENTS), "too many elements"),
        (svg("<path d='M0 0" + "L1 1" * MAX_BYTES + "'/>"), f"more than {MAX_BYTES} bytes"),
    ],
)
def test_what_is_not_in_the_small_part_is_refused(data: bytes, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        parse_emblem(data)


@given(st.text(alphabet="MLCQZmz0123456789.,-+e \n", max_size=60))
def test_no_path_does_anything_but_draw_or_be_refused(data: str) -> None:
    try:
        operators = parse_emblem(svg(f"<path d='{data}'/>")).operators
    except ValueError:
        return
    words = operators.replace("rg", "").split()
    assert {word for word in words if word.isalpha()} <= set("mlchfnW") | {"re", "cm"}


def test_a_folder_of_emblems_is_read_whole_and_every_fault_is_named(tmp_path: Path) -> None:
    assert load_emblems(tmp_path / "nowhere") == {}
    (tmp_path / "kabupaten.svg").write_bytes(svg(SHAPES))
    assert list(load_emblems(tmp_path)) == ["kabupaten"]
    (tmp_path / "palsu.svg").write_bytes(b"\x89PNG")
    (tmp_path / "Nama Lain.svg").write_bytes(svg(SHAPES))
    (tmp_path / "besar.svg").write_bytes(b" " * (MAX_BYTES + 1))
    (tmp_path / "folder.svg").mkdir()
    with pytest.raises(ConfigurationError) as refused:
        load_emblems(tmp_path)
    said = str(refused.value)
    assert all(name in said for name in ("palsu", "Nama Lain", "besar", "folder"))


def test_a_letter_shows_the_emblem_its_letterhead_names(fonts: FontSet, tmp_path: Path) -> None:
    (tmp_path / "hitam.svg").write_bytes(svg("<path d='M-10 20L90 20 90 140-10 140Z'/>"))
    renderer = PdfRenderer(fonts, emblems=load_emblems(tmp_path))
    record = replace(sample_record(), letterhead_emblem="hitam")
    shown = pypdfium2.PdfDocument(render(renderer, record).pdf)[0].render(scale=1).to_pil()
    # The upper left of the letterhead, 30 mm from the left and 12 mm from the top.
    assert shown.convert("L").getpixel((90, 45)) == 0
    assert render(renderer, sample_record()).pdf == render(PdfRenderer(fonts), sample_record()).pdf
