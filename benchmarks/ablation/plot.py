"""The learning curves as one SVG file."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor

import altair as alt

from assistant.plots import ACCENT, INK, SOFT, WIDTH, _shares, _svg
from benchmarks.ablation.curves import Point

SPACE = 'xmlns="http://www.w3.org/2000/svg" font-family="sans-serif"'  # a file of its own needs a name space


def plot_curves(points: Sequence[Point]) -> str:
    """Return a line for each measure over the share of the rows, told apart by colour, shape and dashes."""
    rows = [
        {"share": point.share, "value": point.value, "measure": f"{point.measure}, by {point.rows}"} for point in points
    ]
    names = list(dict.fromkeys(row["measure"] for row in rows))
    lowest = floor(min(point.value for point in points) * 10) / 10
    legend = alt.Legend(orient="top", title=None, columns=1, labelLimit=WIDTH, symbolSize=100)
    y = alt.Y("value:Q", title=None, scale=alt.Scale(domain=[lowest, 1], zero=False), axis=alt.Axis(tickCount=5))
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=_shares("share", "share of the rows", 0),
        y=y,
        color=alt.Color("measure:N", scale=alt.Scale(domain=names, range=[ACCENT, SOFT, INK]), legend=legend),
    )
    dashes = alt.StrokeDash("measure:N", scale=alt.Scale(domain=names, range=[[1, 0], [6, 3], [2, 2]]), legend=None)
    shapes = alt.Scale(domain=names, range=["circle", "diamond", "square"])
    lines = base.mark_line(strokeWidth=2).encode(strokeDash=dashes)
    dots = base.mark_point(filled=True, opacity=1, size=90).encode(
        shape=alt.Shape("measure:N", scale=shapes, legend=legend)
    )
    drawn = _svg(
        alt.layer(lines, dots).properties(width=WIDTH, height=340),
        "What more alternates and more unanswered questions are worth",
        "; ".join(f"{name}: {_read(rows, name)}" for name in names) + ". The table has the same figures.",
    )
    # White behind it: the inks are those of a light page, whatever the reader's is.
    return (
        drawn.replace("<svg ", f"<svg {SPACE} ", 1).replace(
            "</desc>", '</desc><rect width="100%" height="100%" fill="#FFFFFF"/>', 1
        )
        + "\n"
    )


def _read(rows: Sequence[dict[str, object]], name: str) -> str:
    own = [row for row in rows if row["measure"] == name]
    return (
        f"from {own[0]['value']:.3f} with {own[0]['share']:.0%} to {own[-1]['value']:.3f} with {own[-1]['share']:.0%}"
    )
