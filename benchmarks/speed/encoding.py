"""How many texts a second are encoded, beside the bare model at its best."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
from msgspec import Struct

from assistant.home import default_home
from benchmarks.speed.bare import Bare, Size
from benchmarks.speed.given import Given, bundled_rows, real_rows, spread, texts_of
from benchmarks.speed.plot import Point, plot_lines
from benchmarks.speed.times import growth, take_turns, time_call
from index.encoder import SentenceEncoder
from index.reader import open_index

TEXTS = 2000  # at most
ROUNDS = 3
SIZES = (Size(texts=16), Size(texts=32), Size(texts=64), Size(tokens=256), Size(tokens=1024), Size(tokens=4096))
SHARES = (4, 2, 1)  # a quarter of the texts, half of them, all


class Rate(Struct, frozen=True):
    """A way to encode."""

    name: str
    texts: int
    seconds: tuple[float, ...]

    @property
    def rate(self) -> float:
        """Texts a second, in the median round."""
        return self.texts / float(np.median(self.seconds))


class Figures(Struct, frozen=True):
    """What encoding the same texts takes."""

    origin: str  # of the texts
    words: float  # a text, mean
    bare: tuple[Rate, ...]  # each size of a pass, all texts
    ours: tuple[Rate, ...]  # a quarter of the texts, half, all
    likeness: float  # least cosine between both

    @property
    def best(self) -> Rate:
        """Return the bare model's quickest way."""
        return max(self.bare, key=lambda each: each.rate)


def measure(given: Given) -> Figures:
    """Encode the same texts in each way, in turn."""
    encoder = open_index(default_home()).encoder
    assert isinstance(encoder, SentenceEncoder)  # noqa: S101  # an index that is opened has no other
    rows = real_rows(given) or bundled_rows()
    with tempfile.TemporaryDirectory() as folder:
        texts = spread(texts_of(rows, Path(folder)), TEXTS)
    bare = Bare(encoder, own=False)
    parts = [spread(texts, len(texts) // share) for share in SHARES]
    works: list[Callable[[], object]] = [partial(bare.encode, texts, size) for size in SIZES]
    works += [partial(encoder.encode, part) for part in parts]
    seconds = take_turns([partial(time_call, work) for work in works], ROUNDS)
    names = [*(f"bare model, {size} a pass" for size in SIZES), *("encoder.encode" for _ in parts)]
    counts = [*(len(texts) for _ in SIZES), *map(len, parts)]
    rates = tuple(Rate(*each) for each in zip(names, counts, seconds, strict=True))
    few = spread(texts, 100)
    likeness = float((bare.encode(few, SIZES[0]) * encoder.encode(few)).sum(axis=1).min())
    words = float(np.mean([len(text.split()) for text in texts]))
    return Figures(rows.name, words, rates[: len(SIZES)], rates[len(SIZES) :], likeness)


def show(figures: Figures) -> None:
    """Print a line for each way, beside the bare model's best, and how the time grows with the texts."""
    print(f"texts of {figures.origin}, {figures.words:.1f} words each; {ROUNDS} rounds")
    print(f"{'':52}{'texts':>6} {'texts/s':>10}     ratio")
    for each in (*figures.bare, *figures.ours):
        ratio = each.rate / figures.best.rate
        print(f"{each.name:52}{each.texts:6} {each.rate:10.1f} {ratio:7.2f} x{' (the measure)' * (ratio == 1)}")
    for few, many in pairwise(figures.ours):
        power = growth((few.texts, many.texts), (few.texts / few.rate, many.texts / many.rate))
        print(f"from {few.texts} to {many.texts} texts the time grows as texts^{power:.2f}")
    print(f"least cosine between a vector of the one and of the other: {figures.likeness:.6f}")


def plot(figures: Figures) -> str:
    """Return the seconds over the texts."""
    points = [Point("encoder.encode", each.texts, float(np.median(each.seconds))) for each in figures.ours]
    best = figures.best
    points.append(Point(best.name, best.texts, float(np.median(best.seconds))))
    return plot_lines(points, "Encoding many texts", "texts", "seconds")
