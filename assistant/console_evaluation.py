"""What `citewell evaluate` says to a person at a terminal: the figures, and what changed since a saved run."""

from __future__ import annotations

from assistant.compare import Change, Comparison, KindChange, Standing, Turn
from assistant.console import Console
from assistant.evaluation import Evaluation
from assistant.figures import show
from assistant.text import count


def show_evaluation(console: Console, result: Evaluation) -> None:
    """Print the figures of an evaluation, a line for each kind and one overall."""
    console.table(
        ("kind", "n", "hit@1", "hit@3", "MRR@10", "nDCG@10"),
        (
            (row.kind, str(row.questions), *map(show, (row.hit_1, row.hit_3, row.mrr_10, row.ndcg_10)))
            for row in (*result.kinds, result.overall)
        ),
    )
    if result.refusal:
        console.table(
            ("out of scope", "n", "AUROC", "answered"),
            ((row.kind, str(row.questions), show(row.auroc), show(row.answered)) for row in result.refusal),
        )
    scope = result.in_scope
    console.say(
        f"in scope: answered rightly {show(scope.right)}, wrongly {show(scope.wrong)}, "
        f"asked back {show(scope.clarified)}, refused {show(scope.refused)}"
    )
    console.say(f"right of what was answered: {show(result.precision)}")
    console.say(f"expected calibration error of the confidence: {result.ece:.3f}")
    console.say(f"citations that verify: {result.citations_verified} of {result.citations}")
    console.say(f"latency: p50 {result.p50_ms:.1f} ms, p95 {result.p95_ms:.1f} ms")


def show_comparison(console: Console, changes: Comparison) -> None:
    """Print the differences from the earlier run, for each kind and overall, then the questions that turned."""
    console.say(f"\n{count_paired(changes)}")
    if changes.paired:
        console.table(
            ("kind", "n", "hit@1", "MRR@10", "outcome right"),
            (
                (row.kind, str(row.questions), *map(show_change, changes_of(row)))
                for row in (*changes.kinds, changes.overall)
            ),
        )
    for title, turns in (("won", changes.wins), ("lost", changes.losses)):
        console.say(f"{title}: {len(turns)}")
        for turn in turns:
            console.say(
                f"  {turn.question.id} ({turn.question.kind}) {turn.question.question}\n      {show_turn(turn)}"
            )


def count_paired(changes: Comparison) -> str:
    """Return how many questions are compared, and which are not and why, as a sentence or more."""
    pieces = [
        f"Compared with the earlier run: {count(changes.paired, 'question')}, the difference with its 95 % interval."
    ]
    for names, reason in (
        (changes.altered, "not compared, as text or relevant entries changed"),
        (changes.only_before, "only in the earlier run"),
        (changes.only_after, "only in this run"),
    ):
        if names:
            pieces.append(f"{len(names)} {reason}: {', '.join(map(str, names))}.")
    return "\n".join(pieces)


def changes_of(row: KindChange) -> tuple[Change | None, ...]:
    """Return the three measures in the order of the table."""
    return row.hit_1, row.mrr_10, row.outcome_right


def show_change(change: Change | None) -> str:
    """Return a difference with its interval, signed, as text."""
    if change is None:
        return "–"
    gap = change.difference
    return f"{change.before:.3f} to {change.after:.3f}: {gap.value:+.3f} [{gap.low:+.3f}, {gap.high:+.3f}]"


def show_turn(turn: Turn) -> str:
    """Return what both runs made of a question, as text."""
    return f"before: {show_standing(turn.before)}; now: {show_standing(turn.after)}"


def show_standing(standing: Standing) -> str:
    """Return what a run made of a question, as text."""
    return f"{standing.outcome} at {standing.confidence:.2f}, first {standing.first or 'nothing'}"
