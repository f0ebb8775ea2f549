"""What of an HTML page is not its content. Changes the tree in place; decides on elements only, never on words."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bs4 import BeautifulSoup, Tag

from ingest.extract.places import BLOCKS, HEADINGS

# Of the head only its title: where a page leaves out the tags, lxml takes <main> for a part of the head.
SILENT = ("script", "style", "noscript", "template", "iframe", "textarea", "title")
# What holds no words either, but ends, closed or not, where a heading or, for the first three, a paragraph begins.
DRAWN = ("svg", "math", "select", "object")
AROUND = ("nav", "aside", "dialog")
PERMALINKS = frozenset("¶#§🔗")
# What accordions fold away stands in the page as hidden, and is still its content.
FOLDED = re.compile(r"accordion|collaps|panel|answer|faq|toggle|expand|tab-?content", re.IGNORECASE)
# Ways of an inline style to keep words from a reader; what a style sheet hides is not known here.
INVISIBLE = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|opacity:0(?:\.0*)?(?![.\d])|font-size:0(?![.\d]*[1-9])"
    r"|(?:left|top|text-indent):-\d{3,}|clip:rect\([01](?:px)?,?[01](?:px)?,?[01]|clip-path:inset\((?:50|100)%"
    r"|(?:^|;)color:transparent",
    re.IGNORECASE,
)
COLOUR = re.compile(r"(?:^|;)(color|background(?:-color)?):([#\w]+)", re.IGNORECASE)
COLOURS = {"white": "#fff", "#ffffff": "#fff", "black": "#000", "#000000": "#000"}
COMMENTS_AND_BLANKS = re.compile(r"/\*.*?\*/|\s+", re.DOTALL)


def silence(soup: BeautifulSoup) -> None:
    """Take out what holds no words of the page: scripts, styles, pictures, fields."""
    for tag in _tags(soup):
        if tag.name in SILENT:
            tag.decompose()
    tags = _tags(soup)
    written = _find_around(tag for tag in tags if tag.name in HEADINGS)
    blocks = _find_around(tag for tag in tags if tag.name in BLOCKS)
    for tag in [tag for tag in tags if tag.name in DRAWN]:
        if id(tag) in (written if tag.name == "object" else blocks):
            tag.name = "span"  # to unwrap it would count all that is in it
        else:
            tag.decompose()


def _tags(soup: BeautifulSoup) -> list[Tag]:
    """All tags: for names, bs4's own search takes several times as long."""
    return [node for node in soup.descendants if isinstance(node, Tag)]


def _find_around(tags: Iterable[Tag]) -> set[int]:
    """The ``id()`` of every tag around one of ``tags``."""
    around: set[int] = set()
    for tag in tags:
        for above in tag.parents:
            if id(above) in around:
                break
            around.add(id(above))
    return around


def prune(soup: BeautifulSoup, around: bool = True) -> None:
    """Take out what is hidden for good and, with ``around``, menus, forms, page headers and footers."""
    whole = len(soup.get_text())
    tags = _tags(soup)
    referenced = {str(tag["aria-controls"]) for tag in tags if tag.has_attr("aria-controls")}
    # First judged, then taken out: to ask bs4 whether a tag is gone already costs a search of all below it.
    gone: set[int] = set()
    outermost = []
    for tag in tags:
        if id(tag.parent) in gone:
            gone.add(id(tag))
        elif _is_hidden(tag, referenced) or (around and _surrounds(tag, whole)):
            gone.add(id(tag))
            outermost.append(tag)
    for tag in outermost:
        tag.decompose()


def _is_hidden(tag: Tag, referenced: set[str]) -> bool:
    style = COMMENTS_AND_BLANKS.sub("", str(tag.get("style", "")))
    hidden = (
        tag.has_attr("hidden") or tag.get("aria-hidden") == "true" or INVISIBLE.search(style) or _is_one_colour(style)
    )
    return bool(hidden) and not _is_folded(tag, referenced)


def _is_one_colour(style: str) -> bool:
    """Whether the words have the colour of what is behind them."""
    colours = {name[:5].lower(): COLOURS.get(value.lower(), value.lower()) for name, value in COLOUR.findall(style)}
    return len(colours) == 2 and len(set(colours.values())) == 1


def _surrounds(tag: Tag, whole: int) -> bool:
    if "mw-editsection" in tag.get_attribute_list("class"):  # MediaWiki's "[edit]" within each heading
        return True
    if tag.name in AROUND or tag.get("role") in {"navigation", "banner", "contentinfo", "search"}:
        return True
    if tag.name in {"header", "footer"}:
        return tag.find_parent(["article", "main", "section"]) is None and tag.find("h1") is None
    if tag.name == "form":  # some systems wrap the whole page in one
        return 2 * len(tag.get_text()) < whole
    if tag.name == "a":
        return tag.get_text().strip() in PERMALINKS and tag.find("img") is None
    return tag.name == "button" and not _opens(tag)


def _opens(button: Tag) -> bool:
    """Whether a button is the title of something folded away."""
    marks = button.has_attr("aria-expanded") or button.has_attr("aria-controls") or _classes(button)
    return bool(marks) or button.get_text().strip().endswith("?")


def _is_folded(tag: Tag, referenced: set[str]) -> bool:
    named = str(tag.get("id", "")) in referenced or tag.has_attr("aria-labelledby")
    return named or bool(_classes(tag)) or tag.get("role") in {"region", "tabpanel"}


def _classes(tag: Tag) -> re.Match[str] | None:
    return FOLDED.search(f"{tag.get('class', '')} {tag.get('id', '')}")
