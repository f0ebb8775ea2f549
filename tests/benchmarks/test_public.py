"""The figures on public sets, worked by hand on a few rows."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from assistant.figures import Figure
from assistant.testset import Question
from benchmarks.public.__main__ import main
from benchmarks.public.baselines import FUSION, KEYWORDS, KEYWORDS_WHOLE, MEANING, MEANING_WHOLE, score_baselines
from benchmarks.public.data import SETS, index_entries, read_questions
from benchmarks.public.duplicates import Document, Pair, measure_duplicates
from benchmarks.public.records import Ranks, Results, SetFigures
from benchmarks.public.refusal import auroc_lead
from benchmarks.public.retrieval import CITEWELL, measure_retrieval, values_of
from benchmarks.public.tables import LOSES, lead, show_results
from index.encoder import Encoder
from ingest.errors import InputError

ENTRIES = [
    {"id": "renew", "question": "How do I renew a book?", "answer": "At the desk."},
    {"id": "hours", "question": "When is the library open?", "answer": "The doors open at nine."},
    {"id": "guitar", "question": "Can I borrow a guitar?", "answer": "Every instrument can be borrowed."},
]
QUESTIONS = [
    {"id": "1", "text": "renew a book", "relevant": ["renew"], "kind": "in"},
    {"id": "2", "text": "which instrument", "relevant": ["guitar"], "kind": "in"},
    {"id": "3", "text": "unicorn", "relevant": [], "kind": "far"},
]


def write_rows(path: Path, rows: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.fixture
def entries(tmp_path: Path) -> Path:
    return write_rows(tmp_path / "entries.jsonl", ENTRIES)


@pytest.fixture
def questions(tmp_path: Path) -> tuple[Question, ...]:
    return read_questions(write_rows(tmp_path / "queries.jsonl", QUESTIONS))


def test_values_are_those_of_the_first_relevant_entry() -> None:
    rankings = {
        ("a", "b"): (1, 1, 1),
        ("x", "a", "b"): (0, 1, 1 / 2),
        ("1", "2", "3", "4", "5", "b"): (0, 0, 1 / 6),
        (*"123456789x", "a"): (0, 0, 0),
        (): (0, 0, 0),
    }
    asked = [Question(str(row), "?", ("a", "b"), "in") for row in range(len(rankings))]
    outside = Question("out", "?", (), "far")
    assert values_of([*asked, outside], [*rankings, ("a",)]).tolist() == [list(row) for row in rankings.values()]


def test_two_scores_are_drawn_together() -> None:
    inside, outside = np.array([0.9, 0.4]), np.array([0.4, 0.1])  # three of four pairs are right, one is a tie
    figure = auroc_lead(np.column_stack([inside, inside]), np.column_stack([outside, 0 * outside]))
    assert figure.value == 3.5 / 4 - 1
    assert figure.high == 0
    alike = auroc_lead(np.column_stack([inside, inside]), np.column_stack([outside, outside]))
    assert alike == Figure(0.0, 0.0, 0.0)


def test_a_loss_beyond_chance_is_marked() -> None:
    assert lead(Figure(-0.1, -0.2, -0.01)).endswith(LOSES)
    assert not lead(Figure(-0.1, -0.2, 0.0)).endswith(LOSES)


def test_baselines_find_by_their_own_means(entries: Path, tmp_path: Path, encoder: Encoder) -> None:
    index = index_entries(entries, tmp_path, encoder)
    asked = ["renew a book", "which instrument", "unicorn"]
    found = {each.method: [row.tolist() for row in each.rank(10)] for each in score_baselines(index, asked)}
    assert list(found) == [KEYWORDS, MEANING, KEYWORDS_WHOLE, MEANING_WHOLE, FUSION]
    assert found[KEYWORDS] == [[0], [], []]  # no question has an instrument
    assert found[KEYWORDS_WHOLE] == [[0], [2], []]
    assert [row[0] for row in found[MEANING_WHOLE]][:2] == [0, 2]
    assert all(sorted(row) == [0, 1, 2] for row in found[MEANING] + found[FUSION])
    assert found[FUSION][0][0] == 0


def test_a_set_is_measured_whole(
    entries: Path, tmp_path: Path, questions: tuple[Question, ...], encoder: Encoder
) -> None:
    figures = measure_retrieval("small", index_entries(entries, tmp_path, encoder), questions)
    assert (figures.entries, figures.questions, figures.in_scope) == (3, 3, 2)
    rows = {row.method: row for row in figures.methods}
    assert rows[CITEWELL].hit_1.value == 1
    assert rows[KEYWORDS].hit_1.value == rows[KEYWORDS].mrr_10.value == 0.5
    leads = {row.method: row for row in figures.leads}
    assert leads[KEYWORDS].hit_1.value == 0.5
    assert CITEWELL not in leads
    assert figures.refusal is not None
    told_apart = [row.confidence for row in figures.refusal.kinds]
    assert [(row.kind, row.questions) for row in told_apart] == [("far", 1), ("overall", 1)]
    assert told_apart[0].auroc.value == 1


def test_a_set_without_questions_out_of_scope_has_no_refusal(
    entries: Path, tmp_path: Path, questions: tuple[Question, ...], encoder: Encoder
) -> None:
    assert measure_retrieval("small", index_entries(entries, tmp_path, encoder), questions[:2]).refusal is None


def test_copies_are_counted_by_kind() -> None:
    long = "You can renew a book at the desk, by telephone, or on our page, as often as you like."
    texts = {
        "o1": ("How do I renew?", long, "Town"),
        "o2": ("Who may join?", "Everybody who lives here.", "Town"),
        "o3": ("Is there coffee?", "Yes, on the second floor.", "Town"),
        "n1": ("How do I renew?", long, "Town"),
        "n2": ("Who may join?", "Ask your school for a card, and show it to us at the desk.", "Town"),
        "n3": ("Is there coffee?", "Yes, on the second floor.", "City"),
    }
    documents = [Document(id_, *text, snapshot=id_[0].replace("o", "a")) for id_, text in texts.items()]
    pairs = [Pair("o1", "n1", "same"), Pair("o2", "n2", "edited")]
    rows = {row.method: row for row in measure_duplicates(documents, pairs)}
    recalls = {method: [found.recall.value for found in row.kinds] for method, row in rows.items()}
    assert recalls == {
        "Citewell, merged": [1, 0, 0.5],
        "Citewell, merged or in conflict": [1, 1, 1],
        "Citewell, merged, with alternates": [1, 0, 0.5],
        "exact text": [1, 0, 0.5],
        "token sets 90 % alike": [1, 0, 0.5],
    }
    assert all((row.precision, row.unlabelled, row.elsewhere) == (1, 0, 1) for row in rows.values())
    assert rows["exact text"].f1 == pytest.approx(2 / 3)


def test_the_table_sets_citewell_against_the_better_baseline() -> None:
    def ranks(method: str, *values: float) -> Ranks:
        return Ranks(method, *(Figure(value, value - 0.01, value + 0.01) for value in values))

    figures = SetFigures(
        name="small",
        entries=3,
        questions=2,
        in_scope=2,
        methods=(ranks(CITEWELL, 0.5, 0.7, 0.6),),
        leads=(ranks(KEYWORDS, 0.3, -0.2, 0.0), ranks(MEANING, -0.1, 0.2, 0.1), ranks(FUSION, 0.4, 0.4, 0.4)),
        refusal=None,
    )
    stream = io.StringIO()
    show_results(Results((figures,), (), SimpleNamespace(questions=0, rows=())), stream)
    lines = {line.split("  ")[1]: line for line in stream.getvalue().splitlines() if line.startswith("  ")}
    assert CITEWELL in lines
    single = lines["Citewell minus the better single"]
    assert all(part in single for part in ("-0.100 [-0.110, -0.090]", "-0.200 [-0.210, -0.190]", "+0.000"))
    assert single.count(LOSES) == 2
    assert LOSES not in lines[f"Citewell minus {FUSION}"]


@pytest.mark.parametrize("there", [(), SETS[:2]], ids=["none", "two of them"])
def test_missing_sets_end_in_one_line(
    tmp_path: Path, there: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in there:
        (tmp_path / name).mkdir()
    monkeypatch.setenv("CITEWELL_TEST_DATA", str(tmp_path))
    monkeypatch.setattr(sys, "argv", ["benchmarks.public"])
    with pytest.raises(SystemExit) as exit_:
        main()
    printed = capsys.readouterr()
    assert exit_.value.code == 2
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert str(tmp_path) in printed.err
    assert all((name in printed.err) == (name not in there) for name in SETS)


@pytest.mark.parametrize("content", [b"", b'{"id": 1}\n', b'{"id": "1", "text": "?", "relevant": [], "kind": "k"}\n'])
def test_a_file_that_is_no_set_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "queries.jsonl").write_bytes(content)
    with pytest.raises(InputError, match=r"queries\.jsonl"):
        read_questions(tmp_path / "queries.jsonl")
