"""Copies over several pages: what is merged, what is kept apart, and where words are found again."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.build import Built, build_entries
from ingest.entries import read_ready_made
from ingest.slugs import make_slug
from ingest.spans import fold, locate, paragraph_spans, verify

LONG = "The plots are let in April, by lot, to those who have lived in the borough for a year or more."


def build(folder: Path, **pages: str) -> Built:
    (folder / "pages").mkdir()
    toml = 'name = "n"\n'
    for name, text in pages.items():
        file = name.replace("_", ".")
        (folder / "pages" / file).write_text(text)
        toml += (
            f'[[source]]\ntitle = "{name}"\ncapture = "pages/{file}"\nkind = "faq"\npublisher = "p"\nlicence = "l"\n'
        )
    (folder / "sources.toml").write_text(toml)
    return build_entries(folder)


def test_structured_copy_wins_over_order(tmp_path: Path) -> None:
    built = build(
        tmp_path,
        a_txt=f"Who gets a plot?\n\n{LONG}\n",
        b_html=f"<h2>Who gets a plot?</h2><p>{LONG}</p>",
        c_txt=f"WHO GETS A PLOT? Date: 01.02.2023 {LONG.upper()}",
    )
    (entry,) = built.entries
    assert [(o.capture, o.method, o.date) for o in entry.occurrences] == [
        ("pages/b.html.txt", "headings", None),
        ("pages/a.txt", "plain", None),
        ("pages/c.txt", "aligned", "2023-02-01"),
    ]
    assert [(page.entries, page.merged) for page in built.report.pages] == [(0, 1), (1, 0), (0, 1)]


def test_other_answer_is_kept_and_reported(tmp_path: Path) -> None:
    built = build(tmp_path, a_txt=f"Who gets a plot?\n\n{LONG}\n", b_txt="Who gets a plot?\n\nNobody, ever again.\n")
    assert [entry.id for entry in built.entries] == ["who-gets-a-plot", "who-gets-a-plot-2"]
    (row,) = built.report.differing
    assert row.entries == ("who-gets-a-plot", "who-gets-a-plot-2")
    assert row.answer_score < 0.5


def test_other_wording_becomes_an_alternate(tmp_path: Path) -> None:
    built = build(
        tmp_path,
        a_txt=f"Who in the borough gets a plot of land?\n\n{LONG} Ask.\n",
        b_txt=f"Who in this borough gets a plot of land?\n\n{LONG}\n",
    )
    (entry,) = built.entries
    assert entry.alternates == ("Who in this borough gets a plot of land?",)
    assert 0.9 < entry.occurrences[1].score < 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Who was given a plot of land in 2023?", "Who was given a plot of land in 2024?"),
        ("Can I share my plot with a neighbour?", "Can I not share my plot with a neighbour?"),
        ("Can’t I share my plot with neighbours?", "Can I share my plot with neighbours?"),
    ],
)
def test_near_misses_stay_apart(one: str, other: str, tmp_path: Path) -> None:
    assert len(build(tmp_path, a_txt=f"{one}\n\n{LONG}\n", b_txt=f"{other}\n\n{LONG}\n").entries) == 2


def test_edited_flat_copy_is_aligned(tmp_path: Path) -> None:
    edited = LONG.replace("borough", "parish")
    built = build(
        tmp_path, a_txt=f"Who gets a plot?\n\n{LONG}\n", b_txt=f"Welcome. Who gets a plot? {edited} What next? Home"
    )
    (entry,) = built.entries
    assert entry.occurrences[1].method == "aligned"
    assert 0.85 < entry.occurrences[1].score < 1
    assert {row.text for row in built.report.dropped} == {"Welcome.", "What next?", "Home"}


def test_flat_page_with_another_answer_is_not_a_copy(tmp_path: Path) -> None:
    built = build(tmp_path, a_txt=f"Who gets a plot?\n\n{LONG}\n", b_txt="Who gets a plot? Nobody, ever again.")
    assert len(built.entries) == 2
    assert len(built.report.differing) == 1


def test_glued_and_capital_words_are_located() -> None:
    text = "First of all a “low–cost” plan.A STARTING-POINT IS the market’s price"
    span = locate('"LOW-COST" plan. A starting-point', text)
    assert span is not None
    assert text[slice(*span)] == "“low–cost” plan.A STARTING-POINT"
    assert locate("market's", text, 40) is not None
    assert locate("market's", text, 0, 40) is None
    assert locate(" ", text) is None


def test_words_of_the_question_are_not_the_answer(tmp_path: Path) -> None:
    pages = {
        "a_txt": "1. Is entry free of charge for children?\n\nfree of charge\n\nIs it open?\n\nIs it open? Yes.\n",
        "b_html": "<h2>Is parking free of charge?</h2><p>free of charge</p>",
        "c_txt": "Is the boat free of charge? Nobody minds. free of charge",
    }
    built = build(tmp_path, **pages)
    texts = {capture.path: capture.text for capture in built.captures}
    for entry in built.entries:
        home = entry.occurrences[0]
        text = texts[home.capture]
        for start, _ in paragraph_spans(entry, text):
            assert fold(entry.question).chars in fold(text[home.start : start]).chars


def test_title_of_a_passage_is_not_its_text(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "p.md").write_text("Gardens grow here.\n\n# Opening hours\n\nOpening\n\nOpening hours\n")
    (tmp_path / "sources.toml").write_text(
        'name = "n"\n[[source]]\ntitle = "Gardens"\ncapture = "pages/p.md"\nkind = "prose"\npublisher = "p"\n'
        'licence = "l"\n'
    )
    built = build_entries(tmp_path)
    text = built.captures[0].text
    assert [(e.question, paragraph_spans(e, text)) for e in built.entries] == [
        ("Gardens", ((0, 18),)),
        ("Opening hours", ((37, 44), (46, 59))),
    ]


@given(st.text(max_size=60))
def test_folding_maps_each_character_to_one(text: str) -> None:
    folded = fold(text)
    assert len(folded.chars) == len(folded.offsets)
    assert list(folded.offsets) == sorted(folded.offsets)


@given(st.text(max_size=200), st.sets(st.sampled_from(["a", "a-b", "entry-1"])))
def test_slugs_are_short_plain_and_free(question: str, taken: set[str]) -> None:
    slug = make_slug(question, taken)
    assert slug not in taken
    assert 0 < len(slug) <= 63
    assert all(c.isascii() and (c.isalnum() or c == "-") for c in slug)


def test_ready_made_rows_can_be_cited(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(
        '{"id": 7, "question": "Who  may?", "answer": "All\\nmay.\\n\\n• Even I", "source": "https://e.org", "x": 1}\n'
        '\n{"question": "Who may not?", "answer": ["1. None"]}\n'
    )
    ready = read_ready_made(path)
    first, second = ready.entries
    assert (first.id, first.question, first.answer) == ("7", "Who may?", ("All may.", "• Even I"))
    assert (second.id, second.occurrences[0].url) == ("who-may-not", None)
    for entry in ready.entries:
        verify(entry, {ready.capture.path: ready.capture})
    assert [ready.capture.text[a:b] for a, b in paragraph_spans(first, ready.capture.text)] == ["All may.", "Even I"]
