"""Every kind of markup of the ladder, with near misses beside it: tests/data/ladder/*.json, one file for each rung."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest.captures import read_capture
from ingest.extract import html
from ingest.finds import Found, Page, find
from ingest.records import Source

FILES = sorted((Path(__file__).parents[1] / "data" / "ladder").glob("*.json"))
CASES = [
    pytest.param(case, id=f"{path.stem}: {case['name']}")
    for path in FILES
    for case in json.loads(path.read_text(encoding="utf-8"))
]


def read_page(lines: list[str], kind: str = "auto", url: str | None = None) -> Page:
    source = Source("T", "p.html", kind, "p", "l", url=url)
    capture = read_capture(Path(), source, "\n".join(lines).encode())
    return find(capture, html.extract(capture.text))


def questions(page: Page) -> list[Found]:
    return [found for found in page.found if found.kind == "qa"]


@pytest.mark.parametrize("case", CASES)
def test_page_gives_its_questions_with_whole_answers(case: dict) -> None:
    found = questions(read_page(case["page"], case.get("kind", "auto"), case.get("url")))
    got = [{"question": each.question, "answer": [block.text for block in each.answer]} for each in found]
    assert got == case["expected"]
    if "method" in case:
        assert {each.method for each in found} == {case["method"]}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_rung_has_a_near_miss(path: Path) -> None:
    cases = json.loads(path.read_text(encoding="utf-8"))
    assert any(case["expected"] for case in cases)
    assert any(not case["expected"] for case in cases)
