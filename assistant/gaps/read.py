"""`questions.db` -> the wordings that were not answered well and are not decided yet; figures; feedback."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping, Set
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec
from msgspec import Struct

from assistant.gaps import store
from assistant.gaps.records import Counts, Feedback, Figures, Week, Wording
from ingest.errors import InputError

# Answers below this confidence are gaps too. On the `dev` questions of the bundled corpus 3 of the 31 answers from the
# least confidence of an answer (0.65) to this are wrong; of the 290 above 0.9, 6.
WEAK = 0.8
NEWEST = 2000  # distinct wordings: a maintainer reads no more, and clustering compares each with each other

_Row = TypeVar("_Row")
_Time = Annotated[datetime, msgspec.Meta(tz=True)]


class _Asked(Struct, frozen=True, array_like=True):
    """A question that was not answered well."""

    letters: str
    text: str
    at: _Time
    outcome: str
    unhelpful: bool  # somebody said that it did not help


class _Said(Struct, frozen=True, array_like=True):
    """What somebody said of an answer: the fields of `Feedback`, in its order."""

    when: _Time
    entry: str | None
    helpful: bool
    reason: str
    question: int | None


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
    wordings: dict[str, list[_Asked]] = {}
    for row in _rows(home, _Asked, _GAPS, (WEAK,)):
        if row.letters not in known:
            wordings.setdefault(row.letters, []).append(row)
    newest = sorted(wordings.values(), key=lambda rows: rows[-1].at, reverse=True)[:NEWEST]
    return tuple(map(_wording, newest))


def read_figures(home: Path) -> Figures:
    """What was asked and said in the days that are kept."""
    outcomes = dict(_rows(home, tuple[str, int], "SELECT outcome, count(*) FROM asked GROUP BY outcome"))
    said = dict(_rows(home, tuple[bool, int], "SELECT helpful, count(*) FROM feedback GROUP BY helpful"))
    days = dict(_rows(home, tuple[date, int], "SELECT substr(at, 1, 10) AS day, count(*) FROM asked GROUP BY day"))
    return Figures(
        asked=sum(outcomes.values()),
        answered=outcomes.get("answered", 0),
        asked_back=outcomes.get("clarify", 0),
        refused=outcomes.get("refused", 0),
        helpful=said.get(True, 0),
        unhelpful=said.get(False, 0),
        weeks=weeks_of(days),
    )


def read_feedback(home: Path, most: int) -> tuple[Feedback, ...]:
    """What was said of answers, the newest first, at most ``most``."""
    said = "SELECT at, entry, helpful, reason, question FROM feedback ORDER BY at DESC, id DESC LIMIT ?"
    rows = _rows(home, _Said, said, (most,))
    return tuple(Feedback(row.when, row.entry, row.helpful, row.reason, row.question) for row in rows)


def weeks_of(days: Mapping[date, int]) -> tuple[Week, ...]:
    """How often in each week of the ISO calendar, in order, from how often on each day; empty weeks are left out."""
    counted: Counter[str] = Counter()
    for day, number in days.items():
        counted["{}-W{:02}".format(*day.isocalendar())] += number
    return tuple(Week(name, counted[name]) for name in sorted(counted))


def _wording(rows: list[_Asked]) -> Wording:
    became = Counter("unhelpful" if row.outcome == "answered" and row.unhelpful else row.outcome for row in rows)
    counts = Counts(became["refused"], became["clarify"], became["answered"], became["unhelpful"])
    weeks = weeks_of(Counter(row.at.date() for row in rows))
    return Wording(rows[-1].text, counts, weeks, rows[0].at, rows[-1].at)


def _rows(home: Path, kind: type[_Row], query: str, given: tuple[float, ...] = ()) -> list[_Row]:
    """What the query finds, each row of this ``kind``: SQLite keeps anything in any column."""
    if not store.exists(home):
        return []
    try:
        with store.opened(home, to_read=True) as connection:
            found = connection.execute(query, given).fetchall()
        return msgspec.convert(found, list[kind], strict=False)  # type: ignore[valid-type]
    except (sqlite3.Error, OSError, msgspec.ValidationError) as error:
        raise InputError(f"{home / store.NAME} can not be read: {error}; move it away to begin a new one") from None
