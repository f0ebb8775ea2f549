"""overrides.toml: what it says, what holds on a day, and every way in which it can be wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ingest.build import build_entries
from ingest.errors import InputError
from ingest.overrides import find_quote, label, leave_out, read_overrides
from ingest.records import Added, Blocked, Conflict, Entry, Occurrence, Overrides, Pin, Synonym
from ingest.references import read_references
from tests.conftest import LIBRARY

DAY = date(2026, 6, 1)
END = '\nreason = "asked for"\nexpires = 2027-03-01\n'
FINE = "is-there-a-charge-for-late-books"
PIN = f'[[pin]]\nquestion = "What is the fine?"\nentry = "{FINE}"\nquote = "It stops at five pounds."{END}'
ALTERNATE = f'[[alternate]]\nentry = "{FINE}"\nparagraph = 0\ntext = "library penalties"{END}'
SYNONYM = f'[[synonym]]\nsays = "OD"\nmeans = "overdue"{END}'
BLOCK = f'[[block]]\nentry = "can-i-print-in-the-reading-room"{END}'
SIX = date(2027, 3, 1)


@pytest.fixture(scope="module")
def entries() -> tuple[Entry, ...]:
    return build_entries(LIBRARY).entries


def write(folder: Path, toml: str) -> Path:
    (folder / "overrides.toml").write_text(toml, encoding="utf-8")
    return folder


def test_no_file_overrides_nothing(tmp_path: Path, entries: tuple[Entry, ...]) -> None:
    reviewed = read_overrides(tmp_path, entries, DAY)
    assert (reviewed.in_force, reviewed.expired, reviewed.ending) == (Overrides(), (), ())


def test_every_table_is_read(tmp_path: Path, entries: tuple[Entry, ...]) -> None:
    reviewed = read_overrides(write(tmp_path, PIN + ALTERNATE + SYNONYM + BLOCK), entries, DAY)
    assert reviewed.in_force == Overrides(
        pin=(Pin("What is the fine?", FINE, "It stops at five pounds.", "asked for", SIX),),
        alternate=(Added("library penalties", FINE, "asked for", SIX, 0),),
        synonym=(Synonym("OD", "overdue", "asked for", SIX),),
        block=(Blocked("can-i-print-in-the-reading-room", "asked for", SIX),),
    )
    assert reviewed.expired == reviewed.ending == ()


HOLDS = {  # day: (holds, expired, ends soon)
    date(2027, 1, 29): (True, False, False),
    date(2027, 1, 30): (True, False, True),
    date(2027, 3, 1): (True, False, True),
    date(2027, 3, 2): (False, True, False),
}


@pytest.mark.parametrize("day", HOLDS, ids=str)
def test_the_day_on_which_it_expires_is_its_last(tmp_path: Path, entries: tuple[Entry, ...], day: date) -> None:
    reviewed = read_overrides(write(tmp_path, PIN), entries, day)
    assert tuple(map(bool, (reviewed.in_force.pin, reviewed.expired, reviewed.ending))) == HOLDS[day]


BROKEN = {
    "no TOML": ("[[pin]\n", "is not valid TOML"),
    "another table": ("[[pins]]\n", "there is no field 'pins'; the fields are pin, alternate, synonym, block"),
    "one bracket": (PIN.replace("[[pin]]", "[pin]"), "pin: write it with two brackets: [[pin]]"),
    "an unknown field": (PIN + "until = 2027-03-01\n", "pin 1: there is no field 'until'"),
    "no reason": (PIN.replace('reason = "asked for"\n', ""), "pin 1: reason is missing"),
    "an empty reason": (PIN.replace("asked for", " "), "pin 1 has no words in reason"),
    "no last day": (SYNONYM.replace("expires = 2027-03-01\n", ""), "synonym 1: expires is missing"),
    "no day": (PIN.replace("2027-03-01", '"soon"'), "pin 1: expires: "),
    "a time": (PIN.replace("2027-03-01", "2027-03-01T12:00:00"), "pin 1: expires: this is a day with a time"),
    "a number": (PIN.replace('"What is the fine?"', "7"), "pin 1: question: this is a whole number; write text"),
    "a paragraph by name": (ALTERNATE.replace("= 0", '= "first"'), "write a whole number"),
    "no question": (PIN.replace("What is the fine?", "??"), "pin 1 has no words in question"),
    "no text": (ALTERNATE.replace("library penalties", ""), "alternate 1 has no words in text"),
    "a long question": (PIN.replace("What is", "What " + "really " * 60 + "is"), "300 are the most"),
    "an unknown entry": (PIN.replace(FINE, "fines"), "pin 'What is the fine?': there is no entry 'fines'"),
    "an alternate of an unknown entry": (ALTERNATE.replace(FINE, "fines"), "there is no entry 'fines'"),
    "an unknown entry blocked": (BLOCK.replace("can-i-", "may-i-"), "block 'may-i-print"),
    "an unknown paragraph": (ALTERNATE.replace("= 0", "= 1"), "has no paragraph 1; name one from 0 to 0"),
    "a paragraph before the first": (ALTERNATE.replace("= 0", "= -1"), "has no paragraph -1"),
    "words that are not there": (PIN.replace("five pounds", "six pounds"), "'It stops at six pounds.' does not stand"),
    "half a word": (PIN.replace("It stops at five pounds.", "It stops at five pound"), "does not stand word for word"),
    "words of two paragraphs": (
        PIN.replace(FINE, "how-long-can-i-keep-a-book").replace(
            "It stops at five pounds.", "from the day you ask. After that"
        ),
        "does not stand word for word in a paragraph",
    ),
    "two pins for a question": (
        PIN + PIN.replace("What is the fine?", "what is  the FINE"),
        "pin 'what is the FINE' stands there twice",
    ),
    "two meanings": (SYNONYM + SYNONYM.replace("OD", "od"), "synonym 'od' stands there twice"),
    "a pin on a blocked entry": (
        PIN + BLOCK.replace("can-i-print-in-the-reading-room", FINE),
        "is blocked; remove one",
    ),
    "an alternate of a blocked entry": (
        ALTERNATE + BLOCK.replace("can-i-print-in-the-reading-room", FINE),
        "is blocked; remove one",
    ),
    "a pin of the test set": (
        PIN.replace("What is the fine?", "Pence a day for a LATE book?"),
        "testset.jsonl, line 2",
    ),
    "an alternate of the test set": (ALTERNATE.replace("library penalties", "Which planet is largest"), "line 4"),
    "an alternate that is unanswered": (ALTERNATE.replace("library penalties", "hello, there"), "unanswered.jsonl"),
    "all blocked": (
        "".join(
            f'[[block]]\nentry = "{name}"{END}'
            for name in (
                "how-long-can-i-keep-a-book",
                "what-do-i-need-to-join",
                FINE,
                "can-i-print-in-the-reading-room",
            )
        ),
        "blocks every entry",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_overrides_that_can_not_be_used(name: str, library: Path, entries: tuple[Entry, ...]) -> None:
    toml, words = BROKEN[name]
    with pytest.raises(InputError) as error:
        read_overrides(write(library, toml), entries, DAY)
    assert words in str(error.value)
    assert str(library / "overrides.toml") in str(error.value)
    assert "\n" not in str(error.value)


def test_what_has_expired_need_not_fit_the_pages(library: Path, entries: tuple[Entry, ...]) -> None:
    write(library, PIN.replace(FINE, "fines") + PIN.replace("2027", "2028"))
    reviewed = read_overrides(library, entries, date(2027, 6, 1))
    assert [pin.entry for pin in reviewed.in_force.pin] == [FINE]
    assert [label(row) for row in reviewed.expired] == ["pin 'What is the fine?'"]
    write(library, PIN.replace("asked for", "").replace("2027", "2025"))
    with pytest.raises(InputError, match="no words in reason"):  # what anybody can see is wrong stays wrong
        read_overrides(library, entries, DAY)


ANSWER = ("You can not. A fee of 1.5 % is due (see below).", "• A passport,\nor a licence.", "1. Sign it.")
QUOTES = [
    ("A fee of 1.5 % is due (see below).", (0, 13, 47)),
    ("A  fee\nof 1.5 %", (0, 13, 27)),
    ("You can not. A fee", (0, 0, 18)),
    ("• A passport", (1, 0, 10)),
    ("A passport, or a licence.", (1, 0, 25)),
    ("1. Sign it.", (2, 0, 8)),
    ("Sign it", (2, 0, 7)),
    ("5 % is due", None),
    ("A fee of 1", None),
    ("You can no", None),
    ("a passport", None),
    ("below). A passport", None),
]


@pytest.mark.parametrize(("quote", "place"), QUOTES)
def test_where_a_quote_stands(quote: str, place: tuple[int, int, int] | None) -> None:
    assert find_quote(quote, ANSWER) == place


def test_a_blocked_entry_is_no_rival_of_another() -> None:
    home = (Occurrence("s", None, "pages/a", 0, 1, None, None, "plain", 1.0),)
    rival = Conflict("b", "s", 1.0, 0.5, ())
    one, other = Entry("a", "qa", "A?", ("x",), (), home, (rival,)), Entry("b", "qa", "B?", ("y",), (), home)
    assert leave_out((one, other), {"b"}) == (Entry("a", "qa", "A?", ("x",), (), home),)
    assert leave_out((one, other), ()) == (one, other)


def test_lines_that_name_an_entry_are_references(tmp_path: Path) -> None:
    write(tmp_path, "# entry = 'no'\n" + PIN + BLOCK.replace('"can', "'can").replace('room"', "room'"))
    named = [(row.file, row.line, row.entry) for row in read_references(tmp_path)]
    assert named == [
        ("overrides.toml", 4, FINE),
        ("overrides.toml", 9, "can-i-print-in-the-reading-room"),
    ]
