"""Damage of every kind to every file of an index is noticed before it answers, and the index before it answers."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter

import msgspec
import pytest

from assistant.refusal import calibrate
from index import reader
from index.build import build_index
from index.errors import IndexUnusable
from index.material import Material
from index.reader import open_index
from index.store import (
    CHECKED,
    MANIFEST,
    SUM,
    current_generation,
    find_damage,
    open_generation,
    read_pointer,
    stamp,
    sum_of,
)
from index.verify import verify
from tests.conftest import LIBRARY, HashedWords, material_of
from tests.promises import Shown

TRUNCATIONS, FLIPS, PAGE, OPENS = 20, 200, 4096, 1000
LONGEST = 0.5  # seconds for 100 MB
FEW = 10  # bits that are flipped, and places where a file ends, where not all are tried


@pytest.fixture(autouse=True)
def _test_encoder_can_be_opened(monkeypatch: pytest.MonkeyPatch, encoder: object) -> None:
    monkeypatch.setattr(reader, "load_encoder", lambda *given: encoder)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two generations, the earlier of two entries."""
    home, whole = tmp_path_factory.mktemp("two"), material_of(LIBRARY)
    for material in (Material(whole.corpus, whole.entries[:2], whole.captures), whole):
        build_index(home, material, HashedWords(), calibrate)
    return home


@pytest.fixture
def home(two: Path) -> Iterator[Path]:
    """The same, to damage: what a test changes is put back."""
    yield two
    assert open_generation(two).warning == ""


def folder_of(home: Path, pointer: str = "current") -> Path:
    return home / "generations" / str(read_pointer(home / pointer))


def files_of(home: Path) -> list[str]:
    found = sorted(path for path in folder_of(home).rglob("*") if path.is_file() and path.name != CHECKED)
    return [path.relative_to(folder_of(home)).as_posix() for path in found]


def damages(whole: bytes, other: bytes | None, truncations: int, flips: int) -> Iterator[bytes | None]:
    """The contents that a file comes to have; None: it is deleted."""
    chance = random.Random(len(whole))  # noqa: S311
    yield None
    yield b""
    yield whole + b"\0"
    yield whole + whole
    if other is not None:
        yield other
    for part in range(truncations):
        yield whole[: len(whole) * part // truncations]
    start = chance.randrange(max(1, len(whole) - PAGE))
    yield whole[:start] + bytes(min(PAGE, len(whole) - start)) + whole[start + PAGE :]
    for _ in range(flips):
        changed = bytearray(whole)
        changed[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        yield bytes(changed)


def test_damage_to_any_file_is_noticed_and_named(home: Path) -> None:
    assert damage_all(home, FEW, FEW) > FEW * len(files_of(home))


@pytest.mark.soak
def test_all_damage_to_any_file_is_noticed_and_named(home: Path, shown: Shown) -> None:
    cases = damage_all(home, TRUNCATIONS, FLIPS)
    fault = (
        f"each of {len(files_of(home))} files: {TRUNCATIONS} truncations, {FLIPS} flipped bits, a zeroed page, more, "
        "twice, empty, deleted, another index's"
    )
    result = "all noticed and named before an answer; the index before answers with a warning"
    shown("a damaged index answers nothing", fault, cases, result)


def damage_all(home: Path, truncations: int, flips: int) -> int:
    """Damage each file in every way, one at a time; return how many there were."""
    earlier, cases = str(read_pointer(home / "previous")), 0
    for name in files_of(home):
        path, twin = folder_of(home) / name, folder_of(home, "previous") / name
        whole = path.read_bytes()
        for content in damages(whole, twin.read_bytes() if twin.exists() else None, truncations, flips):
            if content == whole:
                continue
            path.unlink() if content is None else path.write_bytes(content)
            standing = open_generation(home)
            assert standing.name == earlier, (name, content)
            assert f"damaged ({name}" in standing.warning or (name == SUM and SUM in standing.warning)
            cases += 1
        path.write_bytes(whole)
        assert open_generation(home).warning == ""
    return cases


def test_the_index_before_answers_and_says_why(home: Path) -> None:
    path = folder_of(home) / "vectors.faiss"
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    index = open_index(home)
    assert len(index.entries) == 2
    assert index.warning.endswith("(vectors.faiss); the index before it answers until you run `citewell build`")
    assert [bool(each.problem) for each in verify(home)] == [True, False]
    path.write_bytes(whole)
    assert open_index(home).warning == ""
    assert [each.problem for each in verify(home)] == ["", ""]


@pytest.mark.parametrize("pointer", ["", "\n", "0" * 16, "../../etc", "\xff", None])
def test_a_damaged_pointer_is_noticed(home: Path, pointer: str | None) -> None:
    path, whole = home / "current", (home / "current").read_bytes()
    path.unlink() if pointer is None else path.write_bytes(pointer.encode("latin-1"))
    assert open_generation(home).name == read_pointer(home / "previous")
    assert open_generation(home).warning
    path.write_bytes(whole)


def test_the_manifest_of_another_generation_is_noticed(home: Path) -> None:
    kept = {name: (folder_of(home) / name).read_bytes() for name in (MANIFEST, SUM)}
    for name in kept:
        shutil.copy(folder_of(home, "previous") / name, folder_of(home) / name)
    assert "(manifest.json)" in open_generation(home).warning
    for name, whole in kept.items():
        (folder_of(home) / name).write_bytes(whole)


def test_an_edited_manifest_is_noticed_though_its_checksum_is_made_anew(home: Path) -> None:
    """Not what chance does; but what the files are, the manifest must say rightly."""
    kept = {name: (folder_of(home) / name).read_bytes() for name in (MANIFEST, SUM)}
    manifest = msgspec.json.decode(kept[MANIFEST])
    stamps = manifest["files"] | {"vectors.faiss": manifest["files"]["views.jsonl"]}
    for edited in ({"files": stamps}, {"content": "0" * 64}, {"schema": 4}, {"schema": "5"}, {"entries": "many"}):
        written = msgspec.json.encode(manifest | edited)
        (folder_of(home) / MANIFEST).write_bytes(written)
        (folder_of(home) / SUM).write_bytes(sum_of(written))
        assert open_generation(home).name == read_pointer(home / "previous"), edited
    for name, whole in kept.items():
        (folder_of(home) / name).write_bytes(whole)


def test_both_damaged_is_said_of_the_current_one(home: Path) -> None:
    paths = [
        folder_of(home, pointer) / name for pointer, name in (("current", "views.jsonl"), ("previous", "rows.npy"))
    ]
    kept = [path.read_bytes() for path in paths]
    for path in paths:
        path.write_bytes(b"?")
    with pytest.raises(IndexUnusable, match=r"damaged \(views\.jsonl\); run `citewell build`"):
        open_generation(home)
    for path, whole in zip(paths, kept, strict=True):
        path.write_bytes(whole)


def test_sound_files_raise_no_alarm(home: Path, shown: Shown) -> None:
    name = current_generation(home)
    for _ in range(OPENS):
        standing = open_generation(home)
        assert (standing.name, standing.warning) == (name, "")
    shown("a sound index raises no alarm", "none: the index is opened again and again", OPENS, "0 warnings")


@pytest.mark.soak
def test_how_long_reading_all_again_takes(tmp_path: Path, shown: Shown) -> None:
    block, stamps = random.Random(0).randbytes(1_000_000), {}  # noqa: S311
    for name in ("a", "b", "c"):
        with (tmp_path / name).open("wb") as file:
            file.writelines([block] * 100)
        stamps[name] = stamp(tmp_path / name)
    began = perf_counter()
    assert find_damage(tmp_path, stamps, anew=True) is None
    took = perf_counter() - began
    began = perf_counter()
    assert find_damage(tmp_path, stamps) is None
    again = perf_counter() - began
    assert took / 3 <= LONGEST
    result = f"{took / 3:.2f} s for 100 MB, and {again * 1000:.1f} ms in all when nothing has changed since"
    shown("reading all files again is quick", "none: three files of 100 MB are checked", len(stamps), result)


def test_after_a_crash_of_the_machine_every_file_is_read_again(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk may have lost what it said it had, and the file system shows no change."""
    monkeypatch.setattr("index.store.SETTLED", 0)
    open_generation(home)
    read: list[Path] = []
    real = open_generation.__globals__["stamp"]
    monkeypatch.setattr("index.store.stamp", lambda path: read.append(path) or real(path))
    open_generation(home)
    assert read == []
    monkeypatch.setattr("index.store._start", lambda: "another start of the machine")
    open_generation(home)
    assert len(read) == len(files_of(home)) - 2


@pytest.mark.parametrize("name", ["entries.jsonl", MANIFEST, SUM])
@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero"), Path.mkdir])
def test_what_is_no_file_is_damage_and_is_not_waited_for(home: Path, name: str, make: Callable[[Path], object]) -> None:
    path = folder_of(home) / name
    aside = path.rename(path.with_name("aside"))
    make(path)
    assert name in open_generation(home).warning
    assert name in verify(home)[0].problem
    path.rmdir() if path.is_dir() else path.unlink()
    aside.rename(path)


def test_an_odd_note_of_what_is_sound_is_no_matter(home: Path) -> None:
    for odd in (b"[" * 100_000, b"\xff", b'{"start": 1}'):
        (folder_of(home) / CHECKED).write_bytes(odd)
        assert open_generation(home).warning == ""
