from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.refusal import calibrate
from index import reader
from index.adapter import LEAST, Adapter, learn_adapter
from index.build import build_index
from index.encoder import Encoder
from index.material import Material
from index.reader import Index, open_index

THINGS = "coat hat scarf glove boot shoe sock belt bag purse watch ring book pen key card".split()
NOBODY = np.empty((0, 32), dtype=np.float32)


def texts(count: int, seed: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Texts of four entries: what tells the entries apart is small beside what all texts differ in."""
    chance = np.random.default_rng(seed)
    owners = np.arange(count) % 4
    vectors = chance.normal(size=(count, 32)).astype(np.float32)
    vectors[np.arange(count), owners] += 2
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True), owners


def margin(vectors: NDArray[np.float32], owners: NDArray[np.int64]) -> float:
    """How much closer texts of one entry are than texts of two, by mean cosine."""
    cosines, same = vectors @ vectors.T, owners[:, None] == owners[None, :]
    other = ~np.eye(len(owners), dtype=bool)
    return float(cosines[same & other].mean() - cosines[~same].mean())


def test_texts_of_an_entry_come_closer_those_it_has_not_seen_too() -> None:
    vectors, owners = texts(200, seed=1)
    new, new_owners = texts(200, seed=2)
    adapter = learn_adapter(vectors, owners, NOBODY)
    assert adapter is not None
    assert margin(adapter.apply(new), new_owners) > margin(new, new_owners)


def test_vectors_stay_unit_vectors() -> None:
    vectors, owners = texts(200, seed=1)
    adapter = learn_adapter(vectors, owners, NOBODY)
    assert adapter is not None
    assert np.linalg.norm(adapter.apply(vectors), axis=1) == pytest.approx(1, abs=1e-5)


def test_unanswered_questions_move_away() -> None:
    vectors, owners = texts(200, seed=1)
    outside, _ = texts(100, seed=3)
    with_them, without_them = learn_adapter(vectors, owners, outside), learn_adapter(vectors, owners, NOBODY)
    assert with_them is not None
    assert without_them is not None
    near = [(adapter.apply(vectors) @ adapter.apply(outside).T).mean() for adapter in (with_them, without_them)]
    assert near[0] < near[1]


def test_the_same_texts_teach_the_same() -> None:
    vectors, owners = texts(200, seed=1)
    once, again = learn_adapter(vectors, owners, NOBODY), learn_adapter(vectors, owners, NOBODY)
    assert once is not None
    assert again is not None
    assert (once.matrix == again.matrix).all()


@pytest.mark.parametrize("owners", [np.zeros(200, dtype=np.int64), np.arange(200)], ids=["one entry", "one text each"])
def test_nothing_is_learned_where_nothing_can_be_told(owners: NDArray[np.int64]) -> None:
    assert learn_adapter(texts(200, seed=1)[0], owners, NOBODY) is None


def test_too_few_texts_teach_nothing() -> None:
    vectors, owners = texts(LEAST - 1, seed=1)
    assert learn_adapter(vectors, owners, NOBODY) is None


def test_an_index_keeps_its_adapter(
    index_rows: Callable[..., Index], encoder: Encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "load_encoder", lambda *given: encoder)
    made = index_rows([(f"{verb} {thing}?", thing) for verb in ("Where is my", "I lost a") for thing in THINGS])
    assert made.adapter is not None
    opened = open_index(tmp_path / "rows-home")
    assert opened.adapter is not None
    assert (opened.adapter.matrix == made.adapter.matrix).all()
    every = np.arange(len(opened.views))
    assert opened.vectors.at(every) == pytest.approx(opened.adapter.apply(opened.encoded[every]), abs=1e-3)


def test_without_adapting_the_vectors_are_the_encoders(material: Material, encoder: Encoder, tmp_path: Path) -> None:
    plain = build_index(tmp_path, replace(material, adapt=False), encoder, calibrate).index
    assert plain.adapter is None
    every = np.arange(len(plain.views))
    assert plain.vectors.at(every) == pytest.approx(plain.encoded[every].astype(np.float32), abs=1e-3)


def test_a_file_that_is_no_adapter_is_no_adapter(tmp_path: Path) -> None:
    path = tmp_path / "adapter.npy"
    path.write_bytes(b"no matrix")
    with pytest.raises(ValueError, match="pickle"):
        Adapter.open(path)
