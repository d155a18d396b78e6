"""Closed vocabularies and the tables that must cover them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from issuer import texts
from issuer.catalogue.field_rules import PROBLEM_CODES
from issuer.cli.exits import EXIT_CODES
from issuer.domain.access import Role
from issuer.domain.errors import family
from issuer.domain.letter_request import RequestAction, RequestState
from issuer.domain.mandate import SIGNATURE_FORMS, MandateKind
from issuer.domain.verdict import Check, Reason, SignatureKind, Verdict
from issuer.web.errors import HTTP_STATUS
from issuer.web.texts import REQUEST_TONES, ROLES

PACKAGE = Path(__file__).parents[2] / "issuer"


def test_every_error_has_a_text_a_status_and_an_exit_code() -> None:
    assert set(texts.ERRORS) == family()
    assert set(HTTP_STATUS) == family()
    assert set(EXIT_CODES) == family()


def test_an_error_is_never_a_success() -> None:
    assert all(400 <= status < 600 for status in HTTP_STATUS.values())
    assert all(1 <= code <= 4 for code in EXIT_CODES.values())


def test_error_codes_are_stable_names_of_one_error_each() -> None:
    codes = [error.code for error in family()]
    assert len(set(codes)) == len(codes)
    assert all(code.isidentifier() and code == code.lower() for code in codes)


def test_every_verdict_reason_check_and_role_has_its_words() -> None:
    assert set(texts.VERDICTS) == set(Verdict)
    assert set(texts.MEANINGS) == set(Verdict)
    assert set(texts.REASONS) == set(Reason)
    assert set(texts.CHECKS) == set(Check)
    assert set(texts.SIGNATURE_KINDS) == set(SignatureKind)
    assert set(texts.REQUEST_STATES) == set(REQUEST_TONES) == set(RequestState)
    assert set(texts.REQUEST_STEPS) == set(RequestAction)
    assert set(ROLES) == set(Role)


def test_every_text_is_in_both_languages() -> None:
    tables = (texts.VERDICTS, texts.MEANINGS, texts.REASONS, texts.CHECKS, texts.ERRORS)
    words = (texts.REQUEST_STATES, texts.REQUEST_STEPS, texts.ORIGINS)
    for table in (*tables, *words, texts.PROBLEMS):
        for text in table.values():
            assert text.id.strip()
            assert text.en.strip()


def test_every_kind_of_mandate_has_a_form() -> None:
    assert set(SIGNATURE_FORMS) == set(MandateKind)


def test_every_problem_that_is_told_has_a_text_and_every_text_is_used() -> None:
    assert set(problem_codes()) | set(PROBLEM_CODES.values()) == set(texts.PROBLEMS)


def test_no_problem_is_worded_by_two_subjects() -> None:
    codes = [code for table in texts.PROBLEM_TABLES for code in table]
    assert len(codes) == len(set(codes))


def problem_codes() -> Iterator[str]:
    """Yield the codes written in ``Problem(where, code)``, ``TextRefused(code)``, ``_refuse``."""
    position = {"Problem": 1, "TextRefused": 0, "_refuse": 1}
    for path in PACKAGE.rglob("*.py"):
        if "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            arguments = node.args[position[name] :] if name in position else []
            if arguments and isinstance(arguments[0], ast.Constant):
                yield str(arguments[0].value)


def test_every_reason_why_a_key_is_refused_has_its_words() -> None:
    told = {Reason.ISSUER_NOT_TRUSTED, Reason.ISSUER_REVOKED, Reason.REVOCATION_LIST_STALE}
    source = "".join(path.read_text("utf-8") for path in (PACKAGE / "signing").glob("*.py"))
    reasons = set(texts.KEY_REASONS)
    assert {reason for reason in reasons if f'"{reason}"' not in source} <= told
    for node in ast.walk(ast.parse(source.replace("from __future__ import annotations", ""))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "KeyUnavailable":
            named = node.args[1]
            assert not isinstance(named, ast.Constant) or named.value in reasons
