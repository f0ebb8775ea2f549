"""A clock to move, and outcomes without an index."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.records import Answer, AnsweredEntry, Clarification, Evidence, Outcome, Refusal, Suggestion
from ingest.records import Questions

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)  # Monday of week 10
ON, OFF = Questions(log=True, keep_days=90), Questions()
_EVIDENCE = Evidence(0.65, 0.35, "", {})
_NEAR = (Suggestion("how-long-can-i-keep-a-book", "How long can I keep a book?", 0.3),)


def outcome(question: str, name: str = "refused", confidence: float = 0.1) -> Outcome:
    if name == "answered":
        entry = AnsweredEntry("how-long-can-i-keep-a-book", "How long can I keep a book?", ("Three weeks.",))
        return Answer(question, confidence, "Three weeks.", entry, (), (), _EVIDENCE)
    return (Clarification if name == "clarify" else Refusal)(question, confidence, _NEAR, _EVIDENCE)


def stored(home: Path) -> bytes:
    """The bytes of everything that is kept, also beside the database."""
    return b"".join(path.read_bytes() for path in sorted(home.glob("questions.db*")))


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "home"
