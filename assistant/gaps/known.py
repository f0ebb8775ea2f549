"""What stands in the corpus already -> letters that are no gaps, whoever asks them."""

from __future__ import annotations

from pathlib import Path

from assistant.testset import read_questions
from index.reader import Index
from index.records import WORDINGS
from ingest.sameness import letters_of


def letters_known(index: Index, corpus: Path) -> frozenset[str]:
    """The `letters_of` published questions, alternates and unanswered questions of the index, and of the test set.

    A corpus without a test set, or no such folder, adds none. Raises InputError, naming the line, for a row of the test
    set that can not be read.
    """
    texts = [view.text for view in index.views if view.kind in WORDINGS]
    texts += [row.text for row in index.unanswered]
    testset = corpus / "testset.jsonl"
    if testset.exists():
        texts += [row.question for _, row in read_questions(testset)]
    return frozenset(map(letters_of, texts))
