"""A question that leans on the answer before it ("and for grants?") is read with that answer's topic in mind.

No language model rewrites the question. What it is about is the centre of the wordings of the entry that was answered;
the question's vector is drawn towards it by a bounded weight, and its words stay its own.

Measured on 47 such questions over the bundled corpus (tests/data/followups.jsonl), of which 32 can be answered: 18
are answered rightly on their own and 25 when carried, 7 and 6 wrongly; of the other 15, 1 and 2 are answered. Of 27
questions of the `dev` split that look like one, each after an entry drawn at random, 19 are right alone and 16 when
carried: the reader sees what was carried, and can have the question asked on its own.
"""

from __future__ import annotations

import re

import numpy as np

from index.reader import Index
from index.search import Query, aim

# Of the topic's vector, to 1 of the question's. From 0.6 on questions about something else are drawn in as well.
WEIGHT = 0.4
# A question that is answered with less than this probability on its own is about something else, and stays alone.
LEAST = 0.1
SHORT = 8  # words; a longer question with "it" in it has said before what "it" is

_GOES_ON = re.compile(r"(?:and|or|but|so|also|then|what about|how about|what if)\b", re.IGNORECASE)
_REFERS = re.compile(r"\b(?:it|its|they|them|their|this|that|these|those|ones?|there|then|too)\b", re.IGNORECASE)


def leans_on_another(question: str) -> bool:
    """Return whether a question seems to go on from the one before it."""
    short = len(question.split()) <= SHORT
    return _GOES_ON.match(question) is not None or (short and _REFERS.search(question) is not None)


def carry(index: Index, query: Query, entry: int) -> Query:
    """Return the query drawn towards the topic of the entry at position ``entry``."""
    rows = np.arange(index.first_rows[entry], index.first_rows[entry + 1])
    centre = index.vectors.at(rows[index.is_wording[rows]]).mean(axis=0)
    vector = query.vector + WEIGHT * centre / np.linalg.norm(centre)
    return aim(index, query, np.asarray(vector / np.linalg.norm(vector), dtype=np.float32))
