"""Kop surat and the foot, measured before anything is drawn."""

from __future__ import annotations

from dataclasses import replace

import pytest

from issuer.domain.presentation import Paper
from issuer.rendering import page
from issuer.rendering.fonts import FontSet
from issuer.rendering.foot import SIGNED_BY, set_check_panel
from issuer.rendering.layout import Typesetter
from issuer.rendering.letter import lay_out
from issuer.rendering.letterhead import Letterhead, set_letterhead
from issuer.rendering.qr import qr_modules
from tests.rendering.rendering_samples import CATALOGUE, CODE, HOST, QR_TEXT, sample_record

TOP = page.SHEETS[Paper.A4].letterhead_top


def letterhead(fonts: FontSet, *lines: str) -> Letterhead:
    record = replace(sample_record(), letterhead_lines=lines, letterhead_contact="")
    return set_letterhead(Typesetter(fonts), record, TOP)


def sizes(measured: Letterhead) -> list[float]:
    return [placed.row.pieces[0].style.size for placed in measured.rows]


def test_regency_and_agency_stand_three_to_four(fonts: FontSet) -> None:
    upper, agency, _address = sizes(letterhead(fonts, "PEMERINTAH KABUPATEN", "DESA NGUNUT"))
    assert upper / agency == pytest.approx(3 / 4)


def test_a_longer_name_is_set_smaller_before_it_is_broken(fonts: FontSet) -> None:
    measured = letterhead(fonts, "PEMERINTAH", "KECAMATAN SUMBERREJO SELATAN REKAAN")
    assert len(measured.rows) == 3
    assert 13 <= sizes(measured)[1] < 18
    broken = letterhead(fonts, "PEMERINTAH", "DINAS " + "PELAYANAN TERPADU " * 4)
    assert len(broken.rows) > 3
    assert sizes(broken)[1] == 13


def test_a_short_letterhead_is_level_with_its_emblem(fonts: FontSet) -> None:
    measured = letterhead(fonts, "A", "B")
    top, last = measured.rows[0].top, measured.rows[-1]
    middle = (top + last.top - last.row.height) / 2
    assert middle == pytest.approx((TOP + measured.rule + 7) / 2, abs=1)
    assert measured.rule < last.top - last.row.height


@pytest.mark.parametrize("slug", ["domisili", "tidak-mampu"])
def test_text_never_comes_down_to_the_qr(fonts: FontSet, slug: str) -> None:
    """The purpose grows word by word, through every place where the page can end."""
    setter = Typesetter(fonts)
    panel = set_check_panel(setter, qr_modules(QR_TEXT), host=HOST, verification_code=CODE)
    numbers_of_pages = set()
    for words in range(1, 140, 2):
        record = replace(sample_record(slug), purpose="keperluan " * words)
        layout = lay_out(setter, CATALOGUE.get(slug), record, heading=SIGNED_BY, panel=panel)
        numbers_of_pages.add(len(layout.pages))
        *above, foot = layout.pages[-1]
        assert above
        assert above[-1].top - above[-1].row.height >= foot.top + foot.row.gap - 1e-6
        assert foot.top >= page.BOTTOM + panel.height - 1e-6
        assert layout.frames[-1][1] >= page.BOTTOM - 1e-6
    assert numbers_of_pages == {1, 2}
