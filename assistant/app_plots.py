"""The plots of a run on the Quality page, each with a table that says the same."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from assistant.app_table import show_table
from assistant.evaluation import Evaluation
from assistant.figures import show
from assistant.markup import tag
from assistant.plots import as_image, plot_calibration, plot_hits, plot_risk, plot_times
from assistant.risk import risk_coverage, shipped_point
from assistant.text import percent

ROWS = 10  # of a table that samples a curve
SHARES = (10, 25, 50, 75, 90, 95, 99, 100)  # per cent of the questions, in the table of times


def plots(name: str, run: Evaluation) -> None:
    """Show the plots of ``run``, whose file is ``name``."""
    if run.kinds:
        _hits(name, run)
        _risk(name, run)
    _confidence(name, run)
    if run.times_ms:
        _times(name, run)


@st.cache_resource(max_entries=8, show_spinner=False)
def _image(name: str, plot: str, dark: bool, _draw: Callable[[], str]) -> tuple[str, str]:
    """The image; what it is made from stands in a file that never changes."""
    return as_image(_draw(), dark=dark)


def _plot(name: str, heading: str, said: str, draw: Callable[[], str]) -> None:
    st.header(heading, anchor=False)
    address, words = _image(name, heading, st.context.theme.type == "dark", draw)
    st.html(tag("p", said, class_="cw-meta") + tag("img", src=address, alt=words, class_="cw-plot"))


def _hits(name: str, run: Evaluation) -> None:
    _plot(
        name,
        "Found by kind",
        "The share of questions whose right entry is found first (hit@1), or among the first three (hit@3). The lines "
        "are 95 % intervals.",
        lambda: plot_hits(run.kinds),
    )
    with st.expander("Found by kind, as tables"):
        show_table(
            "Questions that the pages answer",
            ("kind", "questions", "hit@1", "hit@3", "MRR@10"),
            ((k.kind, str(k.questions), *map(show, (k.hit_1, k.hit_3, k.mrr_10))) for k in (*run.kinds, run.overall)),
        )
        show_table(
            "Questions that the pages do not answer",
            ("kind", "questions", "told apart (AUROC)", "answered"),
            ((k.kind, str(k.questions), show(k.auroc), show(k.answered)) for k in run.refusal),
        )


def _risk(name: str, run: Evaluation) -> None:
    curve, shipped = risk_coverage(run.asked), shipped_point(run.asked)
    _plot(
        name,
        "Answers and errors",
        "When more questions are answered, more of the answers are wrong. The dashed line is where Citewell stands.",
        lambda: plot_risk(curve, shipped),
    )
    with st.expander("Answers and errors, as a table"):
        show_table(
            "Points of the curve",
            ("answered from", "in scope, answered", "answers that are wrong", "out of scope, answered"),
            (
                (percent(p.threshold), *(share(value) for value in (p.coverage, p.wrong, p.outside)))
                for p in curve[:: max(1, len(curve) // ROWS)]
            ),
        )


def _confidence(name: str, run: Evaluation) -> None:
    _plot(
        name,
        "Confidence",
        "Questions by how sure Citewell was, and the share whose first entry was right. On the dashed line both agree; "
        f"on average they are {share(run.ece)} apart.",
        lambda: plot_calibration(run.bins),
    )
    with st.expander("Confidence, as a table"):
        show_table(
            "Questions by their confidence",
            ("confidence", "questions", "mean", "first entry right"),
            (
                (f"{percent(b.low)} to {percent(b.high)}", str(b.questions), share(b.confidence), share(b.right))
                for b in run.bins
                if b.questions
            ),
        )


def _times(name: str, run: Evaluation) -> None:
    _plot(
        name,
        "Time",
        "The share of the questions that were done after so many milliseconds, on the machine that measured.",
        lambda: plot_times(run.times_ms, run.p50_ms, run.p95_ms),
    )
    ordered = sorted(run.times_ms)
    with st.expander("Time, as a table"):
        show_table(
            "Questions by the time they took",
            ("questions", "done after"),
            ((f"{part} %", f"{ordered[(len(ordered) - 1) * part // 100]:.1f} ms") for part in SHARES),
        )


def share(value: float | None) -> str:
    """A share to a tenth of a per cent."""
    return "–" if value is None else f"{value * 100:.1f} %"
