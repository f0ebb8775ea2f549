from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.spans import measure_spans
from ingest.errors import InputError
from tests.conftest import HashedWords

CONTEXT = "We like the moon.  Cookies are deleted after a week. Nobody is told. You may write to us."


def row(question: str, *answers: str, context: str = CONTEXT) -> dict[str, Any]:
    marked = [{"text": text, "start": context.index(text)} for text in answers]
    return {"id": "x", "site": "example.org", "question": question, "context": context, "answers": marked}


def write(folder: Path, *rows: dict[str, Any]) -> Path:
    (folder / "dev.jsonl.gz").write_bytes(gzip.compress("\n".join(json.dumps(one) for one in rows).encode()))
    return folder


def test_marked_words_are_found_where_they_stand(tmp_path: Path, encoder: HashedWords) -> None:
    rows = [
        row("When are cookies deleted?", "after a week"),
        row("When are cookies deleted?", "after a week. Nobody", "the moon"),
        row("Who likes the moon?", "We"),
    ]
    spans = measure_spans(write(tmp_path, *rows), encoder)
    assert (spans.questions, spans.passages) == (3, 1)
    found = {one.method: one for one in spans.rows}
    assert found["first 1"].contains.value == pytest.approx(2 / 3)
    assert found["best cosine 1"].contains.value == pytest.approx(2 / 3)
    assert found["first 3"].contains.value == 1
    assert found["first 1"].words == 4
    assert found["first 1"].share == pytest.approx(4 / 18)
    assert found["short answer"].contains.value == pytest.approx(2 / 3)
    assert found["short answer"].words_median == 6
    assert found["short answer"].f1.value > found["first 1"].f1.value


def test_the_short_answer_is_compared_at_its_own_length(tmp_path: Path, encoder: HashedWords) -> None:
    spans = measure_spans(write(tmp_path, row("When are cookies deleted?", "a week"), row("Who?", "moon")), encoder)
    alike = [one for one in spans.differences if one.method.endswith("as long")]
    assert alike
    assert all(one.words == pytest.approx(0) for one in alike)


@pytest.mark.parametrize("content", [b"", b"no gzip", gzip.compress(b""), gzip.compress(b'{"site": 1}')])
def test_what_is_no_data_set_is_named(tmp_path: Path, encoder: HashedWords, content: bytes) -> None:
    (tmp_path / "dev.jsonl.gz").write_bytes(content)
    with pytest.raises(InputError, match="span_policyqa"):
        measure_spans(tmp_path, encoder)


def test_a_missing_data_set_is_named(tmp_path: Path, encoder: HashedWords) -> None:
    with pytest.raises(InputError, match=r"dev\.jsonl\.gz"):
        measure_spans(tmp_path, encoder)


@pytest.mark.model
def test_the_short_answer_beats_the_nearest_sentences(test_data: Path) -> None:
    from index.encoder import load_encoder

    spans = measure_spans(test_data / "span_policyqa", load_encoder())
    difference = next(one for one in spans.differences if one.method == "best cosine, as long")
    assert difference.contains.low > 0
