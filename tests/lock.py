"""The lock: every package that a make target installs, one version of each, its files by their SHA-256.

`make lock` writes the files of `locks/` from pyproject.toml. It keeps the versions that are there unless told
`UV=--upgrade`, or `UV="--upgrade-package NAME"`. That needs a network; the check in `tests/test_supply.py` does not.
Each set is what is wanted beside the sets above it, so that no package is named twice:

    build    what builds the project, and what comes as source
    app      what it runs on
    torch    PyPI's torch, and what that for Linux wants beside
    test     what its tests run on
    upkeep   what writes this lock, and looks for known faults in it

The same versions, without hashes, are in constraints.txt.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "locks"
CONSTRAINTS = ROOT / "constraints.txt"
SETS = ("build", "app", "torch", "test", "upkeep")
OLDEST = "3.11"  # Python; what `requires-python` says
TORCH = Requirement("torch==2.13.0")
WITH_TORCH = ("torch", "cuda-", "nvidia-", "triton")  # how the names of that set begin
# PyTorch's own build without CUDA, for CPython 3.11 on x86-64 Linux: gigabytes less. PyPI has not got it; where pip has
# been told of a place that does, it is installed instead of the set `torch`. Another version of torch: another hash.
CPU_BUILD = "torch==2.13.0+cpu", "6746dbcbeb526eb61330b76b41ff1b4eb848951103a892eeb080dfa2b264667b"
HEAD = "# Written by `make lock`: see tests/lock.py.\n"
BROUGHT = "pip"  # by every virtual environment
PIN = re.compile(r"(?P<requirement>[\w.-]+==[\w.!+]+(?: ; [^#@\\]+?)?)(?P<hashes>(?: +--hash=sha256:[0-9a-f]{64})*)")


class Pin(NamedTuple):
    """One package of the lock: ``name==version``, perhaps with a marker, and the SHA-256 of each file it may be."""

    requirement: Requirement
    hashes: tuple[str, ...]

    @property
    def name(self) -> str:
        """Its normalised name."""
        return canonicalize_name(self.requirement.name)


def read_lock(name: str) -> list[Pin]:
    """The pins of the set called ``name``. ValueError at a line that is none: an option, an address, a range."""
    return parse((FOLDER / f"{name}.txt").read_text("utf-8"))


def parse(text: str) -> list[Pin]:
    """The pins of a requirements file. ValueError at a line that is none."""
    pins = []
    for line in re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).replace(" \\\n", "").splitlines():
        found = PIN.fullmatch(line)
        if not found:
            raise ValueError(f"no pinned package: {line[:80]}")
        pins.append(Pin(Requirement(found["requirement"]), tuple(re.findall(r"sha256:(\w+)", found["hashes"]))))
    return pins


def wanted(name: str) -> list[Requirement]:
    """What pyproject.toml asks for in the set called ``name``."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    lists = project["project"]["optional-dependencies"] | {
        "build": project["build-system"]["requires"],
        "app": project["project"]["dependencies"],
    }
    return [Requirement(line) for line in lists.get(name, ())]


def main(options: Sequence[str]) -> None:
    """Write the lock anew; ``options`` go to uv."""
    known = [pin for name in SETS if (FOLDER / f"{name}.txt").exists() for pin in read_lock(name)]
    pins = _resolve([TORCH, *(each for name in SETS for each in wanted(name))], known, options)
    left = {pin.name: pin for pin in pins if pin.name != BROUGHT}
    FOLDER.mkdir(exist_ok=True)
    asked: list[Requirement] = []
    for name in SETS:
        asked += wanted(name)
        closure = {pin.name for pin in _resolve(asked, pins)} if asked else set()
        chosen = {each for each in left if each in closure and (name == "torch") == each.startswith(WITH_TORCH)}
        _write(name, [left.pop(each) for each in sorted(chosen)])
    _write("torch-cpu", [Pin(Requirement(CPU_BUILD[0]), (CPU_BUILD[1],))])
    CONSTRAINTS.write_text(constraints(), "utf-8")


def constraints() -> str:
    """The versions of the lock, for `pip install --constraint` into an environment of one's own."""
    pins = sorted((pin for name in SETS for pin in read_lock(name)), key=lambda pin: pin.name)
    return HEAD + "".join(f"{pin.requirement}\n" for pin in pins)


def _resolve(asked: Iterable[Requirement], known: Iterable[Pin], options: Sequence[str] = ()) -> list[Pin]:
    """What ``asked`` comes to on every machine, in the versions ``known`` where nothing speaks against them."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "lock.txt"
        file.write_text("\n".join(str(pin.requirement) for pin in known))
        command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--generate-hashes"]
        command += ["--no-header", "--no-annotate", "--python-version", f"{OLDEST}.0", "-o", str(file), *options, "-"]
        subprocess.run(command, input="\n".join(map(str, asked)), text=True, check=True)
        return parse(file.read_text("utf-8"))


def _write(name: str, pins: Iterable[Pin]) -> None:
    blocks = [
        " \\\n".join([str(pin.requirement).replace("; ", " ; "), *(f"    --hash=sha256:{each}" for each in pin.hashes)])
        for pin in pins
    ]
    (FOLDER / f"{name}.txt").write_text(HEAD + "\n".join(blocks) + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
