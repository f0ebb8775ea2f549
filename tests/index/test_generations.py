"""An index on disk: reused, replaced in one step, and never trusted when damaged."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest

from assistant.answer import answer
from assistant.refusal import calibrate
from index import reader
from index.build import build_index
from index.errors import IndexUnusable
from index.material import Material
from index.reader import open_index
from index.store import CHECKED, MANIFEST, SUM, current_generation, sum_of


@pytest.fixture(autouse=True)
def _test_encoder_can_be_opened(monkeypatch: pytest.MonkeyPatch, encoder: object) -> None:
    monkeypatch.setattr(reader, "load_encoder", lambda *given: encoder)


@pytest.fixture
def built(tmp_path: Path, material: Material, encoder: object) -> Path:
    build_index(tmp_path, material, encoder, calibrate)  # type: ignore[arg-type]
    return tmp_path


def test_what_is_opened_answers_like_what_was_built(tmp_path: Path, material: Material, encoder: object) -> None:
    made = build_index(tmp_path, material, encoder, calibrate).index  # type: ignore[arg-type]
    opened = open_index(tmp_path)
    assert list(opened.captures.items()) == list(made.captures.items())
    for question in ("fine for a late book", "who painted the ceiling", "print in colour"):
        assert answer(question, opened) == answer(question, made)


def test_an_unchanged_build_encodes_nothing(built: Path, material: Material, encoder: object) -> None:
    before = current_generation(built)
    encoder.encoded.clear()  # type: ignore[attr-defined]
    again = build_index(built, material, encoder, calibrate)  # type: ignore[arg-type]
    assert (again.generation, again.encoded) == (None, 0)
    assert encoder.encoded == []  # type: ignore[attr-defined]
    assert current_generation(built) == before


def test_a_change_encodes_what_changed_alone(built: Path, material: Material, encoder: object) -> None:
    encoder.encoded.clear()  # type: ignore[attr-defined]
    changed = msgspec.structs.replace(material.alternates[0], text="a wording never seen before")
    again = build_index(
        built,
        Material(
            material.corpus, material.entries, material.captures, (changed, *material.alternates[1:]),
            material.unanswered, material.report,
        ),
        encoder,  # type: ignore[arg-type]
        calibrate,
    )  # fmt: skip
    assert encoder.encoded == ["a wording never seen before"]  # type: ignore[attr-defined]
    assert again.encoded == 1
    assert current_generation(built) == again.generation


def files_of(home: Path) -> list[Path]:
    """Every file and folder, but for the note of what was checked, which comes once the files have settled."""
    return sorted(path for path in home.rglob("*") if path.name != CHECKED)


def test_a_build_that_fails_leaves_the_old_index(built: Path, material: Material, encoder: object) -> None:
    before = files_of(built)

    def fail(index: object) -> bytes:
        raise RuntimeError("no calibration today")

    other = Material(material.corpus, material.entries[:2], material.captures)
    with pytest.raises(RuntimeError, match="no calibration"):
        build_index(built, other, encoder, fail)  # type: ignore[arg-type]
    assert files_of(built) == before
    assert len(open_index(built).entries) == len(material.entries)


def test_damage_is_noticed_and_named(built: Path) -> None:
    folder = built / "generations" / str(current_generation(built))
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "manifest.json"):
        whole = path.read_bytes()
        for damaged in (whole[: len(whole) // 2], bytes([whole[0] ^ 1]) + whole[1:], whole + b"\0"):
            path.write_bytes(damaged)
            with pytest.raises(IndexUnusable, match=path.name):
                open_index(built)
        path.unlink()
        with pytest.raises(IndexUnusable, match=path.name):
            open_index(built)
        path.write_bytes(whole)
    open_index(built)


@pytest.mark.parametrize("manifest", [b"", b"{", b"[]", b"{}", b'{"schema": 1}', b"\xff\xfe"])
def test_a_manifest_that_can_not_be_read_says_so(built: Path, manifest: bytes) -> None:
    (built / "generations" / str(current_generation(built)) / "manifest.json").write_bytes(manifest)
    with pytest.raises(IndexUnusable, match="citewell build"):
        open_index(built)


@pytest.mark.parametrize("summed", [True, False])  # before schema 5 manifests had no checksum
def test_another_schema_says_which(built: Path, summed: bool) -> None:
    folder = built / "generations" / str(current_generation(built))
    manifest = msgspec.json.encode(msgspec.json.decode((folder / MANIFEST).read_bytes()) | {"schema": 99})
    (folder / MANIFEST).write_bytes(manifest)
    (folder / SUM).write_bytes(sum_of(manifest)) if summed else (folder / SUM).unlink()
    with pytest.raises(IndexUnusable, match="schema 99"):
        open_index(built)


def test_another_model_says_so(built: Path, encoder: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "fingerprint", "0" * 64)
    with pytest.raises(IndexUnusable, match="another hashed-words"):
        open_index(built)


def test_a_damaged_index_is_built_anew(built: Path, material: Material, encoder: object) -> None:
    path = built / "generations" / str(current_generation(built)) / "vectors.faiss"
    path.write_bytes(path.read_bytes()[:-1])
    again = build_index(built, material, encoder, calibrate)  # type: ignore[arg-type]
    assert again.reused == 0
    open_index(built)


def test_no_index_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(IndexUnusable, match="run `citewell build`"):
        open_index(tmp_path / "nowhere")


def test_old_generations_are_collected(built: Path, material: Material, encoder: object) -> None:
    for count in range(1, 4):
        build_index(built, Material(material.corpus, material.entries[:count], material.captures), encoder, calibrate)  # type: ignore[arg-type]
    assert len(list((built / "generations").iterdir())) == 2
    assert len(open_index(built).entries) == 3


def test_a_generation_that_is_read_is_not_collected(built: Path, material: Material, encoder: object) -> None:
    reading = open_index(built)
    before = answer("fine for a late book", reading)
    for count in range(1, 4):
        build_index(built, Material(material.corpus, material.entries[:count], material.captures), encoder, calibrate)  # type: ignore[arg-type]
    assert answer("fine for a late book", reading) == before
    assert list(reading.captures.items()) == list(material.captures.items())
    assert reading.report == material.report
    del reading
    build_index(built, Material(material.corpus, material.entries[:2], material.captures), encoder, calibrate)  # type: ignore[arg-type]
    assert len(list((built / "generations").iterdir())) == 2


def test_what_was_found_sound_is_not_read_again(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.store.SETTLED", 0)
    open_index(built)
    monkeypatch.setattr("index.store.stamp", None)
    open_index(built)


def test_what_changed_just_before_is_read_again(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.store.SETTLED", 3600 * 10**9)  # another change might leave no trace
    open_index(built)
    monkeypatch.setattr("index.store.stamp", lambda path: None)
    with pytest.raises(IndexUnusable, match="damaged"):
        open_index(built)


def test_a_change_is_seen_though_its_time_was_set_back(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.store.SETTLED", 0)
    open_index(built)
    path = built / "generations" / str(current_generation(built)) / "views.jsonl"
    found, whole = path.stat(), path.read_bytes()
    path.write_bytes(bytes([whole[0] ^ 1]) + whole[1:])
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))
    with pytest.raises(IndexUnusable, match=r"views\.jsonl"):
        open_index(built)


def test_a_damaged_note_of_what_is_sound_is_no_matter(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.store.SETTLED", 0)
    open_index(built)
    note = built / "generations" / str(current_generation(built)) / ".checked"
    for damaged in (b"\xff\xfe", b"{", b"[]", b""):
        note.write_bytes(damaged)
        open_index(built)


def test_many_ask_one_index_at_once(built: Path) -> None:
    index = open_index(built)
    asked = [
        f"{words} {number}" for number in range(8) for words in ("fine for a late book", "print in colour", "coffee")
    ]
    alone = [answer(question, index) for question in asked]
    with ThreadPoolExecutor(16) as pool:
        for _ in range(3):
            assert list(pool.map(lambda question: answer(question, index), asked)) == alone
