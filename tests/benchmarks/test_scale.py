"""What is measured is what it says: rows like real ones, questions that are none of them, every figure in the plot."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from benchmarks.scale.ask import TOP, Asked, ask
from benchmarks.scale.measure import Figures
from benchmarks.scale.plot import plot_times
from benchmarks.scale.rows import LIKENESS, NEAR, Origins, hold_out, make_questions, make_rows
from index.vectors import Floats, Vectors


@pytest.fixture
def origins() -> Origins:
    table = np.random.default_rng(0).normal(size=(400, 64)).astype(np.float32)
    return hold_out(table / np.linalg.norm(table, axis=1, keepdims=True))


def lengths(table: Floats) -> Floats:
    return np.asarray(np.linalg.norm(table, axis=1))


def test_copies_are_no_questions() -> None:
    table = np.eye(64, dtype=np.float32)
    near = table + 0.01
    parted = hold_out(np.concatenate([table, near / lengths(near)[:, None]]))
    assert (parted.questions @ parted.rows.T).max(initial=0) < 0.99


def test_rows_are_near_real_ones_and_questions_near_those_held_out(origins: Origins) -> None:
    rows, questions = np.concatenate([*make_rows(origins, 9000)]), make_questions(origins, 50)
    assert rows.shape == (9000, 64)
    assert lengths(rows) == pytest.approx(1, abs=1e-5)
    assert lengths(questions) == pytest.approx(1, abs=1e-5)
    assert (rows @ origins.rows.T).max(axis=1).min() >= LIKENESS[0] - 1e-5
    assert (questions @ origins.questions.T).max(axis=1) == pytest.approx(NEAR, abs=1e-5)
    assert (rows @ questions.T).max() < 0.999


def test_fewer_rows_are_the_first_of_more(origins: Origins) -> None:
    few, more = (np.concatenate([*make_rows(origins, count)]) for count in (100, 9000))
    assert (few == more[:100]).all()


def test_an_index_is_asked_every_question(origins: Origins, tmp_path: Path) -> None:
    rows, questions = np.concatenate([*make_rows(origins, 500)]), make_questions(origins, 20)
    vectors = Vectors.build(tmp_path / "vectors.faiss", lambda: [rows], 500, 64)
    np.save(tmp_path / "questions.npy", questions)
    asked = ask(tmp_path / "vectors.faiss", tmp_path / "questions.npy", tmp_path / "found.npy")
    assert 0 < asked.p50 <= asked.p95 <= asked.p99
    assert asked.recall is None
    found = np.load(tmp_path / "found.npy")
    assert found.tolist() == [vectors.nearest(question, TOP)[0].tolist() for question in questions]


def test_the_plot_tells_every_time() -> None:
    figures = [
        Figures(rows, way, Asked(time, 2 * time, 3 * time, 100.0, None), 1.0, 0.2, 1.0, None, 10.0)
        for rows in (1000, 10_000)
        for way, time in (("exact", rows / 10_000), ("cells", 0.3))
    ]
    svg = plot_times(figures)
    described = ElementTree.fromstring(svg).findtext("{http://www.w3.org/2000/svg}desc")  # noqa: S314
    assert described is not None
    assert "10,000 rows, every row compared: 1.0 ms, 95th percentile 2.0 ms" in described
    assert described.count(" ms, ") == 4
