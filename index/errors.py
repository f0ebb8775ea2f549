"""What can be wrong with an index on disk."""

from __future__ import annotations

from ingest.errors import one_line


class IndexUnusable(Exception):
    """There is no index that can answer. The message is one line that says what differs and what to run."""

    def __init__(self, message: str) -> None:
        super().__init__(one_line(message))
