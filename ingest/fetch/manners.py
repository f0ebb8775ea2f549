"""When a host may be asked next: the delay between requests, backing off, Retry-After, and leaving it alone."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from ingest.fetch.wire import Answer, NoAnswer

DELAY = 1.0  # seconds between two requests to a host
CRAWL_DELAY = 30.0  # seconds: a robots.txt may ask for more, and gets this
PATIENCE = 120.0  # seconds: a host that wants a longer pause is left alone in this run
BACKOFF = 60.0  # seconds: the longest pause that we take of ourselves
SILENT = 5  # pages in a row that a host gave no answer to, before it is left alone
FAILING = 10  # pages that a host could not give in all their tries, before each gets one: the failure does not pass


class Host:
    """One host, as asked so far. ``delay`` is in seconds."""

    def __init__(self, delay: float, clock: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._delay, self._clock, self._sleep = delay, clock, sleep
        self._between = delay  # seconds from one request to the next
        self._last = clock() - delay  # when a request was sent
        self._rested = clock()  # when a pause that was asked for, or is taken after a failure, is over
        self._silent = self._failed = 0
        self._left_alone = ""  # why

    def set_pace(self, crawl_delay: float, local: bool) -> None:
        """Heed what robots.txt asks for; a server on this machine disturbs nobody, and needs no delay of ours."""
        asked = min(crawl_delay, CRAWL_DELAY)
        self._between = asked if local else max(self._between, asked)

    def wait(self) -> None:
        """Wait until it is our turn. NoAnswer when the host is to be left alone."""
        if self._left_alone:
            raise NoAnswer("deferred", self._left_alone)
        if (pause := max(self._last + self._between, self._rested) - self._clock()) > 0:
            self._sleep(pause)
        self._last = self._clock()

    def back_off(self, tries: int) -> None:
        """After ``tries`` failures: twice as long each time, never twice the same, so that clients do not march."""
        pause = self._delay * 2 ** (tries - 1) * random.uniform(0.75, 1.25)  # noqa: S311  # no secret
        self._rested = max(self._rested, self._clock() + min(pause, BACKOFF))

    def rest(self, answer: Answer) -> None:
        """Heed the Retry-After of an answer. NoAnswer when it is too far off."""
        pause = read_retry_after(answer)
        if pause > PATIENCE:
            self._left_alone = f"its host answered with status {answer.status} and asks to be left alone for longer"
            raise NoAnswer("deferred", self._left_alone)
        self._rested = max(self._rested, self._clock() + pause)

    def tries(self, problem: NoAnswer) -> int:
        """How many tries a request is worth that met ``problem``."""
        return problem.tries if self._failed < FAILING else 1

    def note_answer(self) -> None:
        """It is there, whatever it answered."""
        self._silent = 0

    def note_failure(self, problem: NoAnswer) -> None:
        """Count what came to nothing after all tries, so that a host in trouble is not troubled more, for hours."""
        self._silent += problem.silent
        self._failed += problem.tries > 1
        if problem.outcome == "deferred":
            self._left_alone = f"its host asks to be left alone: {problem.reason}"
        elif self._silent >= SILENT:
            self._left_alone = f"its host gave no answer to {SILENT} pages in a row and is left alone"


def read_retry_after(answer: Answer) -> float:
    """The seconds of Retry-After (RFC 9110, 10.2.3), 0 without one or with nonsense. A date counts from the Date."""
    value = answer.headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        now = _read_date(answer.headers["date"]) if "date" in answer.headers else datetime.now(UTC)
        return max((_read_date(value) - now).total_seconds(), 0.0)
    except (ValueError, OverflowError):
        return 0.0


def _read_date(text: str) -> datetime:
    date = parsedate_to_datetime(text)
    return date if date.tzinfo else date.replace(tzinfo=UTC)
