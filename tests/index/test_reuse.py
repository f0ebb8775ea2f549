"""A rebuild makes anew what changed, and what it makes is what a build from nothing makes."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest

from assistant.refusal import calibrate
from index import reader
from index.build import build_index
from index.material import Material
from index.reader import Index
from ingest.entries import read_ready_made

ROWS = [(f"Where is the {thing}?", f"The {thing} stands on shelf {at}. Ask the desk.") for at, thing in enumerate(
    "coat hat scarf glove boot shoe sock belt bag purse watch ring book pen key card tie vest map flag".split()
)]  # fmt: skip
Change = Callable[[list[tuple[str, str]]], object]


@pytest.fixture(autouse=True)
def _test_encoder_can_be_opened(monkeypatch: pytest.MonkeyPatch, encoder: object) -> None:
    monkeypatch.setattr(reader, "load_encoder", lambda *given: encoder)


@pytest.fixture
def build(tmp_path: Path, encoder: object) -> Callable[..., Index]:
    def make(home: str, rows: Sequence[tuple[str, str]], learn: Callable[[Index], bytes] = calibrate) -> Index:
        path = tmp_path / "rows.jsonl"
        path.write_bytes(b"\n".join(json.dumps({"question": q, "answer": a}).encode() for q, a in rows))
        return build_index(tmp_path / home, Material.of_ready_made(read_ready_made(path)), encoder, learn).index  # type: ignore[arg-type]

    return make


def files(index: Index) -> dict[str, bytes]:
    return {
        path.relative_to(index.folder).as_posix(): path.read_bytes()
        for path in index.folder.rglob("*")
        if path.is_file() and path.name != ".checked"
    }


CHANGES: dict[str, Change] = {
    "an answer": lambda rows: rows.__setitem__(3, (rows[3][0], "It stands in the hall since it was found there.")),
    "a question": lambda rows: rows.__setitem__(3, ("Who took my glove away?", rows[3][1])),
    "one more, first": lambda rows: rows.insert(
        0, ("Is there a cloakroom?", "There is one in the cellar of the house.")
    ),
    "one less": lambda rows: rows.pop(5),
    "another order": lambda rows: rows.reverse(),
    "a copy": lambda rows: rows.append(rows[2]),
    "all": lambda rows: rows.__setitem__(
        slice(None), [("What is new?", "Everything is new here, from top to bottom.")]
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_rebuild_makes_what_a_build_from_nothing_makes(
    build: Callable[..., Index], change: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.build.DRIFT", -1)  # whatever changes, all is learned anew
    rows = list(ROWS)
    build("again", rows)
    change(rows)
    assert files(build("again", rows)) == files(build("once", rows))


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_every_passage_stands_where_it_says(build: Callable[..., Index], change: Change) -> None:
    rows = list(ROWS)
    build("home", rows)
    change(rows)
    index = build("home", rows)
    assert len(index.passages) == len(rows)
    for passage in index.passages:
        assert index.captures.between(passage.capture, passage.start, passage.end) == passage.text


def unwanted(index: Index) -> bytes:
    raise AssertionError("learned anew")


def test_what_was_learned_is_kept_until_too_much_changed(
    build: Callable[..., Index], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = list(ROWS)
    first = build("home", rows)
    monkeypatch.setattr("index.build.DRIFT", 12 / len(first.texts))
    rows[3] = (rows[3][0], "It stands in the hall since it was found there.")
    second = build("home", rows, unwanted)
    assert second.refusal == first.refusal
    assert second.manifest.drift == 5  # its question, paragraph and sentence went, a question and a paragraph came
    rows[4] = (rows[4][0], "It stands in the hall since it was found there.")
    assert build("home", rows, unwanted).manifest.drift == 10
    rows[5] = (rows[5][0], "It stands in the hall since it was found there.")
    with pytest.raises(AssertionError, match="learned anew"):
        build("home", rows, unwanted)
    assert build("home", rows).manifest.drift == 0


def test_other_rules_are_learned_by_anew(
    tmp_path: Path, material: Material, encoder: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.build.DRIFT", 1)
    build_index(tmp_path, material, encoder, calibrate)  # type: ignore[arg-type]
    with pytest.raises(AssertionError, match="learned anew"):
        build_index(tmp_path, replace(material, rules="others"), encoder, unwanted)  # type: ignore[arg-type]


def test_a_text_that_moved_to_another_entry_is_not_encoded_again(
    tmp_path: Path, material: Material, encoder: object
) -> None:
    build_index(tmp_path, material, encoder, calibrate)  # type: ignore[arg-type]
    encoder.encoded.clear()  # type: ignore[attr-defined]
    moved = msgspec.structs.replace(material.alternates[0], entry=material.entries[-1].id, paragraph=None)
    built = build_index(
        tmp_path, replace(material, alternates=(*material.alternates[1:], moved)), encoder, calibrate  # type: ignore[arg-type]
    )  # fmt: skip
    assert built.generation is not None
    assert encoder.encoded == []  # type: ignore[attr-defined]


def test_a_rebuild_that_keeps_its_adapter_searches_by_it(
    build: Callable[..., Index], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.build.DRIFT", 1)
    rows = list(ROWS)
    first = build("home", rows)
    assert first.adapter is not None
    rows[3] = (rows[3][0], "It stands in the hall since it was found there.")
    rows.insert(0, ("Is there a cloakroom?", "There is one in the cellar."))
    again = build("home", rows, unwanted)
    assert again.adapter is not None
    assert (again.adapter.matrix == first.adapter.matrix).all()
    every = np.arange(len(again.views))
    wanted = again.adapter.apply(again.encoded[every].astype(np.float32))
    assert again.vectors.at(every) == pytest.approx(wanted, abs=1e-5)


def test_what_is_asked_may_become_a_wording_and_the_other_way_round(
    tmp_path: Path, material: Material, encoder: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.build.DRIFT", 0)
    wording, asked = material.alternates[0], material.unanswered[0]
    swapped = replace(
        material,
        alternates=(msgspec.structs.replace(wording, text=asked.text), *material.alternates[1:]),
        unanswered=(msgspec.structs.replace(asked, text=wording.text), *material.unanswered[1:]),
    )
    build_index(tmp_path / "again", material, encoder, calibrate)  # type: ignore[arg-type]
    again = build_index(tmp_path / "again", swapped, encoder, calibrate).index  # type: ignore[arg-type]
    once = build_index(tmp_path / "once", swapped, encoder, calibrate).index  # type: ignore[arg-type]
    assert files(again) == files(once)


def test_the_same_content_built_again_leaves_what_is_read_in_place(build: Callable[..., Index]) -> None:
    rows = list(ROWS)
    reading = build("home", rows)
    build("home", rows[:-1])
    build("home", rows)  # the generation to go back to has just this content
    assert next(iter(reading.captures.values())).startswith(ROWS[0][0])
    assert reading.folder.exists()
