"""An index -> examples to learn refusal from: its own questions, each tried as though it were new.

Answerable are the wordings that have another wording of the same entry beside them, each left out of its own search.
Unanswerable are the questions of `unanswered.jsonl`, left out likewise; a corpus without them has the next best:
wordings whose whole entry is hidden (near), and a list of things that people ask elsewhere (far). The adapter has never
seen what is tried: it is learned anew for each of five folds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from assistant.features import NOTHING, features_of, look_around
from index.encoder import Progress
from index.folds import without
from index.reader import Index, Rows
from index.search import Query, make_query, search

LEAST = 20  # answerable examples, and unanswered questions; fewer teach nothing that holds for the next question
MOST = 1500  # of either; a few weights need no more
FOLDS = 5
ELSEWHERE = Path(__file__).with_name("elsewhere.txt")

# Of the questions that a corpus is asked, this share is taken to be in scope. Nobody knows it beforehand; a page of
# answers is asked mostly, but not only, what it is about.
IN_SCOPE = 2 / 3
FAR = 1 / 3  # of the questions out of scope


Side = Literal["answerable", "near", "far"]


class Example(Struct, frozen=True):
    """One question that was tried."""

    features: dict[str, float]  # of the first hit
    answers: bool  # the first hit is an entry that answers
    side: Side  # what it stands for
    fold: int


def is_taught(index: Index) -> bool:
    """Whether the corpus brings unanswered questions of its own."""
    return len(index.unanswered) >= LEAST


def make_examples(index: Index, progress: Progress | None = None) -> list[Example]:
    """Return the examples of an index; none when it has too few wordings. ``progress`` is told (folds done, all)."""
    wordings = _spread(_paired_wordings(index))
    if len(wordings) < LEAST:
        return []
    try_out = _try_unanswered if is_taught(index) else _try_hidden
    examples: list[Example] = []
    for fold in range(FOLDS):
        examples += try_out(index, wordings, fold)
        if progress:
            progress(fold + 1, FOLDS)
    return examples


def teach(examples: Sequence[Example]) -> bool:
    """Whether there is enough to learn from: both answers, in number, whichever fold is left out."""
    counts = Counter((example.fold, example.answers) for example in examples)
    return all(
        sum(counts[fold, answers] for fold in range(FOLDS) if fold != left_out) >= LEAST
        for answers in (True, False)
        for left_out in range(FOLDS)
    )


def weights_of(examples: Sequence[Example]) -> NDArray[np.float64]:
    """Return the weight of each example (examples,), 1 on average: a side weighs its share of all questions."""
    counts = Counter(example.side for example in examples)
    far = FAR if counts["far"] else 0.0
    shares = {"answerable": IN_SCOPE, "near": (1 - IN_SCOPE) * (1 - far), "far": (1 - IN_SCOPE) * far}
    return np.array([len(examples) * shares[example.side] / counts[example.side] for example in examples])


def _paired_wordings(index: Index) -> Rows:
    """The rows of questions and alternates that have another one in their family."""
    families = index.view_families
    whole = np.array([view.kind == "alternate" for view in index.views], dtype=bool)
    whole[index.first_rows[:-1]] = True  # the question itself, not the parts that it may have
    return np.flatnonzero(whole & (np.bincount(families[whole], minlength=len(index.entries))[families] > 1))


def _spread(rows: Rows) -> Rows:
    """At most MOST of ``rows``, evenly spread."""
    return rows if len(rows) <= MOST else rows[np.linspace(0, len(rows) - 1, MOST).astype(int)]


def _try_unanswered(index: Index, wordings: Rows, fold: int) -> Iterator[Example]:
    asked, outside = wordings[fold::FOLDS], _spread(np.arange(len(index.unanswered)))[fold::FOLDS]
    trial = without(index, _with_parts(index, asked), outside)
    yield from _answerable(trial, asked, fold)
    for row in outside:
        query = make_query(trial, index.unanswered[row].text, index.encoded[len(index.views) + row])
        yield from _tried(trial, query, "near", fold, hidden_unanswered=int(row))


def _try_hidden(index: Index, wordings: Rows, fold: int) -> Iterator[Example]:
    asked = wordings[fold::FOLDS]
    yield from _answerable(without(index, _with_parts(index, asked), NOTHING), asked, fold)
    families = index.view_families
    gone = np.flatnonzero(np.isin(families, np.unique(families[wordings])[fold::FOLDS]))
    trial = without(index, gone, NOTHING)
    for row in wordings[np.isin(wordings, gone)]:
        query = make_query(trial, index.views[row].text, index.encoded[row])
        yield from _tried(trial, query, "near", fold, hidden=np.flatnonzero(families == families[row]))
    for text in ELSEWHERE.read_text(encoding="utf-8").splitlines()[fold::FOLDS]:
        yield from _tried(index, make_query(index, text), "far", fold)


def _answerable(trial: Index, rows: Rows, fold: int) -> Iterator[Example]:
    families = trial.view_families
    for row in rows:
        query = make_query(trial, trial.views[row].text, trial.encoded[row])
        hidden = _with_parts(trial, np.array([row]))
        yield from _tried(trial, query, "answerable", fold, hidden=hidden, family=int(families[row]))


def _with_parts(index: Index, rows: Rows) -> Rows:
    """``rows``, and with the question of an entry the parts that it has."""
    whole = [row for row in rows if index.views[row].kind == "question"]
    parts = [
        other
        for row in whole
        for other in range(row + 1, index.first_rows[index.views[row].entry + 1])
        if index.views[other].kind == "question"
    ]
    return np.concatenate([rows, np.array(parts, dtype=np.int64)])


def _tried(
    trial: Index,
    query: Query,
    side: Side,
    fold: int,
    *,
    hidden: Rows = NOTHING,
    hidden_unanswered: int | None = None,
    family: int | None = None,
) -> Iterator[Example]:
    """The example that a question makes, which ``family`` answers; none when everything is hidden."""
    hits = search(trial, query, hidden)
    if hits:
        features = features_of(trial, hits[0], hits, look_around(trial, query, hidden, hidden_unanswered))
        yield Example(features, bool(trial.families[hits[0].entry] == family), side, fold)
