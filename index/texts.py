"""All texts of an index that have a vector: first the views, then the unanswered questions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from index.records import View
from index.table import Table
from ingest.records import Unanswered


@dataclass(frozen=True)
class Texts:
    """The texts by their rows; iterating gives the texts themselves."""

    views: Table[View]
    unanswered: Table[Unanswered]

    @classmethod
    def open(cls, folder: Path) -> Texts:
        """Map the texts of a generation. Raises OSError or ValueError when they are not there or not whole."""
        views = Table.open(folder / "views.jsonl", View)
        return cls(views, Table.open(folder / "unanswered.jsonl", Unanswered))

    def __len__(self) -> int:
        return len(self.views) + len(self.unanswered)

    def __getitem__(self, row: int) -> str:
        views = len(self.views)
        return self.views[row].text if row < views else self.unanswered[row - views].text

    def __iter__(self) -> Iterator[str]:
        yield from (view.text for view in self.views)
        yield from (row.text for row in self.unanswered)
