"""What is installed is what is locked, and nothing of it or of the data is run or asked for beyond that."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT
from tests.lock import CONSTRAINTS, CPU_BUILD, FOLDER, OLDEST, SETS, TORCH, constraints, parse, read_lock, wanted
from tests.promises import Shown

# What is installed


def test_the_lock_is_of_what_is_asked_for(shown: Shown) -> None:
    pins = [pin for name in SETS for pin in read_lock(name)]
    assert len(pins) == len({pin.name for pin in pins}), "a package is in two sets"
    assert all(pin.hashes for pin in pins)
    locked: dict[str, str] = {}
    asked = 0
    for name in SETS:
        own = read_lock(name) + (read_lock("torch") if name == "app" else [])  # the two are installed together
        locked |= {pin.name: str(pin.requirement.specifier).removeprefix("==") for pin in own}
        for requirement in wanted(name):
            assert requirement.specifier.contains(locked[canonicalize_name(requirement.name)]), str(requirement)
            asked += 1
    assert TORCH in [pin.requirement for pin in pins]
    assert [(str(pin.requirement), *pin.hashes) for pin in read_lock("torch-cpu")] == [CPU_BUILD]
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"] == f">={OLDEST}"
    shown(
        "All that make installs is pinned, in versions that pyproject.toml allows",
        "a package without a hash, or not asked for so",
        len(pins),
        f"all {asked} that are asked for are in the lock, every package with its hashes",
    )


def test_the_constraints_are_the_versions_of_the_lock() -> None:
    assert CONSTRAINTS.read_text("utf-8") == constraints()


def test_what_is_installed_here_is_locked_with_all_that_it_wants() -> None:
    locked = {pin.name: pin.requirement for name in SETS for pin in read_lock(name)}
    for name, requirement in locked.items():
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:  # for another machine or another target
            continue
        assert requirement.specifier.contains(distribution.version), f"{name} {distribution.version} is installed"
        for line in distribution.requires or ():
            want = Requirement(line)
            if want.marker is None or want.marker.evaluate({"extra": ""}):
                assert canonicalize_name(want.name) in locked.keys() | {"pip"}, f"{name} wants {want}"


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://example.org/simple",
        "https://example.org/a.whl --hash=sha256:" + "0" * 64,
        "a @ file:///a.whl --hash=sha256:" + "0" * 64,
        "a>=1 --hash=sha256:" + "0" * 64,
        "a==1 --hash=md5:" + "0" * 32,
    ],
)
def test_a_lock_names_no_place_and_no_range(line: str) -> None:
    with pytest.raises(ValueError, match="no pinned package"):
        parse(line)


def test_targets_install_nothing_but_the_lock() -> None:
    told = subprocess.run(
        ["make", "--dry-run", "--always-make", "app", "test", "lint", "audit", "lock", "fuzz"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    commands = set(re.findall(r"pip install .*?(?=$| 2>| \|\|)", told, re.MULTILINE))
    assert len(commands) == 8
    files = {name: f"locks/{name}.txt" for name in (*SETS, "torch-cpu")}
    locked = [command for command in commands if command.endswith(tuple(files.values()))]
    assert all("--require-hashes" in command and "--no-deps" in command for command in locked)
    [own] = [command for command in commands if command not in locked]
    assert own.endswith("--no-deps --no-build-isolation --editable .")
    assert {path.name for path in FOLDER.iterdir()} == {Path(file).name for file in files.values()}


def test_a_package_that_is_not_the_locked_one_is_not_installed(tmp_path: Path, shown: Shown) -> None:
    wheel = make_wheel(tmp_path)
    lock = tmp_path / "lock.txt"
    lock.write_text(f"sample==1 --hash=sha256:{sha256(wheel.read_bytes()).hexdigest()}\n")
    options = make_options()
    command = [sys.executable, "-m", "pip", *options, str(lock), "--no-index", "--find-links", str(tmp_path)]
    command += ["--target", str(tmp_path / "installed")]
    content = bytearray(wheel.read_bytes())
    content[0] ^= 1
    wheel.write_bytes(content)
    refused = subprocess.run(command, capture_output=True, text=True, check=False)
    assert refused.returncode != 0
    assert "DO NOT MATCH THE HASHES" in refused.stderr
    assert not (tmp_path / "installed").exists()
    content[0] ^= 1
    wheel.write_bytes(content)
    subprocess.run(command, capture_output=True, check=True)
    assert (tmp_path / "installed" / "sample.py").exists()
    shown("A package is installed as it was locked", "one bit of its file changed", 1, "refused")


def make_wheel(folder: Path) -> Path:
    """The smallest package there is."""
    path = folder / "sample-1-py3-none-any.whl"
    about = "sample-1.dist-info"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr("sample.py", "")
        wheel.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\nName: sample\nVersion: 1\n")
        wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{about}/RECORD", "")
    return path


def make_options() -> list[str]:
    """How the Makefile calls pip for a file of the lock, up to that file."""
    [line] = re.findall(r"^LOCKED := \$\(PIP\) (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    return str(line).split()


# What no module may do

LOADERS = {"pickle", "_pickle", "cPickle", "cloudpickle", "dill", "joblib", "marshal", "shelve", "yaml"}
RUNNERS = {"eval", "exec", "compile", "__import__"}
CALLS = {"torch.load", "os.system", "os.popen", "pd.read_pickle", "pandas.read_pickle", "torch.hub.load"}
SWITCHES = {"allow_pickle", "trust_remote_code", "shell"}


def find_unsafe(source: str) -> Iterator[str]:
    """What in a module could run data as code, as 'line: what'."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            found = [name for name in names if name.partition(".")[0] in LOADERS]
        elif isinstance(node, ast.Call):
            found = [f"{each.arg}=..." for each in node.keywords if each.arg in SWITCHES and not is_false(each.value)]
            called = ast.unparse(node.func)
            found += [called] if called in RUNNERS | CALLS else []
        else:
            continue
        yield from (f"{node.lineno}: {each}" for each in found)


def is_false(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is False


@pytest.mark.parametrize(
    ("source", "unsafe"),
    [
        ("import pickle", True),
        ("from joblib import load", True),
        ("import yaml", True),
        ("torch.load(path)", True),
        ("eval('1')", True),
        ("model.eval()", False),
        ("re.compile('a')", False),
        ("np.load(path, allow_pickle=True)", True),
        ("np.load(path, allow_pickle=False)", False),
        ("np.load(path, allow_pickle=chosen)", True),
        ("SentenceTransformer(name, trust_remote_code=True)", True),
        ("subprocess.run('ls', shell=True)", True),
        ("'import pickle'  # eval(1)", False),
    ],
)
def test_what_is_unsafe_is_found(source: str, unsafe: bool) -> None:
    assert bool(list(find_unsafe(source))) == unsafe


def test_no_module_can_run_data_as_code(shown: Shown) -> None:
    modules = sorted(path for package in ("ingest", "index", "assistant") for path in (ROOT / package).rglob("*.py"))
    found = [f"{path.relative_to(ROOT)}:{each}" for path in modules for each in find_unsafe(path.read_text("utf-8"))]
    assert modules
    assert found == []
    shown(
        "No module can run data as code",
        "a module that loads pickles, evaluates or calls a shell",
        len(modules),
        "none",
    )
