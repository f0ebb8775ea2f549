"""The transparency record: its facts are those of the index and of the last run, its blanks are blanks."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from assistant.figures import Figure, show
from assistant.runs import find_runs
from assistant.transparency import BLANK, record
from index.reader import Index
from ingest.records import Questions
from tests.assistant.conftest import Run, Shelf, one_line

TESTSET = Path(__file__).parent.parent / "data" / "library" / "testset.jsonl"


def test_without_an_evaluation_it_says_so_and_how_to_make_one(run: Run, shelf: Shelf) -> None:
    ran = run("transparency-record", "--home", shelf.home)
    assert (ran.code, ran.err) == (0, "")
    assert "No evaluation was kept, so this record has no figures. To make one: `citewell evaluate TESTSET`" in ran.out
    assert ran.out.count("| Not measured |") == 3


def test_its_facts_are_those_of_the_manifest(run: Run, shelf: Shelf) -> None:
    [manifest] = (json.loads(path.read_bytes()) for path in shelf.home.glob("generations/*/manifest.json"))
    page = run("transparency-record", "--home", shelf.home).out
    assert f"| Encoder | `{manifest['model']}` |" in page
    assert f"| Weights | SHA-256 `{manifest['model_sha256']}`, as the manifest names them |" in page
    assert f"a vector of {manifest['dimension']} numbers" in page
    assert f"schema {manifest['schema']}, content SHA-256 `{manifest['content']}`" in page
    assert f"| Entries | {manifest['entries']} entries, of which " in page
    assert f"| Questions known not to be answered | {manifest['unanswered']} |" in page
    assert f"| Origin | {BLANK} who made the model" in page  # nothing is claimed of a model that is not the default
    assert "| Questions that people ask | Not kept." in page
    assert "$" not in page


def test_its_figures_are_those_of_the_last_run(run: Run, shelf: Shelf) -> None:
    for split in ([], ["--split", "dev"]):
        ran = run("evaluate", TESTSET, "--home", shelf.home, "--json", *split)
    figures = json.loads(ran.out)
    page = run("transparency-record", "--home", shelf.home).out
    assert f"with {figures['testset']} questions of `testset.jsonl` (dev: {figures['testset']})" in page
    for kind in (*figures["kinds"], figures["overall"]):
        values = (kind[name] for name in ("hit_1", "hit_3", "mrr_10", "ndcg_10"))
        cells = (show(msgspec.convert(value, Figure | None)) for value in values)
        assert f"| {kind['kind']} | {kind['questions']} | {' | '.join(cells)} |" in page
    right = show(msgspec.convert(figures["in_scope"]["right"], Figure | None))
    assert f"| in scope: answered rightly | {right} |" in page
    assert f"| citations that verify | {figures['citations_verified']} of {figures['citations']} |" in page
    assert str(shelf.home.parent) not in page  # where it was measured is nobody's business
    assert "These figures are of another index" not in page


def test_figures_of_another_index_are_said_to_be(run: Run, shelf: Shelf) -> None:
    run("evaluate", TESTSET, "--home", shelf.home)
    [kept] = find_runs(shelf.home)
    row = json.loads(kept.read_bytes())
    row["about"]["generation"] = "0123456789abcdef"
    kept.write_text(json.dumps(row))
    assert (
        "**These figures are of another index, `0123456789abcdef`"
        in run("transparency-record", "--home", shelf.home).out
    )


def test_it_is_written_to_a_file(run: Run, shelf: Shelf, tmp_path: Path) -> None:
    path = tmp_path / "records" / "record.md"
    ran = run("transparency-record", "--home", shelf.home, "--output", path)
    page = path.read_text("utf-8")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == f"wrote {path}, with {page.count(BLANK)} blanks for the organisation to fill in\n"
    assert page == run("transparency-record", "--home", shelf.home).out


def test_what_is_wrong_is_one_line_and_a_code(run: Run, shelf: Shelf, tmp_path: Path) -> None:
    ran = run("transparency-record", "--home", shelf.home, "--output", tmp_path)
    assert (ran.code, one_line(ran)) == (2, f"citewell: {tmp_path} is a folder; name a file\n")
    ran = run("transparency-record", "--home", tmp_path / "none")
    assert ran.code == 3
    assert "run `citewell build`" in one_line(ran)
    run("evaluate", TESTSET, "--home", shelf.home)
    [kept] = find_runs(shelf.home)
    kept.write_text("{}")
    ran = run("transparency-record", "--home", shelf.home)
    assert ran.code == 2
    assert "is no run of this version" in one_line(ran)


@pytest.mark.parametrize(
    ("settings", "said"),
    [(Questions(), "Not kept."), (Questions(log=True, keep_days=30), "Kept for 30 days, personal data taken out")],
)
def test_what_becomes_of_questions_is_what_the_pages_say(small: Index, settings: Questions, said: str) -> None:
    index = replace(small, corpus=msgspec.structs.replace(small.corpus, questions=settings))
    assert f"| Questions that people ask | {said}" in record(index, None)


def test_names_of_pages_are_text_and_no_markup(small: Index) -> None:
    hostile = "Pages | <b>$entries</b>\n# [organisation: nobody]"
    index = replace(small, corpus=msgspec.structs.replace(small.corpus, name=hostile))
    page = record(index, None)
    assert page.startswith(
        "# Algorithmic transparency record: Pages \\| \\<b\\>\\$entries\\</b\\> \\# \\[organisation: nobody\\]\n"
    )
