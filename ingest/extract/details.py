"""``<details>`` with its ``<summary>``."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.extract.tree import Claim, Tree


def find_pairs(tree: Tree) -> Iterator[Claim]:
    """The summary of each ``<details>`` with all else that is in it."""
    for details in tree.tags("details"):
        summary = details.find("summary", recursive=False)
        if summary is not None:
            yield Claim((summary,), tuple(node for node in details.children if node is not summary), "details")
