"""A worker of an office that sends to a test's server until it is killed.

Run as a program: ``sending_stage.py FOLDER CA ADDRESS``.
"""

from __future__ import annotations

import ssl
import sys
from ipaddress import ip_address
from pathlib import Path

from issuer.jobs.courier import HttpsCourier
from tests.offices import Clock, compose_office
from tests.webhooks.webhook_office import deliveries_by


def courier_to(ca: Path, address: str) -> HttpsCourier:
    """Return a courier for whom every name leads to the address of a test's server."""
    return HttpsCourier(
        tls=ssl.create_default_context(cafile=str(ca)),
        resolve=lambda _host, _port: [ip_address(address)],
        allowed=lambda found: found.is_loopback,
    )


def main(folder: Path, ca: Path, address: str) -> None:
    deliveries_by(compose_office(folder, Clock()), courier_to(ca, address)).sweep()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
