"""How sockets are spoken on: as uvicorn does, but who floods one, or holds it and does not read, is cut off.

`app_messages.py` sees whole messages alone. What comes below them (pieces of messages that never end, pings) is read
and answered before, by the thread that serves everybody. `app_start.py` puts this in the place of uvicorn's.
"""

from __future__ import annotations

import logging
import time
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.exceptions import ProtocolError
from websockets.frames import Frame
from websockets.server import ServerProtocol

from assistant.app_messages import BURST, HELD, RATE, WAITING
from assistant.limits import Budget

# Frames of one socket: so many at once, then so many a second. A browser sends a message as one, or a long one as a
# few, and answers a ping every 30 seconds: more than twice what messages may wait.
FRAMES, FRAME_RATE = 2 * (BURST + WAITING), 2 * RATE
LINGER = 10  # seconds that are left to a socket that is being closed to take what was still to be sent


class TooManyFrames(ProtocolError):
    """Said to who sends them, as any other breach of the protocol: the socket is closed with 1002."""


class Frames(ServerProtocol):
    """The protocol of one socket, which counts frames and takes messages of `HELD` bytes at most."""

    def __init__(self) -> None:
        super().__init__(max_size=HELD, logger=logging.getLogger("uvicorn.error"))
        self._budget = Budget(FRAMES, 1 / FRAME_RATE, time.monotonic())

    def recv_frame(self, frame: Frame) -> None:
        """Take a frame, of whichever kind. Raises ProtocolError for one too many."""
        now = time.monotonic()
        if self._budget.wait(now):
            raise TooManyFrames("too many frames")
        self._budget.use(now)
        super().recv_frame(frame)


class Socket(WebSocketsSansIOProtocol):
    """A socket that ends when it is closed, whether or not its reader takes what was still to be sent."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.conn = Frames()

    def keepalive_timeout(self) -> None:
        """Cut off who has not answered a ping: the app hears of it, which a mere closing would put off."""
        super().keepalive_timeout()
        self.transport.abort()

    async def run_asgi(self) -> None:
        """Run the app on this socket; when it has ended, so does the socket."""
        await super().run_asgi()
        self.loop.call_later(LINGER, self.transport.abort)

    async def send(self, message: Any) -> None:
        """Send what the app says. A refusal is an answer: uvicorn would log that there was none."""
        await super().send(message)
        self.handshake_complete = self.handshake_complete or self.close_sent
