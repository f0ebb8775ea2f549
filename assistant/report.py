"""Figures -> one HTML page that stands alone: no script, nothing fetched, light and dark, fit for a phone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from assistant.compare import Comparison
from assistant.evaluation import Evaluation, find_failures
from assistant.figures import Figure, show
from assistant.markup import Html, table, tag
from assistant.plots import plot_calibration, plot_hits, plot_risk
from assistant.report_comparison import comparison_section
from assistant.risk import Point, risk_coverage, shipped_point
from assistant.testset import Asked
from assistant.text import count
from ingest.disk import write_bytes

CURVE_ROWS = 10  # points of the curve that its table shows

STYLE = Html("""
:root { color-scheme: light dark }
body { background: light-dark(#FBFAF6, #12191D); color: light-dark(#1C2B33, #ECE9E2); font: 1rem/1.5 sans-serif;
  max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.8rem; line-height: 1.2 } h2 { font-size: 1.3rem; margin-top: 2.5rem }
.wide { overflow-x: auto; margin-bottom: 1.5rem }
table { border-collapse: collapse; width: 100% }
caption { text-align: left; color: light-dark(#4A5A63, #A9B6BD); padding-bottom: 0.4rem }
th, td { text-align: left; padding: 0.35rem 0.9rem 0.35rem 0; border-bottom: 1px solid light-dark(#D8D3C4, #37444B);
  vertical-align: top; overflow-wrap: break-word; min-width: 5.5rem }
svg { max-width: 44rem; width: 100%; height: auto; display: block }
@media (prefers-color-scheme: dark) {
  svg [fill="#1C2B33"] { fill: #ECE9E2 } svg [stroke="#1C2B33"] { stroke: #ECE9E2 }
  svg [fill="#4A5A63"] { fill: #A9B6BD } svg [stroke="#4A5A63"] { stroke: #A9B6BD }
  svg [fill="#0B5D57"] { fill: #6FD3C7 } svg [stroke="#0B5D57"] { stroke: #6FD3C7 }
  svg [stroke="#D8D3C4"] { stroke: #37444B } }
""")


def write_report(path: Path, result: Evaluation, changes: Comparison | None = None) -> None:
    """Put the page about ``result`` at ``path``, in one step; its folder is made if need be.

    ``changes`` since an earlier run have a section of their own.
    """
    sections = (*_figures(result), *_plots(result), *_calibration(result), *_failures(result))
    compared = comparison_section(changes) if changes else []
    body = tag("main", tag("h1", "How well the index answers"), *sections, *compared)
    head = tag(
        "head",
        Html('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'),
        tag("title", "Citewell: evaluation"),
        tag("style", STYLE),
    )
    page = tag("html", head, tag("body", body), lang="en-GB")
    write_bytes(path, f"<!doctype html>\n{page}\n".encode())


def _figures(result: Evaluation) -> list[Html]:
    kinds = (*result.kinds, result.overall)
    scope = result.in_scope
    outcomes = [
        ("answered rightly", scope.right),
        ("answered wrongly", scope.wrong),
        ("asked back", scope.clarified),
        ("refused", scope.refused),
        ("right, of all answers given", result.precision),
    ]
    citations = f"{result.citations_verified} of {result.citations} citations verify."
    times = f"Half of the questions took less than {result.p50_ms:.0f} ms, 95 % less than {result.p95_ms:.0f} ms."
    return [
        tag("p", f"{result.testset} questions. {citations} {times} In brackets, 95 % bootstrap intervals."),
        tag("h2", "Retrieval"),
        table(
            "Questions that the pages answer, by kind",
            ("kind", "questions", "hit@1", "hit@3", "MRR@10", "nDCG@10"),
            ((k.kind, str(k.questions), *map(show, (k.hit_1, k.hit_3, k.mrr_10, k.ndcg_10))) for k in kinds),
        ),
        tag("h2", "Refusal"),
        table("Questions that the pages answer: what became of them", ("outcome", "share"), _shares(outcomes)),
        table(
            "Questions that the pages do not answer, by kind",
            ("kind", "questions", "AUROC against the others", "answered all the same"),
            ((k.kind, str(k.questions), show(k.auroc), show(k.answered)) for k in result.refusal),
        ),
    ]


def _shares(rows: Iterable[tuple[str, Figure | None]]) -> Iterable[tuple[str, str]]:
    return ((name, show(value)) for name, value in rows)


def _plots(result: Evaluation) -> list[Html]:
    if not result.kinds:
        return []
    curve, shipped = risk_coverage(result.asked), shipped_point(result.asked)
    pieces = [tag("h2", "Hits by kind"), Html(plot_hits(result.kinds)), tag("h2", "Risk and coverage")]
    pieces.append(
        tag(
            "p",
            "How many of the answers are wrong when the threshold lets more questions be answered. An out-of-scope "
            "question that is answered counts as answered wrongly.",
        )
    )
    pieces.append(Html(plot_risk(curve, shipped)))
    step = max(1, len(curve) // CURVE_ROWS)
    names = ("threshold", "in scope, answered", "answers that are wrong", "out of scope, answered")
    pieces.append(table("Points of the curve", names, map(_point, curve[step - 1 :: step])))
    return pieces


def _point(point: Point) -> tuple[str, ...]:
    outside = "–" if point.outside is None else f"{point.outside:.1%}"
    return f"{point.threshold:.2f}", f"{point.coverage:.1%}", f"{point.wrong:.1%}", outside


def _calibration(result: Evaluation) -> list[Html]:
    return [
        tag("h2", "Calibration"),
        tag(
            "p",
            f"The expected calibration error of the confidence is {result.ece:.3f}: how far it is on average from the "
            "share of questions whose top entry answers. An out-of-scope question has no such entry.",
        ),
        Html(plot_calibration(result.bins)),
        table(
            "Questions by their confidence",
            ("confidence", "questions", "mean confidence", "top entry answers"),
            (
                (f"{b.low:.1f} to {b.high:.1f}", str(b.questions), f"{b.confidence:.3f}", f"{b.right:.1%}")
                for b in result.bins
                if b.questions
            ),
        ),
    ]


def _failures(result: Evaluation) -> list[Html]:
    inside, outside = find_failures(result.asked)
    return [
        tag("h2", "Failures"),
        _questions(f"{count(len(inside), 'question')} in scope that got no right answer", inside),
        _questions(f"{count(len(outside), 'question')} out of scope that got an answer", outside),
    ]


def _questions(caption: str, asked: Sequence[Asked]) -> Html:
    names = ("question", "kind", "outcome", "confidence", "wanted", "first found")
    return table(
        caption,
        names,
        (
            (
                one.question.question,
                one.question.kind,
                one.outcome,
                f"{one.confidence:.2f}",
                ", ".join(one.question.relevant) or "a refusal",
                ", ".join(one.ranked[:3]) or "nothing",
            )
            for one in asked
        ),
    )
