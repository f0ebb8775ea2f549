"""sources.toml -> what it describes, and the pages that this comes to. Reads no page and opens no socket."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

import msgspec

from ingest.addresses import canonical, is_address
from ingest.errors import InputError
from ingest.files.walk import list_files
from ingest.records import Corpus, Declared, Described, Freshness, Questions, Source, Stored, Topic
from ingest.slugs import make_slug
from ingest.stored import read_stored
from ingest.tables import read_tables

FILE = "sources.toml"
# Captures have a folder of their own, so that none can take the place of a file of the corpus.
PAGES = "pages"
# What says where a source is: each has exactly one of these, and a page may have both its address and its capture.
WHERE = ("url", "capture", "site", "folder")
# The tables of the file, and what they hold.
TABLES: Mapping[str, type[msgspec.Struct]] = {
    "source": Declared,
    "topic": Topic,
    "freshness": Freshness,
    "questions": Questions,
}
LONGEST_KEPT = 3650  # days
OF_A_SITE = ("sitemap", "include", "exclude", "depth", "pages")


def read_corpus(folder: Path, rows: Mapping[str, Stored] | None = None) -> Corpus:
    """The pages of the corpus in ``folder``, in the order of its sources. InputError says what is wrong, and where.

    ``rows`` are those of ``captures.jsonl`` by their capture; None: as they are stored.
    """
    return _list_pages(folder, read_described(folder), read_stored(folder) if rows is None else rows)


def _list_pages(folder: Path, described: Described, stored: Mapping[str, Stored]) -> Corpus:
    """The pages that each declared source comes to: itself, what was fetched of a site, the files of a folder.

    ``stored`` are the rows of ``captures.jsonl`` by their capture. InputError for a page that two sources name, and
    for a source that comes to none.
    """
    pages: dict[str, Source] = {}
    for number, declared in enumerate(described.source, start=1):
        where = _where(folder / FILE, number, declared)
        listed = [_with_record(source, stored) for source in _expand(folder, declared, stored.values())]
        if not listed:
            raise InputError(f"{where} has no page yet; {_ways_to_pages(declared)}")
        for source in listed:
            if source.capture in pages:
                raise InputError(f"{where}: capture {source.capture!r} is of another source too; remove one of them")
            pages[source.capture] = source
    said = {field: getattr(described, field) for field in Described.__struct_fields__}
    return Corpus(**said | {"source": tuple(pages.values())})


def read_described(folder: Path) -> Described:
    """The whole of ``sources.toml`` in ``folder``. InputError names the line or field that is wrong."""
    if not folder.is_dir():
        raise InputError(f"there is no corpus folder {str(folder)!r}; name one with --corpus")
    path = folder / FILE
    try:
        described = read_tables(path, Described, TABLES)
    except FileNotFoundError:
        raise InputError(f"{path} is missing; it lists the pages of the corpus as [[source]] tables") from None
    if not described.source:
        raise InputError(f"{path} names no page; add a [[source]] table for each")
    for number, declared in enumerate(described.source, start=1):
        _check(declared, _where(path, number, declared))
    _check_settings(described, path)
    return described


def capture_of(declared: Declared) -> str:
    """Where the bytes of a declared page are stored: as it says, else named after its address."""
    return declared.capture or f"{PAGES}/{make_slug((declared.url or '').partition('://')[2], ())}.html"


def _expand(folder: Path, declared: Declared, stored: Iterable[Stored]) -> Iterator[Source]:
    if declared.site:
        for row in stored:
            if row.source == declared.title:
                yield _page(declared, row.capture, row.title or declared.title, row.final)
    elif declared.folder:
        for path in list_files(folder, declared.folder):
            yield _page(declared, path, PurePosixPath(path).stem, None)
    else:
        source = _page(declared, _stored_capture(declared, stored), declared.title, declared.url)
        yield msgspec.structs.replace(source, named=True, part_of=None)


def _stored_capture(declared: Declared, stored: Iterable[Stored]) -> str:
    """The capture of a named page: what its server sends decides the ending, unless ``sources.toml`` does."""
    url = canonical(declared.url) if declared.url and not declared.capture else None
    fetched = (row.capture for row in stored if url and row.url == url and row.source == declared.title)
    return next(fetched, None) or capture_of(declared)


def _page(declared: Declared, capture: str, title: str, url: str | None) -> Source:
    return Source(
        title, capture, declared.kind, declared.publisher, declared.licence, url, named=False, part_of=declared.title
    )


def _with_record(source: Source, stored: Mapping[str, Stored]) -> Source:
    row = stored.get(source.capture)
    return msgspec.structs.replace(source, fetched=row.fetched[:10]) if row else source


def _where(path: Path, number: int, declared: Declared) -> str:
    return f"{path}: source {number} ({declared.title!r})"


def _ways_to_pages(declared: Declared) -> str:
    if declared.site:
        return "run `citewell build --refresh` to fetch them"
    return f"put HTML, text, Markdown, PDF, DOCX, CSV, JSONL or XLSX files into {declared.folder}"


def _check(declared: Declared, where: str) -> None:
    given = [field for field in WHERE if getattr(declared, field) is not None]
    if not given or (len(given) > 1 and given != ["url", "capture"]):
        raise InputError(f"{where} names {' and '.join(given) or 'no page'}; give it url, capture, site or folder")
    for field in ("title", *given):
        if not getattr(declared, field).strip():
            raise InputError(f"{where} has an empty {field}; fill it in")
    for field in ("url", "site", "sitemap"):
        address = getattr(declared, field)
        if address is not None and not is_address(address):
            raise InputError(f"{where}: {field} {address!r} is no http or https address; correct it")
    for field in ("capture", "folder"):
        if (path := getattr(declared, field)) is not None:
            _check_path(path, field, where)
    _check_site(declared, where)


def _check_settings(described: Described, path: Path) -> None:
    for number, topic in enumerate(described.topic, start=1):
        if not topic.name.strip() or not any(word.strip() for word in topic.words):
            raise InputError(f"{path}: topic {number} ({topic.name!r}) has no name or no words; fill them in")
    if len({topic.name for topic in described.topic}) < len(described.topic):
        raise InputError(f"{path} has two topics of one name; give each its own")
    for number, rule in enumerate(described.freshness, start=1):
        if not rule.say.strip():
            raise InputError(f"{path}: freshness {number} says nothing; fill in say")
    if not 1 <= described.questions.keep_days <= LONGEST_KEPT:
        raise InputError(
            f"{path}: keep_days {described.questions.keep_days} is not from 1 to {LONGEST_KEPT}; correct it"
        )


def _check_path(path: str, field: str, where: str) -> None:
    parts = PurePosixPath(path)
    if parts.is_absolute() or ".." in parts.parts or "\\" in path or "\0" in path:
        raise InputError(f"{where}: {field} {path!r} is outside the corpus folder; move it there")
    if parts.parts[:1] != (PAGES,) or len(parts.parts) == 1:
        raise InputError(f"{where}: {field} {path!r} is not under {PAGES}/; move it there")
    if str(parts) != path:
        raise InputError(f"{where}: {field} {path!r} has more to it than its path; write {str(parts)!r}")


def _check_site(declared: Declared, where: str) -> None:
    plain = Declared(title="", publisher="")
    if not declared.site:
        for field in OF_A_SITE:
            if getattr(declared, field) != getattr(plain, field):
                raise InputError(f"{where}: {field} is for a source with a site; remove it")
    if declared.depth < 0 or declared.pages < 1:
        raise InputError(f"{where}: depth {declared.depth} or pages {declared.pages} is too small; use 0, 1 or more")
