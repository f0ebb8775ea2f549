"""What the server lets in, and what it tells browsers: requests that only read, sockets of the app's own pages alone.

Which names the app answers to is Starlette's `TrustedHostMiddleware` to judge. This module knows no Streamlit.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

READS = frozenset({"GET", "HEAD"})
# What Streamlit would serve too, and the app has no use for: driving it by programs, uploads, signing in elsewhere.
UNUSED = ("/_stcore/agent/", "/_stcore/upload_file/", "/auth/", "/oauth2callback")


class Guard:
    """Refuses what no reader's browser asks for: what would change something, parts that are not used, foreign pages.

    Streamlit would take an upload from whoever has a session; and before it refuses the socket of a foreign page, it
    asks a server in the internet for this machine's address there, while all readers wait.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is let in; the rest gets a status and a line of text."""
        let_in = self._app if scope["type"] == "lifespan" else _refusal(scope) or self._app
        await let_in(scope, receive, send)


def _refusal(scope: Scope) -> PlainTextResponse | None:
    """What is said to a request that is not let in."""
    if scope["type"] == "websocket":
        return None if is_same_origin(Headers(scope=scope)) else PlainTextResponse("Forbidden", 403)
    if scope["method"] not in READS:
        return PlainTextResponse("Method not allowed", 405, {"Allow": ", ".join(sorted(READS))})
    return PlainTextResponse("Not found", 404) if scope["path"].startswith(UNUSED) else None


def is_same_origin(headers: Headers) -> bool:
    """Whether the page that opens a socket came from the host it asks for; what sends no Origin is no browser."""
    origins = headers.getlist("origin")
    return not origins or origins in ([f"{scheme}://{headers.get('host')}"] for scheme in ("http", "https"))


class ReplyHeaders:
    """Adds headers to every reply, also to refusals; a file to take along is not kept by browsers and proxies."""

    def __init__(self, app: ASGIApp, headers: dict[str, str]) -> None:
        self._app, self._headers = app, headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on everything."""

        async def with_headers(message: Message) -> None:
            if message["type"] in {"http.response.start", "websocket.http.response.start"}:
                headers = MutableHeaders(scope=message)
                headers.update(self._headers)
                if headers.get("Content-Disposition", "").startswith("attachment"):
                    headers["Cache-Control"] = "no-store"  # what people asked; the page fetches it before it is wanted
            await send(message)

        await self._app(scope, receive, with_headers)


def reply_headers(shell: str) -> dict[str, str]:
    """The headers for an app whose pages start from the HTML page ``shell``.

    They stand here and not in the proxy's configuration, because the policy follows the Streamlit that is installed,
    and so that the app in the browser's tests has them. What only HTTPS has a use for is left to the proxy.
    """
    return {
        "Content-Security-Policy": _policy(shell),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",  # the address of a page has the question that was asked
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


def _policy(shell: str) -> str:
    """The strictest policy that the app works under.

    Scripts come from the app alone, run by its page (the one inline script by its hash) or handed to the browser by
    its components (``blob:``); nothing that a page's text could smuggle in is run, sent or loaded from elsewhere.
    Styles are written into the page by Streamlit as it draws: there ``'unsafe-inline'`` can not be avoided.
    """
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' blob: {' '.join(_hashes(shell))}",
            "style-src 'self' 'unsafe-inline'",
            "style-src-attr 'none'",
            "img-src 'self' data:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "manifest-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    )


def _hashes(shell: str) -> Iterable[str]:
    """Of each inline script of the page, as a policy names it."""
    for script in re.findall(r"<script>(.*?)</script>", shell, re.DOTALL):
        yield f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
