"""A kept evaluation -> the figures of a transparency record, with their intervals, in Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from assistant.figures import Figure, show
from assistant.runs import Run
from assistant.sharing import escape
from assistant.text import count, long_date, one_line

_UNMEASURED = "Not measured"


def measured(run: Run | None, generation: str) -> str:
    """Say what was measured when and on which questions; ``generation`` is that of the record."""
    if run is None:
        return (
            "No evaluation was kept, so this record has no figures. To make one: `citewell evaluate TESTSET`, with the "
            "`--home` of this index; then write the record anew."
        )
    inside, testset = run.overall.questions, one_line(Path(run.about.testset).name).replace("`", "")
    splits = Counter(one.question.split or "no split" for one in run.asked)
    named = ", ".join(f"{escape(name)}: {number}" for name, number in splits.items())
    stale = f" **These figures are of another index, `{run.about.generation}`: run `citewell evaluate` again.**"
    return (
        f"On {long_date(run.about.taken.date())}, with {count(run.testset, 'question')} of `{testset}` ({named}): "
        f"{inside} that the pages answer, {run.testset - inside} that they do not. In brackets, 95 % "
        "bootstrap intervals."
    ) + (stale if run.about.generation != generation else "")


def figures(run: Run) -> str:
    """The tables: retrieval and refusal by kind of question, what became of all of them."""
    scope = run.in_scope
    retrieval = rows(
        ("Questions that the pages answer", "Number", "hit@1", "hit@3", "MRR@10", "nDCG@10"),
        (
            (escape(of.kind), str(of.questions), *map(show, (of.hit_1, of.hit_3, of.mrr_10, of.ndcg_10)))
            for of in (*run.kinds, run.overall)
        ),
    )
    refusal = rows(
        ("Questions that they do not answer", "Number", "AUROC against the others", "Answered all the same"),
        ((escape(of.kind), str(of.questions), show(of.auroc), show(of.answered)) for of in run.refusal),
    )
    outcomes = rows(
        ("Measure", "Value"),
        (
            ("in scope: answered rightly", show(scope.right)),
            ("in scope: answered wrongly", show(scope.wrong)),
            ("in scope: offered a choice", show(scope.clarified)),
            ("in scope: refused", show(scope.refused)),
            ("right, of all answers given", show(run.precision)),
            ("expected calibration error of the confidence", f"{run.ece:.3f}"),
            ("citations that verify", f"{run.citations_verified} of {run.citations}"),
            ("time for a question: median, 95 %", f"{run.p50_ms:.1f} ms, {run.p95_ms:.1f} ms"),
        ),
    )
    return "\n\n".join((retrieval, refusal, outcomes))


def risks(run: Run | None) -> dict[str, str]:
    """What remains of three risks, by what was measured."""
    if run is None:
        return dict.fromkeys(("risk_wrong", "risk_refused", "risk_citations"), _UNMEASURED)
    outside = run.refusal[-1].answered if run.refusal else None
    return {
        "risk_wrong": f"Of questions in scope, answered wrongly: {_share(run.in_scope.wrong)}. Of those out of scope, "
        f"answered all the same: {_share(outside)}",
        "risk_refused": f"Of questions in scope, refused: {_share(run.in_scope.refused)}; offered a choice: "
        f"{_share(run.in_scope.clarified)}",
        "risk_citations": f"{run.citations - run.citations_verified} of {run.citations} quotations did not verify",
    }


def _share(figure: Figure | None) -> str:
    return show(figure) if figure else _UNMEASURED.lower()


def rows(names: Sequence[str], cells: Iterable[Sequence[str]]) -> str:
    """A table in Markdown; text of others in its cells is escaped already."""
    lines = (names, ("---",) * len(names), *cells)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
