"""robots.txt -> what may be asked for, how fast, and where the pages are listed (RFC 9309). Fetches nothing."""

from __future__ import annotations

import re
from urllib.parse import quote_from_bytes

from protego import Protego

NAME = "citewell"  # the name that a robots.txt knows us by
SIZE = 500 * 1024  # bytes that are read of it (RFC 9309, 2.5)
LINE_END = re.compile(rb"\r\n|\r|\n")
# A colon that was forgotten between two words is read all the same, as by others.
RULE = re.compile(rb"(user-agent|allow|disallow|crawl-delay|sitemap)(?:\s*:\s*(.*)|\s+(\S+))", re.IGNORECASE)
PRODUCT = re.compile(rb"\*|[a-z_-]*", re.IGNORECASE)
PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))


class Rules:
    """What a robots.txt says. ``read_rules`` makes them; ``Rules()`` allow everything."""

    def __init__(self, text: str = "", name: str = NAME) -> None:
        self._name = name
        self._protego = Protego.parse(text)

    @property
    def delay(self) -> float:
        """Seconds between two requests, 0 when it does not say."""
        return self._protego.crawl_delay(self._name) or 0.0

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """Addresses as they stand there, in order, which may be relative or worse."""
        return tuple(self._protego.sitemaps)

    def allows(self, url: str) -> bool:
        """Whether ``url`` may be asked for. Addresses are compared as they are sent, so nothing is escaped here."""
        as_sent = re.sub(r"[^\x00-\x7f]", "%00", url)  # what can not be sent matches no escape of it either
        return self._protego.can_fetch(as_sent, self._name)


def read_rules(body: bytes, name: str = NAME) -> Rules:
    """The rules for the robot called ``name``. Whatever the bytes are, nothing is raised: what is no rule is skipped.

    Protego reads more into a file than the RFC: misspelt words, fields without a colon, unknown ones that end a group,
    names of robots by their beginning. So it gets only what the RFC knows, in plain ASCII, with our name spelt out.
    """
    whole = body[:SIZE] if len(body) <= SIZE else body[:SIZE].rpartition(b"\n")[0]  # half a rule forbids too much
    lines = (_read_line(line, name) for line in LINE_END.split(whole.removeprefix(b"\xef\xbb\xbf")))
    return Rules("\n".join(filter(None, lines)), name)


def _read_line(line: bytes, name: str) -> str | None:
    rule = RULE.fullmatch(line.partition(b"#")[0].strip())
    if rule is None:
        return None
    field, value = rule[1].decode().lower(), rule[2] or rule[3] or b""
    if field != "user-agent":
        return f"{field}: {quote_from_bytes(value, safe=PRINTABLE)}"
    product = PRODUCT.match(value)
    told = product[0].decode().lower() if product else ""
    return f"user-agent: {told if told in ('*', name.lower()) else '-'}"
