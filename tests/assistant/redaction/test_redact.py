"""Personal data goes, all else keeps its characters."""

from __future__ import annotations

import json
import re
import string
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.redaction.redact import LONGEST, redact

DATA = Path(__file__).parents[2] / "data" / "redaction"
PERSONAL = [json.loads(line) for line in (DATA / "personal.jsonl").read_text("utf-8").splitlines()]
HARMLESS = (DATA / "harmless.txt").read_text("utf-8").splitlines()


@pytest.mark.parametrize("row", PERSONAL, ids=lambda row: row["text"])
def test_personal_data_becomes_a_word_in_brackets(row: dict[str, str]) -> None:
    assert redact(row["text"]) == row["redacted"]


@pytest.mark.parametrize("text", HARMLESS)
def test_what_belongs_to_nobody_is_untouched(text: str) -> None:
    assert redact(text) == text
    assert redact(f"Does {text} apply?") == f"Does {text} apply?"


def test_public_secrets_go_and_harmless_questions_stay(test_data: Path) -> None:
    rows = [json.loads(line) for line in (test_data / "robustness" / "pii_queries_synthetic.jsonl").open()]
    assert len(rows) == 20
    for row in rows:
        assert (redact(row["query"]) == row["query"]) == (row["expect_in_log"] == "yes"), row


def test_questions_of_real_pages_are_nearly_all_untouched(test_data: Path) -> None:
    import gzip

    with gzip.open(test_data / "near_dup_jhu" / "docs.jsonl.gz", "rt", encoding="utf-8") as file:
        questions = [json.loads(line)["question"] for line in file]
    assert [question for question in questions if redact(question) != question] == []


SEPARATORS = st.sampled_from(["", " ", "-", ".", "  ", "\u00a0", "–", "‑", "\u200b", "_", " - "])
FORMS = st.sampled_from([str, str.lower, lambda text: text.translate(WIDE), lambda text: text.translate(ARABIC)])
WIDE = {ord(c): ord(c) + 0xFEE0 for c in string.ascii_letters + string.digits}
ARABIC = {ord(str(digit)): 0x660 + digit for digit in range(10)}
LETTERS = st.sampled_from(string.ascii_uppercase)
DIGIT = st.sampled_from(string.digits)


@st.composite
def grouped(draw: st.DrawFn, groups: tuple[int, ...], before: str = "", after: str = "") -> str:
    """Digits in groups, the same character between all of them, in one of several forms."""
    parts = ["".join(draw(st.lists(DIGIT, min_size=size, max_size=size))) for size in groups]
    between = draw(SEPARATORS)
    return draw(FORMS)(between.join(filter(None, (before, *parts, after))))


def is_list(text: str) -> bool:
    """Whether the numbers are all round, or all years: such a list is nobody's."""
    numbers = [int(group) for group in re.findall(r"\d+", text)]
    return not any(number % 100 for number in numbers) or all(1900 <= number < 2100 for number in numbers)


NINO = st.tuples(LETTERS, LETTERS, st.sampled_from("ABCD")).flatmap(
    lambda given: grouped((2, 2, 2), given[0] + given[1], given[2])
)
CARD = grouped((4, 4, 4, 4)).filter(lambda text: not is_list(text))
MOBILE = st.sampled_from(["07", "+447", "00447", "+44 (0)7"]).flatmap(lambda start: grouped((3, 6), start))
EMAIL = st.from_regex(r"[a-z][a-z0-9._+-]{0,10}[a-z0-9]@[a-z]{2,8}\.(org|co\.uk|com)", fullmatch=True)
POSTCODE = st.from_regex(r"[A-PR-UWYZ][A-HK-Y]?[1-9][0-9]? ?[0-9][ABD-HJLNP-UW-Z]{2}", fullmatch=True).filter(
    lambda text: text[-2:] not in ("ST", "ND", "RD", "TH")
)
KEY = st.text(string.ascii_letters + string.digits, min_size=24, max_size=40).filter(
    lambda text: sum(c.isdigit() for c in text) >= 2 and sum(c.isalpha() for c in text) >= 2
)


@pytest.mark.parametrize("kind", [NINO, CARD, MOBILE, EMAIL, POSTCODE, KEY], ids=lambda kind: "")
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_however_it_is_written(kind: st.SearchStrategy[str], data: st.DataObject) -> None:
    secret = data.draw(kind)
    assert secret not in redact(f"My thing is {secret} can you help?")


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_any_text_can_be_redacted_and_only_pieces_of_it_change(text: str) -> None:
    assert is_left_of(redact(text), text)


@pytest.mark.parametrize("row", PERSONAL, ids=lambda row: row["text"])
def test_what_is_left_stood_there(row: dict[str, str]) -> None:
    text = f"é [{row['text']}]\u200b ﬁ"
    redacted = redact(text)
    assert redacted != text
    assert is_left_of(redacted, text)


def is_left_of(redacted: str, text: str) -> bool:
    """Whether the characters outside the words in brackets stand in the text, in their order."""
    rest = iter(text)
    return all(character in rest for character in WORD.sub("", redacted))


WORD = re.compile(r"\[[A-Za-z -]+\]")
PIECES = ["a", "1", "1 ", "0", "a@", "a.", "12 a ", "http://", "password ", "ab12", "-", "a:", "nino is ", "aa:bb",
          "sk-", "a:b@", "www.a?", "my address is ", "1-", "%40a", "?token", "£1", "1. ", "call 1 ",
          "www.?", "a at ", "1.1.", "::", "ﷺ"]  # fmt: skip


@pytest.mark.parametrize("piece", PIECES)
def test_long_texts_end(piece: str) -> None:
    assert len(redact(piece * (20_000 // len(piece)))) <= 4 * LONGEST


def test_what_is_too_long_is_left_out_and_not_let_through() -> None:
    assert redact("a " * LONGEST + "jane@example.org") == "a " * (LONGEST // 2)
