"""What is an address, and which addresses are the same one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ingest.addresses import canonical, is_address, parse


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org",
        "https://example.org:8443/a?b#c",
        "HTTP://Bücher.example/ä",
        "http://[::1]/",
        "http://a:b@c/",
    ],
)
def test_addresses(url: str) -> None:
    assert is_address(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org",
        "ftp://example.org",
        "http://",
        "http:///example.org",
        "http:example.org",
        "https://[",
        "https://exa mple.org",
        "https://example.org/a b",
        "https://example.org/\n",
        "https://example.org/\x7f",
        "https://example.org/\ud800",
        "https://example.org:99999",
        "http:\\\\example.org",
        "http://example.org\\@other.example",
        "javascript:alert(1)",
    ],
)
def test_no_addresses(url: str) -> None:
    assert not is_address(url)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.org", "https://example.org/"),
        ("https://example.org/a?utm_source=x&b=1&fbclid=2&a=1", "https://example.org/a?a=1&b=1"),
        ("https://example.org/a;jsessionid=1A2B/b;v=2?PHPSESSID=x", "https://example.org/a/b;v=2"),
        ("https://example.org/a?sid=0123456789abcdef0123", "https://example.org/a"),
        (
            "https://example.org/a?sid=7&s=opening&session=spring",
            "https://example.org/a?s=opening&session=spring&sid=7",
        ),
        ("https://example.org/a?b=2&b=1&&", "https://example.org/a?b=2&b=1"),
        ("https://example.org/%7e%41%2f%e9?%7e", "https://example.org/~A%2F%E9?~"),
        ("https://example.org/a/./b/%2e%2E/c", "https://example.org/a/c"),
        ("https://EXAMPLE.org:443/\ta\n", "https://example.org/a"),
        ("http://[::FFFF]:8080/", "http://[::ffff]:8080/"),
        ("https://user@example.org/", None),
        ("mailto:a@example.org", None),
        ("/a", None),
        ("https://example.org/\ud800", None),
        ("https://example.org/\x00a", "https://example.org/%00a"),
        ("https://example.org/" + "a" * 3000, None),
    ],
)
def test_canonical_form(url: str, expected: str | None) -> None:
    assert canonical(url) == expected


def test_relative_addresses_are_of_their_page() -> None:
    base = "https://example.org/help/faq.html?x=1"
    links = ["a", "../b", "?y", "#z", "//other.example/c", "http:d"]
    assert [canonical(link, base) for link in links] == [
        "https://example.org/help/a",
        "https://example.org/b",
        "https://example.org/help/faq.html?y",
        "https://example.org/help/faq.html?x=1",
        "https://other.example/c",
        "http://d/",
    ]


def rows(test_data: Path, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (test_data / "robustness" / name).read_text().splitlines()]


def is_web(url: str | None) -> bool:
    return url is not None and url.strip().lower().startswith(("http:", "https:"))


def test_addresses_of_the_web_platform_tests(test_data: Path) -> None:
    cases = [
        row
        for row in rows(test_data, "url_wpt_urltestdata.jsonl")
        # What becomes an http address, and what must fail and sets out to be one by itself or by its base.
        if is_web(row.get("href")) or (row.get("failure") and (is_web(row["input"]) or is_web(row["base"])))
    ]
    for row in cases:
        address = parse(row["input"], row["base"])
        assert (address.url if address else None) == row.get("href"), row
        form = canonical(row["input"], row["base"])
        assert form is None or canonical(form) == form, row
    assert len(cases) == 446


def test_hosts_of_the_web_platform_tests(test_data: Path) -> None:
    cases = [row for row in rows(test_data, "url_wpt_toascii.jsonl") if "input" in row]
    for row in cases:
        address = parse(f"https://{row['input']}/x")
        assert (address.host if address else None) == row["output"], row
    assert len(cases) == 87


@pytest.mark.parametrize("name", ["url_courlan.jsonl", "url_encoding_w3lib.jsonl"])
def test_any_text_is_an_address_or_none(name: str, test_data: Path) -> None:
    texts = [text for row in rows(test_data, name) for text in row["args"] if isinstance(text, str)]
    assert len(texts) > 600
    for text in texts:
        form = canonical(text, "https://example.org/")
        assert form is None or (form.isascii() and form.isprintable() and canonical(form) == form), text
        assert not is_address(text) or parse(text) is not None


# One page only if the site says so (``tests/ingest/fetch/test_crawl.py``): it sends one on to the other (the first
# three), their bytes are the same, or the pages name their address.
SAID_BY_THE_SERVER = {"d000", "d001", "d002", "d019", "d022"}


def test_pairs_of_addresses(test_data: Path) -> None:
    cases = rows(test_data, "url_dedupe_pairs.jsonl")
    for row in cases:
        same = canonical(row["a"]) == canonical(row["b"])
        assert same == (row["same"] and row["id"] not in SAID_BY_THE_SERVER), row
    assert len(cases) == 26
