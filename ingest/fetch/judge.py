"""Which pages of a crawl are none, whatever their status says: error pages, walls, other addresses of a page."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from ingest.addresses import parse
from ingest.fetch.links import HTML, Outline
from ingest.fetch.scope import same_page

# A title that says this, or one of its parts between dashes and bars, is of no page: "404 | Leeds", "Page not found".
NOT_FOUND = re.compile(
    r"(error|http|status)?\W*(404|410)\W*(error|gone)?\W*((page|file)?\s*not\s+found)?\W*"
    r"|\W*(oops|sorry|error)?\W*(404\W*)?((this|the|that|your)\s+)?(requested\s+)?(page|file|resource|url)?\s*"
    r"(((was|is|could|can)\s*(not|n['’]t)|cannot|can['’]t)(\s+be)?|not)\s*found\W*"
    r"|((this|the|that)\s+)?page\s+(does\s*(not|n['’]t)|no\s+longer)\s+exists?\W*",
    re.IGNORECASE,
)
PARTS = re.compile(r"\s+[-–—|·»:]+\s+|\s*[|»·]\s*")
EVERYWHERE = 3  # pages with one and the same text, and
SHARE = 0.5  # of all pages at least: a wall in front of the site, not copies within it


class Look(Struct, frozen=True):
    """A page that answered: the address that did, and its outline."""

    final: str
    content_type: str | None
    outline: Outline


def probe_address(folder: str) -> str:
    """An address under ``folder`` (it ends with "/") that nobody has given to a page. The same at every crawl."""
    return f"{folder}{hashlib.sha256(folder.encode()).hexdigest()[:20]}"


def folder_of(url: str) -> str:
    """The address of the folder that ``url`` is in."""
    address = parse(url)
    return f"{address.origin}{address.path.rpartition('/')[0]}/" if address else url


def find_no_pages(looks: Sequence[Look], probe: Outline | None) -> Mapping[str, str]:
    """Why a page is none, by its address; the first of ``looks`` is the start, ``probe`` what no page looks like."""
    verdicts = dict(_same_everywhere(looks))
    for number, look in enumerate(looks):
        if look.final not in verdicts and (reason := _not_found(look, probe if number else None)):
            verdicts[look.final] = reason
    return verdicts


def find_second_addresses(looks: Sequence[Look]) -> Mapping[str, str]:
    """Why a page is left to another one that it names as its own, by its address.

    Believed where that one has the same words, at least in its main text: sites get it wrong, and name their home page
    on every page, often with one title for all. A print view with other words stays, to be merged later.
    A page that names one which itself names another stays: the chain is not followed.
    """
    by_page = {same_page(look.final): look for look in looks}
    verdicts = {}
    for look in looks:
        other = by_page.get(same_page(look.outline.canonical)) if look.outline.canonical else None
        if other is None or other is look or _names_another(other):
            continue
        if look.outline.words == other.outline.words or look.outline.main == other.outline.main is not None:
            verdicts[look.final] = f"names another address as its own: {other.final}"
    return verdicts


def says_not_found(title: str | None) -> bool:
    """Whether a title, or a part of it, is that of an error page."""
    parts = (title, *PARTS.split(title)) if title else ()
    return any(part.strip() and NOT_FOUND.fullmatch(part.strip()) for part in parts)


def _not_found(look: Look, probe: Outline | None) -> str:
    if look.content_type in HTML and says_not_found(look.outline.title):
        return "answers with status 200 and the title of an error page"
    if probe and probe.bare == look.outline.bare:
        return "looks like the page that this site shows for an address that does not exist"
    return ""


def _same_everywhere(looks: Sequence[Look]) -> Iterable[tuple[str, str]]:
    counts = Counter(look.outline.words for look in looks)
    for look in looks:
        if (count := counts[look.outline.words]) >= max(EVERYWHERE, SHARE * len(looks)):
            yield look.final, f"one and the same text stands at {count} of {len(looks)} addresses: a wall before them?"


def _names_another(look: Look) -> bool:
    named = look.outline.canonical
    return named is not None and same_page(named) != same_page(look.final)
