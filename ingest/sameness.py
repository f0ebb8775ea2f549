"""When two texts that people write say the same, by three rules from strict to lax; and words within a text."""

from __future__ import annotations

import re
import unicodedata


def plain(text: str) -> str:
    """Return ``text`` without what nobody sees, its white space collapsed: questions that are so the same are one."""
    seen = text if text.isprintable() else "".join(c if c.isprintable() else " " for c in text)
    return " ".join(seen.split())


def asked_as(question: str) -> str:
    """Return what of ``question`` counts when it is asked again: `plain`, without case and the mark that ends it."""
    return plain(question).casefold().rstrip(" ?!.…")


def letters_of(text: str) -> str:
    """Return what of ``text`` tells it from another: its letters and digits, without case and compatibility forms."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def whole(words: str) -> str:
    """Return a pattern that finds ``words``, white space aside, where they do not begin or end within a word or number.

    "5 pounds" stands in "5 pounds.", not in "1.5 pounds"; "can" does not stand in "cannot".
    """
    pattern = r"\s+".join(re.escape(word) for word in words.split())
    first, last = words.strip()[:1], words.strip()[-1:]
    before = r"\b(?<!\d[.,])" if first.isdigit() else r"\b" if first.isalnum() else ""
    after = r"\b(?![.,]\d)" if last.isdigit() else r"\b" if last.isalnum() else ""
    return before + pattern + after
