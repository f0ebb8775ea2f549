"""schema.org's Question in the attributes of tags, as microdata or RDFa."""

from __future__ import annotations

from collections.abc import Iterator

from bs4 import Tag

from ingest.extract.tree import Claim, Tree


def find_pairs(tree: Tree) -> Iterator[Claim]:
    """The name of each Question with its accepted answer, or the first that is suggested."""
    for item in tree.find("itemtype", "typeof"):
        if "Question" not in str(item.get("itemtype", item.get("typeof"))).replace("/", " ").replace(":", " ").split():
            continue
        name = _property(tree, item, "name")
        answer = _property(tree, item, "acceptedAnswer") or _property(tree, item, "suggestedAnswer")
        if name is not None and answer is not None and not tree.holds(answer, name):
            text = _property(tree, answer, "text") or answer
            yield Claim((tree.grow(name, answer),), (text,), "microdata", sure=True)


def _property(tree: Tree, item: Tag, name: str) -> Tag | None:
    """The first tag within ``item`` that gives the property in words."""
    tags = (
        t
        for t in item.find_all(True)
        if name in str(t.get("itemprop", t.get("property", ""))).replace(":", " ").split()
    )
    return next((tag for tag in tags if tree.length(tag)), None)
