from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from index.folds import without
from index.reader import Index

THINGS = "coat hat scarf glove boot shoe sock belt bag purse watch ring book pen key card".split()
NONE = np.array([], dtype=np.int64)


@pytest.fixture
def made(index_rows: Callable[..., Index]) -> Index:
    return index_rows([(f"{verb} {thing}?", thing) for verb in ("Where is my", "I lost a") for thing in THINGS])


def test_another_adapter_is_learned_from_the_rest(made: Index) -> None:
    trial = without(made, np.arange(6), NONE)
    assert made.adapter is not None
    assert trial.adapter is not None
    assert (trial.adapter.matrix != made.adapter.matrix).any()
    every = np.arange(len(made.views))
    assert trial.vectors.at(every) == pytest.approx(trial.adapter.apply(made.encoded[every]), abs=1e-3)


def test_where_too_little_is_left_the_vectors_are_the_encoders(made: Index) -> None:
    trial = without(made, np.arange(len(made.views) - 3), NONE)
    assert trial.adapter is None
    assert (trial.vectors.at(np.arange(len(made.views))) == made.encoded).all()
