"""What a reader's page may say to the app, and how fast: one does not hold up the others, nor drop what all share.

Streamlit would also empty the cache of everybody, or run `git`, for whoever asks; and it answers messages one after the
other for all sessions.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass

from google.protobuf.message import DecodeError
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

from assistant.app_crowd import address_of

# To run the page, to say that it is still there, to stop, and to make a file that is downloaded.
WANTED = frozenset({"rerun_script", "app_heartbeat", "stop_script", "backend_operation_request"})
# Messages from one address: so many at once, then so many a second. A person sends one with each click or question, so
# that an office behind one address has enough.
BURST, RATE = 30, 6.0
# Programs on this machine, or readers by a proxy that does not say whom it speaks for: each socket counts by itself.
HERE = ("127.0.0.1", "::1")
# Of one socket, that wait: no page comes near that, and whoever does is not listened to any longer.
WAITING = 100
TOO_MANY = 1008  # "policy violation", RFC 6455 section 7.4.1


class Messages:
    """Passes on what the pages of the app say; leaves out what they never do, and lets the rest wait its turn."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._budgets: dict[str, _Budget] = {}  # by the address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on everything but messages, which come as they are wanted."""
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        budget = self._budget_of(address_of(scope))
        turns = _Turns(receive, budget)

        async def send_if_there(message: Message) -> None:
            with suppress(OSError):  # whoever has left: Streamlit would put a traceback into the log
                await send(message)

        budget.sockets += 1
        try:
            await self._app(scope, turns.receive, send_if_there)
        finally:
            budget.sockets -= 1
            turns.stop_listening()

    def _budget_of(self, address: str) -> _Budget:
        if address in HERE:
            return _Budget()
        self._budgets = {known: budget for known, budget in self._budgets.items() if not budget.is_forgotten()}
        return self._budgets.setdefault(address, _Budget())


@dataclass
class _Budget:
    """When messages have their turn: for all sockets from one address, or whoever opens more of them could say more."""

    sockets: int = 0
    last: float = -math.inf  # when the last one had its turn, were all of them sent evenly

    def next_turn(self) -> float:
        return max(self.last, time.monotonic() - BURST / RATE) + 1 / RATE

    def is_forgotten(self) -> bool:
        return not self.sockets and self.last < time.monotonic() - BURST / RATE


class _Turns:
    """The messages of one socket that wait for their turn.

    The socket is listened to meanwhile: who has left is gone at once, with all that was still to be said.
    """

    def __init__(self, receive: Receive, budget: _Budget) -> None:
        self._receive, self._budget = receive, budget
        self._listening: asyncio.Future[Message] | None = None
        self._waiting: deque[Message] = deque()

    async def receive(self) -> Message:
        """The next message that is wanted, when it is its turn; or that the socket is opened, or closed."""
        while True:
            turn = self._budget.next_turn()
            if self._waiting and turn <= time.monotonic():
                self._budget.last = turn
                message = self._waiting.popleft()
                if _is_wanted(message.get("bytes")):
                    return message
            elif heard := await self._heard(turn if self._waiting else None):
                if heard["type"] != "websocket.receive":
                    return heard
                if len(self._waiting) == WAITING:
                    return {"type": "websocket.disconnect", "code": TOO_MANY}
                self._waiting.append(heard)

    async def _heard(self, until: float | None) -> Message | None:
        """What the socket says, if it does ``until`` then."""
        self._listening = self._listening or asyncio.ensure_future(self._receive())
        await asyncio.wait({self._listening}, timeout=until and max(0.0, until - time.monotonic()))
        if not self._listening.done():
            return None
        heard, self._listening = self._listening.result(), None
        return heard

    def stop_listening(self) -> None:
        if self._listening:
            self._listening.cancel()


def _is_wanted(content: bytes | None) -> bool:
    """Whether the app is told; what is no message at all it is told, and ends the session."""
    if content is None:
        return True
    try:
        return BackMsg.FromString(content).WhichOneof("type") in WANTED
    except DecodeError:
        return True
