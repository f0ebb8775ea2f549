"""The readable ids of entries."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Container, MutableMapping

# Long enough to tell entries apart by eye, short enough for a line: characters.
LENGTH = 60


def make_slug(question: str, taken: Container[str] = (), numbers: MutableMapping[str, int] | None = None) -> str:
    """Lower-case words joined by "-", at most 60 characters, cut between words; "-2" and so on when it is taken.

    ``numbers`` remembers from call to call how far the names of a slug are taken: it spares counting from the start.

    A question without a Latin letter or a digit gets a name from its hash, so that it keeps it from build to build.
    """
    plain = unicodedata.normalize("NFKD", re.sub(r"['’]", "", question)).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain.lower())
    slug = "-".join(words)
    if len(slug) > LENGTH:
        slug = slug[: LENGTH + 1].rpartition("-")[0] or slug[:LENGTH]
    slug = slug or "entry-" + hashlib.sha256(question.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    number = numbers.get(slug, 1) if numbers is not None else 1
    while (name := slug if number == 1 else f"{slug}-{number}") in taken:
        number += 1
    if numbers is not None:
        numbers[slug] = number
    return name
