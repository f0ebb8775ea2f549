"""The real corpus: what a person read in the five captured pages is what the build finds, no more and no less."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from ingest.build import Built, build_entries, write_built
from ingest.entries import read_entries
from ingest.spans import paragraph_spans, strip_marker

CORPUS = Path(__file__).parents[2] / "corpus"
OWN, FLAT, FAQ, ANSWERS, NEWS = (
    f"pages/{name}"
    for name in (
        "your-questions-answered.txt",
        "your-questions-answered-flat.txt",
        "faq-innovation-partnership.txt",
        "answers-to-faqs.txt",
        "councils-coop-newsletter.md",
    )
)
# The beginning of each question, how many paragraphs answer it, and where it stands, the first place first.
TRUTH = [
    ("It sounds like “social value” may simply be", 18, [OWN, FLAT, FLAT, NEWS]),
    ("If past experience of delivering social value", 8, [OWN, FLAT, FLAT, NEWS]),
    ("How are people articulating a partnership vision", 6, [OWN, FLAT, FLAT, NEWS]),
    ("Should grants, subsidies and asset transfers", 4, [OWN, FLAT, FLAT, NEWS]),
    ("How do you measure social value?", 5, [OWN, FLAT, FLAT, NEWS]),
    ("Are there outcomes-based contracting arrangements", 3, [OWN, FLAT, FLAT]),
    ("Many people use the term partnership", 2, [OWN, FLAT, FLAT]),
    ("Could an Innovation Partnership be applied", 3, [OWN, FLAT, FLAT]),
    ("In terms of the Toolkit case studies", 6, [OWN, FLAT, FLAT, FAQ, FAQ]),
    ("Why create and develop public service", 4, [ANSWERS]),
    ("Who can initiate a public service", 2, [ANSWERS]),
    ("What about procurement rules?", 16, [ANSWERS]),
    ("Other departments are standing in my way", 11, [ANSWERS]),
    ("I still have questions", 1, [ANSWERS]),
]
FURNITURE = ("contact_arrow", "What next?", "Toolkit menu", "Back to the main menu", "pop your email", "People-centred",
             "Get updates", "This is where our experts", "comms@councils.coop", "Tools, Resources")  # fmt: skip


@pytest.fixture(scope="module")
def built() -> Built:
    return build_entries(CORPUS)


def test_questions_are_the_fourteen(built: Built) -> None:
    asked = [entry for entry in built.entries if entry.kind == "qa"]
    assert len(asked) == len(TRUTH)
    for entry, (start, paragraphs, captures) in zip(asked, TRUTH, strict=True):
        assert entry.question.startswith(start)
        assert len(entry.answer) == paragraphs
        assert [o.capture for o in entry.occurrences] == captures
    assert asked[0].question.count("?") == 4
    assert asked[8].question.count("?") == 3


def test_scores_dates_and_headings(built: Built) -> None:
    for entry in built.entries:
        for o in entry.occurrences:
            assert o.score == 1.0 or (o.method == "question only" and 0 < o.score < 0.2)
            assert o.date == ("2021-06-08" if o.capture == FAQ else None)
    assert built.entries[0].occurrences[0].heading == "Questions from our community"
    assert [o.method for o in built.entries[0].occurrences] == ["plain", "aligned", "aligned", "question only"]


def test_lists_keep_their_structure(built: Built) -> None:
    rules, standing, still = (e.answer for e in built.entries if e.question.startswith(("What ab", "Other", "I st")))
    assert [p[0] for p in rules[2:9]] == ["•"] * 7
    assert rules[13].startswith("Julian Blake and Frank Villeneuve-Smith, The Art")
    assert [p[:2] for p in standing[3:10]] == ["1.", "• ", "• ", "• ", "2.", "3.", "4."]
    assert standing[-1].startswith("The great fear of (legal) challenge")
    assert standing[-1].endswith("short video:")
    assert still == (
        "• We welcome them! Please send your question through this email and we’ll put it to our community.",
    )


def test_newsletter_is_two_passages(built: Built) -> None:
    passages = {entry.question: entry.answer for entry in built.entries if entry.kind == "prose"}
    assert list(passages) == ["The Procurement to Partnership Toolkit", "For further information contact"]
    assert len(passages["The Procurement to Partnership Toolkit"]) == 10
    assert passages["For further information contact"][0] == "Jonathan Bland"


def test_two_are_unanswered(built: Built) -> None:
    assert [row.question for row in built.report.unanswered] == [
        "Where have such partnerships been successful?",
        "What else do I need to think about?",
    ]


def test_furniture_is_dropped_with_a_reason(built: Built) -> None:
    kept = "\n".join("\n".join((entry.question, *entry.answer)) for entry in built.entries)
    dropped = "\n".join(row.text for row in built.report.dropped)
    for words in FURNITURE:
        assert words not in kept
    for words in FURNITURE[:3]:
        assert words in dropped
    assert all(row.reason for row in built.report.dropped)


def test_report_shows_every_merge(built: Built) -> None:
    places = Counter({entry.id: len(entry.occurrences) - 1 for entry in built.entries})
    assert Counter(row.entry for row in built.report.merged) == +places
    assert built.report.differing == ()
    assert all(row.question_score == 1.0 and row.answer_score in {1.0, None} for row in built.report.merged)


def test_every_paragraph_is_verbatim(built: Built) -> None:
    texts = {capture.path: capture.text for capture in built.captures}
    for entry in built.entries:
        text = texts[entry.occurrences[0].capture]
        for paragraph, (start, end) in zip(entry.answer, paragraph_spans(entry, text), strict=True):
            assert " ".join(text[start:end].split()) == strip_marker(paragraph)


def test_building_twice_changes_no_byte(built: Built, tmp_path: Path) -> None:
    shutil.copytree(CORPUS, tmp_path, dirs_exist_ok=True)
    write_built(tmp_path, built)
    first = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    write_built(tmp_path, build_entries(tmp_path))
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == first
    assert read_entries(tmp_path / "entries.jsonl") == built.entries


def test_flat_copy_alone_still_gives_its_questions(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    shutil.copy(CORPUS / FLAT, tmp_path / FLAT)
    (tmp_path / "sources.toml").write_text(
        f'name = "n"\n[[source]]\ntitle = "Flat"\ncapture = "{FLAT}"\nkind = "faq"\npublisher = "p"\nlicence = "l"\n'
    )
    entries = build_entries(tmp_path).entries
    assert len(entries) == 9
    assert all(len(entry.occurrences) == 2 for entry in entries)
    assert not any("What next" in words for entry in entries for words in entry.answer)
