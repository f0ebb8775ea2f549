"""One address -> what became of it, as a polite and careful robot asks. Follows redirects, and no links.

Every step of a redirect passes the guard and the robots.txt of its own host. Nothing is raised for a page.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import TYPE_CHECKING

from msgspec import structs

from ingest.addresses import Address, canonical, parse
from ingest.fetch.body import ENCODINGS, SIZE, judge_type
from ingest.fetch.guard import TIMEOUT, Guard, look_up
from ingest.fetch.manners import DELAY, Host
from ingest.fetch.replies import conditions, find_problem, read_answer
from ingest.fetch.robots import Rules, read_rules
from ingest.fetch.wire import DEADLINE, Answer, Judge, NoAnswer, Timer, Wire
from ingest.records import Reply, Stored

if TYPE_CHECKING:
    import httpcore

AGENT = "citewell/0.1"
ACCEPT = "text/html, application/xhtml+xml, text/plain;q=0.8, text/markdown;q=0.8, */*;q=0.1"
REDIRECTS = 5  # RFC 9309 asks for five of a robots.txt; pages get no more
MOVED = frozenset((301, 302, 303, 307, 308))
LOCKED = frozenset((401, 403))  # a robots.txt behind a lock: the RFC lets us go on; we take it for a no
SITEMAP = 20_000_000  # bytes; the protocol allows 50,000 addresses, some 100 bytes each
ROBOTS = 2_000_000  # bytes; the first 500 KiB are read, and what is larger than this is no robots.txt
ROBOTS_LAST = 24 * 3600.0  # seconds that a robots.txt is kept (RFC 9309, 2.4)


class Client:
    """Asks for pages, one at a time; not for several threads. Close it, or use it with ``with``.

    ``private`` opens loopback and private networks (``networks.PRIVATE_MEANS``). ``contact`` is an address that a
    site's owner can write to.
    ``delay`` is between two requests to a host, in seconds, as are ``timeout`` (each wait) and ``deadline`` (the time
    that a page with its redirects and retries may spend on the wire). The rest is for tests.
    """

    def __init__(
        self,
        private: bool = False,
        contact: str | None = None,
        delay: float = DELAY,
        timeout: float = TIMEOUT,
        deadline: float = DEADLINE,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        resolve: Callable[[str, int], Sequence[str]] = look_up,
        backend: httpcore.NetworkBackend | None = None,
    ) -> None:
        self._clock, self._sleep, self._delay = clock, sleep, delay
        self._timer = Timer(clock, deadline)
        self._guard = Guard(self._timer.left, private, resolve, backend)
        self._wire = Wire(self._guard, self._timer, timeout)
        self._agent = make_agent(contact)
        self._hosts: dict[str, Host] = {}
        self._robots: dict[str, tuple[float, Rules | NoAnswer]] = {}  # by origin: when asked, and what came

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._wire.close()

    def get(self, url: str, stored: Stored | None = None) -> Reply:
        """The page at ``url``; ``unchanged`` when the server says that it is still what was ``stored`` of it.

        The body is as sent, unless its encoding is neither ASCII nor UTF-8, or only the header tells it: then it is in
        UTF-8 with a byte order mark.
        """
        return self._get(url, stored, judge_type, SIZE)

    def get_sitemap(self, url: str) -> Reply:
        """The file at ``url``, whatever its type and as sent, without its Content-Encoding: a .gz is still packed."""
        return self._get(url, None, _any_type, SITEMAP)

    def sitemaps(self, url: str) -> tuple[str, ...]:
        """The sitemaps that the robots.txt of the host of ``url`` lists, in canonical form; none without one."""
        address = parse(url)
        if address is None:
            return ()
        try:
            self._wire.check(address)
            rules = self._rules(address)
        except NoAnswer:
            return ()
        listed = (canonical(sitemap, address.origin) for sitemap in rules.sitemaps)
        return tuple(dict.fromkeys(sitemap for sitemap in listed if sitemap))

    def _get(self, url: str, stored: Stored | None, judge: Judge, most: int) -> Reply:
        asked = canonical(url)
        address = parse(asked) if asked else None
        if asked is None or address is None:
            return Reply("refused", url, url, "it is no http or https address without a login; correct it")
        hops = [address]
        try:
            with self._timer.page():
                answer = self._follow(hops, self._rules, stored, judge, most)
            reply = read_answer(answer, stored if stored and conditions(hops[-1], stored) else None)
        except NoAnswer as error:
            reply = Reply(error.outcome, asked, asked, error.reason)
        final = canonical(hops[-1].url) or asked
        reason = f"it redirects to {final}: {reply.reason}" if reply.reason and final != asked else reply.reason
        return structs.replace(reply, url=asked, final=final, reason=reason)

    def _follow(
        self, hops: list[Address], rules: Callable[[Address], Rules], stored: Stored | None, judge: Judge, most: int
    ) -> Answer:
        """The first answer that is no redirect. ``hops`` grows by each address on the way."""
        for _ in range(REDIRECTS + 1):
            address = hops[-1]
            self._wire.check(address)
            if not rules(address).allows(address.url):
                raise NoAnswer("refused", "the robots.txt of its host forbids it")
            answer = self._ask(address, self._headers(address, stored), judge, most)
            location = answer.headers.get("location")
            if answer.status not in MOVED or location is None:
                return answer
            moved = parse(location, address.url)
            if moved is None:
                raise NoAnswer("refused", f"it redirects to {location[:200]!r}, which is no http or https address")
            hops.append(moved)
        raise NoAnswer("failed", f"there are more than {REDIRECTS} redirects")

    def _ask(self, address: Address, headers: Mapping[str, str], judge: Judge, most: int) -> Answer:
        """The answer of one host to one request, after as many tries as it is worth."""
        host = self._host(address)
        for tries in count(1):
            host.wait()
            try:
                answer = self._wire.send(address, headers, judge, most)
            except NoAnswer as error:
                problem = error
            else:
                host.note_answer()
                passing = find_problem(answer)
                if passing is None:
                    return answer
                host.rest(answer)
                problem = passing
            if tries >= host.tries(problem):
                break
            host.back_off(tries)
        host.note_failure(problem)
        raise problem

    def _host(self, address: Address) -> Host:
        return self._hosts.setdefault(address.host, Host(self._delay, self._clock, self._sleep))

    def _headers(self, address: Address, stored: Stored | None) -> Mapping[str, str]:
        headers = {"User-Agent": self._agent, "Accept": ACCEPT, "Accept-Encoding": ENCODINGS}
        return headers | (conditions(address, stored) if stored else {})

    def _rules(self, address: Address) -> Rules:
        """The rules of the robots.txt over ``address``. NoAnswer when it can not be had: then all is closed."""
        asked, rules = self._robots.get(address.origin, (0.0, None))
        if rules is None or self._clock() - asked >= ROBOTS_LAST:
            try:
                with self._timer.page():
                    rules = self._fetch_rules(address)
            except NoAnswer as error:
                rules = NoAnswer(error.outcome, f"the robots.txt of its host can not be had: {error.reason}")
            self._robots[address.origin] = self._clock(), rules
        if isinstance(rules, NoAnswer):
            raise NoAnswer(rules.outcome, rules.reason)
        return rules

    def _fetch_rules(self, address: Address) -> Rules:
        """RFC 9309, 2.3.1: without a file all is allowed, behind a lock or a failure nothing is."""
        first = parse("/robots.txt", address.origin)
        if first is None:
            raise NoAnswer("refused", "its address can not be made")
        answer = self._follow([first], lambda _: Rules(), None, _any_type, ROBOTS)
        if answer.status in LOCKED or 300 <= answer.status < 400:
            raise NoAnswer("refused", f"it answered with status {answer.status}")
        rules = read_rules(answer.body)
        self._host(address).set_pace(rules.delay, self._guard.is_local(address.host))
        return rules


def make_agent(contact: str | None) -> str:
    """How we name ourselves to servers, with where to write to."""
    usable = contact and contact.isascii() and contact.isprintable() and not any(c in contact for c in " ()<>")
    return f"{AGENT} (+mailto:{contact})" if usable else AGENT


def _any_type(declared: str, head: bytes) -> str:
    """Files for us are read by what they hold, and stay as they came."""
    return ""
