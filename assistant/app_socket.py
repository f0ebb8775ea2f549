"""How sockets are spoken on: as uvicorn does, but who floods one, or holds it and does not read, is cut off.

`app_messages.py` sees whole messages alone. What comes below them (pieces of messages that never end, pings) is read
and answered before, by the thread that serves everybody. `app_start.py` puts this in the place of uvicorn's.
"""

from __future__ import annotations

import logging
import time
from typing import Any

from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.exceptions import ProtocolError
from websockets.frames import Frame
from websockets.protocol import State
from websockets.server import ServerProtocol

from assistant.app_messages import BURST, HELD, RATE, WAITING
from assistant.limits import Budget

# Frames of one socket: so many at once, then so many a second. A browser sends a message as one, or a long one as a
# few, and answers a ping every 30 seconds: twice as many as messages may come.
FRAMES, FRAME_RATE = 2 * (BURST + WAITING), 2 * RATE
LINGER = 10  # seconds in which a reader may take what was still to be sent, once one of both has ended the session


class Frames(ServerProtocol):
    """The protocol of one socket, which counts frames and takes messages of `HELD` bytes at most.

    It compresses nothing: a short frame could become a long message.
    """

    def __init__(self) -> None:
        super().__init__(max_size=HELD, logger=logging.getLogger("uvicorn.error"))
        self._budget = Budget(FRAMES, 1 / FRAME_RATE, time.monotonic())

    def recv_frame(self, frame: Frame) -> None:
        """Take a frame of any kind. Raises ProtocolError for one too many: the socket is closed with 1002."""
        now = time.monotonic()
        if self._budget.wait(now):
            raise ProtocolError("too many frames")
        self._budget.use(now)
        super().recv_frame(frame)


class Socket(WebSocketsSansIOProtocol):
    """A socket that ends when it is closed, whether or not its reader takes what was still to be sent.

    asyncio closes a connection when all is sent, however long that takes.
    """

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.conn = Frames()

    def keepalive_timeout(self) -> None:
        """Cut off who has not answered a ping; so the app hears of it."""
        super().keepalive_timeout()
        self._cut_off()

    def eof_received(self) -> None:
        """Let go of who says no more."""
        self.loop.call_later(LINGER, self._cut_off)

    async def run_asgi(self) -> None:
        """Run the app on this socket; when it has ended, so does the socket."""
        await super().run_asgi()
        self.loop.call_later(LINGER, self._cut_off)

    async def send(self, message: Any) -> None:
        """Send what the app says. Raises ClientDisconnected, an OSError, when a breach of the protocol has closed it.

        A refusal is an answer, too: uvicorn would log that there was none.
        """
        if self.handshake_complete and self.close_sent:
            raise ClientDisconnected
        await super().send(message)
        self.handshake_complete = self.handshake_complete or self.close_sent

    def shutdown(self) -> None:
        """Close, as the server ends; but not who has said farewell already, at which uvicorn would fail."""
        self.close_sent = self.close_sent or (self.handshake_complete and self.conn.state is not State.OPEN)
        super().shutdown()

    def _cut_off(self) -> None:
        if not self.disconnected:  # asyncio fails at a connection that has ended meanwhile
            self.transport.abort()
