"""After issue: the letter's file for its applicant, and what he thinks of the service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from issuer.domain.application import SCORES, SURVEY_QUESTIONS
from issuer.domain.audit import AuditEvent
from issuer.domain.errors import InvalidInput, NotFound, Problem
from issuer.domain.letter import DOWNLOADED, Letter, LetterState
from issuer.domain.ports import Clock, FileStore, Random, Register
from issuer.services.applications import held_by_token


class Receiving:
    """Gives out letters, and takes in surveys."""

    def __init__(
        self, *, register: Register, letters: FileStore, clock: Clock, random: Random
    ) -> None:
        self._register = register
        self._letters = letters
        self._clock = clock
        self._random = random

    def letter(self, token: str) -> tuple[Letter, bytes]:
        """Return the finished letter with its file; every download is recorded.

        Raises ``NotFound`` before there is one, and when the token no longer holds.
        """
        now = self._clock.now()
        with self._register.writing() as uow:
            mine = held_by_token(uow, token, self._clock.now())
            letter = uow.letters.by_request(mine.request_id) if mine.request_id else None
            if letter is None or letter.pdf is None or letter.state is not LetterState.ISSUED:
                raise NotFound("letter", "")
            pdf = self._letters.get(letter.pdf.sha256)
            facts = {"number": letter.number}
            uow.audit.append(AuditEvent(now, mine.actor.id, DOWNLOADED, letter.id, facts))
            uow.commit()
        return letter, pdf

    def survey(self, token: str, typed: Mapping[str, str]) -> None:
        """Store the answers to the survey, apart from the person who gave them.

        ``typed`` has ``score_1`` to ``score_9``, each from 1 to 4. Once for a request; a
        second time changes nothing. Raises ``NotFound`` and ``InvalidInput``.
        """
        names = [f"score_{number}" for number in range(1, SURVEY_QUESTIONS + 1)]
        allowed = {str(score) for score in SCORES}
        problems = [Problem(name, "required") for name in names if typed.get(name) not in allowed]
        if problems:
            raise InvalidInput(problems)
        now = self._clock.now()
        with self._register.writing() as uow:
            mine = held_by_token(uow, token, self._clock.now())
            request = uow.requests.find(mine.request_id) if mine.request_id else None
            if request is None or uow.letters.by_request(request.id) is None:
                raise NotFound("letter", "")
            if mine.surveyed:
                return
            uow.applications.save(replace(mine, surveyed=True))
            # Neither the moment nor an id that would lead back to the request.
            uow.applications.add_survey(
                self._random.token_bytes(16).hex(),
                request.agency_code,
                request.letter_type,
                f"{now:%Y-%m}",
                [int(typed[name]) for name in names],
            )
            uow.commit()
