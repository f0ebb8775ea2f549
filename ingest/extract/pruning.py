"""What of an HTML page is not its content. Changes the tree in place; decides on elements only, never on words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from ingest.extract.places import BLOCKS, HEADINGS
from ingest.unseen import strip_unseen

# Of the head only its title: where a page leaves out the tags, lxml takes <main> for a part of the head.
SILENT = ("script", "style", "noscript", "noframes", "noembed", "template", "iframe", "textarea", "title", "datalist")
# What shows its words only to programs that can not show it.
PLAYED = ("object", "audio", "video", "canvas")
# What holds no words either, but ends, closed or not, where a heading or, for the first three, a paragraph begins.
DRAWN = ("svg", "math", "select", *PLAYED)
# A title, a sentence and a form; around more is the page itself.
BOX_CHARS = 400
# A notice over the page is no longer than this share of it.
DIALOG_SHARE = 0.6
COOKIE = re.compile(r"cookie", re.IGNORECASE)
CONSENT = re.compile(
    r"(?:^|[-_\s])(?:cookies?|gdpr)[-_]?(?:consent|banner|notice|bar|popup|dialog|modal)", re.IGNORECASE
)
# Words for each time that a notice about cookies names them, and on one of its buttons.
COOKIE_WORDS, CONSENT_WORDS, FEW = 40, 4, 2
# How far around a control the box that it belongs to is looked for.
LEVELS = 12
AROUND = ("nav", "aside", "dialog")
PERMALINKS = frozenset("¶#§🔗")
# What accordions fold away stands in the page as hidden, and is still its content.
FOLDED = re.compile(r"accordion|collaps|panel|answer|faq|toggle|expand|tab-?content", re.IGNORECASE)
# Ways of an inline style to keep words from a reader; what a style sheet hides is not known here. No height of 0: so
# accordions fold answers away. Nor names as "sr-only": what is read aloud is read.
INVISIBLE = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|opacity:(?:0?\.0\d*|0)(?![.\d])|content-visibility:hidden|font-size:(?:0(?![.\d]*[1-9])|(?:1|0?\.\d+)px)"
    r"|(?:left|right|top|bottom|text-indent):-(?:\d{3,}|\d{2}r?em)|transform:scale[xy]?\(0(?:\.0*)?[,)]|clip:rect\([01](?:px)?,?[01](?:px)?,?[01]|clip-path:inset\((?:50|100)%"
    r"|translate(?:x|y|3d)?\(-?\d{4,}px|(?:^|;)color:transparent"
    r"|^(?=.*overflow:(?:hidden|clip))(?:.*;)?(?:max-)?width:[01](?:px)?(?:;|!|$)",
    re.IGNORECASE,
)
COLOUR = re.compile(r"(?:^|;)(color|background(?:-color)?):(rgba?\([^)]*\)|[#\w]+)", re.IGNORECASE)
COLOURS = {"white": "#fff", "#ffffff": "#fff", "rgb(255,255,255)": "#fff"}
COLOURS |= {"black": "#000", "#000000": "#000", "rgb(0,0,0)": "#000"}
COMMENTS_AND_BLANKS = re.compile(r"/\*.*?(?:\*/|\Z)|\s+", re.DOTALL)


def silence(soup: BeautifulSoup) -> None:
    """Take out what holds no words of the page: scripts, styles, pictures, fields, characters that no reader sees."""
    for string in [node for node in soup.descendants if isinstance(node, NavigableString) and not node.isascii()]:
        if (seen := strip_unseen(string)) != string:
            string.replace_with(type(string)(seen))
    for tag in _tags(soup):
        if tag.name in SILENT:
            tag.decompose()
    tags = _tags(soup)
    written = _find_around(tag for tag in tags if tag.name in HEADINGS)
    blocks = _find_around(tag for tag in tags if tag.name in BLOCKS)
    for tag in [tag for tag in tags if tag.name in DRAWN]:
        if id(tag) in (written if tag.name in PLAYED else blocks):
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


def close_dialogs(soup: BeautifulSoup) -> None:
    """Take out what lies over the page: dialogs, and what asks for consent to cookies. Their titles ask nothing."""
    text = soup.get_text()
    most = int(DIALOG_SHARE * len(text))
    found = [tag for tag in soup.find_all(True) if _is_dialog(tag)]
    if COOKIE.search(text):
        speaks: dict[int, bool | None] = {}
        controls = (tag for tag in soup.find_all(["button", "input", "a"]) if _takes_consent(tag))
        found += [box for tag in controls if (box := _grow_consent(tag, most, speaks)) is not None]
    outermost = {id(tag): tag for tag in found}
    for tag in list(outermost.values()):
        if not any(id(above) in outermost for above in tag.parents) and len(tag.get_text()) <= most:
            tag.decompose()


def _is_dialog(tag: Tag) -> bool:
    dialog = tag.get("role") in {"dialog", "alertdialog"} or tag.name == "dialog" or tag.get("aria-modal") == "true"
    return dialog or (tag.name in {"div", "section", "aside"} and bool(CONSENT.search(_name(tag))))


def _takes_consent(tag: Tag) -> bool:
    """Whether a control is a box to tick or a button of two or three words."""
    if tag.name == "input":
        return tag.get("type") == "checkbox"
    return 0 < len(tag.get_text().split()) <= CONSENT_WORDS


def _grow_consent(control: Tag, most: int, speaks: dict[int, bool | None]) -> Tag | None:
    """The largest element around a control that speaks of cookies all through, if there is one."""
    found = None
    for above in islice(control.parents, LEVELS):
        if id(above) not in speaks:
            speaks[id(above)] = _speaks_of_cookies(above, most)
        if speaks[id(above)] is None:
            break
        found = above if speaks[id(above)] else found
    return found


def _speaks_of_cookies(tag: Tag, most: int) -> bool | None:
    """Whether a tag is a notice about cookies with buttons; None where it and all around it are more than that."""
    text = tag.get_text()
    if tag.name in {"main", "body", "article", "html"} or len(text) > most:
        return None
    named = len(COOKIE.findall(text))
    controls = len(tag.find_all(["button", "input"], limit=FEW))
    return named >= FEW and controls >= FEW and named * COOKIE_WORDS >= len(text.split())


def _name(tag: Tag) -> str:
    return f"{' '.join(map(str, tag.get_attribute_list('class')))} {tag.get('id', '')}"


def prune(soup: BeautifulSoup, around: bool = True) -> None:
    """Take out what is hidden for good and, with ``around``, menus, forms, page headers and footers."""
    whole = len(soup.get_text())
    if around:
        for box in _find_sign_ups(soup):
            box.decompose()
    tags = _tags(soup)
    referenced = {str(tag["aria-controls"]) for tag in tags if tag.has_attr("aria-controls")}
    # First judged, then taken out: to ask bs4 whether a tag is gone already costs a search of all below it.
    gone: set[int] = set()
    outermost = []
    banners = _find_banners(soup)
    for tag in tags:
        if id(tag.parent) in gone:
            gone.add(id(tag))
        elif _is_hidden(tag, referenced) or (around and (id(tag) in banners or _surrounds(tag, whole))):
            gone.add(id(tag))
            outermost.append(tag)
    for tag in outermost:
        tag.decompose()


def _find_sign_ups(soup: BeautifulSoup) -> list[Tag]:
    """Boxes of one title and a form that takes an address; not one of several built alike, as answers are."""
    boxes: dict[int, Tag] = {}
    lengths: dict[int, int] = {}
    for form in soup.find_all("form"):
        box = form
        for parent in islice(form.parents, LEVELS):
            length = lengths.get(id(parent)) or len(parent.get_text())
            lengths[id(parent)] = length
            narrow = parent.name in {"div", "section", "form", "aside"} and length <= BOX_CHARS
            if not narrow or len(parent.find_all(list(HEADINGS), limit=2)) > 1:
                break
            box = parent
        titled = box is not form and box.find([*HEADINGS, "p", "strong"]) is not None
        if titled and form.find("input", type=["email", "text"]) and not _has_like(box):
            boxes[id(box)] = box
    return [box for box in boxes.values() if not any(id(above) in boxes for above in box.parents)]


def _has_like(box: Tag) -> bool:
    """Whether the element beside it is built like a box."""
    beside = (box.find_previous_sibling(True), box.find_next_sibling(True))
    return any(tag is not None and (tag.name, tag.get("class")) == (box.name, box.get("class")) for tag in beside)


def _is_hidden(tag: Tag, referenced: set[str]) -> bool:
    style = COMMENTS_AND_BLANKS.sub("", str(tag.get("style", "")))
    hidden = (
        tag.has_attr("hidden")
        or tag.has_attr("inert")
        or tag.get("aria-hidden") == "true"
        or INVISIBLE.search(style)
        or _is_one_colour(style)
    )
    return bool(hidden) and not _is_folded(tag, referenced)


def _is_one_colour(style: str) -> bool:
    """Whether the words have the colour of what is behind them."""
    colours = {name[:5].lower(): COLOURS.get(value.lower(), value.lower()) for name, value in COLOUR.findall(style)}
    return len(colours) == 2 and len(set(colours.values())) == 1


def _find_banners(soup: BeautifulSoup) -> set[int]:
    """The ``id()`` of each header and footer of the page itself: not of a part of it, nor around its title."""
    titled = _find_around(soup.find_all("h1"))
    parts: set[int] = set()
    banners: set[int] = set()
    for tag in soup.find_all(True):
        if tag.name in {"article", "main", "section"} or id(tag.parent) in parts:
            parts.add(id(tag))
        elif tag.name in {"header", "footer"} and id(tag) not in titled:
            banners.add(id(tag))
    return banners


def _surrounds(tag: Tag, whole: int) -> bool:
    if "mw-editsection" in tag.get_attribute_list("class"):  # MediaWiki's "[edit]" within each heading
        return True
    if tag.name in AROUND or tag.get("role") in {"navigation", "banner", "contentinfo", "search"}:
        return True
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
