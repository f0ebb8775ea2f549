"""What a maintainer decides over the pages, through the commands: it holds, it is cited, it lapses, it never lies."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from assistant.answer import answer, consider
from assistant.citations import verifies
from assistant.explain import explain
from assistant.records import Answer, Outcome, Refusal
from assistant.refusal import calibrate
from index.build import build_index
from index.reader import Index, open_index
from index.store import current_generation
from tests.assistant.conftest import Run, Shelf
from tests.assistant.test_rebuild import snapshot
from tests.conftest import HashedWords, material_of

END = '\nreason = "the desk asked for it"\nexpires = 2027-03-01\n'
FINE, PRINT, JOIN = "is-there-a-charge-for-late-books", "can-i-print-in-the-reading-room", "what-do-i-need-to-join"
WORDS = "It stops at five pounds. Readers under sixteen never pay a fine."
QUESTION = "Will a child lose pocket money to you?"
PIN = f'[[pin]]\nquestion = "{QUESTION}"\nentry = "{FINE}"\nquote = "{WORDS}"{END}'
BLOCK = f'[[block]]\nentry = "{PRINT}"{END}'
SYNONYM = f'[[synonym]]\nsays = "Zwibble"\nmeans = "fine late book"{END}'
ALTERNATE = f'[[alternate]]\nentry = "{FINE}"\nparagraph = 0\ntext = "library penalties"{END}'
DAY, LAPSED = date(2026, 6, 1), date(2027, 3, 2)
Move = Callable[[date], None]
Override = Callable[[str], Index]


@pytest.fixture
def move(monkeypatch: pytest.MonkeyPatch) -> Move:
    """Set the clock."""
    return lambda day: monkeypatch.setattr("ingest.overrides.today", lambda: day)


@pytest.fixture
def override(shelf: Shelf, run: Run, move: Move) -> Override:
    """Build the library with these overrides, on DAY; return its index."""

    def build(toml: str) -> Index:
        move(DAY)
        (shelf.corpus / "overrides.toml").write_text(toml, encoding="utf-8")
        done = run("build", *shelf.options)
        assert done.code == 0, done.err
        return open_index(shelf.home)

    return build


def test_a_pinned_question_is_answered_in_just_these_words(override: Override) -> None:
    index = override(PIN)
    for asked in (QUESTION, f"  {QUESTION.upper().rstrip('?')} "):
        found = consider(asked, index)
        outcome = found.outcome
        assert isinstance(outcome, Answer)
        assert (outcome.text, outcome.entry.id, outcome.confidence) == (WORDS, FINE, 1.0)
        (citation,) = outcome.citations
        assert verifies(index, citation, WORDS)
        assert citation.link is not None
        assert outcome.evidence.pinned == "the desk asked for it"
        assert index.entries[found.hits[0].entry].id == FINE
        assert FINE not in [each.id for each in outcome.suggestions]
        assert [each.id for each in outcome.suggestions]


def test_a_pin_beats_what_the_search_finds(override: Override) -> None:
    asked = "print pages in the room"
    pin = PIN.replace(QUESTION, f"{asked}?")
    outcome = answer(asked, override(pin))
    assert isinstance(outcome, Answer)
    assert (outcome.entry.id, outcome.text) == (FINE, WORDS)
    assert outcome.suggestions[0].id == PRINT
    told = explain(asked, override(pin))
    assert told.pinned == "the desk asked for it"
    assert told.entries[0].id == FINE
    assert [each.text for each in told.sentences if each.quoted] == WORDS.replace("s. ", "s.|").split("|")


def test_like_questions_find_what_is_pinned(small: Index, override: Override) -> None:
    like = "Does a child lose any pocket money?"
    assert not isinstance(answer(like, small), Answer)
    outcome = answer(like, override(PIN))
    assert isinstance(outcome, Answer)
    assert outcome.entry.id == FINE
    assert outcome.evidence.pinned is None


def test_what_scripts_read_is_as_it_was(override: Override, run: Run, shelf: Shelf) -> None:
    override(PIN)
    pinned, other = (
        json.loads(run("ask", asked, "--json", "--home", shelf.home).out) for asked in (QUESTION, "late book fine")
    )
    assert list(pinned) == list(other)
    assert (pinned["outcome"], pinned["answer"], pinned["confidence"]) == ("answered", WORDS, 1.0)
    assert [list(each) for each in pinned["citations"]] == [list(each) for each in other["citations"][:1]]


CHANGED = {
    "other words": ("It stops at five pounds.", "It stops at six pounds.", "does not stand word for word"),
    "another question": ("Is there a charge for late books?", "What do late books cost?", "there is no entry"),
}


@pytest.mark.parametrize("name", CHANGED)
def test_a_page_that_no_longer_says_it_stops_the_build(
    override: Override, shelf: Shelf, run: Run, encoder: HashedWords, name: str
) -> None:
    override(PIN)
    was, now, words = CHANGED[name]
    page = shelf.corpus / "pages" / "using.txt"
    page.write_text(page.read_text("utf-8").replace(was, now), encoding="utf-8")
    rows = shelf.corpus / "alternates.jsonl"
    rows.write_text("".join(line for line in rows.open(encoding="utf-8") if FINE not in line), encoding="utf-8")
    before = snapshot(shelf.corpus, shelf.home)
    encoder.encoded.clear()
    for options in ((), ("--accept",)):  # nobody can accept words that do not stand there
        done = run("build", *shelf.options, *options)
        assert done.code == 2
        last = done.err.rstrip("\n").split("\n")[-1]
        assert last.startswith("citewell: ")
        assert repr(QUESTION) in last
        assert words in last
    assert ("write 'what-do-late-books-cost' there" in done.err) == (name == "another question")
    assert snapshot(shelf.corpus, shelf.home) == before
    assert encoder.encoded == []
    assert answer(QUESTION, open_index(shelf.home)).evidence.pinned  # the old index goes on


def test_what_has_expired_is_not_applied_and_named(override: Override, shelf: Shelf, run: Run, move: Move) -> None:
    plain = current_generation(shelf.home)
    index = override(PIN + SYNONYM + ALTERNATE + BLOCK)
    assert current_generation(shelf.home) != plain
    assert isinstance(answer(QUESTION, index), Answer)
    assert isinstance(answer("the zwibble", index), Answer)
    move(LAPSED)  # without a build: pins and synonyms lapse, what is in the search stays
    assert answer(QUESTION, index).evidence.pinned is None
    assert answer("the zwibble", index).evidence.read_as == "the zwibble"
    assert index.entry(PRINT) is None
    done = run("build", *shelf.options)
    assert done.code == 0, done.err
    assert "overrides in force: none" in done.err
    for label in (f"pin {QUESTION!r}", "synonym 'Zwibble'", "alternate 'library penalties'", f"block {PRINT!r}"):
        assert f"override expired on 2027-03-01, not applied: {label} (the desk asked for it); renew or" in done.err
    index = open_index(shelf.home)
    assert index.entry(PRINT) is not None
    assert isinstance(answer(QUESTION, index), Refusal)
    again = run("build", *shelf.options)
    assert "nothing encoded" in again.err


def test_what_ends_soon_is_named(override: Override, shelf: Shelf, run: Run, move: Move) -> None:
    override(PIN)
    move(date(2027, 2, 1))
    done = run("build", *shelf.options)
    assert "overrides in force: 1 pin\n" in done.err
    assert f"override ends soon: pin {QUESTION!r}, on 2027-03-01 (the desk asked for it)" in done.err
    assert "nothing encoded" in done.err  # the day alone changes nothing


def test_a_blocked_entry_is_nowhere_but_in_the_record(override: Override, shelf: Shelf, run: Run) -> None:
    record = (shelf.corpus / "entries.jsonl").read_bytes()
    index = override(BLOCK)
    assert (shelf.corpus / "entries.jsonl").read_bytes() == record
    assert PRINT in record.decode()
    assert PRINT not in [entry.id for entry in index.entries]
    question = "Can I print in the reading room?"
    assert index.position_asking(question) is None
    for asked in (question, "printer cost for a colour page", "room", QUESTION, "What do I need to join?"):
        found = consider(asked, index)
        assert PRINT not in [index.entries[hit.entry].id for hit in found.hits]
        assert PRINT not in [each.id for each in found.outcome.suggestions]
        assert not isinstance(found.outcome, Answer) or found.outcome.entry.id != PRINT
    for command in (("review",), ("expand", "--out", shelf.home / "sheet.csv")):  # its wordings are passed over
        done = run(*command, *shelf.options)
        assert done.code == 0, done.err
    assert PRINT not in (shelf.home / "sheet.csv").read_text("utf-8")
    done = run("build", *shelf.options)
    assert "nothing encoded" in done.err
    assert "other entries than the last build" not in done.err


def test_a_test_question_of_a_blocked_entry_is_to_be_refused(override: Override, shelf: Shelf, run: Run) -> None:
    override(BLOCK)
    row = {"id": "9", "question": "colour printer", "relevant": [PRINT], "kind": "keyword"}
    (shelf.corpus / "more.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    done = run("evaluate", shelf.corpus / "more.jsonl", "--home", shelf.home, "--json")
    assert done.code == 0, done.err
    assert json.loads(done.out)["asked"][0]["question"]["relevant"] == []


READ = [  # what is asked, how it is read
    ("Is there a ZWIBBLE?", "Is there a ZWIBBLE (fine late book)?"),
    ("zwibble, zwibble", "zwibble (fine late book), zwibble"),
    ("zwibbles and microzwibble", "zwibbles and microzwibble"),
    ("zwibble: fine late book?", "zwibble: fine late book?"),
    ("where are the bokk", "where are the bokk (shelf)"),  # not corrected to "book"
    ("where are the booka", "where are the book"),
    ("from A to Z of books", "from A to Z (alphabet) of books"),
    ("one two three four five six seven", "one (1) two (2) three (3) four (4) five (5) six seven"),
    ("Zw\u0131bble", "Zw\u0131bble"),
]
NUMBERS = "one two three four five six seven".split()
SYNONYMS = SYNONYM + "".join(
    f'[[synonym]]\nsays = "{says}"\nmeans = "{means}"{END}'
    for says, means in [
        ("bokk", "shelf"),
        ("A to  Z", "alphabet"),
        *((word, str(number)) for number, word in enumerate(NUMBERS, start=1)),
    ]
)


def test_how_synonyms_are_read(override: Override) -> None:
    index = override(SYNONYMS)
    assert [(asked, answer(asked, index).evidence.read_as) for asked, _ in READ] == READ


def test_a_synonym_finds_what_was_refused(small: Index, override: Override, shelf: Shelf, run: Run) -> None:
    asked = "Is there a zwibble?"
    assert isinstance(answer(asked, small), Refusal)
    outcome = answer(asked, override(SYNONYM))
    assert isinstance(outcome, Answer)
    assert outcome.entry.id == FINE
    assert run("ask", asked, "--home", shelf.home).out.startswith("Read as: Is there a zwibble (fine late book)?\n")


def test_an_alternate_finds_what_was_refused(small: Index, override: Override) -> None:
    asked = "are there library penalties"
    assert isinstance(answer(asked, small), Refusal)
    index = override(ALTERNATE)
    outcome = answer(asked, index)
    assert isinstance(outcome, Answer)
    assert outcome.entry.id == FINE
    assert [view.text for view in index.views if "penalties" in view.text] == ["library penalties"]


def test_a_wording_that_stands_there_already_counts_once(override: Override) -> None:
    index = override(ALTERNATE.replace("library penalties", "Fine for an overdue book!"))
    assert [view.text for view in index.views if "overdue" in view.text] == ["fine for an overdue book"]


TOLD: list[tuple[str, str, float]] = [  # a first and a second file; what may change before it is learned anew
    ("", PIN, -1),
    (PIN, PIN.replace("It stops at five pounds. ", ""), -1),
    (PIN + BLOCK, SYNONYM, -1),
    (SYNONYM, SYNONYM.replace("the desk", "the board"), -1),
    (ALTERNATE, BLOCK, 1),
    (BLOCK, "", 1),
]


@pytest.mark.parametrize(("first", "second", "drift"), TOLD)
def test_a_rebuild_knows_what_was_overridden(
    override: Override, shelf: Shelf, encoder: HashedWords, monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
    first: str, second: str, drift: float,
) -> None:  # fmt: skip
    monkeypatch.setattr("index.build.DRIFT", drift)
    was, now = override(first), override(second)
    assert now.manifest.content != was.manifest.content
    assert "overrides.json" in now.manifest.files
    once = build_index(tmp_path / "once", material_of(shelf.corpus), encoder, calibrate).index
    for name in now.manifest.files if drift < 0 else ("overrides.json", "entries.jsonl", "views.jsonl", "contents.npy"):
        assert (now.folder / name).read_bytes() == (once.folder / name).read_bytes(), name


def test_what_is_overridden_is_known_to_who_adds_wordings(override: Override, shelf: Shelf, run: Run) -> None:
    override(PIN + ALTERNATE)
    sheet = shelf.corpus / "sheet.jsonl"
    texts = ("LIBRARY penalties!", QUESTION)
    rows = (json.dumps({"kind": "alternate", "entry": FINE, "text": text}) + "\n" for text in texts)
    sheet.write_text("".join(rows), encoding="utf-8")
    was = shelf.rows("alternates.jsonl")
    done = run("expand", "--take", sheet, *shelf.options)
    assert done.code == 0, done.err
    assert done.out.count("stands already in overrides.toml") + done.err.count("stands already in overrides.toml") == 2
    assert shelf.rows("alternates.jsonl") == was


def test_ready_made_entries_take_overrides(shelf: Shelf, run: Run, move: Move, tmp_path: Path) -> None:
    move(DAY)
    corpus, rows = tmp_path / "ready", tmp_path / "rows.jsonl"
    corpus.mkdir()
    rows.write_text(
        '{"id": "a", "question": "What is a loan?", "answer": ["It is free.", "It ends in May."]}\n'
        '{"id": "b", "question": "Who are you?", "answer": "A library of things."}\n'
    )
    toml = f'[[pin]]\nquestion = "The end?"\nentry = "a"\nquote = "It ends in May."{END}[[block]]\nentry = "b"{END}'
    (corpus / "overrides.toml").write_text(toml)
    done = run("index", "--entries", rows, "--corpus", corpus, "--home", tmp_path / "home")
    assert done.code == 0, done.err
    assert "overrides in force: 1 pin, 1 block" in done.err
    index = open_index(tmp_path / "home")
    outcome: Outcome = answer("the end", index)
    assert isinstance(outcome, Answer)
    assert outcome.text == "It ends in May."
    assert [entry.id for entry in index.entries] == ["a"]
