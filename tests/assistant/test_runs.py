"""Runs that `citewell evaluate` keeps beside the index."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from assistant.compare import read_saved
from assistant.evaluation import evaluate
from assistant.runs import FOLDER, KEPT, About, find_earlier, find_runs, keep, read_headline, read_run
from assistant.testset import read_testset
from index.reader import Index
from ingest.errors import InputError
from tests.assistant.conftest import Run as Command
from tests.assistant.conftest import Shelf

TESTSET = Path(__file__).parent.parent / "data" / "library" / "testset.jsonl"


@pytest.fixture
def kept(small: Index, tmp_path: Path) -> Path:
    return keep(tmp_path / "home", small, TESTSET, None, evaluate(small, read_testset(TESTSET, small)))


def test_a_run_is_read_as_it_was_kept(kept: Path, small: Index) -> None:
    run = read_run(kept)
    assert kept.name.endswith(f"Z-{small.folder.name}.json")
    assert (run.about.generation, run.about.entries) == (small.folder.name, len(small.entries))
    assert (run.about.testset, run.about.split) == (str(TESTSET.resolve()), None)
    assert abs(datetime.now(UTC) - run.about.taken) < timedelta(minutes=5)
    assert len(run.times_ms) == len(run.asked) == run.testset == 4
    assert read_saved(kept) == run.asked  # --compare reads it
    assert find_runs(kept.parent.parent) == (kept,)


def test_the_newest_are_kept_and_other_files_left(kept: Path, small: Index) -> None:
    folder, home = kept.parent, kept.parent.parent
    for number in range(KEPT + 3):
        (folder / f"20200101T0000{number:02}.000Z-0123456789abcdef.json").write_text("{}")
    mine = [folder / name for name in ("notes.json", ".hidden.json", "20200101-my.json")]
    for path in mine:
        path.write_text("{}")
    newest = keep(home, small, TESTSET, "dev", evaluate(small, read_testset(TESTSET, small)))
    runs = find_runs(home)
    assert len(runs) == KEPT
    assert runs[:2] == (newest, kept)
    assert runs[-1].name == f"20200101T0000{KEPT + 3 - (KEPT - 2):02}.000Z-0123456789abcdef.json"
    assert all(path.exists() for path in mine)
    assert not list(folder.glob("*.part"))


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b'{"asked": []}', b"\xff\xfe", b"[" * 100_000])
def test_a_file_that_is_no_run_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(content)
    for read in (read_run, read_headline):
        for each in (path, tmp_path / "missing.json", tmp_path):
            with pytest.raises(InputError, match="measure again"):
                read(each)


def test_where_nothing_was_kept_there_are_no_runs(tmp_path: Path) -> None:
    assert find_runs(tmp_path) == find_runs(tmp_path / "missing") == ()
    (tmp_path / FOLDER).write_text("a file, no folder")
    assert find_runs(tmp_path) == ()


def test_the_run_before_is_of_the_same_part_of_the_same_test_set(kept: Path) -> None:
    about = read_headline(kept).about
    assert about == read_run(kept).about

    def other(hours: float, **changed: str) -> About:
        return replace(about, taken=about.taken + timedelta(hours=hours), **changed)

    runs = {"longer": other(-2), "before": other(-1), "after": other(1), "itself": about}
    runs |= {"stranger": other(-0.5, testset="/elsewhere.jsonl"), "part": other(-0.4, split="dev")}
    others = {Path(name): it for name, it in runs.items()}
    assert find_earlier(about, others) == Path("before")
    assert find_earlier(others[Path("longer")], others) is None


def test_the_command_keeps_each_run(run: Command, shelf: Shelf) -> None:
    first = run("evaluate", TESTSET, "--home", shelf.home, "--json")
    second = run("evaluate", TESTSET, "--home", shelf.home, "--split", "none")
    assert (first.code, second.code) == (0, 2)  # what could not be measured is not kept
    (path,) = find_runs(shelf.home)
    assert f"kept {path}" in first.err
    assert json.loads(path.read_bytes()) == {
        **json.loads(first.out),
        "about": msgspec.to_builtins(read_run(path).about),
    }
    assert run("evaluate", TESTSET, "--home", shelf.home, "--compare", path).code == 0


def test_a_home_that_takes_no_run_is_a_warning(run: Command, shelf: Shelf) -> None:
    (shelf.home / FOLDER).write_text("a file, no folder")
    ran = run("evaluate", TESTSET, "--home", shelf.home)
    assert ran.code == 0
    assert "hit@1" in ran.out
    assert "citewell: the run was not kept: " in ran.err
    assert "Traceback" not in ran.err
