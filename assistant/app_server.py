"""The server that ``citewell serve`` runs: the app of ``app.py``, its index open before the first reader comes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from streamlit.starlette import App

from index.errors import IndexUnusable


@asynccontextmanager
async def _ready(_: App) -> AsyncIterator[None]:
    """Load what every page needs; only then does the server listen."""
    # Not before: the pages register components, which Streamlit takes only once it runs.
    from assistant import app_ask, app_browse, app_capture, app_quality, app_sources  # noqa: F401
    from assistant.app_library import warm_up

    with suppress(IndexUnusable):  # every page says so
        warm_up()
    yield


app = App(Path(__file__).with_name("app.py"), lifespan=_ready)
