"""What may change between a passkey's question and its answer: in the form, or in the office.

Each returns the form that is sent with the answer.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import count

from issuer.domain.signing_batches import OnError, Order
from tests.letter_types.test_letter_types_versions import released
from tests.officers.officer_office import a_mandate, give, waiting
from tests.officers.passkey_officer import PasskeyOfficer
from tests.offices import DISTRICT, DISTRICT_HEAD, VILLAGE_HEAD

LURAH = "lurah-3522151001"
"""Somebody else who may endorse."""

_NEW = count()


def another_batch(_: PasskeyOfficer, order: Order) -> Order:
    return replace(order, batch_id=f"{order.batch_id}-other")


def one_letter_less(_: PasskeyOfficer, order: Order) -> Order:
    return replace(order, chosen=order.chosen[:-1])


def one_letter_more(officer: PasskeyOfficer, order: Order) -> Order:
    return replace(order, chosen=[*order.chosen, *waiting(officer.office)])


def another_letter(officer: PasskeyOfficer, order: Order) -> Order:
    return replace(order, chosen=[*order.chosen[:-1], *waiting(officer.office)])


def another_sequence(_: PasskeyOfficer, order: Order) -> Order:
    return replace(order, chosen=order.chosen[::-1])


def another_version_in_the_form(_: PasskeyOfficer, order: Order) -> Order:
    first = replace(order.chosen[0], version=order.chosen[0].version - 1)
    return replace(order, chosen=[first, *order.chosen[1:]])


def another_wording_in_the_form(_: PasskeyOfficer, order: Order) -> Order:
    first = replace(order.chosen[0], type_digest="0" * 64)
    return replace(order, chosen=[first, *order.chosen[1:]])


def another_endorser(_: PasskeyOfficer, order: Order) -> Order:
    assert order.endorser_id == DISTRICT_HEAD
    return replace(order, endorser_id=LURAH)


def to_stop_at_an_error(_: PasskeyOfficer, order: Order) -> Order:
    return replace(order, on_error=OnError.STOP)


def the_request_moves_on(officer: PasskeyOfficer, order: Order) -> Order:
    casework, first = officer.office.services.casework, order.chosen[0]
    casework.return_(officer.actor, first.request_id, first.version, "Alamat salah")
    return order


def the_wording_is_released(officer: PasskeyOfficer, order: Order) -> Order:
    words = f"Demikian keterangan ini dibuat, versi {next(_NEW)}."
    released(officer.office.services.type_editing, wording={"closing": words})
    return order


def another_mandate(officer: PasskeyOfficer, order: Order) -> Order:
    give(officer.office, replace(a_mandate(VILLAGE_HEAD), id=f"new-{next(_NEW)}"))
    return order


def another_mandate_of_the_endorser(officer: PasskeyOfficer, order: Order) -> Order:
    new = replace(a_mandate(DISTRICT_HEAD, DISTRICT), id=f"new-{next(_NEW)}")
    give(officer.office, new)
    return order


CHANGES = [
    another_batch,
    one_letter_less,
    one_letter_more,
    another_letter,
    another_sequence,
    another_version_in_the_form,
    another_wording_in_the_form,
    another_endorser,
    to_stop_at_an_error,
    the_request_moves_on,
    the_wording_is_released,
    another_mandate,
    another_mandate_of_the_endorser,
]
