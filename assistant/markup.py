"""The one place that makes HTML out of text. Every piece of text is escaped; Streamlit's sanitiser goes over it again.

``Html`` is what is already markup; a plain ``str`` handed to ``tag`` is always escaped, attributes too.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from itertools import groupby

_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


class Html(str):
    """Text that is markup already, made by this module."""

    __slots__ = ()


def tag(name: str, *children: str, **attributes: str | int) -> Html:
    """One element. ``class_`` is the attribute class, ``aria_label`` is aria-label."""
    given = (f' {key.rstrip("_").replace("_", "-")}="{_escape(str(value))}"' for key, value in attributes.items())
    return Html(f"<{name}{''.join(given)}>{join(children)}</{name}>")


def join(pieces: Iterable[str]) -> Html:
    """Pieces one after the other, text among them escaped."""
    return Html("".join(piece if isinstance(piece, Html) else _escape(piece) for piece in pieces))


def _escape(text: str) -> str:
    return html.escape(_UNPRINTABLE.sub("\ufffd", text), quote=True)


def unseen(text: str) -> Html:
    """Words for screen readers alone."""
    return tag("span", text, class_="cw-unseen")


def table(caption: str, names: Sequence[str], rows: Iterable[Sequence[str]]) -> Html:
    """A table that scrolls within its column: a caption, column names, rows whose first cell names the row."""
    head = tag("thead", tag("tr", *(tag("th", name, scope="col") for name in names)))
    body = (tag("tr", tag("th", row[0], scope="row"), *(tag("td", cell) for cell in row[1:])) for row in rows)
    return tag("div", tag("table", tag("caption", caption), head, tag("tbody", join(body))), class_="wide", tabindex=0)


Span = tuple[int, int]


def marked(text: str, spans: Iterable[Span]) -> Html:
    """The text with each span, ordered and apart, marked as quoted words."""
    pieces: list[str] = []
    last = 0
    for start, end in spans:
        pieces += [text[last:start], tag("mark", text[start:end], class_="cw-mark")]
        last = end
    return join([*pieces, text[last:]])


_MARKER = re.compile(r"(?:(?P<bullet>[•◦▪‣·*–-])|(?P<number>\d{1,3})[.)])\s+")  # as Entry.answer keeps them


def passage(paragraphs: tuple[str, ...], quotes: Iterable[str] = ()) -> Html:
    """An answer as it is structured: paragraphs, lists, bullets within the numbered item before them.

    Words of ``quotes`` are marked where they stand.
    """
    pieces = [_piece(text, spans) for text, spans in zip(paragraphs, _spans(paragraphs, quotes), strict=True)]
    in_lists = groupby(pieces, key=lambda piece: piece[0] != "p")
    return join(_list(list(group)) if listed else join(body for _, _, body in group) for listed, group in in_lists)


_Piece = tuple[str, str, Html]  # "p", "bullet" or "number"; the number; the body


def _piece(text: str, spans: list[Span]) -> _Piece:
    marker = _MARKER.match(text)
    if marker is None:
        return "p", "", tag("p", marked(text, spans))
    cut = marker.end()
    rest = [(max(start - cut, 0), end - cut) for start, end in spans if end > cut]
    return ("bullet" if marker["bullet"] else "number"), marker["number"] or "", marked(text[cut:], rest)


def _list(pieces: list[_Piece]) -> Html:
    """The items of one run of them: bullets, then numbered items, each with the bullets that follow it."""
    first = next((at for at, (kind, _, _) in enumerate(pieces) if kind == "number"), len(pieces))
    lists = [tag("ul", *(tag("li", body) for _, _, body in pieces[:first]))] if first else []
    items: list[tuple[str, Html, list[Html]]] = []
    for kind, number, body in pieces[first:]:
        if kind == "number":
            items.append((number, body, []))
        else:
            items[-1][2].append(tag("li", body))
    if items:
        lists.append(tag("ol", *(_item(*item) for item in items)))
    return join(lists)


def _item(number: str, body: Html, nested: list[Html]) -> Html:
    return tag("li", body, *([tag("ul", *nested)] if nested else []), value=number)


def _spans(paragraphs: tuple[str, ...], quotes: Iterable[str]) -> list[list[Span]]:
    """Where the quotes stand in each paragraph. A quote is matched whole, also across paragraphs."""
    whole = " ".join(paragraphs)
    found: list[Span] = []
    for words in (" ".join(quoted.split()) for quoted in quotes):
        at = whole.find(words)  # of no words 0, where they mark nothing
        if at >= 0 and all(at >= end or at + len(words) <= start for start, end in found):
            found.append((at, at + len(words)))
    spans, offset = [], 0
    for text in paragraphs:
        end = offset + len(text)
        here = ((max(a, offset) - offset, min(b, end) - offset) for a, b in sorted(found) if a < end and b > offset)
        spans.append(list(here))
        offset = end + 1
    return spans
