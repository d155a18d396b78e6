"""Officers, and the batches that they sign, as rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from issuer.domain.errors import StaleVersion
from issuer.domain.letter import Lease
from issuer.domain.officers import Officer
from issuer.domain.signing_batches import (
    BatchItem,
    BatchState,
    ItemState,
    OnError,
    SigningBatch,
)
from issuer.storage.schema_officers import (
    officer_accounts,
    signing_batch_items,
    signing_batches,
)

_OFFICER, _BATCH, _ITEM = officer_accounts.c, signing_batches.c, signing_batch_items.c
_FIND_OFFICER = select(officer_accounts).where(_OFFICER.account_id == bindparam("key"))
_REMOVE_OFFICER = delete(officer_accounts).where(_OFFICER.account_id == bindparam("key"))
_LIST_OFFICERS = select(officer_accounts).order_by(_OFFICER.account_id)
_ADD_OFFICER = insert(officer_accounts)
_ADD_BATCH, _ADD_ITEMS = insert(signing_batches), insert(signing_batch_items)
_FIND_BATCH = select(signing_batches).where(_BATCH.id == bindparam("key"))
_ITEMS = (
    select(signing_batch_items).where(_ITEM.batch_id == bindparam("key")).order_by(_ITEM.position)
)
_RECENT = (
    select(signing_batches)
    .where(_BATCH.account_id == bindparam("key"))
    .order_by(_BATCH.created_at_utc.desc(), _BATCH.id)
    .limit(bindparam("most"))
)
_SAVE_BATCH = update(signing_batches).where(
    _BATCH.id == bindparam("key"), _BATCH.version == bindparam("stored_version")
)
_SAVE_ITEM = update(signing_batch_items).where(
    _ITEM.batch_id == bindparam("key"), _ITEM.position == bindparam("place")
)


class SqlOfficers:
    """``OfficerRepository`` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, account_id: str) -> Officer | None:
        """Return the officer that an account is, or None."""
        row = self._connection.execute(_FIND_OFFICER, {"key": account_id}).first()
        return _officer(row) if row else None

    def put(self, officer: Officer) -> None:
        """Write an officer, in the place of the one that the account was."""
        self._connection.execute(_REMOVE_OFFICER, {"key": officer.account_id})
        self._connection.execute(
            _ADD_OFFICER,
            {
                "account_id": officer.account_id,
                "signatory_id": officer.signatory_id,
                "pin_hash": officer.pin_hash,
            },
        )

    def list(self) -> Sequence[Officer]:
        """Return every officer, by account."""
        return [_officer(row) for row in self._connection.execute(_LIST_OFFICERS)]


class SqlBatches:
    """``BatchRepository`` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, batch: SigningBatch, items: Sequence[BatchItem]) -> None:
        """Insert a batch with its items. Raises ``StaleVersion`` when it is there already."""
        if self.find(batch.id) is not None:
            raise StaleVersion
        own, endorser = batch.certificates
        try:
            self._connection.execute(
                _ADD_BATCH,
                {
                    "id": batch.id,
                    "account_id": batch.account_id,
                    "agency_code": batch.agency_code,
                    "signatory_id": batch.signatory_id,
                    "endorser_id": batch.endorser_id,
                    "certificate_sha256": own,
                    "endorser_certificate_sha256": endorser,
                    "on_error": batch.on_error.value,
                    "created_at_utc": batch.created_at_utc,
                    "version": batch.version,
                    **_moving(batch),
                },
            )
        except IntegrityError as error:
            raise StaleVersion from error
        self._connection.execute(
            _ADD_ITEMS,
            [
                {
                    "batch_id": batch.id,
                    "position": item.position,
                    "request_id": item.request_id,
                    "request_version": item.version,
                    "mandate_id": item.mandates[0] if item.mandates else None,
                    "endorser_mandate_id": item.mandates[1] if item.mandates else None,
                    "endorsed": item.endorsed,
                    "type_digest": item.type_digest,
                    **_ended(item),
                }
                for item in items
            ],
        )

    def find(self, batch_id: str) -> SigningBatch | None:
        """Return one batch, or None."""
        row = self._connection.execute(_FIND_BATCH, {"key": batch_id}).first()
        return _batch(row) if row else None

    def items(self, batch_id: str) -> Sequence[BatchItem]:
        """Return the items of a batch by position."""
        return [_item(row) for row in self._connection.execute(_ITEMS, {"key": batch_id})]

    def save(self, batch: SigningBatch, item: BatchItem | None = None) -> None:
        """Write a changed batch, and one changed item of it.

        Raises ``StaleVersion`` if the batch's version is not next.
        """
        changed = self._connection.execute(
            _SAVE_BATCH.values(version=batch.version, **_moving(batch)),
            {"key": batch.id, "stored_version": batch.version - 1},
        )
        if changed.rowcount != 1:
            raise StaleVersion
        if item is not None:
            self._connection.execute(
                _SAVE_ITEM.values(**_ended(item)), {"key": batch.id, "place": item.position}
            )

    def recent(self, account_id: str, limit: int) -> Sequence[SigningBatch]:
        """Return an officer's batches, the newest first."""
        found = self._connection.execute(_RECENT, {"key": account_id, "most": limit})
        return [_batch(row) for row in found]


def _moving(batch: SigningBatch) -> dict[str, Any]:
    return {
        "state": batch.state.value,
        "lease_worker": batch.lease.worker if batch.lease else None,
        "lease_until_utc": batch.lease.until_utc if batch.lease else None,
    }


def _ended(item: BatchItem) -> dict[str, Any]:
    return {"state": item.state.value, "letter_id": item.letter_id, "outcome": item.outcome}


def _officer(row: Row[Any]) -> Officer:
    return Officer(row.account_id, row.signatory_id, row.pin_hash)


def _batch(row: Row[Any]) -> SigningBatch:
    return SigningBatch(
        id=row.id,
        account_id=row.account_id,
        agency_code=row.agency_code,
        signatory_id=row.signatory_id,
        endorser_id=row.endorser_id,
        certificates=(row.certificate_sha256, row.endorser_certificate_sha256),
        on_error=OnError(row.on_error),
        created_at_utc=row.created_at_utc,
        lease=Lease(row.lease_worker, row.lease_until_utc) if row.lease_worker else None,
        state=BatchState(row.state),
        version=row.version,
    )


def _item(row: Row[Any]) -> BatchItem:
    return BatchItem(
        position=row.position,
        request_id=row.request_id,
        version=row.request_version,
        mandates=(row.mandate_id, row.endorser_mandate_id) if row.mandate_id else None,
        endorsed=row.endorsed,
        state=ItemState(row.state),
        letter_id=row.letter_id,
        outcome=row.outcome,
        type_digest=row.type_digest,
    )
