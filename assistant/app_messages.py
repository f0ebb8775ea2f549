"""What a reader's page may say to the app, and how fast: one does not hold up the others, nor drop what all share.

Streamlit would also empty the cache of everybody, or run `git`, for whoever asks; and it answers messages one after the
other for all sessions.
"""

from __future__ import annotations

import asyncio
import time

from google.protobuf.message import DecodeError
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

# To run the page, to say that it is still there, to stop, and to make a file that is downloaded.
WANTED = frozenset({"rerun_script", "app_heartbeat", "stop_script", "backend_operation_request"})
# Messages of one socket: so many at once, then so many a second. A person sends one with each click or question.
BURST, RATE = 30, 6.0


class Messages:
    """Passes on what the pages of the app say; leaves out what they never do, and lets the rest wait its turn."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on everything but messages, which come as they are wanted."""
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        due = time.monotonic() - BURST / RATE  # when the next message may come, were all of them sent evenly

        async def receive_wanted() -> Message:
            nonlocal due
            while True:
                message = await receive()
                if message["type"] != "websocket.receive":
                    return message
                due = max(due, time.monotonic() - BURST / RATE) + 1 / RATE
                await asyncio.sleep(max(0.0, due - time.monotonic()))  # whoever sends on waits at the socket
                if _is_wanted(message.get("bytes")):
                    return message

        await self._app(scope, receive_wanted, send)


def _is_wanted(content: bytes | None) -> bool:
    """Whether the app is told; what is no message at all it is told, and ends the session."""
    if content is None:
        return True
    try:
        return BackMsg.FromString(content).WhichOneof("type") in WANTED
    except DecodeError:
        return True
