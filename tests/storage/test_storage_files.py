"""Finished files: by their hash, once, private, durable and checked on read."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import shutil
import stat
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import obstore
import pytest
from hypothesis import given
from hypothesis import strategies as st

from issuer.domain.errors import (
    ConfigurationError,
    CorruptStore,
    DependencyUnavailable,
    NotFound,
    TooLarge,
)
from issuer.storage.files import ObjectFileStore

PDF = b"%PDF-1.7 contoh"
SHA256 = hashlib.sha256(PDF).hexdigest()
spawn = multiprocessing.get_context("spawn")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "arsip surat %20"


@pytest.fixture
def store(folder: Path) -> ObjectFileStore:
    return ObjectFileStore(folder)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> ObjectFileStore:
    return ObjectFileStore(tmp_path_factory.mktemp("files") / "files")


def path_of(folder: Path, sha256: str = SHA256) -> Path:
    return folder / sha256[:2] / f"{sha256}.pdf"


@given(data=st.binary(max_size=5000))
def test_what_was_put_is_got_by_its_hash(shared: ObjectFileStore, data: bytes) -> None:
    sha256 = shared.put(data)
    assert sha256 == hashlib.sha256(data).hexdigest()
    assert shared.get(sha256) == data
    assert shared.put(data) == sha256


def test_a_file_lies_under_its_hash_and_is_the_owners_alone(
    store: ObjectFileStore, folder: Path
) -> None:
    store.put(PDF)
    assert path_of(folder).read_bytes() == PDF
    modes = {
        p.relative_to(folder).as_posix(): stat.S_IMODE(p.stat().st_mode)
        for p in [folder, *folder.rglob("*")]
    }
    assert modes == {".": 0o700, SHA256[:2]: 0o700, f"{SHA256[:2]}/{SHA256}.pdf": 0o600}


def test_another_store_on_the_folder_finds_the_file(store: ObjectFileStore, folder: Path) -> None:
    store.put(PDF)
    assert ObjectFileStore(folder).get(SHA256) == PDF


@pytest.mark.parametrize("key", [SHA256, "", "..", "../" + SHA256, SHA256.upper(), SHA256 + "\n"])
def test_what_was_never_put_is_not_found(store: ObjectFileStore, folder: Path, key: str) -> None:
    folder.with_name(f"{SHA256}.pdf").write_bytes(PDF)
    with pytest.raises(NotFound) as caught:
        store.get(key)
    assert len(caught.value.key) <= 64


@pytest.mark.parametrize("damaged", [b"", PDF[:-1], PDF + b"\n", PDF.replace(b"o", b"0")])
def test_a_damaged_file_is_corrupt_and_not_overwritten(
    store: ObjectFileStore, folder: Path, damaged: bytes
) -> None:
    store.put(PDF)
    path_of(folder).write_bytes(damaged)
    with pytest.raises(CorruptStore):
        store.get(SHA256)
    with pytest.raises(CorruptStore):
        store.put(PDF)
    assert path_of(folder).read_bytes() == damaged


def test_sizes_are_bounded_both_ways(folder: Path) -> None:
    store = ObjectFileStore(folder, max_bytes=len(PDF))
    store.put(PDF)
    with pytest.raises(TooLarge) as caught:
        store.put(PDF + b"x")
    assert caught.value.limit_bytes == len(PDF)
    larger = ObjectFileStore(folder).put(PDF + b"x")
    with pytest.raises(CorruptStore):
        store.get(larger)


def test_file_and_folders_are_synchronised_once_the_file_is_there(
    store: ObjectFileStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synchronised: list[str] = []
    really = os.fsync

    def fsync(descriptor: int) -> None:
        assert path_of(folder).read_bytes() == PDF
        synchronised.append(os.readlink(f"/proc/self/fd/{descriptor}"))
        really(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    path = path_of(folder)
    everything = [str(path), str(path.parent), str(folder)]
    store.put(PDF)
    assert synchronised == everything
    # A file that was there may not have been made durable; a folder we made durable was.
    synchronised.clear()
    store.put(PDF)
    assert synchronised == everything[:2]
    # Nor does another process know what became of the folder.
    synchronised.clear()
    ObjectFileStore(folder).put(PDF)
    assert synchronised == everything
    shutil.rmtree(path.parent)
    synchronised.clear()
    store.put(PDF)
    assert synchronised == everything


def test_a_folder_that_cannot_be_used_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(DependencyUnavailable):
        ObjectFileStore(tmp_path / "file")
    with pytest.raises(DependencyUnavailable):
        ObjectFileStore(tmp_path / "file" / "below")
    store = ObjectFileStore(tmp_path / "files")
    (tmp_path / "files" / SHA256[:2]).write_bytes(b"in the way")
    with pytest.raises(DependencyUnavailable):
        store.put(PDF)
    with pytest.raises(DependencyUnavailable):
        store.get(SHA256)


def test_many_may_put_the_same_file_at_once(store: ObjectFileStore, folder: Path) -> None:
    results: list[str] = []
    threads = [
        threading.Thread(target=lambda: results.append(store.put(PDF * 10_000))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 8
    assert len(set(results)) == 1
    assert len([p for p in folder.rglob("*") if p.is_file()]) == 1


def fork_before_use(folder: Path) -> None:
    store = ObjectFileStore(folder)
    child = os.fork()
    store.put(PDF if child else PDF * 2)
    if child == 0:
        os._exit(0)
    sys.exit(os.waitpid(child, 0)[1])


def fork_after_use(folder: Path) -> None:
    store = ObjectFileStore(folder)
    store.put(PDF)
    child = os.fork()
    if child:
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    try:
        store.get(SHA256)
    except ConfigurationError:
        os._exit(3)
    os._exit(0)


def test_a_fork_before_use_is_fine_and_after_use_an_error_instead_of_a_hang(folder: Path) -> None:
    for target, expected in ((fork_before_use, 0), (fork_after_use, 3)):
        process = spawn.Process(target=target, args=(folder,))
        process.start()
        process.join(20)
        process.kill()
        assert process.exitcode == expected


def test_only_older_files_of_its_own_are_listed(store: ObjectFileStore, folder: Path) -> None:
    old, young = store.put(b"old"), store.put(b"young")
    moment = datetime(2026, 11, 24, tzinfo=UTC)
    for name, days in ((old, -1), (young, 1)):
        stamp = (moment + timedelta(days=days)).timestamp()
        os.utime(path_of(folder, name), (stamp, stamp))
    strange = path_of(folder, old).parent
    for other in (f"{old}.txt", f"x{old}.pdf", f"{SHA256}.pdf", "catatan.pdf"):
        (strange / other).write_bytes(b"")
        os.utime(strange / other, (0, 0))
    assert list(store.names_before(moment)) == [old]
    assert sorted(store.names_before(moment + timedelta(days=2))) == sorted([old, young])
    assert store.has(young)
    store.remove(young)
    assert not store.has(young)


def test_a_store_that_is_away_lists_nothing_without_saying_so(
    store: ObjectFileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise obstore.exceptions.PermissionDeniedError("away")

    for name in ("list", "head"):
        monkeypatch.setattr(obstore, name, away)
    with pytest.raises(DependencyUnavailable):
        list(store.names_before(datetime.now(UTC)))
    with pytest.raises(DependencyUnavailable):
        store.has(SHA256)
