"""Which texts are addresses of web pages. The one check for every address that comes from outside."""

from __future__ import annotations

from urllib.parse import urlsplit


def is_address(url: str) -> bool:
    """Whether ``url`` is an http or https address with a host; whether anything answers there is not asked."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises for one that is no number
    except ValueError:
        return False
    blank = any(c.isspace() or not c.isprintable() for c in url)
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not blank


def claims_address(text: str) -> bool:
    """Whether ``text`` sets out to be such an address, rightly or not, and not a title."""
    return text.lower().startswith(("http://", "https://"))
