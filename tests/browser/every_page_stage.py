"""An office in which every page there is has something to show, and the way to each."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from flask.testing import FlaskClient

from issuer.domain.letter import Letter
from issuer.domain.passkeys import NewKey, Passkey
from issuer.domain.signing_batches import Order
from tests.browser.serving import served
from tests.casework.casework_office import from_home
from tests.citizen.account_office import active, letter_about
from tests.citizen.citizen_browser import Resident
from tests.messages.message_office import add_mail
from tests.officers.officer_office import BY_PIN, waiting
from tests.offices import OPERATOR, WARD, Clock, compose_office
from tests.web.test_web_access import AGENCY_ADMIN, REGENCY_ADMIN, SERIES
from tests.web.web_office import (
    CLERK,
    LURAH,
    OFFICER,
    PASSWORD,
    SPARE_CLERK,
    WebOffice,
    make_app,
    open_web,
    post,
)

Opened = tuple[FlaskClient, str]
"""A browser with its cookies, and where it goes."""


@dataclass
class Stage:
    """The office behind a port, with people in the middle of what they do."""

    web: WebOffice
    origin: str

    @cached_property
    def drafting(self) -> FlaskClient:
        """Somebody at home who has answered everything and not sent it."""
        resident = Resident(self.web)
        resident.fill()
        return resident.client

    @cached_property
    def sent(self) -> Resident:
        """Somebody at home whose request is at the office."""
        resident = Resident(self.web)
        resident.apply()
        return resident

    @cached_property
    def served(self) -> FlaskClient:
        """Somebody at home whose letter is issued."""
        resident = Resident(self.web)
        known = self._queue()
        code = resident.apply()
        ((mine, version),) = self._queue().items() - known.items()
        casework = self.web.composition.services.casework
        reviewed = casework.review(OPERATOR, mine, version)
        casework.forward(OPERATOR, mine, reviewed.version)
        self.web.composition.services.issuance.issue(OPERATOR, mine, LURAH)
        resident.sent(resident.come_back(code))
        return resident.client

    @cached_property
    def version(self) -> str:
        """A version of a letter type that is being written."""
        composition = self.web.composition
        with composition.register.reading() as uow:
            admin = uow.accounts.get(self.web.account_id(REGENCY_ADMIN)).actor()
        return composition.services.type_editing.begin(admin, "usaha").id

    @cached_property
    def account(self) -> Opened:
        """A resident with an account, and one of the requests it shows."""
        request_id = letter_about(self.web)
        return active(self.web), f"/akun-saya/permohonan/{request_id}"

    def opened(self, endpoint: str, pattern: str, who: str) -> Opened:
        """Return the way to a page; ``who`` comes, unless it takes somebody in the middle."""
        if endpoint in OPENED:
            return OPENED[endpoint](self)
        return self.web.client(who), self.filled(pattern)

    def filled(self, pattern: str) -> str:
        """Return an address of the access matrix with the ids of what is there."""
        return pattern.format(
            letter=self.web.letter.id,
            request=self.web.letter.request_id,
            account=self.web.account_id(SPARE_CLERK),
            paper=self._paper,
        )

    @cached_property
    def _paper(self) -> str:
        services = self.web.composition.services
        today = services.office.today(self.web.clock.now())
        return services.paper_numbers.reserve(OPERATOR, WARD, SERIES, 3, today)[0].block_id

    def _queue(self) -> dict[str, int]:
        """Return the version of each request that the ward's counter has, by id."""
        queue = self.web.composition.services.casework.queue(OPERATOR, WARD)
        return {one.id: one.version for one in queue}


def _a_draft(path: str) -> Callable[[Stage], Opened]:
    return lambda stage: (stage.drafting, path)


def _a_request(path: str) -> Callable[[Stage], Opened]:
    return lambda stage: (stage.sent.client, path)


def _begun_factor(stage: Stage) -> Opened:
    client = stage.web.client(CLERK)
    post(client, "/akun/pengaman", {"password": PASSWORD})
    return client, "/akun/pengaman/pasang"


def _passkey(stage: Stage) -> Opened:
    owner = stage.web.account_id(CLERK)
    key = NewKey("AAAA", b"\0", 0)
    with stage.web.composition.register.writing() as uow:
        uow.passkeys.add(Passkey("0" * 16, owner, "HP loket", key, stage.web.clock.now()))
        uow.commit()
    return stage.web.client(CLERK), f"/akun/passkey/{'0' * 16}/hapus"


def _batch(stage: Stage) -> Opened:
    composition = stage.web.composition
    with composition.register.reading() as uow:
        officer = uow.accounts.get(stage.web.account_id(OFFICER)).actor()
    letters = waiting(composition, 2, agency=WARD)
    batch = composition.services.batches.begin(officer, Order("0" * 32, letters), BY_PIN)
    return stage.web.client(OFFICER), f"/pejabat/tanda-tangan/{batch.id}"


def _mandate(stage: Stage) -> Opened:
    ((_, mandate),) = stage.web.composition.services.letters.signatories(WARD)
    return stage.web.client(AGENCY_ADMIN), f"/admin/perangkat/{WARD}/mandat/{mandate.id}/akhiri"


def _version(ending: str = "") -> Callable[[Stage], Opened]:
    return lambda stage: (
        stage.web.client(REGENCY_ADMIN),
        f"/admin/versi-jenis/{stage.version}{ending}",
    )


def _import(stage: Stage) -> Opened:
    composition = stage.web.composition
    with composition.register.reading() as uow:
        admin = uow.accounts.get(stage.web.account_id(REGENCY_ADMIN)).actor()
    imports = composition.services.resident_imports
    one = imports.begin(admin, WARD, imports.sample(), complete=True)
    return stage.web.client(REGENCY_ADMIN), f"/admin/perangkat/{WARD}/warga/{one.id}"


def _returned(stage: Stage) -> Opened:
    sent = from_home(stage.web.composition)
    stage.web.composition.services.casework.return_(
        OPERATOR, sent.id, sent.version, "Foto KTP buram."
    )
    return stage.web.client(CLERK), f"/loket/perbaiki/{sent.id}"


OPENED: dict[str, Callable[[Stage], Opened]] = {
    "citizen.question": _a_draft("/permohonan/isi/purpose"),
    "citizen.saved": _a_draft("/permohonan/simpan"),
    "citizen.documents": _a_draft("/permohonan/berkas"),
    "citizen.check": _a_draft("/permohonan/periksa"),
    "citizen.receipt": _a_request("/permohonan/tanda-terima"),
    "citizen.own": _a_request("/permohonan"),
    "citizen.ask_to_reach": _a_request("/permohonan/kabar"),
    "citizen.ask_to_cancel": _a_request("/permohonan/batal"),
    "citizen.survey": lambda stage: (stage.served, "/permohonan/survei"),
    "citizen.follow": lambda stage: (stage.web.client(), f"/ikuti/{stage.sent.code()}"),
    "citizen_account.home": lambda stage: (stage.account[0], "/akun-saya"),
    "citizen_account.case": lambda stage: stage.account,
    "verify.landing": lambda stage: (stage.web.client(), _qr(stage.web.letter)),
    "verify.more": lambda stage: (stage.web.client(), f"{_qr(stage.web.letter)}/lengkap"),
    "account.set_up": _begun_factor,
    "account.ask_to_remove_passkey": _passkey,
    "officer.batch": _batch,
    "admin.ask_to_end_mandate": _mandate,
    "admin.resident_import": _import,
    "admin.version": _version(),
    "admin.type_documents": _version("/berkas"),
    "admin.type_standard": _version("/standar"),
    "admin.type_questions": _version("/pertanyaan"),
    "admin.new_question": _version("/pertanyaan/baru?bentuk=choice"),
    "admin.type_question": _version("/pertanyaan/isi/business_name"),
    "counter.correct": _returned,
}
"""Where a page needs more than the address that the access matrix asks for."""


def _qr(letter: Letter) -> str:
    return "/v/" + (letter.qr_text or "").rpartition("/v/")[2]


@contextmanager
def stage_of(founded: Path, folder: Path) -> Iterator[Stage]:
    """Open the pages of a copy of an office, at a port of this machine."""
    shutil.copytree(founded, folder)
    add_mail(folder)
    clock = Clock()
    composition = compose_office(folder, clock)
    web = open_web(composition, clock)
    web.app = make_app(composition, secure_cookies=False)
    with served(web.app) as server:
        yield Stage(web, server.origin)
    composition.close()
