"""A new index beside the one that answers now, on the same test set: whether it would be worse.

Each question is encoded once for both. The two are compared question by question, by a paired bootstrap: see
`assistant/compare.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from assistant.answer import consider
from assistant.compare import Change, KindChange, compare
from assistant.evaluation import record
from assistant.testset import Asked, Question, read_questions
from index.encoder import Encoder, Progress
from index.reader import Index
from ingest.alarms import Alarm

TESTSET = "testset.jsonl"


class Rehearsal(Struct, frozen=True):
    """What changes on the test set, from the index that answers now to the new one; None where no question counts."""

    questions: int
    left_out: int  # questions whose entries one of the two does not have
    hit_1: Change | None  # of the questions in scope
    answered_rightly: Change | None  # likewise
    kept_silent: Change | None  # of the questions out of scope, the share that is not answered


def rehearse(
    current: Index,
    candidate: Index,
    testset: Path,
    renamed: Mapping[str, str],
    progress: Callable[[int, int], None] | None = None,
) -> Rehearsal:
    """Ask both every question of ``testset`` that both can be right about.

    ``renamed`` are the ids of ``current`` that are others in ``candidate``; the test set may name either. ``progress``
    is told (asked, all). InputError for a row that can not be used.
    """
    rows = tuple(row for _, row in read_questions(testset))
    former = {now: was for was, now in renamed.items()}
    pairs = [(_fit(row, current, former), _fit(row, candidate, renamed)) for row in rows]
    both = [(was, now) for was, now in pairs if was and now]
    if not both:
        return Rehearsal(0, len(rows), None, None, None)
    shared = _Memory(candidate.encoder)
    same = current.encoder.fingerprint == shared.fingerprint
    before = replace(current, encoder=shared if same else _Memory(current.encoder))
    after = replace(candidate, encoder=shared)
    shared.encode([" ".join(now.question.split()) for _, now in both])  # in batches; a corrected spelling comes later
    asked: tuple[list[Asked], list[Asked]] = ([], [])
    for number, (was, now) in enumerate(both, start=1):
        asked[0].append(record(before, was, consider(was.question, before)))
        told = record(after, now, consider(now.question, after))
        asked[1].append(msgspec.structs.replace(told, question=was))
        if progress:
            progress(number, len(both))
    inside, outside = (_compare(asked, scope) for scope in (True, False))
    return Rehearsal(len(both), len(rows) - len(both), inside.hit_1, inside.outcome_right, outside.outcome_right)


def find_worse(rehearsal: Rehearsal) -> tuple[Alarm, ...]:
    """The figures that are worse with the new index, by more than chance: the whole interval is below zero."""
    alarms = []
    for name, change in (
        ("right entry first (hit@1)", rehearsal.hit_1),
        ("in-scope questions answered rightly", rehearsal.answered_rightly),
        ("out-of-scope questions not answered", rehearsal.kept_silent),
    ):
        if change and change.difference.high < 0:
            gap = change.difference
            text = (
                f"on {TESTSET}, {name}: {change.before:.3f} now, {change.after:.3f} with this build "
                f"({gap.value:+.3f} [{gap.low:+.3f}, {gap.high:+.3f}], {rehearsal.questions} questions; "
                "an interval wholly below 0 stops a build)"
            )
            alarms.append(Alarm("evaluation", text))
    return tuple(alarms)


def _fit(row: Question, index: Index, renamed: Mapping[str, str]) -> Question | None:
    """The row with the entries that ``index`` has; None when it had some and the index has none of them."""
    names = (renamed.get(name, name) if index.position(name) is None else name for name in row.relevant)
    relevant = tuple(name for name in names if index.position(name) is not None)
    return msgspec.structs.replace(row, relevant=relevant) if relevant or not row.relevant else None


def _compare(asked: tuple[Sequence[Asked], Sequence[Asked]], inside: bool) -> KindChange:
    """What changes for the questions in scope, or for those out of it."""
    before, after = ([one for one in run if bool(one.question.relevant) == inside] for run in asked)
    return compare(before, after).overall


class _Memory:
    """An encoder that encodes no text twice."""

    def __init__(self, encoder: Encoder) -> None:
        self.name, self.fingerprint, self.precision = encoder.name, encoder.fingerprint, encoder.precision
        self._encoder = encoder
        self._known: dict[str, NDArray[np.float32]] = {}

    def prepare(self) -> str | None:
        """Make the inner encoder ready."""
        return self._encoder.prepare()

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> NDArray[np.float32]:
        """Return the unit vectors (len(texts), dimension) of ``texts``, in their order."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known.update(zip(new, self._encoder.encode(new, progress), strict=True))
        return np.stack([self._known[text] for text in texts])
