"""Pairs of entries on two pages and what becomes of them: tests/data/duplicates/pairs.json. And of many at once."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.build import Built, build_entries
from ingest.disk import write_bytes
from ingest.duplicates import Group, group
from ingest.entries import encode_entries, read_entries
from ingest.finds import Found
from ingest.records import Block, Capture, Source
from ingest.spans import fold, fold_text

CASES = json.loads((Path(__file__).parents[1] / "data/duplicates/pairs.json").read_text(encoding="utf-8"))


def build(folder: Path, *pages: list[str]) -> Built:
    (folder / "pages").mkdir()
    toml = 'name = "n"\n'
    for number, (question, answer, *heading) in enumerate(pages):
        above = f"# {heading[0]}\n\n" if heading else ""
        (folder / f"pages/{number}.md").write_text(f"{above}## {question}\n\n{answer}\n", encoding="utf-8")
        toml += f'[[source]]\ntitle = "Page {number}"\ncapture = "pages/{number}.md"\nkind = "faq"\n'
        toml += 'publisher = "p"\nlicence = "l"\n'
    (folder / "sources.toml").write_text(toml, encoding="utf-8")
    return build_entries(folder)


def find(question: str, answer: str, number: int) -> Found:
    source = Source("t", f"pages/{number}.txt", "faq", publisher="p", licence="l")
    capture = Capture(source, source.capture, f"{question}\n\n{answer}", "", "plain")
    block = Block("paragraph", answer, len(question) + 2, len(capture.text))
    return Found(capture, "qa", question, (block,), 0, len(capture.text), heading=None, date=None)


def shape(groups: list[Group]) -> list[tuple[object, ...]]:
    """Everything that a grouping decides."""
    return [
        (
            made.best.capture.path,
            [(copy.found.capture.path, copy.why, copy.question_score, copy.answer_score) for copy in made.copies],
            [msgspec.json.encode(rival) for rival in made.rivals],
        )
        for made in groups
    ]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_pair(case: dict, tmp_path: Path) -> None:
    built = build(tmp_path, case["one"], case["other"])
    conflicts = [conflict for entry in built.entries for conflict in entry.conflicts]
    outcome, report = case["outcome"], built.report
    assert len(built.entries) == (1 if outcome in ("merged", "alternate") else 2)
    if outcome in ("merged", "alternate"):
        (row,) = report.merged
        assert row.why == ("copy" if outcome == "merged" else "other question")
        assert row.answer_score is not None
        assert row.answer_score >= row.threshold
        assert len(built.entries[0].occurrences) == 2
    if outcome == "alternate":
        assert {built.entries[0].question, *built.entries[0].alternates} == {case["one"][0], case["other"][0]}
    if outcome == "conflict":
        assert len(conflicts) == 2
        (row,) = report.differing
        assert {part.kind for part in row.differences} >= {case["kind"]}
        first = next(part for part in row.differences if part.kind == case["kind"])
        assert sorted((first.here, first.there)) == sorted(case["sides"])
        assert [entry.conflicts[0].entry for entry in built.entries] == [entry.id for entry in built.entries[::-1]]
        here = [part.here for part in built.entries[0].conflicts[0].differences]
        assert here == [part.there for part in built.entries[1].conflicts[0].differences]
    if outcome == "told apart":
        assert report.differing[0].headings is not None
    if outcome == "apart":
        assert not report.differing
    assert bool(report.borderline) == (outcome == "borderline")


def test_conflicts_are_on_disk_only_where_there_are_some(tmp_path: Path) -> None:
    built = build(tmp_path, CASES[3]["one"], CASES[3]["other"], CASES[0]["one"])
    path = tmp_path / "entries.jsonl"
    write_bytes(path, encode_entries(built.entries))
    assert read_entries(path) == built.entries
    assert [b'"conflicts"' in line for line in path.read_bytes().splitlines()] == [True, True, False]


WORDS = st.sampled_from("plot garden water key dog shed fee 5 10 not must may".split())
TEXT = st.lists(WORDS, min_size=1, max_size=6).map(" ".join)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(TEXT, TEXT), max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_the_finds_does_not_matter(rows: list[tuple[str, str]], random: object) -> None:
    finds = [find(f"What of {question}?", f"It is {answer}.", number) for number, (question, answer) in enumerate(rows)]
    expected = shape(group(finds))
    random.shuffle(finds)  # type: ignore[attr-defined]
    assert shape(group(finds)) == expected
    assert sum(1 + len(made.copies) for made in group(finds)) == len(finds)


def test_a_chain_of_small_edits_does_not_drift() -> None:
    words = [f"word{chr(97 + number)}" for number in range(26)]
    chain = [[*(word.upper()[::-1] for word in words[:step]), *words[step:]] for step in range(0, 26, 2)]
    groups = group(find("What is in the shed?", " ".join(each), number) for number, each in enumerate(chain))
    for made in groups:
        assert all(copy.answer_score is not None and copy.answer_score >= 0.85 for copy in made.copies)
    assert 1 < len(groups) < len(chain)


def test_a_thousand_answers_to_one_question_are_compared_with_few() -> None:
    groups = group(find("What is the fee?", f"It is {number} pounds.", number) for number in range(1000))
    assert len(groups) == 1000
    assert max(len(made.rivals) for made in groups) <= 3


def test_near_questions_are_found_among_many() -> None:
    names = [chr(97 + n % 26) * 4 + chr(97 + n // 26) * 4 for n in range(600)]
    finds = [find(f"How do I cancel my {name} subscription?", "?", n) for n, name in enumerate(names)]
    finds.append(find("Where can I leave my bicycle while I am in the garden?", "At the gate.", 600))
    finds.append(find("Where can I leave my bicycles while I am in the garden?", "At the gate.", 601))
    made = next(made for made in group(finds) if made.best.capture.path == "pages/600.txt")
    assert [copy.found.capture.path for copy in made.copies] == ["pages/601.txt"]


@given(st.text(max_size=80))
def test_folding_alone_is_folding(text: str) -> None:
    assert fold_text(text) == fold(text).chars
