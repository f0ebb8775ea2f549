"""Evaluate, compare, explain and draft, through the door that people use."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.assistant.conftest import Run, Shelf, one_line

TESTSET = Path(__file__).parent.parent / "data" / "library" / "testset.jsonl"
FIGURES = [
    "testset", "overall", "kinds", "refusal", "in_scope", "precision", "ece", "bins", "citations", "citations_verified",
    "p50_ms", "p95_ms", "asked", "times_ms",
]  # fmt: skip


def test_a_run_is_kept_and_compared_with(run: Run, shelf: Shelf, tmp_path: Path) -> None:
    kept = tmp_path / "runs" / "old.json"
    first = run("evaluate", TESTSET, "--home", shelf.home, "--json", "--save", kept)
    assert first.code == 0, first.err
    assert list(json.loads(first.out)) == FIGURES
    assert json.loads(kept.read_bytes()) == json.loads(first.out)
    second = run("evaluate", TESTSET, "--home", shelf.home, "--json", "--compare", kept)
    assert second.code == 0, second.err
    row = json.loads(second.out)
    assert list(row) == [*FIGURES, "comparison"]
    assert row["comparison"]["paired"] == 4
    assert row["comparison"]["wins"] == row["comparison"]["losses"] == []


def test_a_comparison_names_what_turned(run: Run, shelf: Shelf, tmp_path: Path) -> None:
    kept = tmp_path / "old.json"
    run("evaluate", TESTSET, "--home", shelf.home, "--save", kept)
    saved = json.loads(kept.read_bytes())
    late = next(one for one in saved["asked"] if one["question"]["id"] == "2")
    late["ranked"] = ["what-do-i-need-to-join"]
    late["outcome"], late["confidence"] = "clarify", 0.51
    saved["asked"] = [one for one in saved["asked"] if one["question"]["id"] != "4"]
    kept.write_text(json.dumps(saved))
    report = tmp_path / "report.html"
    ran = run("evaluate", TESTSET, "--home", shelf.home, "--compare", kept, "--report", report)
    assert ran.code == 0, ran.err
    assert "3 questions" in ran.out
    assert "1 only in this run: 4." in ran.out
    assert "won: 1\n  2 (paraphrase) pence a day for a late book" in ran.out
    assert "before: clarify at 0.51, first what-do-i-need-to-join; now: " in ran.out
    assert "0.500 to 1.000: +0.500" in ran.out
    assert "expected calibration error" in ran.out
    assert "1 question won" in report.read_text()


@pytest.mark.parametrize("option", ["--save", "--report"])
@pytest.mark.parametrize("place", [".", "..", "runs", "note.txt/run.json", "note.txt/deeper/run.json"])
def test_where_no_file_can_be_put_nothing_is_measured(
    run: Run, shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: str, place: str
) -> None:
    (tmp_path / "runs").mkdir()
    (tmp_path / "note.txt").write_text("a file, no folder")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("assistant.evaluation.evaluate", lambda *_: pytest.fail("measured"))
    before = sorted(tmp_path.rglob("*"))
    ran = run("evaluate", TESTSET, "--home", shelf.home, option, place)
    assert ran.code == 2
    assert one_line(ran).startswith(f"citewell: {place} ")
    assert "name a" in ran.err
    assert sorted(tmp_path.rglob("*")) == before


def test_a_bad_file_to_compare_with_is_code_2(run: Run, shelf: Shelf, tmp_path: Path) -> None:
    for path in (tmp_path / "missing.json", TESTSET, tmp_path):
        ran = run("evaluate", TESTSET, "--home", shelf.home, "--compare", path)
        assert ran.code == 2
        assert ran.out == ""
        assert ran.err.startswith(f"citewell: {path} ")
        assert ran.err.count("\n") == 1


@pytest.mark.parametrize("question", ["What is the fine for a late book?", "coffee", "?!", "\x1b[31m late book"])
def test_an_explanation_is_a_table_or_json(run: Run, shelf: Shelf, question: str) -> None:
    plain = run("explain", question, "--home", shelf.home)
    assert plain.code == 0, plain.err
    assert "outcome: " in plain.out
    assert "\x1b" not in plain.out
    row = json.loads(run("explain", question, "--home", shelf.home, "--json").out)
    assert list(row) == [
        "question", "read_as", "outcome", "confidence", "answer_from", "clarify_from", "entries", "judgement",
        "unanswered", "sentences", "pinned", "published",
    ]  # fmt: skip
    assert row["question"] == question


def test_drafting_never_writes_over(run: Run, shelf: Shelf, tmp_path: Path) -> None:
    out = tmp_path / "drafts.jsonl"
    first = run("make-testset", "--home", shelf.home, "--out", out, "--questions", "9")
    assert first.code == 0, first.err
    assert "wrote 9 drafts" in first.err
    written = out.read_bytes()
    assert len(written.splitlines()) == 9
    assert run("evaluate", out, "--home", shelf.home).code == 0
    again = run("make-testset", "--home", shelf.home, "--out", out)
    assert again.code == 2
    assert again.err == f"citewell: {out} is there already and is not written over; name a new file with --out\n"
    assert out.read_bytes() == written
