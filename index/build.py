"""Material -> a new generation, published or not. What did not change is not encoded again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import numpy as np

from index.adapter import Adapter, learn_adapter
from index.arrays import open_array, write_arrays
from index.assemble import write_encoded, write_rows, write_texts, write_vectors, write_words
from index.encoder import Encoder, Progress
from index.errors import IndexUnusable
from index.families import find_families
from index.material import Material
from index.publish import Staged, discard, publish, seal, staging
from index.reader import Encoded, Index, Rows, open_index, read_index
from index.records import Manifest
from index.reuse import Source, find_rows
from index.store import SCHEMA, read_manifest
from index.texts import Texts

Calibrate = Callable[[Index], bytes]  # learns from a finished index when to refuse; see assistant/refusal.py

# Share of the texts that may come or go before it is learned anew how to adapt, to search and when to refuse. Learning
# takes nearly all of the time of a small change, and what is learned hardly moves with it.
DRIFT = 0.001


@dataclass(frozen=True)
class Prepared:
    """A new index, written aside, to be tried there and published or discarded; published, it is to be opened anew."""

    index: Index
    previous: Index | None  # the one that answers until then; None: there is none, or it is damaged
    staged: Staged
    encoded: int  # texts
    reused: int


@dataclass(frozen=True)
class Built:
    """What a build did."""

    index: Index
    generation: str | None  # the new generation; None: nothing changed, the current one stays
    encoded: int  # texts
    reused: int


def build_index(
    home: Path, material: Material, encoder: Encoder, calibrate: Calibrate, progress: Progress | None = None
) -> Built:
    """Make an index of ``material`` the current generation of ``home``, unless it already is: prepare and publish.

    ``progress`` is told how many of the texts that need it are encoded. Raises OSError when ``home`` can not be
    written; it is then as it was.
    """
    encoder.prepare()  # though nothing may have changed: a model that is missing or damaged is mended by a build
    current = find_current(home, material, encoder)
    if current is not None:
        return Built(current, None, 0, len(current.views) + len(current.unanswered))
    prepared = prepare_index(home, material, encoder, calibrate, progress)
    generation = publish_index(home, prepared)
    folder = home / "generations" / generation
    index = read_index(folder, read_manifest(folder), encoder)
    return Built(index, generation, prepared.encoded, prepared.reused)


def find_current(home: Path, material: Material, encoder: Encoder) -> Index | None:
    """Return the index of ``home`` when it is sound and made of just this, else None. The model is not loaded."""
    previous = _previous(home)
    if previous is None or previous.warning or previous.manifest.content != material.fingerprint(encoder):
        return None
    return previous


def publish_index(home: Path, prepared: Prepared) -> str:
    """Make a prepared index the current generation, and return its name; on failure nothing of it is left."""
    try:
        return publish(home, prepared.staged)
    except BaseException:
        discard(prepared.staged)
        raise


def prepare_index(
    home: Path, material: Material, encoder: Encoder, calibrate: Calibrate, progress: Progress | None = None
) -> Prepared:
    """Write an index of ``material`` aside in ``home``, which answers as before. See `build_index`.

    Where hardly anything changed since the older index learned, what it learned is kept: see DRIFT.
    """
    previous, lessons = _previous(home), material.lessons(encoder)
    same_encoder = previous if previous and previous.encoder.fingerprint == encoder.fingerprint else None
    older = same_encoder if same_encoder and same_encoder.manifest.lessons == lessons else None
    source = Source(material, older)
    with staging(home) as folder:
        texts = write_texts(folder, material, source)
        first_rows = open_array(folder, "first_rows")
        rows = find_rows(texts, source.rows(first_rows), same_encoder)
        write_rows(folder, texts, rows, same_encoder)
        encoded, anew = write_encoded(folder, texts, rows, same_encoder, encoder, progress)
        change = source.change(texts, first_rows)
        write_words(folder, texts, rows, older, change)
        drift = change.total + (older.manifest.drift if older else 0)
        kept = older if drift <= DRIFT * len(texts) else None
        families = find_families(material.entries, encoded, first_rows[:-1])
        adapter = kept.adapter if kept else _learn(material, encoded, np.repeat(families, np.diff(first_rows)))
        write_arrays(folder, families=families)
        write_vectors(folder, encoded, rows, len(texts.views), adapter, kept)
        index = read_index(folder, _describe(material, encoder, texts, encoded.shape[1], adapter), encoder)
        index = replace(index, refusal=kept.refusal if kept else calibrate(index))
        (folder / "refusal.json").write_bytes(index.refusal)
        manifest = msgspec.structs.replace(
            index.manifest, lessons=lessons, drift=drift if kept else 0, recall=index.vectors.recall
        )
        staged = seal(folder, manifest)
    return Prepared(replace(index, manifest=manifest), previous, staged, anew, len(texts) - anew)


def _learn(material: Material, encoded: Encoded, owners: Rows) -> Adapter | None:
    """What draws the texts of an entry together; ``owners`` (views,) are the families of the first of the texts."""
    views = len(owners)
    return learn_adapter(encoded[:views], owners, encoded[views:]) if material.adapt else None


def _describe(material: Material, encoder: Encoder, texts: Texts, dimension: int, adapter: Adapter | None) -> Manifest:
    """The manifest of an index, but for what is known when it is finished."""
    return Manifest(
        schema=SCHEMA,
        content=material.fingerprint(encoder),
        lessons="",
        drift=0,
        model=encoder.name,
        model_sha256=encoder.fingerprint,
        precision=encoder.precision,
        dimension=dimension,
        normalisation="unit",
        splitter=material.splitter,
        adapted=adapter is not None,
        entries=len(material.entries),
        views=len(texts.views),
        unanswered=len(texts.unanswered),
        recall=None,
        files={},
    )


def _previous(home: Path) -> Index | None:
    """The generation that answers: from a damaged one nothing is taken."""
    try:
        return open_index(home)
    except IndexUnusable:
        return None
