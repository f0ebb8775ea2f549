"""Titles that open a panel: accordions and tabs by ARIA, and scripts' attributes that name the panel by its id."""

from __future__ import annotations

from collections.abc import Iterator

from bs4 import Tag

from ingest.extract.tree import Claim, Tree, squeeze

TARGETS = ("aria-controls", "data-target", "data-bs-target", "data-controls", "data-toggle-target", "data-panel")
TOGGLES = ("data-toggle", "data-bs-toggle", "data-accordion", "data-collapse")
NO_PANEL = frozenset(("menu", "menubar", "dialog", "alertdialog", "listbox", "tooltip", "navigation", "search"))


def find_pairs(tree: Tree) -> Iterator[Claim]:
    """Each title with its panel, once, by the order of the titles."""
    seen: set[int] = set()
    for title, panel in _ties(tree):
        fits = (
            tree.title(title) and tree.length(panel) and not tree.holds(panel, title) and not tree.holds(title, panel)
        )
        apart = panel.get("role") in NO_PANEL or panel.name in {"nav", "dialog"}
        if fits and id(panel) not in seen and (not apart or tree.asks(tree.title(title))):
            seen.add(id(panel))
            yield Claim((tree.grow(title, panel),), (panel,), "accordion")


def _ties(tree: Tree) -> Iterator[tuple[Tag, Tag]]:
    """Pairs of tags of which the first names the second as what it opens, or the second the first as its label."""
    for title in tree.find(*TARGETS, "href"):
        if title.get("aria-haspopup", "false") == "false" and title.get("role") not in {"combobox", "listbox"}:
            panel = _named(tree, title) or _linked(tree, title)
            if panel is not None:
                yield title, panel
    for button in tree.tags("button"):
        panel = tree.grow(button).find_next_sibling(True)
        if (
            panel is not None
            and panel.name in {"div", "section"}
            and (button.has_attr("aria-expanded") or tree.asks(tree.title(button)))
        ):
            yield button, panel
    for panel in tree.find("aria-labelledby"):
        label = tree.targets.get(str(panel["aria-labelledby"]).split(" ")[0])
        if label is not None and panel.name not in {"a", "button", "input", "svg", "form"}:
            yield label, panel


def _named(tree: Tree, title: Tag) -> Tag | None:
    names = (str(title[attribute]).split(" ")[0].lstrip("#") for attribute in TARGETS if title.has_attr(attribute))
    return next((panel for name in names if (panel := tree.targets.get(name)) is not None), None)


def _linked(tree: Tree, title: Tag) -> Tag | None:
    """The panel that a link opens; without a sign that it opens one, only where a question links to its answer."""
    href = str(title.get("href", ""))
    panel = tree.targets.get(href[1:]) if href.startswith("#") else None
    if panel is None or any(title.has_attr(t) for t in TOGGLES) or title.get("role") in {"tab", "button"}:
        return panel
    words = squeeze(tree.title(title))
    repeated = words and words in squeeze(tree.beginning(panel, 4 * len(words) + 40))  # a list of contents
    block = panel.name in {"div", "section", "dd", "li", "article"} and not tree.holds_heading(panel)
    return panel if block and not repeated and tree.asks(tree.title(title)) else None
