"""Definition lists: ``<dt>`` with its ``<dd>``, bare or wrapped in ``<div>``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bs4 import Tag

from ingest.extract.tree import Claim, Tree

# Terms in a row share the definition under them; more of them are a list of contents.
SHARED = 3
SENTENCE = re.compile(r"[.!?。…](?:\s|$)")


def find_pairs(tree: Tree) -> Iterator[Claim]:
    """Each term with the definitions that follow it."""
    for listing in tree.tags("dl"):
        terms: list[Tag] = []
        definitions: list[Tag] = []
        for part in (*_parts(listing), None):
            if part is None or (part.name == "dt" and definitions):
                for term in [] if _counts(tree, definitions) else terms[-SHARED:]:
                    yield Claim((term,), tuple(definitions), "definitions")
                terms, definitions = [], []
            if part is not None:
                (terms if part.name == "dt" else definitions).append(part)


def _parts(listing: Tag) -> Iterator[Tag]:
    for child in listing.find_all(True, recursive=False):
        if child.name in {"dt", "dd"}:
            yield child
        elif child.name == "div":
            yield from child.find_all(["dt", "dd"], recursive=False)


def _counts(tree: Tree, definitions: Sequence[Tag]) -> bool:
    """Whether the definitions are no answer but figures and names: replies, views, the last who wrote."""
    words = [tree.words(definition) for definition in definitions]
    return len(words) > 1 and any(map(str.isdigit, words)) and not any(map(SENTENCE.search, words))
