"""The time of a question over the rows of the index, as one SVG file."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from assistant.plots import ACCENT, SOFT, WIDTH, draw_svg
from benchmarks.ablation.plot import as_file
from benchmarks.scale.measure import Figures

NAMES = {"exact": "every row compared", "cells": "rows of the nearest cells"}
MILLISECONDS = [0.1, 0.3, 1, 3, 10, 30, 100]  # of the axis


def plot_times(figures: Sequence[Figures]) -> str:
    """Return the median time of each way to search, with a bar up to its 95th percentile; both axes logarithmic."""
    rows = [
        {"rows": each.rows, "p50": each.asked.p50, "p95": each.asked.p95, "way": NAMES[each.way]} for each in figures
    ]
    sizes = sorted({each.rows for each in figures})
    times = alt.Scale(type="log", nice=False, domain=[min(r["p50"] for r in rows) / 2, max(r["p95"] for r in rows) * 2])
    legend = alt.Legend(orient="top", title=None, columns=1, labelLimit=WIDTH, symbolSize=100)
    colours = alt.Scale(domain=[*NAMES.values()], range=[SOFT, ACCENT])
    shapes = alt.Scale(domain=[*NAMES.values()], range=["square", "circle"])
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X("rows:Q", title="rows", scale=alt.Scale(type="log"), axis=alt.Axis(values=sizes, format="~s")),
        y=alt.Y(
            "p50:Q", title="ms a question, one thread", scale=times, axis=alt.Axis(values=MILLISECONDS, format="~g")
        ),
        color=alt.Color("way:N", scale=colours, legend=legend),
    )
    chart = alt.layer(
        base.mark_line(strokeWidth=2),
        base.mark_rule(strokeWidth=2).encode(y2="p95:Q"),
        base.mark_point(filled=True, opacity=1, size=90).encode(shape=alt.Shape("way:N", scale=shapes, legend=legend)),
    ).properties(width=WIDTH, height=300)
    told = "; ".join(
        f"{each.rows:,} rows, {NAMES[each.way]}: {each.asked.p50:.1f} ms, 95th percentile {each.asked.p95:.1f} ms"
        for each in figures
    )
    return as_file(draw_svg(chart, "What a question costs as an index grows", f"{told}."))
