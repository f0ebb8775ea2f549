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

# A title whose words are these, or one of its parts between dashes and bars, is of no page: "404 | Leeds", "Page not
# found". The words are matched alone, with a blank after each, so that no two patterns ever wait for the same signs.
NOT_FOUND = re.compile(
    r"((error|http|status) )?(404|410) ((error|gone) )?(((page|file) )?not found )?"
    r"|((oops|sorry|error) )?(404 )?((this|the|that|your) )?(requested )?((page|file|resource|url) )?"
    r"(((was|is|could|can) ?(not|n['’]t)|cannot|can['’]t) (be )?|not )found "
    r"|((this|the|that) )?page (does ?(not|n['’]t)|no longer) exists? ",
)
WORD = re.compile(r"\w+(?:['’]\w+)*")
PARTS = re.compile(r" [-–—|·»:]+ | ?[|»·] ?")
INDEX = re.compile(r"/((index|default)\.\w+)?$")  # the end of a folder's address: what its server shows for it
EVERYWHERE = 3  # pages with one and the same text, and
SHARE = 0.5  # of all pages at least: a wall in front of the site, not copies within it


class Look(Struct, frozen=True):
    """A page that answered: the address that did, the digest of its bytes, and its outline."""

    final: str
    sha256: str
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
    """Why a page is left to another one that it names as its own, or is to the byte, by its address.

    The latter only where the addresses differ as those of a folder do (``/help``, ``/help/``, ``/help/index.html``);
    the first of them stays. The name is believed where that page has the same words, at least in its main text, or a
    title that few pages have: sites get it wrong, and name their home page on every page.
    A page that names one which itself names another stays: the chain is not followed.
    """
    by_page = {same_page(look.final): look for look in looks}
    titles = Counter(look.outline.title for look in looks)
    verdicts = {}
    for look in looks:
        other = by_page.get(same_page(look.outline.canonical)) if look.outline.canonical else None
        if other is None or other is look or _names_another(other):
            continue
        one, another, title = look.outline, other.outline, look.outline.title
        same_title = title == another.title is not None and titles[title] < EVERYWHERE
        if one.words == another.words or one.main == another.main is not None or same_title:
            verdicts[look.final] = f"names another address as its own: {other.final}"
    folders: dict[tuple[str, str], Look] = {}
    for look in looks:
        if look.final not in verdicts and (first := folders.setdefault(_folder_key(look), look)) is not look:
            verdicts[look.final] = f"is the same to the byte as the page of this folder: {first.final}"
    return verdicts


def _folder_key(look: Look) -> tuple[str, str]:
    """What the addresses of a folder's page, and its bytes, have in common."""
    path, mark, query = same_page(look.final).partition("?")
    return INDEX.sub("", path) + mark + query, look.sha256


def says_not_found(title: str | None) -> bool:
    """Whether a title, or a part of it, is that of an error page."""
    plain = " ".join((title or "").casefold().split())
    parts = (WORD.findall(part) for part in (plain, *PARTS.split(plain)))
    return any(NOT_FOUND.fullmatch("".join(f"{word} " for word in words)) for words in parts)


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
