"""What verifying costs: by QR over HTTP, by file, in a large register, and on the wire."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from issuer.bootstrap import Composition
from issuer.domain.letter import Letter
from issuer.domain.verdict import Verdict, Verification
from tests.benchmarks.bench_measuring import Row, medians
from tests.benchmarks.bench_register import Asked, fill
from tests.benchmarks.bench_server import CONSTANT, answers_a_second, fetch, serving
from tests.offices import Clock, compose_office, found_office, issue, pdf_of

SMALL, LARGE = 10_000, 1_000_000
ASKED = 1_000
"""Letters that are asked about, each once in a row: none is answered from a cache."""

_HTTP_ROUNDS, _HTTP_PASSES = 25, 4
"""Short rounds, so that what slows the machine for a while slows both alike; all the
letters once a pass, and nothing of a letter is kept between."""
_AS_A_BROWSER = ("Accept-Encoding: gzip, deflate, br", "Accept: text/html,*/*;q=0.8")


def measure(folder: Path, rounds: int, large: int = LARGE) -> Iterator[Row]:
    """Found a small and a large office below ``folder`` and measure them."""
    small, model, asked = _office(folder / "small", SMALL)
    yield _upload(small, pdf_of(small, model), rounds)
    yield from _served(folder / "small", asked)
    big, _, asked_big = _office(folder / "large", large)
    against = f"with {SMALL:,}"
    for name, how, ask in (
        ("register-qr", "by QR", _by_qr),
        ("register-number", "by number and code", _by_number),
    ):
        yield Row(
            name,
            f"verify {how} with {large:,} letters in the register",
            against,
            "ms",
            *_take_turns(ask(big), asked_big, ask(small), asked),
            first=1.2,
            goal=1.05,
        )
    small.close()
    big.close()


def _office(folder: Path, letters: int) -> tuple[Composition, Letter, list[Asked]]:
    clock = Clock(datetime.now(UTC))
    found_office(folder, clock)
    office = compose_office(folder, clock)
    model = issue(office)
    return office, model, fill(office, model, letters, ASKED)


# --- in one process -------------------------------------------------------------------


def _upload(office: Composition, pdf: bytes, rounds: int) -> Row:
    trust = office.settings.keys_dir / "trust"
    context = ValidationContext(
        trust_roots=[load_cert_from_pemder(str(trust / "root.pem"))],  # type: ignore[no-untyped-call]  # pyHanko types part of itself
        crls=[(trust / name).read_bytes() for name in ("root.crl", "issuing.crl")],
        revocation_mode="require",
        moment=office.services.clock.now(),
    )

    def ours() -> None:
        _require_valid(office.services.verifier.by_file(pdf))

    def theirs() -> None:
        (signature,) = PdfFileReader(BytesIO(pdf), strict=True).embedded_signatures
        if not validate_pdf_signature(signature, context).bottom_line:
            raise RuntimeError("pyHanko does not find it valid")

    return Row(
        "upload",
        "verify an uploaded PDF, the register asked",
        "pyHanko validate_pdf_signature on the same file",
        "ms",
        *medians(ours, theirs, rounds),
        first=0.35,
        goal=0.15,
    )


def _by_qr(office: Composition) -> Callable[[Asked], Verification]:
    return lambda asked: office.services.verifier.by_qr(asked.qr_text)


def _by_number(office: Composition) -> Callable[[Asked], Verification]:
    return lambda asked: office.services.verifier.by_number(asked.number, asked.code)


def _take_turns(
    measured: Callable[[Asked], Verification],
    its: Sequence[Asked],
    baseline: Callable[[Asked], Verification],
    others: Sequence[Asked],
) -> tuple[float, float]:
    """Return the median milliseconds of each, by the wall clock: what is read counts."""
    samples: list[list[float]] = [[], []]
    for pair in zip(its, others, strict=True):
        for ask, asked, times in zip((measured, baseline), pair, samples, strict=True):
            started = time.perf_counter()
            answer = ask(asked)
            times.append(time.perf_counter() - started)
            _require_valid(answer)
    first, second = (statistics.median(times) * 1000 for times in samples)
    return first, second


def _require_valid(answer: Verification) -> None:
    if answer.verdict is not Verdict.VALID:
        raise RuntimeError(f"a good letter is {answer.verdict}: {answer.reasons}")


# --- over HTTP -------------------------------------------------------------------------


def _served(folder: Path, asked: Sequence[Asked]) -> Iterator[Row]:
    """One worker of each kind on the loopback; the two take turns."""
    paths = ["/v/" + one.qr_text.rpartition("/")[2] for one in asked]
    with serving(str(folder)) as office, serving(CONSTANT) as constant:
        for one, path in zip(asked[:10], paths, strict=False):
            if one.number.encode() not in fetch(office, path):
                raise RuntimeError("the page does not speak of the letter")
        a_second: list[list[float]] = [[], []]
        a_round = len(paths) // _HTTP_ROUNDS
        for n in list(range(_HTTP_ROUNDS)) * _HTTP_PASSES:
            some = paths[n * a_round : (n + 1) * a_round]
            a_second[0].append(answers_a_second(office, some))
            a_second[1].append(answers_a_second(constant, ["/"] * len(some)))
        first, second = map(statistics.median, a_second)
        yield Row(
            "qr",
            "verify by QR, pages a second from one worker, each of another letter",
            "a Flask view that returns a constant",
            "1/s",
            first,
            second,
            first=0.35,
            goal=0.7,
            at_least=True,
        )
        yield Row(
            "page",
            "verification page with all it loads, first visit, headers included",
            None,
            "kB",
            sum(len(answer) for answer in _first_visit(office, paths[0])) / 1000,
            None,
            first=35,
            goal=15,
        )


def _first_visit(address: tuple[str, int], path: str) -> Iterator[bytes]:
    page = fetch(address, path, *_AS_A_BROWSER)
    yield page
    loads = _Loads()
    loads.feed(fetch(address, path).decode())
    if "/v/" not in path or not loads.found:
        raise RuntimeError("the page loads nothing")
    for found in dict.fromkeys(loads.found):
        yield fetch(address, found, *_AS_A_BROWSER)


class _Loads(HTMLParser):
    """Collects what a browser fetches for a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        wanted = attributes.get("src") if tag in ("img", "script") else None
        if tag == "link" and attributes.get("rel") in ("stylesheet", "icon", "manifest"):
            wanted = attributes.get("href")
        if wanted and not wanted.startswith("data:"):
            self.found.append(wanted)
