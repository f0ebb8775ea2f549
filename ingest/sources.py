"""sources.toml -> Corpus. Reads no page."""

from __future__ import annotations

import tomllib
from pathlib import Path, PurePosixPath

import msgspec

from ingest.errors import InputError
from ingest.records import Corpus

FILE = "sources.toml"


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
    except tomllib.TOMLDecodeError as error:
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
        for field in ("title", "capture"):
            if not getattr(source, field).strip():
                raise InputError(f"{where} has an empty {field}; fill it in")
        parts = PurePosixPath(source.capture)
        if parts.is_absolute() or ".." in parts.parts or "\\" in source.capture or "\0" in source.capture:
            raise InputError(f"{where}: capture {source.capture!r} is outside the corpus folder; move the file into it")
        if str(parts) in seen:
            raise InputError(f"{where}: capture {source.capture!r} is named by another source too; remove one of them")
        if source.url is not None and not source.url.startswith(("http://", "https://")):
            raise InputError(f"{where}: url {source.url!r} does not begin with http:// or https://; correct it")
        seen.add(str(parts))
