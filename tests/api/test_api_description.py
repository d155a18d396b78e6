"""The description against two foreign programs: a validator and a generator of requests."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from issuer.bootstrap import compose
from issuer.config import Settings
from issuer.domain.institution import Scope
from issuer.domain.webhook import WebhookEvent, body_of, delivery_of
from tests.api.api_office import ApiOffice
from tests.offices import OPERATOR

ROOT = Path(__file__).parents[2]
SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
CASES = 20
"""Requests of each kind for each operation: under half a minute on a quiet machine."""


def test_the_description_is_openapi_3_1(api: ApiOffice) -> None:
    OpenAPIV31SpecValidator(api.description).validate()


def test_every_operation_is_described_and_no_other(api: ApiOffice) -> None:
    routes = {
        (rule.rule, method.lower())
        for rule in api.app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    described = {
        (path, method) for path, methods in api.description["paths"].items() for method in methods
    }
    assert routes == described


@pytest.mark.parametrize("event", WebhookEvent)
def test_the_message_is_as_described(api: ApiOffice, event: WebhookEvent) -> None:
    delivery = delivery_of(event, "letter-1", "bank-1", api.composition.services.clock.now())
    body = json.loads(body_of(delivery, api.letter.number))
    described = api.description["webhooks"][event.value]["post"]["requestBody"]["content"]
    OAS31Validator(described["application/json"]["schema"]).validate(body)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve the office in a process of its own; yield its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    stage = [sys.executable, "-m", "tests.api.serving_stage", str(folder), str(port)]
    with subprocess.Popen(stage, cwd=ROOT, env=dict(os.environ)) as serving:
        try:
            address = f"http://127.0.0.1:{port}"
            for _ in range(600):
                assert serving.poll() is None, "the server ended by itself"
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                except ConnectionRefusedError:
                    time.sleep(0.1)
            yield address
        finally:
            serving.terminate()
            serving.wait(30)


@pytest.mark.parametrize("with_key", [True, False], ids=["institution", "stranger"])
def test_no_request_is_answered_otherwise_than_described(
    office_folder: Path, tmp_path: Path, with_key: bool
) -> None:
    composition = compose(Settings.load(office_folder, {}))
    _, key = composition.services.institutions.add(OPERATOR, "Bank", list(Scope), 1_000_000)
    composition.close()
    # It begins at the description alone, and keeps its notes where it is started.
    command = [
        *(str(SCHEMATHESIS), "run"),
        *("--phases", "examples,coverage,fuzzing", "--checks", "all", "--mode", "all"),
        *("--max-examples", str(CASES), "--seed", "3522", "--continue-on-failure"),
        *("--workers", "2", "--request-timeout", "20", "--no-color"),
        *("--generation-database", ":memory:"),
    ]
    if with_key:
        command += ["--header", f"Authorization: Bearer {key}"]
    with served(office_folder) as address:
        done = subprocess.run(
            [*command, "--url", address, f"{address}/api/openapi.json"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert "Tested: 4" in done.stdout
