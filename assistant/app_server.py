"""The server that ``citewell serve`` runs: the app of ``app.py``, its index open before the first reader comes."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from streamlit import config, file_util
from streamlit.starlette import App

from assistant.app_crowd import Crowd
from assistant.app_guard import Guard, ReplyHeaders, reply_headers
from assistant.app_messages import Messages
from assistant.gaps.upkeep import purge, settings_of
from assistant.home import default_home
from index.errors import IndexUnusable
from ingest.errors import InputError

_log = logging.getLogger(__name__)


@asynccontextmanager
async def _ready(_: App) -> AsyncIterator[None]:
    """Load what every page needs; only then does the server listen."""
    # Not before: the pages register components, which Streamlit takes only once it runs.
    from assistant import app_ask, app_browse, app_capture, app_gaps, app_quality, app_sources  # noqa: F401
    from assistant.app_library import warm_up

    _purge_questions(default_home())
    with suppress(IndexUnusable):  # every page says so
        warm_up()
    yield


def _purge_questions(home: Path) -> None:
    """Delete what people asked longer ago than it is kept; a log that can not be purged keeps nobody from an answer."""
    try:
        purge(home, settings_of(home), datetime.now(UTC))
    except InputError as error:
        _log.warning("%s", error)


def _middleware() -> list[Middleware]:
    """What stands before the app, the outermost first."""
    shell = Path(file_util.get_static_dir(), "index.html").read_text("utf-8")
    # Streamlit itself looks at the names of sockets alone.
    names = [f"[{name}]" if ":" in name else name for name in config.get_option("server.allowedHosts")]
    return [
        Middleware(ReplyHeaders, headers=reply_headers(shell)),
        Middleware(TrustedHostMiddleware, allowed_hosts=names, www_redirect=False),
        Middleware(Guard),
        Middleware(Crowd),
        Middleware(Messages),
    ]


app = App(Path(__file__).with_name("app.py"), lifespan=_ready, middleware=_middleware())
