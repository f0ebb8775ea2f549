"""A reader without a browser: speaks Streamlit's protocol with a running app, a hundred times as fast as a page.

It asks as an address does (``?q=...``) and reads what the app sends; it runs no script and presses no button.
"""

from __future__ import annotations

import re
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

PATIENCE = 60  # seconds an app may take for a message


class Reader:
    """One session: what is asked in it, and all that the app sends."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket

    def ask(self, question: str) -> str:
        """All that the app sends to have ``question`` answered, see ``open``."""
        return self.open(q=question)

    def open(self, page: str = "", **query: str) -> str:
        """All that the app sends to show a page, the first or one by its path, with ``query`` in the address.

        That is every text of every message.

        Raises ``RuntimeError`` when the app's script does not run to its end.
        """
        wanted = BackMsg()
        wanted.rerun_script.page_name = page
        wanted.rerun_script.query_string = urlencode(query)
        self._socket.send(wanted.SerializeToString())
        sent: list[bytes] = []
        while True:
            sent.append(bytes(self._socket.recv(PATIENCE, decode=False)))
            message = ForwardMsg.FromString(sent[-1])
            if message.WhichOneof("type") == "script_finished":
                if message.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY:
                    raise RuntimeError(f"the app ended with {message.script_finished} for {query}")
                return b"".join(sent).decode("utf-8", "replace")


@contextmanager
def visit(address: str, **settings: Any) -> Iterator[Reader]:
    """A session from a tab that is opened until it is closed; ``settings`` of the connection are of `connect`."""
    stream = f"{address.replace('http', 'ws', 1)}/_stcore/stream"
    with connect(stream, max_size=None, proxy=None, **settings) as socket:
        yield Reader(socket)


def answer_in(sent: str) -> str:
    """The words that were quoted, of all that the app sent; of a refusal, what is said instead."""
    return " ".join(re.findall(r"<(?:blockquote|h2)[ >].*?</(?:blockquote|h2)>", sent, re.DOTALL))


def connected(address: str) -> int:
    """How many sessions the app has a connection with."""
    with urllib.request.urlopen(f"{address}/_stcore/metrics?families=active_sessions", timeout=PATIENCE) as reply:  # noqa: S310
        text = reply.read().decode()
    return int(re.search(r"^active_sessions (\d+)", text, re.MULTILINE)[1])


def wait_until_all_left(address: str) -> None:
    """Wait until the app has noticed that every session was closed."""
    pause = threading.Event()
    for _ in range(PATIENCE * 10):
        if not connected(address):
            return
        pause.wait(0.1)
    raise AssertionError("the app does not notice that a session was closed")
