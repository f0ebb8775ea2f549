"""More readers than the app has room for: those inside are answered as ever, the others are told when to come again."""

from __future__ import annotations

import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from itertools import cycle, islice
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from assistant.app_crowd import RETRY_AFTER, SESSIONS
from tests.app.client import answer_in, visit, wait_until_all_left
from tests.app.conftest import ROOT, Running, settled, start
from tests.app.test_access import check
from tests.app.test_sessions import GROWTH, resident
from tests.promises import Shown

CLIENTS = 100
PATIENCE = 120  # seconds that anything of a crowd may take
QUESTIONS = [
    "Do grants have to follow the same rules as contracts?",
    "Who shares the risk?",
    "How is social value measured?",
    "Where is the best pizza in Rome?",
]
RIGHT, TURNED_AWAY = "answered rightly", f"503, to come again after {RETRY_AFTER} s"


@pytest.fixture(scope="module")
def running(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """An app of its own: no other test's readers are in it."""
    with start(ROOT / "assistant/app_server.py", home, tmp_path_factory.mktemp("load") / "log.txt") as app:
        yield app


def crowd(address: str, expected: dict[str, str]) -> Counter[str]:
    """Come with `CLIENTS` at once, ask as many as are let in at once, leave; return what became of them."""
    tried, ask = threading.Barrier(CLIENTS + 1, timeout=PATIENCE), threading.Event()

    def come(number: int) -> str:
        question, own = QUESTIONS[number % len(QUESTIONS)], {"X-Forwarded-For": f"192.0.2.{number}"}
        try:
            read(f"{address}/?q=why", {"Sec-Fetch-Dest": "document", **own})
        except urllib.error.HTTPError as refused:
            tried.wait()
            return f"{refused.code}, to come again after {refused.headers['Retry-After']} s"
        with visit(address, additional_headers=own) as reader:
            tried.wait()
            ask.wait(PATIENCE)
            return RIGHT if answer_in(reader.ask(question)) == expected[question] else "answered wrongly"

    with ThreadPoolExecutor(CLIENTS) as pool:
        became = pool.map(come, range(CLIENTS))
        tried.wait()
        check_full(address)
        ask.set()
        return Counter(became)


def check_full(address: str) -> None:
    """A new reader gets the page that says so; the pages of those inside go on getting their parts."""
    with pytest.raises(urllib.error.HTTPError, match="503") as refused:
        read(f"{address}/?q=why")
    assert refused.value.headers["Retry-After"] == str(RETRY_AFTER)
    assert b"Too many readers at the moment" in refused.value.read()
    with pytest.raises(InvalidStatus, match="503"), visit(address):
        pass
    assert read(f"{address}/_stcore/health") == b"ok"
    assert read(f"{address}/static/css/{style_of_the_app().name}")


def read(address: str, headers: dict[str, str] | None = None) -> bytes:
    request = urllib.request.Request(address, headers=headers or {})  # noqa: S310  (our own address)
    with urllib.request.urlopen(request, timeout=PATIENCE) as reply:  # noqa: S310
        return bytes(reply.read())


def style_of_the_app() -> Path:
    from streamlit import file_util

    return next(Path(file_util.get_static_dir(), "static", "css").glob("index.*.css"))


def ask_calmly(address: str) -> dict[str, str]:
    with visit(address) as reader:
        return {question: answer_in(reader.ask(question)) for question in QUESTIONS}


def ask_after(address: str) -> float:
    """Ask as soon as there is room again; return the seconds until the answer."""
    left = time.monotonic()
    while time.monotonic() - left < PATIENCE:
        try:
            with visit(address) as reader:
                assert answer_in(reader.ask(QUESTIONS[0]))
                return time.monotonic() - left
        except InvalidStatus:
            continue  # those who left are still being counted out
    pytest.fail("there is no room although all have left")


@pytest.mark.model
def test_a_crowd_is_let_in_as_far_as_there_is_room(app: str, shown: Shown) -> None:
    expected = ask_calmly(app)
    assert len(set(expected.values())) == len(QUESTIONS)
    wait_until_all_left(app)
    assert crowd(app, expected) == {RIGHT: SESSIONS, TURNED_AWAY: CLIENTS - SESSIONS}
    ask_after(app)
    shown(
        "Up to the limit all are answered rightly; beyond it one is asked to come again, and nobody inside notices",
        f"{CLIENTS} readers at once",
        CLIENTS,
        f"{SESSIONS} answered as one alone, {CLIENTS - SESSIONS} got 503 with Retry-After",
    )


@pytest.mark.model
def test_one_address_that_only_loads_pages_keeps_nobody_out(app: str) -> None:
    wait_until_all_left(app)
    for _ in range(2 * SESSIONS):
        read(f"{app}/?q=why", {"Sec-Fetch-Dest": "document", "X-Forwarded-For": "192.0.2.1"})
    assert read(f"{app}/?q=why", {"Sec-Fetch-Dest": "document", "X-Forwarded-For": "192.0.2.2"})


AT_ONCE = 1.0  # second
RERUN = BackMsg(rerun_script={"query_string": "q=why"})
FLOOD = {  # what is sent over and over
    "one of everybody's": [BackMsg(clear_cache=True)],
    "a question": [RERUN],
    "a question, stopped": [RERUN, BackMsg(stop_script=True)],
    "a megabyte": [BackMsg(rerun_script={"query_string": "q" * 1_000_000})],
}
EACH_TIME = 500  # on a socket; then another one is opened, as also when the app closes it


@pytest.mark.soak
@pytest.mark.model
def test_one_who_floods_the_app_holds_nobody_up(running: Running, shown: Shown) -> None:
    wait_until_all_left(running.address)
    expected, took, sent = ask_calmly(running.address), [], 0
    for messages in FLOOD.values():
        with flood(running.address, [message.SerializeToString() for message in messages]) as flooded:
            for number, question in enumerate(QUESTIONS * 3):
                with visit(running.address, additional_headers={"X-Forwarded-For": f"198.51.100.{number}"}) as reader:
                    began = time.monotonic()
                    assert answer_in(reader.ask(question)) == expected[question]
                    took.append(time.monotonic() - began)
        assert len(flooded) > 1  # it came back
        sent += sum(flooded)
    left = time.monotonic()
    wait_until_all_left(running.address)
    gone = time.monotonic() - left
    assert max(*took, gone) <= AT_ONCE
    shown(
        "One reader who floods the app holds nobody up, and drops nothing that all share",
        f"{sent:,} messages of {len(FLOOD)} kinds as fast as it takes them; when it closes the socket, on another one",
        len(took),
        f"others are answered within {max(took):.2f} s, and {gone:.2f} s after its end no session is left",
    )


@contextmanager
def flood(address: str, messages: list[bytes]) -> Iterator[list[int]]:
    """While the block runs, send the ``messages`` over and over; how many were sent on each socket."""
    stream, sent, ended = f"{address.replace('http', 'ws', 1)}/_stcore/stream", list[int](), threading.Event()
    settings = {"proxy": None, "close_timeout": 1, "additional_headers": {"X-Forwarded-For": "192.0.2.1"}}

    def send() -> None:
        while not ended.is_set():
            with suppress(OSError, ConnectionClosed), connect(stream, **settings) as socket:
                sent.append(0)
                for message in islice(cycle(messages), EACH_TIME):
                    socket.send(message)
                    sent[-1] += 1

    with ThreadPoolExecutor(1) as pool:
        flooding = pool.submit(send)
        try:
            yield sent
        finally:
            ended.set()
        flooding.result()  # it was never kept out


ROUNDS = 6


@pytest.mark.soak
@pytest.mark.model
def test_crowds_leave_nothing_behind(running: Running, shown: Shown) -> None:
    expected, after, memory = ask_calmly(running.address), [], []
    for _ in range(ROUNDS):
        wait_until_all_left(running.address)
        assert crowd(running.address, expected) == {RIGHT: SESSIONS, TURNED_AWAY: CLIENTS - SESSIONS}
        after.append(ask_after(running.address))
        wait_until_all_left(running.address)
        memory.append(resident(running.pid))
    assert max(after) <= AT_ONCE
    assert memory[-1] - memory[1] <= GROWTH  # in the first two, every part is used for the first time
    shown(
        "When a crowd has left, the next reader is answered at once, and no memory is lost",
        f"{ROUNDS} crowds of {CLIENTS} readers",
        ROUNDS * CLIENTS,
        f"next answer within {max(after):.2f} s; resident memory {', '.join(f'{each:.0f}' for each in memory)} MB",
    )


@contextmanager
def readers(address: str, count: int) -> Iterator[None]:
    with ExitStack() as inside:
        for _ in range(count):
            inside.enter_context(visit(address))
        yield


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_who_comes_too_late_gets_a_page_that_says_so(browser: Browser, app_without_index: str, scheme: str) -> None:
    late = browser.new_page(viewport={"width": 320, "height": 640}, color_scheme=scheme)  # type: ignore[arg-type]
    with readers(app_without_index, SESSIONS):
        assert late.goto(f"{app_without_index}/?q=why").status == 503  # type: ignore[union-attr]
        expect(late.get_by_role("heading", level=1)).to_have_text("Too many readers at the moment")
        assert late.evaluate("document.documentElement.scrollWidth") <= 320
        check(late)
    wait_until_all_left(app_without_index)
    late.get_by_role("link", name="Try again").click()
    settled(late)
    assert late.url == f"{app_without_index}/?q=why"
    late.close()
