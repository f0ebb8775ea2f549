"""An exported model on disk: checked, loaded, run by onnxruntime. How it got there: `index/export.py`."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from index.records import StoredModel
from index.store import Unsound, find_damage, sum_of

FORMAT = 2  # raised whenever what an export writes changes its meaning
RECORD, GRAPH, WEIGHTS, TOKENISER = "model.json", "model.onnx", "model.data", "tokenizer.json"
SUM = "model.sha256"  # the checksum of the record, as that has those of the other files
WINDOW = 4096  # texts that are sorted by length at a time: token ids of all texts of a large corpus would fill memory
BUDGET = 256  # tokens a batch, its padding counted: what is between two layers then fits the cache of one core
Ids = list[int]
Floats = NDArray[np.float32]


def read_model(folder: Path, fingerprint: str) -> StoredModel:
    """Return the record of the model exported into ``folder``, after checking every file.

    Raises IndexUnusable when there is none, it is damaged, or it is not of the encoder with this ``fingerprint``.
    """
    stored = check_model(folder)
    if stored.fingerprint != fingerprint:
        raise Unsound(f"the model in {folder} is another one")
    return stored


def check_model(folder: Path, *, anew: bool = False) -> StoredModel:
    """Return the record of the model in ``folder``, after checking every file; ``anew`` whatever was noted of it.

    Raises Unsound when there is none, or it is damaged.
    """
    unreadable = f"the model in {folder} is damaged ({RECORD})"
    if not (folder / RECORD).exists():
        raise Unsound(f"no model in {folder}")
    try:
        record = (folder / RECORD).read_bytes()
        if msgspec.json.decode(record, type=dict).get("format") != FORMAT:
            raise Unsound(f"the model in {folder} is of another version")
        stored = msgspec.json.decode(record, type=StoredModel)
        if (folder / SUM).read_bytes() != sum_of(record, RECORD):
            raise Unsound(unreadable)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Unsound(unreadable) from error
    damaged = find_damage(folder, stored.files, anew=anew)
    if damaged is not None:
        raise Unsound(f"the model in {folder} is damaged ({damaged})")
    return stored


class ExportedModel:
    """A loaded model. Any number of threads may call it; as many passes run at once as there are cores.

    A pass that is alone takes all cores. Passes beside others, and the batches of many texts, take one core each, which
    is the faster way to share them.
    """

    def __init__(self, folder: Path, stored: StoredModel) -> None:
        from tokenizers import Tokenizer

        self._folder, self._stored = folder, stored
        try:
            self._tokeniser = Tokenizer.from_file(str(folder / TOKENISER))
            self._wide = _open_session(folder / GRAPH)
        except Exception as error:  # what the two raise is nothing narrower
            reason = " ".join(str(error).split())[:200]
            raise Unsound(f"the model in {folder} can not be loaded ({reason})") from error
        self._narrow: Any = None  # opened when it is first needed: asking one question does not
        self._inputs = [each.name for each in self._wide.get_inputs()]
        self._cores = os.cpu_count() or 1
        self._passes = threading.BoundedSemaphore(self._cores)
        self._lock = threading.Lock()
        self._running = 0

    def encode(self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None) -> Floats:
        """Return the unit vectors (len(texts), dimension) of ``texts``, in their order."""
        vectors = np.empty((len(texts), self._stored.dimension), dtype=np.float32)
        done = 0
        for start in range(0, len(texts), WINDOW):
            # One by one: that is a hundredth of the time of the passes, and its own threads would only be in their way.
            tokens = [self._tokeniser.encode(text).ids for text in texts[start : start + WINDOW]]
            batches = _make_batches([len(ids) for ids in tokens])
            parts = self._run_all([[tokens[row] for row in rows] for rows in batches])
            for rows, part in zip(batches, parts, strict=True):
                vectors[[start + row for row in rows]] = part
                done += len(rows)
                if progress:
                    progress(done, len(texts))
        return vectors

    def _run_all(self, batches: Sequence[Sequence[Ids]]) -> Iterator[Floats]:
        if len(batches) == 1:
            yield self._run(batches[0], shared=False)
            return
        with ThreadPoolExecutor(self._cores) as pool:
            yield from pool.map(self._run, batches)

    def _run(self, tokens: Sequence[Ids], shared: bool = True) -> Floats:
        ids = np.full((len(tokens), max(map(len, tokens))), self._stored.padding, dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, own in enumerate(tokens):
            ids[row, : len(own)] = own
            mask[row, : len(own)] = 1
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        with self._passes, self._session(shared) as session:
            vectors: Floats = session.run(None, {name: given[name] for name in self._inputs})[0]
        return vectors

    @contextmanager
    def _session(self, shared: bool) -> Iterator[Any]:
        with self._lock:
            if (shared or self._running) and self._narrow is None:
                self._narrow = _open_session(self._folder / GRAPH, threads=1)
            session = self._narrow if shared or self._running else self._wide
            self._running += 1
        try:
            yield session
        finally:
            with self._lock:
                self._running -= 1


def _open_session(graph: Path, threads: int = 0) -> Any:
    """A session of so many threads; 0: as many as there are cores."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL  # the export has done it
    # Threads wait for the next part of a pass with open eyes, but not for the next pass: others want the core.
    options.add_session_config_entry("session.force_spinning_stop", "1")
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


def _make_batches(lengths: Sequence[int]) -> list[list[int]]:
    """Rows of like length, longest first, together at most BUDGET tokens: padding is wasted work."""
    batches: list[list[int]] = []
    for row in sorted(range(len(lengths)), key=lambda row: -lengths[row]):
        if not batches or (len(batches[-1]) + 1) * lengths[batches[-1][0]] > BUDGET:
            batches.append([])
        batches[-1].append(row)
    return batches
