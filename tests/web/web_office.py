"""A small real office behind its pages, and people who walk in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from issuer.bootstrap import Composition, public_files, published_folder
from issuer.domain.access import Role
from issuer.domain.letter import Letter
from issuer.domain.letter_types import FieldKind, LetterType
from issuer.domain.limits import Asker
from issuer.web.app import ALL, create_app
from issuer.web.guards import TOKEN
from issuer.web.settings import DemoSignIn, WebSettings
from tests.offices import DISTRICT, DISTRICT_HEAD, OPERATOR, WARD, Clock, issue

PASSWORD = "kata-sandi-contoh"
LURAH = "lurah-3522151001"
CLERK, OTHER_CLERK, NOBODY = "petugas", "petugas-lain", "nobody"
REVIEWER = "verifikator"
OFFICER, OTHER_OFFICER, PIN = "penandatangan", "pejabat-lain", "295038"
SPARE_CLERK = "petugas-cadangan"
"""Somebody whose account may be changed."""

SLUG = "domisili"

ANSWERS = {
    "holder.nik": "3522 9957 0890 0001",
    "holder.name": "Siti Aminah Contoh",
    "holder.birth_place": "Bojonegoro",
    "holder.birth_date.day": "17",
    "holder.birth_date.month": "8",
    "holder.birth_date.year": "1990",
    "holder.sex": "P",
    "holder.religion": "Islam",
    "holder.marital_status": "Kawin",
    "holder.occupation": "Petani/Pekebun",
    "holder.nationality": "WNI",
    "holder.address": "Dusun Contoh, RT 003 RW 001, Kelurahan Jetak",
    "fields.residence_address": "Jalan Contoh Nomor 1, RT 003 RW 001",
    "fields.since.day": "1",
    "fields.since.month": "2",
    "fields.since.year": "2015",
    "fields.residence_status": "tetap",
    "purpose": "melamar pekerjaan",
    "signatory": LURAH,
}


@dataclass
class WebOffice:
    """The composition, its application, one issued letter, and accounts by name."""

    composition: Composition
    clock: Clock
    app: Flask
    letter: Letter
    tokens: dict[str, str] = field(default_factory=dict)

    def account_id(self, username: str) -> str:
        """Return the id of an account."""
        with self.composition.register.reading() as uow:
            account = uow.accounts.by_username(username)
        assert account is not None
        return account.id

    def client(self, who: str = NOBODY) -> FlaskClient:
        """Return a browser; anybody but ``NOBODY`` has signed in."""
        client = self.app.test_client()
        if who != NOBODY:
            if who not in self.tokens:
                token, _ = self.composition.services.accounts.sign_in(who, PASSWORD, Asker("-"))
                self.tokens[who] = token
            with client.session_transaction() as session:
                session[TOKEN] = self.tokens[who]
        return client


def open_web(composition: Composition, clock: Clock) -> WebOffice:
    """Return the office with an account for every role, and one letter of the ward."""
    names = {role.value.replace("_", "-"): (role, WARD) for role in Role}
    names[OTHER_CLERK] = (Role.COUNTER, DISTRICT)
    names[OTHER_OFFICER] = (Role.SIGNATORY, DISTRICT)
    names[SPARE_CLERK] = (Role.COUNTER, WARD)
    for username, (role, agency_code) in names.items():
        composition.services.accounts.create(
            username=username,
            password=PASSWORD,
            full_name="Orang Contoh",
            role=role,
            agency_code=agency_code,
        )
    composition.services.officers.link(OPERATOR, OFFICER, LURAH, PIN)
    composition.services.officers.link(OPERATOR, OTHER_OFFICER, DISTRICT_HEAD, PIN)
    letter = issue(composition, SLUG, WARD, LURAH)
    return WebOffice(composition, clock, make_app(composition), letter)


def make_app(
    composition: Composition, *, secure_cookies: bool = True, audiences: tuple[str, ...] = ALL
) -> Flask:
    """Return the pages of an office."""
    settings = WebSettings(
        secret_key=b"k" * 32,
        templates=composition.settings.templates_dir,
        secure_cookies=secure_cookies,
        demo_sign_ins=(DemoSignIn("loket-contoh", "sandi-contoh-1", "Petugas loket"),),
        public_files=public_files(composition.settings),
        published=published_folder(composition.settings),
    )
    return create_app(composition.services, settings, audiences)


def csrf(client: FlaskClient) -> str:
    """Return a form token of this browser's session."""
    return hidden(client.get("/periksa").text)["csrf_token"]


def hidden(page: str) -> dict[str, str]:
    """Return the hidden inputs of a page, as a browser would post them."""
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page)
    return {unescape(name): unescape(value) for name, value in found}


def post(client: FlaskClient, path: str, form: dict[str, str] | None = None) -> TestResponse:
    """Post a form with its token."""
    return client.post(path, data={**(form or {}), "csrf_token": csrf(client)})


def visible(page: str) -> str:
    """Return what a page says: no tags, no entities, spaces folded."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split())


def typed_fields(letter_type: LetterType) -> dict[str, str]:
    """Return a type's example as it is typed into the boxes of its form."""
    example = letter_type.example["fields"]
    assert isinstance(example, dict)
    typed: dict[str, str] = {}
    for spec in letter_type.fields:
        value = example.get(spec.name, "")
        if spec.columns:
            typed[f"fields.{spec.name}.rows"] = str(len(value))
            for number, row in enumerate(value, 1):
                for column in spec.columns:
                    where = f"fields.{spec.name}.{number}.{column.name}"
                    typed |= typed_value(where, column.kind, row.get(column.name, ""))
        else:
            typed |= typed_value(f"fields.{spec.name}", spec.kind, value)
    return typed


def typed_value(where: str, kind: FieldKind, value: object) -> dict[str, str]:
    """Return a value as it is typed; a date has three boxes."""
    if kind is FieldKind.DATE and value:
        parts = dict(zip(("year", "month", "day"), str(value).split("-"), strict=True))
        return {f"{where}.{part}": typed for part, typed in parts.items()}
    return {where: str(value)}
