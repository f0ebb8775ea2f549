"""Crawls of a site on this machine, with the real client: what is taken, what is left and why, and in what order."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from ingest.addresses import canonical
from ingest.build import build_entries
from ingest.errors import InputError
from ingest.fetch.client import Client
from ingest.fetch.crawl import crawl as crawl_pages
from ingest.fetch.links import Outline
from ingest.fetch.refresh import find_missing, refresh
from ingest.fetch.sitemap import Sitemap
from ingest.fetch.store import adopt
from ingest.fetch.visits import Answer, Visit
from ingest.records import Declared, Refreshed, Reply
from tests.ingest.fetch.site import Page, Site, describe, make_page, serve

Crawl = Callable[..., Refreshed]


@pytest.fixture
def site() -> Iterator[Site]:
    with serve() as site:
        yield site


@pytest.fixture
def crawl(site: Site, tmp_path: Path) -> Crawl:
    """Refresh a corpus of the site; ``keep`` puts what came in place."""

    def crawl(more: str = "", start: str = "/help/", keep: bool = False) -> Refreshed:
        folder = describe(tmp_path / "corpus", site, more.replace("{home}", site.home), start)
        site.forget()
        with Client(private=True, delay=0) as client:
            refreshed = refresh(folder, client)
        if keep:
            adopt(folder, refreshed)
        return refreshed

    return crawl


def kept(refreshed: Refreshed) -> list[str]:
    """The paths of the pages that were kept."""
    return sorted("/" + row.url.split("/", 3)[3] for row in refreshed.rows)


def why(refreshed: Refreshed) -> dict[str, str]:
    """What is said of each path that was not taken."""
    return {"/" + r.url.split("/", 3)[3]: r.reason for v in refreshed.visited for r in v.replies if r.reason}


def test_pages_come_breadth_first(site: Site, crawl: Crawl) -> None:
    site.pages = {
        "/help/": make_page("What is help?", "/help/b", "/help/a", "/elsewhere", "mailto:x@y.example"),
        "/help/a": make_page("What is A?", "/help/c", "/help/"),
        "/help/b": make_page("What is B?", "/help/d?utm_source=mail", "/help/d#top", "/help/a"),
        "/help/c": make_page("What is C?", "/help/e"),
        "/help/d": make_page("What is D?"),
    }
    refreshed = crawl("depth = 2\n")
    assert site.pages_asked()[:5] == ["/help/", "/help/b", "/help/a", "/help/d", "/help/c"]
    assert "/help/e" not in site.asked  # three links away
    assert kept(refreshed) == ["/help/", "/help/a", "/help/b", "/help/c", "/help/d"]
    assert [row.capture for row in refreshed.rows][:2] == ["pages/help-desk/help-a.html", "pages/help-desk/help-b.html"]
    assert refreshed.rows[0].title == "What is A?"


def test_entries_cite_the_pages(site: Site, crawl: Crawl, tmp_path: Path) -> None:
    site.pages = {"/help/": make_page("What is help?", "/help/a"), "/help/a": make_page("What is A?")}
    refreshed = crawl()
    before = build_entries(tmp_path / "corpus", refreshed=refreshed)
    assert [entry.question for entry in before.entries] == ["What is A?", "What is help?"]
    assert before.entries[0].occurrences[0].url == f"{site.home}/help/a"
    assert not (tmp_path / "corpus" / "pages").exists()
    adopt(tmp_path / "corpus", refreshed)
    assert build_entries(tmp_path / "corpus").entries == before.entries


def test_sitemaps_of_robots_txt_and_of_sources_toml(site: Site, crawl: Crawl) -> None:
    site.pages = {
        "/robots.txt": Page(f"User-agent: *\nDisallow: /help/secret\nSitemap: {site.home}/map.xml\n".encode()),
        "/map.xml": f"<urlset><url><loc>{site.home}/help/a</loc></url><url><loc>{site.home}/help/secret</loc></url>"
        "<url><loc>https://other.example/help/x</loc></url></urlset>",
        "/list.txt": Page(f"{site.home}/help/b\n".encode(), kind="text/plain"),
        "/help/": make_page("What is help?"),
        "/help/a": make_page("What is A?"),
        "/help/b": make_page("What is B?"),
        "/help/secret": make_page("What is secret?"),
    }
    refreshed = crawl()
    assert kept(refreshed) == ["/help/", "/help/a"]
    assert "robots.txt" in why(refreshed)["/help/secret"]
    assert "/help/secret" not in site.asked
    assert kept(crawl('sitemap = "{home}/list.txt"\ndepth = 0\n')) == ["/help/", "/help/b"]


def test_a_sitemap_that_can_not_be_read_is_told(site: Site, crawl: Crawl) -> None:
    site.pages = {"/help/": make_page("What is help?"), "/bad.xml": "<urlset><url>"}
    for name, words in (("none.xml", "404"), ("bad.xml", "no well-formed sitemap")):
        refreshed = crawl(f'sitemap = "{{home}}/{name}"\n')
        assert kept(refreshed) == ["/help/"]
        assert words in refreshed.visited[0].notes[0]


def test_a_start_that_is_not_included_is_only_followed(site: Site, crawl: Crawl) -> None:
    site.pages = {
        "/": make_page("What is home?", "/faq/a", "/news", "/faq/old/b"),
        "/faq/a": make_page("What is A?"),
        "/faq/old/b": make_page("What is B?"),
        "/news": make_page("What is new?"),
    }
    refreshed = crawl('include = ["/faq/*"]\nexclude = ["*/old/*"]\n', start="/")
    assert kept(refreshed) == ["/faq/a"]
    assert "where the crawl starts" in why(refreshed)["/"]


def test_pages_under_two_addresses_are_kept_once(site: Site, crawl: Crawl) -> None:
    print_view = make_page("What is A?", head='<link rel="canonical" href="/help/a">', more="<footer>Printed.</footer>")
    wrong = '<link rel="canonical" href="/help/">'
    site.pages = {
        "/help/": make_page("What is help?", "/help/print", "/help/old", "/help/away", "/help/b"),
        "/help/a": make_page("What is A?"),
        "/help/b": make_page("What is B?", head=wrong),
        "/help/print": print_view,
        "/help/old": Page(status=301, location="/help/a"),
        "/help/away": Page(status=302, location="/news"),
        "/news": make_page("What is new?"),
    }
    refreshed = crawl(keep=True)
    assert kept(refreshed) == ["/help/", "/help/b", "/help/old"]  # /help/old was asked for before /help/a, and is it
    assert why(refreshed) == {
        "/help/print": f"names another address as its own: {site.home}/help/a",
        "/help/away": f"leads to a page that is not included: {site.home}/news",
    }
    crawl()
    assert site.sent == []


class Told(NamedTuple):
    """How a site says that two of its addresses, "a" and "b", are one page: what it answers at each."""

    final: Mapping[str, str] = {}  # where an address leads to
    canonical: str | None = None  # what both pages name as their own address
    same: bool = False  # whether their bytes are the same


# Of the pairs of addresses that name one page, those that can not be told by the addresses alone.
TOLD = {
    "d000": Told(final={"a": "b"}),
    "d001": Told(final={"b": "a"}),
    "d002": Told(final={"b": "a"}),
    "d019": Told(same=True),
    "d022": Told(canonical="b"),
}


class Pages(NamedTuple):
    """A site of a start that leads to the two addresses of a pair (``ingest.fetch.crawl.Web``)."""

    addresses: Mapping[str, str]
    told: Told

    def get(self, url: str) -> Answer:
        mark = next((mark for mark, address in self.addresses.items() if address == url), "start")
        final = self.addresses[self.told.final.get(mark, mark)] if mark != "start" else url
        if mark == "start" and not url.endswith("/start"):
            return Answer(Reply("gone", url, url), None)
        words = "both" if self.told.same and mark != "start" else mark
        named = self.addresses[self.told.canonical] if self.told.canonical and mark != "start" else None
        links = tuple(self.addresses.values()) if mark == "start" else ()
        title = "A title" if mark != "start" else "The start"
        seen = Outline(title, named, links, words, words, main=None)
        return Answer(Reply("fetched", url, final), Visit(url, final, "", words, seen, "text/html"))

    def sitemap(self, url: str) -> Sitemap:
        raise AssertionError("there is none")

    def sitemaps(self, url: str) -> tuple[str, ...]:
        return ()


def pairs_told_by_the_site(test_data: Path) -> dict[str, Mapping[str, str]]:
    lines = (test_data / "robustness" / "url_dedupe_pairs.jsonl").read_text().splitlines()
    rows = [row for row in map(json.loads, lines) if row["same"] and canonical(row["a"]) != canonical(row["b"])]
    return {row["id"]: {mark: canonical(row[mark]) or "" for mark in ("a", "b")} for row in rows}


@pytest.mark.parametrize("name", TOLD)
def test_pairs_of_addresses_that_the_site_says_are_one(name: str, test_data: Path) -> None:
    """With those of ``tests/ingest/test_addresses.py``, all pairs of the data set."""
    pairs = pairs_told_by_the_site(test_data)
    assert pairs.keys() == TOLD.keys()
    start = "https://www.toolkit.example/start"
    declared = Declared("t", "p", site=start, include=("/*",))
    pages = [visit.final for visit in crawl_pages(declared, Pages(pairs[name], TOLD[name])).pages]
    assert (len(pages), pages[0]) == (2, start)
    untold = crawl_pages(declared, Pages(pairs[name], Told())).pages
    # Where the site does not say so they are two pages, but for one host with and without "www." or TLS.
    assert len(untold) == (2 if name in ("d001", "d002") else 3)


def test_a_home_page_that_every_page_names_takes_none_of_them(site: Site, crawl: Crawl) -> None:
    paths = ["/help/", *(f"/help/{number}" for number in range(5))]
    head = '<title>The help desk</title><link rel="canonical" href="/help/">'
    links = "".join(f'<a href="{path}">{path}</a>' for path in paths)
    site.pages = {path: f"{head}<h1>What is {path}?</h1><p>It is {path}.</p>{links}" for path in paths}
    assert kept(crawl()) == paths


def test_the_page_of_a_folder_is_one(site: Site, crawl: Crawl) -> None:
    front = make_page("What is help?", "/help/index.html", "/help/a/", "/help/a/default.aspx", "/help/b/index.php")
    site.pages = {
        **dict.fromkeys(("/help/", "/help/index.html"), front),
        **dict.fromkeys(("/help/a/", "/help/a/default.aspx"), make_page("What is A?", "/help/b/")),
        "/help/b/index.php": make_page("What is B?"),
        "/help/b/": make_page("What is B now?"),
    }
    refreshed = crawl(keep=True)
    assert kept(refreshed) == ["/help/", "/help/a/", "/help/b/", "/help/b/index.php"]
    assert "same to the byte" in why(refreshed)["/help/index.html"]
    assert crawl().rows == refreshed.rows


def test_one_title_and_one_own_address_for_all_pages(site: Site, crawl: Crawl) -> None:
    paths = [f"/help/{number}" for number in range(8)]
    head = '<link rel="canonical" href="/help/">'
    pages = {path: make_page(f"What is {path}?", head=head) for path in paths} | {
        "/help/": make_page("What is help?", *paths)
    }
    site.pages = {path: re.sub("<title>.*</title>", "<title>Help</title>", page) for path, page in pages.items()}
    refreshed = crawl()
    assert kept(refreshed) == ["/help/", *paths]
    assert why(refreshed) == {}


def test_the_host_with_and_without_www_is_one(tmp_path: Path) -> None:
    """Names need a resolver: that of the client, which is handed in, leads all to this machine."""
    with serve() as site, Client(private=True, delay=0, resolve=lambda *_: ["127.0.0.1"]) as client:
        port = site.home.rpartition(":")[2]
        www = f"http://www.site.example:{port}"
        site.pages = {
            "/help": Page(status=301, location=f"{www}/help/"),
            "/help/": make_page("What is help?", f"http://site.example:{port}/help/a", f"{www}/help/a", "/help/b"),
            "/help/a": make_page("What is A?"),
            "/help/b": make_page("What is B?"),
        }
        site.home = f"http://site.example:{port}"
        refreshed = refresh(describe(tmp_path, site, start="/help"), client)
    assert [row.final for row in refreshed.rows] == [
        f"http://site.example:{port}/help/a",
        f"{www}/help/b",
        f"{www}/help/",
    ]
    assert site.asked.count("/help/a") == 1


def test_a_start_on_another_host_is_no_site(site: Site, crawl: Crawl, tmp_path: Path) -> None:
    with serve() as other:
        other.pages["/help/"] = make_page("What is help?")
        site.pages["/help/"] = Page(status=301, location=f"{other.home}/help/")
        refreshed = crawl()
    assert "leads to another site" in why(refreshed)["/help/"]
    assert "leads to another site" in (find_missing(tmp_path / "corpus", refreshed) or "")


def test_soft_404_is_no_page(site: Site, crawl: Crawl) -> None:
    """f026: 200 for every address; with the address, the time and the menu on it."""
    menu = ("/help/", "/help/a", "/help/gone", "/help/titled")
    site.pages = {
        "/help/": make_page("What is help?", *menu),
        "/help/a": make_page("What is A?", *menu),
        "/help/titled": "<title>Page not found - Help</title><p>Whatever.</p>",
    }
    site.otherwise = lambda path: make_page(
        "Where is it?", *menu, more=f"<p>There is no {path} at {len(site.asked)}:00.</p>"
    )
    refreshed = crawl()
    assert kept(refreshed) == ["/help/", "/help/a"]
    assert "does not exist" in why(refreshed)["/help/gone"]
    assert "error page" in why(refreshed)["/help/titled"]


def test_one_page_that_answers_everywhere_is_kept_as_the_start(site: Site, crawl: Crawl) -> None:
    site.otherwise = lambda _: make_page("What is help?", "/help/a")
    assert kept(crawl()) == ["/help/"]


def test_a_wall_before_all_pages_is_none(site: Site, crawl: Crawl, tmp_path: Path) -> None:
    """f027: the same text at all addresses, over captures that were good."""
    paths = ["/help/", *(f"/help/{number}" for number in range(6))]
    site.pages = {path: make_page(f"What is {path}?", *paths) for path in paths}
    before = crawl(keep=True)
    assert kept(before) == sorted(paths)
    site.pages = {path: make_page("Do you accept cookies?", *paths, more=f"<!--{path}-->") for path in paths}
    walled = crawl(keep=True)
    assert walled.rows == before.rows
    assert {reply.outcome for reply in walled.visited[0].replies} == {"failed"}
    assert "the same text stands at 7 of 7 addresses" in why(walled)["/help/3"]
    assert len(build_entries(tmp_path / "corpus").entries) == 7


def test_sitemaps_that_harm_are_told(site: Site, crawl: Crawl) -> None:
    """f029 to f031, through the door."""
    bomb = gzip.compress(b"<urlset>" + b" " * (60 << 20))
    maps = {
        "self.xml": (Page(b"<sitemapindex><sitemap><loc>self.xml</loc></sitemap></sitemapindex>"), ""),
        "laughs.xml": (
            Page(b'<!DOCTYPE u [<!ENTITY a "b">]><urlset><url><loc>&a;</loc></url></urlset>'),
            "document type",
        ),
        "bomb.xml.gz": (Page(bomb, kind="application/gzip"), "once unpacked"),
    }
    site.pages["/help/"] = make_page("What is help?")
    for name, (page, words) in maps.items():
        site.pages[f"/{name}"] = page
        refreshed = crawl(f'sitemap = "{{home}}/{name}"\n')
        assert kept(refreshed) == ["/help/"]
        assert site.asked.count(f"/{name}") == 1
        assert words in "".join(refreshed.visited[0].notes)
        assert bool(refreshed.visited[0].notes) == bool(words)


def test_a_smaller_budget_keeps_what_it_does_not_reach(site: Site, crawl: Crawl) -> None:
    paths = ["/help/", *(f"/help/{number}" for number in range(9))]
    site.pages = {path: make_page(f"What is {path}?", *paths) for path in paths}
    before = crawl(keep=True)
    assert len(before.rows) == 10
    smaller = crawl("pages = 4\n", keep=True)
    assert len(site.pages_asked()) == 5  # with the one that does not exist
    assert (smaller.rows, smaller.removed) == (before.rows, ())
    assert "6 of them of pages that were there before and stay" in smaller.visited[0].notes[0]


def test_new_pages_do_not_take_the_turn_of_known_ones(site: Site, crawl: Crawl) -> None:
    known = ["/help/", *(f"/help/{number}" for number in range(17))]
    site.pages = {path: make_page(f"What is {path}?", *known) for path in known}
    before = crawl("pages = 20\n", keep=True)
    new = [f"/help/new/{number}" for number in range(4)]
    site.pages |= {path: make_page(f"What is {path}?", *known) for path in new}
    site.pages["/help/"] = make_page("What is help?", *new, *known[:9])
    site.pages["/help/16"] = Page(status=404)  # not linked any more, and asked for all the same
    after = crawl("pages = 20\n", keep=True)
    assert kept(after) == sorted([*known[:-1], *new[:2]])
    assert len(before.rows) == 18
    assert "2 or more addresses were not asked for, 0 of them" in after.visited[0].notes[0]
    assert kept(crawl("pages = 20\n")) == sorted([*known[:-1], *new[:3]])


@pytest.mark.parametrize("different", [True, False])
def test_a_trap_ends_at_the_budgets(different: bool, site: Site, crawl: Crawl) -> None:
    """f028: each page leads to the next one, without an end."""

    def next_day(path: str) -> str | Page:
        number = int(path.rpartition("=")[2]) if "=" in path else 0
        question = f"What is on day {'i' * number if different else ''}?"
        link = f'<a href="/help/cal?d={number + 1}">Next day</a>'
        return make_page(question, more=link) if "/cal" in path else Page(status=404)

    site.pages["/help/"] = make_page("What is help?", "/help/cal?d=1", "/help/a")
    site.pages["/help/a"] = make_page("What is A?")
    site.otherwise = next_day
    shallow = crawl()
    assert len(site.asked) < 10
    deep = crawl("depth = 1000\npages = 40\n")
    assert len(site.asked) < 45
    assert {"/help/", "/help/a"} <= set(kept(shallow)) & set(kept(deep))
    assert "budget of 40 pages" in deep.visited[0].notes[0]
    assert len(deep.rows) == (40 if different else 2)


def test_a_million_links_do_not_fill_the_frontier(site: Site, crawl: Crawl) -> None:
    """f037"""
    flood = "".join(f"<a href=/help/{number}>" for number in range(400_000))
    site.pages["/help/"] = make_page("What is help?", more=flood)
    refreshed = crawl("pages = 5\n")
    assert len(refreshed.visited[0].replies) == 5
    assert "100 or more addresses" in refreshed.visited[0].notes[0].replace("96", "100")


def test_only_gone_pages_go(site: Site, crawl: Crawl, tmp_path: Path) -> None:
    paths = ["/help/", *(f"/help/{name}" for name in ("gone", "down", "unlinked", "changed"))]
    site.pages = {path: make_page(f"What is {path}?", *paths) for path in paths}
    before = {row.url: row for row in crawl(keep=True).rows}
    site.pages |= {
        "/help/": make_page("What is help now?", "/help/gone", "/help/down", "/help/changed"),
        "/help/gone": Page(status=410),
        "/help/down": Page(status=403),
        "/help/changed": make_page("What is changed?"),
    }
    after = crawl(keep=True)
    assert kept(after) == ["/help/", "/help/changed", "/help/down", "/help/unlinked"]
    rows = {row.url: row for row in after.rows}
    assert rows[f"{site.home}/help/down"] == before[f"{site.home}/help/down"]
    assert rows[f"{site.home}/help/unlinked"] == before[f"{site.home}/help/unlinked"]
    assert {r.url: r.outcome for r in after.visited[0].replies}[f"{site.home}/help/gone"] == "gone"
    assert after.removed == ("pages/help-desk/help-gone.html",)
    assert not (tmp_path / "corpus" / "pages/help-desk/help-gone.html").exists()
    excluded = crawl('exclude = ["*/unlinked"]\n', keep=True)
    assert kept(excluded) == ["/help/", "/help/changed", "/help/down"]


def test_a_failing_page_leads_where_it_led(site: Site, crawl: Crawl) -> None:
    site.pages = {"/help/": make_page("What is help?", "/help/a"), "/help/a": make_page("What is A?")}
    crawl(keep=True)
    site.pages = {"/help/": Page(status=403), "/help/a": make_page("What is A now?", "/help/b")}
    site.pages["/help/b"] = make_page("What is B?")
    assert kept(crawl()) == ["/help/", "/help/a", "/help/b"]


def test_known_pages_that_all_lead_to_a_login_stay(site: Site, crawl: Crawl) -> None:
    paths = ["/help/", *(f"/help/{number}" for number in range(5))]
    site.pages = {path: make_page(f"What is {path}?", *paths) for path in paths}
    before = crawl(keep=True)
    site.pages = dict.fromkeys(paths, Page(status=302, location="/help/login"))
    site.pages["/help/login"] = make_page("Who are you?")
    after = crawl()
    assert {row.capture for row in before.rows} - {"pages/help-desk/help.html"} <= {row.capture for row in after.rows}


FILES = {
    "/help/a.pdf": ("application/pdf", b"%PDF-1.4\n", "help-a.pdf"),
    "/help/b.txt": ("text/plain", b"Who?\n\nAnyone.", "help-b.txt"),
    "/help/c.md": ("text/plain", b"# Who?\n\nAnyone.", "help-c.md"),
    "/help/d.csv": ("text/csv", b"question,answer\nWho?,Anyone.\n", "help-d.csv"),
}


def test_files_are_named_by_their_type(site: Site, crawl: Crawl, tmp_path: Path) -> None:
    site.pages = {path: Page(body, kind=kind) for path, (kind, body, _) in FILES.items()}
    site.pages["/help/"] = make_page("What is help?", *FILES, "/help/pic.png")
    names = {Path(row.capture).name for row in crawl(keep=True).rows}
    assert {name for _, _, name in FILES.values()} <= names
    assert "/help/pic.png" not in site.asked


NAMED = 'name = "n"\n[[source]]\ntitle = "P"\npublisher = "p"\nurl = "{home}/faq"\n'


def test_a_named_page_comes_through_the_same_door(site: Site, tmp_path: Path) -> None:
    (tmp_path / "sources.toml").write_text(NAMED.replace("{home}", site.home))
    with Client(private=True, delay=0) as client:
        missing = refresh(tmp_path, client)
        assert "status 404" in (find_missing(tmp_path, missing) or "")
        site.pages["/faq"] = "<title>404 - Page not found</title><h2>Who?</h2><p>Nobody.</p>"
        assert "error page" in (find_missing(tmp_path, refresh(tmp_path, client)) or "")
        site.pages["/faq"] = Page(b"Who?\n\nAnyone may.\n", kind="text/plain")
        refreshed = refresh(tmp_path, client)
        adopt(tmp_path, refreshed)
        assert refreshed.rows[0].capture.endswith("-faq.txt")
        assert [entry.question for entry in build_entries(tmp_path).entries] == ["Who?"]
        site.pages["/faq"] = Page(status=410)
        gone = refresh(tmp_path, client)
        assert gone.visited[0].replies[0].outcome == "gone"
        assert gone.rows == refreshed.rows  # the source is named: only its maintainer removes it
        assert gone.removed == ()
        assert find_missing(tmp_path, gone) is None


def test_captures_made_by_hand_are_left_alone(site: Site, tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "p.txt").write_text("Who?\n\nAnyone.")
    (tmp_path / "sources.toml").write_text(NAMED.replace("{home}", site.home) + 'capture = "pages/p.txt"\n')
    with Client(private=True, delay=0) as client:
        assert refresh(tmp_path, client) == Refreshed()
    assert site.asked == []


def test_a_named_page_of_another_type_fails(site: Site, tmp_path: Path) -> None:
    (tmp_path / "sources.toml").write_text(NAMED.replace("{home}", site.home) + 'capture = "pages/p.html"\n')
    site.pages["/faq"] = Page(b"%PDF-1.4\n", kind="application/pdf")
    with Client(private=True, delay=0) as client:
        assert "its capture is to be .html" in (find_missing(tmp_path, refresh(tmp_path, client)) or "")


def test_a_failure_harms_no_capture(site: Site, tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "p.html").write_text("<h2>Is it open?</h2><p>Yes.</p>")
    toml = NAMED.replace("{home}", site.home) + 'kind = "faq"\ncapture = "pages/p.html"\n'
    (tmp_path / "sources.toml").write_text(toml)
    with Client(private=True, delay=0) as client:
        failed = refresh(tmp_path, client)
        assert (failed.rows, failed.files, failed.removed) == ((), {}, ())
        assert find_missing(tmp_path, failed) is None
        site.pages["/faq"] = "<p>Words without a question.</p>"
        with pytest.raises(InputError, match="gives no entry"):
            build_entries(tmp_path, refreshed=refresh(tmp_path, client))
    assert build_entries(tmp_path).entries[0].answer == ("Yes.",)
    assert not (tmp_path / "captures.jsonl").exists()


def test_most_pages_answer_503(site: Site, crawl: Crawl, tmp_path: Path) -> None:
    paths = ["/help/", *(f"/help/{number}" for number in range(9))]
    site.pages = {path: make_page(f"What is {path}?", *paths) for path in paths}
    before = crawl(keep=True)
    entries = build_entries(tmp_path / "corpus").entries
    site.pages |= dict.fromkeys(paths[3:9], Page(b"Busy", status=503))
    with Client(private=True, delay=0, sleep=lambda _: None) as client:
        after = refresh(tmp_path / "corpus", client)
    outcomes = [reply.outcome for reply in after.visited[0].replies]
    assert outcomes.count("failed") + outcomes.count("deferred") >= 6
    assert after.rows == before.rows
    assert (after.files, after.removed) == ({}, ())
    adopt(tmp_path / "corpus", after)
    assert build_entries(tmp_path / "corpus").entries == entries


def test_no_page_is_asked_for_while_robots_txt_fails(site: Site, crawl: Crawl, tmp_path: Path) -> None:
    """f039, over captures that were good."""
    site.pages = {"/help/": make_page("What is help?", "/help/a"), "/help/a": make_page("What is A?")}
    before = crawl(keep=True)
    site.pages["/robots.txt"] = Page(status=500)
    site.forget()
    with Client(private=True, delay=0, sleep=lambda _: None) as client:
        after = refresh(tmp_path / "corpus", client)
    assert site.pages_asked() == []
    assert (after.rows, after.files, after.removed) == (before.rows, {}, ())
    assert {reply.outcome for reply in after.visited[0].replies} & {"fetched", "unchanged"} == set()
