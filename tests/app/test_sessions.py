"""Readers never see each other's questions, and however many come and ask, the app's memory stays where it is."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.app.client import visit, wait_until_all_left
from tests.app.conftest import ROOT, Running, start
from tests.promises import Shown

pytestmark = pytest.mark.model

GROWTH = 30  # MB of resident memory
WARM_UP = 50  # sessions or questions until every part of the app has been used
SETTLED = 1000  # questions, in a few sessions at once, until what is allocated and freed has found its places
READERS = 4  # at once: more do not make the app faster


@pytest.fixture(scope="module")
def running(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """An app of its own: what other tests ask is not in its memory."""
    with start(ROOT / "assistant/app_server.py", home, tmp_path_factory.mktemp("sessions") / "log.txt") as app:
        yield app


def questions(word: str, count: int) -> list[str]:
    """Distinct questions, each with a word that no page and no other question has."""
    return [f"Can a council give a grant to {word}{number} without a tender?" for number in range(count)]


def asked_one_by_one(address: str, asked: Iterable[str]) -> list[str]:
    with visit(address) as reader:
        return [reader.ask(question) for question in asked]


MINE, YOURS = "zanzifoo", "quibblex"


def test_sessions_never_see_each_others_questions_in_turn(running: Running) -> None:
    with visit(running.address) as me, visit(running.address) as you:
        for mine, yours in zip(questions(MINE, 20), questions(YOURS, 20), strict=True):
            check_apart(me.ask(mine), you.ask(yours))
        check_apart(me.open(), you.open(), asked=False)


def test_sessions_never_see_each_others_questions_at_once(running: Running) -> None:
    with ThreadPoolExecutor(2) as pool:
        mine = pool.submit(asked_one_by_one, running.address, questions(MINE, 40))
        yours = pool.submit(asked_one_by_one, running.address, questions(YOURS, 40))
        for one, other in zip(mine.result(), yours.result(), strict=True):
            check_apart(one, other)
    with visit(running.address) as third:
        for text in (third.open(), third.ask("What is a social value?")):
            assert MINE not in text
            assert YOURS not in text


def check_apart(mine: str, yours: str, *, asked: bool = True) -> None:
    assert (MINE in mine) == (YOURS in yours) == asked
    assert YOURS not in mine
    assert MINE not in yours


def test_200_sessions_leave_no_memory_behind(running: Running, shown: Shown) -> None:
    come_and_go(running, questions("early", WARM_UP))
    before = resident(running.pid)
    come_and_go(running, questions("later", 200))
    tell(shown, "200 sessions that come and go", 200, resident(running.pid) - before)


def tell(shown: Shown, fault: str, cases: int, grown: float) -> None:
    assert grown <= GROWTH
    shown("people who come, ask and go leave no memory behind", fault, cases, f"{grown:+.1f} MB")


def come_and_go(running: Running, asked: Iterable[str]) -> None:
    """Open a session for each question, ask it, and close; until the app knows that all are gone."""
    for question in asked:
        asked_one_by_one(running.address, [question])
    wait_until_all_left(running.address)


@pytest.mark.soak
def test_5000_questions_leave_no_memory_behind(running: Running, shown: Shown) -> None:
    ask_all(running, questions("first", SETTLED))
    before = resident(running.pid)
    ask_all(running, questions("then", 5000))
    tell(shown, "5,000 questions to the app", 5000, resident(running.pid) - before)


def ask_all(running: Running, asked: list[str]) -> None:
    """Ask the questions in a few sessions at once."""
    with ThreadPoolExecutor(READERS) as pool:
        list(pool.map(asked_one_by_one, [running.address] * READERS, (asked[at::READERS] for at in range(READERS))))


LIBRARY = """
import sys
from pathlib import Path
from assistant.answer import answer
from index.reader import open_index
from tests.app.test_sessions import WARM_UP, questions, resident

index = open_index(Path(sys.argv[1]))
for question in questions("first", WARM_UP):
    answer(question, index)
before = resident()
for question in questions("then", 5000):
    answer(question, index)
print(resident() - before)
"""


@pytest.mark.soak
def test_5000_questions_to_the_library_leave_no_memory_behind(home: Path, shown: Shown) -> None:
    resident()  # where it can not be read, the reason is told here
    measured = subprocess.run(
        [sys.executable, "-c", LIBRARY, str(home)], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    tell(shown, "5,000 questions to the library", 5000, float(measured.stdout))


def resident(pid: int | str = "self") -> float:
    """The resident memory of a process in MB."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        pytest.skip(f"resident memory can not be read: there is no {status}")
    row = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS:"))
    return int(row.split()[1]) / 1000
