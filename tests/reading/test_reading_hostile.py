"""Files that were made to hurt: an answer for each, and the next file is read as ever."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import suppress

import pytest
import qrcode

from issuer.domain.errors import InvalidDocument, TooLarge
from issuer.rendering.decoding import ZxingDecoder
from issuer.rendering.image_reading import MAX_MEMORY
from tests.reading.hostile_files import PDFS, PICTURES


@pytest.fixture(scope="module")
def decoder() -> Iterator[ZxingDecoder]:
    decoder = ZxingDecoder()
    yield decoder
    decoder.close()


@pytest.fixture(autouse=True)
def honest_files_are_still_read(decoder: ZxingDecoder) -> Iterator[None]:
    yield
    out = io.BytesIO()
    qrcode.make("halo").save(out)
    assert decoder.decode_image(out.getvalue()) == "halo"


@pytest.mark.parametrize("name", PICTURES)
def test_a_hostile_picture_has_no_text(decoder: ZxingDecoder, name: str) -> None:
    with suppress(InvalidDocument, TooLarge):
        assert decoder.decode_image(PICTURES[name]) is None
    assert_small(decoder)


@pytest.mark.parametrize("name", PDFS)
def test_a_hostile_pdf_has_no_text(decoder: ZxingDecoder, name: str) -> None:
    with suppress(InvalidDocument, TooLarge):
        assert decoder.decode_pdf(PDFS[name]) is None
    assert_small(decoder)


def assert_small(decoder: ZxingDecoder) -> None:
    """Of a reader that is still there, the most memory that it ever had."""
    for pid in decoder.readers():
        with open(f"/proc/{pid}/status") as status:
            [peak] = [int(line.split()[1]) for line in status if line.startswith("VmPeak")]
        assert peak * 1024 <= MAX_MEMORY
