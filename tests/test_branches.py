"""Every branch of the code that publishes, guards, renders and refuses is tested: what `make coverage` says."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.mutation import PARTS
from tests.promises import Shown

TOOLS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]


def test_what_must_be_covered_is_what_is_mutated_and_counted() -> None:
    assert TOOLS["coverage"]["run"]["include"] == TOOLS["mutmut"]["only_mutate"]
    counted = sorted(f"{module.replace('.', '/')}.py" for modules in PARTS.values() for module in modules)
    assert counted == TOOLS["mutmut"]["only_mutate"]


@pytest.mark.soak
def test_every_branch_is_tested(tmp_path: Path, shown: Shown) -> None:
    environment = os.environ | {"COVERAGE_FILE": str(tmp_path / "coverage")}

    def coverage(*arguments: str) -> str:
        command = [sys.executable, "-m", "coverage", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    coverage("run", "-m", "pytest", "-q", "@tests/critical.txt")
    report = coverage("report")
    total = report.strip().splitlines()[-1].split()
    assert total[0] == "TOTAL"
    statements, missed, branches, partial, share = total[1:]
    assert (missed, partial, share) == ("0", "0", "100%"), report
    shown(
        "Every branch of what publishes, guards, renders and refuses is tested",
        "a statement or branch that no test runs",
        int(statements) + int(branches),
        f"{share} of {statements} statements and {branches} branches",
    )
