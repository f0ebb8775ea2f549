"""The lines of PDF pages -> text: paragraphs again, without what every page repeats. Knows nothing of PDF."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from msgspec import Struct

from ingest.extract.lines import protect
from ingest.unseen import strip_unseen

# Glyphs that stand for a bullet, some of them from fonts of symbols.
BULLET = re.compile(r"[•‣◦▪●·■□➢➤✓\x7f\uf0a7\uf0b7\uf0d8\uf0fc](?:\s+|$)")
DASH = re.compile(r"[-–]\s+\S")
NUMBER = re.compile(r"\d{1,3}[.)]\s+\S")
LABEL = re.compile(r"(?:Q|A|Question|Answer)\s?\d*\s?[:.]\s", re.IGNORECASE)
QUESTION = re.compile(r"[^.!?]+\?")
ENDED = re.compile(r"[.!?:;][\"”’')\]]*$")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "\u00a0": " "})
HYPHEN = re.compile(r"(?<!\w)(\w++)[-‐\u00ad]$")
# A heading is larger than the text by at least so much; a bold line of more words is emphasis.
LARGER = 1.1
BOLD_WORDS = 30
# Lines are further apart between paragraphs than within one: times the usual distance.
APART = 1.3
# A line that ends so far (as a share of the longest ones) from the margin ends its paragraph, where a sentence ends.
SHORT = 0.8
# One that ends so early ends it without a sign too, where a capital follows: an item of a list, an address.
VERY_SHORT = 0.6
# Lines of a table of contents: dots up to the number of a page.
LEADER = re.compile(r"(?<!\.)(?<!\. )(?:\. ?){5,}+\w{0,5}$")
# Lines at the top and at the bottom of a page that may be its header and footer.
EDGE = 3
# Pages on which a line stands at the same place: half of them, or as many as this (the titles of chapters).
MANY = 5
PAGE_NUMBER = re.compile(
    r"(?:(?:page|seite|p\.?)\s*+)?[-–]?\s*+\d{1,4}\s*+[-–]?(?:\s*(?:of|/|von)\s*\d{1,4})?", re.IGNORECASE
)


class Line(Struct, frozen=True):
    """A line of a page, or a piece of one: where it begins, in points from the lower left, and how it is set."""

    text: str
    x: float
    y: float
    size: float  # points, of its largest letters
    bold: bool


@dataclass(slots=True)
class _Paragraph:
    """A paragraph while its lines are gathered."""

    text: str
    last: Line
    x: float  # of its first line
    level: int  # of a heading, 1 to 8; 0 for none
    item: bool


def compose(pages: Sequence[Sequence[Line]]) -> tuple[str, tuple[str, ...]]:
    """The text as Markdown, a line for each paragraph, and what was left out of it, a line each."""
    cleaned = [[line for each in page if (line := _clean(each)).text] for page in pages]
    repeated = _find_repeated(cleaned)
    kept = [line for page in cleaned for line in page if id(line) not in repeated]
    dropped = tuple(dict.fromkeys(repeated.values()))
    paragraphs = _gather(list(_join_bullets(kept)))
    return "\n\n".join(map(_write, paragraphs)) + "\n", dropped


def _clean(line: Line) -> Line:
    text = line.text.translate(LIGATURES).strip()
    text = BULLET.sub("• ", text, count=1) if BULLET.match(text) else text
    text = " ".join(CONTROL.sub(" ", strip_unseen(text)).encode("utf-8", "replace").decode().split())
    return Line(text, line.x, line.y, round(2 * line.size) / 2, line.bold)


def _find_repeated(pages: Sequence[Sequence[Line]]) -> dict[int, str]:
    """Headers, footers and page numbers by the ``id()`` of the line, each with the text of its kind."""
    places = defaultdict(list)
    found: dict[int, str] = {}
    for page in pages:
        edge = sorted(page, key=lambda line: line.y)
        outer = {id(line): line for line in (*edge[:EDGE], *edge[-EDGE:])}
        for line in outer.values():
            places[re.sub(r"\d+", "#", line.text.casefold()), round(line.y / 4)].append(line)
        found |= {id(line): "lines of a table of contents" for line in page if LEADER.search(line.text)}
        if len(edge) > 1:
            found |= {id(line): "page numbers" for line in (edge[0], edge[-1]) if PAGE_NUMBER.fullmatch(line.text)}
    least = max(2, min(len(pages) / 2, MANY))
    for lines in places.values():
        if len(lines) >= least:
            found |= {id(line): f"{lines[0].text!r}, on {len(lines)} pages" for line in lines if id(line) not in found}
    return found


def _join_bullets(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines, a bullet that is drawn by itself with the line that it stands before."""
    bullet: Line | None = None
    for line in lines:
        if bullet and not BULLET.match(line.text):
            line = Line(f"• {line.text}", bullet.x, line.y, line.size, line.bold)
        bullet = line if line.text == "•" else None
        if not bullet:
            yield line


def _gather(lines: Sequence[Line]) -> Iterator[_Paragraph]:
    """Join the lines that belong together."""
    if not lines:
        return
    letters = Counter[float]()
    for line in lines:
        letters[line.size] += len(line.text)
    body = max(letters, key=lambda size: letters[size])
    larger = sorted({line.size for line in lines if line.size > LARGER * body}, reverse=True)
    levels = {size: min(number, 6) for number, size in enumerate(larger, start=1)}
    gaps = Counter(round(a.y - b.y) for a, b in pairwise(lines) if a.size == b.size == body)
    gap = next((gap for gap, _ in gaps.most_common() if gap > 0), 1.2 * body)
    long = sorted(len(line.text) for line in lines)[int(0.9 * (len(lines) - 1))]
    words = {word.casefold() for line in lines for word in re.findall(r"(?<!\w)\w++-\w+", line.text)}
    draft: _Paragraph | None = None
    for line in lines:
        level = levels.get(line.size) or (8 if line.bold and len(line.text.split()) <= BOLD_WORDS else 0)
        level = 0 if BULLET.match(line.text) else level
        if draft and not _begins(line, level, draft, gap, long):
            draft.text = _append(draft.text, line.text, words)
            draft.last = line
            continue
        if draft:
            yield draft
        draft = _Paragraph(line.text, line, line.x, level, _is_item(line.text))
    if draft:
        yield draft


def _begins(line: Line, level: int, draft: _Paragraph, gap: float, long: int) -> bool:
    """Whether a paragraph begins with this line."""
    if level != draft.level or BULLET.match(line.text) or LABEL.match(line.text):
        return True
    ended = bool(ENDED.search(draft.text))
    down = draft.last.y - line.y
    if level:
        return draft.text.endswith("?") or not 0 < down <= 2 * line.size
    if (NUMBER.match(line.text) or DASH.match(line.text)) and (ended or draft.item):
        return True
    if down <= 0 or down > 20 * gap:  # the next column or page
        return ended or line.text[0].isupper()
    if down > APART * gap or (draft.item and line.x < draft.x - 1):
        return True
    if line.text[0].isupper() and (QUESTION.fullmatch(draft.text) or len(draft.last.text) < VERY_SHORT * long):
        return True
    indented = not draft.item and line.x > draft.last.x + line.size / 2
    return ended and (indented or len(draft.last.text) < SHORT * long)


def _is_item(text: str) -> bool:
    return any(sign.match(text) for sign in (BULLET, NUMBER, DASH))


def _append(text: str, line: str, words: set[str]) -> str:
    """Two lines as one, a word that was divided at the end of the first whole again."""
    broken = HYPHEN.search(text)
    if not broken or not line[0].islower():
        return f"{text} {line}"
    rest = re.match(r"\w+", line)
    compound = rest and f"{broken[1]}-{rest[0]}".casefold() in words
    return text + line if compound and text[-1] == "-" else text[:-1] + line


def _write(paragraph: _Paragraph) -> str:
    if paragraph.level:
        return f"{'#' * paragraph.level} {paragraph.text}"
    return protect(paragraph.text)
