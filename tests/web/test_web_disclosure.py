"""More of a letter: for whoever types what stands on it, seldom, and never unnoticed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from issuer.domain.errors import DependencyUnavailable
from issuer.domain.letter import Letter
from issuer.domain.limits import ALLOWANCES, Rule
from issuer.storage.counting import SqlLimiter
from tests.offices import BASE_URL, OPERATOR, WARD, issue
from tests.web.web_office import LURAH, WebOffice, post, visible

MORE_OF = ALLOWANCES[Rule.REVEAL_PER_LETTER].attempts
SENSITIVE = "tidak-mampu"


def path_of(letter: Letter) -> str:
    assert letter.qr_text is not None
    return letter.qr_text.removeprefix(BASE_URL) + "/lengkap"


def ask(web: WebOffice, proof: str, letter: Letter | None = None) -> tuple[int, str]:
    """Return status and text of the answer to a proof."""
    response = post(web.client(), path_of(letter or web.letter), {"proof": proof})
    return response.status_code, response.text


@pytest.fixture
def fresh(web: WebOffice) -> Iterator[Letter]:
    """A letter that nobody has asked about; afterwards a day passes for everybody."""
    yield issue(web.composition, SENSITIVE, WARD, LURAH)
    web.clock.advance(ALLOWANCES[Rule.REVEAL_PER_LETTER].period)


def opened(web: WebOffice, letter: Letter) -> list[tuple[str, dict[str, str | int]]]:
    with web.composition.register.reading() as uow:
        return [
            (entry.event.actor_id, dict(entry.event.facts))
            for entry in uow.audit.entries(letter.id)
            if entry.event.action == "letter.disclosed"
        ]


@pytest.mark.parametrize("kind", ["nik", "number"])
def test_the_right_proof_opens_what_a_clerk_compares(
    web: WebOffice, fresh: Letter, kind: str
) -> None:
    record = fresh.record
    proof = record.holder["nik"][-4:] if kind == "nik" else f"  {fresh.number} "
    status, page = ask(web, proof, fresh)
    assert status == 200
    for told in (
        "ASLI DAN BERLAKU",
        f"Nama lengkap {record.holder['name']}",
        f"Surat {record.title}",
        f"Keperluan {record.purpose}",
        f"Penandatangan {record.signer.name}, {record.signer.position}",
    ):
        assert told in visible(page)
    for kept in ("nik", "address", "birth_date", "occupation"):
        assert record.holder[kept] not in page
    assert opened(web, fresh) == [("anyone", {"number": fresh.number, "proof": kind})]


def test_the_landing_page_alone_shows_neither_name_nor_true_title(
    web: WebOffice, fresh: Letter
) -> None:
    page = web.client().get(path_of(fresh).removesuffix("/lengkap")).text
    assert path_of(fresh) in page
    assert fresh.record.holder["name"] not in page
    assert fresh.record.title not in page
    assert fresh.record.purpose not in page


def test_a_wrong_proof_and_an_unknown_letter_look_the_same(web: WebOffice, fresh: Letter) -> None:
    wrong = post(web.client(), path_of(fresh), {"proof": "0000"})
    unknown = post(web.client(), "/v/123/lengkap", {"proof": "0000"})
    assert wrong.status_code == unknown.status_code == 422
    token = path_of(fresh).split("/")[2]
    blank = [visible(answer.text.replace(token, "123")) for answer in (wrong, unknown)]
    assert blank[0] == blank[1]
    assert "Tidak cocok dengan surat ini" in blank[0]
    assert opened(web, fresh) == []


@pytest.mark.parametrize(
    "proof", ["", " ", "0", "x" * 10_000, "\udcff", "٠٠٠٠", "3522", "%", "-", "----", "\0"]
)
def test_strange_proofs_open_nothing(web: WebOffice, fresh: Letter, proof: str) -> None:
    status, page = ask(web, proof.encode("utf-8", "replace").decode(), fresh)
    assert status == 422
    assert fresh.record.holder["name"] not in page


def test_guessing_ends_and_the_right_answer_costs_nothing(web: WebOffice, fresh: Letter) -> None:
    right = fresh.record.holder["nik"][-4:]
    for _ in range(MORE_OF + 1):
        assert ask(web, right, fresh)[0] == 200
    for _ in range(MORE_OF):
        assert ask(web, "0000", fresh)[0] == 422
    response = post(web.client(), path_of(fresh), {"proof": right})
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 3600
    assert "Coba lagi setelah 1440 menit." in response.text
    assert fresh.record.holder["name"] not in response.text
    assert ask(web, web.letter.number)[0] == 200


def test_without_counters_nothing_is_opened(
    web: WebOffice, fresh: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_arguments: object) -> None:
        raise DependencyUnavailable("counters")

    monkeypatch.setattr(SqlLimiter, "hit", away)
    status, page = ask(web, fresh.number, fresh)
    assert status == 503
    assert fresh.record.holder["name"] not in page


def test_a_revoked_letter_says_so_above_everything(web: WebOffice, fresh: Letter) -> None:
    web.composition.services.letters.revoke(OPERATOR, fresh.id, "salah data")
    status, page = ask(web, fresh.number, fresh)
    assert status == 200
    assert "<h1>DICABUT</h1>" in page
    assert "ASLI DAN BERLAKU" not in page


def test_a_form_of_another_site_opens_nothing(web: WebOffice, fresh: Letter) -> None:
    response = web.client().post(path_of(fresh), data={"proof": fresh.number})
    assert response.status_code == 400
    assert opened(web, fresh) == []
