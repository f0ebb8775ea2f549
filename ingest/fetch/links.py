"""What a crawl needs to know of a page: its title, where it leads, and what it looks like. Takes no entry from it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from ingest.addresses import LONGEST, canonical

HTML = frozenset(("text/html", "application/xhtml+xml"))
LINKS = 10_000  # different ones of one page: an A-Z of a large site has some thousands, a link farm a million
TITLE = 200  # characters of a title: what is longer is none that anybody reads
ROOM = 500_000  # characters of all its links: they are kept for each page of a site
SILENT = frozenset(("script", "style", "template"))
FURNITURE = frozenset(("title", "a", "nav", "header", "footer", "aside", "button"))
REFRESH = re.compile(r"\s*+[\d.]*+\s*+[;,]\s*+url\s*+=\s*+['\"]?([^'\"]+)", re.IGNORECASE)
ECHO = 4  # characters: a shorter path may stand anywhere


class Outline(Struct, frozen=True):
    """A page in short. The digests are of its words as a reader sees them."""

    title: str | None
    canonical: str | None  # the address that the page says is its own, in canonical form
    links: tuple[str, ...]  # in canonical form, each once, in the order of the page; without those marked nofollow
    words: str  # digest of all
    bare: str  # digest without numbers and without what repeats the page's own address
    main: str | None  # digest of those outside of links, menus and other furniture; None: there are none


def outline(body: bytes, url: str, content_type: str | None) -> Outline:
    """The outline of what was fetched from ``url``. Of what is no HTML, only that the same bytes look the same."""
    if content_type not in HTML:
        return Outline(None, None, (), digest := _digest(body), digest, digest)
    from lxml import etree

    target = _Target()
    parser = etree.HTMLParser(target=target, encoding="utf-8")
    try:
        parser.feed(body.removeprefix(b"\xef\xbb\xbf") or b" ")
        parser.close()
    except (etree.LxmlError, ValueError):
        pass  # what was read until then counts
    base = canonical(target.base, url) or url
    links = dict.fromkeys(link for href in target.hrefs if (link := _resolve(href, base)))
    text, main = (" ".join("".join(pieces).split()) for pieces in (target.text, target.main))
    target.text.clear()
    target.main.clear()  # a parser knows its target in a circle, so that both stay for long
    return Outline(
        title=" ".join("".join(target.title).split())[:TITLE].rstrip() or None,
        canonical=canonical(target.canonical, base) if target.canonical else None,
        links=tuple(_within(links, ROOM)),
        words=_digest(text.encode("utf-8", "replace")),
        bare=_digest(" ".join(_bare_words(text, url)).encode("utf-8", "replace")),
        main=_digest(main.encode("utf-8", "replace")) if main else None,
    )


def _within(links: Iterable[str], room: int) -> Iterator[str]:
    for link in links:
        room -= len(link)
        if room < 0:
            return
        yield link


def _resolve(href: str, base: str) -> str | None:
    rooted = href.startswith("/") and not href.startswith("//")
    return _remember(href, "/".join(base.split("/", 3)[:3]) if rooted else base)


@lru_cache(maxsize=1 << 13)  # the menu of a site stands on each of its pages
def _remember(href: str, base: str) -> str | None:
    return canonical(href, base)


class _Target:
    """Takes what is wanted out of the parser's events: no tree is made, however large the page."""

    def __init__(self) -> None:
        self.base = ""
        self.canonical = ""
        self.hrefs: dict[str, None] = {}
        self.title: list[str] = []
        self.text: list[str] = []
        self.main: list[str] = []
        self._around = 0  # elements of furniture that are open
        self._within = ""  # the silent element, or the title

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        match tag:
            case "a" | "area":
                if "nofollow" not in attributes.get("rel", "").lower().split():
                    self._link(attributes.get("href", ""))
            case "base":
                self.base = self.base or attributes.get("href", "")
            case "link":
                if "canonical" in attributes.get("rel", "").lower().split():
                    self.canonical = self.canonical or attributes.get("href", "")
            case "meta":
                if attributes.get("http-equiv", "").lower() == "refresh":
                    self._link(found[1] if (found := REFRESH.match(attributes.get("content", ""))) else "")
        if tag in SILENT or (tag == "title" and not self.title):
            self._within = tag
        self._around += tag in FURNITURE
        self._part()

    def _link(self, href: str) -> None:
        if href.strip() and len(href) <= LONGEST and len(self.hrefs) < LINKS:
            self.hrefs[href.strip()] = None

    def data(self, text: str) -> None:
        if self._within == "title":
            self.title.append(text)
        if self._within not in SILENT:
            self.text.append(text)
            if not self._around:
                self.main.append(text)

    def end(self, tag: str) -> None:
        if tag == self._within:
            self._within = ""
        self._around -= tag in FURNITURE
        self._part()

    def _part(self) -> None:
        self.text.append(" ")
        self.main.append(" ")

    def close(self) -> None:
        """Required of a target."""


def _bare_words(text: str, url: str) -> Iterable[str]:
    """The words of a page that would be the same under another address and at another time."""
    parts = urlsplit(url)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    echoes = {url, path, parts.path}
    text = text.casefold()
    for echo in sorted(echoes | {unquote(echo) for echo in echoes}, key=len, reverse=True):
        if len(echo) >= ECHO:
            text = text.replace(echo.casefold(), " ")
    return (word for word in re.findall(r"\w+", text) if word.isalpha())


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]
