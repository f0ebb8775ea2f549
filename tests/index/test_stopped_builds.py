"""A build that is stopped anywhere leaves the old index or the new one: every fault, at operations on files."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.promises import Shown

SCENARIOS = ("an index is replaced", "the first index")
FAULTS = {
    "kill": "the build is killed",
    "EIO": "the operation fails with EIO",
    "ENOSPC": "the operation fails with ENOSPC",
    "power": "the power fails: what was not synced is lost, torn, zeros, or as chance has it",
    "recovery killed": "the build after a killed one is killed, too",
}


def stop(every: int, chances: int) -> dict[str, Any]:
    """What answered after builds that were stopped at every n-th operation: see `tests/index/crash.py`."""
    command = [sys.executable, "-m", "tests.index.crash", "--every", str(every), "--chances", str(chances)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    told: dict[str, Any] = json.loads(done.stdout)
    for scenario in SCENARIOS:
        became = told[scenario]
        for fault in FAULTS:
            assert set(became[fault]) <= {"old", "new"}, became[fault]
            assert sum(became[fault].values()) >= became["operations"] // every
        assert set(became["mended"]) == {"new"}  # by the next build
        assert set(became["after the end"]) == {"new"}  # what was said to be done is not lost with the power
    return told


def test_a_build_that_is_stopped_leaves_the_old_index_or_the_new_one() -> None:
    stop(every=71, chances=1)  # a prime: the operations that are hit are of all kinds


@pytest.mark.soak
def test_a_build_that_is_stopped_anywhere_leaves_the_old_index_or_the_new_one(
    shown: Shown,
) -> None:
    told = stop(every=1, chances=3)
    for scenario in SCENARIOS:
        became = told[scenario]
        assert all(set(became[fault]) == {"old", "new"} for fault in FAULTS)  # or the faults came all too early
        place = f"{scenario}, at each of {became['operations']} operations on files"
        for fault, words in FAULTS.items():
            counts = became[fault]
            result = f"the old index answers {counts['old']:,} times, the new one {counts['new']:,}, a mix never"
            shown("a build that is stopped changes all or nothing", f"{place}: {words}", sum(counts.values()), result)
        mended = sum(became["mended"].values())
        shown("the next build mends what a stopped one left", place, mended, "the new index answers every time")
