"""What is copied, and what a visit gives out."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime

import pytest
from msgspec.structs import replace

from assistant import transcript
from assistant.answer import answer
from assistant.console import Console
from assistant.provenance import dates_of, warnings
from assistant.records import Answer
from assistant.scope import Scope
from assistant.sharing import escape, markdown, plain
from index.reader import Index
from ingest.records import Conflict, Difference, Freshness

LATE = "What is the fine for a late book?"
WHEN = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)


@pytest.fixture
def late(small: Index) -> Answer:
    outcome = answer(LATE, small)
    assert isinstance(outcome, Answer)
    return outcome


def test_plain_text_has_the_words_and_where_they_stand(small: Index, late: Answer) -> None:
    assert plain(late, small).split("\n") == [
        "“The fine is ten pence a day for each book. It stops at five pounds.”",
        "",
        f"[1] Using the library, Fernhill Library, date not recorded, {late.citations[0].link}",
    ]


def test_markdown_quotes_links_and_escapes(small: Index, late: Answer) -> None:
    first = replace(late.citations[0], title="A [b](c) *d*")
    lines = markdown(replace(late, citations=(first,)), small).split("\n")
    assert lines[0] == r"> The fine is ten pence a day for each book. It stops at five pounds. [1]"
    assert lines[2].startswith(rf"1. [A \[b\]\(c\) \*d\*](<{first.link}>), Fernhill Library")


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("1. one", r"1\. one"),
        ("<b>&lt;</b>", r"\<b\>\&lt;\</b\>"),
        ("$x$ **y**", r"\$x\$ \*\*y\*\*"),
        ("a\n# b", r"a \# b"),
        ("![x](y)", r"\!\[x\]\(y\)"),
    ],
)
def test_markdown_shows_a_text_as_it_is(text: str, escaped: str) -> None:
    assert escape(text) == escaped


def test_what_to_mind_goes_along(small: Index, late: Answer) -> None:
    differs = Conflict("other", "Charges", 1.0, 0.9, (Difference("money", "ten pence", "twenty pence"),))
    told = plain(replace(late, conflicts=(differs,)), small)
    assert told.endswith("Another page answers this differently: Charges. ten pence here, twenty pence there")


@pytest.mark.parametrize(
    ("dated", "fetched", "said", "warned"),
    [
        ("2021-06-08", None, "dated 8 June 2021", True),
        ("2021-06-08", "2026-01-02", "dated 8 June 2021, captured 2 January 2026", True),
        (None, "2020-03-01", "captured 1 March 2020", True),
        (None, "2026-01-02", "captured 2 January 2026", False),
        ("2025-02-24", None, "dated 24 February 2025", False),
        (None, None, "date not recorded", False),
        ("not a day", None, "date not recorded", False),
    ],
)
def test_a_page_from_before_a_day_is_warned_of(
    small: Index, late: Answer, dated: str | None, fetched: str | None, said: str, warned: bool
) -> None:
    sources = tuple(replace(source, fetched=fetched) for source in small.corpus.source)
    rule = Freshness(date(2025, 2, 24), "The law has changed since.")
    object.__setattr__(small, "corpus", replace(small.corpus, source=sources, freshness=(rule,)))
    one = replace(late, citations=(replace(late.citations[0], date=dated),))
    assert dates_of(one.citations[0], small) == said
    assert warnings(one, small) == ([rule.say] if warned else [])
    printed = io.StringIO()
    Console(printed).show_outcome(one, small)
    assert (f"Take care: {rule.say}" in printed.getvalue()) is warned


def test_a_visit_is_given_out_without_personal_data_or_formulas(small: Index) -> None:
    questions = (LATE, "my e-mail is jane.doe@example.org", '=cmd|"/c calc"!A1')
    turns = [transcript.note(answer(each, small), f"?q={n}", WHEN, small) for n, each in enumerate(questions)]
    document = transcript.as_markdown("Fernhill [Library]", turns)
    assert document.startswith("# Questions to “Fernhill \\[Library\\]”\n\n## What is the fine for a late book?")
    assert "\n4 May 2026, 09:30" in document
    rows = list(csv.reader(io.StringIO(transcript.as_csv(turns).decode("utf-8-sig"))))
    assert rows[1][2:5] == ["Answered", "Is there a charge for late books?", answer(LATE, small).text]  # type: ignore[union-attr]
    assert rows[3][1].startswith("'=")
    for given in (document, transcript.as_csv(turns).decode()):
        assert "jane.doe" not in given


def test_what_alone_was_looked_at_is_said(small: Index) -> None:
    refused = answer("Is the ocean deep?", small)
    everywhere, within = (
        transcript.note(refused, "?q=a", WHEN, small, scope=scope) for scope in (Scope(), Scope("A [b]", "Fines"))
    )
    assert "The pages do not answer this." in transcript.as_markdown("Library", [everywhere])
    said = "This part of the pages does not answer this: only “A \\[b\\]” and “Fines” was looked at."
    assert said in transcript.as_markdown("Library", [within])
    table = list(csv.DictReader(io.StringIO(transcript.as_csv([everywhere, within]).decode("utf-8-sig"))))
    assert [row["looked in"] for row in table] == ["all pages", "“A [b]” and “Fines”"]
