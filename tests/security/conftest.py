"""An office with four letters, and its keys in the attacker's hands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from cryptography import x509

from issuer.bootstrap import Composition
from issuer.domain.verdict import Verdict
from issuer.signing.keys import KeyStore
from issuer.signing.trust import TrustStore
from tests.offices import (
    DISTRICT_HEAD,
    VILLAGE_HEAD,
    Clock,
    compose_office,
    found_office,
    issue,
    pdf_of,
)
from tests.security.attacks import Target
from tests.security.certificates import Credentials


@dataclass(frozen=True)
class Stage:
    office: Composition
    target: Target


@pytest.fixture(scope="package")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Nothing in it is changed."""
    folder = tmp_path_factory.mktemp("attacked") / "office"
    found_office(folder, Clock())
    office = compose_office(folder, Clock())
    letters = [issue(office), issue(office)]
    endorsed = [issue(office, "domisili-usaha"), issue(office, "domisili-usaha")]
    one, two = (pdf_of(office, letter) for letter in letters)
    first, second = (pdf_of(office, letter) for letter in endorsed)
    for pdf in (one, two, first, second):
        assert office.services.verifier.by_file(pdf).verdict is Verdict.VALID
    yield Stage(office, Target(one, two, first, second, *_stolen(office)))
    office.close()


def _stolen(office: Composition) -> Iterator[Credentials]:
    folder = office.settings.keys_dir
    store = KeyStore(folder, office.settings.keys_passphrase_file, TrustStore(folder / "trust"))
    with office.register.reading() as uow:
        keys = [uow.signatories.get(who).key_id for who in (VILLAGE_HEAD, DISTRICT_HEAD)]
    for key_id in keys:
        pem = folder / "certificates" / f"{key_id}.pem"
        yield store.private_key(key_id), x509.load_pem_x509_certificate(pem.read_bytes())
    pem = folder / "trust" / "issuing.pem"
    yield store.private_key("issuing"), x509.load_pem_x509_certificate(pem.read_bytes())
