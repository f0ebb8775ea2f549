"""Figures -> plots, each one SVG file."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
from msgspec import Struct

from assistant.plots import ACCENT, INK, SOFT, TEXT, WIDTH, draw_svg
from benchmarks.ablation.plot import as_file

COLOURS = [ACCENT, SOFT, INK]
SHAPES = ["circle", "square", "diamond"]


class Point(Struct, frozen=True):
    """A point of a line; of at most three lines."""

    line: str
    x: float
    y: float


class Dot(Struct, frozen=True):
    """A value with a name, in one of at most three groups."""

    group: str
    name: str
    value: float


def plot_lines(points: Sequence[Point], title: str, x: str, y: str, logarithmic: bool = True) -> str:
    """Return a line for each name, told apart by colour and shape; both axes logarithmic if so wished."""
    lines = list(dict.fromkeys(point.line for point in points))
    rows = [{"line": point.line, "x": point.x, "y": point.y} for point in points]
    scale = alt.Scale(type="log", nice=False) if logarithmic else alt.Scale()
    legend = alt.Legend(orient="top", title=None, columns=1, labelLimit=WIDTH, symbolSize=100)
    values = sorted({point.x for point in points})
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X("x:Q", title=x, scale=scale, axis=alt.Axis(values=values, format=",~r")),
        y=alt.Y("y:Q", title=y, scale=scale, axis=alt.Axis(format=",.3~r", tickCount=5)),
        color=alt.Color("line:N", scale=alt.Scale(domain=lines, range=COLOURS), legend=legend),
    )
    chart = alt.layer(
        base.mark_line(strokeWidth=2),
        base.mark_point(filled=True, opacity=1, size=90).encode(
            shape=alt.Shape("line:N", scale=alt.Scale(domain=lines, range=SHAPES), legend=legend)
        ),
    ).properties(width=WIDTH, height=320)
    told = "; ".join(f"{point.line}: {point.y:,.6g} at {point.x:,.6g}" for point in points)
    return as_file(draw_svg(chart, title, f"{y} over {x}. {told}."))


def plot_dots(dots: Sequence[Dot], title: str, unit: str) -> str:
    """Return a row for each value, with its figure, on one logarithmic axis; groups are told apart by colour."""
    rows = [{"name": dot.name, "value": dot.value, "group": dot.group} for dot in dots]
    groups, shown = list(dict.fromkeys(dot.group for dot in dots)), [dot.value for dot in dots if dot.value > 0]
    scale = alt.Scale(type="log", domain=[min(shown) / 1.5, max(shown) * 8], nice=False)
    legend = alt.Legend(orient="top", title=None, columns=1, labelLimit=WIDTH, symbolSize=100)
    base = alt.Chart(alt.InlineData(values=[row for row in rows if row["value"] > 0])).encode(
        y=alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelLimit=240, ticks=False, domain=False, grid=True)),
        x=alt.X("value:Q", title=unit, scale=scale, axis=alt.Axis(tickCount=4, format="~s")),
        color=alt.Color("group:N", scale=alt.Scale(domain=groups, range=COLOURS[: len(groups)]), legend=legend),
    )
    figures = base.mark_text(align="left", dx=9, fontSize=TEXT).encode(
        text=alt.Text("value:Q", format=",.3~r"), color=alt.value(INK)
    )
    chart = alt.layer(
        base.mark_point(filled=True, opacity=1, size=90).encode(
            shape=alt.Shape("group:N", scale=alt.Scale(domain=groups, range=SHAPES[: len(groups)]), legend=legend)
        ),
        figures,
    ).properties(width=WIDTH, height=26 * len(dots) + 22 * len(groups) + 60)
    told = "; ".join(f"{dot.group}, {dot.name}: {dot.value:,.4g}" for dot in dots)
    return as_file(draw_svg(chart, title, f"{unit}. {told}."))
