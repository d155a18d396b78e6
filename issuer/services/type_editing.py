"""Versions of letter types: written by one administrator, released by another.

A released version is in force from the commit on: whoever takes a request or a number
reads it in his own transaction. Letters already issued name the digest they came from
and stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from issuer.domain.access import Actor, Permission, Subject, require
from issuer.domain.audit import AuditEvent
from issuer.domain.errors import InvalidInput, NotFound, Problem, StaleVersion
from issuer.domain.letter_types import SLUG, LetterType
from issuer.domain.ports import Clock, Random, Register, UnitOfWork
from issuer.domain.text import TextRefused, plain_text
from issuer.domain.type_ports import TypeDesk
from issuer.domain.type_questions import QuestionStep
from issuer.domain.type_versions import (
    FIRST_OWN_CODE,
    TypeVersion,
    VersionAction,
    VersionState,
)

MAX_REASON = 300
_MAX_CODE = 65535


@dataclass(frozen=True, slots=True)
class Draft:
    """A version as it is looked at.

    ``letter_type`` is None for one that cannot be read; ``findings`` keep it from being
    proposed. ``may_decide`` says whether the one who looks may release or reject it.
    """

    version: TypeVersion
    letter_type: LetterType | None
    findings: tuple[Problem, ...]
    in_force: LetterType | None
    may_decide: bool


@dataclass(frozen=True, slots=True)
class History:
    """All versions of a type, the newest first, upon the ``base`` that came with the program.

    ``base`` is None for a type of the office's own. ``names`` are those of the accounts
    that had a part in it, by id.
    """

    versions: tuple[TypeVersion, ...]
    base: str | None
    names: Mapping[str, str]

    def before(self, version: TypeVersion) -> str | None:
        """Return the content that was in force when this one was begun, None where none was."""
        for one in self.versions:
            if one.version < version.version and one.state is VersionState.RELEASED:
                return one.content
        return self.base


class TypeEditing:
    """Drafts, proposes, releases, rejects and withdraws versions of letter types."""

    def __init__(self, *, register: Register, desk: TypeDesk, clock: Clock, random: Random) -> None:
        self._register = register
        self._desk = desk
        self._clock = clock
        self._random = random

    def open(self, actor: Actor) -> list[TypeVersion]:
        """Return what is being written or waits for release. Raises ``NotPermitted``."""
        require(actor, Permission.KEEP_LETTER_TYPES, Subject())
        with self._register.reading() as uow:
            return uow.type_versions.open()

    def newest(self, actor: Actor) -> dict[str, TypeVersion]:
        """Return the newest version of every type that has one. Raises ``NotPermitted``."""
        require(actor, Permission.KEEP_LETTER_TYPES, Subject())
        with self._register.reading() as uow:
            every = uow.type_versions.every()
        return {one.slug: one for one in sorted(every, key=lambda one: (one.slug, one.version))}

    def history(self, actor: Actor, slug: str) -> History:
        """Return every version of a type. Raises ``NotPermitted`` and ``NotFound``."""
        require(actor, Permission.KEEP_LETTER_TYPES, Subject())
        with self._register.reading() as uow:
            versions = tuple(uow.type_versions.of_type(slug))
            base = self._desk.base(slug)
            if not versions and base is None:
                raise NotFound("letter_type", slug[:40])
            people = {who for one in versions for who in (*one.authors, one.decided_by) if who}
            names = {account.id: account.full_name for account in uow.accounts.list()}
        return History(versions, base, {who: names.get(who, who) for who in people})

    def content_in_force(self, actor: Actor, slug: str) -> str | None:
        """Return the content of a type in force; None for one never released."""
        require(actor, Permission.KEEP_LETTER_TYPES, Subject())
        with self._register.reading() as uow:
            try:
                return self._in_force(uow, slug)
            except NotFound:
                return None

    def begin(self, actor: Actor, slug: str, from_id: str | None = None) -> TypeVersion:
        """Begin a version: of what is in force, or anew of a former one of the same type.

        Raises ``NotPermitted``, ``NotFound``, and ``StaleVersion`` when somebody is at a
        version of this type already.
        """
        require(actor, Permission.KEEP_LETTER_TYPES, Subject())
        with self._register.writing() as uow:
            versions = uow.type_versions.of_type(slug)
            if from_id is not None:
                former = uow.type_versions.get(from_id)
                if former.slug != slug:
                    raise NotFound("type_version", from_id[:40])
                content = former.content
            else:
                content = self._in_force(uow, slug)
            former_ones = [version.version for version in versions]
            if base := self._desk.base(slug):
                former_ones.append(self._desk.number_of(slug, base))
            number = max(former_ones)
            content = self._desk.numbered(slug, content, number + 1)
            begun = self._add(uow, actor, slug, number + 1, content)
            uow.commit()
        return begun

    def copy(self, actor: Actor, slug: str, new_slug: str, title: str) -> TypeVersion:
        """Begin a new type as a copy of one in force, with a code of its own.

        Raises ``InvalidInput`` for a name or a title that cannot be used.
        """
        require(actor, Permission.KEEP_LETTER_TYPES, Subject())
        problems = []
        if not SLUG.fullmatch(new_slug):
            problems.append(Problem("slug", "bad_slug"))
        try:
            named = plain_text(title, 80)
        except TextRefused as refused:
            problems.append(Problem("title", refused.code, refused.facts))
        with self._register.writing() as uow:
            if self._desk.base(new_slug) or uow.type_versions.of_type(new_slug):
                problems.append(Problem("slug", "slug_taken"))
            if problems:
                raise InvalidInput(problems)
            code = max([FIRST_OWN_CODE - 1, *self._codes(uow)]) + 1
            if code > _MAX_CODE:
                raise InvalidInput([Problem("slug", "no_code_left")])
            content = self._desk.renamed(slug, self._in_force(uow, slug), code, named)
            begun = self._add(uow, actor, new_slug, 1, content)
            uow.commit()
        return begun

    def one(self, actor: Actor, version_id: str) -> Draft:
        """Return a version with what is wrong with it. Raises ``NotFound``."""
        require(actor, Permission.KEEP_LETTER_TYPES, Subject())
        with self._register.reading() as uow:
            version = uow.type_versions.get(version_id)
            try:
                force = self._desk.read(version.slug, self._in_force(uow, version.slug))
            except NotFound:
                force = None
        return Draft(
            version=version,
            letter_type=self._desk.read(version.slug, version.content),
            findings=self._desk.findings(version.slug, version.content, force),
            in_force=force,
            may_decide=version.may_be_decided_by(actor.id),
        )

    def save(self, actor: Actor, version_id: str, row: int, content: str) -> TypeVersion:
        """Write a draft. What is wrong with it is said when it is looked at.

        A type keeps its code and its version its number, whatever the content says.
        Raises ``InvalidInput`` for what is no content, ``StaleVersion`` and
        ``IllegalTransition``.
        """
        return self._rewrite(
            actor, version_id, row, lambda one: self._desk.kept(one.slug, one.content, content)
        )

    def write_question(
        self, actor: Actor, version_id: str, row: int, step: QuestionStep
    ) -> TypeVersion:
        """Write one question of a draft. Raises as ``save`` does, and ``NotFound``."""
        return self._rewrite(
            actor, version_id, row, lambda one: self._desk.asking(one.slug, one.content, step)
        )

    def propose(self, actor: Actor, version_id: str, row: int) -> TypeVersion:
        """Lay a draft before a second person. Raises ``InvalidInput`` with every finding."""
        with self._register.writing() as uow:
            version = self._found(uow, actor, version_id, row)
            proposed = version.after(VersionAction.PROPOSE, actor.id, self._clock.now())
            self._refuse_findings(uow, version)
            self._write(uow, actor, proposed, "proposed")
            uow.commit()
        return proposed

    def release(self, actor: Actor, version_id: str, row: int) -> TypeVersion:
        """Bring a proposed version into force.

        Raises ``AnotherPersonNeeded`` for whoever had a part in it, ``StaleVersion`` when
        somebody else has decided, and ``InvalidInput`` when the program finds it wanting.
        """
        with self._register.writing() as uow:
            version = self._found(uow, actor, version_id, row)
            released = version.after(VersionAction.RELEASE, actor.id, self._clock.now())
            self._refuse_findings(uow, version)
            self._write(uow, actor, released, "released")
            uow.commit()
        self._desk.refresh()
        return released

    def reject(self, actor: Actor, version_id: str, row: int, reason: str) -> TypeVersion:
        """Refuse a proposed version. Raises ``AnotherPersonNeeded``, ``InvalidInput``."""
        return self._end(actor, version_id, row, VersionAction.REJECT, reason)

    def withdraw(self, actor: Actor, version_id: str, row: int, reason: str) -> TypeVersion:
        """Give a version up before it is released. Raises ``InvalidInput`` without a reason."""
        return self._end(actor, version_id, row, VersionAction.WITHDRAW, reason)

    # --- what they share ------------------------------------------------------------

    def _rewrite(
        self, actor: Actor, version_id: str, row: int, write: Callable[[TypeVersion], str]
    ) -> TypeVersion:
        with self._register.writing() as uow:
            version = self._found(uow, actor, version_id, row)
            # The state first: what cannot be written is not worth checking.
            saved = version.after(VersionAction.SAVE, actor.id, self._clock.now())
            saved = replace(saved, content=write(version))
            self._write(uow, actor, saved, "saved")
            uow.commit()
        return saved

    def _end(
        self, actor: Actor, version_id: str, row: int, action: VersionAction, reason: str
    ) -> TypeVersion:
        with self._register.writing() as uow:
            version = self._found(uow, actor, version_id, row)
            try:
                why = plain_text(reason, MAX_REASON)
            except TextRefused as refused:
                raise InvalidInput([Problem("reason", refused.code, refused.facts)]) from refused
            ended = version.after(action, actor.id, self._clock.now(), reason=why)
            self._write(uow, actor, ended, ended.state.value)
            uow.commit()
        return ended

    def _found(self, uow: UnitOfWork, actor: Actor, version_id: str, row: int) -> TypeVersion:
        require(actor, Permission.KEEP_LETTER_TYPES, Subject())
        version = uow.type_versions.get(version_id)
        if version.row != row:
            raise StaleVersion
        return version

    def _in_force(self, uow: UnitOfWork, slug: str) -> str:
        released = [
            version
            for version in uow.type_versions.of_type(slug)
            if version.state is VersionState.RELEASED
        ]
        content = released[0].content if released else self._desk.base(slug)
        if content is None:
            raise NotFound("letter_type", slug[:40])
        return content

    def _codes(self, uow: UnitOfWork) -> list[int]:
        """Return the codes of every type there ever was, also of those never released."""
        every = uow.type_versions.every()
        return [*self._desk.base_codes(), *(self._desk.code_of(one.content) for one in every)]

    def _refuse_findings(self, uow: UnitOfWork, version: TypeVersion) -> None:
        try:
            force = self._desk.read(version.slug, self._in_force(uow, version.slug))
        except NotFound:
            force = None
        if found := self._desk.findings(version.slug, version.content, force):
            raise InvalidInput(list(found))

    def _add(
        self, uow: UnitOfWork, actor: Actor, slug: str, number: int, content: str
    ) -> TypeVersion:
        version = TypeVersion(
            id=self._random.token_bytes(16).hex(),
            slug=slug,
            version=number,
            content=content,
            state=VersionState.DRAFT,
            row=1,
            created_by=actor.id,
            created_at_utc=self._clock.now(),
            saved_by=actor.id,
        )
        uow.type_versions.add(version)
        self._record(uow, actor, version, "drafted")
        return version

    def _write(self, uow: UnitOfWork, actor: Actor, version: TypeVersion, done: str) -> None:
        uow.type_versions.save(version)
        self._record(uow, actor, version, done)

    def _record(self, uow: UnitOfWork, actor: Actor, version: TypeVersion, done: str) -> None:
        facts: dict[str, str | int] = {"version": version.version, "digest": version.digest}
        action = f"letter_type.{done}"
        uow.audit.append(AuditEvent(self._clock.now(), actor.id, action, version.slug, facts))
