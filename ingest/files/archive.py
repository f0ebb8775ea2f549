"""Office files are ZIP archives of XML: what must hold before one is read. Runs in the worker."""

from __future__ import annotations

import io
import zipfile

from ingest.errors import InputError

# Bytes of XML, opened. The text of a thousand pages has some 20 MB; pictures are not read, and do not count.
MOST_XML = 100 * 1024 * 1024
MOST_MEMBERS = 10_000


def check_archive(raw: bytes) -> None:
    """InputError for an archive that opens to too much, or declares XML entities.

    The sizes are those that the archive declares: ``zipfile`` reads no more of a member than that.
    """
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        members = archive.infolist()
        if len(members) > MOST_MEMBERS:
            raise InputError(f"holds more than {MOST_MEMBERS:,} parts; save it again")
        parts = [member for member in members if member.filename.lower().endswith((".xml", ".rels"))]
        if sum(part.file_size for part in parts) > MOST_XML:
            raise InputError(f"opens to more than {MOST_XML // 1024**2} MiB; divide it")
        for part in parts:
            letters = archive.read(part).replace(b"\0", b"")  # so that UTF-16 hides nothing
            if b"<!DOCTYPE" in letters or b"<!ENTITY" in letters:
                raise InputError(
                    f"declares XML entities in {part.filename!r}, as no office program does; save it again"
                )
