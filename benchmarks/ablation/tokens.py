"""Late interaction: how well each token of a question finds a like one in a text (MaxSim, Khattab and Zaharia 2020).

Over the token states of the encoder as it is, which was not trained for it, and only for what a search found first.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.ablation.ranking import Ranking, Scores, reorder
from benchmarks.ablation.sets import Set
from index.encoder import official_folder
from index.original import BATCH, load_original
from index.records import Hit

ENTRIES = 5  # of the first hits
VIEWS = 10  # of each entry: the best wordings and paragraphs by meaning and keywords
States = dict[str, NDArray[np.float16]]  # text -> unit vectors (tokens, dimension)


def late_interaction(each: Set) -> list[Ranking]:
    """Return the rankings with the best MaxSim (-1 to 1) of each of the first entries added to its score."""
    first = [[_best_views(ranking, hit) for hit in ranking.hits[:ENTRIES]] for ranking in each.rankings]
    texts = {text for entries in first for views in entries for text in views}
    states = _encode_tokens(sorted(texts | {ranking.query.text for ranking in each.rankings}))
    gains = {
        id(ranking): [_max_sim(ranking.query.text, views, states) for views in entries]
        for ranking, entries in zip(each.rankings, first, strict=True)
    }
    return reorder(each.rankings, lambda ranking: _added(ranking, gains[id(ranking)]))


def _best_views(ranking: Ranking, hit: Hit) -> list[str]:
    index, query = ranking.index, ranking.query
    rows = np.concatenate(
        [
            np.arange(index.first_rows[entry], index.first_rows[entry + 1])
            for entry in np.flatnonzero(index.families == index.families[hit.entry])
        ]
    )
    rows = rows[[index.views[row].kind != "sentence" for row in rows]]
    scores = query.meaning.at(rows) + query.keywords.at(rows)
    return [index.views[row].text for row in rows[np.argsort(-scores)[:VIEWS]]]


def _encode_tokens(texts: Sequence[str]) -> States:
    model = load_original(str(official_folder()))  # what is exported gives no states of tokens
    states: States = {}
    ordered = sorted(texts, key=len)
    for start in range(0, len(ordered), BATCH):
        batch = ordered[start : start + BATCH]
        for text, tokens in zip(batch, model.encode(batch, output_value="token_embeddings"), strict=True):
            vectors = tokens.cpu().numpy()
            states[text] = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float16)
    return states


def _max_sim(question: str, texts: Sequence[str], states: States) -> float:
    asked = states[question].astype(np.float32)
    return max(float((asked @ states[text].astype(np.float32).T).max(axis=1).mean()) for text in texts)


def _added(ranking: Ranking, gains: Sequence[float]) -> Scores:
    scores = np.array([hit.score for hit in ranking.hits])
    scores[: len(gains)] += gains
    scores[len(gains) :] -= 1  # what was not looked at stays behind
    return scores
