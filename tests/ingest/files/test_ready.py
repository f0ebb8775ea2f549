"""Tables of questions and answers, and text in other encodings: tests/data/files/*.json, and sheets made here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest.build import build_entries, write_built
from ingest.entries import read_entries
from ingest.errors import InputError
from ingest.files import tables
from ingest.spans import paragraph_spans

FILES = Path(__file__).parents[2] / "data" / "files"
CASES = sorted(path for path in FILES.glob("*.json") if not path.stem.startswith("pdf-"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_file_gives_what_is_expected(path: Path, leaflets: Path) -> None:
    case = json.loads(path.read_text(encoding="utf-8"))
    (leaflets / case["file"]).write_bytes("\r\n".join(case["lines"]).encode(case["encoding"]))
    corpus = leaflets.parents[1]
    if "error" in case:
        (leaflets / "a.txt").write_text("Who may come?\n\nAnyone may.\n")
        (failed,) = build_entries(corpus).report.failed
        assert case["error"] in failed.reason
        assert "\n" not in failed.reason
        return
    built = build_entries(corpus)
    assert [[entry.question, list(entry.answer)] for entry in built.entries] == case["qa"]
    assert [row.question for row in built.report.unanswered] == case["unanswered"]
    assert [row.reason for row in built.report.dropped if row.end == 0] == case["dropped"]
    assert {entry.occurrences[0].method for entry in built.entries} == {case["method"]}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_what_is_stored_holds_every_paragraph(path: Path, leaflets: Path) -> None:
    """The rendition on disk is UTF-8, a second build gives the same bytes, and takes no rendition for a page."""
    case = json.loads(path.read_text(encoding="utf-8"))
    if "error" in case:
        return
    (leaflets / case["file"]).write_bytes("\r\n".join(case["lines"]).encode(case["encoding"]))
    corpus = leaflets.parents[1]
    write_built(corpus, build_entries(corpus))
    before = {each: each.read_bytes() for each in corpus.rglob("*") if each.is_file()}
    for entry in read_entries(corpus / "entries.jsonl"):
        text = (corpus / entry.occurrences[0].capture).read_bytes().decode()
        assert len(paragraph_spans(entry, text)) == len(entry.answer)
    write_built(corpus, build_entries(corpus))
    assert {each: each.read_bytes() for each in corpus.rglob("*") if each.is_file()} == before


def test_sheets_of_a_workbook(leaflets: Path, make) -> None:
    sheets = {
        "FAQ": [
            ["Exported on 1 June"],
            ["Question", "Answer", "Source", "Metadata"],
            ["Who may come?", "Anyone.\n\nChildren too.", "x", "y"],
            [],
            ["How many?", 12],
            ["How much is one and one?", "=1+1"],
        ],
        "Notes": [["for us only"]],
        "Old": [["Question", "Answer"], ["Who knows?", "Nobody."]],
    }
    (leaflets / "faq.xlsx").write_bytes(make.xlsx(sheets, hidden=["Old"]))
    built = build_entries(leaflets.parents[1])
    assert [(entry.question, entry.answer) for entry in built.entries] == [
        ("Who may come?", ("Anyone.", "Children too.")),
        ("How many?", ("12",)),
    ]
    assert [row.question for row in built.report.unanswered] == ["How much is one and one?"]
    unseen = [row.reason for row in built.report.dropped]
    assert unseen == ["sheet 'Notes' has no questions and answers", "empty rows: 1"]


def test_more_rows_than_a_person_reviews_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 3)
    with pytest.raises(InputError, match="more than 3 rows"):
        tables.read_csv(b"Question,Answer\na?,b\nc?,d\ne?,f\n")


def test_lines_of_an_old_mac() -> None:
    rows = tables.read_csv(b'Question;Answer\rWho?;"One\rand all"\r').rows
    assert rows == [["Question", "Answer"], ["Who?", "One\rand all"]]


def test_lists_in_lists_are_a_line_of_the_report(leaflets: Path) -> None:
    (leaflets / "a.txt").write_text("Who may come?\n\nAnyone may.\n")
    deep = "[" * 400 + '"x"' + "]" * 400
    rows = ('{"question": "a?", "answer": "b"}', f'{{"question": "c?", "answer": {deep}}}')
    (leaflets / "faq.jsonl").write_text("\n".join(rows))
    built = build_entries(leaflets.parents[1])
    assert [entry.question for entry in built.entries] == ["Who may come?"]
    (failed,) = built.report.failed
    assert "line 2: its lists are nested too deep" in failed.reason
