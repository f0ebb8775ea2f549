"""Question paragraphs that a class or a type face sets apart from the paragraphs of their answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bs4 import Tag
from bs4.element import NavigableString

from ingest.extract.asking import asks, is_control
from ingest.extract.flow import Page
from ingest.extract.links import links_away, points_ahead
from ingest.extract.places import HEADINGS
from ingest.extract.tree import Claim

TAGS = frozenset(("p", "div", "span", "a", "font", "li"))
FACE = ("class", "style", "color", "face", "size", "align")
FEW = 2
MARKS = 8  # kinds of siblings that are looked at, the most frequent first
DEEP = 20  # names and faces of a mark
Mark = tuple[str, ...]


def find_pairs(page: Page) -> Iterator[Claim]:
    """The siblings of one mark, when at least half of them ask and others stand between them."""
    for parent in (page.soup, *page.nodes):
        if not isinstance(parent, Tag) or parent.name in {"table", "tr", "ul", "ol", "dl"}:
            continue
        children = [child for child in parent.find_all(True, recursive=False) if page.length(child)]
        groups: dict[Mark, list[Tag]] = {}
        for child in children:
            if mark := _mark(page, child):
                groups.setdefault(mark, []).append(child)
        following = dict(zip(map(id, children), [*children[1:], None][: len(children)], strict=True))
        for group in sorted(groups.values(), key=len, reverse=True)[:MARKS]:
            if FEW <= len(group) < len(children) and _are_questions(page, following, group):
                yield from _with_answers(page, parent, group)


def _are_questions(page: Page, following: Mapping[int, Tag | None], group: Sequence[Tag]) -> bool:
    """Whether they ask, lead nowhere, and have words of others after them, for the greater part."""
    chosen = {id(tag) for tag in group}
    asking = sum(asks(page.title(tag)) for tag in group)
    followed = sum(id(following[id(tag)]) not in chosen for tag in group)
    leading = sum(links_away(page, tag) or points_ahead(page, tag) for tag in group)
    alone = 2 * followed > len(group)
    return asking >= FEW and 2 * asking >= len(group) and alone and 2 * leading <= len(group)


def _with_answers(page: Page, parent: Tag, group: Sequence[Tag]) -> Iterator[Claim]:
    titles = [tag for tag in group if not is_control(page.title(tag))]
    stops = page.places([*group, *(h.tag for h in page.headings)])
    for tag in titles:
        answer = tuple(page.follow(tag, stops, parent))
        if page.length(*answer):
            yield Claim((tag,), answer, "marked")


def _mark(page: Page, tag: Tag) -> Mark:
    """The names and faces of a tag and of those within it that hold the same words; () where none is set apart."""
    if not page.title(tag):
        return ()
    mark: list[str] = []
    marked = False
    node: Tag | None = tag
    while node is not None and node.name in TAGS and len(mark) < DEEP:
        faces = [f"{face}={node[face]}" for face in FACE if node.has_attr(face)]
        mark += [node.name, *faces]
        marked = marked or bool(faces)
        node = _only(page, node)
    if node is not None and node.name in HEADINGS:
        return ()
    return tuple(mark) if marked else ()


def _only(page: Page, tag: Tag) -> Tag | None:
    """The only child that holds all words of the tag."""
    worded = [child for child in tag.children if page.length(child)]
    only = worded[0] if len(worded) == 1 else None
    return only if isinstance(only, Tag) and not isinstance(only, NavigableString) else None
