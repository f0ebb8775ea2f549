"""The encoder against the original model: tiny models made here, and (marked) the real one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from index.encoder import DEFAULT_MODEL, OFFICIAL_FILES, load_encoder
from index.errors import IndexUnusable
from index.records import StoredModel
from index.store import CHECKED
from ingest.errors import InputError
from tests.conftest import ROOT

os.environ["HF_HUB_OFFLINE"] = "1"  # read when the hub's package is imported, which the models made here do

TEXTS = [
    "What happens if the outcomes are not achieved?",
    "",
    "risk",
    "Who pays, and when?",
    "The payments are tied to outcomes. " * 20,
    "🙂 naïve café — это",
    "a lone \ud800 surrogate",
    *(f"question number {number} of a council about contract {number * 7}" for number in range(40)),
    "words " * 600,
]
WORDS = [
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "what",
    "happens",
    "if",
    "the",
    "outcomes",
    "are",
    "not",
    "achieved",
    "risk",
]


def make_model(folder: Path, *, pooling: str = "mean", last: str = "Normalize") -> Path:
    """A sentence-transformers folder: BERT of two layers with random weights, pooled, and one more module."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer import modules
    from transformers import BertConfig, BertModel, BertTokenizerFast

    torch.manual_seed(0)
    folder.mkdir(parents=True)
    (folder / "vocab.txt").write_text("\n".join([*WORDS, *"abcdefghijklmnopqrstuvwxyz", *"?,.0123456789"]))
    BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)
    sizes = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 64}
    BertModel(BertConfig(vocab_size=len(WORDS) + 39, max_position_embeddings=64, **sizes)).save_pretrained(folder)
    final = {
        "Normalize": modules.Normalize,
        "Dense": lambda: modules.Dense(32, 16),
        "LayerNorm": lambda: modules.LayerNorm(32),
    }[last]()
    transformer = modules.Transformer(str(folder), max_seq_length=48)
    model = SentenceTransformer(modules=[transformer, modules.Pooling(32, pooling_mode=pooling), final], device="cpu")
    made = folder.with_name(f"{folder.name}-made")
    model.save(str(made))
    return made


def original_vectors(folder: Path, texts: Sequence[str]) -> NDArray[np.float32]:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(folder), device="cpu")
    readable = [text.encode(errors="replace").decode() for text in texts]
    return np.asarray(model.encode(readable, normalize_embeddings=True))


def stored_in(home: Path) -> tuple[Path, StoredModel]:
    """The one model that was exported into ``home``."""
    (record,) = (home / "models").glob("*/model.json")
    return record.parent, msgspec.json.decode(record.read_bytes(), type=StoredModel)


def cosines(left: NDArray[np.float32], right: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.einsum("rd,rd->r", left, right)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_model(tmp_path_factory.mktemp("tiny") / "bert")


@pytest.fixture(scope="module")
def tiny_home(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("tiny-home")
    load_encoder(str(tiny), home).prepare()
    return home


@pytest.mark.parametrize(
    ("pooling", "last"), [("mean", "Normalize"), ("cls", "Normalize"), ("max", "Normalize"), ("mean", "Dense")]
)
def test_a_folder_is_exported_as_it_is(pooling: str, last: str, tmp_path: Path) -> None:
    folder = make_model(tmp_path / "bert", pooling=pooling, last=last)
    encoder = load_encoder(str(folder), tmp_path)
    encoder.prepare()
    _, stored = stored_in(tmp_path)
    assert stored.obstacle is None
    assert stored.cosine is not None
    assert stored.cosine > 0.9999
    vectors = encoder.encode(TEXTS)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(TEXTS), stored.dimension)
    assert cosines(vectors, original_vectors(folder, TEXTS)).min() > 0.9999


def test_a_model_that_can_not_be_exported_runs_as_it_is(tmp_path: Path) -> None:
    folder = make_model(tmp_path / "bert", last="LayerNorm")
    encoder = load_encoder(str(folder), tmp_path)
    encoder.prepare()
    _, stored = stored_in(tmp_path)
    assert stored.obstacle == "Unexportable: it has a module LayerNorm"
    assert not stored.files
    assert cosines(encoder.encode(TEXTS), original_vectors(folder, TEXTS)).min() > 0.9999


def test_rows_come_in_the_order_of_the_texts_and_stand_for_themselves(tiny: Path, tiny_home: Path) -> None:
    encoder = load_encoder(str(tiny), tiny_home)
    told: list[tuple[int, int]] = []
    together = encoder.encode(TEXTS, lambda done, total: told.append((done, total)))
    alone = np.concatenate([encoder.encode([text]) for text in TEXTS])
    assert cosines(together, alone).min() > 0.99999
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    assert told == sorted(told)
    assert told[-1] == (len(TEXTS), len(TEXTS))
    assert encoder.encode([]).shape == (0, together.shape[1])


def test_32_threads_get_their_own_rows(tiny: Path, tiny_home: Path) -> None:
    encoder = load_encoder(str(tiny), tiny_home)  # loaded by whichever thread comes first
    parts = [[f"risk {number} what if {number * word}" for word in range(1 + number)] for number in range(32)]
    with ThreadPoolExecutor(32) as pool:
        found = list(pool.map(encoder.encode, parts))
    expected = encoder.encode([text for part in parts for text in part])
    assert cosines(np.concatenate(found), expected).min() > 0.99999


def test_the_export_is_made_once_and_found_by_another_process(tiny: Path, tiny_home: Path) -> None:
    folder, stored = stored_in(tiny_home)
    written = {path: path.stat().st_mtime_ns for path in folder.iterdir() if path.name != CHECKED}
    load_encoder(str(tiny), tiny_home).prepare()
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir() if path.name != CHECKED} == written
    assert set(stored.files) | {"model.json", "model.sha256"} == {path.name for path in written}
    code = (
        "import sys; from pathlib import Path; from index.encoder import load_encoder\n"
        "encoder = load_encoder(sys.argv[1], Path(sys.argv[2]))\n"
        "assert encoder.encode(['risk']).shape == (1, 32)\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'onnx'} & set(sys.modules)\n"
        "sys.exit(f'imported {heavy}' if heavy else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, tiny, tiny_home], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["model.onnx", "model.data", "tokenizer.json", "model.json", "model.sha256"])
@pytest.mark.parametrize("damage", ["missing", "changed", "short"])
def test_a_damaged_export_is_named_and_made_anew(
    tiny: Path, tiny_home: Path, tmp_path: Path, name: str, damage: str
) -> None:
    home = Path(shutil.copytree(tiny_home, tmp_path / "home"))
    path = stored_in(home)[0] / name
    content = path.read_bytes()
    path.unlink()
    if damage != "missing":
        path.write_bytes(content[:-9] if damage == "short" else content[:-9] + b"~" + content[-8:])
    with pytest.raises(IndexUnusable, match=r"^(no )?.*model.*; run `citewell build`$"):
        load_encoder(str(tiny), home).encode(["risk"])
    load_encoder(str(tiny), home).prepare()
    assert load_encoder(str(tiny), home).encode(["risk"]).shape == (1, 32)
    assert sorted(path.name for path in (home / "models").iterdir()) == sorted([stored_in(home)[0].name, "lock"])


def test_a_failed_export_leaves_nothing(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("index.export.stamp", fail)
    with pytest.raises(OSError, match="No space"):
        load_encoder(str(tiny), tmp_path).prepare()
    assert [path.name for path in (tmp_path / "models").iterdir()] == ["lock"]


def test_each_precision_has_its_own_fingerprint_and_folder(tiny: Path, tmp_path: Path) -> None:
    full, small = load_encoder(str(tiny), tmp_path), load_encoder(str(tiny), tmp_path, "int8")
    assert full.fingerprint != small.fingerprint
    small.prepare()
    with pytest.raises(IndexUnusable, match="no model in"):
        full.encode(["risk"])
    _, stored = stored_in(tmp_path)
    assert stored.precision == small.precision == "int8"
    assert stored.cosine is not None
    assert 0.9 < stored.cosine < 1
    assert cosines(small.encode(TEXTS), original_vectors(tiny, TEXTS)).min() > 0.9


def test_a_folder_without_safe_weights_is_no_model(tmp_path: Path) -> None:
    (tmp_path / "pytorch_model.bin").write_bytes(b"")
    with pytest.raises(InputError, match=r"a \.safetensors file is needed"):
        load_encoder(str(tmp_path))


def test_a_folder_that_can_not_be_loaded_is_named(tmp_path: Path) -> None:
    model = tmp_path / "model"
    model.mkdir()
    (model / "model.safetensors").write_bytes(b"no weights")
    with pytest.raises(InputError, match="can not be loaded"):
        load_encoder(str(model), tmp_path / "home").prepare()
    assert not list((tmp_path / "home").glob("models/*/model.json"))


def test_only_the_official_files_are_exported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = load_encoder(home=tmp_path)
    assert (encoder.name, encoder.fingerprint) == (DEFAULT_MODEL, OFFICIAL_FILES["model.safetensors"])
    monkeypatch.setitem(OFFICIAL_FILES, "tokenizer.json", "0" * 64)
    with pytest.raises(IndexUnusable, match=r"tokenizer\.json is not the official file"):
        encoder.prepare()
    assert not list(tmp_path.iterdir())


@pytest.mark.model
def test_the_default_model_comes_out_as_the_original() -> None:
    from index.encoder import official_folder

    encoder = load_encoder()  # without a home: exported once for all tests of this process
    vectors = encoder.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), 384)
    assert cosines(vectors, original_vectors(official_folder(), TEXTS)).min() > 0.9999
    alone = np.concatenate([encoder.encode([text]) for text in TEXTS])
    assert cosines(vectors, alone).min() > 0.99999
