"""What changed since an earlier run -> a section of the HTML page."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.compare import Comparison, Turn
from assistant.console_evaluation import changes_of, count_paired, show_change, show_standing
from assistant.markup import Html, table, tag
from assistant.text import count


def comparison_section(changes: Comparison) -> list[Html]:
    """Return the section: differences by kind, then the questions that were won and lost."""
    rows = (*changes.kinds, changes.overall) if changes.paired else ()
    return [
        tag("h2", "Compared with the earlier run"),
        *(tag("p", line) for line in count_paired(changes).split("\n")),
        table(
            "What changed, by kind: before, now, and the difference",
            ("kind", "questions", "hit@1", "MRR@10", "outcome right"),
            ((row.kind, str(row.questions), *map(show_change, changes_of(row))) for row in rows),
        ),
        _turns(f"{count(len(changes.wins), 'question')} won", changes.wins),
        _turns(f"{count(len(changes.losses), 'question')} lost", changes.losses),
    ]


def _turns(caption: str, turns: Sequence[Turn]) -> Html:
    return table(
        caption,
        ("question", "kind", "before", "now"),
        ((t.question.question, t.question.kind, show_standing(t.before), show_standing(t.after)) for t in turns),
    )
