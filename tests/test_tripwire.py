"""The watch over the whole run, which must see what it is there for and nothing else; and in processes too."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections import OrderedDict
from collections.abc import Callable
from multiprocessing import get_context

import pytest

Noticed = Callable[[], list[str]]


@pytest.mark.parametrize(
    ("event", "args", "seen"),
    [
        ("socket.connect", (None, ("192.0.2.1", 80)), True),
        ("socket.connect", (None, ("2001:db8::1", 80, 0, 0)), True),
        ("socket.getaddrinfo", ("example.org", 80, 0, 0, 0), True),
        ("socket.getaddrinfo", (b"example.org", 80, 0, 0, 0), True),
        ("socket.sendto", (None, ("192.0.2.1", 53)), True),
        ("socket.connect", (None, ("127.0.0.1", 80)), False),
        ("socket.connect", (None, "/run/socket"), False),
        ("socket.getaddrinfo", ("localhost", 80, 0, 0, 0), False),
        ("socket.getaddrinfo", (None, 80, 0, 0, 0), False),
    ],
)
def test_what_leaves_this_machine_is_seen(event: str, args: tuple[object, ...], seen: bool, noticed: Noticed) -> None:
    sys.audit(event, *args)
    assert len(noticed()) == seen


LOADS = {
    "pickle": "pickle.loads(RAW)",
    "pickle in Python": "pickle._loads(RAW)",
    "joblib": "import joblib, io; joblib.load(io.BytesIO(RAW))",
    "numpy": "import io, numpy as np; f = io.BytesIO(); np.save(f, np.array([OrderedDict()], object)); f.seek(0); "
    "np.load(f, allow_pickle=True)",
}
CODE = "import pickle; from collections import OrderedDict; RAW = pickle.dumps(OrderedDict(a=1)); "


@pytest.mark.parametrize("load", LOADS.values(), ids=LOADS)
def test_what_a_process_unpickles_is_seen(load: str, noticed: Noticed) -> None:
    subprocess.run([sys.executable, "-c", CODE + load], check=True)
    assert any("collections.OrderedDict" in line for line in noticed())


def test_what_a_process_reaches_is_seen(noticed: Noticed) -> None:
    code = "import sys; sys.audit('socket.connect', None, ('192.0.2.1', 80))"
    subprocess.run([sys.executable, "-c", code], check=True)
    assert noticed() == ["reached socket.connect '192.0.2.1'"]


def test_what_is_unpickled_here_is_seen(noticed: Noticed) -> None:
    pickle.loads(pickle.dumps(OrderedDict()))  # noqa: S301
    [line] = noticed()
    assert line.startswith("unpickled collections.OrderedDict in tests")


def test_data_without_names_and_a_programs_own_processes_are_no_matter(noticed: Noticed) -> None:
    assert pickle.loads(pickle.dumps({"a": [1, 2.5, "b"]})) == {"a": [1, 2.5, "b"]}  # noqa: S301
    with get_context("spawn").Pool(1) as pool:
        assert pool.apply(OrderedDict, ([("a", 1)],)) == {"a": 1}
    assert noticed() == []


def test_the_watch_goes_along_with_whatever_is_started() -> None:
    assert os.environ["PYTHONPATH"].split(os.pathsep)[0].endswith("tests/watch")
