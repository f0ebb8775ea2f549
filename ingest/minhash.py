"""Which of many texts may be nearly equal, without comparing each with each. Proposes pairs, and decides nothing.

MinHash (Broder 1997) over runs of characters, and locality-sensitive hashing in bands (Leskovec, Rajaraman, Ullman:
Mining of Massive Datasets, 3.4). However many texts fall into one bucket, each is paired with few others there, so that
the cost stays n log n.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

# A pair of texts that share the part s of their shingles (Jaccard) is proposed at 1 - (1 - s**ROWS)**BANDS. Questions
# of near_dup_jhu that are 0.92 alike share at least 0.64 of their runs of three characters: at worst 1 in 100 is missed
# (of 1,699 such pairs among 11,029 questions, real and edited, none was).
SHINGLE, BANDS, ROWS = 3, 40, 5
# Of a bucket that holds more, each text is paired with those that follow it alphabetically, read from the front in one
# band and from the back in the next, and with the first of them.
WINDOW = 5
CHUNK = 200_000  # characters that are hashed at a time: what stays in the cache of a processor
SEED = 1997
SPREAD = np.uint64(0x9E3779B97F4A7C15)  # 2**64 / the golden ratio, odd

Words = NDArray[np.uint64]
Positions = NDArray[np.int64]


class Candidates:
    """For each text, by its position, the others that may be nearly equal to it."""

    def __init__(self, count: int, pairs: tuple[Positions, Positions]) -> None:
        one, other = np.concatenate(pairs), np.concatenate(pairs[::-1])
        order = np.lexsort((other, one))
        self._others = other[order]
        self._starts = np.searchsorted(one[order], np.arange(count + 1))

    def of(self, position: int) -> list[int]:
        """Return the positions of the others, ascending."""
        others: list[int] = self._others[self._starts[position] : self._starts[position + 1]].tolist()
        return others


def propose(texts: Sequence[str], kinds: Sequence[int], least: float) -> Candidates:
    """Return the pairs of one kind that may share ``least`` (0 to 1) of their characters.

    Texts of one kind are distinct. Which pairs are missed is left to chance, but always to the same: see ``BANDS``.
    """
    if len(texts) < 2:
        return Candidates(len(texts), (np.empty(0, np.int64), np.empty(0, np.int64)))
    hashes = _band(texts, np.array(kinds, dtype=np.uint64))
    return Candidates(len(texts), _gather(texts, hashes, least))


def _band(texts: Sequence[str], kinds: Words) -> Words:
    """Return a hash for each text and band (n x bands), which near texts of one kind are likely to share."""
    factors = np.random.default_rng(SEED).integers(1, 2**63, (BANDS, ROWS), dtype=np.uint64)
    factors = factors * np.uint64(2) + np.uint64(1)
    hashes = np.empty((len(texts), BANDS), dtype=np.uint64)
    for start, stop in _chunks(texts):
        shingles, starts = _shingle(texts[start:stop])
        for band in range(BANDS):
            value = kinds[start:stop] * SPREAD
            for factor in factors[band]:
                value = (value ^ (value >> np.uint64(29))) * SPREAD + np.minimum.reduceat(shingles * factor, starts)
            hashes[start:stop, band] = value
    return hashes


def _chunks(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    start = size = 0
    for position, text in enumerate(texts):
        size += len(text)
        if size >= CHUNK:
            yield start, position + 1
            start, size = position + 1, 0
    if start < len(texts):
        yield start, len(texts)


def _shingle(texts: Sequence[str]) -> tuple[Words, Positions]:
    """Return the hashes of the shingles of all texts, and where those of each begin: each has at least one, its end."""
    joined = "".join(text + "\0" * SHINGLE for text in texts)
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    hashes = codes + SPREAD
    for step in range(1, SHINGLE):
        hashes[:-step] += codes[step:] * SPREAD ** np.uint64(step + 1)
    hashes *= SPREAD
    hashes ^= hashes >> np.uint64(31)
    hashes *= SPREAD
    hashes ^= hashes >> np.uint64(33)
    kept = np.ones(len(hashes), dtype=bool)
    ends = np.cumsum([len(text) + SHINGLE for text in texts])
    for step in range(1, SHINGLE):
        kept[ends - step] = False  # reaches into the next text
    counts = np.cumsum(kept)[ends - 1]
    return hashes[kept], np.concatenate([[0], counts[:-1]])


def _gather(texts: Sequence[str], hashes: Words, least: float) -> tuple[Positions, Positions]:
    """Return the pairs (smaller position first) that share a band, ascending, but for those of too unequal length."""
    count = len(texts)
    lengths = np.array([len(text) for text in texts])
    orders = [_alphabetical(texts), _alphabetical([text[::-1] for text in texts])]
    codes: list[Positions] = []
    for band in range(hashes.shape[1]):
        order = np.lexsort((orders[band % 2], hashes[:, band]))
        found = _distinct(np.concatenate(list(_pair(order, hashes[order, band], count))))
        one, other = lengths[found // count], lengths[found % count]
        codes.append(found[2 * np.minimum(one, other) >= least * (one + other)])
    pairs = _distinct(np.concatenate(codes))
    return pairs // count, pairs % count


def _distinct(codes: Positions) -> Positions:
    """Return the codes ascending, each once. (``numpy.unique`` hashes them, which takes ten times as long.)"""
    codes.sort()
    return codes[np.concatenate([[True], codes[1:] != codes[:-1]])] if len(codes) else codes


def _alphabetical(texts: Sequence[str]) -> Positions:
    places = np.empty(len(texts), dtype=np.int64)
    places[sorted(range(len(texts)), key=texts.__getitem__)] = np.arange(len(texts))
    return places


def _pair(order: Positions, hashes: Words, count: int) -> Iterator[Positions]:
    """Yield pairs within the runs of equal ``hashes``, as smaller * count + larger."""
    for step in range(1, min(WINDOW, count - 1) + 1):
        equal = hashes[:-step] == hashes[step:]
        if not equal.any():
            break
        yield _code(order[:-step][equal], order[step:][equal], count)
    starts = np.concatenate([[0], np.flatnonzero(hashes[1:] != hashes[:-1]) + 1])
    sizes = np.diff(np.concatenate([starts, [count]]))
    pivots = np.repeat(np.minimum.reduceat(order, starts), sizes)
    yield _code(pivots[pivots != order], order[pivots != order], count)


def _code(one: Positions, other: Positions, count: int) -> Positions:
    return np.minimum(one, other) * count + np.maximum(one, other)
