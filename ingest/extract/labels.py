"""What stands in a title without being a word of it: the "Q" of an icon, the number in a circle. Changes the tree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice, pairwise

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement

from ingest.extract.places import BLOCKS
from ingest.extract.tree import Claim, Tree

ASKING, ANSWERING = "QＱ問", "AＡ答"
LETTER = re.compile(rf"(?<!\s)\s*+[{ASKING}{ANSWERING}]\s*")
NUMBER = re.compile(r"\s*(\d{1,3})\s*[.):]?\s*")
# Letters and numbers of a series; one of them alone is a word of its sentence.
FEW = 2
NEAR = 5  # nodes after a letter among which its words begin


def spell_letters(soup: BeautifulSoup) -> None:
    """Write the letter that an element of its own sets before a question or an answer as "Q: " and "A: "."""
    labels = [string for string in soup.find_all(string=LETTER) if LETTER.fullmatch(string)]
    labels = [string for string in labels if string.parent is not None and string.parent.contents == [string]]
    followed = [(string, after) for string in labels if (after := _next_words(string)) is not None]
    letters = [string.strip() for string, _ in followed]
    if len(letters) < FEW or not any(letter in ASKING for letter in letters):
        return
    for string, after in followed:
        label = string.parent
        if label is None or label.name == "td" or label.name == "th":
            continue
        if label.name in BLOCKS or _first_tag(after).name in BLOCKS:
            label.extract()
        else:
            label.replace_with(NavigableString(f"{string.strip()}: "))


def _next_words(string: NavigableString) -> PageElement | None:
    """What follows the element around a letter within the same parent; None for the first letter of a word."""
    label = string.parent
    for after in islice(label.next_siblings, NEAR) if label is not None else ():
        words = after.get_text() if isinstance(after, Tag) else str(after)
        if words.strip():
            return None if "a" <= words.strip()[0] <= "z" else after
    return None


def _first_tag(node: PageElement) -> Tag:
    return node if isinstance(node, Tag) else Tag(name="span")


def find_numbers(tree: Tree, claims: Iterable[Claim]) -> list[Tag]:
    """The elements that number the questions of the page, each within a question and before its words."""
    numbers = [number for claim in claims if (number := _number(tree, claim.question)) is not None]
    numbers.sort(key=lambda tag: tree.begin[id(tag)])
    values = [int(match[1]) for tag in numbers if (match := NUMBER.fullmatch(tree.words(tag)))]
    series = sum(value + 1 == after for value, after in pairwise(values))
    return numbers if len(values) >= FEW and 2 * series >= len(values) - 1 else []


def _number(tree: Tree, question: Sequence[PageElement]) -> Tag | None:
    for node in question:
        for inner in tree.nodes[tree.begin[id(node)] : tree.end[id(node)] + 1]:
            if isinstance(inner, NavigableString) and tree.length(inner):
                label = inner.parent
                alone = label is not None and id(label) in tree.begin and tree.length(label) == tree.length(inner)
                fits = (
                    alone and label is not None and tree.holds(node, label) and tree.length(label) < tree.length(node)
                )
                return label if fits and NUMBER.fullmatch(tree.words(inner)) else None
    return None
