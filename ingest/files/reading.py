"""The bytes of one file, if it is a regular one of bearable size. Never waits for a pipe or a device."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from ingest.errors import InputError

# Bytes. A thousand pages of PDF with pictures; what is larger holds no FAQ.
LARGEST = 64 * 1024 * 1024
# Not every platform has each of them.
QUIETLY = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
NO_LINK = getattr(os, "O_NOFOLLOW", 0)


def read_file(path: Path, follow: bool) -> bytes:
    """The bytes of ``path``, which may itself be a link where ``follow``.

    FileNotFoundError when there is none; InputError for a link, a folder, a pipe, a device, a file that may not be
    read, and one larger than LARGEST.
    """
    if not follow and path.is_symlink():
        raise InputError(f"{path} is a link; put the file itself there")
    flags = QUIETLY if follow else QUIETLY | NO_LINK
    try:
        _check(path, path.stat())  # before it is opened too: to open a device may set it going
        with open(path, "rb", opener=lambda name, _: os.open(name, flags)) as file:
            _check(path, os.fstat(file.fileno()))
            raw = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise InputError(f"{path} can not be read: {error.strerror}") from None
    if len(raw) > LARGEST:
        raise _too_large(path)
    return raw


def _check(path: Path, status: os.stat_result) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise InputError(f"{path} can not be read: it is a folder; make it one that can be opened, or name its files")
    if not stat.S_ISREG(status.st_mode):
        raise InputError(f"{path} can not be read: it is a pipe, a socket or a device")
    if status.st_size > LARGEST:
        raise _too_large(path)


def _too_large(path: Path) -> InputError:
    return InputError(f"{path} is larger than {LARGEST // 1024**2} MiB; divide it")
