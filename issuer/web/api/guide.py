"""What the page ``/api`` shows, from the tables: no code is explained twice."""

from __future__ import annotations

from issuer import texts
from issuer.domain import errors
from issuer.domain.errors import IssuerError
from issuer.domain.letter_types import Bilingual
from issuer.domain.limits import ALLOWANCES, Rule
from issuer.domain.office import Office
from issuer.web import problems
from issuer.web.api.document import KEYS
from issuer.web.api.questions import MAX_ROWS
from issuer.web.errors import HTTP_STATUS

_OF_THE_API: tuple[type[IssuerError], ...] = (
    errors.NotAuthenticated,
    errors.NotPermitted,
    errors.InvalidInput,
    errors.TooManyAttempts,
    errors.DependencyUnavailable,
    errors.CorruptStore,
)


def tables(office: Office) -> dict[str, object]:
    """Return the variables of the page."""
    return {
        "examples": _examples(f"{office.base_url}/api/v1/verify", f"{office.base_url}/v/…"),
        "meanings": {verdict.value: meaning for verdict, meaning in texts.MEANINGS.items()},
        "checks": {check.value: said for check, said in texts.CHECKS.items()},
        "reasons": {reason.value: said for reason, said in texts.REASONS.items()},
        "kinds": {kind.value: said for kind, said in texts.SIGNATURE_KINDS.items()},
        "problems": _problems(),
        "keys": [office.base_url + path for path in KEYS.values()],
        "strangers": ALLOWANCES[Rule.API_PER_ADDRESS],
        "max_rows": MAX_ROWS,
    }


def _examples(verify: str, qr: str) -> dict[str, str]:
    """Return commands and a message to copy; an ellipsis stands for what is one's own."""
    json_type, key = "'Content-Type: application/json'", "'Authorization: Bearer issuer_…'"
    lines = {
        "file": (
            "curl -H 'Content-Type: application/pdf'",
            "  --data-binary @surat.pdf",
            f"  {verify}",
        ),
        "number": (
            f"curl -H {json_type}",
            """  -d '{"number": "…", "code": "XXXX-XXXX-XXXX"}'""",
            f"  {verify}",
        ),
        "batch": (
            f"curl -H {key} -H {json_type}",
            f"""  -d '[{{"qr": "{qr}"}}, {{"number": "…", "code": "…"}}]'""",
            f"  {verify}/batch",
        ),
        "event": (
            """{"type":"letter.revoked","timestamp":"2026-11-24T02:15:30+00:00",""",
            """ "data":{"number":"…"}}""",
        ),
    }
    ends = {"event": "\n"}
    return {name: ends.get(name, " \\\n").join(parts) for name, parts in lines.items()}


def _problems() -> list[tuple[int, str, Bilingual]]:
    """Return status, code and words of every problem document, by status."""
    by_status = {code: status for status, code in problems.BY_STATUS.items()}
    plain = [(by_status.get(code, 400), code, said) for code, said in problems.WORDS.items()]
    known = [(HTTP_STATUS[kind], kind.code, problems.title_of(kind)) for kind in _OF_THE_API]
    return sorted(plain + known, key=lambda row: row[:2])
