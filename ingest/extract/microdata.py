"""schema.org's Question in the attributes of tags, as microdata or RDFa."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from bs4 import Tag

from ingest.extract.tree import Claim, Tree


def find_pairs(tree: Tree) -> Iterator[Claim]:
    """The name of each Question with its accepted answer, or the first that is suggested."""
    given = _find_properties(tree)
    for item in tree.find("itemtype", "typeof"):
        if "Question" not in str(item.get("itemtype", item.get("typeof"))).replace("/", " ").replace(":", " ").split():
            continue
        name = _property(tree, given, item, "name")
        answer = _property(tree, given, item, "acceptedAnswer") or _property(tree, given, item, "suggestedAnswer")
        if name is not None and answer is not None and not tree.holds(answer, name):
            text = _property(tree, given, answer, "text") or answer
            yield Claim((tree.grow(name, answer),), (text,), "microdata", sure=True)


def _find_properties(tree: Tree) -> dict[str, list[int]]:
    """Where the tags stand that give each property in words, in page order."""
    given: dict[str, list[int]] = defaultdict(list)
    for tag in tree.find("itemprop", "property"):
        if tree.length(tag):
            for name in {*str(tag.get("itemprop", tag.get("property", ""))).replace(":", " ").split()}:
                given[name].append(tree.begin[id(tag)])
    return given


def _property(tree: Tree, given: Mapping[str, Sequence[int]], item: Tag, name: str) -> Tag | None:
    """The first tag within ``item`` that gives the property in words."""
    places = given.get(name, ())
    first = bisect_left(places, tree.begin[id(item)] + 1)
    within = first < len(places) and places[first] <= tree.end[id(item)]
    tag = tree.nodes[places[first]] if within else None
    return tag if isinstance(tag, Tag) else None
