"""The camera: a video of a printed letter, held before a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy
import pytest
from PIL import Image, ImageFilter
from playwright.sync_api import Browser

from issuer.domain.letter import Letter
from tests.browser.chromium import chromium
from tests.offices import issue
from tests.offline.offline_office import Device, OfflineOffice

SIZE = (1280, 720)
FRAMES_TOGETHER = 4


def write_video(path: Path, pictures: list[Image.Image]) -> None:
    """Write YUV4MPEG2, 4:2:0, which Chromium plays as its camera again and again."""
    width, height = SIZE
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{width} H{height} F10:1 Ip A1:1 C420jpeg\n".encode())
        for picture in pictures:
            planes = numpy.asarray(picture.convert("YCbCr"))
            file.write(b"FRAME\n")
            file.write(planes[:, :, 0].tobytes())
            for plane in (1, 2):
                quarter = planes[::2, ::2, plane]
                file.write(numpy.ascontiguousarray(quarter).tobytes())


def held_in_a_hand(page: Image.Image) -> list[Image.Image]:
    """Return frames: the table first, then the letter's lower left, tilted and out of focus."""
    table = Image.new("RGB", SIZE, "#6b5b45")
    width, height = page.size
    corner = page.crop((0, int(height * 0.62), int(width * 0.75), height))
    tilted = corner.rotate(-6, expand=True, fillcolor="#6b5b45", resample=Image.Resampling.BICUBIC)
    tilted.thumbnail(SIZE)
    scene = table.copy()
    scene.paste(tilted, (120, 0))
    blurred = scene.filter(ImageFilter.GaussianBlur(0.8))
    return [table] * FRAMES_TOGETHER + [blurred] * 3 * FRAMES_TOGETHER


@pytest.fixture
def letter(open_office: OfflineOffice) -> Letter:
    return issue(open_office.composition)


@pytest.fixture
def browser(
    packages: None, open_office: OfflineOffice, letter: Letter, tmp_path: Path
) -> Iterator[Browser]:
    """A browser whose camera sees the letter."""
    video = tmp_path / "letter.y4m"
    write_video(video, held_in_a_hand(open_office.picture(letter, dpi=170)))
    flags = (
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={video}",
    )
    with chromium(flags) as running:
        yield running


def test_the_camera_reads_the_letter_without_network(
    open_office: OfflineOffice, device: Device, letter: Letter
) -> None:
    open_office.publish()
    device.context.grant_permissions(["camera"])
    device.visit()
    device.lose_network()
    device.visit()
    device.page.click("#start")
    answer = device.answer()
    assert answer["verdict"] == "VALID"
    assert answer["number"] == letter.number
    # The camera is off again: nothing is filmed behind an answer.
    assert device.page.evaluate("document.getElementById('camera').srcObject") is None
    device.again()
    assert device.page.is_hidden("#camera")
    device.page.click("#start")
    assert device.answer()["verdict"] == "VALID"


def test_without_leave_the_page_says_what_else_can_be_done(
    open_office: OfflineOffice, packages: None
) -> None:
    with chromium() as browser:
        device = Device(browser, open_office)
        device.visit()
        device.page.click("#start")
        device.page.wait_for_selector("#watching:not(:empty)")
        assert "Kamera tidak dapat dipakai" in device.page.inner_text("#watching")
        assert device.page.is_visible("#start")
        assert device.problems == []
