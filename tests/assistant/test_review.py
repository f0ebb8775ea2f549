"""What the review shows."""

from __future__ import annotations

import json

from tests.assistant.conftest import Run, Shelf

FINE, JOIN, LOAN = "is-there-a-charge-for-late-books", "what-do-i-need-to-join", "how-long-can-i-keep-a-book"
ALTERNATES = [
    ({"entry": FINE, "paragraph": 0, "text": "fine a day for a late book", "reviewed": False}, "unreviewed", None),
    ({"entry": JOIN, "paragraph": 0, "text": "pence a day, late book fine"}, "leads to another entry", FINE),
    ({"entry": JOIN, "paragraph": 1, "text": "signature of a parent, children"}, "leads to another paragraph", JOIN),
    ({"entry": LOAN, "paragraph": 0, "text": "When is my loan due?"}, "there twice", "alternates.jsonl, line 1"),
    ({"entry": LOAN, "paragraph": 0, "text": "borrowing periods for a book"}, "nearly there twice", "line 3"),
    ({"entry": LOAN, "paragraph": 0, "text": "Loan of a book in weeks!"}, "in the test set", "testset.jsonl, line 1"),
]
UNANSWERED = [
    ({"text": "What is the fine for a late book?", "kind": "near"}, "would be answered", FINE),
    ({"text": "Is there parking for bicycle?", "kind": "near"}, "nearly in the test set", "testset.jsonl, line 3"),
    ({"text": "Fine for an overdue book", "kind": "near"}, "there twice", "alternates.jsonl, line 7"),
]


def add(shelf: Shelf) -> None:
    for name, cases in (("alternates.jsonl", ALTERNATES), ("unanswered.jsonl", UNANSWERED)):
        with (shelf.corpus / name).open("a", encoding="utf-8") as file:
            file.writelines(json.dumps({"by": "x", "reviewed": True} | row) + "\n" for row, _, _ in cases)


def test_each_doubt_is_shown_with_its_evidence(run: Run, shelf: Shelf) -> None:
    add(shelf)
    before = shelf.bytes()
    ran = run("review", *shelf.options)
    assert ran.code == 0, ran.err
    assert shelf.bytes() == before
    lines = ran.out.splitlines()
    assert lines[-1].startswith("24 rows: 1 unreviewed; ")
    expected = [
        (f"{name}, line {number}: {kind}", row["text"], evidence)
        for name, first, cases in (("alternates.jsonl", 11, ALTERNATES), ("unanswered.jsonl", 6, UNANSWERED))
        for number, (row, kind, evidence) in enumerate(cases, first)
    ]
    for begins, text, evidence in expected:
        [line] = [line for line in lines if line.startswith(begins)]
        assert line.endswith(f": {text}")
        assert evidence is None or evidence in line


def test_the_findings_as_json(run: Run, shelf: Shelf) -> None:
    add(shelf)
    found = json.loads(run("review", "--json", *shelf.options).out)
    assert found["rows"] == 24
    [finding] = [finding for finding in found["findings"] if finding["kind"] == "would be answered"]
    assert finding["file"] == "unanswered.jsonl"
    assert finding["line"] == 6
    assert finding["lead"]["entry"] == FINE
    assert finding["lead"]["confidence"] > 0.7
    assert finding["twin"] is None


def test_without_the_two_files_there_is_nothing_to_decide(run: Run, shelf: Shelf) -> None:
    (shelf.corpus / "alternates.jsonl").unlink()
    (shelf.corpus / "unanswered.jsonl").unlink()
    assert run("review", *shelf.options).out == "0 rows: nothing to decide\n"
