"""Personal data at rest: sealed, bound to its place, and nowhere in the raw bytes."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import GCM
from hypothesis import given
from hypothesis import strategies as st

from issuer.domain.errors import ConfigurationError, CorruptStore
from issuer.storage.database import open_engine
from issuer.storage.register import SqlRegister
from issuer.storage.sealing import RowCipher
from tests.storage.storage_builders import (
    DATA_KEY,
    NAME,
    NIK,
    SystemRandom,
    add_reserved,
    cipher,
    issued,
    signing,
)

PLACE, ROW = "letters.record", "letter-1"


class FixedRandom(SystemRandom):
    def token_bytes(self, count: int) -> bytes:
        return bytes(range(count))


@given(plain=st.binary(max_size=200))
def test_a_sealed_value_is_version_nonce_and_aes_256_gcm(plain: bytes) -> None:
    sealed = RowCipher(DATA_KEY, FixedRandom()).seal(PLACE, ROW, plain)
    encryptor = Cipher(AES(DATA_KEY), GCM(bytes(range(12)))).encryptor()
    encryptor.authenticate_additional_data(b"\x01letters.record\x00letter-1")
    ciphertext = encryptor.update(plain) + encryptor.finalize()
    assert sealed == b"\x01" + bytes(range(12)) + ciphertext + encryptor.tag


@given(plain=st.binary(max_size=200))
def test_sealed_values_open_and_no_two_are_the_same(plain: bytes) -> None:
    first, second = (cipher().seal(PLACE, ROW, plain) for _ in range(2))
    assert first != second
    assert cipher().open(PLACE, ROW, first) == cipher().open(PLACE, ROW, second) == plain


def test_any_damaged_or_missing_byte_is_corrupt() -> None:
    sealed = cipher().seal(PLACE, ROW, b"plain")
    damaged = [
        sealed[:n] + bytes([sealed[n] ^ bit]) + sealed[n + 1 :]
        for n in range(len(sealed))
        for bit in (1, 128)
    ]
    shortened = [sealed[:n] for n in range(len(sealed))]
    for value in [*damaged, *shortened, sealed + b"\x00", sealed[1:]]:
        with pytest.raises(CorruptStore):
            cipher().open(PLACE, ROW, value)


@pytest.mark.parametrize(
    ("place", "row"), [("letters.qr_text", ROW), (PLACE, "letter-2"), (PLACE + "\x00l", "etter-1")]
)
def test_a_value_moved_elsewhere_does_not_open(place: str, row: str) -> None:
    sealed = cipher().seal(PLACE, ROW, b"plain")
    with pytest.raises(CorruptStore):
        cipher().open(place, row, sealed)


def test_another_key_does_not_open() -> None:
    sealed = cipher().seal(PLACE, ROW, b"plain")
    with pytest.raises(CorruptStore):
        cipher(bytes(32)).open(PLACE, ROW, sealed)


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_key_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(ConfigurationError):
        cipher(bytes(length))


def test_a_register_opened_with_another_key_is_corrupt(
    register: SqlRegister, database_url: str
) -> None:
    with register.writing() as uow:
        letter = add_reserved(uow)
        uow.commit()
    engine = open_engine(database_url)
    with SqlRegister(engine, cipher(bytes(32))).reading() as uow:
        for read in (uow.letters.get, uow.letters.find):
            with pytest.raises(CorruptStore):
                read(letter.id)
        with pytest.raises(CorruptStore):
            list(uow.letters.list())
        with pytest.raises(CorruptStore):
            uow.requests.find(letter.request_id)
    engine.dispose()


@pytest.mark.parametrize("plain", [b"", b"{}", b"[]", b"\xff", b'{"holder":{"nik":1}}', b"null"])
def test_a_sealed_value_that_is_no_record_is_corrupt(
    register: SqlRegister, raw: sa.Engine, plain: bytes
) -> None:
    with register.writing() as uow:
        letter = add_reserved(uow)
        uow.commit()
    content = cipher().seal("requests.content", letter.request_id, plain)
    record = cipher().seal("letters.record", "letter-x", plain)
    with raw.begin() as connection:
        connection.execute(sa.text("UPDATE requests SET content = :c"), {"c": content})
        connection.execute(
            sa.text(
                "INSERT INTO letters (id, request_id, agency_code, series, year, sequence, number,"
                " verification_code, status_index, record, state, reserved_at_utc, version,"
                " ending_reason, ending_actor_id, ending_at_utc)"
                " SELECT 'letter-x', request_id, agency_code, series, year, 2, 'x', 'x', 1, :r,"
                " 'voided', reserved_at_utc, 1, 'x', 'x', reserved_at_utc FROM letters"
            ),
            {"r": record},
        )
    with register.reading() as uow:
        with pytest.raises(CorruptStore):
            uow.requests.find(letter.request_id)
        with pytest.raises(CorruptStore):
            uow.letters.get("letter-x")


def test_neither_nik_nor_name_is_in_the_raw_database(register: SqlRegister, raw: sa.Engine) -> None:
    with register.writing() as uow:
        being = signing(add_reserved(uow))
        uow.letters.save(being)
        uow.letters.save(issued(being))
        uow.commit()
    with register.reading() as uow:
        stored = uow.letters.get(being.id)
    assert stored.record.holder["nik"] == NIK
    with raw.connect() as connection:
        everything = _raw_bytes(connection)
    assert being.number.encode() in everything
    secrets = (NIK, NAME, NAME.split()[0], "mengurus rekening", "Dusun Contoh", being.qr_text or "")
    for secret in secrets:
        assert secret.encode() not in everything
        assert secret.encode().hex().encode() not in everything


def _raw_bytes(connection: sa.Connection) -> bytes:
    if connection.dialect.name == "sqlite":
        path = Path(connection.engine.url.database or "")
        files = [path, *path.parent.glob(f"{path.name}-wal")]
        return b"".join(file.read_bytes() for file in files)
    names = sa.inspect(connection).get_table_names()
    rows = "UNION ALL ".join(f"SELECT CAST({name}.* AS text) FROM {name} " for name in names)  # noqa: S608 - names of our own tables
    return "\n".join(connection.execute(sa.text(rows)).scalars()).encode()
