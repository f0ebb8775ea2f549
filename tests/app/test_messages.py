"""What a page says to the app reaches it in so far as pages say such things, and no faster than people do."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

import pytest
from starlette.types import Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

from assistant import app_messages
from assistant.app_messages import BURST, ENDED, HELD, RATE, WAITING, WANTED, Messages

RERUN = BackMsg(rerun_script={"query_string": "q=why"}).SerializeToString()
LEFT: Message = {"type": "websocket.disconnect", "code": 1001}
NEVER_SAID = [
    BackMsg(clear_cache=True),
    BackMsg(load_git_info=True),
    BackMsg(set_run_on_save=True),
    BackMsg(file_urls_request={"request_id": "1"}),
    BackMsg(backend_operation_request={"request_id": "1"}),
    BackMsg(),
]


def frame(content: bytes) -> Message:
    return {"type": "websocket.receive", "bytes": content}


class Socket:
    """Says what it is given, then that the reader has left: at once, or when all has had its turn.

    Time passes where somebody waits, and nowhere else: ``wait`` takes the place of asyncio's.
    """

    def __init__(self, sent: Iterable[Message], left: bool, now: float) -> None:
        self._coming, self._left, self.now = iter(sent), left, now
        self.silence = asyncio.Event()

    async def receive(self) -> Message:
        for message in self._coming:
            return message
        if not self._left:
            await self.silence.wait()
        return LEFT

    async def wait(self, listening: set[asyncio.Future[Message]], timeout: float | None) -> None:
        await asyncio.sleep(0)
        if not any(each.done() for each in listening):
            self.now += timeout or 0
            if timeout is None:
                self.silence.set()
                await asyncio.gather(*listening)


def passed_on(
    sent: Iterable[Message], monkeypatch: pytest.MonkeyPatch, *, left: bool = False, addresses: Sequence[str] = ("::1",)
) -> tuple[list[Message], float]:
    """What reaches the app of what is sent to it, to the end, and after how many seconds that comes.

    All of it is sent from each of the ``addresses``, one after the other.
    """
    sent, got, now = list(sent), list[Message](), 1000.0

    async def app(_: Scope, receive: Receive, send: Send) -> None:
        while not got or got[-1]["type"] != "websocket.disconnect":
            got.append(await receive())

    messages = Messages(app)
    for address in addresses:
        got.clear()
        socket = Socket(sent, left, now)
        monkeypatch.setattr(app_messages.asyncio, "wait", socket.wait)
        monkeypatch.setattr(app_messages.time, "monotonic", lambda socket=socket: socket.now)
        scope = {"type": "websocket", "client": (address, 1)}
        asyncio.run(messages(scope, socket.receive, None))  # type: ignore[arg-type]
        now = socket.now
    return got, now - 1000


@pytest.mark.parametrize("message", NEVER_SAID, ids=lambda message: message.WhichOneof("type") or "nothing")
def test_what_no_page_says_does_not_reach_the_app(message: BackMsg, monkeypatch: pytest.MonkeyPatch) -> None:
    assert message.WhichOneof("type") not in WANTED
    sent = [frame(message.SerializeToString()), frame(RERUN)]
    assert passed_on(sent, monkeypatch)[0] == [frame(RERUN), LEFT]


@pytest.mark.parametrize(
    "message",
    [
        frame(b"\xff\xff"),
        {"type": "websocket.receive", "text": "hello"},
        frame(BackMsg(rerun_script={"query_string": "q" * HELD}).SerializeToString()),
    ],
    ids=["no message", "text", "too long"],
)
def test_what_no_page_could_say_ends_the_session(message: Message, monkeypatch: pytest.MonkeyPatch) -> None:
    assert passed_on([frame(RERUN), message, frame(RERUN)], monkeypatch)[0] == [frame(RERUN), ENDED]


def test_many_messages_wait_and_those_of_a_person_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    assert passed_on([frame(RERUN)] * BURST, monkeypatch) == ([*[frame(RERUN)] * BURST, LEFT], 0)
    got, took = passed_on([frame(RERUN)] * (BURST + 60), monkeypatch)
    assert len(got) == BURST + 60 + 1
    assert took == pytest.approx(60 / RATE)
    never_said = frame(BackMsg(clear_cache=True).SerializeToString())
    assert passed_on([never_said] * (BURST + 6), monkeypatch)[1] == pytest.approx(6 / RATE)


@pytest.mark.parametrize("message", [RERUN, NEVER_SAID[0].SerializeToString()])
def test_a_flood_ends_its_session(message: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    got, took = passed_on([frame(message)] * 10_000, monkeypatch)
    assert got[-1] == ENDED
    assert len(got) <= BURST + 1
    assert took == 0


@pytest.mark.parametrize("message", [RERUN, BackMsg(rerun_script={"query_string": "q" * 10_000}).SerializeToString()])
def test_so_much_may_wait_and_no_more(message: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    most = BURST + min(WAITING, HELD // len(message))
    assert passed_on([frame(message)] * most, monkeypatch)[0] == [*[frame(message)] * most, LEFT]
    assert passed_on([frame(message)] * (most + 1), monkeypatch)[0][-1] == ENDED


def test_who_has_left_is_gone_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert passed_on([frame(RERUN)] * (BURST + 60), monkeypatch, left=True) == ([*[frame(RERUN)] * BURST, LEFT], 0)


@pytest.mark.parametrize(
    ("addresses", "seconds"),
    [
        (["192.0.2.1"] * 3, 2 * BURST / RATE),
        (["192.0.2.1", "192.0.2.2", "192.0.2.3"], 0),
        (["2001:db8::1", "2001:db8::2", "2001:db8:0:0:1::3"], 2 * BURST / RATE),
        (["2001:db8:0:1::1", "2001:db8:0:2::1", "2001:db8:0:3::1"], 0),
        (["127.0.0.1"] * 3, 0),
        (["::ffff:127.0.0.1"] * 3, 0),
        (["::1"] * 3, 0),
        (["unknown"] * 3, 0),
    ],
)
def test_another_socket_of_an_address_does_not_begin_afresh(
    addresses: list[str], seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    got, took = passed_on([frame(RERUN)] * BURST, monkeypatch, addresses=addresses)
    assert got == [*[frame(RERUN)] * BURST, LEFT]
    assert took == pytest.approx(seconds)


def test_an_address_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    messages = Messages(lambda *given: asyncio.sleep(0))  # type: ignore[arg-type]
    for number in range(100):
        monkeypatch.setattr(app_messages.time, "monotonic", lambda number=number: 10.0 * number)
        asyncio.run(messages({"type": "websocket", "client": (f"192.0.2.{number}", 1)}, None, None))  # type: ignore[arg-type]
    assert len(messages._budgets) == 1
    asyncio.run(messages({"type": "websocket", "client": ("127.0.0.1", 1)}, None, None))  # type: ignore[arg-type]
    assert not messages._budgets


def test_a_socket_that_rests_shares_its_budget_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two are open, and an hour passes before they say anything: all that was used up has come back long ago."""
    now, passed = 1000.0, 0
    monkeypatch.setattr(app_messages.time, "monotonic", lambda: now)

    async def app(_: Scope, receive: Receive, __: Send) -> None:
        nonlocal passed
        while (await receive())["type"] == "websocket.receive":
            passed += 1

    async def speak() -> None:
        nonlocal now
        messages, sockets, tasks = Messages(app), [asyncio.Queue[Message]() for _ in range(2)], []
        for socket in sockets:
            scope = {"type": "websocket", "client": ("192.0.2.1", 1)}
            tasks.append(asyncio.ensure_future(messages(scope, socket.get, None)))  # type: ignore[arg-type]
            await asyncio.sleep(0)
            now += 3600
        for socket in sockets * BURST:
            socket.put_nowait(frame(RERUN))
        for _ in range(100 * BURST):
            await asyncio.sleep(0)

    asyncio.run(speak())
    assert passed == BURST


def test_nothing_listens_to_a_socket_whose_app_has_ended() -> None:
    listening = 0

    async def says_nothing() -> Message:
        nonlocal listening
        listening += 1
        try:
            await asyncio.Event().wait()
        finally:
            listening -= 1
        return LEFT

    async def app(_: Scope, receive: Receive, __: Send) -> None:
        asyncio.ensure_future(receive())  # noqa: RUF006  # and does not wait for it
        for _ in range(10):
            await asyncio.sleep(0)
        assert listening

    async def heard() -> int:
        await Messages(app)({"type": "websocket", "client": ("192.0.2.1", 1)}, says_nothing, None)  # type: ignore[arg-type]
        await asyncio.sleep(0)
        return listening

    assert asyncio.run(heard()) == 0


@pytest.mark.parametrize("slow", [False, True])
def test_who_has_left_or_does_not_read_is_gone_too(slow: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app_messages, "SLOWEST", 0.01)
    got = list[Message]()

    async def says_nothing() -> Message:
        await asyncio.Event().wait()
        return LEFT

    async def does_not_read(_: Message) -> None:
        await asyncio.Event().wait() if slow else None
        raise OSError

    async def app(_: Scope, receive: Receive, send: Send) -> None:
        told = asyncio.ensure_future(receive())
        await send({"type": "websocket.send"})
        got.append(await told)

    scope = {"type": "websocket", "client": ("192.0.2.1", 1)}
    asyncio.run(asyncio.wait_for(Messages(app)(scope, says_nothing, does_not_read), 10))
    assert got == [ENDED]
