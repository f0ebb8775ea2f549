from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.errors import IndexUnusable
from index.vectors import Floats, Vectors

DIMENSION = 32
LARGE = 1000  # what counts as large here, so that it is soon built
ROUNDING = 1e-3  # of a number near 1 that is stored in 16 bits; a cosine loses less


@pytest.fixture(autouse=True)
def lower_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.vectors.MANY", LARGE)
    monkeypatch.setattr("index.vectors.LARGE", LARGE)


def texts(count: int, seed: int = 5) -> Floats:
    """Unit vectors in groups, as texts have their topics."""
    chance = np.random.default_rng(seed)
    topics = np.random.default_rng(0).normal(size=(50, DIMENSION))  # the same ones, whatever the seed
    table = topics[chance.integers(0, 50, count)] + chance.normal(size=(count, DIMENSION))
    return (table / np.linalg.norm(table, axis=1, keepdims=True)).astype(np.float32)


def in_blocks(table: Floats, size: int = 300) -> Callable[[], Iterator[Floats]]:
    return lambda: (table[start : start + size] for start in range(0, len(table), size))


def build(path: Path, table: Floats, like: Vectors | None = None) -> Vectors:
    """``like`` has the first rows of the table."""
    rows = np.arange(len(table))
    return Vectors.build(path, in_blocks(table), len(table), table.shape[1], (like, rows) if like else None)


def nearest(table: Floats, vector: Floats, count: int) -> NDArray[np.int64]:
    return np.argsort(-(table @ vector), kind="stable")[:count]


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def few(tmp_path: Path) -> Vectors:
    return build(tmp_path / "vectors.faiss", texts(LARGE - 1))


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Vectors:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.vectors.MANY", LARGE)
        patch.setattr("index.vectors.LARGE", LARGE)
        return build(tmp_path_factory.mktemp("many") / "vectors.faiss", texts(4000))


def test_a_small_index_finds_just_what_comparing_with_every_row_finds(few: Vectors) -> None:
    stored = few.at(slice(None))
    assert few.recall is None
    for question in texts(20, seed=6):
        rows, cosines = few.nearest(question, 10)
        assert rows.tolist() == nearest(stored, question, 10).tolist()
        assert cosines == pytest.approx(stored[rows] @ question, abs=1e-6)


def test_an_index_in_memory_finds_what_a_written_one_finds(few: Vectors) -> None:
    of = Vectors.of(texts(LARGE - 1))
    assert (len(of), of.dimension, of.recall) == (len(few), few.dimension, None)
    for question in texts(5, seed=6):
        assert [part.tolist() for part in of.nearest(question, 10)] == [
            part.tolist() for part in few.nearest(question, 10)
        ]


def test_a_large_index_finds_about_what_it_says_that_it_finds(many: Vectors) -> None:
    stored, found = many.at(slice(None)), 0
    questions = texts(100, seed=6)
    for question in questions:
        rows, cosines = many.nearest(question, 10)
        assert cosines == pytest.approx(stored[rows] @ question, abs=1e-6)
        assert (np.diff(cosines) <= 0).all()
        found += len(np.intersect1d(rows, nearest(stored, question, 10)))
    assert many.recall is not None
    assert 0.95 <= many.recall <= 1
    assert found / 1000 == pytest.approx(many.recall, abs=0.05)


def test_copies_of_a_row_do_not_count_as_missed(tmp_path: Path) -> None:
    copies = build(tmp_path / "vectors.faiss", np.repeat(texts(100), 20, axis=0))
    assert copies.recall is not None
    assert copies.recall >= 0.95


def test_rows_are_stored_to_16_bits(many: Vectors) -> None:
    table = texts(4000)
    assert many.at(slice(10, 12)) == pytest.approx(table[10:12], abs=ROUNDING)
    assert (many.at(np.array([11, 10])) == many.at(slice(10, 12))[::-1]).all()
    assert many.at(np.array([3])).dtype == np.float32
    assert many.at(np.empty(0, dtype=np.int64)).shape == (0, DIMENSION)


@pytest.mark.parametrize("count", [0, 1, 512, 1300])
def test_cosines_are_those_of_the_stored_rows(many: Vectors, count: int) -> None:
    rows = np.random.default_rng(1).integers(0, len(many), count)
    question = texts(1, seed=6)[0]
    cosines = many.cosines(rows, question)
    assert cosines.dtype == np.float32
    assert cosines == pytest.approx(many.at(rows) @ question, abs=1e-6)


def test_ties_are_in_the_order_of_the_rows() -> None:
    table = np.repeat(texts(3), 4, axis=0)
    rows, _ = Vectors.of(table).nearest(table[4], 6)
    assert rows[:4].tolist() == [4, 5, 6, 7]
    assert rows[4:].tolist() in ([0, 1], [8, 9])


def test_what_has_no_rows_finds_nothing(tmp_path: Path) -> None:
    empty = build(tmp_path / "vectors.faiss", np.empty((0, DIMENSION), dtype=np.float32))
    question = texts(1)[0]
    assert (len(empty), empty.dimension) == (0, DIMENSION)
    assert [len(part) for part in empty.nearest(question, 10)] == [0, 0]
    assert empty.at(slice(None)).shape == (0, DIMENSION)
    assert empty.cosines(np.empty(0, dtype=np.int64), question).shape == (0,)


@pytest.mark.parametrize("wanted", [0, 3, 10])
def test_no_more_is_found_than_there_is(wanted: int) -> None:
    rows, cosines = Vectors.of(texts(3)).nearest(texts(1, seed=6)[0], wanted)
    assert len(rows) == len(cosines) == min(wanted, 3)


def test_cells_that_hold_fewer_give_fewer(many: Vectors) -> None:
    rows, cosines = many.nearest(texts(1, seed=6)[0], len(many))
    assert 100 < len(rows) == len(cosines) <= len(many)
    assert rows.min() >= 0
    assert len(np.unique(rows)) == len(rows)
    assert (np.diff(cosines) <= 0).all()


def test_the_same_vectors_make_the_same_files(tmp_path: Path) -> None:
    for name in ("once", "again"):
        (tmp_path / name).mkdir()
        build(tmp_path / name / "vectors.faiss", texts(2000))
    once = files(tmp_path / "once")
    assert once == files(tmp_path / "again")
    assert sorted(once) == ["vectors.cells.faiss", "vectors.cells.json", "vectors.faiss"]


def test_cells_are_used_again_for_like_vectors(many: Vectors, tmp_path: Path) -> None:
    grown = np.concatenate([texts(4000), texts(400, seed=7)])
    again = build(tmp_path / "vectors.faiss", grown, like=many)
    assert cells(again) == cells(many)
    assert cells(build(tmp_path / "anew.faiss", grown)) != cells(many)
    assert again.nearest(grown[4000], 1)[0].tolist() == [4000]


def test_rows_that_moved_are_found_where_they_are(many: Vectors, tmp_path: Path) -> None:
    table = texts(4000)
    order = np.random.default_rng(3).permutation(4000)[:3900]  # some are gone, some came, one stands there twice
    rows = np.concatenate([order, [-1] * 50, order[:1], [99_999]])
    moved = np.concatenate([table[order], texts(50, seed=7), table[order[:1]], texts(1, seed=9)])
    again = Vectors.build(tmp_path / "vectors.faiss", in_blocks(moved), len(moved), DIMENSION, (many, rows))
    assert cells(again) == cells(many)
    assert again.recall == many.recall
    assert sorted(again.nearest(table[order[0]], 2)[0].tolist()) == [0, 3950]
    assert again.nearest(moved[3951], 1)[0].tolist() == [3951]
    found = 0
    for question in texts(100, seed=6):
        nearby, cosines = again.nearest(question, 10)
        assert cosines == pytest.approx(moved[nearby] @ question, abs=ROUNDING)
        found += len(np.intersect1d(nearby, nearest(moved, question, 10)))
    assert found / 1000 == pytest.approx(many.recall, abs=0.05)


@pytest.mark.parametrize("count", [LARGE, 2 * 4000 + 100])
def test_cells_are_found_anew_where_the_old_ones_are_too_many_or_too_few(
    many: Vectors, tmp_path: Path, count: int
) -> None:
    table = texts(count, seed=8)
    assert cells(build(tmp_path / "like.faiss", table, like=many)) == cells(build(tmp_path / "anew.faiss", table))


def test_cells_of_another_dimension_or_none_are_no_use(many: Vectors, few: Vectors, tmp_path: Path) -> None:
    short = texts(LARGE)[:, :16].copy()
    short /= np.linalg.norm(short, axis=1, keepdims=True)
    assert build(tmp_path / "short.faiss", short, like=many).dimension == 16
    assert build(tmp_path / "first.faiss", texts(LARGE), like=few).recall is not None


def cells(vectors: Vectors) -> list[list[float]]:
    assert vectors.cells is not None
    found: list[list[float]] = vectors.cells.quantizer.reconstruct_n(0, vectors.cells.nlist).tolist()
    return found


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100] if path.suffix == ".faiss" else path.read_bytes()[:-1])


@pytest.mark.parametrize("name", ["vectors.faiss", "vectors.cells.faiss", "vectors.cells.json"])
@pytest.mark.parametrize("damage", [cut, Path.unlink, lambda path: path.write_bytes(b"")])
def test_a_damaged_index_is_not_opened(tmp_path: Path, name: str, damage: Callable[[Path], object]) -> None:
    build(tmp_path / "vectors.faiss", texts(LARGE))
    damage(tmp_path / name)
    if name == "vectors.cells.faiss" and damage is Path.unlink:
        assert Vectors.open(tmp_path / "vectors.faiss").recall is None  # the rows are all there: search is exact
        return
    with pytest.raises(IndexUnusable, match=r"^vectors\.faiss is damaged; run `citewell build`$"):
        Vectors.open(tmp_path / "vectors.faiss")


def test_cells_of_other_rows_are_not_used(tmp_path: Path) -> None:
    build(tmp_path / "vectors.faiss", texts(LARGE))
    build(tmp_path / "other.faiss", texts(1200))
    (tmp_path / "other.cells.faiss").rename(tmp_path / "vectors.cells.faiss")
    with pytest.raises(IndexUnusable, match="damaged"):
        Vectors.open(tmp_path / "vectors.faiss")


def test_an_index_of_another_kind_is_not_opened(tmp_path: Path) -> None:
    build(tmp_path / "vectors.faiss", texts(LARGE))
    (tmp_path / "vectors.cells.faiss").rename(tmp_path / "other.faiss")
    with pytest.raises(IndexUnusable, match="damaged"):
        Vectors.open(tmp_path / "other.faiss")


def test_too_few_vectors_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="100 vectors were given where 101 were promised"):
        Vectors.build(tmp_path / "vectors.faiss", in_blocks(texts(100)), 101, DIMENSION)
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize("large", [False, True])
def test_threads_find_what_one_thread_finds(few: Vectors, many: Vectors, large: bool) -> None:
    vectors, questions = many if large else few, texts(200, seed=6)

    def ask(question: Floats) -> list[list[float]]:
        rows, cosines = vectors.nearest(question, 10)
        return [rows.tolist(), cosines.tolist(), vectors.cosines(rows, question).tolist()]

    alone = [ask(question) for question in questions]
    with ThreadPoolExecutor(16) as threads:
        assert list(threads.map(ask, questions)) == alone
