from __future__ import annotations

import msgspec
import pytest

from assistant.citations import cite, deep_link, verifies
from assistant.records import Quote
from index.reader import Index

PAGE = "https://example.org/page"
AT = PAGE + "#:~:text="
LETTERS = "a b c d e f g h i j k l m n o p q r s t"
LINKS = [
    (PAGE, "Four words stand here.", AT + "Four%20words%20stand%20here."),
    (PAGE + "#part", "Words", AT + "Words"),
    (PAGE, "value-for-money, & “ever”", AT + "value%2Dfor%2Dmoney%2C%20%26%20%E2%80%9Cever%E2%80%9D"),
    (PAGE, "one  two\n three", AT + "one%20two%20three"),
    (PAGE, LETTERS, AT + "a%20b%20c%20d%20e%20f%20g%20h,m%20n%20o%20p%20q%20r%20s%20t"),
    (None, "Words", None),
    ("javascript:alert(1)", "Words", None),
    ("file:///etc/passwd", "Words", None),
]


@pytest.mark.parametrize(("url", "words", "link"), LINKS)
def test_a_link_opens_at_the_words(url: str | None, words: str, link: str | None) -> None:
    assert deep_link(url, words) == link


def test_a_citation_names_where_the_words_stand(small: Index) -> None:
    passage = small.passages[0]
    quote = Quote(passage, passage.text.index("A renewal"), len(passage.text))
    citation = cite(small, quote, 2)
    assert citation.number == 2
    assert citation.title == "Using the library"
    assert citation.heading == "How long can I keep a book?"
    # The page breaks its lines: the quote keeps the break, the shown words do not.
    assert citation.quote == "A renewal adds three\nweeks from the day you ask."
    assert quote.text == "A renewal adds three weeks from the day you ask."
    assert verifies(small, citation, quote.text)
    assert not verifies(small, citation, "Other words.")
    assert not verifies(small, msgspec.structs.replace(citation, start=citation.start + 1), quote.text)


def test_words_that_are_not_there_are_not_cited(small: Index) -> None:
    passage = small.passages[0]
    with pytest.raises(ValueError, match="do not stand"):
        cite(
            small, Quote(type(passage)(0, 0, "Words of nobody.", passage.capture, passage.start, passage.end), 0, 16), 1
        )
