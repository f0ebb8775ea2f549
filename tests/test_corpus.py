"""The bundled corpus keeps its promises: built as committed, and its test set is apart from what it was tuned on."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from ingest.build import build_entries, write_built
from ingest.entries import read_alternates, read_entries, read_unanswered

CORPUS = Path(__file__).parent.parent / "corpus"


def rows(name: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (CORPUS / name).read_text(encoding="utf-8").splitlines()]


def folded(text: object) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in str(text).casefold()).split())


def test_the_committed_entries_are_what_the_pages_give(tmp_path: Path) -> None:
    write_built(tmp_path, build_entries(CORPUS))
    for name in ("entries.jsonl", "report.json"):
        assert (tmp_path / name).read_bytes() == (CORPUS / name).read_bytes(), f"run `citewell build`: {name} is old"


def test_no_test_question_stands_in_what_is_searched_or_learned_from() -> None:
    tested = {folded(row["question"]) for row in rows("testset.jsonl")}
    known = {folded(row["text"]) for name in ("alternates.jsonl", "unanswered.jsonl") for row in rows(name)}
    known |= {folded(row["question"]) for row in rows("entries.jsonl")}
    assert not tested & known


def test_every_paragraph_has_other_wordings() -> None:
    entries = read_entries(CORPUS / "entries.jsonl")
    counts = Counter((row.entry, row.paragraph) for row in read_alternates(CORPUS / "alternates.jsonl", entries))
    for entry in entries:
        assert counts[entry.id, None] >= 10, entry.id
        for number in range(len(entry.answer)):
            assert counts[entry.id, number] >= 3, (entry.id, number)


def test_no_wording_stands_twice() -> None:
    for name, field in (("alternates.jsonl", "text"), ("unanswered.jsonl", "text"), ("testset.jsonl", "question")):
        counts = Counter(str(row[field]).casefold() for row in rows(name))
        assert [text for text, count in counts.items() if count > 1] == [], name


def test_unanswered_questions_come_in_numbers() -> None:
    kinds = Counter(row.kind for row in read_unanswered(CORPUS / "unanswered.jsonl"))
    assert kinds["near"] >= 300
    assert kinds["far"] >= 100


def test_the_test_set_has_both_halves_and_every_kind() -> None:
    testset = rows("testset.jsonl")
    assert len(testset) >= 150
    assert len({row["id"] for row in testset}) == len(testset)
    kinds = Counter((row["kind"], row["split"]) for row in testset)
    for kind in {row["kind"] for row in testset}:
        assert kinds[kind, "dev"] >= kinds[kind, "test"] - 1
    assert all((row["relevant"] == []) == str(row["kind"]).startswith("out-of-scope") for row in testset)
    assert sum(not row["relevant"] for row in testset) >= 60


def test_nothing_is_an_entry_that_is_furniture() -> None:
    text = " ".join(f"{row['question']} {row['answer']}" for row in rows("entries.jsonl"))
    for furniture in ("contact_arrow", "Toolkit menu", "What next?", "pop your email", "People-centred", "FINANCE"):
        assert furniture not in text
