"""Gaps -> CSV, a row for each wording."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.gaps.records import Gap
from assistant.spreadsheets import csv_bytes

COLUMNS = ("gap", "question", "refused", "asked back", "weak", "not helpful", "first", "last", "weeks")
BETWEEN = " | "  # weeks in one cell


def gaps_csv(gaps: Sequence[Gap]) -> bytes:
    """Return the gaps in their order, those of a gap named by its representative; every cell is safe to open."""
    return csv_bytes(
        COLUMNS,
        (
            (
                gap.representative,
                wording.text,
                wording.counts.refused,
                wording.counts.asked_back,
                wording.counts.weak,
                wording.counts.unhelpful,
                f"{wording.first:%Y-%m-%d}",
                f"{wording.last:%Y-%m-%d}",
                BETWEEN.join(f"{week.name}: {week.count}" for week in wording.weeks),
            )
            for gap in gaps
            for wording in gap.wordings
        ),
    )
