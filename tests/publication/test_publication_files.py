"""The folder of published files: whole or not at all, under names that are numbers."""

from __future__ import annotations

import multiprocessing
import os
from pathlib import Path

import pytest

from issuer.domain.errors import DependencyUnavailable, NotFound, StaleVersion
from issuer.storage.published import MAX_FILE_BYTES, PublishedFolder

spawn = multiprocessing.get_context("spawn")


@pytest.fixture
def files(tmp_path: Path) -> PublishedFolder:
    return PublishedFolder(tmp_path / "published")


def test_what_is_put_is_got(files: PublishedFolder, tmp_path: Path) -> None:
    assert files.numbers("status") == []
    with pytest.raises(NotFound):
        files.get("status", 2026)
    for data in (b"first", b"second"):
        files.put("status", 2026, data)
        assert files.get("status", 2026) == data
    files.put("status", 2025, b"older")
    assert files.numbers("status") == [2025, 2026]
    folder = tmp_path / "published" / "status"
    assert sorted(path.name for path in folder.iterdir()) == ["2025", "2026"]
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o644}
    assert folder.stat().st_mode & 0o777 == 0o755


def test_a_version_is_written_once(files: PublishedFolder) -> None:
    files.create("issuer-keys", 1, b"first")
    with pytest.raises(StaleVersion):
        files.create("issuer-keys", 1, b"second")
    assert files.get("issuer-keys", 1) == b"first"


def test_other_names_are_not_seen(files: PublishedFolder, tmp_path: Path) -> None:
    files.put("issuer-keys", 10, b"ten")
    files.put("issuer-keys", 9, b"nine")
    folder = tmp_path / "published" / "issuer-keys"
    for name in ("0", "01", "-1", "x", "1.bak", ".new-1", "1 ", "１"):
        (folder / name).write_bytes(b"?")
    assert files.numbers("issuer-keys") == [9, 10]


def test_a_file_beyond_the_limit_is_not_read(files: PublishedFolder) -> None:
    files.put("status", 1, bytes(MAX_FILE_BYTES))
    assert len(files.get("status", 1)) == MAX_FILE_BYTES
    files.put("status", 2, bytes(MAX_FILE_BYTES + 1))
    with pytest.raises(NotFound):
        files.get("status", 2)


def test_a_failed_write_leaves_the_old_file_and_nothing_else(
    files: PublishedFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files.put("status", 2026, b"old")
    for name in ("fsync", "replace"):

        def fail(*_arguments: object) -> None:
            raise OSError("no space left")

        with monkeypatch.context() as broken:
            broken.setattr(os, name, fail)
            with pytest.raises(DependencyUnavailable):
                files.put("status", 2026, b"new")
        assert files.get("status", 2026) == b"old"
        assert os.listdir(tmp_path / "published" / "status") == ["2026"]


def test_an_unreadable_folder_is_a_dependency_that_is_away(tmp_path: Path) -> None:
    (tmp_path / "published").write_text("a file, not a folder")
    files = PublishedFolder(tmp_path / "published")
    for attempt in (
        lambda: files.get("status", 1),
        lambda: files.numbers("status"),
        lambda: files.put("status", 1, b""),
        lambda: files.create("status", 1, b""),
    ):
        with pytest.raises(DependencyUnavailable):
            attempt()
    with pytest.raises(DependencyUnavailable), files.changing():
        pass


def add_one(folder: Path, times: int) -> None:
    files = PublishedFolder(folder)
    for _ in range(times):
        with files.changing():
            files.put("status", 1, str(int(files.get("status", 1)) + 1).encode())


def test_one_process_at_a_time_changes_them(files: PublishedFolder, tmp_path: Path) -> None:
    files.put("status", 1, b"0")
    processes = [spawn.Process(target=add_one, args=(tmp_path / "published", 25)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert files.get("status", 1) == b"75"


def test_the_lock_ends_with_an_error(files: PublishedFolder) -> None:
    with pytest.raises(ValueError, match="stop"), files.changing():
        raise ValueError("stop")
    with files.changing():
        files.put("status", 1, b"again")
