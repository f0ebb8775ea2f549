"""Two runs over a test set -> what changed, question by question. Knows nothing of an index.

Questions are paired by id, and only when text and relevant entries are still the same. A difference is this run minus
the earlier one; its interval is a paired bootstrap: questions are drawn, each with what both runs made of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
from ir_measures import RR
from msgspec import Struct

from assistant.contract import OutcomeName
from assistant.evaluation import Evaluation
from assistant.figures import Figure, mean_of
from assistant.retrieval import DEPTH, score_rankings
from assistant.testset import OVERALL, Asked, Question
from ingest.disk import write_bytes
from ingest.errors import InputError


class Change(Struct, frozen=True):
    """A mean over the paired questions in both runs (0 to 1), and the difference (-1 to 1) with its interval."""

    before: float
    after: float
    difference: Figure


class KindChange(Struct, frozen=True):
    """What changed for one kind of question; None where no question counts."""

    kind: str
    questions: int
    hit_1: Change | None  # of the questions in scope
    mrr_10: Change | None  # likewise
    outcome_right: Change | None  # in scope answered rightly, out of scope not answered


class Standing(Struct, frozen=True):
    """What one run made of a question."""

    first: str | None  # the entry found first; None: nothing was found
    outcome: OutcomeName
    confidence: float


class Turn(Struct, frozen=True):
    """A question that one run had right, by its first entry or by its outcome, and the other had not."""

    question: Question
    before: Standing
    after: Standing


class Comparison(Struct, frozen=True):
    """All that changed from one run to another. Ids are in the order of the run they are from."""

    paired: int
    overall: KindChange
    kinds: tuple[KindChange, ...]
    wins: tuple[Turn, ...]
    losses: tuple[Turn, ...]
    only_before: tuple[str | int, ...]  # ids
    only_after: tuple[str | int, ...]
    altered: tuple[str | int, ...]  # another text or other relevant entries under the same id


class _Saved(Struct):
    """What is read of a saved run: figures may be added from version to version, these rows stay."""

    asked: tuple[Asked, ...]


def save(path: Path, result: Evaluation) -> None:
    """Put ``result`` at ``path`` as JSON, in one step."""
    write_bytes(path, msgspec.json.encode(result) + b"\n")


def read_saved(path: Path) -> tuple[Asked, ...]:
    """Return what became of each question of a saved run. InputError when the file is none of a run."""
    try:
        asked = msgspec.json.decode(path.read_bytes(), type=_Saved).asked
    except OSError as error:
        raise InputError(f"{path} can not be read: {error.strerror}; name a run kept with --save") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"{path} is no run kept with --save ({error}); keep one and name it") from None
    if len({one.question.id for one in asked}) < len(asked):
        raise InputError(f"{path} has a question's id twice; keep a run with --save and name it")
    return asked


def compare(before: Sequence[Asked], after: Sequence[Asked]) -> Comparison:
    """Return what changed from ``before`` to ``after``, questions in the order of ``after``."""
    earlier, later = ({one.question.id: one for one in run} for run in (before, after))
    both = [(earlier[key], one) for key, one in later.items() if key in earlier]
    pairs = [pair for pair in both if _asks(pair[0]) == _asks(pair[1])]
    turns = [(_gain(pair), Turn(pair[1].question, _standing(pair[0]), _standing(pair[1]))) for pair in pairs]
    kinds = dict.fromkeys(now.question.kind for _, now in pairs)
    return Comparison(
        paired=len(pairs),
        overall=_kind_change(OVERALL, pairs),
        kinds=tuple(_kind_change(kind, [pair for pair in pairs if pair[1].question.kind == kind]) for kind in kinds),
        wins=tuple(turn for gain, turn in turns if gain > 0),
        losses=tuple(turn for gain, turn in turns if gain < 0),
        only_before=tuple(key for key in earlier if key not in later),
        only_after=tuple(key for key in later if key not in earlier),
        altered=tuple(now.question.id for was, now in both if _asks(was) != _asks(now)),
    )


_Pair = tuple[Asked, Asked]  # what became of one question before, and now


def _asks(one: Asked) -> tuple[str, frozenset[str]]:
    return one.question.question, frozenset(one.question.relevant)


def _kind_change(kind: str, pairs: Sequence[_Pair]) -> KindChange:
    inside = [pair for pair in pairs if pair[1].question.relevant]
    return KindChange(
        kind,
        len(pairs),
        hit_1=_change(inside, lambda run: [float(one.right) for one in run]),
        mrr_10=_change(inside, _reciprocal_ranks),
        outcome_right=_change(pairs, lambda run: [float(_is_outcome_right(one)) for one in run]),
    )


def _change(pairs: Sequence[_Pair], measure: Callable[[Sequence[Asked]], list[float]]) -> Change | None:
    before, after = (measure(run) for run in ([was for was, _ in pairs], [now for _, now in pairs]))
    difference = mean_of([now - was for was, now in zip(before, after, strict=True)], lowest=-1.0)
    return None if difference is None else Change(sum(before) / len(pairs), sum(after) / len(pairs), difference)


def _reciprocal_ranks(run: Sequence[Asked]) -> list[float]:
    scores = score_rankings([RR @ DEPTH], [one.question for one in run], [one.ranked for one in run])
    return [float(value) for value in scores[:, 0]]


def _is_outcome_right(one: Asked) -> bool:
    answered = one.outcome == "answered"
    return answered and one.right if one.question.relevant else not answered


def _gain(pair: _Pair) -> int:
    """Above 0 for a win, below for a loss. The two halves never pull apart: an answer is right only by a hit."""
    was, now = pair
    return now.right - was.right + _is_outcome_right(now) - _is_outcome_right(was)


def _standing(one: Asked) -> Standing:
    return Standing(one.ranked[0] if one.ranked else None, one.outcome, one.confidence)
