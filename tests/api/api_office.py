"""A small real office behind its API, and machines that call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from typing import Any

from flask import Flask
from openapi_schema_validator import OAS31Validator
from werkzeug.test import TestResponse

from issuer.bootstrap import Composition
from issuer.domain.institution import Institution, Scope
from issuer.domain.letter import Letter
from issuer.web.problems import MEDIA_TYPE
from tests.offices import OPERATOR, issue, pdf_of
from tests.web.web_office import make_app

VERIFY, BATCH, STATUS = "/api/v1/verify", "/api/v1/verify/batch", "/api/v1/status"
_addresses = count(1)


@dataclass
class ApiOffice:
    """The composition, its application, one letter with its file, and a bank with its key."""

    composition: Composition
    app: Flask
    letter: Letter
    pdf: bytes
    bank: Institution
    key: str
    narrow_key: str
    description: dict[str, Any] = field(default_factory=dict)

    @property
    def qr(self) -> str:
        assert self.letter.qr_text is not None
        return self.letter.qr_text

    @cached_property
    def pair(self) -> dict[str, str]:
        return {"number": self.letter.number, "code": self.letter.verification_code}

    def call(
        self,
        path: str,
        *,
        json: object = None,
        key: str | None = None,
        method: str = "POST",
        headers: Mapping[str, str] | None = None,
        address: str | None = None,
        **rest: Any,
    ) -> TestResponse:
        """Call as a stranger from an address of its own, or with a key."""
        if json is not None:
            rest["json"] = json
        return self.app.test_client().open(
            path,
            method=method,
            headers={**({"Authorization": f"Bearer {key}"} if key else {}), **(headers or {})},
            environ_base={"REMOTE_ADDR": address or f"198.51.100.{next(_addresses) % 250 + 1}"},
            **rest,
        )

    def send(self, data: bytes, kind: str, key: str | None = None) -> TestResponse:
        """Send a file to be verified."""
        return self.call(VERIFY, data=data, content_type=kind, key=key)


def open_api(composition: Composition) -> ApiOffice:
    """Return the office with a letter, an institution with every scope and one with none."""
    app = make_app(composition)
    letter = issue(composition)
    add = composition.services.institutions.add
    bank, key = add(OPERATOR, "Bank Contoh", list(Scope), 100_000)
    _, narrow_key = add(OPERATOR, "Sekolah Contoh", [Scope.WEBHOOKS], 10)
    api = ApiOffice(composition, app, letter, pdf_of(composition, letter), bank, key, narrow_key)
    api.description = api.call("/api/openapi.json", method="GET").get_json()
    return api


def conforms(api: ApiOffice, response: TestResponse, path: str) -> dict[str, Any]:
    """Return the answer, once it is held against the description."""
    (operation,) = api.description["paths"][path].values()
    described = operation["responses"][str(response.status_code)]
    if "$ref" in described:
        described = api.description["components"]["responses"][described["$ref"].split("/")[-1]]
    schema = described["content"][response.mimetype]["schema"]
    whole = {**schema, "components": api.description["components"]}
    OAS31Validator(whole, format_checker=OAS31Validator.FORMAT_CHECKER).validate(
        response.get_json()
    )
    for name in described.get("headers", {}):
        assert name in response.headers
    answer = response.get_json()
    assert isinstance(answer, dict)
    return answer


def problem(api: ApiOffice, response: TestResponse, status: int, path: str = VERIFY) -> Any:
    """Return a problem document, once its form is checked."""
    assert response.status_code == status, response.text
    assert response.mimetype == MEDIA_TYPE
    document = conforms(api, response, path)
    assert document["status"] == status
    assert document["type"] == f"/api#{document['code']}"
    return document
