"""The learning curves as one SVG file."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor

import altair as alt

from assistant.plots import ACCENT, INK, SOFT, WIDTH, draw_svg, share_axis
from benchmarks.ablation.curves import Point

SPACE = 'xmlns="http://www.w3.org/2000/svg" font-family="sans-serif"'  # a file of its own needs a name space
PAPER = '<rect width="100%" height="100%" fill="#FFFFFF"/>'  # the inks are those of a light page, whatever the reader's


def plot_curves(points: Sequence[Point]) -> str:
    """Return a line for each measure over the share of the rows, told apart by colour, shape and dashes."""
    lines: dict[str, list[Point]] = {}
    for point in points:
        lines.setdefault(f"{point.measure}, by {point.rows}", []).append(point)
    rows = [{"share": p.share, "value": p.value, "line": name} for name, line in lines.items() for p in line]
    lowest = floor(min(point.value for point in points) * 10) / 10
    y = alt.Y("value:Q", title=None, scale=alt.Scale(domain=[lowest, 1], zero=False), axis=alt.Axis(tickCount=5))
    legend = alt.Legend(orient="top", title=None, columns=1, labelLimit=WIDTH, symbolSize=100)
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=share_axis("share", "share of the rows", 0),
        y=y,
        color=alt.Color("line:N", scale=alt.Scale(domain=[*lines], range=[ACCENT, SOFT, INK]), legend=legend),
    )
    dashes = alt.Scale(domain=[*lines], range=[[1, 0], [6, 3], [2, 2]])
    shapes = alt.Scale(domain=[*lines], range=["circle", "diamond", "square"])
    drawn = draw_svg(
        alt.layer(
            base.mark_line(strokeWidth=2).encode(strokeDash=alt.StrokeDash("line:N", scale=dashes, legend=None)),
            base.mark_point(filled=True, opacity=1, size=90).encode(
                shape=alt.Shape("line:N", scale=shapes, legend=legend)
            ),
        ).properties(width=WIDTH, height=340),
        "What more alternates and more unanswered questions are worth",
        "; ".join(_tell(name, line) for name, line in lines.items()) + ". The table has the same figures.",
    )
    return as_file(drawn)


def as_file(drawn: str) -> str:
    """Return the ``<svg>`` of a page as a file of its own."""
    return drawn.replace("<svg ", f"<svg {SPACE} ", 1).replace("</desc>", f"</desc>{PAPER}", 1) + "\n"


def _tell(name: str, line: Sequence[Point]) -> str:
    first, last = line[0], line[-1]
    return f"{name}: from {first.value:.3f} with {first.share:.0%} to {last.value:.3f} with {last.share:.0%}"
