"""What a crawl takes from a page, and what is no page for all its status."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.addresses import LONGEST
from ingest.fetch.judge import says_not_found
from ingest.fetch.links import LINKS, ROOM, TITLE, outline
from ingest.fetch.names import name_capture, suffix_of
from ingest.fetch.scope import make_scope
from ingest.records import Declared

HOME = "https://a.example/help/"
CASES = {
    '<a href="x">': ["https://a.example/help/x"],
    '<a href="/x?b=2&amp;a=1#part">': ["https://a.example/x?a=1&b=2"],
    '<a href="x?utm_source=mail"><a href="x"><area href=x>': ["https://a.example/help/x"],
    '<base href="/elsewhere/"><a href="x">': ["https://a.example/elsewhere/x"],
    '<base href="mailto:x"><a href="x">': ["https://a.example/help/x"],
    '<a href="x" rel="nofollow noopener"><a href="y" rel="noopener">': ["https://a.example/help/y"],
    '<a href="mailto:a@b.c"><a href="javascript:void(0)"><a href="tel:1"><a href="file:///x">': [],
    '<a href="https://user:pass@a.example/"><a href="http://[x"><a href=""><a>': [],
    '<meta http-equiv="Refresh" content="0; url=\'/next\'">': ["https://a.example/next"],
    '<meta http-equiv="refresh" content="0; url=file:///etc/passwd">': [],
    '<script>"<a href=x>"</script><!-- <a href=y> --><template><a href="z"></template>': ["https://a.example/help/z"],
    '<a href="x%0d%0aHost: evil">': ["https://a.example/help/x%0D%0AHost:%20evil"],
}


@pytest.mark.parametrize("page", CASES)
def test_links_of_a_page(page: str) -> None:
    assert list(outline(page.encode(), HOME, "text/html").links) == CASES[page]


def test_links_without_an_end_fill_no_memory() -> None:
    page = b"".join(b"<a href=/%d/%s>" % (number, b"a" * 2000) for number in range(400))
    assert sum(map(len, outline(page, HOME, "text/html").links)) <= ROOM
    rebased = b"<base href=/%s/>" % (b"a" * 2000) + b"".join(b"<a href=%d>" % number for number in range(400))
    assert 0 < sum(map(len, outline(rebased, HOME, "text/html").links)) <= ROOM
    assert outline(b"<a href=/%s>" % (b"a" * 2048), HOME, "text/html").links == ()
    assert len(outline(b"<title>" + b"a" * 5000, HOME, "text/html").title or "") == TITLE


def test_title_and_own_address() -> None:
    page = '<title>A &amp;\n b</title><link rel="Canonical" href="/help/a#x"><svg><title>icon</title></svg>'
    found = outline(page.encode(), HOME, "text/html")
    assert (found.title, found.canonical) == ("A & b", "https://a.example/help/a")


@pytest.mark.parametrize("body", [b"", b"\0", b"<", b"\xff\xfe<", b"<div>" * 100_000 + b"x", b"<a href='\xff'>"])
def test_no_page_is_too_broken(body: bytes) -> None:
    assert outline(body, HOME, "text/html").links in ((), ("https://a.example/help/%EF%BF%BD",))


def test_a_million_links_are_bounded() -> None:
    flood = b"".join(b"<a href=%d>" % number for number in range(1_000_000))
    assert len(outline(flood, HOME, "text/html").links) == LINKS


def test_links_and_titles_have_a_length() -> None:
    long, base = b"a" * LONGEST, b"<base href='/" + b"b" * 2000 + b"/'>"
    page = b"<title>" + long + b"</title><a href=" + long + b"><a href=x><link rel=canonical href=" + long + b">"
    found = outline(page, HOME, "text/html")
    assert (found.links, found.canonical, found.title) == ((f"{HOME}x",), None, "a" * TITLE)
    many = b"".join(b"<a href=%d>" % number for number in range(LINKS))
    assert ROOM - LONGEST < sum(map(len, outline(base + many, HOME, "text/html").links)) <= ROOM


def test_a_number_without_an_end_is_no_redirect() -> None:
    """Tried in all ways of dividing it, it would take days."""
    page = b"<meta http-equiv=refresh content='" + b"1" * 1_000_000 + b"x'><a href=y>"
    assert outline(page, HOME, "text/html").links == (f"{HOME}y",)


def test_what_a_page_looks_like() -> None:
    def look(text: str, url: str = HOME) -> tuple[str, str]:
        found = outline(f"<p>{text}</p>".encode(), url, "text/html")
        return found.words, found.bare

    assert look("some words") == look("some  <b>words</b>")
    assert look("at 10:30")[0] != look("at 11:45")[0]
    assert (
        look("No page /help/one here, 10:30", f"{HOME}one")[1] == look("No page /help/two here, 9:00", f"{HOME}two")[1]
    )
    assert look("some words")[1] != look("other words")[1]


def test_what_is_no_html_has_no_links() -> None:
    assert outline(b'<a href="x">', HOME, "application/pdf").links == ()


NOT_FOUND = [
    "Page not found",
    "404",
    "404 Not Found",
    "Error 404",
    "Page Not Found | Leeds City Council",
    "Leeds - 404 error",
    "Oops! That page can’t be found.",
    "Sorry, page not found",
    "This page does not exist",
    "The requested page could not be found – Help",
    "410 Gone",
    "HTTP 404: page not found",
]
FOUND = [
    "",
    "Lost and found",
    "What to do when a page is not found",
    "My parcel was not found",
    "How do I fix a 404 error?",
    "404 ways to save money",
    "Room 404",
    "Found",
    "Page",
    "Error messages",
    "Sorry we missed you",
    "Not found guilty: what happens next",
]


@pytest.mark.parametrize("title", NOT_FOUND)
def test_titles_of_error_pages(title: str) -> None:
    assert says_not_found(title)


@pytest.mark.parametrize("title", FOUND)
def test_titles_of_other_pages(title: str) -> None:
    assert not says_not_found(title)


SCOPES = {
    ("https://a.example/faq/", "https://a.example/faq/x"): True,
    ("https://a.example/faq/", "http://www.a.example/faq/x"): True,
    ("https://a.example/faq/", "https://a.example/faqs"): False,
    ("https://a.example/faq/", "https://b.example/faq/x"): False,
    ("https://a.example/faq/", "https://a.example:8443/faq/x"): False,
    ("https://a.example/faq/", "https://sub.a.example/faq/x"): False,
    ("https://a.example/faq/index.html", "https://a.example/faq/x"): True,
    ("https://a.example/faq", "https://a.example/faq/x"): True,
    ("https://a.example/faq", "https://a.example/faq"): True,
    ("https://a.example/faq", "https://a.example/faqs"): False,
    ("https://a.example", "https://a.example/any/thing"): True,
    ("https://a.example/", "https://a.example/photo.JPG"): False,
    ("https://a.example/", "https://a.example/leaflet.pdf"): True,
    ("https://a.example/", "https://a.example/feed.xml"): False,
}


@pytest.mark.parametrize(("start", "url"), SCOPES)
def test_what_belongs_to_a_site(start: str, url: str) -> None:
    assert make_scope(Declared("t", "p", site=start), start).takes(url) is SCOPES[start, url]


def test_patterns_choose_pages() -> None:
    declared = Declared("t", "p", include=("/help/*", "/faq", "/über/*"), exclude=("*print*", "*[?]sort=*"))
    scope = make_scope(declared, "https://a.example/")
    taken = ["/help/a", "/help/b/c?x=1", "/faq", "/%C3%BCber/uns", "/faq?x=1"]
    left = ["/", "/helping", "/help/print/a", "/help/a?sort=up", "/faq/a"]
    assert [path for path in taken + left if scope.takes(f"https://a.example{path}")] == taken


NAMES = {
    "https://a.example/": "index.html",
    "https://a.example/help/Parking%20permits/": "help-parking-permits.html",
    "https://a.example/help/a.html": "help-a.html",
    "https://a.example/help/a.php?id=7": "help-a-php-id-7.html",
    "https://a.example/../../etc/passwd": "etc-passwd.html",
    "https://a.example/%2e%2e/%2e%2e/x": "x.html",
    "https://a.example/..%2f..%2fx": "x.html",
}


@pytest.mark.parametrize("url", NAMES)
def test_names_of_captures(url: str) -> None:
    name = name_capture("pages/help", url, ".html", ())
    assert Path(name).parent == Path("pages/help")
    other = name_capture("pages/help", url, ".html", {name})
    assert Path(other).name.startswith(Path(name).stem + "-")
    assert name_capture("pages/help", url, ".html", {name, other}) not in (name, other)
    assert name == f"pages/help/{NAMES[url]}"


def test_no_two_captures_have_one_name() -> None:
    """Also where the path of a page is what another's name would be."""
    taken: set[str] = set()
    for _ in range(3):
        name = name_capture("pages/help", "https://a.example/x", ".html", taken)
        assert name not in taken
        taken.add(name)


def test_endings_of_captures() -> None:
    assert suffix_of("application/pdf", "https://a.example/x") == ".pdf"
    assert suffix_of("text/plain", "https://a.example/x.MD") == ".md"
    assert suffix_of("text/plain", "https://a.example/x") == ".txt"
    assert suffix_of("text/html", "https://a.example/x.pdf") == ".html"
