"""The OpenAPI description, made from the tables that the answers are made from.

It is checked from outside: a generator of requests calls a running server by it and
reports every answer that it does not foresee.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from issuer import __version__
from issuer.domain.office import Office
from issuer.domain.verdict import Check, Reason, SignatureKind, Verdict
from issuer.domain.webhook import WebhookEvent
from issuer.web.api.questions import FILE_TYPES, JSON_TYPE, LONGEST, MAX_ROWS
from issuer.web.problems import MEDIA_TYPE

KEYS = {
    "jwks": "/.well-known/jwks.json",
    "issuer_keys": "/.well-known/issuer-keys",
    "status_lists": "/status",
    "ca": "/ca/root.pem",
    "issuing_ca": "/ca/issuing.pem",
    "crl": "/crl/root.crl",
    "issuing_crl": "/crl/issuing.crl",
}
"""Where a machine finds what it needs to verify letters by itself."""

JsonSchema = dict[str, Any]
_NULL = {"type": "null"}
_TEXT: JsonSchema = {"type": "string"}
_DATE: JsonSchema = {"type": ["string", "null"], "format": "date"}
_MOMENT: JsonSchema = {"type": ["string", "null"], "format": "date-time"}
_FLAG: JsonSchema = {"type": "boolean"}

_EVERY_CALL = (500, 503)
_ANYONE = (400, 401, 403, 413, 415, 422, 429, *_EVERY_CALL)
_MEANS = {
    400: "The request cannot be read.",
    401: "The API key is missing, wrong or revoked.",
    403: "The API key lacks the scope.",
    413: "The body is too large.",
    415: "The body is of a type that is not taken here.",
    422: "The body is not what was asked for; `problems` names every fault.",
    429: "Too many; `Retry-After` says when to come back.",
    500: "An error of ours; `reference` finds it in our log.",
    503: "The register cannot be reached.",
}


def openapi(office: Office) -> JsonSchema:
    """Return the description, as JSON values."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"Pemeriksaan surat {office.name}",
            "version": __version__,
            "description": f"Verifies letters of {office.name}. Reason codes and examples in"
            f" both languages: {office.base_url}/api",
        },
        "servers": [{"url": office.base_url}],
        # An empty requirement: also without a key, within a stranger's limits.
        "security": [{}, {"key": []}],
        "paths": _paths(),
        "webhooks": {event.value: _webhook(event) for event in WebhookEvent},
        "components": {
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer", "bearerFormat": "issuer_…"}
            },
            "schemas": _schemas(),
            "responses": {f"Problem{status}": _problem(status) for status in _MEANS},
        },
    }


def _paths() -> JsonSchema:
    question = {"oneOf": [_ref("ByQr"), _ref("ByNumber")]}
    asked = {JSON_TYPE: {"schema": question}}
    # No schema: a file is any bytes, and what is wrong with one is a verdict.
    file: JsonSchema = {}
    return {
        "/api/v1/verify": _post(
            "verify",
            "Verify a letter by its file, its QR, or its number and code",
            {**asked, **dict.fromkeys(FILE_TYPES, file)},
            _ref("Answer"),
        ),
        "/api/v1/verify/batch": {
            "post": {
                **_post(
                    "verifyBatch",
                    f"Verify up to {MAX_ROWS} letters; an API key with verify_batch is needed",
                    {
                        JSON_TYPE: {
                            "schema": {
                                "type": "array",
                                "minItems": 1,
                                "maxItems": MAX_ROWS,
                                # A faulty row is answered in its place.
                                "items": {},
                            },
                            "example": [{"qr": "https://…/v/…"}, {"number": "…", "code": "…"}],
                        }
                    },
                    _ref("Results"),
                )["post"],
                "security": [{"key": []}],
            }
        },
        "/api/v1/status": _post(
            "status",
            "The same verdict without anything about the letter or its holder",
            asked,
            _ref("Status"),
        ),
        "/api/v1/keys": {
            "get": {
                "operationId": "keys",
                "summary": "Where keys, status lists and certificates are published",
                "responses": {
                    "200": _json("Addresses.", _ref("Keys")),
                    **_problems((401, *_EVERY_CALL)),
                },
            }
        },
    }


def _post(name: str, summary: str, content: JsonSchema, answer: JsonSchema) -> JsonSchema:
    return {
        "post": {
            "operationId": name,
            "summary": summary,
            "requestBody": {"required": True, "content": content},
            "responses": {"200": _json("The answer.", answer), **_problems(_ANYONE)},
        }
    }


def _webhook(event: WebhookEvent) -> JsonSchema:
    """Return what an institution receives, and what it may answer."""
    headers = ("webhook-id", "webhook-timestamp", "webhook-signature")
    return {
        "post": {
            "summary": "A letter that the institution found genuine has ended",
            "parameters": [
                {"name": name, "in": "header", "required": True, "schema": _TEXT}
                for name in headers
            ],
            "requestBody": {
                "required": True,
                "content": {
                    JSON_TYPE: {
                        "schema": _object(
                            {
                                "type": {"const": event.value},
                                "timestamp": {"type": "string", "format": "date-time"},
                                "data": _object({"number": _TEXT}),
                            }
                        )
                    }
                },
            },
            "responses": {
                "2XX": {"description": "Received; it is not sent again."},
                "410": {"description": "Nothing more is wanted; it is given up."},
            },
        }
    }


def _schemas() -> JsonSchema:
    verdict = {
        "verdict": _one_of(Verdict),
        "checks": _object({name: _one_of(Check) for name in ("integrity", "status", "issuer")}),
        "reasons": {"type": "array", "items": _one_of(Reason)},
    }
    moments = {"checked_at": _MOMENT, "status_as_of": _MOMENT}
    letter = {
        **dict.fromkeys(("number", "title", "holder", "nik", "agency"), _TEXT),
        **dict.fromkeys(("issued_on", "expires_on", "revoked_on"), _DATE),
        **dict.fromkeys(("revocation_reason", "replaced_by", "sheet"), _or_null(_TEXT)),
        **dict.fromkeys(("specimen", "sheet_lost"), _FLAG),
    }
    signature = {
        "kind": _one_of(SignatureKind),
        "level": _TEXT,
        "signer": _TEXT,
        "endorser": _or_null(_TEXT),
        "time": _MOMENT,
    }
    return {
        "ByQr": _object({"qr": _typed("qr")}),
        "ByNumber": _object({"number": _typed("number"), "code": _typed("code")}),
        "Answer": _object(
            {
                **verdict,
                "letter": _or_null(_object(letter)),
                "signature": _or_null(_object(signature)),
                **moments,
            }
        ),
        "Status": _object({**verdict, **moments}),
        "Results": _object(
            {
                "results": {
                    "type": "array",
                    "minItems": 1,
                    "maxItems": MAX_ROWS,
                    "items": {
                        "oneOf": [
                            _object({"answer": _ref("Answer")}),
                            _object({"problem": _ref("Problem")}),
                        ]
                    },
                }
            }
        ),
        "Keys": _object({name: {"type": "string", "format": "uri"} for name in KEYS}),
        "Problem": _problem_document(),
    }


def _problem_document() -> JsonSchema:
    return _object(
        {
            "type": {"type": "string", "format": "uri-reference"},
            "title": _TEXT,
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "code": _TEXT,
            "reference": _TEXT,
            "retry_after_seconds": {"type": "integer", "minimum": 0},
            "problems": {
                "type": "array",
                "items": _object({"where": _TEXT, "code": _TEXT, "message": _TEXT}),
            },
        },
        optional=("reference", "retry_after_seconds", "problems"),
    )


def _problem(status: int) -> JsonSchema:
    found: JsonSchema = {
        "description": _MEANS[status],
        "content": {MEDIA_TYPE: {"schema": _ref("Problem")}},
    }
    if status == 429:
        found["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "required": True}}
    if status == 401:
        found["headers"] = {"WWW-Authenticate": {"schema": _TEXT, "required": True}}
    return found


def _problems(statuses: Iterable[int]) -> JsonSchema:
    return {str(status): {"$ref": f"#/components/responses/Problem{status}"} for status in statuses}


def _json(description: str, schema: JsonSchema) -> JsonSchema:
    return {"description": description, "content": {JSON_TYPE: {"schema": schema}}}


def _object(properties: Mapping[str, JsonSchema], optional: tuple[str, ...] = ()) -> JsonSchema:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def _typed(name: str) -> JsonSchema:
    return {"type": "string", "minLength": 1, "maxLength": LONGEST[name]}


def _one_of(values: type[StrEnum]) -> JsonSchema:
    return {"type": "string", "enum": [value.value for value in values]}


def _or_null(schema: JsonSchema) -> JsonSchema:
    return {"oneOf": [schema, _NULL]}


def _ref(name: str) -> JsonSchema:
    return {"$ref": f"#/components/schemas/{name}"}
