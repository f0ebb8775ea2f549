"""Texts of reports and messages, cut to a length that a person reads."""

from __future__ import annotations


def shorten(text: str, most: int) -> str:
    """``text`` in at most so many characters, the last of them "…" where some are left out."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
