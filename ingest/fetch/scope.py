"""Which addresses belong to a declared site. Decides by the address alone, and asks nobody."""

from __future__ import annotations

import mimetypes
from collections.abc import Sequence
from fnmatch import fnmatchcase
from urllib.parse import unquote

from msgspec import Struct

from ingest.addresses import Address, parse
from ingest.records import Declared

# What is no page of text, going by its name: it is not asked for. All else is, and judged by what comes.
NO_PAGES = ("image/", "audio/", "video/", "font/", "text/css", "text/javascript", "application/zip")
NO_SUFFIXES = (".css", ".js", ".mjs", ".json", ".xml", ".rss", ".atom", ".ics", ".exe", ".dmg", ".gz", ".7z", ".woff2")


class Scope(Struct, frozen=True):
    """The pages of one site: those of its host whose path is included and not excluded."""

    host: str  # without "www.", with a port that is not the scheme's own
    include: tuple[str, ...]
    exclude: tuple[str, ...]

    def is_home(self, url: str) -> bool:
        """Whether ``url`` is on the site's host."""
        address = parse(url)
        return address is not None and _host(address) == self.host

    def takes(self, url: str) -> bool:
        """Whether ``url`` belongs to the site and may be a page."""
        address = parse(url)
        if address is None or _host(address) != self.host or not _may_be_page(address):
            return False
        return _matches(address, self.include) and not _matches(address, self.exclude)


def make_scope(declared: Declared, start: str) -> Scope:
    """The scope of a declared site whose canonical start is ``start``: without patterns, the folder of that address.

    The folder of ``/help`` is itself and ``/help/``, that of ``/help/index.html`` is ``/help/``.
    """
    address = parse(start)
    if address is None:
        raise ValueError(f"{start!r} is no address")  # sources.toml was checked: the caller's fault
    folder, _, page = address.path.rpartition("/")
    if declared.include:
        include = declared.include
    elif page and "." not in page:
        include = (address.path, f"{address.path}/*")
    else:
        include = (f"{folder}/*",)
    return Scope(_host(address), include, declared.exclude)


def same_page(url: str) -> str:
    """What two spellings of one page's address have in common: neither scheme nor "www." tells pages apart."""
    return url.partition("://")[2].removeprefix("www.")


def _host(address: Address) -> str:
    return same_page(address.origin)


def _matches(address: Address, patterns: Sequence[str]) -> bool:
    """Shell patterns, for the path alone or with its query, as it is sent or as people read it."""
    forms = {address.path, address.target, unquote(address.path), unquote(address.target)}
    return any(fnmatchcase(form, pattern) for pattern in patterns for form in forms)


def _may_be_page(address: Address) -> bool:
    kind = mimetypes.guess_type(address.path)[0] or ""
    return not kind.startswith(NO_PAGES) and not address.path.lower().endswith(NO_SUFFIXES)
