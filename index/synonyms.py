"""A question -> as it is read: what people say beside what the pages say, all else with its spelling corrected."""

from __future__ import annotations

import re
from functools import lru_cache

from index.spelling import Spelling
from ingest import overrides
from ingest.records import Synonym
from ingest.sameness import plain, whole

MOST = 5  # meanings that are added to a question: more of them would drown its own words


def read_as(text: str, synonyms: tuple[Synonym, ...], spelling: Spelling) -> str:
    """Return ``text`` with each misspelt word corrected, and in parentheses what its synonyms mean.

    Whole words only, whatever their case, each where it stands first. The words of a synonym are not corrected; one
    that has expired today is none.
    """
    means = _meanings(overrides.in_force(synonyms, overrides.today()))
    if not means:
        return spelling.correct(text)
    said, added = text.casefold(), set[str]()
    pieces = _pattern(tuple(means)).split(text)
    for place in range(len(pieces)):
        if place % 2 == 0:
            pieces[place] = spelling.correct(pieces[place])
            continue
        meaning = means.get(_key(pieces[place]))  # none where a pattern takes for one letter what are two: "ı" and "i"
        if meaning and meaning.casefold() not in said and meaning not in added and len(added) < MOST:
            added.add(meaning)
            pieces[place] += f" ({meaning})"
    return "".join(pieces)


@lru_cache(maxsize=8)
def _meanings(synonyms: tuple[Synonym, ...]) -> dict[str, str]:
    """What each means, by what people say; the longer first, which may begin with a shorter one."""
    return {_key(each.says): plain(each.means) for each in sorted(synonyms, key=lambda each: -len(each.says))}


@lru_cache(maxsize=8)
def _pattern(says: tuple[str, ...]) -> re.Pattern[str]:
    """What splits a text at the words that people say, which it keeps."""
    return re.compile(f"({'|'.join(map(whole, says))})", re.IGNORECASE)


def _key(said: str) -> str:
    return " ".join(said.casefold().split())
