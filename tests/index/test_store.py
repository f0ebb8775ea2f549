"""What is opened and what is not, and in which words: on generations of a few small files."""

from __future__ import annotations

import errno
import gc
import hashlib
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from index import store
from index.errors import IndexUnusable
from index.records import FileStamp
from index.store import (
    CHECKED,
    MANIFEST,
    SCHEMA,
    SUM,
    Hold,
    current_generation,
    find_damage,
    is_held,
    open_generation,
    open_named,
    open_pointed,
    read_manifest,
    read_pointer,
    stamp,
    sum_of,
    turned,
)
from tests.index.faults import Operation, watched
from tests.index.handmade import FILES, edit_manifest, folder_of, manifest_of, name_of, put, write_manifest

BOOT = Path("/proc/sys/kernel/random/boot_id")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return put(tmp_path / "home", "one")


def refusal_of(home: Path) -> str:
    """Why nothing in ``home`` answers."""
    with pytest.raises(IndexUnusable) as unusable:
        open_generation(home)
    return str(unusable.value).replace(str(home), "HOME").replace(name_of("one"), "ONE")


def test_what_answers_is_known_by_its_name(home: Path) -> None:
    standing = open_generation(home)
    assert (standing.name, standing.folder, standing.warning) == (name_of("one"), folder_of(home, "one"), "")
    assert standing.manifest == read_manifest(folder_of(home, "one"))
    assert current_generation(home) == name_of("one")


def test_without_an_index_it_is_said_where(tmp_path: Path) -> None:
    assert refusal_of(tmp_path) == "no index in HOME; run `citewell build`"
    assert current_generation(tmp_path) is None


@pytest.mark.parametrize("pointer", [b"", b"\n", b"\xff" * 16, b"0" * 17, b"../generations/x", b"F" * 16])
def test_a_pointer_that_names_nothing_is_damage(home: Path, pointer: bytes) -> None:
    (home / "current").write_bytes(pointer)
    assert refusal_of(home) == "the index in HOME is damaged (current); run `citewell build`"


def test_a_pointer_may_end_as_an_editor_leaves_it(home: Path) -> None:
    (home / "current").write_text(f" {name_of('one')}\r\n")
    assert open_generation(home).name == name_of("one")


UNREADABLE = f"the index in HOME/generations/ONE is damaged ({MANIFEST}); run `citewell build`"
MANIFESTS = [
    b"",
    b"{",
    b"[]",
    b"7",
    b"{}",
    b"\xff\xfe",
    b"[" * 10**5,
    *(b'{"schema": %d%s}' % (SCHEMA, rest) for rest in (b"", b', "content": 1')),
]


@pytest.mark.parametrize("manifest", MANIFESTS)
def test_a_manifest_that_is_none_is_damage(home: Path, manifest: bytes) -> None:
    write_manifest(folder_of(home, "one"), manifest)
    assert refusal_of(home) == UNREADABLE
    (folder_of(home, "one") / MANIFEST).unlink()
    assert refusal_of(home) == UNREADABLE


EITHER = f"the index in HOME/generations/ONE is damaged ({MANIFEST} or {SUM}); run `citewell build`"
BEFORE = SCHEMA - 1
ANOTHER = f"the index in HOME/generations/ONE has schema {BEFORE}, this is schema {SCHEMA}; run `citewell build`"


@pytest.mark.parametrize(
    ("schema", "summed", "why"),
    [(SCHEMA, False, EITHER), (BEFORE, False, EITHER), (BEFORE, True, ANOTHER), (BEFORE, None, ANOTHER)],
)
def test_another_schema_is_told_from_damage(home: Path, schema: int, summed: bool | None, why: str) -> None:
    folder = folder_of(home, "one")
    edit_manifest(folder, schema=schema)
    if summed is None:  # as before schema 5
        (folder / SUM).unlink()
    elif not summed:
        (folder / SUM).write_bytes(sum_of(b"other"))
    assert refusal_of(home) == why


def test_a_manifest_without_its_checksum_is_damage(home: Path) -> None:
    (folder_of(home, "one") / SUM).unlink()
    assert refusal_of(home) == EITHER


def test_a_manifest_of_something_else_is_damage(home: Path) -> None:
    edit_manifest(folder_of(home, "one"), content=manifest_of("two").content)
    assert refusal_of(home) == f"the index in HOME is damaged ({MANIFEST}); run `citewell build`"


def test_the_checksum_is_what_sha256sum_reads() -> None:
    known = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"  # of "hello"
    assert sum_of(b"hello") == f"{known}  manifest.json\n".encode()


def empty(path: Path) -> None:
    path.write_bytes(b"")


def flip(path: Path) -> None:
    path.write_bytes(bytes([path.read_bytes()[0] ^ 1]) + path.read_bytes()[1:])


def add(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\0")


def make_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("damage", [Path.unlink, empty, flip, add, make_folder])
def test_a_damaged_file_is_named_and_the_index_before_answers(
    tmp_path: Path, name: str, damage: Callable[[Path], None]
) -> None:
    home = put(tmp_path / "home", "one", "two")
    damage(folder_of(home, "two") / name)
    standing = open_generation(home)
    assert (standing.name, standing.manifest.content) == (name_of("one"), manifest_of("one").content)
    why = f"the index in {home} is damaged ({name})"
    assert standing.warning == f"{why}; the index before it answers until you run `citewell build`"
    (folder_of(home, "one") / "rows.npy").unlink()
    assert refusal_of(home) == f"{why.replace(str(home), 'HOME')}; run `citewell build`"  # it is about the current one


def test_what_is_noted_of_a_damaged_one_is_forgotten(home: Path, read: list[str]) -> None:
    open_generation(home)
    path = folder_of(home, "one") / "rows.npy"
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    assert "rows.npy" in refusal_of(home)
    path.write_bytes(whole)
    read.clear()
    open_generation(home)
    assert read == ALL  # the other one too


def test_one_that_is_named_and_not_there_is_damage(home: Path) -> None:
    shutil.rmtree(folder_of(home, "one"))
    assert refusal_of(home) == "the index in HOME is damaged (ONE); run `citewell build`"


def test_one_that_is_collected_while_it_is_opened_is_no_damage(home: Path) -> None:
    before = [name_of("one")]

    def be_faster(operation: Operation) -> None:
        """Between the look what is current, and holding it."""
        if before and operation.path == f"/generations/{before[0]}":
            before.clear()
            put(home, "two", "three")

    with watched(home, be_faster):
        standing = open_generation(home)
    assert not folder_of(home, "one").exists()
    assert (standing.name, standing.warning) == (name_of("three"), "")


def test_what_answers_is_held(home: Path) -> None:
    standing = open_generation(home)
    assert is_held(standing.folder)
    folder = standing.folder
    del standing
    gc.collect()
    assert not is_held(folder)


@pytest.mark.parametrize("name", ["\0", "missing/deep"])
def test_a_stamp_of_no_file_is_damage(tmp_path: Path, name: str) -> None:
    assert find_damage(tmp_path, {name: FileStamp(0, "")}) == name


def test_a_stamp_is_size_and_checksum(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"\0\r\n")
    assert stamp(tmp_path / "file") == FileStamp(3, hashlib.sha256(b"\0\r\n").hexdigest())


def test_putting_one_in_place_again_shows(home: Path) -> None:
    before = turned(home)
    assert before.startswith(name_of("one"))
    assert turned(home) == before
    later = time.time_ns() + 10**9
    os.utime(home / "current", ns=(later, later))
    assert turned(home) not in (before, "")
    assert turned(home / "nowhere") == ""


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files whose checksum is made from now on. What changed a moment ago counts as settled."""
    names: list[str] = []
    monkeypatch.setattr(store, "SETTLED", -(10**12))
    monkeypatch.setattr(store, "stamp", lambda path: names.append(path.name) or stamp(path))
    return names


ALL = [Path(name).name for name in sorted(FILES)]


def test_a_checksum_is_made_once(home: Path, read: list[str]) -> None:
    for expected in (ALL, ALL):
        open_generation(home)
        assert read == expected
    manifest = open_named(home, name_of("one")).manifest
    assert find_damage(folder_of(home, "one"), manifest.files) is None
    assert read == ALL
    open_pointed(home, "current", anew=True)
    assert read == [*ALL, *ALL]
    assert [path.name for path in folder_of(home, "one").glob(".*")] == [CHECKED]


@pytest.mark.parametrize("field", ["bytes", "modified", "changed", "inode"])
def test_what_the_file_system_shows_as_changed_is_read_again(home: Path, read: list[str], field: str) -> None:
    open_generation(home)
    path = folder_of(home, "one") / CHECKED
    noted = msgspec.json.decode(path.read_bytes())
    noted["files"]["rows.npy"]["seen"][field] += 1
    path.write_bytes(msgspec.json.encode(noted))
    open_generation(home)
    assert read == [*ALL, "rows.npy"]
    open_generation(home)
    assert read == [*ALL, "rows.npy"]  # it is noted anew


def test_what_was_noted_of_other_stamps_is_no_matter(home: Path, read: list[str]) -> None:
    stamps = open_generation(home).manifest.files
    assert find_damage(folder_of(home, "one"), {**stamps, "rows.npy": stamps["deep/views.jsonl"]}) == "rows.npy"


def test_what_is_noted_is_what_the_file_system_shows(home: Path, read: list[str]) -> None:
    open_generation(home)
    noted = msgspec.json.decode((folder_of(home, "one") / CHECKED).read_bytes())["files"]
    for name in FILES:
        found = (folder_of(home, "one") / name).stat()
        assert noted[name]["seen"] == {
            "bytes": found.st_size,
            "modified": found.st_mtime_ns,
            "changed": found.st_ctime_ns,
            "inode": found.st_ino,
        }


@pytest.mark.skipif(not BOOT.exists(), reason="the system does not tell when it was started")
def test_what_was_noted_before_the_machine_was_started_is_no_matter(home: Path, read: list[str]) -> None:
    open_generation(home)
    path = folder_of(home, "one") / CHECKED
    noted = msgspec.json.decode(path.read_bytes())
    assert noted["start"] == BOOT.read_text().strip()
    path.write_bytes(msgspec.json.encode(noted | {"start": "another"}))
    open_generation(home)
    assert read == [*ALL, *ALL]


def test_what_changed_a_moment_ago_is_not_noted(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    newest = max((folder_of(home, "one") / name).stat().st_ctime_ns for name in FILES)
    for age, noted in ((0, False), (store.SETTLED, False), (store.SETTLED + 1, True)):
        monkeypatch.setattr("index.store.time.time_ns", lambda age=age: newest + age)
        open_generation(home)
        assert (folder_of(home, "one") / CHECKED).exists() is noted


def test_a_folder_that_takes_no_note_is_checked_each_time(home: Path, read: list[str]) -> None:
    (folder_of(home, "one") / CHECKED).mkdir()  # nothing can be put in its place
    for _ in range(2):
        open_generation(home)
    assert read == [*ALL, *ALL]


def test_a_generation_is_held_as_long_as_it_is_read(home: Path) -> None:
    folder = folder_of(home, "one")
    holds = [Hold(folder), Hold(folder)]
    while holds:
        assert is_held(folder)
        holds.pop()
        gc.collect()
    assert not is_held(folder)
    assert not is_held(folder)  # to ask takes no hold
    with pytest.raises(FileNotFoundError):
        Hold(home / "nowhere")


def test_a_system_without_locks_holds_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "fcntl", None)
    hold = Hold(folder_of(home, "one"))
    assert not is_held(folder_of(home, "one"))
    del hold


def opened() -> int:
    gc.collect()
    return len(list(Path("/dev/fd").iterdir()))


def test_asking_who_reads_leaves_nothing_open(home: Path) -> None:
    before = opened()
    hold = Hold(folder_of(home, "one"))
    for _ in range(3):
        is_held(folder_of(home, "one"))
    assert opened() == before + 1
    del hold
    assert opened() == before


def test_what_a_failing_disk_does_not_give_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: Path) -> bytes:
        raise OSError(errno.EIO, "Input/output error")

    (tmp_path / "current").write_text("0" * 16)
    monkeypatch.setattr(Path, "read_bytes", fail)
    assert read_pointer(tmp_path / "current") is None
    with pytest.raises(IndexUnusable, match=r"\(current\)"):
        open_generation(tmp_path)
