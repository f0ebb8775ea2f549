"""An index as it would be had it not learned from some of its own texts: what a fair trial of those texts needs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from index.adapter import learn_adapter
from index.reader import Index, Rows
from index.vectors import Vectors


def without(index: Index, rows: Rows, unanswered: Rows) -> Index:
    """Return ``index`` with an adapter that has seen neither these views nor these unanswered questions.

    They still stand in it: a search hides them. Without an adapter there is nothing to unlearn; where the rest is too
    little to learn from, the encoder's own vectors stay.
    """
    if index.adapter is None:
        return index
    views, encoded = len(index.views), index.encoded
    seen, seen_outside = np.delete(np.arange(views), rows), np.delete(np.arange(len(index.unanswered)), unanswered)
    adapter = learn_adapter(encoded[seen], index.view_families[seen], encoded[views + seen_outside])
    plain = encoded.astype(np.float32)
    vectors = adapter.apply(plain) if adapter else plain
    outside = Vectors.of(vectors[views:]) if len(index.unanswered) else None
    return replace(index, adapter=adapter, vectors=Vectors.of(vectors[:views]), unanswered_vectors=outside)
