"""What a page says to the app reaches it in so far as pages say such things, and no faster than people do."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import pytest
from starlette.types import Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

from assistant import app_messages
from assistant.app_messages import BURST, RATE, WANTED, Messages

RERUN = BackMsg(rerun_script={"query_string": "q=why"}).SerializeToString()
NEVER_SAID = [
    BackMsg(clear_cache=True),
    BackMsg(load_git_info=True),
    BackMsg(set_run_on_save=True),
    BackMsg(file_urls_request={"request_id": "1"}),
    BackMsg(),
]


def passed_on(sent: Iterable[Message], monkeypatch: pytest.MonkeyPatch) -> tuple[list[Message], float]:
    """What reaches the app of what is sent to it, and for how many seconds that has waited."""
    incoming, got, waited = iter([*sent, {"type": "websocket.disconnect"}]), list[Message](), 0.0

    async def receive() -> Message:
        return next(incoming)

    async def app(_: Scope, receive: Receive, send: Send) -> None:
        while (message := await receive())["type"] != "websocket.disconnect":
            got.append(message)

    async def sleep(seconds: float) -> None:
        nonlocal waited
        waited = max(waited, seconds)  # the clock stands still: each waits from the beginning

    monkeypatch.setattr(app_messages.asyncio, "sleep", sleep)
    monkeypatch.setattr(app_messages.time, "monotonic", lambda: 1000.0)
    asyncio.run(Messages(app)({"type": "websocket"}, receive, None))  # type: ignore[arg-type]
    return got, waited


def frame(content: bytes) -> Message:
    return {"type": "websocket.receive", "bytes": content}


@pytest.mark.parametrize("message", NEVER_SAID, ids=lambda message: message.WhichOneof("type") or "nothing")
def test_what_no_page_says_does_not_reach_the_app(message: BackMsg, monkeypatch: pytest.MonkeyPatch) -> None:
    assert message.WhichOneof("type") not in WANTED
    sent = [frame(message.SerializeToString()), frame(RERUN)]
    assert passed_on(sent, monkeypatch)[0] == [frame(RERUN)]


def test_what_is_no_message_reaches_the_app_and_ends_the_session(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Message] = [frame(b"\xff\xff"), {"type": "websocket.receive", "text": "hello"}]
    assert passed_on(sent, monkeypatch)[0] == sent


def test_a_flood_waits_and_a_person_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    assert passed_on([frame(RERUN)] * BURST, monkeypatch) == ([frame(RERUN)] * BURST, 0)
    got, waited = passed_on([frame(RERUN)] * (BURST + 60), monkeypatch)
    assert len(got) == BURST + 60
    assert waited == pytest.approx(60 / RATE)
    assert passed_on([frame(BackMsg(clear_cache=True).SerializeToString())] * (BURST + 6), monkeypatch)[1] > 0
