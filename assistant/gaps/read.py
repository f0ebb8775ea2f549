"""`questions.db` -> the wordings that were not answered well and are not decided yet; figures; feedback."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from assistant.gaps import store
from assistant.gaps.records import Counts, Feedback, Figures, Week, Wording
from ingest.errors import InputError

# Answers below this confidence are gaps too. On the `dev` questions of the bundled corpus 3 of the 31 answers from the
# least confidence of an answer (0.65) to this are wrong; of the 290 above 0.9, 6.
WEAK = 0.8
NEWEST = 2000  # distinct wordings: a maintainer reads no more, and clustering compares each with each other

_GAPS = """
SELECT letters, text, at, outcome, unhelpful FROM (
  SELECT *, EXISTS (SELECT 1 FROM feedback WHERE feedback.question = asked.id AND NOT helpful) AS unhelpful FROM asked
)
WHERE letters != '' AND letters NOT IN (SELECT letters FROM decided) AND (
  outcome = 'refused' OR outcome = 'clarify' AND NOT followed OR outcome = 'answered' AND (confidence < ? OR unhelpful)
)
ORDER BY at, id
"""


def read_gaps(home: Path) -> tuple[Wording, ...]:
    """The newest wordings that were not answered well, the newest first; those that are decided are not among them."""
    wordings: dict[str, list[tuple[str, str, str, int]]] = {}
    for letters, *row in _rows(home, _GAPS, (WEAK,)):
        wordings.setdefault(letters, []).append(tuple(row))
    found = sorted((_wording(rows) for rows in wordings.values()), key=lambda one: one.last, reverse=True)
    return tuple(found[:NEWEST])


def read_figures(home: Path) -> Figures:
    """What was asked and said in the days that are kept."""
    outcomes = dict(_rows(home, "SELECT outcome, count(*) FROM asked GROUP BY outcome"))
    said = dict(_rows(home, "SELECT helpful, count(*) FROM feedback GROUP BY helpful"))
    return Figures(
        asked=sum(outcomes.values()),
        answered=outcomes.get("answered", 0),
        asked_back=outcomes.get("clarify", 0),
        refused=outcomes.get("refused", 0),
        helpful=said.get(1, 0),
        unhelpful=said.get(0, 0),
        weeks=weeks_of(parse(at) for (at,) in _rows(home, "SELECT at FROM asked")),
    )


def read_feedback(home: Path, most: int) -> tuple[Feedback, ...]:
    """What was said of answers, the newest first, at most ``most``."""
    rows = _rows(
        home, "SELECT at, entry, helpful, reason, question FROM feedback ORDER BY at DESC, id DESC LIMIT ?", (most,)
    )
    return tuple(Feedback(parse(at), entry, bool(helpful), reason, asked) for at, entry, helpful, reason, asked in rows)


def weeks_of(times: Iterable[datetime]) -> tuple[Week, ...]:
    """How many of the times are in each week of the ISO calendar, in order; weeks without any are left out."""
    counted = Counter("{}-W{:02}".format(*time.isocalendar()) for time in times)
    return tuple(Week(name, counted[name]) for name in sorted(counted))


def parse(stamp: str) -> datetime:
    """A time as it is stored."""
    return datetime.strptime(stamp, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def _wording(rows: list[tuple[str, str, str, int]]) -> Wording:
    times = [parse(at) for _, at, _, _ in rows]
    became = Counter(
        "unhelpful" if outcome == "answered" and unhelpful else outcome for _, _, outcome, unhelpful in rows
    )
    counts = Counts(became["refused"], became["clarify"], became["answered"], became["unhelpful"])
    return Wording(rows[-1][0], counts, weeks_of(times), times[0], times[-1])


def _rows(home: Path, query: str, given: tuple[float, ...] = ()) -> list[tuple]:  # type: ignore[type-arg]
    if not store.exists(home):
        return []
    try:
        with store.opened(home) as connection:
            return connection.execute(query, given).fetchall()
    except (sqlite3.Error, OSError) as error:
        raise InputError(f"{home / store.NAME} can not be read: {error}; move it away to begin a new one") from None
