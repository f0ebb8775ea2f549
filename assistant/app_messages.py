"""What a reader's page may say to the app, and how fast: one does not hold up the others, nor drop what all share.

Streamlit would also empty the cache of everybody, or run `git`, for whoever asks; and it answers messages one after the
other for all sessions.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, deque

from google.protobuf.message import DecodeError
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

from assistant.app_crowd import address_of
from assistant.limits import Budget, is_loopback

# To run the page, to say that it is still there, and to stop.
WANTED = frozenset({"rerun_script", "app_heartbeat", "stop_script"})
# Messages from one address: so many at once, then so many a second. A person sends one with each click or question, so
# that an office behind one address has enough.
BURST, RATE = 30, 6.0
# Messages of one socket that wait, and the bytes of all of them. Whoever says more is not listened to any longer: no
# page comes near that. The longest, of a page of gaps with all of them open, has some 50 kB.
WAITING, HELD = 100, 2**18
SLOWEST = 30  # seconds that a reader may take to read: who takes longer has gone, or holds a place for nothing
# What the app hears then: "policy violation" of RFC 6455, section 7.4.1. It closes the socket without a word.
ENDED: Message = {"type": "websocket.disconnect", "code": 1008}


class Messages:
    """Passes on what the pages of the app say; leaves out what they never do, and lets the rest wait its turn."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._budgets: dict[str, Budget] = {}  # by the address
        self._sockets: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on everything but messages, which come as they are wanted."""
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        address = address_of(scope)
        turns = _Turns(receive, self._budget_of(address))

        async def send_in_time(message: Message) -> None:
            try:
                async with asyncio.timeout(SLOWEST):
                    await send(message)
            except OSError:  # one who has left, or a TimeoutError; Streamlit would put a traceback into the log
                turns.end()

        self._sockets[address] += 1
        try:
            await self._app(scope, turns.receive, send_in_time)
        finally:
            self._sockets -= Counter([address])
            turns.end()

    def _budget_of(self, address: str) -> Budget:
        """The one that all sockets from an address share, or whoever opens more of them could say more.

        Each socket from this machine, or from no address, has its own: so seem to come all readers of a proxy here
        that does not say whom it speaks for.
        """
        now = time.monotonic()
        known = self._budgets.items()
        self._budgets = {name: budget for name, budget in known if name in self._sockets or not budget.is_full(now)}
        if not address or is_loopback(address):
            return Budget(BURST, 1 / RATE, now)
        return self._budgets.setdefault(address, Budget(BURST, 1 / RATE, now))


class _Turns:
    """The messages of one socket that wait for their turn.

    The socket is listened to meanwhile: who has left is gone at once, with all that was still to be said.
    """

    def __init__(self, receive: Receive, budget: Budget) -> None:
        self._receive, self._budget = receive, budget
        self._listening: asyncio.Future[Message] | None = None
        self._waiting: deque[bytes] = deque()
        self._ended = False

    async def receive(self) -> Message:
        """The next message that is wanted, when it is its turn; or that the socket is opened, or closed."""
        while not self._ended:
            wait = self._budget.wait(time.monotonic())
            if self._waiting and not wait:
                self._budget.use(time.monotonic())
                content = self._waiting.popleft()
                try:
                    if BackMsg.FromString(content).WhichOneof("type") in WANTED:
                        return {"type": "websocket.receive", "bytes": content}
                except DecodeError:  # no page sends that
                    self.end()
            elif heard := await self._listen(wait if self._waiting else None):
                if heard["type"] != "websocket.receive":
                    return heard
                self._line_up(heard.get("bytes"))
        return ENDED

    def _line_up(self, content: bytes | None) -> None:
        """Have a message wait; end all where it is none that a page sends."""
        if content is not None:
            self._waiting.append(content)
        if content is None or len(self._waiting) > WAITING or sum(map(len, self._waiting)) > HELD:
            self.end()

    async def _listen(self, seconds: float | None) -> Message | None:
        """What the socket says within so many seconds, if anything, or at any time; None also where all has ended."""
        self._listening = self._listening or asyncio.ensure_future(self._receive())
        await asyncio.wait({self._listening}, timeout=seconds)
        if self._ended or not self._listening.done():
            return None
        heard, self._listening = self._listening.result(), None
        return heard

    def end(self) -> None:
        """Say to the app that the reader has left."""
        self._ended = True
        if self._listening:
            self._listening.cancel()
