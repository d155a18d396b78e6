"""What issuing a letter costs, and what its signature costs.

Issuing is everything from a request that waits for a signature to the letter in the
register: ``Issuance.issue``, its three commits included. That the request was typed,
checked and opened before is shown beside it, as *intake*.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.sign import SimpleSigner

from issuer.bootstrap import Composition
from issuer.domain.letter import Letter
from issuer.domain.sealing import ReadyToSign, RenderedLetter, SignatureSlot
from issuer.rendering.fonts import load_fonts
from issuer.rendering.letter import PdfRenderer
from issuer.rendering.security.printing import PatternPrinter
from issuer.signing.byte_range import Gap
from issuer.signing.keys import KeyStore, certificate_path, private_path, read_passphrase
from issuer.signing.pades import PadesSigner
from issuer.signing.trust import TrustStore
from tests.benchmarks.bench_breakdown import breakdown
from tests.benchmarks.bench_measuring import Row, medians
from tests.benchmarks.bench_memory import peak_megabytes
from tests.benchmarks.bench_plain_letter import PlainLetter
from tests.offices import (
    OPERATOR,
    VILLAGE_HEAD,
    Clock,
    compose_office,
    found_office,
    issue,
    open_request,
)

_CALLS_A_ROUND = 3
"""More than ``medians`` makes of something that takes some milliseconds."""
_LETTERS_OF_A_PROCESS = 200


@dataclass(frozen=True, slots=True)
class Measured:
    """The rows, and CPU milliseconds of one letter by step."""

    rows: list[Row]
    steps: dict[str, float]


def measure(folder: Path, rounds: int) -> Measured:
    """Found an office in ``folder`` and measure it."""
    clock = Clock(datetime.now(UTC))
    found_office(folder, clock)
    office = compose_office(folder, clock)
    rows = list(_rows(office, rounds))
    waiting = _waiting(office, rounds)
    steps = breakdown(waiting, lambda: open_request(office), rounds)
    office.close()
    rows.append(
        Row(
            "memory",
            f"peak memory of a process that issues {_LETTERS_OF_A_PROCESS} letters",
            None,
            "MB",
            peak_megabytes(folder, _LETTERS_OF_A_PROCESS),
            None,
            first=300,
            goal=150,
        )
    )
    return Measured(rows, steps)


def _rows(office: Composition, rounds: int) -> Iterator[Row]:
    keys = KeyStore(
        office.settings.keys_dir,
        office.settings.keys_passphrase_file,
        TrustStore(office.settings.keys_dir / "trust"),
    )
    letter = issue(office)
    plain = _plain_letter(office, keys)

    yield Row(
        "issue",
        "issue one letter, everything on",
        "plain ReportLab letter + raw P-256 signature",
        "ms",
        *medians(_waiting(office, rounds), plain.signed_raw, rounds),
        first=4.0,
        goal=1.5,
    )
    yield Row(
        "issue-pyhanko",
        "issue one letter, everything on",
        "plain ReportLab letter + pyHanko sign_pdf",
        "ms",
        *medians(_waiting(office, rounds), plain.signed_by_pyhanko, rounds),
        first=0.40,
        goal=0.15,
    )
    pdf, signer, key_id = _rendered(office, letter).pdf, PadesSigner(keys), _key_id(office)

    def pades() -> bytes:
        gap = Gap.find(pdf)
        ranged = gap.with_array(pdf)
        ready = ReadyToSign(ranged, key_id, gap.digest_of(ranged).hex())
        return signer.sign(ready, key_id).pdf

    yield Row(
        "signature",
        "PAdES B-B signature into a rendered letter, without the lint before it",
        "raw P-256 signature + SHA-256 of the file",
        "ms",
        *medians(pades, lambda: plain.sign(pdf), rounds),
        first=6.0,
        goal=3.0,
    )
    assert letter.pdf is not None
    yield Row(
        "bytes",
        "a signed letter of one page, everything on",
        None,
        "kB",
        letter.pdf.size_bytes / 1000,
        None,
        first=80,
        goal=45,
    )


def _waiting(office: Composition, rounds: int) -> Callable[[], Letter]:
    """Return what issues the next of many requests that were opened beforehand."""
    requests = [open_request(office) for _ in range(_CALLS_A_ROUND * (rounds + 1))]
    return lambda: office.services.issuance.issue(OPERATOR, requests.pop(), VILLAGE_HEAD)


def _plain_letter(office: Composition, keys: KeyStore) -> PlainLetter:
    """Return the plain letter, signed by the key of ours."""
    settings, key_id = office.settings, _key_id(office)
    private = keys.private_key(key_id)
    assert isinstance(private, ec.EllipticCurvePrivateKey)
    signer = SimpleSigner.load(  # type: ignore[no-untyped-call]  # pyHanko types part of itself
        str(private_path(settings.keys_dir, key_id)),
        str(certificate_path(settings.keys_dir, key_id)),
        key_passphrase=read_passphrase(settings.keys_passphrase_file),
    )
    return PlainLetter(private, signer)


def _key_id(office: Composition) -> str:
    with office.register.reading() as uow:
        return uow.signatories.get(VILLAGE_HEAD).key_id


def _rendered(office: Composition, letter: Letter) -> RenderedLetter:
    """Draw an issued letter once more, as it was before it was signed."""
    record, services = letter.record, office.services
    assert letter.qr_text is not None
    templates = office.settings.templates_dir
    renderer = PdfRenderer(
        load_fonts(office.settings.fonts_dir, templates / "fonts"), PatternPrinter()
    )
    return renderer.render(
        services.catalogue.get(record.type_slug),
        record,
        qr_text=letter.qr_text,
        verification_code=letter.verification_code,
        host=services.office.host,
        slot=SignatureSlot(
            signer_name=record.signer.name,
            reason=record.title,
            location=record.place,
            claimed_at=services.office.local(letter.reserved_at_utc),
        ),
    )
