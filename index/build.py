"""Entries -> a new generation. What did not change is not encoded again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from index.adapter import learn_adapter
from index.encoder import Encoder, Progress
from index.errors import IndexUnusable
from index.families import find_families
from index.keywords import Keywords
from index.passages import make_passages, make_views
from index.publish import Staged, discard, publish, stage
from index.records import Manifest
from index.search import CAPTURES, Index, open_index
from index.store import SCHEMA, open_generation
from index.vectors import Vectors
from ingest.entries import ReadyMade
from ingest.records import Alternate, Corpus, Entry, Report, Unanswered

Calibrate = Callable[[Index], bytes]  # learns from a finished index when to refuse; see assistant/refusal.py


@dataclass(frozen=True)
class Material:
    """Everything that an index is made from."""

    corpus: Corpus
    entries: tuple[Entry, ...]
    captures: Mapping[str, str]  # path -> text
    alternates: tuple[Alternate, ...] = ()
    unanswered: tuple[Unanswered, ...] = ()
    report: Report | None = None
    adapt: bool = True  # learn an adapter
    rules: str = ""  # what the calibration depends on beside all this: an index made by other rules is made anew

    @classmethod
    def of_ready_made(cls, ready: ReadyMade) -> Material:
        """Return what ready-made entries bring by themselves."""
        capture = ready.capture
        corpus = Corpus(Path(capture.source.title).stem, (capture.source,))
        return cls(corpus, ready.entries, {capture.path: capture.text})


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
        return Built(current, None, 0, len(current.texts))
    prepared = prepare_index(home, material, encoder, calibrate, progress)
    return Built(prepared.index, publish_index(home, prepared), prepared.encoded, prepared.reused)


def find_current(home: Path, material: Material, encoder: Encoder) -> Index | None:
    """Return the index of ``home`` when it is sound and made of just this, else None. The model is not loaded."""
    previous = _previous(home)
    if previous is None or open_generation(home)[1].content != _fingerprint(material, encoder):
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
    """Write an index of ``material`` aside in ``home``, which answers as before. See `build_index`."""
    previous = _previous(home)
    views = make_views(material.entries, material.alternates)
    texts = [view.text for view in views] + [row.text for row in material.unanswered]
    vectors, encoded = _encode(texts, encoder, previous, progress)
    owners = np.array([view.entry for view in views])
    families = find_families(material.entries, vectors[np.searchsorted(owners, range(len(material.entries)))])
    adapter = learn_adapter(vectors[: len(views)], families[owners], vectors[len(views) :]) if material.adapt else None
    adapted = adapter.apply(vectors) if adapter else vectors
    index = Index(
        corpus=material.corpus,
        entries=material.entries,
        passages=make_passages(material.entries, material.captures),
        views=views,
        unanswered=material.unanswered,
        captures=dict(material.captures),
        report=material.report,
        vectors=Vectors.of(adapted[: len(views)]),
        unanswered_vectors=Vectors.of(adapted[len(views) :]) if material.unanswered else None,
        keywords=Keywords.of([view.text for view in views]),
        encoder=encoder,
        adapter=adapter,
        encoded=vectors,
        families=families,
        refusal=b"",
    )
    index = replace(index, refusal=calibrate(index))
    manifest = Manifest(
        schema=SCHEMA,
        content=_fingerprint(material, encoder),
        model=encoder.name,
        model_sha256=encoder.fingerprint,
        dimension=index.vectors.dimension,
        adapted=adapter is not None,
        entries=len(index.entries),
        views=len(index.views),
        unanswered=len(index.unanswered),
        files={},
    )
    staged = stage(home, manifest, lambda folder: _write(index, folder))
    return Prepared(index, previous, staged, encoded, len(texts) - encoded)


def _fingerprint(material: Material, encoder: Encoder) -> str:
    """Changes with everything that an index is made from, and with the code that makes it.

    Not with the day on which a page was fetched: the same pages, fetched again, make the same index.
    """
    undated = tuple(msgspec.structs.replace(source, fetched=None) for source in material.corpus.source)
    parts = [
        SCHEMA,
        encoder.name,
        encoder.fingerprint,
        msgspec.structs.replace(material.corpus, source=undated),
        material.entries,
        sorted(material.captures.items()),
        material.alternates,
        material.unanswered,
        material.report,
        material.adapt,
        material.rules,
        [path.read_text(encoding="utf-8") for path in sorted(Path(__file__).parent.glob("*.py"))],
    ]
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()


def _previous(home: Path) -> Index | None:
    """The current generation when it is sound: from a damaged one nothing is taken."""
    try:
        return open_index(home)
    except IndexUnusable:
        return None


def _encode(
    texts: Sequence[str], encoder: Encoder, previous: Index | None, progress: Progress | None
) -> tuple[NDArray[np.float32], int]:
    """Return the vectors of ``texts``, and how many texts were encoded rather than taken from ``previous``."""
    known: dict[str, NDArray[np.float32]] = {}
    if previous is not None and previous.encoder.fingerprint == encoder.fingerprint:
        known.update(zip(previous.texts, previous.encoded, strict=True))
    missing = list(dict.fromkeys(text for text in texts if text not in known))
    if missing:
        known.update(zip(missing, encoder.encode(missing, progress), strict=True))
    return np.stack([known[text] for text in texts]), len(missing)


def _write(index: Index, folder: Path) -> None:
    (folder / "corpus.json").write_bytes(msgspec.json.encode(index.corpus))
    (folder / "entries.jsonl").write_bytes(_lines(index.entries))
    (folder / "passages.jsonl").write_bytes(_lines(index.passages))
    (folder / "views.jsonl").write_bytes(_lines(index.views))
    (folder / "unanswered.jsonl").write_bytes(_lines(index.unanswered))
    for capture, text in index.captures.items():
        path = folder / CAPTURES / capture
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode(errors="surrogatepass"))
    (folder / "report.json").write_bytes(msgspec.json.encode(index.report))
    (folder / "families.json").write_bytes(msgspec.json.encode(index.families.tolist()))
    (folder / "refusal.json").write_bytes(index.refusal)
    with (folder / "encoded.npy").open("wb") as file:
        np.save(file, index.encoded, allow_pickle=False)
    if index.adapter is not None:
        index.adapter.write(folder / "adapter.npy")
    index.vectors.write(folder / "vectors.faiss")
    if index.unanswered_vectors is not None:
        index.unanswered_vectors.write(folder / "unanswered.faiss")
    index.keywords.write(folder / "keywords")


def _lines(records: Sequence[msgspec.Struct]) -> bytes:
    return msgspec.json.Encoder().encode_lines(records)
