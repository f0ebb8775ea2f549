"""Text of the pages made safe for where Streamlit shows it: labels read Markdown, addresses must be web addresses.

Page text is data. Whatever stands in it, a label shows those characters and nothing else.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import overload
from urllib.parse import quote, urlsplit

LONGEST_QUESTION = 500  # characters; the longest question of the bundled pages has 420

# Every ASCII punctuation mark may stand behind a backslash in Markdown.
_MARKUP = re.compile(r"[!-/:-@\[-`{-~]")
# What Streamlit replaces after Markdown is read, where a backslash is of no use: emoji and icon codes (:name:), bare
# addresses (www., scheme://, name@host) and arrows (->, <-, --, ~=, >=). An invisible word joiner keeps them apart.
_REPLACED_LATER = re.compile(r"(?<=[:@])(?=\S)|(?<=[-<=])(?=[->])|(?<=<)(?=[-=])|(?<=[>~])(?==)|(?<=[Ww]{3})(?=\.)")
_JOINER = "\u2060"
# C0 and C1 controls, surrogates, and marks that turn the direction of what follows.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def one_line(text: str) -> str:
    """The text without control characters, its whitespace collapsed."""
    return " ".join(_UNPRINTABLE.sub(" ", text).split())


def label(text: str) -> str:
    """The text for the label of a button, link or expander: shown as it is, nothing in it read as Markdown."""
    return _MARKUP.sub(r"\\\g<0>", _REPLACED_LATER.sub(_JOINER, one_line(text)))


def web_address(url: str | None) -> str | None:
    """The address if it leads to a web page, else None."""
    if url is None or _UNPRINTABLE.search(url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def clipped(text: str, longest: int) -> str:
    """The text on one line, cut between words when it is longer than ``longest`` characters."""
    line = one_line(text)
    return line if len(line) <= longest else line[:longest].rsplit(" ", 1)[0].rstrip(" ,;:–-") + "\u00a0…"


_MAIL_ADDRESS = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+")


def mail_to(contact: str | None, question: str, corpus: str) -> str | None:
    """A mailto address with the question filled in; None without a usable contact."""
    if contact is None or not _MAIL_ADDRESS.fullmatch(contact):
        return None
    subject = quote(f"A question for {one_line(corpus)}", safe="")
    return f"mailto:{contact}?subject={subject}&body={quote(one_line(question), safe='')}"


@overload
def long_date(day: date) -> str: ...
@overload
def long_date(day: str | None) -> str | None: ...
def long_date(day: date | str | None) -> str | None:
    """8 June 2021, of a date or of 2021-06-08; None when there is no such day."""
    try:
        found = day if isinstance(day, date) else date.fromisoformat(day or "")
    except ValueError:
        return None
    return f"{found.day} {found:%B %Y}"


def short_name(publisher: str) -> str:
    """The first of a publisher's names: E3M of "E3M / Social Business International"."""
    return publisher.split(" / ")[0].strip()


def count(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: 1 entry, 2 entries."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def percent(share: float) -> str:
    """A probability in words of the reader."""
    return f"{share * 100:.0f} %"


def told_apart(names: Iterable[str]) -> list[str]:
    """The names in their order, a number behind each that stood there before: a select box knows an option by its name.

    >>> told_apart(["a", "b", "a"])
    ['a', 'b', 'a (2)']
    """
    seen: Counter[str] = Counter()
    apart = []
    for name in names:
        seen[name] += 1
        apart.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return apart
