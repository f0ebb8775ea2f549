"""Files are there whole or not at all: what is written, what is synced, and what is said when it can not be."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ingest.disk import check_target, make_folder, sync_tree, write_bytes
from ingest.errors import InputError
from tests.index.faults import Operation, fail_at, watched


def steps(seen: list[Operation]) -> list[tuple[str, str]]:
    return [(each.verb, each.path) for each in seen if each.verb != "open"]


ASIDE = f"/deep/.file.{os.getpid()}.part"


def test_a_file_and_its_name_are_on_the_disk_when_it_is_written(tmp_path: Path) -> None:
    seen: list[Operation] = []
    with watched(tmp_path, seen.append):
        write_bytes(tmp_path / "deep" / "file", b"new")
    assert (tmp_path / "deep" / "file").read_bytes() == b"new"
    assert steps(seen) == [
        ("mkdir", "/deep"),
        ("fsync", "/"),
        ("write", ASIDE),
        ("fsync", ASIDE),
        ("replace", ASIDE),
        ("fsync", "/deep"),
    ]


def test_what_can_be_made_again_is_not_synced(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    seen: list[Operation] = []
    with watched(tmp_path, seen.append):
        write_bytes(tmp_path / "deep" / "file", b"new", lasting=False)
    assert steps(seen) == [("write", ASIDE), ("replace", ASIDE)]


def test_a_file_that_can_not_be_written_stays_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    seen: list[Operation] = []
    with watched(tmp_path, seen.append):
        write_bytes(path, b"new")
    for step in seen[: [each.verb for each in seen].index("replace") + 1]:
        path.write_bytes(b"old")
        with pytest.raises(InputError) as failed, watched(tmp_path, fail_at(step.number, "ENOSPC")):
            write_bytes(path, b"new")
        said = f"{path} can not be written: No space left on device; make room, or its folder writable"
        assert str(failed.value) == said, step
        assert path.read_bytes() == b"old"
        assert list(tmp_path.iterdir()) == [path]


def test_a_target_is_checked_before_the_work(tmp_path: Path) -> None:
    check_target(tmp_path / "not" / "there" / "yet")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(InputError) as refused:
        check_target(tmp_path)
    assert str(refused.value) == f"{tmp_path} is a folder; name a file"
    (tmp_path / "file").touch()
    with pytest.raises(InputError) as refused:
        check_target(tmp_path / "file" / "below")
    no_folder = f"{tmp_path / 'file'} is no folder to write in; name another path"
    assert str(refused.value) == f"{tmp_path / 'file' / 'below'} can not be written: {no_folder}"


def test_a_folder_that_takes_no_files_is_no_target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[Path, int]] = []
    monkeypatch.setattr("os.access", lambda path, mode: asked.append((path, mode)))  # as where one may not write
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="no folder to write in"):
        check_target(Path("file"))
    assert asked == [(tmp_path, os.W_OK)]


def test_folders_are_made_one_in_the_other_and_their_names_synced(tmp_path: Path) -> None:
    seen: list[Operation] = []
    with watched(tmp_path, seen.append):
        make_folder(tmp_path / "a" / "b")
        make_folder(tmp_path / "a" / "b")
    assert steps(seen) == [("mkdir", "/a"), ("fsync", "/"), ("mkdir", "/a/b"), ("fsync", "/a")]


def test_another_may_make_the_folder_at_the_same_time(tmp_path: Path) -> None:
    """Between the look whether it is there, and making it."""
    seen: list[Operation] = []

    def be_faster(operation: Operation) -> None:
        seen.append(operation)
        if len(seen) == 1:
            (tmp_path / "a").mkdir()

    with watched(tmp_path, be_faster):
        make_folder(tmp_path / "a")
    assert ("fsync", "/") in steps(seen)


def test_all_that_is_in_a_folder_is_synced(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "file").touch()
    seen: list[Operation] = []
    with watched(tmp_path, seen.append):
        sync_tree(tmp_path)
    synced = [path for verb, path in steps(seen) if verb == "fsync"]
    assert sorted(synced[:-1]) == ["/a", "/a/b", "/a/b/file"]
    assert synced[-1] == "/"
