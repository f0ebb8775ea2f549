"""Homes to open the app on: corpora whose publishers differ, whose questions are kept, whose quality was measured."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from assistant import runs
from assistant.answer import answer
from assistant.evaluation import evaluate
from assistant.gaps.log import note_feedback, note_question
from assistant.gaps.records import Feedback
from assistant.records import Answer
from assistant.refusal import calibrate
from assistant.testset import read_testset
from index.build import build_index
from index.encoder import load_encoder
from index.reader import Index
from ingest.disk import write_bytes
from ingest.entries import encode_entries
from tests.conftest import LIBRARY, ROOT, material_of

KEPT = "\n[questions]\nlog = true\n"
CHARGES = """
[[source]]
title = "Charges"
capture = "pages/charges.md"
kind = "faq"
url = "https://library.example/charges"
publisher = "Fernhill Council"
licence = "Made up for tests"
"""
CHARGES_PAGE = """# Charges

## Is there a charge for late books?

Certainly. The fine is twenty pence a day for each book. It stops at five pounds. Readers under sixteen
never pay a fine.
"""
EVERY = 12  # of the test set's questions one is measured
# What people asked in vain, how often, and how many weeks ago.
ASKED = (
    ("How long does a typical procurement take?", 5, 0),
    ("how many months until the contract is signed", 2, 1),
    ("Where can I download a template contract?", 4, 1),
    ("is there a model contract to download", 3, 2),
    ("Who pays when the provider goes bankrupt?", 3, 0),
    ("What does the Procurement Act 2023 change?", 6, 0),
    ("what is different under the new procurement act", 2, 3),
    ("Do grants have to follow the same rules as contracts?", 4, 1),
)


def make_town(folder: Path) -> Path:
    """Make ``corpus`` and ``home`` of a made-up library whose two publishers differ; its questions are kept."""
    shutil.copytree(LIBRARY, folder / "corpus")
    (folder / "corpus/pages/charges.md").write_text(CHARGES_PAGE, "utf-8")
    _build(folder, CHARGES + KEPT)
    return folder


def make_maintained(folder: Path, home: Path) -> Path:
    """Make ``corpus`` and ``home`` of the bundled corpus, with questions and runs; what ``home`` has is used again."""
    shutil.copytree(ROOT / "corpus", folder / "corpus")
    shutil.copytree(home, folder / "home", ignore=shutil.ignore_patterns(runs.FOLDER, "questions.db*"))
    index = _build(folder, KEPT)
    _ask(folder / "home", index)
    testset = folder / "corpus/testset.jsonl"
    measured = evaluate(index, read_testset(testset, index)[::EVERY])
    for _ in range(2):
        runs.keep(folder / "home", index, testset, None, measured)
    return folder


def _build(folder: Path, more: str) -> Index:
    """Build the home of a corpus, with ``more`` in its description."""
    corpus, home = folder / "corpus", folder / "home"
    described = corpus / "sources.toml"
    described.write_text(described.read_text("utf-8") + more, "utf-8")
    material = material_of(corpus)
    write_bytes(corpus / "entries.jsonl", encode_entries(material.entries))
    return build_index(home, material, load_encoder(home=home), calibrate).index


def _ask(home: Path, index: Index) -> None:
    now, settings = datetime.now(UTC), index.corpus.questions
    for text, times, weeks in ASKED:
        outcome = answer(text, index)
        for time in range(times):
            note_question(home, settings, outcome, now - timedelta(weeks=weeks, minutes=time))
    outcome = answer(ASKED[-1][0], index)
    assert isinstance(outcome, Answer)
    number = note_question(home, settings, outcome, now)
    said = Feedback(now, outcome.entry.id, False, "It says nothing about loans.", number)
    note_feedback(home, settings, said)
