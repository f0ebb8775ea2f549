from __future__ import annotations

import re
from pathlib import Path

from bs4 import BeautifulSoup

from assistant.compare import compare
from assistant.evaluation import Evaluation, evaluate
from assistant.report import write_report
from assistant.testset import Question
from index.reader import Index

HOSTILE = "<script>alert(1)</script> & \"quotes\" <img src=x onerror='alert(1)'> \x1b[31m late book"


def evaluated(index: Index) -> Evaluation:
    asked = (
        Question("1", "pence a day for a late book", ("is-there-a-charge-for-late-books",), "keyword"),
        Question("2", HOSTILE, ("what-do-i-need-to-join",), "<b>odd</b>"),
        Question("3", "fine for a late book", (), "out-of-scope-near"),
    )
    return evaluate(index, asked)


def test_the_page_stands_alone_and_has_the_figures(small: Index, tmp_path: Path) -> None:
    result = evaluated(small)
    write_report(tmp_path / "deep" / "report.html", result)
    text = (tmp_path / "deep" / "report.html").read_text(encoding="utf-8")
    page = BeautifulSoup(text, "lxml")
    assert page.html is not None
    assert page.html["lang"] == "en-GB"
    assert not page.find_all(["script", "link", "img", "iframe"])
    assert not re.search(r"(?:href|src)\s*=|url\(|@import", str(page.find("head")))
    assert [heading.name for heading in page.find_all(re.compile("^h[1-6]$"))][:2] == ["h1", "h2"]
    assert all(table.caption for table in page.find_all("table"))
    assert len(page.find_all("svg")) == 3
    assert all(svg.find("title") and svg.find("desc") for svg in page.find_all("svg"))
    words = page.get_text()
    assert "0.500 [0.000, 1.000]" in words  # hit@1 of the two questions in scope
    assert "what-do-i-need-to-join" in words
    assert "1 question out of scope that got an answer" in words


def test_what_people_asked_is_text(small: Index, tmp_path: Path) -> None:
    write_report(tmp_path / "report.html", evaluated(small))
    page = BeautifulSoup((tmp_path / "report.html").read_text(encoding="utf-8"), "lxml")
    assert "<script>alert(1)</script>" in page.get_text()
    assert not page.find_all("b")


def test_a_run_of_out_of_scope_questions_alone_has_a_page(small: Index, tmp_path: Path) -> None:
    write_report(tmp_path / "report.html", evaluate(small, [Question("1", "coffee", (), "far")]))
    assert "Refusal" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_what_changed_since_an_earlier_run_has_a_section(small: Index, tmp_path: Path) -> None:
    result = evaluated(small)
    write_report(tmp_path / "report.html", result, compare(result.asked[:2], result.asked))
    words = BeautifulSoup((tmp_path / "report.html").read_text(encoding="utf-8"), "lxml").get_text()
    assert "Compared with the earlier run: 2 questions" in words
    assert "1 only in this run: 3." in words
    assert "0.500 to 0.500: +0.000 [+0.000, +0.000]" in words
