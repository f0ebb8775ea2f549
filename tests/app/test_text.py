"""Labels, addresses, dates and lists: what the app does to text before it shows it."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.markup import join, marked, passage, table, tag, unseen
from assistant.text import (
    clipped,
    count,
    label,
    long_date,
    mail_to,
    one_line,
    percent,
    short_name,
    told_apart,
    web_address,
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Grant or contract?", r"Grant or contract\?"),
        ("1. one", r"1\. one"),
        ("a  b\nc\x00d", "a b c d"),
        (":smile:", "\\:\u2060smile\\:"),
        ("www.example.org", "www\u2060\\.example\\.org"),
        ("<b>", r"\<b\>"),
        ("a -> b <- c", "a \\-\u2060\\> b \\<\u2060\\- c"),
        ("x >= y ~= z", "x \\>\u2060\\= y \\~\u2060\\= z"),
        ("a@b.example", "a\\@\u2060b\\.example"),
    ],
)
def test_a_label_has_nothing_left_to_interpret(text: str, shown: str) -> None:
    assert label(text) == shown


def test_a_line_has_no_controls_and_no_marks_that_turn_the_direction() -> None:
    assert one_line("\ta\x85b\u202ec\ud800d\u2066e\n") == "a b c d e"


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
    address = mail_to("a@example.org", "Who/when?&cc=x@y.z\r\nBcc: b", "The\nToolkit/FAQ")
    body = "Who%2Fwhen%3F%26cc%3Dx%40y.z%20Bcc%3A%20b"
    assert address == f"mailto:a@example.org?subject=A%20question%20for%20The%20Toolkit%2FFAQ&body={body}"


@pytest.mark.parametrize("contact", [None, "", "no address", "a@b.c?cc=d@e.f", "a@b.c, d@e.f", "javascript:alert(1)"])
def test_what_is_no_address_takes_no_questions(contact: str | None) -> None:
    assert mail_to(contact, "Who?", "The Toolkit") is None


def test_dates_and_numbers_read_well() -> None:
    assert long_date("2021-06-08") == "8 June 2021"
    assert long_date(date(2026, 5, 4)) == "4 May 2026"
    assert long_date("2021-13-08") is None
    assert long_date(None) is None
    assert [count(number, "entry", "entries") for number in (0, 1, 2)] == ["0 entries", "1 entry", "2 entries"]
    assert count(2, "row") == "2 rows"
    assert [percent(share) for share in (0, 0.876, 1)] == ["0 %", "88 %", "100 %"]


@pytest.mark.parametrize(
    ("text", "longest", "shown"),
    [
        ("Who shares the risk, and how?", 29, "Who shares the risk, and how?"),
        ("Who shares the risk, and how?", 28, "Who shares the risk, and\u00a0…"),
        ("Who shares the risk, and how?", 21, "Who shares the risk\u00a0…"),
        ("The risk of WasteX – is it ours?", 21, "The risk of WasteX\u00a0…"),
        ("Commissioning", 6, "Commis\u00a0…"),
        (" Who\npays? ", 9, "Who pays?"),
    ],
)
def test_a_long_question_is_cut_between_words(text: str, longest: int, shown: str) -> None:
    assert clipped(text, longest) == shown


@pytest.mark.parametrize(
    ("publisher", "name"),
    [("E3M / Social Business International", "E3M"), ("The Library  / a / b", "The Library"), ("AND/OR", "AND/OR")],
)
def test_the_first_of_a_publishers_names_is_its_short_one(publisher: str, name: str) -> None:
    assert short_name(publisher) == name


def test_everything_is_escaped() -> None:
    assert tag("p", "<b>&\"'", title='"') == '<p title="&quot;">&lt;b&gt;&amp;&quot;&#x27;</p>'
    assert tag("p", "a\x00b\ud800", title="\x1b") == '<p title="\ufffd">a\ufffdb\ufffd</p>'
    assert join(["<i>", tag("b", "x")]) == "&lt;i&gt;<b>x</b>"


def test_attributes_are_named_as_in_html() -> None:
    shown = tag("p", class_="a", aria_label="b", data_a_b=1)
    assert shown == '<p class="a" aria-label="b" data-a-b="1"></p>'
    assert unseen("New: <b>") == '<span class="cw-unseen">New: &lt;b&gt;</span>'


def test_a_table_names_its_columns_and_rows() -> None:
    shown = table("What <is>", ["Name", "Count"], [["a&b", "1", "2"], ["c", tag("b", "3")]])
    assert shown == (
        '<div class="wide" tabindex="0"><table><caption>What &lt;is&gt;</caption>'
        '<thead><tr><th scope="col">Name</th><th scope="col">Count</th></tr></thead>'
        '<tbody><tr><th scope="row">a&amp;b</th><td>1</td><td>2</td></tr>'
        '<tr><th scope="row">c</th><td><b>3</b></td></tr></tbody></table></div>'
    )


def test_spans_are_marked_and_the_rest_is_kept() -> None:
    mark = '<mark class="cw-mark">{}</mark>'.format
    assert marked("a<b>cde", [(0, 1), (2, 3), (4, 6)]) == f"{mark('a')}&lt;{mark('b')}&gt;{mark('cd')}e"
    assert marked("a<b", []) == "a&lt;b"


def test_bullets_after_a_number_are_nested_in_it_and_numbers_stay_the_publishers() -> None:
    shown = passage(("Intro.", "• a", "2. two", "• x", "• y", "3. three", "Outro."))
    assert shown == (
        "<p>Intro.</p><ul><li>a</li></ul>"
        '<ol><li value="2">two<ul><li>x</li><li>y</li></ul></li><li value="3">three</li></ol><p>Outro.</p>'
    )


def test_a_list_is_told_by_its_markers() -> None:
    assert passage(("10) ten", "1000. none", "1.5 none", "– dash")) == (
        '<ol><li value="10">ten</li></ol><p>1000. none</p><p>1.5 none</p><ul><li>dash</li></ul>'
    )
    assert passage(("a", "b")) == "<p>a</p><p>b</p>"
    assert passage(()) == ""


def test_quotes_are_marked_also_across_paragraphs_and_breaks() -> None:
    shown = passage(("• One. Two.", "• Three. Four."), ["Two.\n\n  • Three.", "not there"])
    mark = '<mark class="cw-mark">'
    assert shown == f"<ul><li>One. {mark}Two.</mark></li><li>{mark}Three.</mark> Four.</li></ul>"


@pytest.mark.parametrize(
    ("paragraphs", "quotes", "shown"),
    [
        (("ab cd",), ["cd", "ab"], "<p>[ab] [cd]</p>"),  # in the order of the text
        (("abcdef",), ["cd", "ef", "ab"], "<p>[ab][cd][ef]</p>"),  # side by side
        (("abcdef",), ["bcd", "de", "ab", "bcd"], "<p>a[bcd]ef</p>"),  # none within another
        (("ab ab",), ["ab"], "<p>[ab] ab</p>"),  # where it stands first
        (("ab",), ["", "  "], "<p>ab</p>"),
        (("1. ab cd",), ["1. ab"], '<ol><li value="1">[ab] cd</li></ol>'),  # the marker is not shown
        (("1. ab cd",), ["1.", "cd"], '<ol><li value="1">ab [cd]</li></ol>'),
        (("ab", "cd", "ef"), ["b cd e"], "<p>a[b]</p><p>[cd]</p><p>[e]f</p>"),
        (("ab", "cd"), ["ab", "cd"], "<p>[ab]</p><p>[cd]</p>"),
        (("a", "b", "ab cd"), ["cd"], "<p>a</p><p>b</p><p>ab [cd]</p>"),
    ],
)
def test_each_quote_is_marked_once_and_nothing_else(paragraphs: tuple[str, ...], quotes: list[str], shown: str) -> None:
    found = passage(paragraphs, quotes)
    assert found.replace('<mark class="cw-mark">', "[").replace("</mark>", "]") == shown


def test_options_of_one_name_are_told_apart() -> None:
    assert told_apart(["a", "b", "a", "a"]) == ["a", "b", "a (2)", "a (3)"]
