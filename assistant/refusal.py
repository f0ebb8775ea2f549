"""How sure is sure enough: the probability that an entry answers a question, and the thresholds on it.

One score can not tell an answerable question from a near miss. A logistic regression over a few features of a search
can: it is trained when the index is built, on wordings that the pages answer (`alternates.jsonl`, each left out of its
own search) against questions that they do not answer (`unanswered.jsonl`, each left out likewise). Both sides weigh the
same. A corpus with too few of the one or the other is judged by weights that were learned elsewhere.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from index.encoder import Progress
from index.records import Hit
from index.search import Index, Query, Rows, make_query, search

# Chosen on the `dev` split of the bundled test set; what they give on the `test` split stands in the README.
ANSWER_FROM = 0.70
CLARIFY_FROM = 0.35

# In log-odds. An alternate that is left out of its own search is harder to answer than a real question, because it was
# written to differ from the others: unlifted, a confidence of 0.3 was right 3 times out of 4 on the `dev` split.
LIFT = 1.2

LEAST = 20  # wordings and unanswered questions; fewer teach nothing that holds for the next question
NEIGHBOURS = 20  # questions around the one asked that vote for the entry they belong to


class Contribution(Struct, frozen=True):
    """What one feature adds to the log-odds that an entry answers."""

    feature: str
    value: float
    weight: float  # log-odds for one standard deviation of the feature
    log_odds: float


class Judge(Struct, frozen=True, forbid_unknown_fields=True):
    """What was learned: standardise each feature, weigh, add, squash."""

    features: tuple[str, ...]
    mean: tuple[float, ...]
    scale: tuple[float, ...]
    weight: tuple[float, ...]
    bias: float

    def probability(self, features: dict[str, float]) -> float:
        """Return the probability (0 to 1) that the entry with these features answers the question."""
        total = self.bias + sum(
            weight * (features[name] - mean) / scale
            for name, mean, scale, weight in zip(self.features, self.mean, self.scale, self.weight, strict=True)
        )
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))

    def contributions(self, features: dict[str, float]) -> tuple[Contribution, ...]:
        """Return what each feature adds; with ``bias`` they add up to the log-odds of `probability`."""
        return tuple(
            Contribution(name, features[name], weight, weight * (features[name] - mean) / scale)
            for name, mean, scale, weight in zip(self.features, self.mean, self.scale, self.weight, strict=True)
        )


# For a corpus that brings nothing to learn from: fitted on 2,043 real questions to two public sets of plain questions
# and answers (BANKING77 with CLINC150 and withheld intents as out of scope, JHU COVID FAQ). AUROC on the first 0.885.
UNTAUGHT = Judge(
    features=("meaning, closest", "lead over the next"), mean=(0, 0), scale=(1, 1), weight=(5.75, 3.85), bias=-4.73
)


def read_judge(index: Index) -> Judge:
    """Return what was learned when the index was built."""
    return msgspec.json.decode(index.refusal, type=Judge)


# What the calibration depends on beside the index: these very rules.
RULES = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()


class Surroundings(Struct, frozen=True):
    """The questions that stand around the one asked."""

    unanswered: float  # mean cosine of the three nearest that the pages do not answer; 0 when none are known
    votes: dict[int, float]  # entry -> its share of the nearest questions, unanswered ones among them


def look_around(index: Index, query: Query, hidden: Rows, hidden_unanswered: int | None = None) -> Surroundings:
    """Return the surroundings of a question; ``hidden`` views and ``hidden_unanswered`` are left out."""
    rows = query.near[index.is_wording[query.near] & ~np.isin(query.near, hidden)][:NEIGHBOURS]
    near = [(float(index.vectors.table[row] @ query.vector), index.views[row].entry) for row in rows]
    unanswered: list[float] = []
    if index.unanswered_vectors is not None:
        rows, cosines = index.unanswered_vectors.nearest(query.vector, NEIGHBOURS + 1)
        unanswered = cosines[rows != hidden_unanswered].tolist() if hidden_unanswered is not None else cosines.tolist()
    voters = sorted([*near, *((cosine, -1) for cosine in unanswered)], reverse=True)[:NEIGHBOURS]
    counts = Counter(entry for _, entry in voters)
    return Surroundings(
        unanswered=sum(unanswered[:3]) / max(1, len(unanswered[:3])),
        votes={entry: count / len(voters) for entry, count in counts.items()},
    )


def features_of(hits: list[Hit], position: int, around: Surroundings) -> dict[str, float]:
    """Return what speaks for and against ``hits[position]`` as the answer, by name."""
    hit = hits[position]
    rival = max((other.score for other in hits if other is not hit), default=hit.score)  # alone it leads by nothing
    return {
        "meaning, wordings": hit.meaning.wording,
        "meaning, closest": hit.meaning.closest,
        "keywords, wordings": hit.keywords.wording,
        "keywords, closest": hit.keywords.closest,
        "lead over the next": hit.score - rival,
        "votes": around.votes.get(hit.entry, 0.0),
        "unanswered": around.unanswered,
    }


def calibrate(index: Index, progress: Progress | None = None) -> bytes:
    """Learn from a finished index; return what `Index.refusal` keeps. ``progress`` is told (questions done, all)."""
    answerable = [row for row, view in enumerate(index.views) if view.kind == "alternate"]
    if min(len(answerable), len(index.unanswered)) < LEAST:
        return msgspec.json.encode(UNTAUGHT)
    examples = []
    for example in chain(_answerable(index, answerable), _unanswered(index)):
        examples.append(example)
        if progress:
            progress(len(examples), len(answerable) + len(index.unanswered))
    names = tuple(examples[0][0])
    table = np.array([[features[name] for name in names] for features, _ in examples])
    answers = np.array([answered for _, answered in examples])
    if not answers.any():  # no wording leads to its own entry: nothing can be learned from them
        return msgspec.json.encode(UNTAUGHT)
    mean, scale = table.mean(axis=0), table.std(axis=0)
    scale[scale < 1e-6] = 1.0
    weight, bias = _fit((table - mean) / scale, answers)
    learned = Judge(names, tuple(mean.tolist()), tuple(scale.tolist()), tuple(weight.tolist()), bias + LIFT)
    return msgspec.json.encode(learned)


def _fit(table: NDArray[np.float64], answers: NDArray[np.bool_]) -> tuple[NDArray[np.float64], float]:
    from sklearn.linear_model import LogisticRegression  # only a build needs it

    model = LogisticRegression(class_weight="balanced", max_iter=1000).fit(table, answers)
    return model.coef_[0], float(model.intercept_[0])


Example = tuple[dict[str, float], bool]  # features of the best hit, and whether it answers
NOTHING: Rows = np.array([], dtype=np.int64)


def _answerable(index: Index, rows: list[int]) -> Iterator[Example]:
    for row, vector in zip(rows, index.vectors.table[rows], strict=True):
        view, hidden = index.views[row], np.array([row])
        query = make_query(index, view.text, vector)
        hits = search(index, query, hidden)
        if hits:
            yield features_of(hits, 0, look_around(index, query, hidden)), hits[0].entry == view.entry


def _unanswered(index: Index) -> Iterator[Example]:
    assert index.unanswered_vectors is not None  # noqa: S101  # for mypy: there are unanswered questions
    for row, (unanswered, vector) in enumerate(zip(index.unanswered, index.unanswered_vectors.table, strict=True)):
        query = make_query(index, unanswered.text, vector)
        hits = search(index, query)
        yield features_of(hits, 0, look_around(index, query, NOTHING, row)), False
