"""Supporting documents: what is kept of a photo or a PDF, and what is refused."""

from __future__ import annotations

import io
import random
import zlib
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from issuer.domain.application import DocumentKind
from issuer.domain.errors import InvalidInput
from issuer.rendering import document_reading
from issuer.rendering.bounded_reading import DOCUMENT_READING, BoundedReading
from issuer.rendering.document_intake import MAX_DOCUMENT_BYTES, DocumentIntake
from tests.reading.hostile_parts import (
    chunk,
    deflated_zeros,
    exif,
    jpeg,
    large_jpeg,
    png,
    png_of,
    with_marker,
)

PLACE = b"6 derajat 58 menit lintang selatan"


@pytest.fixture(scope="module")
def intake() -> Iterator[DocumentIntake]:
    intake = DocumentIntake()
    yield intake
    intake.close()


def photo(width: int = 3000, height: int = 2000) -> Image.Image:
    """Return a picture whose left half is red and whose right half is blue."""
    image = Image.new("RGB", (width, height), "red")
    image.paste("blue", (width // 2, 0, width, height))
    return image


def refused(intake: DocumentIntake, data: bytes) -> str:
    with pytest.raises(InvalidInput) as caught:
        intake.take_in(data)
    (problem,) = caught.value.problems
    assert problem.where == "file"
    return problem.code


def pdf(edit: object = None, **saving: object) -> bytes:
    """Return a PDF of one page, perhaps changed before it is saved."""
    document = pikepdf.new()
    document.add_blank_page()
    if callable(edit):
        edit(document)
    out = io.BytesIO()
    document.save(out, **saving)  # type: ignore[arg-type]  # passed through
    return out.getvalue()


def add_script(document: pikepdf.Pdf) -> None:
    action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
    document.Root.OpenAction = document.make_indirect(action)


def add_attachment(document: pikepdf.Pdf) -> None:
    document.attachments["a.exe"] = pikepdf.AttachedFileSpec(document, b"MZ")


def add_launch(document: pikepdf.Pdf) -> None:
    action = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("cmd.exe"))
    document.pages[0].obj.AA = pikepdf.Dictionary(O=document.make_indirect(action))


def test_a_photo_is_made_small_and_written_anew(intake: DocumentIntake) -> None:
    data = with_marker(jpeg(photo(), quality=95), 0xFE, PLACE)
    kind, kept = intake.take_in(data)
    assert kind is DocumentKind.JPEG
    with Image.open(io.BytesIO(kept), formats=("JPEG",)) as image:
        assert image.size == (2000, 1333)
        assert image.getpixel((10, 10))[0] > 200  # type: ignore[index]  # RGB
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_a_small_photo_stays_as_large_as_it_is(intake: DocumentIntake) -> None:
    _kind, kept = intake.take_in(jpeg(photo(300, 200)))
    with Image.open(io.BytesIO(kept)) as image:
        assert image.size == (300, 200)


def test_a_photo_is_turned_upright_and_its_notes_are_gone(intake: DocumentIntake) -> None:
    notes = Image.Exif()
    notes[0x0112] = 6  # the camera lay on its side: to be turned to the right
    notes[0x010E] = PLACE.decode()
    _kind, kept = intake.take_in(jpeg(photo(300, 200), exif=notes))
    assert PLACE not in kept
    with Image.open(io.BytesIO(kept)) as image:
        assert image.size == (200, 300)
        assert not image.getexif()
        top, bottom = image.getpixel((100, 20)), image.getpixel((100, 280))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert top[0] > 200 > bottom[0]


def test_a_second_file_behind_the_picture_is_gone(intake: DocumentIntake) -> None:
    """A polyglot: a JPEG for us, a ZIP or a page with a script for somebody else."""
    for tail in (b"PK\x03\x04" + bytes(50), b"<script>alert(1)</script>"):
        _kind, kept = intake.take_in(jpeg(photo(300, 200)) + tail)
        assert tail not in kept


def test_what_is_transparent_is_white(intake: DocumentIntake) -> None:
    _kind, kept = intake.take_in(png(Image.new("RGBA", (50, 50), (0, 0, 0, 0))))
    with Image.open(io.BytesIO(kept)) as image:
        assert image.getpixel((20, 20)) == (255, 255, 255)


def test_a_photo_of_25_megabytes_is_taken_and_one_byte_more_is_not(
    intake: DocumentIntake,
) -> None:
    chance = random.Random(1)
    noise = Image.frombytes("RGB", (2600, 2000), chance.randbytes(2600 * 2000 * 3))
    data = jpeg(noise, quality=98, subsampling=0)
    data += bytes(MAX_DOCUMENT_BYTES - len(data))
    _kind, kept = intake.take_in(data)
    assert len(kept) < document_reading.MAX_ANSWER_BYTES
    assert refused(intake, data + b"\x00") == "document_too_large"


@pytest.mark.parametrize("brand", [b"heic", b"mif1", b"avif"])
def test_a_heic_photo_is_named_as_such(intake: DocumentIntake, brand: bytes) -> None:
    assert refused(intake, b"\x00\x00\x00\x18ftyp" + brand + bytes(500)) == "document_heic"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "document_missing"),
        (b"GIF89a" + bytes(50), "document_other_kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "document_other_kind"),
        (b"\xff\xd8\xff" + bytes(50), "document_unreadable"),
        (jpeg(photo(300, 200))[:900], "document_unreadable"),
        (large_jpeg(16_000, 12_500), "document_too_many_pixels"),
        (
            png_of(14_000, 14_300, chunk(b"IDAT", deflated_zeros(210_000_000))),
            "document_too_many_pixels",
        ),
        (png_of(2**31 - 1, 2**31 - 1), "document_too_many_pixels"),
    ],
    ids=["empty", "gif", "svg", "noise", "cut", "200 MP jpeg", "200 MP png", "huge"],
)
def test_a_hostile_picture_is_refused_with_what_to_do(
    intake: DocumentIntake, data: bytes, code: str
) -> None:
    assert refused(intake, data) == code


def test_notes_that_were_made_to_hurt_do_not(intake: DocumentIntake) -> None:
    for body in (exif(5000), exif(5000, loop=True)):
        _kind, kept = intake.take_in(with_marker(jpeg(photo(300, 200)), 0xE1, body))
        assert len(kept) < 100_000


def test_a_picture_that_takes_for_ever_is_ended(intake: DocumentIntake) -> None:
    impatient = DocumentIntake(0.02)
    assert refused(impatient, jpeg(photo(6000, 6000))) == "document_unreadable"
    impatient.close()
    assert intake.take_in(jpeg(photo(300, 200)))[0] is DocumentKind.JPEG


def test_a_plain_pdf_is_kept_byte_for_byte(intake: DocumentIntake) -> None:
    for saving in ({}, {"object_stream_mode": pikepdf.ObjectStreamMode.generate}):
        data = pdf(**saving)
        assert intake.take_in(data) == (DocumentKind.PDF, data)


@pytest.mark.parametrize("edit", [add_script, add_attachment, add_launch])
@pytest.mark.parametrize("mode", ["disable", "generate"])
def test_a_pdf_that_does_something_is_refused(
    intake: DocumentIntake, edit: object, mode: str
) -> None:
    data = pdf(edit, object_stream_mode=pikepdf.ObjectStreamMode[mode])
    assert refused(intake, data) == "document_active"


def test_a_script_under_another_spelling_is_refused(intake: DocumentIntake) -> None:
    data = pdf(add_script, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    assert data.count(b"/JavaScript") == 1
    assert refused(intake, data.replace(b"/JavaScript", b"/Java#53cript")) == "document_active"


def test_an_object_stream_of_another_form_is_not_believed(intake: DocumentIntake) -> None:
    body = zlib.compress(b"1 0 << /S /JavaScript >>").hex().encode() + b">"
    head = b"%PDF-1.7\n9 0 obj\n<</Type/ObjStm/Filter[/ASCIIHexDecode/FlateDecode]>>\nstream\n"
    data = head + body + b"\nendstream\nendobj\n%%EOF\n"
    assert refused(intake, data) == "document_unreadable"


def test_a_locked_pdf_is_refused(intake: DocumentIntake) -> None:
    for owner_only in ("", "rahasia"):
        data = pdf(encryption=pikepdf.Encryption(owner="rahasia", user=owner_only))
        assert refused(intake, data) == "document_encrypted"


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\n" + bytes(100) + b"%%EOF",
        pdf()[:200],
        pdf() + b"PK\x03\x04" + bytes(5000),
        b"%PDF-<script>alert(1)</script>" + pdf(),
    ],
    ids=["noise", "cut", "zip behind", "page before"],
)
def test_what_is_not_a_pdf_from_end_to_end_is_refused(intake: DocumentIntake, data: bytes) -> None:
    assert refused(intake, data) == "document_unreadable"


def test_the_process_that_takes_in_is_as_bounded_as_the_one_that_reads() -> None:
    reading = BoundedReading(10.0, DOCUMENT_READING)
    assert reading.ask_bytes(document_reading.PICTURE, b"")[0] == document_reading.UNREADABLE
    (pid,) = reading.idle()
    assert Path(f"/proc/{pid}/environ").read_bytes() == b""
    limits = Path(f"/proc/{pid}/limits").read_text()
    for limit, most in (("Max address space", "480000000"), ("Max processes", "0")):
        (line,) = [line for line in limits.splitlines() if line.startswith(limit)]
        assert line.removeprefix(limit).split()[0] == most
    loaded = Path(f"/proc/{pid}/maps").read_text()
    assert "pypdfium2" in loaded
    assert "cryptography" not in loaded
    reading.close()
