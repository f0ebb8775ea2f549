"""Which words of the best entry are the short answer: one to three sentences, verbatim, with the list they belong to.

First the paragraph that comes nearest, by its own words and by the wordings that are known for it; then within it the
run of sentences that says most; then what these words need to be understood (`assistant.context`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assistant.context import (
    antecedent,
    complete_list,
    introduction,
    leans_back,
    refers_back,
    sentences_of,
    words_in,
)
from assistant.records import Quote
from assistant.views import nearness_within, own_rows, rows_of
from index.reader import WHOLE, Index
from index.search import Query, best_wordings
from index.vectors import Floats

SENTENCES = 3  # at most
FEWEST = 6  # words that can stand alone: "Certainly." and "Julian Blake, Stone King." can not
WORDS = 70  # a short answer stays under this, unless one sentence with what it leans on, or leads into, is longer
# Of a score (cosine and keywords): a sentence is worth what its score is above the best less this, and costs at most
# this. On PolicyQA's dev split 0.1 to 0.13 hold the marked words equally often for their length.
MARGIN = 0.12
# An entry as a whole has more wordings than any paragraph of it, so its best are higher by chance alone. With this much
# taken off, of alternates left out in turn 82 % lead to their paragraph.
MANY = 0.1


def choose_quotes(index: Index, query: Query, position: int) -> tuple[Quote, ...]:
    """Return the short answer to the question within the entry at ``position``, in the order of the entry."""
    entry = index.entries[position]
    passages = index.passages[index.first_passages[position] : index.first_passages[position + 1]]
    rows = rows_of(index, position)
    near = nearness_within(index, query, rows)
    number = _best_paragraph(index, rows, near)
    lead = introduction(entry, passages, number)
    before = [] if lead else antecedent(passages, number)
    sentences = sentences_of(passages[number])
    scores = [*(None for _ in before), *_sentence_scores(index, rows, near, sentences)]
    chosen = _best_run([*before, *sentences], scores, SENTENCES - len(lead))
    if chosen[0].start > 0:  # what stands further into an item is not what introduces the list
        lead = []
    return complete_list(entry, passages, _joined([*lead, *chosen]), WORDS, SENTENCES)


def _best_paragraph(index: Index, rows: slice, near: Floats) -> int:
    """The paragraph that comes nearest by its wordings (mean of the three best) and by its own words (the best).

    The wordings of the whole entry speak for the first paragraph, which is where a publisher begins to answer.
    """
    order = np.argsort(index.paragraphs[rows], kind="stable")  # what is of the whole entry comes first
    numbers, wording, scores = index.paragraphs[rows][order], index.is_wording[rows][order], near[order]
    starts = np.flatnonzero(np.diff(numbers, prepend=WHOLE - 1))
    words = np.maximum.reduceat(np.where(wording, -np.inf, scores), starts)
    words[0] = words[1]  # the whole speaks for the first paragraph
    totals = words + best_wordings(scores, wording, starts, words)
    return 0 if totals[0] - MANY > max(totals[1:]) else int(np.argmax(totals[1:]))


def _sentence_scores(index: Index, rows: slice, near: Floats, sentences: Sequence[Quote]) -> list[float | None]:
    """For each sentence of a paragraph the cosine and keyword score of its view; None for one too short for a view."""
    known = own_rows(index, sentences[0].passage)
    found = [known.get(sentence.text) for sentence in sentences]
    return [None if row is None else float(near[row - rows.start]) for row in found]


def _best_run(sentences: Sequence[Quote], scores: Sequence[float | None], room: int) -> Sequence[Quote]:
    """The run of at most ``room`` sentences that is worth most; of equals the last, and the longest from there.

    The words of a sentence that refers back are found by few questions, so after the one that it refers to it costs
    nothing. A run that can not stand alone ("Certainly.", "They do so too.") loses more than what it needs can cost.
    """
    worth = _worth(scores)
    best = worth.index(max(worth))
    leans = [leans_back(sentence) for sentence in sentences]
    after = [
        max(value, 0.0) if refers_back(sentence) else value for value, sentence in zip(worth, sentences, strict=True)
    ]

    def total(first: int, last: int) -> float:
        alone = (first == 0 or not leans[first]) and words_in(sentences[first:last]) >= FEWEST
        return worth[first] + sum(after[first + 1 : last]) - (0 if alone else SENTENCES * MARGIN)

    runs = [
        (first, last)
        for first in range(len(sentences))
        for last in range(first + 1, min(first + room, len(sentences)) + 1)
        if words_in(sentences[first:last]) <= WORDS or (last == best + 1 and all(leans[first + 1 : last]))
    ]
    first, last = max(runs, key=lambda run: (total(*run), *run))
    return sentences[first:last]


def _worth(scores: Sequence[float | None]) -> list[float]:
    """What each sentence adds to a run."""
    known = [score for score in scores if score is not None]
    if not known:
        return [MARGIN] * len(scores)
    low = max(known) - MARGIN
    return [-MARGIN if score is None else max(score - low, -MARGIN) for score in scores]


def _joined(sentences: Sequence[Quote]) -> list[Quote]:
    """One quote for the sentences of each paragraph, which follow each other."""
    quotes: list[Quote] = []
    for sentence in sentences:
        if quotes and quotes[-1].passage is sentence.passage:
            quotes[-1] = Quote(sentence.passage, quotes[-1].start, sentence.end)
        else:
            quotes.append(sentence)
    return quotes
