"""What a rule is, and what rules are made of. They look at folded text: see `fold`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct

# What may stand between a label and its value: "passport no. is: 1234...".
FILL = (
    r"""(?:[\s:=#"'(),.*_>\[-]|\b(?:is|was|are|number|numbers|no|num|nr|nos|code|id|ref|reference|of|my|the|its|it|s|"""
    r"""mine|here|and|details|which|on|at|as|me|us|him|her|them|under|with)\b){0,14}"""
)
BETWEEN = r"[ .\-_/]{0,3}"  # digits of one number
OPEN = r"[ .\-_()*]{0,3}"  # digits of a phone number; no slash, which dates have


class Found(Struct, frozen=True):
    """Personal data at ``text[start:end]`` of a folded text, and the word that is to stand there."""

    word: str
    start: int
    end: int


class Rule(Struct, frozen=True):
    """``word`` for what ``pattern`` finds (its group ``v``, where it has one) and ``holds`` does not exclude."""

    word: str
    pattern: re.Pattern[str]
    holds: Callable[[str], bool] = bool  # told the value


def rule(word: str, pattern: str, holds: Callable[[str], bool] = bool) -> Rule:
    """A rule that does not look at case, but within ``(?-i:...)``."""
    return Rule(word, re.compile(pattern, re.IGNORECASE), holds)


def labelled(word: str, label: str, value: str, holds: Callable[[str], bool] = bool) -> Rule:
    """A rule for a value that stands behind its label: the label stays."""
    return rule(word, rf"(?<![a-z])(?:{label}){FILL}(?P<v>{value})", holds)


def find(rules: Iterable[Rule], text: str) -> Iterator[Found]:
    """All that the rules find, rule by rule."""
    for each in rules:
        group = "v" if "v" in each.pattern.groupindex else 0
        for match in each.pattern.finditer(text):
            if each.holds(match[group]):
                yield Found(each.word, match.start(group), match.end(group))


def digits_of(value: str) -> str:
    """Its digits alone."""
    return "".join(c for c in value if c.isdigit())


def is_uneven(value: str) -> bool:
    """Whether a number is not a list of round ones: "100 200 3000", "1000 2000 3000 4000"."""
    return not all(group.endswith("00") for group in re.findall(r"\d+", value))
