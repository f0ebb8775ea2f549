"""A set's material and questions -> its index, as shipped or built otherwise. Every text is encoded once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from assistant.home import default_home
from assistant.refusal import UNTAUGHT
from assistant.testset import Question, read_testset
from benchmarks.ablation.ranking import Ranking, search_all
from benchmarks.public.data import data_folder, passing_home, read_questions
from index.build import Calibrate, Material, build_index
from index.encoder import Encoder, Progress, load_encoder
from index.reader import Index, open_index
from index.vectors import Floats
from ingest.entries import read_alternates, read_ready_made, read_unanswered

CORPUS = Path("corpus")
SPLIT = "dev"  # what pieces are chosen on; the other split is for `make evaluate`
PUBLIC = ("banking77", "jhu_covidfaq")


class RememberingEncoder:
    """An encoder that keeps each vector: the variants of an index share nearly all of their texts."""

    def __init__(self, encoder: Encoder) -> None:
        self.inner, self.name, self.fingerprint = encoder, encoder.name, encoder.fingerprint
        self.precision = encoder.precision
        self._known: dict[str, Floats] = {}

    def prepare(self) -> str | None:
        """Make the inner encoder ready."""
        return self.inner.prepare()

    def remember(self, texts: Sequence[str], vectors: Floats) -> None:
        """Take over vectors that this very encoder made."""
        self._known.update(zip(texts, np.array(vectors), strict=True))

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Floats:
        """Return what the encoder returns."""
        missing = list(dict.fromkeys(text for text in texts if text not in self._known))
        if missing or not texts:
            self.remember(missing, self.inner.encode(missing, progress))
        return np.array([self._known[text] for text in texts], dtype=np.float32)


@dataclass(frozen=True)
class Set:
    """One set of questions, and everything that its index is made from."""

    name: str
    material: Material
    encoder: Encoder
    questions: tuple[Question, ...]  # in scope or not

    @cached_property
    def index(self) -> Index:
        """The index as shipped, but for its refusal."""
        return self.build()

    @cached_property
    def inside(self) -> tuple[Question, ...]:
        """The questions in scope."""
        return tuple(question for question in self.questions if question.relevant)

    @cached_property
    def rankings(self) -> list[Ranking]:
        """What the product finds for each question in scope."""
        return search_all(self.index, self.inside)

    def build(self, calibrate: Calibrate | None = None, encoder: Encoder | None = None, **changes: Any) -> Index:
        """Return the index of the material with ``changes``; without ``calibrate`` its refusal is that of UNTAUGHT."""
        material = replace(self.material, **changes)
        learn = calibrate or (lambda index: msgspec.json.encode(UNTAUGHT))
        return build_index(passing_home(), material, encoder or self.encoder, learn).index


def read_sets() -> Iterator[Set]:
    """Return the bundled corpus, with its alternates and without, then the public sets.

    The vectors of the bundled corpus are taken from the index in the default home.
    Raises IndexUnusable without an index, InputError where a public set is not there.
    """
    folder = data_folder()
    built = open_index(default_home())
    encoder = RememberingEncoder(load_encoder())
    if built.encoder.fingerprint == encoder.fingerprint:
        encoder.remember(built.texts, built.encoded)
    material = Material(
        corpus=built.corpus,
        entries=built.entries,
        captures=built.captures,
        alternates=read_alternates(CORPUS / "alternates.jsonl", built.entries),
        unanswered=read_unanswered(CORPUS / "unanswered.jsonl"),
    )
    questions = read_testset(CORPUS / "testset.jsonl", built, SPLIT)
    yield Set(f"bundled {SPLIT}", material, encoder, questions)
    yield Set(f"bundled {SPLIT} without alternates", replace(material, alternates=()), encoder, questions)
    for name in PUBLIC:
        material = Material.of_ready_made(read_ready_made(folder / name / "entries.jsonl"))
        yield Set(name, material, encoder, read_questions(folder / name / "queries.jsonl"))
