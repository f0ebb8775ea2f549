"""The same FAQ pages as they stood at two times -> which copies are found again.

Citewell's own grouping (`ingest/duplicates.py`) gets all entries of both snapshots at once. What counts are pairs
across the snapshots. Labelled are those of one source whose questions are the same but for case and punctuation. So
precision counts pairs within one source, and of Citewell's groups those with the same question; a reworded question
with the same answer, which it makes an alternate, is not labelled, and has a row of its own. A pair in conflict counts
as recognised: both answers are kept, and each names the other.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable, Sequence
from itertools import chain, product
from pathlib import Path

import numpy as np
from msgspec import Struct
from rapidfuzz.fuzz import ratio, token_set_ratio
from rapidfuzz.process import cdist

from assistant.figures import figure_of
from benchmarks.public.data import read_bytes, read_rows
from benchmarks.public.records import Duplicates, Found
from ingest import duplicates, finds
from ingest.errors import InputError
from ingest.records import Block, Capture, Source
from ingest.spans import fold_text

ALL = "all"
ALIKE = 90  # per cent: a customary cut, not tuned on these pairs


class Document(Struct, frozen=True):
    """A row of ``docs.jsonl.gz``: an entry as one snapshot of a page has it."""

    id: str
    question: str
    answer: str
    source: str
    snapshot: str


class Pair(Struct, frozen=True):
    """A row of ``pairs.jsonl``: two entries that are copies; ``a`` is of the older snapshot."""

    a: str
    b: str
    kind: str


Pairs = set[tuple[str, str]]  # ids, of the older snapshot and of the newer


def measure_duplicates(documents: Sequence[Document], pairs: Sequence[Pair]) -> tuple[Duplicates, ...]:
    """Return a row for each method: Citewell's merging, with what it reports as differing, and two baselines."""
    return tuple(_judge(method, find(documents), documents, pairs) for method, find in METHODS.items())


def read_documents(path: Path) -> tuple[Document, ...]:
    """Return the rows of ``docs.jsonl.gz``. Raises InputError when it is not there or not such a file."""
    try:
        content = gzip.decompress(read_bytes(path))
    except (OSError, EOFError) as error:
        raise InputError(f"{path} is not a file of this set ({error}); get it again") from None
    return read_rows(path, content, Document)


def read_pairs(path: Path) -> tuple[Pair, ...]:
    """Return the rows of ``pairs.jsonl``. Raises InputError when it is not there or not such a file."""
    return read_rows(path, read_bytes(path), Pair)


def _merged(documents: Sequence[Document]) -> Pairs:
    groups = duplicates.group(map(as_find, documents))
    return _same_question(documents, _across(documents, map(_members, groups)))


def _recognised(documents: Sequence[Document]) -> Pairs:
    """As merged, and each group with those that it contradicts: kept apart for their answers alone."""
    groups = duplicates.group(map(as_find, documents))
    rivals = [_members(group) + _members(groups[rival.group]) for group in groups for rival in group.rivals]
    return _same_question(documents, _across(documents, [*map(_members, groups), *rivals]))


def _merged_at_all(documents: Sequence[Document]) -> Pairs:
    """As merged, and other questions with the same answer, which nobody labelled."""
    return _across(documents, map(_members, duplicates.group(map(as_find, documents))))


def _same_question(documents: Sequence[Document], pairs: Pairs) -> Pairs:
    """The pairs whose questions are the same; of a group, others are its alternates."""
    questions = {document.id: fold_text(document.question) for document in documents}
    least = 100 * duplicates.SAME_QUESTION
    return {(a, b) for a, b in pairs if ratio(questions[a], questions[b]) >= least}


def _exact(documents: Sequence[Document]) -> Pairs:
    same: dict[tuple[str, str], list[str]] = {}
    for document in documents:
        same.setdefault((document.question, document.answer), []).append(document.id)
    return _across(documents, same.values())


def _token_sets(documents: Sequence[Document]) -> Pairs:
    older, newer = _snapshots(documents)
    questions = [[document.question.casefold() for document in side] for side in (older, newer)]
    near = np.argwhere(cdist(*questions, scorer=token_set_ratio, score_cutoff=ALIKE) > 0)
    return {
        (a.id, b.id)
        for a, b in ((older[row], newer[column]) for row, column in near)
        if token_set_ratio(a.answer.casefold(), b.answer.casefold()) >= ALIKE
    }


METHODS: dict[str, Callable[[Sequence[Document]], Pairs]] = {
    "Citewell, merged": _merged,
    "Citewell, merged or in conflict": _recognised,
    "Citewell, merged, with alternates": _merged_at_all,
    "exact text": _exact,
    f"token sets {ALIKE} % alike": _token_sets,
}


def as_find(document: Document) -> finds.Found:
    """A document as though it had been found on a page of its own, named by its id."""
    text = f"{document.question}\n\n{document.answer}"
    source = Source(document.source, document.id, "faq", publisher=document.source, licence="")
    block = Block("paragraph", document.answer, len(text) - len(document.answer), len(text))
    capture = Capture(source, document.id, text, "", "plain")
    return finds.Found(capture, "qa", document.question, (block,), 0, len(text), heading=None, date=None)


def _members(group: duplicates.Group) -> list[str]:
    return [found.capture.path for found in (group.best, *(copy.found for copy in group.copies))]


def _across(documents: Sequence[Document], groups: Iterable[Sequence[str]]) -> Pairs:
    older = {document.id for document in _snapshots(documents)[0]}
    sides = (([x for x in group if x in older], [x for x in group if x not in older]) for group in groups)
    return set(chain.from_iterable(product(*side) for side in sides))


def _snapshots(documents: Sequence[Document]) -> tuple[list[Document], list[Document]]:
    first = min(document.snapshot for document in documents)
    return [d for d in documents if d.snapshot == first], [d for d in documents if d.snapshot != first]


def _judge(method: str, found: Pairs, documents: Sequence[Document], pairs: Sequence[Pair]) -> Duplicates:
    sources = {document.id: document.source for document in documents}
    labelled = {(pair.a, pair.b) for pair in pairs}
    within = {pair for pair in found if sources[pair[0]] == sources[pair[1]]}
    right = len(within & labelled)
    return Duplicates(
        method=method,
        kinds=tuple(_recall(kind, found, pairs) for kind in (*dict.fromkeys(pair.kind for pair in pairs), ALL)),
        precision=right / len(within) if within else None,
        f1=2 * right / (len(within) + len(labelled)) if labelled else None,
        unlabelled=len(within) - right,
        elsewhere=len(found) - len(within),
    )


def _recall(kind: str, found: Pairs, pairs: Sequence[Pair]) -> Found:
    hits = [(pair.a, pair.b) in found for pair in pairs if kind in (pair.kind, ALL)]
    return Found(kind, len(hits), figure_of(np.mean, np.array(hits, dtype=float)))
