"""What putting a generation in place does to the disk, step by step: on generations of a few small files."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from filelock import FileLock, Timeout

from index.errors import IndexUnusable
from index.publish import ABANDONED, discard, publish, roll_back, staging
from index.records import FileStamp
from index.store import MANIFEST, SCHEMA, SUM, Hold, current_generation, open_generation, read_manifest, read_pointer
from tests.index.faults import Operation, fail_at, watched
from tests.index.handmade import FILES, edit_manifest, folder_of, manifest_of, name_of, put, stage


@pytest.fixture(autouse=True)
def _nothing_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was found sound is noted once it has settled: sooner or later, and here operations are counted."""
    monkeypatch.setattr("index.store.SETTLED", 3600 * 10**9)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return put(tmp_path / "home", "one", "two")


def pointers(home: Path) -> tuple[str | None, str | None]:
    """The words of the generations that the two pointers name."""
    words = {name_of(each): each for each in ("one", "two", "three")}
    named = [read_pointer(home / pointer) for pointer in ("current", "previous")]
    current, previous = (None if name is None else words.get(name, name) for name in named)
    return current, previous


def generations(home: Path) -> set[str]:
    return {path.name for path in (home / "generations").iterdir()}


def put_three(home: Path) -> None:
    publish(home, stage(home, "three"))


def test_what_is_written_aside_is_sealed_as_it_is(home: Path) -> None:
    staged = stage(home, "three")
    assert staged.name == name_of("three")
    assert staged.folder.parent == home / "generations"
    assert staged.folder.name.startswith(".new-")
    manifest = read_manifest(staged.folder)
    whole = {name: begin + b"three" for name, begin in FILES.items()}
    stamps = {name: FileStamp(len(each), hashlib.sha256(each).hexdigest()) for name, each in whole.items()}
    assert manifest.files == stamps
    assert list(manifest.files) == sorted(FILES)
    assert msgspec.structs.replace(manifest, files={}) == manifest_of("three")
    assert pointers(home) == ("two", "one")


@pytest.mark.parametrize("stop", [ValueError, KeyboardInterrupt])
def test_what_was_begun_is_deleted_when_it_fails(home: Path, stop: type[BaseException]) -> None:
    before = generations(home)

    def begin() -> None:
        with staging(home) as folder:
            (folder / "rows.npy").write_bytes(b"rows")
            raise stop

    with pytest.raises(stop):
        begin()
    assert generations(home) == before


def test_what_is_not_wanted_is_deleted(home: Path) -> None:
    before = generations(home)
    staged = stage(home, "three")
    discard(staged)
    discard(staged)  # though it is gone
    assert generations(home) == before


def test_all_is_on_the_disk_before_a_pointer_names_it(home: Path) -> None:
    seen: list[Operation] = []
    with watched(home, seen.append):
        staged = stage(home, "three")
        publish(home, staged)
    steps = [(each.verb, each.path.replace(staged.folder.name, "NEW")) for each in seen]
    new = "/generations/NEW"
    renamed = steps.index(("rename", new))
    written = {path for verb, path in steps if verb == "write"}
    assert written >= {f"{new}/{name}" for name in (*FILES, MANIFEST, SUM)}
    synced = {path for verb, path in steps[:renamed] if verb == "fsync"}
    assert synced >= {path for path in written if path.startswith(new)} | {f"{new}/deep", new}
    aside = {name: f"/{name}.{os.getpid()}" for name in ("previous", "current")}
    after = [step for step in steps[renamed:] if step[0] in {"fsync", "replace", "rename"}]
    assert after == [
        ("rename", new),
        ("fsync", "/generations"),
        ("fsync", aside["previous"]),
        ("replace", aside["previous"]),
        ("fsync", "/"),
        ("fsync", aside["current"]),
        ("replace", aside["current"]),
        ("fsync", "/"),
    ]


def test_the_one_that_answered_is_kept_and_older_ones_are_not(home: Path) -> None:
    assert publish(home, stage(home, "three")) == name_of("three")
    assert pointers(home) == ("three", "two")
    assert generations(home) == {name_of("three"), name_of("two")}


def test_the_first_one_has_none_before_it(tmp_path: Path) -> None:
    home = put(tmp_path / "deep" / "home", "one")
    assert pointers(home) == ("one", None)
    assert (home / "current").read_text() == name_of("one") + "\n"


@pytest.mark.parametrize("words", ["one", "two"])
def test_one_that_is_there_already_stays_as_it_is(home: Path, words: str) -> None:
    before = folder_of(home, words).stat().st_ino
    publish(home, stage(home, words))
    assert folder_of(home, words).stat().st_ino == before
    assert pointers(home) == (("one", "two") if words == "one" else ("two", "one"))
    assert generations(home) == {name_of("one"), name_of("two")}


def test_one_that_is_there_damaged_is_replaced(home: Path) -> None:
    (folder_of(home, "two") / "rows.npy").write_bytes(b"?")
    publish(home, stage(home, "two"))
    assert (open_generation(home).name, open_generation(home).warning) == (name_of("two"), "")
    assert pointers(home) == ("two", "one")


def test_a_damaged_one_is_not_kept_to_go_back_to(home: Path) -> None:
    (folder_of(home, "two") / "rows.npy").write_bytes(b"?")
    publish(home, stage(home, "three"))
    assert pointers(home) == ("three", "one")
    assert generations(home) == {name_of("three"), name_of("one")}


def test_where_all_are_damaged_the_new_one_answers(home: Path) -> None:
    for words in ("one", "two"):
        (folder_of(home, words) / "rows.npy").write_bytes(b"?")
    publish(home, stage(home, "three"))
    assert pointers(home) == ("three", "one")
    assert open_generation(home).warning == ""


def test_one_that_is_read_is_not_deleted(home: Path) -> None:
    hold = Hold(folder_of(home, "one"))
    publish(home, stage(home, "three"))
    assert generations(home) == {name_of("one"), name_of("two"), name_of("three")}
    del hold
    publish(home, stage(home, "three"))
    assert generations(home) == {name_of("two"), name_of("three")}


def test_one_that_can_not_be_deleted_stops_nothing(home: Path, tmp_path: Path) -> None:
    steps: list[Operation] = []
    with watched(shutil.copytree(home, tmp_path / "whole"), steps.append):
        put_three(tmp_path / "whole")
    deletions = [step for step in steps if step.path.startswith(f"/generations/{name_of('one')}/")]
    assert "unlink" in {step.verb for step in deletions}
    for step in deletions:
        copy = shutil.copytree(home, tmp_path / f"copy{step.number}")
        with watched(copy, fail_at(step.number, "EIO")):
            put_three(copy)
        assert (pointers(copy), name_of("one") in generations(copy)) == (("three", "two"), True)


def test_what_a_killed_build_left_is_deleted_when_it_is_nobodys_any_more(home: Path) -> None:
    now = time.time()
    for name, age in ((".new-young", ABANDONED - 60), (".new-old", ABANDONED + 60), ("notes", ABANDONED + 60)):
        folder = home / "generations" / name
        (folder / "deep").mkdir(parents=True)
        os.utime(folder, (now - age, now - age))
    (home / "generations" / ".new-gone").symlink_to("nowhere")  # as one that goes while it is looked at
    publish(home, stage(home, "three"))
    left = {name for name in generations(home) if name not in {name_of("two"), name_of("three")}}
    assert left == {".new-young", ".new-gone", "notes"}


def test_going_back_and_forth(home: Path) -> None:
    standing, replaced = roll_back(home)
    assert (standing.name, standing.folder) == (name_of("one"), folder_of(home, "one"))
    assert replaced is not None
    assert replaced.content == manifest_of("two").content
    assert pointers(home) == ("one", "two")
    standing, replaced = roll_back(home)
    assert (standing.name, pointers(home)) == (name_of("two"), ("two", "one"))
    assert replaced is not None
    assert replaced.content == manifest_of("one").content


def damage_manifest(home: Path) -> None:
    edit_manifest(folder_of(home, "two"), schema=SCHEMA - 1)


def damage_pointer(home: Path) -> None:
    (home / "current").write_text("garbage")


def delete_pointer(home: Path) -> None:
    (home / "current").unlink()


@pytest.mark.parametrize(
    ("damage", "previous"), [(damage_manifest, "two"), (damage_pointer, "one"), (delete_pointer, "one")]
)
def test_one_can_go_back_from_what_can_not_be_read(home: Path, damage: Callable[[Path], None], previous: str) -> None:
    damage(home)
    standing, replaced = roll_back(home)
    assert (standing.name, replaced) == (name_of("one"), None)
    assert pointers(home) == ("one", previous)
    assert open_generation(home).warning == ""


def no_previous(home: Path) -> None:
    (home / "previous").unlink()


def same(home: Path) -> None:
    (home / "previous").write_bytes((home / "current").read_bytes())


def odd(home: Path) -> None:
    (home / "previous").write_text("../generations/x")


def broken(home: Path) -> None:
    (folder_of(home, "one") / "rows.npy").write_bytes(b"?")


NONE = "there is no earlier index in HOME to go back to; run `citewell build`"
DAMAGED = "the index in HOME is damaged ({}): there is none to go back to until another index is built"


@pytest.mark.parametrize(
    ("spoil", "why"),
    [(no_previous, NONE), (same, NONE), (odd, DAMAGED.format("previous")), (broken, DAMAGED.format("rows.npy"))],
)
def test_where_there_is_nothing_to_go_back_to_nothing_changes(
    home: Path, spoil: Callable[[Path], None], why: str
) -> None:
    spoil(home)
    before = pointers(home)
    with pytest.raises(IndexUnusable) as unusable:
        roll_back(home)
    assert str(unusable.value).replace(str(home), "HOME") == why
    assert pointers(home) == before
    assert current_generation(home) == name_of("two")


def test_going_back_where_nothing_is_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(IndexUnusable, match="no earlier index"):
        roll_back(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("turn", [put_three, roll_back])
def test_what_answers_is_changed_by_one_at_a_time(home: Path, turn: Callable[[Path], object]) -> None:
    free: list[bool] = []

    def look(operation: Operation) -> None:
        if operation.verb == "replace":
            free.append(is_free(home / "lock"))

    with watched(home, look):
        turn(home)
    assert free == [False, False]
    assert is_free(home / "lock")


def is_free(lock: Path) -> bool:
    try:
        FileLock(lock, timeout=0).acquire().lock.release()
    except Timeout:
        return False
    return True


@pytest.mark.parametrize("turn", [put_three, roll_back])
def test_a_turn_that_fails_leaves_no_pointer_half_made(
    home: Path, tmp_path: Path, turn: Callable[[Path], object]
) -> None:
    steps: list[Operation] = []
    with watched(shutil.copytree(home, tmp_path / "whole"), steps.append):
        turn(tmp_path / "whole")
    of_pointers = [step for step in steps if step.path.endswith(f".{os.getpid()}") and step.verb != "unlink"]
    assert {step.verb for step in of_pointers} == {"open", "write", "fsync", "replace"}
    for step in of_pointers:
        copy = shutil.copytree(home, tmp_path / f"copy{step.number}")
        with pytest.raises(OSError, match=os.strerror(errno.EIO)), watched(copy, fail_at(step.number, "EIO")):
            turn(copy)
        assert sorted(path.name for path in copy.iterdir() if path.name != "lock") == [
            "current",
            "generations",
            "previous",
        ]
        assert (pointers(copy)[0], open_generation(copy).warning) == ("two", "")
