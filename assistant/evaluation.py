"""A test set -> figures with 95 % intervals.

Retrieval: hit@1, hit@3, MRR@10, nDCG@10 by ir-measures, for questions that the corpus answers. Refusal: AUROC of the
confidence, in-scope questions against each out-of-scope kind, what happens at the shipped threshold, and how far the
confidence is from the share that is right. A question without a result scores 0.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import perf_counter

import numpy as np
from ir_measures import RR, Success, nDCG
from msgspec import Struct
from numpy.typing import NDArray

from assistant.answer import WARM_UP, Considered, consider
from assistant.calibration import Bin, bin_confidences, expected_calibration_error
from assistant.citations import verifies
from assistant.contract import name_of
from assistant.figures import Figure, auroc_of, mean_of
from assistant.records import Answer
from assistant.retrieval import DEPTH, score_rankings
from assistant.testset import OVERALL, Asked, Question
from index.reader import Index

MEASURES = (Success @ 1, Success @ 3, RR @ DEPTH, nDCG @ DEPTH)


class KindFigures(Struct, frozen=True):
    """Retrieval for one kind of question."""

    kind: str
    questions: int
    hit_1: Figure | None
    hit_3: Figure | None
    mrr_10: Figure | None
    ndcg_10: Figure | None


class RefusalFigures(Struct, frozen=True):
    """Refusal for one kind of out-of-scope question."""

    kind: str
    questions: int
    auroc: Figure | None  # against the in-scope questions; None when there are none
    answered: Figure | None  # the share that was answered, wrongly


class InScope(Struct, frozen=True):
    """What became of the in-scope questions, as shares that add up to 1."""

    right: Figure | None
    wrong: Figure | None
    clarified: Figure | None
    refused: Figure | None


class Evaluation(Struct, frozen=True):
    """All figures of one run."""

    testset: int
    overall: KindFigures
    kinds: tuple[KindFigures, ...]
    refusal: tuple[RefusalFigures, ...]  # each kind, then all together
    in_scope: InScope
    precision: Figure | None  # of all answers given, in scope or not, the share that is right
    ece: float  # expected calibration error of the confidence, 0 to 1; see assistant/calibration.py
    bins: tuple[Bin, ...]  # what it is made from
    citations: int
    citations_verified: int
    p50_ms: float
    p95_ms: float
    asked: tuple[Asked, ...]
    times_ms: tuple[float, ...] = ()  # how long each took, in their order; none in runs of earlier versions


def evaluate(
    index: Index, questions: Sequence[Question], progress: Callable[[int, int], None] | None = None
) -> Evaluation:
    """Ask every question and measure. ``progress`` is told (asked, all)."""
    consider(WARM_UP, index)
    asked, times, cited, verified = [], [], 0, 0
    for number, question in enumerate(questions, start=1):
        started = perf_counter()
        found = consider(question.question, index)
        outcome = found.outcome
        times.append((perf_counter() - started) * 1000)
        asked.append(record(index, question, found))
        if isinstance(outcome, Answer):
            cited += len(outcome.citations)
            lines = zip(outcome.citations, outcome.text.split("\n"), strict=True)
            verified += sum(verifies(index, citation, line) for citation, line in lines)
        if progress:
            progress(number, len(questions))
    return _summarise(asked, times, cited, verified)


def record(index: Index, question: Question, found: Considered) -> Asked:
    """Return what became of a question that ``index`` was asked."""
    ranked = tuple(_name(index, hit.entry, question) for hit in found.hits[:DEPTH])
    right = bool(ranked) and ranked[0] in question.relevant
    return Asked(question, name_of(found.outcome), found.outcome.confidence, ranked, right)


def find_failures(asked: Sequence[Asked]) -> tuple[tuple[Asked, ...], tuple[Asked, ...]]:
    """Return the in-scope questions without a right answer, and the out-of-scope ones that got an answer.

    Both with the surest first.
    """
    ordered = sorted(asked, key=lambda one: -one.confidence)
    inside = tuple(one for one in ordered if one.question.relevant and not (one.right and one.outcome == "answered"))
    return inside, tuple(one for one in ordered if not one.question.relevant and one.outcome == "answered")


def _name(index: Index, entry: int, question: Question) -> str:
    """The id of an entry; of one that stands for its family, the member that the question names."""
    family = index.families[entry]
    places = ((id_, index.position(id_)) for id_ in question.relevant)
    named = [id_ for id_, place in places if place is not None and index.families[place] == family]
    return named[0] if named else index.entries[entry].id


def _summarise(asked: Sequence[Asked], times: Sequence[float], cited: int, verified: int) -> Evaluation:
    inside = [one for one in asked if one.question.relevant]
    outside = [one for one in asked if not one.question.relevant]
    scores = score_rankings(MEASURES, [one.question for one in inside], [one.ranked for one in inside])
    answered = [one for one in asked if one.outcome == "answered"]
    bins = bin_confidences(asked)
    return Evaluation(
        testset=len(asked),
        overall=_kind_figures(OVERALL, inside, scores),
        kinds=tuple(_kind_figures(kind, inside, scores) for kind in _kinds(inside)),
        refusal=tuple(
            _refusal_figures(kind, inside, [one for one in outside if kind in (one.question.kind, OVERALL)])
            for kind in ([*_kinds(outside), OVERALL] if outside else [])
        ),
        in_scope=InScope(
            right=mean_of([one.outcome == "answered" and one.right for one in inside]),
            wrong=mean_of([one.outcome == "answered" and not one.right for one in inside]),
            clarified=mean_of([one.outcome == "clarify" for one in inside]),
            refused=mean_of([one.outcome == "refused" for one in inside]),
        ),
        precision=mean_of([one.right for one in answered]),
        ece=expected_calibration_error(bins),
        bins=bins,
        citations=cited,
        citations_verified=verified,
        p50_ms=float(np.percentile(times, 50)),
        p95_ms=float(np.percentile(times, 95)),
        asked=tuple(asked),
        times_ms=tuple(round(time, 2) for time in times),
    )


def _kinds(asked: Sequence[Asked]) -> list[str]:
    return list(dict.fromkeys(one.question.kind for one in asked))


def _kind_figures(kind: str, inside: Sequence[Asked], scores: NDArray[np.float64]) -> KindFigures:
    rows = [row for row, one in enumerate(inside) if kind in (one.question.kind, OVERALL)]
    return KindFigures(kind, len(rows), *(mean_of(column) for column in scores[rows].T.tolist()))


def _refusal_figures(kind: str, inside: Sequence[Asked], outside: Sequence[Asked]) -> RefusalFigures:
    return RefusalFigures(
        kind=kind,
        questions=len(outside),
        auroc=auroc_of([one.confidence for one in inside], [one.confidence for one in outside]),
        answered=mean_of([one.outcome == "answered" for one in outside]),
    )
