"""How sure is sure enough: the probability that an entry answers a question, and the thresholds on it.

One score can not tell an answerable question from a near miss. A logistic regression over a few features of a search
can: it is trained when the index is built, on wordings that the pages answer (each left out of its own search) against
questions that they do not answer (`unanswered.jsonl`, each left out likewise). A corpus without such a file is trained
on its own wordings searched with the entry that answers them taken away. Both sides weigh the same in training, so
that half is the probability at which the evidence is even.
"""

from __future__ import annotations

import math
from collections import Counter

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from index.records import Hit
from index.search import CANDIDATES, Index, Query, Rows, make_query, search

# Chosen on the `dev` half of the bundled test set: see "Refusal" in the README for what they give on the other half.
ANSWER_FROM = 0.42
CLARIFY_FROM = 0.25

NEIGHBOURS = 20  # questions around the one asked that vote for the entry they belong to


class Refusal(Struct, frozen=True, forbid_unknown_fields=True):
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


def read_refusal(index: Index) -> Refusal:
    """Return what was learned when the index was built."""
    return msgspec.json.decode(index.refusal, type=Refusal)


class Surroundings(Struct, frozen=True):
    """The questions that stand around the one asked."""

    unanswered: float  # mean cosine of the three nearest that the pages do not answer; 0 when none are known
    votes: dict[int, float]  # entry -> its share of the nearest questions, unanswered ones among them


def look_around(index: Index, query: Query, hidden: Rows, hidden_unanswered: int | None = None) -> Surroundings:
    """Return the surroundings of a question; ``hidden`` views and ``hidden_unanswered`` are left out."""
    rows, cosines = index.vectors.nearest(query.vector, CANDIDATES)
    keep = index.is_wording[rows] & ~np.isin(rows, hidden)
    near = [(float(cosine), index.views[row].entry) for row, cosine in zip(rows[keep], cosines[keep], strict=True)]
    unanswered: list[float] = []
    if index.unanswered_vectors is not None:
        rows, cosines = index.unanswered_vectors.nearest(query.vector, NEIGHBOURS + 1)
        unanswered = cosines[rows != hidden_unanswered].tolist() if hidden_unanswered is not None else cosines.tolist()
    voters = sorted([*near, *((cosine, -1) for cosine in unanswered)], reverse=True)[:NEIGHBOURS]
    counts = Counter(entry for _, entry in voters)
    return Surroundings(
        unanswered=sum(unanswered[:3]) / 3,
        votes={entry: count / len(voters) for entry, count in counts.items()},
    )


def features_of(hits: list[Hit], position: int, around: Surroundings) -> dict[str, float]:
    """Return what speaks for and against ``hits[position]`` as the answer, by name."""
    hit = hits[position]
    rival = max((other.score for other in hits if other is not hit), default=0.0)
    return {
        "meaning, wordings": hit.meaning.wording,
        "meaning, closest": hit.meaning.closest,
        "keywords, wordings": hit.keywords.wording,
        "keywords, closest": hit.keywords.closest,
        "lead over the next": hit.score - rival,
        "votes": around.votes.get(hit.entry, 0.0),
        "unanswered": around.unanswered,
    }


def calibrate(index: Index) -> bytes:
    """Learn from a finished index; return what `Index.refusal` keeps."""
    examples = _examples(index)
    if not examples:  # one entry alone: nothing to tell it from, so nothing is answered
        return msgspec.json.encode(Refusal((), (), (), (), -1.0))
    names = tuple(examples[0][0])
    table = np.array([[features[name] for name in names] for features, _ in examples])
    answers = np.array([answered for _, answered in examples])
    mean, scale = table.mean(axis=0), table.std(axis=0)
    scale[scale < 1e-6] = 1.0
    weight, bias = _fit((table - mean) / scale, answers)
    learned = Refusal(names, tuple(mean.tolist()), tuple(scale.tolist()), tuple(weight.tolist()), bias)
    return msgspec.json.encode(learned)


def _fit(table: NDArray[np.float64], answers: NDArray[np.bool_]) -> tuple[NDArray[np.float64], float]:
    from sklearn.linear_model import LogisticRegression  # only a build needs it

    if answers.all() or not answers.any():  # too little to learn from: sure of nothing, so nothing is answered
        return np.zeros(table.shape[1]), -1.0
    model = LogisticRegression(class_weight="balanced", max_iter=1000).fit(table, answers)
    return model.coef_[0], float(model.intercept_[0])


Example = tuple[dict[str, float], bool]  # features of the best hit, and whether it answers
NOTHING: Rows = np.array([], dtype=np.int64)


def _examples(index: Index) -> list[Example]:
    """Return an example for every question that the corpus brings along, each left out of its own search."""
    rows = [row for row, view in enumerate(index.views) if view.kind == "alternate"]
    rows = rows or [row for row, view in enumerate(index.views) if view.kind == "question"]
    examples = []
    for row, vector in zip(rows, index.vectors.rows(np.array(rows)), strict=True):
        view = index.views[row]
        query = make_query(index, view.text, vector)
        examples.append(_example(index, query, np.array([row]), None, view.entry))
        if index.unanswered_vectors is None:
            whole_entry = np.arange(index.first_rows[view.entry], index.first_rows[view.entry + 1])
            examples.append(_example(index, query, whole_entry, None, None))
    if index.unanswered_vectors is not None:
        vectors = index.unanswered_vectors.rows(np.arange(len(index.unanswered)))
        for row, (unanswered, vector) in enumerate(zip(index.unanswered, vectors, strict=True)):
            examples.append(_example(index, make_query(index, unanswered.text, vector), NOTHING, row, None))
    return [example for example in examples if example is not None]


def _example(
    index: Index, query: Query, hidden: Rows, hidden_unanswered: int | None, answer: int | None
) -> Example | None:
    hits = search(index, query, hidden)
    if not hits:
        return None
    around = look_around(index, query, hidden, hidden_unanswered)
    return features_of(hits, 0, around), hits[0].entry == answer
