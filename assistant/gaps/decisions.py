"""What a maintainer decides on a gap -> rows of the corpus, to be reviewed and built like all others.

No text stands in two places: what is in the test set is never added to what is searched and learned from, nor the other
way round, and nothing is added twice.
"""

from __future__ import annotations

import itertools
import re
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from assistant.gaps import store
from assistant.gaps.records import Decided, Decision, Skipped
from assistant.gaps.store import stamp
from assistant.intake import LONGEST, append_rows, clean, where_known
from assistant.testset import OVERALL, Question, read_questions
from assistant.text import one_line
from assistant.wordings import Wordings, open_wordings
from ingest.entries import Line, check_place
from ingest.errors import InputError
from ingest.fetch.store import lock_corpus
from ingest.records import Alternate, Unanswered
from ingest.sameness import letters_of

BY = "from questions people asked"
SPLIT = "test"  # what people asked measures; it is never tuned on
FILES = {"unanswered": "unanswered.jsonl", "link": "alternates.jsonl", "test": "testset.jsonl"}


def decide(home: Path, corpus: Path, decision: Decision, now: datetime) -> Decided:
    """Write what was decided to the corpus, then note that these wordings are decided.

    A text that stands in one of the files, or is a published question, is not written again, but noted all the same.
    Raises InputError, with nothing written, when the decision names no text, no such entry, paragraph or kind, when the
    corpus can not be read or is being written to; IndexUnusable without an index.
    """
    file = FILES.get(decision.what)
    texts = tuple(dict.fromkeys(_checked(text) if file else text for text in decision.texts))
    if not texts:
        raise InputError("no wording is chosen; choose one or more")
    stub = make_stub(texts) if decision.what == "stub" else None
    written: tuple[str, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    if file:
        with lock_corpus(corpus):
            wordings = open_wordings(corpus, home)
            _check(decision, wordings)
            written, skipped = _sort_out(texts, wordings)
            append_rows(corpus / file, _rows(decision, written, corpus))
    _note(home, decision, texts, file if written else None, now)
    return Decided(file if written else None, written, skipped, stub)


def make_stub(texts: Sequence[str]) -> str:
    """Markdown for a page with a new entry: the first wording is its question. Nothing is written.

    The others stand before the question, where a build takes them for no part of the answer.
    """
    question, *others = map(one_line, texts)
    escaped = _MARKUP.sub(r"\\\g<0>", question)
    also = [f"<!-- Also asked: {text.replace('-', '‐')} -->" for text in others]
    return "\n".join([*also, *([""] if also else []), f"## {escaped}", "", "Write the answer here.", ""])


# Fewer marks than `sharing.escape` knows: a build takes the words as they stand, and a backslash would be one of them.
_MARKUP = re.compile(r"[\\`*_{}\[\]<>#|~]")


def _checked(text: str) -> str:
    plain = clean(text)
    if plain is None:
        raise InputError(f"{text[:40]!r} is no question of 1 to {LONGEST} characters; leave it out or dismiss it")
    return plain


def _check(decision: Decision, wordings: Wordings) -> None:
    """InputError for a decision that no row can be made of."""
    where = Line(wordings.corpus / FILES[decision.what], len(wordings.alternates) + 1)
    if decision.entry is not None:
        check_place(
            where,
            decision.entry,
            decision.paragraph if decision.what == "link" else None,
            {entry.id: len(entry.answer) for entry in wordings.index.entries},
        )
    elif decision.what == "link":
        raise InputError("no entry is chosen; choose the one that answers")
    if decision.what == "unanswered" and decision.kind not in ("near", "far", "talk"):
        raise InputError(f"an unanswered question is near, far or talk, not {decision.kind!r}; choose one of them")
    if decision.what == "test" and (not decision.kind.strip() or decision.kind == OVERALL):
        raise InputError(f"{decision.kind!r} is no kind of question; choose another")


def _sort_out(texts: Sequence[str], wordings: Wordings) -> tuple[tuple[str, ...], tuple[Skipped, ...]]:
    """The texts that are new, and those that stand somewhere."""
    stands = where_known(wordings)
    written: list[str] = []
    skipped: list[Skipped] = []
    for text in texts:
        key = letters_of(text)
        if key in stands:
            skipped.append(Skipped(text, stands[key]))
        else:
            stands[key] = "this decision"
            written.append(text)
    return tuple(written), tuple(skipped)


def _rows(decision: Decision, texts: Sequence[str], corpus: Path) -> list[Alternate | Unanswered | Question]:
    if decision.what == "link":
        return [Alternate(decision.entry or "", decision.paragraph, text, BY, True) for text in texts]
    if decision.what == "unanswered":
        kind = next(kind for kind in ("near", "far", "talk") if kind == decision.kind)
        return [Unanswered(text, kind, BY, True) for text in texts]
    relevant = (decision.entry,) if decision.entry else ()
    ids = _fresh_ids(corpus / FILES["test"])
    return [Question(name, text, relevant, decision.kind, SPLIT) for name, text in zip(ids, texts, strict=False)]


def _fresh_ids(testset: Path) -> Iterator[str]:
    """g001 and on: those that no row of the test set has."""
    known = {str(row.id) for _, row in read_questions(testset)} if testset.exists() else set()
    return (name for name in (f"g{number:03}" for number in itertools.count(1)) if name not in known)


def _note(home: Path, decision: Decision, texts: Sequence[str], file: str | None, now: datetime) -> None:
    rows = [
        (stamp(now), decision.what, text, letters_of(text), decision.entry, decision.paragraph, file) for text in texts
    ]
    try:
        with store.opened(home) as connection:
            connection.executemany(
                "INSERT INTO decided (at, what, text, letters, entry, paragraph, file) VALUES (?, ?, ?, ?, ?, ?, ?)",
                rows,
            )
    except (sqlite3.Error, OSError) as error:
        done = f"{file} has the rows, but " if file else ""
        raise InputError(
            f"{done}{home / store.NAME} can not note the decision: {error}; the wordings stay listed"
        ) from None
