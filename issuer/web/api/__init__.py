"""The API for machines: verify one letter or many, ask for a status, find the keys.

Nothing here reads a cookie, so there is no form token; another site's page cannot read an
answer, since no CORS header allows it. Whoever comes without a key is a stranger and has
a stranger's limits; a key raises them and is counted by the day.
"""

from __future__ import annotations

from contextlib import suppress

from flask import Blueprint, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from issuer.domain.answer import as_object
from issuer.domain.errors import DependencyUnavailable, IssuerError, NotAuthenticated
from issuer.domain.institution import Institution, Scope
from issuer.domain.limits import Asker, Rule
from issuer.domain.verdict import Verification
from issuer.services import Services
from issuer.web import asking, problems
from issuer.web.api import guide
from issuer.web.api.document import KEYS, openapi
from issuer.web.api.questions import (
    FILE_TYPES,
    ByNumber,
    ByQr,
    read_json,
    read_question,
    read_rows,
)
from issuer.web.errors import trouble_of
from issuer.web.settings import WebSettings

_WITHOUT_PERSON = ("verdict", "checks", "reasons", "checked_at", "status_as_of")


def make_blueprint(services: Services, _settings: WebSettings) -> Blueprint:
    """Return the room for machines."""
    room = Blueprint("api", __name__, url_prefix="/api")
    desk = _Desk(services)
    document = openapi(services.office)

    @room.get("")
    def about() -> ResponseReturnValue:
        return render_template("api/guide.html", **guide.tables(services.office))

    @room.get("/openapi.json")
    def description() -> ResponseReturnValue:
        return jsonify(document)

    @room.post("/v1/verify")
    def verify() -> ResponseReturnValue:
        if request.mimetype in FILE_TYPES:
            desk.admit(Scope.VERIFY)
            data = request.get_data(cache=False)
            found = services.inquiries.by_file(data, _asker())
        else:
            question = read_question(read_json())
            desk.admit(Scope.VERIFY)
            found = desk.answer(question)
        desk.remember(found)
        return jsonify(as_object(found))

    @room.post("/v1/verify/batch")
    def verify_batch() -> ResponseReturnValue:
        if _institution() is None:
            raise NotAuthenticated
        rows = read_rows(read_json())
        desk.admit(Scope.VERIFY_BATCH, len(rows))
        answers = [desk.answer_row(row) for row in rows]
        desk.remember(*(row for row in answers if isinstance(row, Verification)))
        return jsonify({"results": [desk.row(row) for row in answers]})

    @room.post("/v1/status")
    def status() -> ResponseReturnValue:
        question = read_question(read_json())
        desk.admit(Scope.VERIFY)
        found = desk.answer(question)
        desk.remember(found)
        answer = as_object(found)
        return jsonify({name: answer[name] for name in _WITHOUT_PERSON})

    @room.get("/v1/keys")
    def keys() -> ResponseReturnValue:
        return jsonify({name: services.office.base_url + path for name, path in KEYS.items()})

    return room


class _Desk:
    """Counts, asks and remembers for whoever the guard let in."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def admit(self, scope: Scope, count: int = 1) -> None:
        """Count before anything is looked up. Raises ``NotPermitted``, ``TooManyAttempts``."""
        institution, asker = _institution(), _asker()
        rule = Rule.API_PER_INSTITUTION if institution else Rule.API_PER_ADDRESS
        # Guesses have limits of their own, which hold without counters as well.
        with suppress(DependencyUnavailable):
            self._services.limits.hit(rule, asker.network)
        if institution is not None:
            self._services.institutions.spend(institution, scope, count)

    def answer(self, question: ByQr | ByNumber) -> Verification:
        """Answer one question. Raises ``TooManyAttempts``."""
        if isinstance(question, ByQr):
            return self._services.inquiries.by_qr(question.qr, _asker())
        return self._services.inquiries.by_number(question.number, question.code, _asker())

    def answer_row(self, value: object) -> Verification | IssuerError:
        """Answer one question of many: what is wrong with it spoils no other."""
        try:
            return self.answer(read_question(value))
        except IssuerError as error:
            return error

    def row(self, row: Verification | IssuerError) -> dict[str, object]:
        """Return what a row of a batch says."""
        if isinstance(row, Verification):
            return {"answer": as_object(row)}
        return {"problem": problems.as_object(trouble_of(row, self._services))}

    def remember(self, *found: Verification) -> None:
        """Remember what an institution found genuine; the answer does not wait for it."""
        institution = _institution()
        if institution is not None:
            with suppress(DependencyUnavailable):
                self._services.institutions.found(institution, found)


def _institution() -> Institution | None:
    institution = g.institution
    return institution if isinstance(institution, Institution) else None


def _asker() -> Asker:
    institution = _institution()
    return Asker(asking.asker().address, institution.id if institution else None)
