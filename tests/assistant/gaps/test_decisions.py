"""Gaps, what is decided on them, and that it helps."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from assistant.answer import answer
from assistant.gaps.clusters import cluster
from assistant.gaps.decisions import decide, make_stub
from assistant.gaps.exports import gaps_csv
from assistant.gaps.known import letters_known
from assistant.gaps.log import note_question
from assistant.gaps.read import read_gaps
from assistant.gaps.records import Counts, Decision, Gap, What, Wording
from assistant.gaps.upkeep import purge
from assistant.records import Answer, Outcome, Refusal
from assistant.spreadsheets import csv_bytes, plain_text, safe_cell
from index.reader import Index, open_index
from ingest.build import build_entries
from ingest.errors import InputError
from ingest.fetch.store import lock_corpus
from tests.assistant.conftest import Run, Shelf
from tests.assistant.gaps.conftest import NOW, ON, outcome

LOAN, FINE = "how-long-can-i-keep-a-book", "is-there-a-charge-for-late-books"
BY = {"by": "from questions people asked", "reviewed": True}


def wording(text: str, refused: int = 1, days: int = 0) -> Wording:
    when = NOW + timedelta(days=days)
    return Wording(text, Counts(refused=refused), (), when, when)


def test_what_asks_alike_comes_together_most_frequent_first(small: Index) -> None:
    gaps = cluster(
        [
            wording("may I bring my dog inside"),
            wording("can I borrow a telescope for stargazing", 2),
            wording("can I borrow a telescope for tonight", 3),
            wording("may I bring my dog", 1, days=1),
            wording("weather", 1),
        ],
        small,
    )
    assert [[one.text for one in gap.wordings] for gap in gaps] == [
        ["can I borrow a telescope for tonight", "can I borrow a telescope for stargazing"],
        ["may I bring my dog", "may I bring my dog inside"],
        ["weather"],
    ]
    assert gaps[0].representative == "can I borrow a telescope for tonight"
    assert gaps[0].counts == Counts(refused=5)
    assert (gaps[1].first, gaps[1].last) == (NOW, NOW + timedelta(days=1))


@pytest.mark.parametrize("number", [0, 1])
def test_few_wordings(small: Index, number: int) -> None:
    assert len(cluster([wording("weather")] * number, small)) == number


@pytest.mark.parametrize(
    ("decision", "file", "row"),
    [
        (
            Decision("unanswered", ("may I bring my dog",), kind="near"),
            "unanswered.jsonl",
            {"text": "may I bring my dog", "kind": "near"} | BY,
        ),
        (
            Decision("link", ("may I bring my dog",), LOAN, 1),
            "alternates.jsonl",
            {"entry": LOAN, "paragraph": 1, "text": "may I bring my dog"} | BY,
        ),
        (
            Decision("test", ("may I bring my dog",), LOAN, kind="paraphrase"),
            "testset.jsonl",
            {"id": "g001", "question": "may I bring my dog", "relevant": [LOAN], "kind": "paraphrase", "split": "test"},
        ),
    ],
    ids=lambda value: value.what if isinstance(value, Decision) else "",
)
def test_what_is_written(shelf: Shelf, decision: Decision, file: str, row: dict[str, object]) -> None:
    before = shelf.bytes()
    note_question(shelf.home, ON, outcome("May I bring my dog?"), NOW)
    done = decide(shelf.home, shelf.corpus, decision, NOW)
    assert (done.file, done.written, done.skipped) == (file, decision.texts, ())
    assert shelf.rows(file)[-1] == row
    changed = {path.name for path, content in shelf.bytes().items() if before.get(path) != content}
    assert changed - {"lock", ".gitignore"} == {file}
    assert shelf.bytes()[shelf.corpus / file].startswith(before[shelf.corpus / file])
    assert read_gaps(shelf.home) == ()
    again = decide(shelf.home, shelf.corpus, decision, NOW)
    assert (again.file, again.written) == (None, ())
    assert file in again.skipped[0].where


def test_an_empty_test_row_means_that_nothing_answers(shelf: Shelf) -> None:
    decide(shelf.home, shelf.corpus, Decision("test", ("may I bring my dog", "and my cat"), kind="near"), NOW)
    assert [(row["id"], row["relevant"]) for row in shelf.rows("testset.jsonl")[-2:]] == [("g001", []), ("g002", [])]


def test_a_text_never_stands_in_two_places(shelf: Shelf) -> None:
    tested, linked, published = "when is my loan due back again", "when is my loan due", "How long can I keep a book?"
    decide(shelf.home, shelf.corpus, Decision("test", (tested,), LOAN, kind="paraphrase"), NOW)
    before = shelf.bytes()
    for decision in (
        Decision("link", (tested.upper() + "?!", linked), LOAN),
        Decision("unanswered", (tested, linked, published)),
        Decision("test", (linked, tested, published), LOAN, kind="paraphrase"),
    ):
        done = decide(shelf.home, shelf.corpus, decision, NOW)
        assert (done.file, done.written) == (None, ())
        assert len(done.skipped) == len(decision.texts)
    assert shelf.bytes() == before


@pytest.mark.parametrize("what", ["test", "unanswered", "link"])
def test_what_was_decided_stays_so_when_the_decision_is_purged(run: Run, shelf: Shelf, what: What) -> None:
    note_question(shelf.home, ON, outcome(text := "may I bring my dog"), NOW)
    decide(shelf.home, shelf.corpus, Decision(what, (text,), LOAN, kind="near"), NOW)
    assert run("build", *shelf.options).code == 0
    later = NOW + timedelta(days=ON.keep_days + 1)
    assert purge(shelf.home, ON, later).decided == 1
    for asked in (text.upper(), "How long can I keep a book", "what is a telescope"):
        note_question(shelf.home, ON, outcome(asked), later)
    known = letters_known(open_index(shelf.home), shelf.corpus)
    assert [one.text for one in read_gaps(shelf.home, known)] == ["what is a telescope"]


def test_what_is_dismissed_or_begun_leaves_the_list_and_writes_nothing(shelf: Shelf) -> None:
    note_question(shelf.home, ON, outcome("may I bring my dog"), NOW)
    note_question(shelf.home, ON, outcome("may I bring my <b>cat</b>"), NOW)
    note_question(shelf.home, ON, outcome(story := "my dog and I " * 30), NOW)
    before = shelf.bytes()
    done = decide(shelf.home, shelf.corpus, Decision("stub", ("may I bring my <b>cat</b>",)), NOW)
    assert done.stub == "## may I bring my \\<b\\>cat\\</b\\>\n\nWrite the answer here.\n"
    decide(shelf.home, shelf.corpus, Decision("dismissed", ("may I bring my dog", story)), NOW)
    assert shelf.bytes() == before
    assert read_gaps(shelf.home) == ()


@pytest.mark.parametrize("question", ["May I bring my dog?", "A (well-known) dog + 1 cat: may they come!?"])
def test_a_stub_becomes_an_entry(shelf: Shelf, question: str) -> None:
    stub = make_stub([question, "are dogs --> allowed"])
    (shelf.corpus / "pages" / "new.md").write_text(stub)
    with (shelf.corpus / "sources.toml").open("a") as sources:
        sources.write(
            '\n[[source]]\ntitle = "New"\ncapture = "pages/new.md"\nkind = "faq"\npublisher = "F"\nlicence = ""\n'
        )
    (entry,) = [entry for entry in build_entries(shelf.corpus).entries if "dog" in entry.question]
    assert (entry.question, entry.answer) == (question, ("Write the answer here.",))


@pytest.mark.parametrize(
    ("decision", "said"),
    [
        (Decision("link", ("a dog",)), "no entry is chosen"),
        (Decision("link", ("a dog",), "no-such-entry"), "no entry 'no-such-entry'"),
        (Decision("link", ("a dog",), LOAN, 99), "no paragraph 99"),
        (Decision("unanswered", ("a dog",), kind="paraphrase"), "near, far or talk"),
        (Decision("test", ("a dog",), kind=" "), "no kind"),
        (Decision("test", ("a dog",), kind="overall"), "no kind"),
        (Decision("unanswered", ("x" * 301,)), "no question of 1 to 300"),
        (Decision("unanswered", ()), "no wording is chosen"),
    ],
)
def test_what_can_not_be_decided(shelf: Shelf, decision: Decision, said: str) -> None:
    before = shelf.bytes()
    with pytest.raises(InputError, match=said) as failure:
        decide(shelf.home, shelf.corpus, decision, NOW)
    assert "\n" not in str(failure.value)
    assert {path: content for path, content in shelf.bytes().items() if ".fetch" not in str(path)} == before


def test_one_writer_at_a_time(shelf: Shelf) -> None:
    import threading

    failures: list[Exception] = []

    def other() -> None:  # within one thread the lock may be taken several times
        try:
            decide(shelf.home, shelf.corpus, Decision("unanswered", ("a dog",)), NOW)
        except InputError as error:
            failures.append(error)

    before = shelf.rows("unanswered.jsonl")
    with lock_corpus(shelf.corpus):
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert "wait for that to end" in str(failures[0])
    assert shelf.rows("unanswered.jsonl") == before


FORMULAS = ["=1+1", "+44", "-2", "@SUM(A1)", "\t=1", "\r=1", " =1", '"=1', "'=1", "' =1", "＝1", "＋1", "－1", "＠x",
            "\ufeff=1", "a;=1", "a\n=1", "x\t@y", '=HYPERLINK("http://x.example","y")']  # fmt: skip


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_is_a_formula(text: str) -> None:
    assert safe_cell(text).startswith("'") or "'=" in safe_cell(text) or "'@" in safe_cell(text)
    assert plain_text(safe_cell(text)) == text
    gap = Gap(text, (wording(text),), Counts(refused=1), (), NOW, NOW)
    content = gaps_csv([gap])
    assert content.startswith(b"\xef\xbb\xbf")
    _, row = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    assert row[:4] == [safe_cell(text), safe_cell(text), "1", "0"]


@pytest.mark.parametrize(
    "text", ["How much?", "a-b", "2 + 2 = 4", "me@example.org", "it's", "", "“quoted”", "a, b", "é"]
)
def test_other_cells_are_as_they_were(text: str) -> None:
    (row,) = csv.reader(io.StringIO(csv_bytes([text], []).decode("utf-8-sig"), newline=""))
    assert plain_text(safe_cell(text)) == text
    assert row == [text]


class Loop:
    """The made-up library, asked and built as a maintainer does; questions are kept."""

    def __init__(self, run: Run, shelf: Shelf) -> None:
        self._run, self.home, self.corpus, self._options = run, shelf.home, shelf.corpus, shelf.options
        sources = self.corpus / "sources.toml"
        written = sources.read_text("utf-8").replace("[[source]]", "[questions]\nlog = true\n\n[[source]]", 1)
        sources.write_text(written, "utf-8")

    def build(self) -> None:
        ran = self._run("build", *self._options)
        assert ran.code == 0, ran.err

    def evaluate(self, *options: str | Path) -> Any:
        ran = self._run("evaluate", self.corpus / "testset.jsonl", "--json", "--home", self.home, *options)
        assert ran.code == 0, ran.err
        return json.loads(ran.out)

    def ask(self, question: str) -> Outcome:
        index = open_index(self.home)
        said = answer(question, index)
        note_question(self.home, index.corpus.questions, said, NOW)
        return said


def test_a_question_that_was_not_answered_is_answered_afterwards(run: Run, shelf: Shelf, tmp_path: Path) -> None:
    """Refused, listed, linked and put to the test, built, answered; and two runs show what was gained."""
    question, other, entry = "pennies owed for tardy paperbacks", "tardy paperbacks pennies", FINE
    loop = Loop(run, shelf)
    loop.build()
    assert isinstance(loop.ask(question), Refusal)
    assert isinstance(loop.ask(other), Refusal)
    (gap,) = cluster(read_gaps(loop.home), open_index(loop.home))
    assert {one.text for one in gap.wordings} == {question, other}
    done = decide(loop.home, loop.corpus, Decision("link", (question,), entry), NOW)
    assert (done.file, done.written) == ("alternates.jsonl", (question,))
    done = decide(loop.home, loop.corpus, Decision("test", (other,), entry, kind="asked"), NOW)
    assert (done.file, done.written) == ("testset.jsonl", (other,))
    assert read_gaps(loop.home) == ()
    before = tmp_path / "before.json"
    loop.evaluate("--save", before)
    loop.build()
    after = loop.evaluate("--compare", before)
    said = loop.ask(question)
    assert isinstance(said, Answer)
    assert said.entry.id == entry
    (row,) = [row for row in after["asked"] if row["question"]["id"] == "g001"]
    assert (row["outcome"], row["right"]) == ("answered", True)
    assert "g001" in [turn["question"]["id"] for turn in after["comparison"]["wins"]]
    assert after["comparison"]["overall"]["outcome_right"]["difference"]["value"] > 0
