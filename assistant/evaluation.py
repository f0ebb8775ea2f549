"""A test set -> figures with 95 % intervals.

Retrieval: hit@1, hit@3, MRR@10, nDCG@10 by ir-measures, for questions that the corpus answers. Refusal: AUROC of the
confidence, in-scope questions against each out-of-scope kind, and what happens at the shipped threshold. Intervals are
percentile bootstraps over questions (2,000 resamples, seeded). A question without a result scores 0.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter

import ir_measures
import msgspec
import numpy as np
from ir_measures import RR, Qrel, ScoredDoc, Success, nDCG
from msgspec import Struct
from scipy.stats import bootstrap

from assistant.answer import WARM_UP, consider
from assistant.citations import verifies
from assistant.contract import name_of
from assistant.records import Answer
from index.search import Index
from ingest.errors import InputError

RESAMPLES = 2000
OVERALL = "overall"  # no kind has this name
DEPTH = 10  # entries whose rank is looked at
MEASURES = (Success @ 1, Success @ 3, RR @ DEPTH, nDCG @ DEPTH)


class Question(Struct, frozen=True):
    """A row of the test set; no relevant entry means that the pages do not answer it."""

    id: str | int
    question: str
    relevant: tuple[str, ...]
    kind: str
    split: str | None = None


class Figure(Struct, frozen=True):
    """A mean (0 to 1) with its 95 % interval."""

    value: float
    low: float
    high: float


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


class Asked(Struct, frozen=True):
    """What became of one question."""

    question: Question
    outcome: str
    confidence: float
    ranked: tuple[str, ...]  # entries, best first
    right: bool  # the first of them is relevant


class Evaluation(Struct, frozen=True):
    """All figures of one run."""

    testset: int
    overall: KindFigures
    kinds: tuple[KindFigures, ...]
    refusal: tuple[RefusalFigures, ...]  # each kind, then all together
    in_scope: InScope
    precision: Figure | None  # of all answers given, in scope or not, the share that is right
    citations: int
    citations_verified: int
    p50_ms: float
    p95_ms: float
    asked: tuple[Asked, ...]


def read_testset(path: Path, index: Index, split: str | None = None) -> tuple[Question, ...]:
    """Read a test set; ``split`` keeps the rows of that split.

    Raises InputError, naming file and line, for a bad row or one that names an entry that the index does not have.
    """
    if not path.is_file():
        raise InputError(f"no test set {path}; name a file of {{id, question, relevant, kind}} rows")
    decoder = msgspec.json.Decoder(Question)
    rows: list[Question] = []
    known: set[str | int] = set()
    for number, line in enumerate(path.read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            row = decoder.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise InputError(f"{path}, line {number}: {error}; correct the row") from None
        for entry in row.relevant:
            if entry not in index.positions:
                raise InputError(f"{path}, line {number}: the index has no entry {entry!r}; correct the row or rebuild")
        if row.id in known or row.kind == OVERALL:
            fault = f"the id {row.id!r} stands there twice" if row.id in known else f"no kind is called {OVERALL!r}"
            raise InputError(f"{path}, line {number}: {fault}; correct the row")
        known.add(row.id)
        if split is None or row.split == split:
            rows.append(row)
    if not rows:
        raise InputError(f"{path} has no questions{f' of split {split!r}' if split else ''}; name another")
    return tuple(rows)


def evaluate(
    index: Index, questions: Sequence[Question], progress: Callable[[int, int], None] | None = None
) -> Evaluation:
    """Ask every question and measure. ``progress`` is told (asked, all)."""
    consider(WARM_UP, index)
    asked, times, cited, verified = [], [], 0, 0
    for number, question in enumerate(questions, start=1):
        started = perf_counter()
        outcome, hits = consider(question.question, index)
        times.append((perf_counter() - started) * 1000)
        ranked = tuple(index.entries[hit.entry].id for hit in hits[:DEPTH])
        right = bool(ranked) and ranked[0] in question.relevant
        asked.append(Asked(question, name_of(outcome), outcome.confidence, ranked, right))
        if isinstance(outcome, Answer):
            cited += len(outcome.citations)
            lines = zip(outcome.citations, outcome.text.split("\n"), strict=True)
            verified += sum(verifies(index, citation, line) for citation, line in lines)
        if progress:
            progress(number, len(questions))
    return _summarise(asked, times, cited, verified)


def _summarise(asked: Sequence[Asked], times: Sequence[float], cited: int, verified: int) -> Evaluation:
    inside = [one for one in asked if one.question.relevant]
    outside = [one for one in asked if not one.question.relevant]
    scores = _retrieval(inside)
    answered = [one for one in asked if one.outcome == "answered"]
    return Evaluation(
        testset=len(asked),
        overall=_kind_figures(OVERALL, inside, scores),
        kinds=tuple(_kind_figures(kind, inside, scores) for kind in _kinds(inside)),
        refusal=tuple(
            _refusal_figures(kind, inside, [one for one in outside if kind in (one.question.kind, OVERALL)])
            for kind in ([*_kinds(outside), OVERALL] if outside else [])
        ),
        in_scope=InScope(
            right=_mean([one.outcome == "answered" and one.right for one in inside]),
            wrong=_mean([one.outcome == "answered" and not one.right for one in inside]),
            clarified=_mean([one.outcome == "clarify" for one in inside]),
            refused=_mean([one.outcome == "refused" for one in inside]),
        ),
        precision=_mean([one.right for one in answered]),
        citations=cited,
        citations_verified=verified,
        p50_ms=float(np.percentile(times, 50)),
        p95_ms=float(np.percentile(times, 95)),
        asked=tuple(asked),
    )


def _kinds(asked: Sequence[Asked]) -> list[str]:
    return list(dict.fromkeys(one.question.kind for one in asked))


def _retrieval(inside: Sequence[Asked]) -> dict[str, list[float]]:
    """The value of each measure by its name, for each question in order; 0 where nothing was found."""
    qrels = [Qrel(str(row), entry, 1) for row, one in enumerate(inside) for entry in one.question.relevant]
    run = [
        ScoredDoc(str(row), entry, float(DEPTH - rank))
        for row, one in enumerate(inside)
        for rank, entry in enumerate(one.ranked)
    ]
    scores = {str(measure): [0.0] * len(inside) for measure in MEASURES}
    for metric in ir_measures.iter_calc(MEASURES, qrels, run):
        scores[str(metric.measure)][int(metric.query_id)] = metric.value
    return scores


def _kind_figures(kind: str, inside: Sequence[Asked], scores: dict[str, list[float]]) -> KindFigures:
    rows = [row for row, one in enumerate(inside) if kind in (one.question.kind, OVERALL)]
    return KindFigures(kind, len(rows), *(_mean([scores[str(measure)][row] for row in rows]) for measure in MEASURES))


def _refusal_figures(kind: str, inside: Sequence[Asked], outside: Sequence[Asked]) -> RefusalFigures:
    return RefusalFigures(
        kind=kind,
        questions=len(outside),
        auroc=_auroc([one.confidence for one in inside], [one.confidence for one in outside]),
        answered=_mean([one.outcome == "answered" for one in outside]),
    )


def _mean(values: Sequence[float]) -> Figure | None:
    return _figure(lambda sample, axis: np.mean(sample, axis=axis), np.array(values, dtype=float)) if values else None


def _auroc(inside: Sequence[float], outside: Sequence[float]) -> Figure | None:
    """The chance that an in-scope question has the higher confidence; a tie counts half (Hanley and McNeil 1982)."""
    if not inside or not outside:
        return None

    def statistic(high: np.ndarray, low: np.ndarray) -> float:
        above = np.searchsorted(np.sort(low), high, side="left") + np.searchsorted(np.sort(low), high, side="right")
        return float(above.mean() / 2 / len(low))

    return _figure(statistic, np.array(inside), np.array(outside))


def _figure(statistic: Callable[..., object], *samples: np.ndarray) -> Figure:
    value = statistic(*samples, axis=0) if len(samples) == 1 else statistic(*samples)
    if min(len(sample) for sample in samples) < 2:
        return Figure(float(value), 0.0, 1.0)  # type: ignore[arg-type]  # one question tells nothing of the spread
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # scipy warns of samples without spread; their interval is a point
        interval = bootstrap(
            samples, statistic, n_resamples=RESAMPLES, method="percentile", rng=0, vectorized=len(samples) == 1
        ).confidence_interval
    return Figure(float(value), float(interval.low), float(interval.high))  # type: ignore[arg-type]
