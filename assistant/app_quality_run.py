"""A kept run on the Quality page: its figures in words, what changed since the run before, what went wrong, plots."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from assistant import app_table
from assistant.app_failures import failures, questions
from assistant.app_plots import plots, share
from assistant.app_table import show_table
from assistant.compare import Change, Comparison, Turn, compare
from assistant.console_evaluation import changes_of, show_change
from assistant.contract import WORDS
from assistant.figures import Figure
from assistant.markup import Html, join, tag
from assistant.runs import About, Run
from assistant.testset import OVERALL
from assistant.text import count, long_date, percent

PLOTS, FAILURES = "Plots", "What went wrong"


def show_run(name: str, run: Run, earlier: Run | None) -> None:
    """Show ``run``, and what changed since ``earlier``. ``name`` is its file, which stands for what is in it."""
    app_table.apply()
    st.html(_headline(run))
    if earlier:
        _compared(earlier, run)
    else:
        st.html(tag("p", "There is no earlier run of this test set to compare with.", class_="cw-meta"))
    # No tabs: Streamlit writes the name of the open one in the primary colour, which is for backgrounds in the dark.
    if st.radio("Show", (PLOTS, FAILURES), horizontal=True) == PLOTS:
        plots(name, run)
    else:
        failures(run)


def when(about: About) -> str:
    """The time of a run, in words."""
    return f"{long_date(about.taken)}, {about.taken:%H:%M} UTC"


def _words(figure: Figure | None) -> str:
    """A share with its interval, in words."""
    if figure is None:
        return "not measured: no such question"
    return f"{share(figure.value)} (95 % interval {share(figure.low)} to {share(figure.high)})"


def _headline(run: Run) -> Html:
    scope, outside = run.in_scope, next((each for each in run.refusal if each.kind == OVERALL), None)
    mrr = run.overall.mrr_10
    height = f"{mrr.value:.3f} (95 % interval {mrr.low:.3f} to {mrr.high:.3f})" if mrr else _words(None)
    inside = [
        ("The right entry is found first (hit@1)", _words(run.overall.hit_1)),
        ("How high the right entry stands (MRR@10, 1 is best)", height),
        ("Answered rightly", _words(scope.right)),
        ("Answered wrongly", _words(scope.wrong)),
        ("Asked back", _words(scope.clarified)),
        ("Not answered", _words(scope.refused)),
    ]
    others = [("Answered all the same", _words(outside.answered if outside else None))]
    whole = [
        ("Citations that verify", f"{run.citations_verified} of {run.citations}"),
        ("Time", f"half of the questions took less than {run.p50_ms:.1f} ms, 95 % less than {run.p95_ms:.1f} ms"),
        ("Index", f"{count(run.about.entries, 'entry', 'entries')}, generation {run.about.generation}"),
    ]
    return join(
        [
            *_facts(f"Of {count(run.overall.questions, 'question')} that the pages answer", inside),
            *_facts(f"Of {count(outside.questions if outside else 0, 'question')} that they do not answer", others),
            *_facts("All of them", whole),
        ]
    )


def _facts(heading: str, facts: Iterable[tuple[str, str]]) -> tuple[Html, Html]:
    pairs = (join([tag("dt", name), tag("dd", value)]) for name, value in facts)
    return tag("h2", heading, class_="cw-label"), tag("dl", *pairs, class_="cw-facts")


@st.cache_resource(max_entries=4, show_spinner=False)
def _changes(_before: Run, _after: Run, times: tuple[str, str]) -> Comparison:
    return compare(_before.asked, _after.asked)


def _compared(earlier: Run, run: Run) -> None:
    changes = _changes(earlier, run, (earlier.about.taken.isoformat(), run.about.taken.isoformat()))
    st.header("Since the run before", anchor=False)
    whole = changes.overall
    lines = [
        f"Compared with {when(earlier.about)}, on {count(changes.paired, 'question')} that both runs asked.",
        f"Found first: {_change(whole.hit_1)}. The outcome is right: {_change(whole.outcome_right)}.",
        f"{count(len(changes.wins), 'question')} won, {len(changes.losses)} lost.",
    ]
    left = len(changes.altered) + len(changes.only_before) + len(changes.only_after)
    lines += [f"{count(left, 'question')} not compared: new, gone, or asked otherwise."] if left else []
    st.html(join(tag("p", line, class_="cw-say") for line in lines))
    for title, turns in (("Lost", changes.losses), ("Won", changes.wins)):
        if turns:
            with st.expander(f"{title}: {count(len(turns), 'question')}"):
                questions([(turn.question.question, _turn(turn)) for turn in turns], f"turns {title}")
    with st.expander("The differences by kind, as a table"):
        names = ("kind", "questions", "found first", "MRR@10", "outcome right")
        show_table(
            "From the run before to this one; the difference with its 95 % interval",
            names,
            ((one.kind, str(one.questions), *map(show_change, changes_of(one))) for one in (*changes.kinds, whole)),
        )


def _change(change: Change | None) -> str:
    if change is None:
        return "not measured"
    gap = change.difference
    if gap.low == gap.high == 0:
        return f"{share(change.after)}, as before"
    verdict = "better" if gap.low > 0 else "worse" if gap.high < 0 else "no clear difference"
    return (
        f"{share(change.before)} before, {share(change.after)} now, {verdict} "
        f"({100 * gap.value:+.1f} points, 95 % interval {100 * gap.low:+.1f} to {100 * gap.high:+.1f})"
    )


def _turn(turn: Turn) -> str:
    before, after = turn.before, turn.after
    return (
        f"before: {WORDS[before.outcome]} at {percent(before.confidence)}; "
        f"now: {WORDS[after.outcome]} at {percent(after.confidence)}"
    )
