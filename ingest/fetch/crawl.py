"""The pages of one declared site, breadth first within its budgets. What is asked, and what is kept, is handed in.

The order of the requests depends only on what the site answers, so a crawl that is done again over kept answers is
the same crawl.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Sequence
from typing import Literal, Protocol

import msgspec
from msgspec import Struct

from ingest.addresses import canonical
from ingest.fetch.judge import (
    EVERYWHERE,
    Look,
    find_no_pages,
    find_second_addresses,
    folder_of,
    probe_address,
)
from ingest.fetch.links import Outline
from ingest.fetch.scope import make_scope, same_page
from ingest.fetch.sitemap import Sitemap, list_addresses
from ingest.fetch.visits import Answer, Visit
from ingest.records import Declared, Reply

# Addresses that wait, for each page of the budget: a link farm does not fill the memory with what will never be asked.
WAITING = 20


class Web(Protocol):
    """Where answers come from: kept ones, or the network."""

    def get(self, url: str) -> Answer:
        """The page at a canonical address; nothing is raised for one that does not come."""

    def sitemap(self, url: str) -> Sitemap:
        """What the sitemap at ``url`` lists."""

    def sitemaps(self, url: str) -> Sequence[str]:
        """Where robots.txt of the host of ``url`` says that its sitemaps are."""


class Crawled(Struct, frozen=True):
    """The pages of a site, and what became of every address that was asked for."""

    pages: tuple[Visit, ...]  # those that answered and are to be kept, in the order of the crawl
    replies: tuple[Reply, ...]  # one for each address that was asked for
    dropped: tuple[str, ...]  # of the addresses known before: those that no longer belong to the site
    notes: tuple[str, ...]


def crawl(declared: Declared, web: Web, known: Iterable[str] = ()) -> Crawled:
    """Crawl the site of ``declared``. ``known`` are addresses of pages that were kept of it before, canonical.

    At most ``declared.pages`` addresses are asked for: the start, what the sitemaps list, what is linked from them up
    to ``declared.depth`` links away, then what is known and was not met. So many of them are left for known ones: a new
    page never takes the turn of one that is there, and what is not asked for stays as it is.
    """
    start = canonical(declared.site or "")
    if start is None:
        raise ValueError(f"{declared.site!r} is no address")  # sources.toml was checked: the caller's fault
    return _Crawl(declared, web, start, known).run()


class _Crawl:
    def __init__(self, declared: Declared, web: Web, start: str, known: Iterable[str]) -> None:
        self._declared, self._web, self._start = declared, web, start
        self._known = {same_page(url): url for url in known}
        self._scope = make_scope(declared, start)
        self._due = {
            page for page, url in self._known.items() if self._scope.takes(url)
        }  # known, and not yet asked for
        self._waiting: deque[tuple[str, int]] = deque()
        self._later: list[tuple[str, int]] = []  # new pages, once no known one is due
        self._met: set[str] = set()  # pages that wait or were asked for, by what two spellings have in common
        self._answers: dict[str, Answer] = {}  # by the address asked for
        self._taken: set[str] = set()  # pages that answered, by what two spellings have in common
        self._moved: dict[str, str] = {}  # addresses that lead to a page which is there under its own
        self._dropped: list[str] = []
        self._notes: list[str] = []

    def run(self) -> Crawled:
        self._begin()
        self._follow()
        self._ask_known()
        self._drop_moved()
        self._judge()
        answers = self._answers.values()
        pages = tuple(answer.visit for answer in answers if answer.is_here and answer.visit)
        return Crawled(pages, tuple(a.reply for a in answers), tuple(self._dropped), tuple(self._notes))

    def _begin(self) -> None:
        """Ask for the start, then for the sitemaps: those declared, or else listed by robots.txt."""
        self._met.add(same_page(self._start))
        self._take(self._start, 0, self._web.get(self._start))
        named = canonical(self._declared.sitemap) if self._declared.sitemap else None
        starts = [named] if named else self._web.sitemaps(self._start)
        listing = list_addresses(starts, self._web.sitemap, self._scope.takes, self._limit)
        self._notes += (f"sitemap {fault}" for fault in listing.faults)
        self._enqueue(listing.pages, 0)

    @property
    def _limit(self) -> int:
        return WAITING * self._declared.pages

    def _follow(self) -> None:
        while self._waiting and (room := self._declared.pages - len(self._answers)) > 0:
            url, depth = self._waiting.popleft()
            if same_page(url) in self._taken:  # another address has led there since
                continue
            if same_page(url) in self._due or room > len(self._due):
                self._take(url, depth, self._web.get(url))
            else:
                self._later.append((url, depth))

    def _take(self, url: str, depth: int, answer: Answer) -> None:
        """Record an answer, and where the page leads. One that fails leads where it led when it last came."""
        visit = answer.visit
        self._answers[url] = answer
        self._due.discard(same_page(url))
        if visit is None:
            return
        page = same_page(visit.final)
        if not self._scope.is_home(visit.final):
            self._set_aside(url, f"leads to another site: {visit.final}")
        elif page in self._taken:
            self._moved[url] = visit.final
        elif url != self._start and not self._scope.takes(visit.final):
            self._set_aside(url, f"leads to a page that is not included: {visit.final}")
        else:
            self._taken.add(page)
            self._met.add(page)
            self._due.discard(page)
            self._enqueue(filter(None, [visit.outline.canonical]), depth)
            if depth < self._declared.depth:
                self._enqueue(visit.outline.links, depth + 1)

    def _enqueue(self, links: Iterable[str], depth: int) -> None:
        for link in links:
            if len(self._waiting) >= self._limit:
                break
            if (page := same_page(link)) not in self._met and self._scope.takes(link):
                self._met.add(page)
                self._waiting.append((link, depth))

    def _ask_known(self) -> None:
        """Ask for what was kept before and is no longer met: only the site can say that it is gone."""
        unmet = [url for page, url in self._known.items() if page not in self._met]
        self._dropped += (url for url in unmet if not self._scope.takes(url))
        self._waiting.extend((url, self._declared.depth) for url in unmet if self._scope.takes(url))
        self._follow()
        self._waiting.extend(self._later)
        self._follow()
        if self._waiting:
            self._notes.append(
                f"the budget of {self._declared.pages} pages is used up: {len(self._waiting):,} or more addresses were "
                f"not asked for, {len(self._due)} of them of pages that were there before and stay as they were; raise "
                "pages, or narrow the source"
            )

    def _drop_moved(self) -> None:
        """Leave addresses that lead to a page which is there anyway; many known ones that lead to one meet a login."""
        counts = Counter(final for url, final in self._moved.items() if same_page(url) in self._known)
        for url, final in self._moved.items():
            reason = f"leads to a page that is here already: {final}"
            if counts[final] < EVERYWHERE:
                self._drop(url, reason)
            else:
                self._set_aside(url, reason)

    def _judge(self) -> None:
        """Leave what answers and is no page, then what is a page under another address."""
        here = {a.visit.final: (url, a.visit) for url, a in self._answers.items() if a.is_here and a.visit}
        looks = [Look(visit.final, visit.sha256, visit.content_type, visit.outline) for _, visit in here.values()]
        verdicts = find_no_pages(looks, self._probe() if here else None)
        for final, reason in verdicts.items():
            self._set_aside(here[final][0], reason)
        kept = [look for look in looks if look.final not in verdicts]
        for final, reason in find_second_addresses(kept).items():
            self._drop(here[final][0], reason)
        start = self._answers[self._start]
        if start.is_here and start.visit and not self._scope.takes(start.visit.final):
            self._drop(self._start, f"is where the crawl starts, and is not included: {start.visit.final}")

    def _probe(self) -> Outline | None:
        """What the site shows for an address that does not exist, where it does not say so by its status."""
        answer = self._web.get(probe_address(folder_of(self._start)))
        return answer.visit.outline if answer.is_here and answer.visit else None

    def _drop(self, url: str, reason: str) -> None:
        """Leave a page for good: it belongs elsewhere."""
        if known := self._known.get(same_page(url)):
            self._dropped.append(known)
        self._answers[url] = Answer(_refuse(self._answers[url].reply, "refused", reason), None)

    def _set_aside(self, url: str, reason: str) -> None:
        """Leave a page as it answers now; what was kept of it before stays."""
        outcome: Literal["failed", "refused"] = "failed" if same_page(url) in self._known else "refused"
        self._answers[url] = Answer(_refuse(self._answers[url].reply, outcome, reason), None)


def _refuse(reply: Reply, outcome: Literal["failed", "refused"], reason: str) -> Reply:
    return msgspec.structs.replace(reply, outcome=outcome, reason=reason)
