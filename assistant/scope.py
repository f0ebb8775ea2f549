"""Which part of the corpus a question is put to: what one source published, what is about one topic, or all of it."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from index.search import Index, Rows
from ingest.records import Entry, Topic

Mask = NDArray[np.bool_]


class Scope(Struct, frozen=True):
    """The titles of a source and the name of a topic; None: any."""

    source: str | None = None
    topic: str | None = None


EVERYTHING = Scope()


def rows_within(index: Index, scope: Scope) -> Rows | None:
    """Return the rows of the views of all entries within ``scope``, ascending; None: of all there are.

    A name that the corpus has not got bounds nothing.
    """
    inside = np.ones(len(index.entries), dtype=bool)
    if scope.source in titles(index):
        inside &= [is_published_in(entry, scope.source) for entry in index.entries]
    for topic in index.corpus.topic:
        if topic.name == scope.topic:
            inside &= is_about(index, topic)
    return None if inside.all() else np.flatnonzero(np.repeat(inside, np.diff(index.first_rows)))


def is_published_in(entry: Entry, source: str) -> bool:
    """Return whether the source of this title has the entry, or a copy of it."""
    return any(found.source == source for found in entry.occurrences)


def is_about(index: Index, topic: Topic) -> Mask:
    """Return for each entry whether its question has one of the topic's words: (entries,)."""
    questions = index.first_rows[:-1]
    about = np.zeros(len(questions), dtype=bool)
    for phrase in topic.words:
        asked = index.keywords.ask(phrase)
        parts = list(asked.parts_at(questions).values())
        if len(parts) == asked.stems:
            about |= np.logical_and.reduce([part > 0 for part in parts])
    return about


def topics_of(index: Index, position: int) -> list[str]:
    """Return the names of the topics of the entry at ``position``."""
    return [topic.name for topic in index.corpus.topic if is_about(index, topic)[position]]


def titles(index: Index) -> list[str]:
    """Return the titles of the sources, in their order."""
    return list(dict.fromkeys(source.title for source in index.corpus.source))
