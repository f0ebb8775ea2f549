"""Which part of the corpus a question is put to: what one source published, what is about one topic, or all of it."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from index.reader import Index, Rows
from ingest.records import Topic

Mask = NDArray[np.bool_]


class Scope(Struct, frozen=True):
    """The title of a source, and the name of a topic; None: any."""

    source: str | None = None
    topic: str | None = None

    @property
    def named(self) -> str:
        """What it is called to a reader; empty for everything."""
        return " and ".join(f"“{name}”" for name in (self.source, self.topic) if name)


EVERYTHING = Scope()


def rows_within(index: Index, scope: Scope) -> Rows | None:
    """Return the rows of the views of all entries within ``scope``, ascending; None: of all there are.

    A name that the corpus has not got bounds nothing.
    """
    inside = np.ones(len(index.entries), dtype=bool)
    if scope.source in index.published:
        inside[:] = False
        inside[index.published[scope.source]] = True
    for topic in index.corpus.topic:
        if topic.name == scope.topic:
            inside &= is_about(index, topic)
    return None if inside.all() else np.flatnonzero(np.repeat(inside, np.diff(index.first_rows)))


def is_about(index: Index, topic: Topic) -> Mask:
    """Return for each entry whether its question has one of the topic's words: (entries,).

    A phrase of words that say nothing ("for it") is in no question.
    """
    questions = index.first_rows[:-1]
    about = np.zeros(len(questions), dtype=bool)
    for phrase in topic.words:
        asked = index.keywords.ask(phrase)
        parts = list(asked.parts_at(questions).values())
        if parts and len(parts) == asked.stems:
            about |= np.logical_and.reduce([part > 0 for part in parts])
    return about


def empty_topics(index: Index) -> list[Topic]:
    """Return the topics of the corpus that no entry is about."""
    return [topic for topic in index.corpus.topic if not is_about(index, topic).any()]
