"""Damage as people meet it: what `citewell verify` says, and what answers meanwhile."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from assistant.refusal import calibrate
from index.build import build_index
from index.material import Material
from index.store import CHECKED, Seen, read_pointer
from tests.assistant.conftest import Run, Shelf, one_line
from tests.conftest import HashedWords, material_of

QUESTION = "What does a late book cost?"


@pytest.fixture
def twice(shelf: Shelf, encoder: HashedWords) -> Shelf:
    """Indexed twice: the index before has an entry less."""
    whole = material_of(shelf.corpus)
    for entries in (whole.entries[:-1], whole.entries):
        build_index(shelf.home, Material(whole.corpus, entries, whole.captures), encoder, calibrate)
    return shelf


def part_of(home: Path, pointer: str, name: str = "entries.jsonl") -> Path:
    return home / "generations" / str(read_pointer(home / pointer)) / name


def damage(path: Path) -> None:
    """One bit, the size as before."""
    whole = path.read_bytes()
    path.write_bytes(bytes([whole[0] ^ 1]) + whole[1:])


def test_a_sound_home(run: Run, twice: Shelf) -> None:
    done = run("verify", "--home", twice.home)
    assert (done.code, done.err) == (0, "")
    assert [line.split(",")[0] for line in done.out.splitlines()] == ["current: sound", "previous: sound"]


def test_damage_is_named_and_the_index_before_answers_with_a_warning(run: Run, twice: Shelf) -> None:
    damage(part_of(twice.home, "current"))
    done = run("verify", "--home", twice.home)
    assert done.code == 1
    current, previous = done.out.splitlines()
    assert current.startswith("current: ")
    assert current.endswith("is damaged (entries.jsonl)")
    assert previous.startswith("previous: sound")
    assert done.err == "current: damaged; run `citewell build`\n"
    asked = run("ask", QUESTION, "--home", twice.home)
    assert asked.code == 0
    assert "ten pence" in asked.out
    assert asked.err.count("\n") == 1
    assert "(entries.jsonl); the index before it answers until you run `citewell build`" in asked.err


def test_a_damaged_index_to_go_back_to_is_said_to_be_gone(run: Run, twice: Shelf) -> None:
    damage(part_of(twice.home, "previous"))
    done = run("verify", "--home", twice.home)
    assert done.code == 1
    assert done.err == "previous: damaged; the next index that is built takes its place\n"
    assert run("ask", QUESTION, "--home", twice.home).err == ""
    back = run("rollback", "--home", twice.home)
    assert back.code == 3
    assert "there is none to go back to until another index is built" in one_line(back)


def test_where_none_can_answer_that_is_said(run: Run, twice: Shelf) -> None:
    for pointer in ("current", "previous"):
        damage(part_of(twice.home, pointer))
    done = run("verify", "--home", twice.home)
    assert done.code == 3
    assert [line.split(":")[0] for line in done.out.splitlines()] == ["current", "previous"]
    assert "run `citewell build`" in done.err
    asked = run("ask", QUESTION, "--home", twice.home)
    assert asked.code == 3
    assert "(entries.jsonl)" in one_line(asked)


def test_without_an_index(run: Run, tmp_path: Path) -> None:
    assert run("verify", "--home", tmp_path / "nowhere").code == 3


def test_damage_that_the_file_system_does_not_know_of(run: Run, twice: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """That of a disk: the note of what was found sound says that all is as it was."""
    monkeypatch.setattr("index.store.SETTLED", 0)  # the note is made at once
    run("ask", QUESTION, "--home", twice.home)
    path = part_of(twice.home, "current")
    note = path.with_name(CHECKED)
    noted = msgspec.json.decode(note.read_bytes())
    damage(path)
    seen = noted["files"] | {path.name: noted["files"][path.name] | {"seen": Seen.of(path)}}
    note.write_bytes(msgspec.json.encode(noted | {"files": seen}))
    asked = run("ask", QUESTION, "--home", twice.home)
    assert asked.code == 3
    assert "(entries.jsonl); run `citewell verify`, then `citewell build`" in one_line(asked)
    note.write_bytes(msgspec.json.encode(noted | {"files": seen, "start": "before the machine crashed"}))
    assert "(entries.jsonl); the index before it answers" in run("ask", QUESTION, "--home", twice.home).err
    note.write_bytes(msgspec.json.encode(noted | {"files": seen}))
    assert run("verify", "--home", twice.home).code == 1
    assert "the index before it answers" in run("ask", QUESTION, "--home", twice.home).err


@pytest.mark.model
def test_models_are_read_again_too(run: Run, library: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert run("build", "--corpus", library, "--home", home).code == 0
    assert run("verify", "--home", home).out.splitlines()[-1].startswith("model ")
    weights = max((home / "models").rglob("*"), key=lambda path: path.stat().st_size)
    damage(weights)
    done = run("verify", "--home", home)
    assert done.code == 1
    assert f"is damaged ({weights.name})" in done.out
