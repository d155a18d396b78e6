"""What the pages say about codes and times, in the language of the request."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache

from babel.dates import format_date
from flask import Flask

from issuer import texts
from issuer.domain.access import Role
from issuer.domain.blank import BlankAction
from issuer.domain.codes import group_code
from issuer.domain.errors import Problem
from issuer.domain.letter import LetterState
from issuer.domain.letter_request import RequestAction, RequestState
from issuer.domain.letter_types import Bilingual, FieldKind
from issuer.domain.office import Office
from issuer.domain.verdict import Check, Reason, SignatureKind, Verdict
from issuer.web.icons import ICONS
from issuer.web.language import language, say
from issuer.web.questions import Question

T = Bilingual

VERDICT_TONES: Mapping[Verdict, str] = {
    Verdict.VALID: "good",
    Verdict.EXPIRED: "caution",
    Verdict.REVOKED: "bad",
    Verdict.SUPERSEDED: "caution",
    Verdict.NOT_YET_ISSUED: "caution",
    Verdict.ALTERED: "bad",
    Verdict.UNKNOWN: "bad",
    Verdict.INDETERMINATE: "unsure",
}
"""The colour and icon beside the word; never the only sign."""

LETTER_STATES: Mapping[LetterState, Bilingual] = {
    LetterState.RESERVED: T("Sedang diproses", "Being made"),
    LetterState.SIGNING: T("Sedang ditandatangani", "Being signed"),
    LetterState.ISSUED: T("Terbit", "Issued"),
    LetterState.REVOKED: T("Dicabut", "Revoked"),
    LetterState.SUPERSEDED: T("Diganti", "Replaced"),
    LetterState.VOIDED: T("Nomor dibatalkan", "Number voided"),
}

LETTER_TONES: Mapping[LetterState, str] = {
    LetterState.RESERVED: "caution",
    LetterState.SIGNING: "caution",
    LetterState.ISSUED: "good",
    LetterState.REVOKED: "bad",
    LetterState.SUPERSEDED: "caution",
    LetterState.VOIDED: "unsure",
}

BLANK_ACTIONS: Mapping[BlankAction, Bilingual] = {
    BlankAction.RECEIVE: T("Diterima", "Received"),
    BlankAction.HAND_OVER: T("Diserahkan ke loket", "Handed over"),
    BlankAction.PRINT: T("Dicetak", "Printed"),
    BlankAction.CONFIRM: T("Hasil baik", "Came out well"),
    BlankAction.SPOIL: T("Rusak", "Spoiled"),
    BlankAction.TAKE_BACK: T("Dikembalikan", "Returned"),
    BlankAction.LOSE: T("Hilang", "Lost"),
    BlankAction.DESTROY: T("Dimusnahkan", "Destroyed"),
}

REQUEST_TONES: Mapping[RequestState, str] = {
    RequestState.DRAFT: "unsure",
    RequestState.SUBMITTED: "caution",
    RequestState.RETURNED: "unsure",
    RequestState.REVIEWED: "caution",
    RequestState.AWAITING_SIGNATURE: "caution",
    RequestState.ISSUED: "good",
    RequestState.HANDED_OVER: "good",
    RequestState.REJECTED: "bad",
    RequestState.CANCELLED: "unsure",
    RequestState.LAPSED: "unsure",
}

ROLES: Mapping[Role, Bilingual] = {
    Role.APPLICANT: T("pemohon", "applicant"),
    Role.COUNTER: T("petugas loket", "counter clerk"),
    Role.REVIEWER: T("verifikator", "reviewer"),
    Role.SIGNATORY: T("pejabat penandatangan", "signatory"),
    Role.AGENCY_ADMIN: T("admin perangkat daerah", "agency admin"),
    Role.REGENCY_ADMIN: T("admin kabupaten", "regency admin"),
    Role.AUDITOR: T("auditor", "auditor"),
    Role.OPERATOR: T("operator server", "server operator"),
}

CHECK_ANSWERS: Mapping[Check, Bilingual] = {
    Check.PASSED: T("Ya", "Yes"),
    Check.FAILED: T("Tidak", "No"),
    Check.NOT_CHECKED: T("Belum diperiksa", "Not checked"),
}

_DATE_IN_PARTS = T(
    "Tanggal tidak ada. Isi tanggal, bulan, dan tahun dengan angka, misalnya 17 8 1990.",
    "No such date. Enter day, month and year in digits, for example 17 8 1990.",
)
"""The pages ask for a date in three boxes, not as the data file writes it."""


def register(app: Flask, office: Office) -> None:
    """Give the templates their filters and the office."""

    @lru_cache(maxsize=1024)
    def minute(at_utc: datetime, in_language: str) -> str:
        local = office.local(at_utc)
        if in_language == "en":
            return f"{long_date(local)}, {local:%H:%M} {office.zone_name()}"
        return f"{long_date(local)} pukul {local:%H.%M} {office.zone_name()}"

    def moment(at_utc: datetime) -> str:
        return minute(at_utc.replace(second=0, microsecond=0), language())

    def clock_time(at_utc: datetime) -> str:
        return office.local(at_utc).strftime("%H:%M" if language() == "en" else "%H.%M")

    app.jinja_env.globals["office"] = office
    app.jinja_env.filters.update(
        say=say,
        moment=moment,
        clock_time=clock_time,
        long_date=long_date,
        verdict_word=verdict_word,
        verdict_meaning=verdict_meaning,
        verdict_tone=VERDICT_TONES.__getitem__,
        icon=ICONS.__getitem__,
        check_answer=check_answer,
        reason=reason_text,
        signature_kind=signature_kind,
        letter_state=letter_state,
        letter_tone=LETTER_TONES.__getitem__,
        request_state=request_state,
        request_step=request_step,
        request_tone=REQUEST_TONES.__getitem__,
        origin=origin_text,
        role_name=role_name,
        blank_action=blank_action,
        problem=problem_text,
        group_code=group_code,
        group_nik=group_nik,
        answer_text=answer_text,
    )


def long_date(day: date) -> str:
    """Return ``24 November 2026``."""
    return _long_date(day.toordinal(), language())


@lru_cache(maxsize=1024)
def _long_date(ordinal: int, locale: str) -> str:
    return format_date(date.fromordinal(ordinal), "d MMMM y", locale=locale)


def verdict_word(verdict: Verdict) -> str:
    """Return the one word, or few, of a verdict."""
    return say(texts.VERDICTS[verdict])


def verdict_meaning(verdict: Verdict) -> str:
    """Return what a verdict means for whoever holds the letter."""
    return say(texts.MEANINGS[verdict])


def check_answer(check: Check) -> str:
    """Return yes, no or not checked."""
    return say(CHECK_ANSWERS[check])


def reason_text(reason: Reason) -> str:
    """Return why, as a sentence."""
    return say(texts.REASONS[reason])


def signature_kind(kind: SignatureKind) -> str:
    """Return which kind of signature was seen."""
    return say(texts.SIGNATURE_KINDS[kind])


def letter_state(state: LetterState) -> str:
    """Return where a letter stands."""
    return say(LETTER_STATES[state])


def request_state(state: RequestState) -> str:
    """Return where a request stands."""
    return say(texts.REQUEST_STATES[state])


def request_step(action: RequestAction) -> str:
    """Return what a step did."""
    return say(texts.REQUEST_STEPS[action])


def origin_text(origin: str) -> str:
    """Return the way a request came; one made by a command has only its code."""
    return say(texts.ORIGINS[origin]) if origin in texts.ORIGINS else origin


def role_name(role: Role) -> str:
    """Return what a role is called."""
    return say(ROLES[role])


def blank_action(action: BlankAction) -> str:
    """Return what happened to a sheet."""
    return say(BLANK_ACTIONS[action])


def problem_text(problem: Problem) -> str:
    """Return what is wrong with an entry and what to do."""
    if problem.code == "impossible_date":
        return say(_DATE_IN_PARTS)
    return say(texts.problem_text(problem))


def answer_text(value: str | int | None, question: Question) -> str:
    """Return an answer as a person reads it."""
    spec = question.spec
    if value is None:
        return "–"
    if spec.kind is FieldKind.CHOICE:
        # A request may be older than the choices of today.
        choice = spec.choices.get(str(value))
        return say(choice) if choice else str(value)
    if spec.kind is FieldKind.DATE:
        return long_date(date.fromisoformat(str(value)))
    if spec.kind is FieldKind.MONEY:
        return "Rp" + f"{value:,}".replace(",", ".")
    is_nik = spec.kind is FieldKind.NIK or question.where == "holder.nik"
    return group_nik(str(value)) if is_nik else str(value)


def group_nik(nik: str) -> str:
    """Return a NIK in fours, to be read aloud and compared."""
    return " ".join(nik[i : i + 4] for i in range(0, len(nik), 4))
