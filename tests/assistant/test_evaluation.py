from __future__ import annotations

from pathlib import Path

import pytest

from assistant.evaluation import evaluate
from assistant.testset import read_testset
from index.reader import Index
from ingest.errors import InputError

TESTSET = Path(__file__).parent.parent / "data" / "library" / "testset.jsonl"


def test_the_figures_count_every_question(small: Index) -> None:
    result = evaluate(small, read_testset(TESTSET, small))
    assert result.testset == 4
    assert result.overall.questions == 2
    assert [kind.kind for kind in result.kinds] == ["keyword", "paraphrase"]
    assert result.overall.hit_1 is not None
    assert result.overall.hit_1.value == 1.0
    assert [(kind.kind, kind.questions) for kind in result.refusal] == [
        ("out-of-scope-near", 1),
        ("out-of-scope-far", 1),
        ("overall", 2),
    ]
    shares = [result.in_scope.right, result.in_scope.wrong, result.in_scope.clarified, result.in_scope.refused]
    assert sum(share.value for share in shares if share) == pytest.approx(1)
    assert result.citations == result.citations_verified > 0


def test_a_question_without_a_result_scores_nothing(small: Index, tmp_path: Path) -> None:
    path = tmp_path / "testset.jsonl"
    path.write_text('{"id": "1", "question": "?!", "relevant": ["how-long-can-i-keep-a-book"], "kind": "odd"}\n')
    result = evaluate(small, read_testset(path, small))
    assert result.overall.questions == 1
    assert result.overall.mrr_10 is not None
    assert result.overall.mrr_10.value == 0


def test_a_split_is_a_part(small: Index) -> None:
    assert [row.id for row in read_testset(TESTSET, small, "dev")] == ["1", "4"]


BAD = [
    ("", "has no questions"),
    ("{}", "line 1"),
    ("\n\nnot json", "line 3"),
    ('{"id": "1", "question": "q", "relevant": ["no-such"], "kind": "k"}', "line 1: the index has no entry 'no-such'"),
    ('{"id": [], "question": "q", "relevant": [], "kind": "k"}', "line 1"),
    ('{"id": "1", "question": "q", "relevant": [], "kind": "k"}\n' * 2, "line 2: the id '1' stands there twice"),
    ('{"id": "1", "question": "q", "relevant": [], "kind": "overall"}', "no kind is called 'overall'"),
]


@pytest.mark.parametrize(("content", "message"), BAD)
def test_a_bad_test_set_is_named(small: Index, tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "testset.jsonl"
    path.write_text(content)
    with pytest.raises(InputError, match=message):
        read_testset(path, small)
