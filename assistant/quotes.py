"""Which words of the best entry are the short answer: one to three sentences, verbatim, with the list they introduce.

First the paragraph that comes nearest, by its own words and by the wordings that are known for it; then within it the
sentence that comes nearest, with the neighbours that it needs or that say more of the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from index.passages import SENTENCE_WORDS
from index.records import Hit, Passage
from index.search import BEST_WORDINGS, Index, Query
from index.sentences import split_sentences
from index.vectors import Floats
from ingest.records import Entry
from ingest.spans import strip_marker

SENTENCES = 3  # at most
WORDS = 70  # a short answer stays under this, unless its best sentence alone is longer
AS_GOOD = 0.75  # of the best sentence's score: a neighbour that says more of the same
# An entry as a whole has more wordings than any paragraph of it, so its best are higher by chance alone. With this much
# taken off, of alternates left out in turn 82 % lead to their paragraph.
MANY = 0.1
SHORT = 12  # words: an item of a list this short says little without the next ones

# A sentence that opens like this leans on the one before it.
LEANS_BACK = re.compile(
    r"(?:this|that|these|those|it|they|he|she|such|but|however|so|also|and|then|thus|therefore|rather|instead|"
    r"importantly|the same|for example|in addition)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Quote:
    """Words of one paragraph: ``passage.text[start:end]``."""

    passage: Passage
    start: int
    end: int

    @property
    def text(self) -> str:
        """The words."""
        return self.passage.text[self.start : self.end]


def choose_quotes(index: Index, query: Query, hit: Hit) -> tuple[Quote, ...]:
    """Return the short answer to the question within the entry that was hit, in the order of the entry."""
    entry = index.entries[hit.entry]
    passages = index.passages[index.first_passages[hit.entry] : index.first_passages[hit.entry + 1]]
    best = _best_paragraph(index, query, hit.entry, len(passages))
    quote = _best_sentences(index, query, hit.entry, passages[best])
    quotes = [quote]
    if _introduces_or_lists(entry.answer[best], quote):
        for follower in _list_after(entry, passages, best):
            longer = [*quotes, follower]
            if _words(longer) > WORDS or _sentences(longer) > SENTENCES:
                break
            quotes = longer
    return tuple(quotes)


def _list_after(entry: Entry, passages: tuple[Passage, ...], number: int) -> Iterator[Quote]:
    """The items that follow, of the kind of the first of them: whole when short, else their first sentence."""
    numbered = _is_numbered(entry.answer[number]) if _is_item(entry.answer[number]) else None
    for passage in passages[number + 1 :]:
        paragraph = entry.answer[passage.paragraph]
        if not _is_item(paragraph):
            return
        if numbered is None:
            numbered = _is_numbered(paragraph)
        if _is_numbered(paragraph) == numbered:  # bullets within a numbered item say more of that item alone
            short = len(passage.text.split()) <= SHORT
            yield Quote(passage, 0, len(passage.text) if short else split_sentences(passage.text)[0][1])


def _best_paragraph(index: Index, query: Query, entry: int, paragraphs: int) -> int:
    """The paragraph that comes nearest by its wordings (mean of the three best) and by its own words (the best).

    The wordings of the whole entry speak for the first paragraph, which is where a publisher begins to answer.
    """
    rows = slice(index.first_rows[entry], index.first_rows[entry + 1])
    numbers = np.array([-1 if view.paragraph is None else view.paragraph for view in index.views[rows]])
    scores = index.vectors.table[rows] @ query.vector + query.keywords[rows]
    wording = index.is_wording[rows]
    words = [float(scores[(numbers == number) & ~wording].max()) for number in range(paragraphs)]
    totals = [
        words[number] + _mean_of_best(scores[(numbers == number) & wording], words[number])
        for number in range(paragraphs)
    ]
    whole = words[0] + _mean_of_best(scores[(numbers == -1) & wording], words[0])
    return 0 if whole - MANY > max(totals) else int(np.argmax(totals))


def _mean_of_best(scores: Floats, otherwise: float) -> float:
    return float(np.sort(scores)[-BEST_WORDINGS:].mean()) if len(scores) else otherwise


def _best_sentences(index: Index, query: Query, entry: int, passage: Passage) -> Quote:
    spans = split_sentences(passage.text)
    scores = _sentence_scores(index, query, entry, passage, spans)
    first = last = int(np.argmax(scores))
    while first > 0 and _fits(passage, spans, first - 1, last) and _leans_back(passage, spans[first]):
        first -= 1
    while last + 1 < len(spans) and _fits(passage, spans, first, last + 1):
        says_little = len(passage.text[spans[first][0] : spans[last][1]].split()) < SENTENCE_WORDS  # "Certainly."
        if not says_little and scores[last + 1] < AS_GOOD * max(scores) and not _leans_back(passage, spans[last + 1]):
            break
        last += 1
    return Quote(passage, spans[first][0], spans[last][1])


def _sentence_scores(
    index: Index, query: Query, entry: int, passage: Passage, spans: list[tuple[int, int]]
) -> list[float]:
    """A score for each sentence: cosine and keywords of its view; one too short for a view has none."""
    rows = range(index.first_rows[entry], index.first_rows[entry + 1])
    known = {
        index.views[row].text: row
        for row in rows
        if index.views[row].kind in ("sentence", "paragraph") and index.views[row].paragraph == passage.paragraph
    }
    found = [known.get(passage.text[start:end]) for start, end in spans]
    return [
        -1.0 if row is None else float(index.vectors.table[row] @ query.vector + query.keywords[row]) for row in found
    ]


def _fits(passage: Passage, spans: list[tuple[int, int]], first: int, last: int) -> bool:
    return last - first < SENTENCES and len(passage.text[spans[first][0] : spans[last][1]].split()) <= WORDS


def _leans_back(passage: Passage, span: tuple[int, int]) -> bool:
    return LEANS_BACK.match(passage.text, span[0]) is not None


def _introduces_or_lists(paragraph: str, quote: Quote) -> bool:
    """Whether what follows belongs to the quote: it ends in a colon, or is a short item of a list."""
    return quote.text.endswith(":") or (_is_item(paragraph) and len(quote.passage.text.split()) <= SHORT)


def _is_numbered(item: str) -> bool:
    return item.lstrip("(")[:1].isdigit()


def _is_item(paragraph: str) -> bool:
    return strip_marker(paragraph) != paragraph


def _sentences(quotes: list[Quote]) -> int:
    """How many sentences; an item of a list without a full stop is part of the one that introduces it."""
    items = (quote for quote in quotes[1:] if quote.text[-1].isalnum())
    return sum(len(split_sentences(quote.text)) for quote in quotes) - sum(1 for _ in items)


def _words(quotes: list[Quote]) -> int:
    return sum(len(quote.text.split()) for quote in quotes)
