"""``issuer institutions`` and ``issuer worker`` as an operator types them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from issuer.bootstrap import Composition
from issuer.cli import main
from issuer.cli.exits import ANSWER_IS_NO, WRONG_USE
from issuer.cli.institutions import OUTCOMES
from issuer.domain.errors import DependencyUnavailable
from issuer.domain.institution import Institution
from issuer.domain.webhook import Outcome
from issuer.jobs.addresses import is_public
from issuer.jobs.courier import HttpsCourier
from issuer.jobs.sweeping import sweep_until
from tests.offices import OPERATOR, issue
from tests.webhooks.webhook_office import URL, check

ROOT = Path(__file__).parents[2]


def issuer(folder: Path, *arguments: str) -> Result:
    """Run the command; an unexpected exception fails the test."""
    result = CliRunner().invoke(main, ["--data-dir", str(folder), *arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def told(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def one(office: Composition, institution_id: str) -> Institution:
    with office.register.reading() as uow:
        return uow.institutions.get(institution_id)


def test_the_life_of_an_institution(
    office_folder: Path, office: Composition, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = "institutions"
    add = (group, "add", "Bank Contoh", "--scope", "verify", "--scope", "webhooks", "--json")
    (added,) = told(issuer(office_folder, *add))
    assert set(added) == {"institution_id", "name", "key"}
    bank = added["institution_id"]
    assert office.services.institutions.whoever_holds(added["key"]).id == bank
    (listed,) = told(issuer(office_folder, group, "list", "--json"))
    assert listed["scopes"] == ["verify", "webhooks"]
    assert (listed["used_today"], listed["daily_quota"], listed["active"]) == (0, 1000, True)
    assert "key" not in listed
    (given,) = told(issuer(office_folder, group, "new-key", bank, "--json"))
    old = next(key for key in listed["keys"] if key != given["key_id"])
    told(issuer(office_folder, group, "revoke-key", old, "--json"))
    (listed,) = told(issuer(office_folder, group, "list", "--json"))
    assert listed["keys"] == [given["key_id"]]
    (set_,) = told(issuer(office_folder, group, "webhook", bank, URL, "--json"))
    assert set_["secret"].startswith("whsec_")

    letter = issue(office)
    check(office, one(office, bank), letter)
    office.services.letters.revoke(OPERATOR, letter.id, "salah data")
    (waiting,) = told(issuer(office_folder, group, "deliveries", "--json"))
    assert (waiting["state"], waiting["event"]) == ("waiting", "letter.revoked")
    again = issuer(office_folder, group, "resend", waiting["delivery_id"])
    assert again.exit_code == ANSWER_IS_NO
    monkeypatch.setattr(HttpsCourier, "post", lambda *_: Outcome.GONE)
    assert "Tried 1" in issuer(office_folder, "worker", "--once").stderr
    dead = (group, "deliveries", "--state", "dead", "--institution", bank)
    assert OUTCOMES[Outcome.GONE] in issuer(office_folder, *dead).stdout
    (sent,) = told(issuer(office_folder, group, "resend", waiting["delivery_id"], "--json"))
    assert (sent["state"], sent["tries"]) == ("waiting", 0)
    monkeypatch.setattr(HttpsCourier, "post", lambda *_: Outcome.RECEIVED)
    issuer(office_folder, "worker", "--once")
    (delivered,) = told(issuer(office_folder, group, "deliveries", "--json"))
    assert (delivered["state"], delivered["next_at"]) == ("delivered", None)

    told(issuer(office_folder, group, "webhook", bank, "--remove", "--json"))
    assert one(office, bank).webhook_url is None
    told(issuer(office_folder, group, "disable", bank, "--json"))
    assert "disabled" in issuer(office_folder, group, "list").stdout
    told(issuer(office_folder, group, "enable", bank, "--json"))
    assert one(office, bank).active


def test_people_read_lines_and_the_key_alone_is_on_standard_output(office_folder: Path) -> None:
    result = issuer(office_folder, "institutions", "add", "Bank Contoh", "--scope", "webhooks")
    assert result.stdout.startswith("issuer_")
    assert "not shown again" in result.stderr
    bank = result.stderr.split(": ")[1].split(".")[0]
    assert issuer(office_folder, "institutions", "new-key", bank).stdout.startswith("issuer_")
    set_ = issuer(office_folder, "institutions", "webhook", bank, URL)
    assert set_.stdout.startswith("whsec_")
    assert "Removed" in issuer(office_folder, "institutions", "webhook", bank, "--remove").stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["add", "Bank"],
        ["add", "Bank", "--scope", "everything"],
        ["add", "Bank", "--scope", "verify", "--quota", "0"],
        ["add", "Bank", "--scope", "verify", "--quota", "1000000000"],
        ["new-key", "unknown"],
        ["revoke-key", "unknown"],
        ["disable", "unknown"],
        ["resend", "unknown"],
        ["webhook", "unknown"],
        ["webhook", "unknown", URL, "--remove"],
        ["webhook", "unknown", "http://hooks.bank.example/"],
        ["webhook", "unknown", "https://10.0.0.1/"],
        ["deliveries", "--state", "lost"],
    ],
)
def test_wrong_use_is_told(office_folder: Path, arguments: list[str]) -> None:
    assert issuer(office_folder, "institutions", *arguments).exit_code == WRONG_USE


def test_every_outcome_has_its_words() -> None:
    assert set(OUTCOMES) == set(Outcome)


def test_the_office_s_own_courier_goes_to_public_addresses_alone() -> None:
    usual = HttpsCourier()
    assert usual._allowed is is_public
    assert usual._tls.check_hostname


def test_a_sweep_that_fails_is_followed_by_the_next() -> None:
    stop, sweeps = threading.Event(), []

    def sweep() -> int:
        sweeps.append(1)
        if len(sweeps) == 1:
            raise DependencyUnavailable("database")
        stop.set()
        return 0

    sweep_until(stop, sweep, seconds=0)
    assert len(sweeps) == 2


def test_the_worker_stops_when_it_is_told_to(office_folder: Path) -> None:
    command = [sys.executable, "-m", "issuer", "--data-dir", str(office_folder), "worker"]
    with subprocess.Popen(
        command, cwd=ROOT, env=dict(os.environ), stderr=subprocess.PIPE, text=True
    ) as worker:
        assert worker.stderr is not None
        assert "Working" in worker.stderr.readline()
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(60) == 0
