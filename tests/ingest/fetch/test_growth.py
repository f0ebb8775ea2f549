"""Text that is made to keep a pattern busy: each door of the package takes as long as the text is, and no longer.

No time is asserted. A pattern that tries all ways of dividing a text would take hours or years over these, and the
alarm, which is far off, only makes a failure of that.
"""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Callable, Iterator

import pytest

from ingest.addresses import canonical
from ingest.encodings import find_encoding
from ingest.fetch.body import Unusable, judge_type
from ingest.fetch.judge import says_not_found
from ingest.fetch.links import outline
from ingest.fetch.names import name_capture
from ingest.fetch.robots import read_rules
from ingest.fetch.sitemap import read_sitemap
from ingest.signs import HEAD

LENGTH = 20_000
FAR_OFF = 2  # seconds of this process, for what takes a hundredth
PUMPS = (
    *(" ", "\n", "\r", " \n", "\t \t", "\u00a0", "!", "?", ".", "1", "a", "é", "-", " - ", " | ", "|", "·", "–", "—:"),
    *("<", "<!", "<!--", "<!---->", "<!-- -->", "<?xml ?>", "<?xml ", "<a ", "<a href=", "</", ">", "=", "='", '="'),
    *("charset", "charset=", 'charset="', "charset= ", "404", "404 ", "404!", "error ", "not ", "not found ", "page "),
    *("can't", "n't", "'", "’", "the page ", "; url=", ";", "1;", "url = ", "allow ", "allow:", "user-agent: ", "*a"),
    *("/", "//", "/a/", "%41", "%", "&a=", "&amp;", ";sid=", "utm_a=&", "http://a/\n", "<loc>"),
)


def read_type(text: str) -> None:
    with contextlib.suppress(Unusable):
        judge_type("application/x-other", text.encode()[:HEAD])


def read_outline(text: str) -> None:
    outline(text.encode(), "https://a.example/", "text/html")


DOORS: dict[str, Callable[[str], object]] = {
    "type": read_type,
    "encoding": lambda text: find_encoding(f"<meta charset={text}".encode()),
    "header": lambda text: find_encoding(b"", text),
    "error title": says_not_found,
    "title": lambda text: read_outline(f"<title>{text}"),
    "links": lambda text: read_outline(f'<base href="{text}"><a href="{text}">'),
    "refresh": lambda text: read_outline(f'<meta http-equiv=refresh content="{text}">'),
    "robots": lambda text: read_rules(f"user-agent: *\ndisallow: /{text}".encode()).allows(f"https://a.example/{text}"),
    "sitemap": lambda text: read_sitemap(text.encode()),
    "address": lambda text: canonical(f"https://a.example/{text}"),
    "capture": lambda text: name_capture("pages", f"https://a.example/{text}", ".html", ()),
}


@pytest.fixture(autouse=True)
def alarm() -> Iterator[None]:
    """Fails what would not end. The engine of patterns heeds signals."""

    def fail(*_: object) -> None:
        raise AssertionError("a pattern tries all ways of dividing a text")

    before = signal.signal(signal.SIGVTALRM, fail)
    yield
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    signal.signal(signal.SIGVTALRM, before)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no timer of a process")
@pytest.mark.parametrize("door", DOORS)
def test_time_grows_with_the_text(door: str) -> None:
    for pump in PUMPS:
        for begin in ("", "404"):
            signal.setitimer(signal.ITIMER_VIRTUAL, FAR_OFF)
            DOORS[door](begin + pump * (LENGTH // len(pump)) + "x!\0<")
