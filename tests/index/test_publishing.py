"""A build that is stopped anywhere leaves the old index or the new one: every fault at some operations on files.

`make soak` stops it at each of them: see `tests/index/crash.py`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.conftest import ROOT

EVERY = 41  # a prime: the operations that are hit are of all kinds


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.index.crash", "--every", str(EVERY), "--chances", "2"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


@pytest.mark.parametrize("scenario", ["an index is replaced", "the first index"])
@pytest.mark.parametrize("fault", ["kill", "EIO", "ENOSPC", "power", "recovery killed"])
def test_the_old_index_answers_or_the_new_one(told: dict[str, Any], scenario: str, fault: str) -> None:
    became = told[scenario][fault]
    assert set(became) == {"old", "new"}, became
    assert sum(became.values()) >= told[scenario]["operations"] // EVERY


@pytest.mark.parametrize("scenario", ["an index is replaced", "the first index"])
def test_the_next_build_mends_it(told: dict[str, Any], scenario: str) -> None:
    assert set(told[scenario]["mended"]) == {"new"}
    assert set(told[scenario]["after the end"]) == {"new"}  # what was said to be done is not lost with the power
