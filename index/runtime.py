"""An exported model on disk: checked, loaded, run by onnxruntime. How it got there: `index/export.py`."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from index.errors import IndexUnusable
from index.records import StoredModel
from index.store import find_damage

FORMAT = 1  # raised whenever what an export writes changes its meaning
RECORD, GRAPH, WEIGHTS, TOKENISER = "model.json", "model.onnx", "model.data", "tokenizer.json"
WINDOW = 4096  # texts that are sorted by length at a time: token ids of all texts of a large corpus would fill memory
BUDGET = 256  # tokens a batch, its padding counted: what is between two layers then fits the cache of one core
Ids = list[int]


def read_model(folder: Path, fingerprint: str) -> StoredModel:
    """Return the record of the model exported into ``folder``, after checking every file.

    Raises IndexUnusable when there is none, it is damaged, or it is not of the encoder with this ``fingerprint``.
    """
    try:
        stored = msgspec.json.decode((folder / RECORD).read_bytes(), type=StoredModel)
    except FileNotFoundError as error:
        raise IndexUnusable(f"no model in {folder}; run `citewell build`") from error
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise IndexUnusable(f"the model in {folder} is damaged ({RECORD}); run `citewell build`") from error
    if (stored.format, stored.fingerprint) != (FORMAT, fingerprint):
        raise IndexUnusable(f"the model in {folder} is another one; run `citewell build`")
    damaged = find_damage(folder, stored.files)
    if damaged is not None:
        raise IndexUnusable(f"the model in {folder} is damaged ({damaged}); run `citewell build`")
    return stored


class ExportedModel:
    """A loaded model. Any number of threads may call it; as many passes run at once as there are cores.

    Each pass runs on one core, and the batches of many texts are spread over the cores: two cores on one short text
    gain next to nothing, and cost a multiple of it where another process wants the second core.
    """

    def __init__(self, folder: Path, stored: StoredModel) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL  # the export has done it
        try:
            self._tokeniser = Tokenizer.from_file(str(folder / TOKENISER))
            self._session = onnxruntime.InferenceSession(folder / GRAPH, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # what the two raise is nothing narrower
            reason = " ".join(str(error).split())[:200]
            raise IndexUnusable(f"the model in {folder} can not be loaded ({reason}); run `citewell build`") from error
        self._inputs = [each.name for each in self._session.get_inputs()]
        self._stored = stored
        self._cores = os.cpu_count() or 1
        self._passes = threading.BoundedSemaphore(self._cores)

    def encode(self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None) -> NDArray[np.float32]:
        """Return the unit vectors (len(texts), dimension) of ``texts``, in their order."""
        vectors = np.empty((len(texts), self._stored.dimension), dtype=np.float32)
        done = 0
        for start in range(0, len(texts), WINDOW):
            tokens = [each.ids for each in self._tokeniser.encode_batch_fast(list(texts[start : start + WINDOW]))]
            batches = _make_batches([len(ids) for ids in tokens])
            for rows, part in zip(
                batches, self._run_all([[tokens[row] for row in rows] for rows in batches]), strict=True
            ):
                vectors[[start + row for row in rows]] = part
                done += len(rows)
                if progress:
                    progress(done, len(texts))
        return vectors

    def _run_all(self, batches: Sequence[Sequence[Ids]]) -> Iterator[NDArray[np.float32]]:
        if len(batches) == 1:
            yield self._run(batches[0])
            return
        with ThreadPoolExecutor(self._cores) as pool:
            yield from pool.map(self._run, batches)

    def _run(self, tokens: Sequence[Ids]) -> NDArray[np.float32]:
        ids = np.full((len(tokens), max(map(len, tokens))), self._stored.padding, dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, own in enumerate(tokens):
            ids[row, : len(own)] = own
            mask[row, : len(own)] = 1
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        with self._passes:
            vectors: NDArray[np.float32] = self._session.run(None, {name: given[name] for name in self._inputs})[0]
        return vectors


def _make_batches(lengths: Sequence[int]) -> list[list[int]]:
    """Rows of like length, longest first, together at most BUDGET tokens: padding is wasted work."""
    batches: list[list[int]] = []
    for row in sorted(range(len(lengths)), key=lambda row: -lengths[row]):
        if not batches or (len(batches[-1]) + 1) * lengths[batches[-1][0]] > BUDGET:
            batches.append([])
        batches[-1].append(row)
    return batches
