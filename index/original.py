"""A model as sentence-transformers runs it: to be exported, or because it can not be. The only encoding with torch."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest.errors import InputError

BATCH = 64  # texts; larger batches gain nothing on two cores


class OriginalModel:
    """A loaded sentence-transformers model. One pass at a time: the pass itself uses every core."""

    def __init__(self, source: str) -> None:
        self._model = load_original(source)
        self._lock = threading.Lock()

    def encode(self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None) -> NDArray[np.float32]:
        """Return the unit vectors (len(texts), dimension) of ``texts``, in their order."""
        order = sorted(range(len(texts)), key=lambda row: len(texts[row]))  # batches of like length pad less
        vectors = np.empty((len(texts), self._model.get_embedding_dimension()), dtype=np.float32)
        with self._lock:
            for start in range(0, len(order), BATCH):
                rows = order[start : start + BATCH]
                vectors[rows] = self._model.encode([texts[row] for row in rows], normalize_embeddings=True)
                if progress:
                    progress(min(start + BATCH, len(texts)), len(texts))
        return vectors


def load_original(source: str) -> Any:
    """Return the SentenceTransformer of a folder, or of a name that the hub knows. InputError when it can not be."""
    if Path(source).is_dir():
        os.environ["HF_HUB_OFFLINE"] = "1"  # a model on disk needs no network, not even for a look
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    # Loading takes a second; a bar on standard error is noise.
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        return SentenceTransformer(
            source, device="cpu", trust_remote_code=False, model_kwargs={"use_safetensors": True}
        )
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        reason = " ".join(str(error).split())[:200]
        raise InputError(f"the model {source} can not be loaded ({reason}); name another with --model") from error
