"""Material -> a new generation, published or not. What did not change is not encoded again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import numpy as np

from index.adapter import learn_adapter
from index.arrays import open_array, write_arrays
from index.assemble import Known, count_drift, find_known, write_encoded, write_texts, write_vectors, write_words
from index.encoder import Encoder, Progress
from index.errors import IndexUnusable
from index.families import find_families
from index.material import Material
from index.publish import Staged, discard, publish, seal, staging
from index.records import Manifest
from index.search import Halves, Index, open_index, read_index
from index.store import SCHEMA
from index.texts import Texts

Calibrate = Callable[[Index], bytes]  # learns from a finished index when to refuse; see assistant/refusal.py

# Share of the texts that may come or go before it is learned anew how to adapt, to search and when to refuse. Learning
# takes nearly all of the time of a small change, and what is learned hardly moves with it.
DRIFT = 0.001


@dataclass(frozen=True)
class Prepared:
    """A new index, written aside: it answers once it is published, or is discarded."""

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
    current = find_current(home, material, encoder)
    if current is not None:
        return Built(current, None, 0, len(current.views) + len(current.unanswered))
    prepared = prepare_index(home, material, encoder, calibrate, progress)
    generation = publish_index(home, prepared)
    index = read_index(home / "generations" / generation, prepared.index.manifest, encoder)
    return Built(index, generation, prepared.encoded, prepared.reused)


def find_current(home: Path, material: Material, encoder: Encoder) -> Index | None:
    """Return the index of ``home`` when it is sound and made of just this, else None. The model is not loaded."""
    previous = _previous(home)
    if previous is None or previous.manifest.content != material.fingerprint(encoder):
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
    encoder.prepare()
    previous = _previous(home)
    with staging(home) as folder:
        texts = write_texts(folder, material)
        known = find_known(texts, previous, encoder)
        encoded, anew = write_encoded(folder, texts, known, encoder, progress)
        write_words(folder, texts, known)
        index = _learn(folder, material, texts, encoded, known, encoder, calibrate)
        staged = seal(folder, index.manifest)
    return Prepared(index, previous, staged, anew, len(texts) - anew)


def _learn(
    folder: Path,
    material: Material,
    texts: Texts,
    encoded: Halves,
    known: Known | None,
    encoder: Encoder,
    calibrate: Calibrate,
) -> Index:
    """Write what depends on all texts together, learned anew or kept; return the finished index."""
    first_rows, views = open_array(folder, "first_rows"), len(texts.views)
    families = find_families(material.entries, encoded, first_rows[:-1])
    write_arrays(folder, families=families)
    drift = _drift(material, texts, known, encoder)
    kept = known.index if known and drift is not None else None
    if kept is not None:
        adapter = kept.adapter
    elif material.adapt:
        owners = np.repeat(families, np.diff(first_rows))
        adapter = learn_adapter(encoded[:views], owners, encoded[views:])
    else:
        adapter = None
    write_vectors(folder, encoded, views, adapter, kept)
    manifest = Manifest(
        schema=SCHEMA,
        content=material.fingerprint(encoder),
        lessons=material.lessons(encoder),
        drift=drift or 0,
        model=encoder.name,
        model_sha256=encoder.fingerprint,
        precision=encoder.precision,
        dimension=encoded.shape[1],
        adapted=adapter is not None,
        entries=len(material.entries),
        views=views,
        unanswered=len(texts.unanswered),
        recall=None,
        files={},
    )
    index = read_index(folder, manifest, encoder)
    index = replace(index, manifest=msgspec.structs.replace(manifest, recall=index.vectors.recall))
    index = replace(index, refusal=kept.refusal if kept else calibrate(index))
    (folder / "refusal.json").write_bytes(index.refusal)
    return index


def _drift(material: Material, texts: Texts, known: Known | None, encoder: Encoder) -> int | None:
    """How many texts came or went since the older generation learned; None when it is to be learned anew."""
    if known is None or known.index.manifest.lessons != material.lessons(encoder):
        return None
    drift = known.index.manifest.drift + count_drift(known, texts, material.entries)
    return drift if drift <= DRIFT * len(texts) else None


def _previous(home: Path) -> Index | None:
    """The current generation when it is sound: from a damaged one nothing is taken."""
    try:
        return open_index(home)
    except IndexUnusable:
        return None
