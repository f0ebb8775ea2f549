"""`questions.db` -> the wordings that were not answered well and are not decided yet; figures; feedback."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping, Set
from datetime import UTC, date, datetime
from pathlib import Path

from assistant.gaps import store
from assistant.gaps.records import Counts, Feedback, Figures, Week, Wording
from ingest.errors import InputError

# Answers below this confidence are gaps too. On the `dev` questions of the bundled corpus 3 of the 31 answers from the
# least confidence of an answer (0.65) to this are wrong; of the 290 above 0.9, 6.
WEAK = 0.8
NEWEST = 2000  # distinct wordings: a maintainer reads no more, and clustering compares each with each other

_Row = tuple[str, str, str, int]  # text, time, outcome, whether somebody said that it did not help
_GAPS = """
SELECT letters, text, at, outcome, unhelpful FROM (
  SELECT *, EXISTS (SELECT 1 FROM feedback WHERE feedback.question = asked.id AND NOT helpful) AS unhelpful FROM asked
)
WHERE letters != '' AND letters NOT IN (SELECT letters FROM decided) AND (
  outcome = 'refused' OR outcome = 'clarify' AND NOT followed OR outcome = 'answered' AND (confidence < ? OR unhelpful)
)
ORDER BY at, id
"""


def read_gaps(home: Path, known: Set[str] = frozenset()) -> tuple[Wording, ...]:
    """The newest wordings that were not answered well, the newest first.

    Those that are decided are not among them, nor those whose letters (`letters_of`) are ``known``: a decision is
    purged with what it was about, but what came of it stands in the corpus.
    """
    wordings: dict[str, list[_Row]] = {}
    for letters, *row in _rows(home, _GAPS, (WEAK,)):
        if letters not in known:
            wordings.setdefault(letters, []).append(tuple(row))
    newest = sorted(wordings.values(), key=lambda rows: rows[-1][1], reverse=True)[:NEWEST]
    return tuple(map(_wording, newest))


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
        weeks=weeks_of(dict(_rows(home, "SELECT substr(at, 1, 10) AS day, count(*) FROM asked GROUP BY day"))),
    )


def read_feedback(home: Path, most: int) -> tuple[Feedback, ...]:
    """What was said of answers, the newest first, at most ``most``."""
    rows = _rows(
        home, "SELECT at, entry, helpful, reason, question FROM feedback ORDER BY at DESC, id DESC LIMIT ?", (most,)
    )
    return tuple(Feedback(parse(at), entry, bool(helpful), reason, asked) for at, entry, helpful, reason, asked in rows)


def weeks_of(days: Mapping[str, int]) -> tuple[Week, ...]:
    """How often in each week of the ISO calendar, in order, from how often on each day; empty weeks are left out."""
    counted: Counter[str] = Counter()
    for day, number in days.items():
        counted["{}-W{:02}".format(*date.fromisoformat(day).isocalendar())] += number
    return tuple(Week(name, counted[name]) for name in sorted(counted))


def parse(stamp: str) -> datetime:
    """A time as it is stored."""
    return datetime.strptime(stamp, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def _wording(rows: list[_Row]) -> Wording:
    became = Counter(
        "unhelpful" if outcome == "answered" and unhelpful else outcome for _, _, outcome, unhelpful in rows
    )
    counts = Counts(became["refused"], became["clarify"], became["answered"], became["unhelpful"])
    weeks = weeks_of(Counter(at[:10] for _, at, _, _ in rows))
    return Wording(rows[-1][0], counts, weeks, parse(rows[0][1]), parse(rows[-1][1]))


def _rows(home: Path, query: str, given: tuple[float, ...] = ()) -> list[tuple]:  # type: ignore[type-arg]
    if not store.exists(home):
        return []
    try:
        with store.opened(home, to_read=True) as connection:
            return connection.execute(query, given).fetchall()
    except (sqlite3.Error, OSError) as error:
        raise InputError(f"{home / store.NAME} can not be read: {error}; move it away to begin a new one") from None
