"""Letters as people send them: photos from 12-megapixel telephones, scans, prints to PDF."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import qrcode
from PIL import Image, ImageOps

from issuer.bootstrap import Composition
from issuer.domain.errors import DependencyUnavailable
from issuer.domain.letter import Letter
from issuer.domain.verdict import Check, Checks, Reason, SignatureKind, Verdict
from issuer.rendering.decoding import ZxingDecoder
from tests.offices import OPERATOR, Clock, compose_office, issue, pdf_of
from tests.programs import run
from tests.reading.phone_photos import photograph


@dataclass(frozen=True)
class Printed:
    """A letter on paper, 600 dots to the inch, and the office that issued it."""

    office: Composition
    letter: Letter
    pdf: bytes
    page: Image.Image

    def scan(self, dpi: int) -> Image.Image:
        size = (round(8.27 * dpi), round(11.69 * dpi))
        return self.page.resize(size, Image.Resampling.BOX)


@pytest.fixture(scope="module")
def printed(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Printed]:
    folder = tmp_path_factory.mktemp("printed")
    office = compose_office(shutil.copytree(founded, folder / "office"), Clock())
    letter = issue(office)
    pdf = folder / "letter.pdf"
    pdf.write_bytes(pdf_of(office, letter))
    run("pdftoppm", "-r", "600", "-gray", "-singlefile", pdf, folder / "page")
    with Image.open(folder / "page.pgm") as page:
        page.load()
    yield Printed(office, letter, pdf.read_bytes(), page)
    office.close()


@pytest.fixture(scope="module")
def decoder() -> Iterator[ZxingDecoder]:
    decoder = ZxingDecoder(seconds=60)
    yield decoder
    decoder.close()


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("width", "blur", "noise"),
    [(2200, 1.2, 8), (2000, 2.5, 12), (1500, 1.7, 10), (1000, 0.8, 6)],
    ids=["usual", "out of focus", "dim", "from afar"],
)
def test_a_12_megapixel_photo_of_the_page_is_read(
    decoder: ZxingDecoder, printed: Printed, width: int, blur: float, noise: float, seed: int
) -> None:
    photo = photograph(printed.page, seed, width=width, blur=blur, noise=noise)
    assert decoder.decode_image(photo) == printed.letter.qr_text


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_read_however_the_camera_was_held(
    decoder: ZxingDecoder, printed: Printed, orientation: int
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    upright = printed.scan(200)
    # Stored as a camera would: showing it by its note gives the upright page again.
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    stored = upright if orientation == 1 else upright.transpose(Image.Transpose(undo[orientation]))
    out = io.BytesIO()
    stored.save(out, "JPEG", exif=exif, quality=80)
    shown = ImageOps.exif_transpose(Image.open(io.BytesIO(out.getvalue())))
    assert shown.size == upright.size
    assert decoder.decode_image(out.getvalue()) == printed.letter.qr_text


def assert_only_its_qr_is_ours(printed: Printed, pdf: bytes) -> None:
    """The QR is told, with its letter to compare; the page may say anything."""
    answer = printed.office.services.verifier.by_file(pdf)
    assert answer.verdict is Verdict.INDETERMINATE
    assert answer.reasons[0] is Reason.FILE_UNSIGNED
    assert Reason.RECORD_MATCHES in answer.reasons
    assert answer.checks == Checks(Check.NOT_CHECKED, Check.PASSED, Check.PASSED)
    assert answer.letter is not None
    assert answer.letter.number == printed.letter.number
    assert answer.signature is not None
    assert answer.signature.kind is SignatureKind.QR_ONLY


@pytest.mark.parametrize("dpi", [150, 200, 300])
@pytest.mark.parametrize("turned", [0, 90, 180])
def test_a_scan_kept_as_pdf_is_read_by_its_qr(printed: Printed, dpi: int, turned: int) -> None:
    out = io.BytesIO()
    printed.scan(dpi).rotate(turned, expand=True).save(out, "PDF", resolution=dpi)
    assert_only_its_qr_is_ours(printed, out.getvalue())


def test_a_letter_printed_to_pdf_is_read_by_its_qr(printed: Printed, tmp_path: Path) -> None:
    file, again = tmp_path / "letter.pdf", tmp_path / "again.pdf"
    file.write_bytes(printed.pdf)
    run("pdftocairo", "-pdf", file, again)
    assert_only_its_qr_is_ours(printed, again.read_bytes())


def test_of_several_pages_the_last_is_read_too(printed: Printed) -> None:
    blank = Image.new("L", (600, 800), "white")
    out = io.BytesIO()
    blank.save(out, "PDF", save_all=True, append_images=[blank, printed.scan(200)])
    assert_only_its_qr_is_ours(printed, out.getvalue())


def test_a_scan_of_a_revoked_letter_says_so(printed: Printed) -> None:
    """What speaks against a letter is told, whatever the file is worth."""
    office, letter = printed.office, issue(printed.office)
    out = io.BytesIO()
    qrcode.make(letter.qr_text or "").get_image().convert("L").save(out, "PDF")
    office.services.letters.revoke(OPERATOR, letter.id, "data keliru")
    answer = office.services.verifier.by_file(out.getvalue())
    assert answer.verdict is Verdict.REVOKED


def test_a_scan_of_a_strangers_qr_is_unknown(printed: Printed) -> None:
    out = io.BytesIO()
    qrcode.make("halo").get_image().convert("L").save(out, "PDF")
    answer = printed.office.services.verifier.by_file(out.getvalue())
    assert answer.verdict is Verdict.UNKNOWN
    assert answer.reasons == (Reason.FILE_UNSIGNED, Reason.CREDENTIAL_MALFORMED)


def test_a_letter_whose_signature_was_cut_out_is_altered_and_not_read(printed: Printed) -> None:
    stripped = printed.pdf.replace(b"/ByteRange", b"/ByteRangX")
    answer = printed.office.services.verifier.by_file(stripped)
    assert answer.verdict is Verdict.ALTERED


def test_a_scan_is_not_read_for_its_qr_when_readers_are_away(
    printed: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise DependencyUnavailable("reading")

    monkeypatch.setattr(ZxingDecoder, "decode_pdf", away)
    out = io.BytesIO()
    printed.scan(150).save(out, "PDF")
    answer = printed.office.services.verifier.by_file(out.getvalue())
    assert answer.verdict is Verdict.INDETERMINATE
    assert answer.reasons == (Reason.FILE_UNSIGNED, Reason.QR_NOT_FOUND)
