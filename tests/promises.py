"""What tests have shown of the promises of the software: the rows of docs/reliability.md.

A test that takes the fixture `shown` tells it what it has shown. `pytest -m promise --table docs/reliability.md` runs
all of these, those marked `soak` too, and writes their rows; rows of tests that did not run stay as they were.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

START, END = "<!-- rows: written by `make soak` -->", "<!-- end of rows -->"
HEAD = "| Promise | Fault | Cases | Result | Command |\n| --- | --- | ---: | --- | --- |"
Shown = Callable[[str, str, int, str], None]  # the type of the fixture `shown`
_ROWS = pytest.StashKey[list[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--table", type=Path, help="file whose table of promises is written anew from what is shown")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_ROWS] = []


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "shown" in getattr(item, "fixturenames", ()):
            item.add_marker("promise")


@pytest.fixture
def shown(request: pytest.FixtureRequest) -> Shown:
    """Tell what a test has shown when its last check has passed: the promise, the fault, cases tried, the result."""

    def tell(promise: str, fault: str, cases: int, result: str) -> None:
        cells = promise[:1].upper() + promise[1:], fault, f"{cases:,}", result, f"`{command_of(request.node)}`"
        request.config.stash[_ROWS].append(f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |")

    return tell


def command_of(test: pytest.Item) -> str:
    """What runs a test alone."""
    return f"pytest {test.nodeid}{' -m soak' if test.get_closest_marker('soak') else ''}"


def write_table(session: pytest.Session) -> None:
    """Write the rows told of to the file of `--table`, where one is given."""
    path: Path | None = session.config.getoption("table")
    if path:
        ran = {f"`{command_of(test)}` |" for test in session.items}
        path.write_text(with_rows(path.read_text("utf-8"), ran, session.config.stash[_ROWS]), "utf-8")


def with_rows(page: str, ran: set[str], told: list[str]) -> str:
    """The page with the rows told of, by their commands, in the place of what the tests that ``ran`` told before.

    One that failed or was skipped has told nothing: its row goes.
    """
    before, rest = page.split(START)
    kept, after = rest.split(END)
    older = kept.strip().removeprefix(HEAD).strip().splitlines()
    rows = sorted([*(row for row in older if _command(row) not in ran), *told], key=_command)
    lines = START, HEAD, *rows, END
    return before + "\n".join(lines) + after


def _command(row: str) -> str:
    return row.split(" | ")[-1]
