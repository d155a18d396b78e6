"""What somebody types as an address, and what an agency may write."""

from __future__ import annotations

import re

import pytest

from issuer.bootstrap import Composition
from issuer.domain.access import Actor, Role
from issuer.domain.errors import InvalidInput, NotFound, NotPermitted, Problem
from issuer.domain.messages import (
    MAX_BODY,
    MAX_SUBJECT,
    OF_ACCOUNTS,
    PLACEHOLDERS,
    AccountMail,
    Contact,
    Language,
    MessageKind,
    unknown_placeholders,
)
from issuer.texts.messages import WORDINGS
from tests.messages.message_office import EMAIL, Notebook, asked, sending_by, tell
from tests.offices import VILLAGE, WARD

ADMIN = Actor("admin", Role.AGENCY_ADMIN, VILLAGE)
KEY = (MessageKind.ISSUED, Language.INDONESIAN)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0812-3456-7890", "+6281234567890"),
        (" 0812 3456 789 ", "+628123456789"),
        ("6281234567890", "+6281234567890"),
        ("+62 812 3456 7890", "+6281234567890"),
        ("(0812) 3456.7890", "+6281234567890"),
        ("+60 12 345 6789", "+60123456789"),
        ("", ""),
    ],
)
def test_a_phone_number_as_it_is_kept(typed: str, kept: str) -> None:
    assert Contact.parse(phone=typed).phone == kept


@pytest.mark.parametrize(
    "typed",
    ["12345", "0353 881826", "+62 353 881826", "08123", "0812345678901234", "+0812345678",
     "+1", "0812abc4567", "０８１２３４５６７８９０", "+62 0812 3456 7890", "3522994107900001"],
)  # fmt: skip
def test_a_phone_number_that_is_none(typed: str) -> None:
    assert problems(phone=typed) == [Problem("phone", "bad_phone")]


@pytest.mark.parametrize(
    "typed", ["a@b.id", "Siti.Aminah+surat@mail.example.co.id", " x@y.example ", "o'neil@x.example"]
)
def test_an_e_mail_address_as_it_is_kept(typed: str) -> None:
    assert Contact.parse(email=typed).email == typed.strip()


@pytest.mark.parametrize(
    "typed",
    ["a", "a@b", "@b.id", "a@b.id, c@d.id", "a b@c.id", "a@b.id\r\nBcc: c@d.id", "a@b.id\x00",
     ".a@b.id", "a..b@c.id", "a@-b.id", "a@b..id", "<a@b.id>", "a@[127.0.0.1]", "ä@b.id",
     "a@bücher.example", f"{'a' * 65}@b.id", f"a@{'b.' * 130}id", '"a b"@c.id'],
)  # fmt: skip
def test_an_e_mail_address_that_is_none(typed: str) -> None:
    assert problems(email=typed) == [Problem("email", "bad_email")]


def test_both_are_told_at_once_and_both_may_be_left_out() -> None:
    assert [p.where for p in problems(email="x", phone="1")] == ["email", "phone"]
    assert not Contact.parse()
    assert EMAIL not in repr(Contact.parse(EMAIL))


def problems(email: str = "", phone: str = "") -> list[Problem]:
    with pytest.raises(InvalidInput) as caught:
        Contact.parse(email, phone)
    assert not any(problem.facts for problem in caught.value.problems)
    return list(caught.value.problems)


def test_the_office_s_own_texts_are_complete_and_fit() -> None:
    assert set(WORDINGS.texts) == {
        (kind, language) for kind in MessageKind for language in Language
    }
    assert set(PLACEHOLDERS) == set(MessageKind)
    for (kind, _), text in WORDINGS.texts.items():
        assert not unknown_placeholders(kind, text.subject + text.body)
        assert "{link}" in text.body
        assert len(text.subject) <= MAX_SUBJECT
        assert len(text.body) <= MAX_BODY


def test_the_mails_about_accounts_are_complete_and_name_nothing_else() -> None:
    assert set(WORDINGS.accounts) == {
        (kind, language) for kind in AccountMail for language in Language
    }
    for text in WORDINGS.accounts.values():
        assert set(re.findall(r"\{(.*?)\}", text.subject + text.body)) == OF_ACCOUNTS
        assert len(text.subject) <= MAX_SUBJECT


@pytest.mark.parametrize(
    "text",
    ["{nama}", "{number}", "{}", "{0}", "{agency!r}", "{agency.__class__}", "{{agency}}", "}"],
)
def test_no_text_names_what_it_must_not_know(telling: Composition, text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        telling.services.message_texts.set(ADMIN, VILLAGE, KEY, "Surat", f"Surat {text}")
    assert [p.code for p in caught.value.problems] == ["unknown_placeholder"]


@pytest.mark.parametrize(
    ("subject", "body", "where"),
    [
        ("", "x", "subject"),
        ("x" * 81, "x", "subject"),
        ("x", "y" * 401, "body"),
        ("x\u202ey", "z", "subject"),
    ],
)
def test_a_text_is_plain_and_short(
    telling: Composition, subject: str, body: str, where: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        telling.services.message_texts.set(ADMIN, VILLAGE, KEY, subject, body)
    assert [p.where for p in caught.value.problems] == [where]


def test_an_agency_says_it_in_its_own_words(telling: Composition) -> None:
    texts = telling.services.message_texts
    text = texts.set(ADMIN, VILLAGE, KEY, "Sudah jadi", "{service} sudah jadi, lihat {link}")
    assert texts.of(ADMIN, VILLAGE)[KEY] == (text, True)
    other = (MessageKind.ISSUED, Language.ENGLISH)
    assert texts.of(ADMIN, VILLAGE)[other] == (WORDINGS.texts[other], False)
    request = asked(telling, Contact(EMAIL, ""))
    tell(telling, request, MessageKind.ISSUED)
    texts.reset(ADMIN, VILLAGE, KEY)
    later = asked(telling, Contact(EMAIL, ""))
    tell(telling, later, MessageKind.ISSUED)
    notebook = Notebook()
    sending_by(telling, mail=notebook).sweep()
    subjects = {m.request_id: m.content.subject for m in notebook.sent if m.content}
    assert subjects == {request.id: "Sudah jadi", later.id: WORDINGS.texts[KEY].subject}
    with telling.register.reading() as uow:
        actions = [entry.event.action for entry in uow.audit.entries(VILLAGE)]
    assert actions[-2:] == ["message.text_set", "message.text_reset"]


def test_only_its_own_agency_s_texts(telling: Composition) -> None:
    texts = telling.services.message_texts
    for nobody in (Actor("b", Role.AGENCY_ADMIN, WARD), Actor("c", Role.COUNTER, VILLAGE)):
        with pytest.raises(NotPermitted):
            texts.of(nobody, VILLAGE)
        with pytest.raises(NotPermitted):
            texts.set(nobody, VILLAGE, KEY, "a", "b")
        with pytest.raises(NotPermitted):
            texts.reset(nobody, VILLAGE, KEY)
    with pytest.raises(NotFound):
        texts.of(Actor("operator", Role.OPERATOR, None), "35.22.99")
