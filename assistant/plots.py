"""Figures -> plots, each one ``<svg>`` element for a page.

Nothing is fetched and no font comes along: the text is set in the reader's own sans-serif. Colours are the app's light
ones; a page with a dark side names others in its style, by attribute (``[fill="#1C2B33"]``).
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from html import escape, unescape
from io import StringIO
from math import floor

import altair as alt

from assistant.calibration import Bin
from assistant.console import printable
from assistant.evaluation import KindFigures
from assistant.risk import Point

INK, SOFT, ACCENT, GRID = "#1C2B33", "#4A5A63", "#0B5D57", "#D8D3C4"
DARK = {INK: "#ECE9E2", SOFT: "#A9B6BD", ACCENT: "#6FD3C7", GRID: "#37444B"}
WIDTH = 430  # px, scaled to the page's column: text of 13 px reads as 11 on a phone and 16 on a desk
TEXT = 13  # px
HITS = ["hit@1", "hit@3"]
WHOLE = alt.Scale(domain=[0, 1], nice=False)


def plot_hits(kinds: Sequence[KindFigures]) -> str:
    """Return hit@1 and hit@3 of each kind as dots, with their 95 % intervals as lines."""
    rows = [
        # a control character in a kind's name would end the process inside the SVG writer
        {"kind": printable(kind.kind), "hit": hit, "value": figure.value, "low": figure.low, "high": figure.high}
        for kind in kinds
        for hit, figure in zip(HITS, (kind.hit_1, kind.hit_3), strict=True)
        if figure
    ]
    start = min(
        [0.5, *(floor(figure.low * 10) / 10 for kind in kinds for figure in (kind.hit_1, kind.hit_3) if figure)]
    )
    names = alt.Axis(labelLimit=150, ticks=False, domain=False, title=None)
    legend = alt.Legend(orient="top", title=None, symbolSize=100, symbolOpacity=1)
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        y=alt.Y("kind:N", sort=None, axis=names, scale=alt.Scale(paddingInner=0.35)),
        yOffset=alt.YOffset("hit:N", sort=HITS),
        color=alt.Color("hit:N", scale=alt.Scale(domain=HITS, range=[ACCENT, SOFT]), legend=legend),
    )
    lines = base.mark_rule(strokeWidth=2.5).encode(x=share_axis("low", None, start), x2="high:Q")
    shapes = alt.Scale(domain=HITS, range=["circle", "diamond"])
    dots = base.mark_point(filled=True, opacity=1, size=100).encode(
        x=share_axis("value", None, start), shape=alt.Shape("hit:N", scale=shapes, legend=legend)
    )
    return draw_svg(
        alt.layer(lines, dots).properties(width=WIDTH, height=44 * len(kinds) + 60),
        "Hit at 1 and hit at 3 for each kind of question",
        "A row for each kind, with a dot for each share and a line for its 95 % interval. "
        f"The axis runs from {start:.0%} to 100%. The table has the same figures.",
    )


def plot_risk(curve: Sequence[Point], shipped: Point | None) -> str:
    """Return the risk-coverage curve, with the point of the shipped threshold marked when there is one."""
    x = share_axis("coverage", "in-scope questions answered", 0)
    points = alt.InlineData(values=[{"coverage": point.coverage, "wrong": point.wrong} for point in curve])
    y = alt.Y("wrong:Q", title="answers that are wrong", axis=alt.Axis(format="%", tickCount=5))
    layers: list[alt.Chart] = [alt.Chart(points).mark_line(strokeWidth=2.5, color=ACCENT).encode(x=x, y=y)]
    described = "The curve says what share of the answers is wrong when more or fewer in-scope questions are answered."
    if shipped:
        here = alt.Chart(alt.InlineData(values=[{"coverage": shipped.coverage, "wrong": shipped.wrong}])).encode(x=x)
        text = here.mark_text(align="right", dx=-8, baseline="top", fontSize=TEXT, fontWeight="bold", color=INK)
        layers += [
            here.mark_rule(strokeDash=[4, 4], strokeWidth=1.5, color=INK),
            here.mark_point(filled=True, opacity=1, size=130, shape="diamond", color=INK).encode(y=y),
            text.encode(y=alt.value(4), text=alt.value("shipped threshold")),
        ]
        described += (
            f" The shipped threshold answers {shipped.coverage:.1%}; {shipped.wrong:.1%} of the answers are wrong."
        )
    chart = alt.layer(*layers).properties(width=WIDTH, height=310)
    return draw_svg(chart, "Wrong answers against questions answered", f"{described} The table has more points of it.")


def plot_calibration(bins: Sequence[Bin]) -> str:
    """Return the share that is right of the questions of each bin, as dots, against a line on which both would agree.

    Above each dot stands how many questions it is made of.
    """
    rows = [{"sure": b.confidence, "right": b.right, "n": str(b.questions)} for b in bins if b.questions]
    y = alt.Y("right:Q", title="top entry answers", axis=alt.Axis(format="%", tickCount=5), scale=WHOLE)
    dots = alt.Chart(alt.InlineData(values=rows)).encode(x=share_axis("sure", "confidence", 0), y=y)
    ends = [{"sure": 0, "right": 0}, {"sure": 1, "right": 1}]
    agree = alt.Chart(alt.InlineData(values=ends)).encode(x=share_axis("sure", "confidence", 0), y=y)
    chart = alt.layer(
        agree.mark_line(strokeDash=[4, 4], strokeWidth=1.5, color=SOFT),
        dots.mark_line(strokeWidth=1.5, color=ACCENT),
        dots.mark_point(filled=True, opacity=1, size=100, color=ACCENT),
        dots.mark_text(dy=-13, fontSize=TEXT, color=INK).encode(text="n:N"),
    ).properties(width=WIDTH, height=310)
    return draw_svg(
        chart,
        "Confidence against the share that is right",
        "A dot for each tenth of the confidence that occurs, with the number of its questions above it. "
        "On the dashed line the confidence is the share that is right; below it the confidence is too high. "
        "The table has the same figures.",
    )


def plot_times(times_ms: Sequence[float], p50_ms: float, p95_ms: float) -> str:
    """Return the share of the questions that took at most so long, with the median and the 95th percentile marked."""
    ordered = sorted(times_ms)
    rows = [{"ms": time, "share": (place + 1) / len(ordered)} for place, time in enumerate(ordered)]
    far = max(p95_ms * 1.6, 1.0)  # the slowest few would press all others against the axis
    x = alt.X("ms:Q", title="milliseconds", scale=alt.Scale(domain=[0, far], nice=False, clamp=True))
    y = alt.Y("share:Q", title="questions done", axis=alt.Axis(format="%", tickCount=5), scale=WHOLE)
    marks = [{"ms": ms, "said": said, "share": 0.02} for ms, said in ((p50_ms, "half"), (p95_ms, "95 %"))]
    here = alt.Chart(alt.InlineData(values=marks)).encode(x=x)
    text = here.mark_text(align="left", dx=6, baseline="bottom", fontSize=TEXT, fontWeight="bold", color=INK)
    line = alt.Chart(alt.InlineData(values=rows)).mark_line(interpolate="step-after", strokeWidth=2.5, color=ACCENT)
    chart = alt.layer(
        line.encode(x=x, y=y),
        here.mark_rule(strokeDash=[4, 4], strokeWidth=1.5, color=INK),
        text.encode(y=y, text="said:N"),
    ).properties(width=WIDTH, height=260)
    return draw_svg(
        chart,
        "How long the questions took",
        f"The curve says what share of the questions was done after so many milliseconds: half after {p50_ms:.1f}, "
        f"95 % after {p95_ms:.1f}. The table has more points of it.",
    )


def plot_weeks(weeks: Sequence[tuple[str, int]]) -> str:
    """Return how many questions were asked in each week, (name, questions), in order."""
    rows = [{"week": name, "questions": number} for name, number in weeks]
    most = max(number for _, number in weeks)
    bars = alt.Chart(alt.InlineData(values=rows)).mark_bar(color=ACCENT, size=18)
    chart = alt.layer(
        bars.encode(
            x=alt.X("week:O", title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True)),
            y=alt.Y("questions:Q", title="questions", axis=alt.Axis(tickMinStep=1, tickCount=4)),
        )
    ).properties(width=WIDTH, height=150)
    return draw_svg(
        chart,
        "Questions by week",
        f"A bar for each of {len(weeks)} weeks; the highest stands for {most}. The table has the numbers.",
    )


def share_axis(field: str, title: str | None, start: float) -> alt.X:
    """Return a horizontal axis of shares, from ``start`` to 1, in per cent."""
    axis = alt.Axis(format="%", tickCount=5)
    return alt.X(f"{field}:Q", title=title, axis=axis, scale=alt.Scale(domain=[start, 1], nice=False, zero=False))


def draw_svg(chart: alt.LayerChart | alt.FacetChart, title: str, described: str) -> str:
    """Return ``chart`` as an ``<svg>``; ``title`` and ``described`` are what a screen reader says in its place."""
    styled = chart.properties(autosize=alt.AutoSizeParams(type="fit", contains="padding")).configure(
        aria=False,
        background="transparent",
        font="sans-serif",
        padding=4,
        view=alt.ViewConfig(stroke=None),
        axis=alt.AxisConfig(
            labelColor=INK, titleColor=INK, labelFontSize=TEXT, titleFontSize=TEXT, titleFontWeight="normal",
            gridColor=GRID, domainColor=SOFT, tickColor=SOFT, labelPadding=6, titlePadding=10,
        ),
        legend=alt.LegendConfig(labelColor=INK, labelFontSize=TEXT),
    )  # fmt: skip
    drawn = StringIO()
    styled.save(drawn, format="svg")
    body = drawn.getvalue().partition(">")[2]  # the opening tag is written anew: a page needs no name spaces
    height = styled.to_dict()["height"]
    return (
        f'<svg role="img" viewBox="0 0 {WIDTH} {height}">'
        f"<title>{escape(title)}</title><desc>{escape(described)}</desc>{body}"
    )


def as_image(svg: str, *, dark: bool) -> tuple[str, str]:
    """Return a plot as the address of an image (a data URL), and the words that stand for it."""
    title, described = (
        unescape(svg.partition(f"<{name}>")[2].partition(f"</{name}>")[0]) for name in ("title", "desc")
    )
    for light, other in DARK.items() if dark else ():
        svg = svg.replace(light, other)
    alone = svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return f"data:image/svg+xml;base64,{b64encode(alone.encode()).decode()}", f"{title}. {described}"
