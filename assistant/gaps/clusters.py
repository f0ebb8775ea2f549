"""Wordings that were not answered well -> gaps: those that ask alike together, the most frequent first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from assistant.gaps.records import Counts, Gap, Week, Wording
from index.reader import Index

# Mean cosine distance up to which two clusters become one. Measured (average linkage): of the questions of the bundled
# test set that come together, 67 % of the pairs ask for the same entry (0.35: 61 %, 0.5: 66 %), though an entry answers
# many questions; on 620 questions of BANKING77 the adjusted Rand index is highest from 0.4 to 0.45 (0.50; at 0.3 0.42,
# at 0.55 0.36). The lower end, because a wording too many misleads, and a cluster in two costs a second decision.
APART = 0.4


Vectors = dict[str, np.ndarray]  # of texts, as questions are compared with one index


def cluster(wordings: Sequence[Wording], index: Index, vectors: Vectors | None = None) -> tuple[Gap, ...]:
    """Return the wordings in gaps, the most frequent first; of as many, the one asked last.

    ``vectors`` of an earlier call with this index are not computed again; afterwards it has those of these wordings.
    """
    groups: dict[int, list[int]] = {}
    encoded = _encode([wording.text for wording in wordings], index, {} if vectors is None else vectors)
    for place, group in enumerate(_groups(encoded)):
        groups.setdefault(group, []).append(place)
    gaps = [_gap([wordings[place] for place in places], encoded[places]) for places in groups.values()]
    return tuple(sorted(gaps, key=lambda gap: (gap.counts.total, gap.last), reverse=True))


def _encode(texts: list[str], index: Index, vectors: Vectors) -> np.ndarray:
    """Unit vectors (texts, dimension), as questions are compared with the index."""
    if not texts:
        return np.zeros((0, 1), np.float32)
    kept = {text: vectors[text] for text in texts if text in vectors}
    if new := [text for text in dict.fromkeys(texts) if text not in kept]:
        encoded = np.asarray(index.encoder.encode(new), dtype=np.float32)
        kept |= zip(new, map(index.adapter.apply_to, encoded) if index.adapter else encoded, strict=True)
    vectors.clear()  # so that they are never more than one call's
    vectors.update(kept)
    return np.stack([kept[text] for text in texts])


def _groups(vectors: np.ndarray) -> Sequence[int]:
    if len(vectors) < 2:
        return [0] * len(vectors)
    from sklearn.cluster import AgglomerativeClustering

    model = AgglomerativeClustering(n_clusters=None, metric="cosine", linkage="average", distance_threshold=APART)
    return [int(label) for label in model.fit_predict(vectors)]


def _gap(wordings: list[Wording], vectors: np.ndarray) -> Gap:
    """The representative is nearest to the middle, where each wording counts as often as it was asked."""
    often = np.array([wording.counts.total for wording in wordings], dtype=np.float32)
    middle = int(np.argmax(vectors @ (vectors * often[:, None]).sum(axis=0)))
    weeks: Counter[str] = Counter()
    for wording in wordings:
        weeks.update({week.name: week.count for week in wording.weeks})
    return Gap(
        representative=wordings[middle].text,
        wordings=tuple(sorted(wordings, key=lambda one: (one.counts.total, one.last), reverse=True)),
        counts=sum((wording.counts for wording in wordings), Counts()),
        weeks=tuple(Week(name, weeks[name]) for name in sorted(weeks)),
        first=min(wording.first for wording in wordings),
        last=max(wording.last for wording in wordings),
    )
