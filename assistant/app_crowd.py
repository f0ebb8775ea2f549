"""How many readers are served at once, and what those get who come when there is no room: a page that says so.

This module knows no Streamlit.
"""

from __future__ import annotations

import time
from collections import deque

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.limits import network_of

# Sessions at once, that is tabs with the app open; each takes 1 MB. Measured on two cores, readers included:
# when all of them ask in the same instant, the last of 16 has its answer after 0.3 s, of 32 after 0.6, of 48 after 0.9.
# With fifty everybody is answered within the ten seconds that people wait, on a much busier machine too.
SESSIONS = 50
# Seconds for which a place is kept for a page that was sent and has not opened its socket yet; most do within two. Else
# a crowd that comes in one moment would get its pages, and half of them would stay empty.
COMING = 10
EACH = 10  # places that are kept for one address: whoever loads pages, and nothing else, keeps nobody out
RETRY_AFTER = 30  # seconds: a visit is short, and one who waits does not ask all the time

# What belongs to a page that is open already. Everything else is a page.
PARTS = ("/static/", "/_stcore/", "/media/", "/component/")

# The colours are those of the app, in `.streamlit/config.toml`. It does not reload itself: that takes away what
# somebody is reading, and brings all who wait back together.
FULL = f"""<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Too many readers at the moment</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ background: light-dark(#FBFAF6, #12191D); color: light-dark(#1C2B33, #ECE9E2); margin: 10vh auto;
  max-width: 34em; padding: 0 1.25rem; font: 1.06rem/1.6 sans-serif; }}
a {{ color: light-dark(#0B5D57, #6FD3C7); }}
a:focus-visible {{ outline: 2px solid; outline-offset: 3px; }}
</style>
</head>
<body>
<main>
<h1>Too many readers at the moment</h1>
<p>More people are using this service than it can answer at once. Nothing is wrong with your question, and what you
asked is still in the address of this page.</p>
<p><a href="">Try again</a> in about {RETRY_AFTER} seconds.</p>
</main>
</body>
</html>
"""


class Crowd:
    """Counts the open sockets, one for each session; while there are ``most``, no new page and no new session begins.

    Who is inside is not touched: the parts of their pages come as before.
    """

    def __init__(self, app: ASGIApp, most: int = SESSIONS) -> None:
        self._app, self._most = app, most
        self._open = 0
        self._coming: deque[tuple[str, float]] = deque()  # places kept for pages: for whom, until when; oldest first

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what there is room for; the rest gets 503 with `FULL`."""
        if scope["type"] == "websocket" and self._open < self._most:
            await self._hold_session(scope, receive, send)
        elif scope["type"] == "websocket" or (_is_page(scope) and not self._has_room()):
            headers = {"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"}
            await HTMLResponse(FULL, 503, headers)(scope, receive, send)
        else:
            if _is_page(scope) and scope["method"] == "GET" and _is_opened(Headers(scope=scope)):
                self._keep_place(address_of(scope))
            await self._app(scope, receive, send)

    async def _hold_session(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._open += 1
        kept = next((place for place in self._coming if place[0] == address_of(scope)), None)
        if kept:
            self._coming.remove(kept)
        try:
            await self._app(scope, receive, send)
        finally:
            self._open -= 1

    def _keep_place(self, reader: str) -> None:
        if sum(place[0] == reader for place in self._coming) < EACH:
            self._coming.append((reader, time.monotonic() + COMING))

    def _has_room(self) -> bool:
        while self._coming and self._coming[0][1] < time.monotonic():
            self._coming.popleft()
        return self._open + len(self._coming) < self._most


def address_of(scope: Scope) -> str:
    """The address of whoever asks, as far as it is that of one reader; behind a proxy on this machine, as that says."""
    return network_of(scope["client"][0]) if scope.get("client") else ""


def _is_opened(headers: Headers) -> bool:
    """Whether a browser asks, to show the page in a tab: it will open a socket."""
    return headers.get("sec-fetch-dest") == "document"


def _is_page(scope: Scope) -> bool:
    return scope["type"] == "http" and not scope["path"].startswith(PARTS)
