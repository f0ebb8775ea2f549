"""The exported model and nothing around it: what any encoding is compared with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from index.encoder import SentenceEncoder
from index.errors import IndexUnusable
from index.runtime import GRAPH, RECORD, TOKENISER

WARM_UP = "What is this about?"
Ids = list[int]


class Size(Struct, frozen=True):
    """How many texts one pass takes: so many, or so many that they have ``tokens`` together, with their padding."""

    texts: int | None = None
    tokens: int | None = None

    def __str__(self) -> str:
        return f"{self.texts} texts" if self.texts else f"{self.tokens} tokens"


class Bare:
    """One onnxruntime session, with the options that it has by itself or with those of the product."""

    def __init__(self, encoder: SentenceEncoder, own: bool) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        encoder.encode([WARM_UP])
        model, folder = encoder._model, encoder._folder()  # the very session that answers, with its very options
        if not (folder / GRAPH).is_file():
            raise IndexUnusable(f"the model {encoder.name} has no exported graph to compare with; use another")
        self._tokeniser: Any = Tokenizer.from_file(str(folder / TOKENISER))
        self._session: Any = model._wide if own else onnxruntime.InferenceSession(folder / GRAPH)
        self._inputs = [each.name for each in self._session.get_inputs()]
        self._padding = msgspec.json.decode((folder / RECORD).read_bytes())["padding"]
        self.encode([WARM_UP], Size(texts=1))

    def encode(self, texts: Sequence[str], size: Size) -> NDArray[np.float32]:
        """Return the vectors (len(texts), dimension), in order; texts of like length go in one pass together."""
        tokens = [each.ids for each in self._tokeniser.encode_batch_fast(list(texts))]
        order = sorted(range(len(texts)), key=lambda row: -len(tokens[row]))
        passes = [self._run(batch) for batch in batches([tokens[row] for row in order], size)]
        vectors = np.empty((len(texts), passes[0].shape[1]), dtype=np.float32)
        vectors[order] = np.concatenate(passes)
        return vectors

    def _run(self, tokens: Sequence[Ids]) -> NDArray[np.float32]:
        ids = np.full((len(tokens), len(tokens[0])), self._padding, dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, own in enumerate(tokens):
            ids[row, : len(own)] = own
            mask[row, : len(own)] = 1
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        vectors: NDArray[np.float32] = self._session.run(None, {name: given[name] for name in self._inputs})[0]
        return vectors


def batches(tokens: Sequence[Ids], size: Size) -> Iterator[Sequence[Ids]]:
    """Yield ``tokens``, the longest first, as many at a time as ``size`` says and at least one."""
    start = 0
    while start < len(tokens):
        count = size.texts or max(1, (size.tokens or 0) // len(tokens[start]))
        yield tokens[start : start + count]
        start += count
