"""Labels, addresses, dates and lists: what the app does to text before it shows it."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.markup import passage, tag
from assistant.text import clipped, count, label, long_date, mail_to, short_name, told_apart, web_address


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Grant or contract?", r"Grant or contract\?"),
        ("1. one", r"1\. one"),
        ("a  b\nc\x00d", "a b c d"),
        (":smile:", "\\:\u2060smile\\:"),
        ("www.example.org", "www\u2060\\.example\\.org"),
        ("<b>", r"\<b\>"),
    ],
)
def test_a_label_has_nothing_left_to_interpret(text: str, shown: str) -> None:
    assert label(text) == shown


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://example.org/a?b#:~:text=c", True),
        ("http://example.org", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//example.org", False),
        ("https://", False),
        ("http://[", False),
        ("java\nscript:alert(1)", False),
        (None, False),
    ],
)
def test_only_addresses_of_the_web_become_links(url: str | None, kept: bool) -> None:
    assert web_address(url) == (url if kept else None)


def test_a_question_is_quoted_in_the_mail_address() -> None:
    address = mail_to("a@example.org", "Who?&cc=x@y.z\r\nBcc: b", "The Toolkit")
    body = "Who%3F%26cc%3Dx%40y.z%20Bcc%3A%20b"
    assert address == f"mailto:a@example.org?subject=A%20question%20for%20The%20Toolkit&body={body}"


@pytest.mark.parametrize("contact", [None, "", "no address", "a@b.c?cc=d@e.f", "a@b.c, d@e.f", "javascript:alert(1)"])
def test_what_is_no_address_takes_no_questions(contact: str | None) -> None:
    assert mail_to(contact, "Who?", "The Toolkit") is None


def test_dates_and_long_questions_read_well() -> None:
    assert long_date("2021-06-08") == "8 June 2021"
    assert long_date(date(2026, 5, 4)) == "4 May 2026"
    assert long_date("2021-13-08") is None
    assert clipped("Who shares the risk, and how?", 21) == "Who shares the risk\u00a0…"
    assert short_name("E3M / Social Business International") == "E3M"
    assert count(1, "entry", "entries") == "1 entry"


def test_everything_is_escaped() -> None:
    assert tag("p", "<b>&\"'", title='"') == '<p title="&quot;">&lt;b&gt;&amp;&quot;&#x27;</p>'


def test_bullets_after_a_number_are_nested_in_it_and_numbers_stay_the_publishers() -> None:
    shown = passage(("Intro.", "• a", "2. two", "• x", "• y", "3. three", "Outro."))
    assert shown == (
        "<p>Intro.</p><ul><li>a</li></ul>"
        '<ol><li value="2">two<ul><li>x</li><li>y</li></ul></li><li value="3">three</li></ol><p>Outro.</p>'
    )


def test_quotes_are_marked_also_across_paragraphs_and_breaks() -> None:
    shown = passage(("• One. Two.", "• Three. Four."), ["Two.\n\n  • Three.", "not there"])
    mark = '<mark class="cw-mark">'
    assert shown == f"<ul><li>One. {mark}Two.</mark></li><li>{mark}Three.</mark> Four.</li></ul>"


def test_options_of_one_name_are_told_apart() -> None:
    assert told_apart(["a", "b", "a", "a"]) == ["a", "b", "a (2)", "a (3)"]
