"""A request's states and steps in words: for the office, for its applicant, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from issuer.domain.letter_request import RequestAction, RequestState
from issuer.domain.letter_types import Bilingual

T = Bilingual

REQUEST_STATES: Mapping[RequestState, Bilingual] = {
    RequestState.DRAFT: T("Belum dikirim", "Not yet sent"),
    RequestState.SUBMITTED: T("Perlu diperiksa", "To be reviewed"),
    RequestState.RETURNED: T("Dikembalikan ke pemohon", "Returned to the applicant"),
    RequestState.REVIEWED: T("Sudah diparaf", "Reviewed"),
    RequestState.AWAITING_SIGNATURE: T("Menunggu tanda tangan", "Awaiting signature"),
    RequestState.ISSUED: T("Surat terbit", "Letter issued"),
    RequestState.HANDED_OVER: T("Surat diserahkan", "Letter handed over"),
    RequestState.REJECTED: T("Ditolak", "Rejected"),
    RequestState.CANCELLED: T("Dibatalkan", "Cancelled"),
    RequestState.LAPSED: T("Gugur karena lewat waktu", "Lapsed"),
}

REQUEST_STEPS: Mapping[RequestAction, Bilingual] = {
    RequestAction.SUBMIT: T("Diajukan", "Sent in"),
    RequestAction.RETURN: T("Dikembalikan untuk diperbaiki", "Returned for correction"),
    RequestAction.REVIEW: T("Diperiksa dan diparaf", "Reviewed"),
    RequestAction.FORWARD: T("Diteruskan untuk ditandatangani", "Forwarded for signature"),
    RequestAction.ISSUE: T("Surat diterbitkan", "Letter issued"),
    RequestAction.HAND_OVER: T("Surat diserahkan", "Letter handed over"),
    RequestAction.REJECT: T("Ditolak", "Rejected"),
    RequestAction.CANCEL: T("Dibatalkan", "Cancelled"),
    RequestAction.LAPSE: T("Gugur karena lewat waktu", "Lapsed"),
    RequestAction.REOPEN: T("Dibuka kembali oleh operator", "Opened again by the operator"),
}
"""What a step did, for the list of what happened."""

ORIGINS: Mapping[str, Bilingual] = {
    "counter": T("di loket", "at the counter"),
    "paper": T("di loket, dari surat kertas", "at the counter, from a letter on paper"),
    "home": T("dari rumah", "from home"),
}
