"""sources.toml -> Corpus. Reads no page."""

from __future__ import annotations

import tomllib
from pathlib import Path, PurePosixPath

import msgspec

from ingest.addresses import is_address
from ingest.errors import InputError
from ingest.records import Corpus, Source

FILE = "sources.toml"
# Captures have a folder of their own, so that none can take the place of a file of the corpus.
PAGES = "pages"


def read_corpus(folder: Path) -> Corpus:
    """The corpus that ``folder`` describes. InputError names the line or field that is wrong."""
    if not folder.is_dir():
        raise InputError(f"there is no corpus folder {str(folder)!r}; name one with --corpus")
    path = folder / FILE
    try:
        corpus = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8-sig")), Corpus, strict=True)
    except FileNotFoundError:
        raise InputError(f"{path} is missing; it lists the pages of the corpus as [[source]] tables") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 at byte {error.start}; save it as UTF-8") from None
    except OSError as error:
        raise InputError(f"{path} can not be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path} is not valid TOML: {error}; correct that line") from None
    except msgspec.ValidationError as error:
        raise InputError(f"{path}: {error}; correct that field") from None
    _check(corpus, path)
    return corpus


def _check(corpus: Corpus, path: Path) -> None:
    if not corpus.source:
        raise InputError(f"{path} names no page; add a [[source]] table for each")
    seen: set[str] = set()
    for number, source in enumerate(corpus.source, start=1):
        where = f"{path}: source {number} ({source.title!r})"
        _check_source(source, where)
        if source.capture in seen:
            raise InputError(f"{where}: capture {source.capture!r} is named by another source too; remove one of them")
        seen.add(source.capture)


def _check_source(source: Source, where: str) -> None:
    for field in ("title", "capture"):
        if not getattr(source, field).strip():
            raise InputError(f"{where} has an empty {field}; fill it in")
    parts = PurePosixPath(source.capture)
    if parts.is_absolute() or ".." in parts.parts or "\\" in source.capture or "\0" in source.capture:
        raise InputError(f"{where}: capture {source.capture!r} is outside the corpus folder; move the file into it")
    if parts.parts[:1] != (PAGES,) or len(parts.parts) == 1:
        raise InputError(f"{where}: capture {source.capture!r} is not under {PAGES}/; move the file there")
    if str(parts) != source.capture:
        raise InputError(f"{where}: capture {source.capture!r} has more to it than its path; write {str(parts)!r}")
    if source.url is not None and not is_address(source.url):
        raise InputError(f"{where}: url {source.url!r} is no http or https address; correct it")
