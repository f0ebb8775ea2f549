"""The app: a thin skin over the library. Navigation, the shared index, and what is shown when something fails.

Run by ``citewell serve``, through ``app_server.py``. Its look is in ``.streamlit/config.toml`` and ``app_style.py``;
each page is a module.
"""

from __future__ import annotations

import logging
import traceback

import streamlit as st

from assistant import (
    app_ask,
    app_browse,
    app_capture,
    app_gaps,
    app_links,
    app_quality,
    app_sources,
    app_style,
    app_trouble,
)
from assistant.app_library import library
from assistant.redaction.redact import redact
from assistant.text import one_line
from index.errors import IndexUnusable

# A quotation mark on the marker's yellow. Drawn here, because Streamlit would fetch its own icons from the network.
_ICON = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6"
fill="#FFE8A3"/><path d="M7 17c0-5 2-8 7-9l1 2c-3 1-4 3-4 5h4v8H7zm10 0c0-5 2-8 7-9l1 2c-3 1-4 3-4 5h4v8h-8z"
fill="#1C2B33"/></svg>"""

LONGEST_MESSAGE = 500  # characters of an error in the log
_log = logging.getLogger(__name__)


def main() -> None:
    """Show the page that the address names."""
    st.set_page_config(page_title="Citewell", page_icon=_ICON)
    pages = {
        "ask": st.Page(app_ask.page, title="Ask", default=True),
        "browse": st.Page(app_browse.page, title="Browse", url_path="browse"),
        "sources": st.Page(app_sources.page, title="Sources", url_path="sources"),
        "capture": st.Page(app_capture.page, title="Stored page", url_path="capture", visibility="hidden"),
        "quality": st.Page(app_quality.page, title="Quality", url_path="quality", visibility="hidden"),
        "gaps": st.Page(app_gaps.page, title="Gaps", url_path="gaps", visibility="hidden"),
    }
    chosen = st.navigation(list(pages.values()), position="hidden")
    app_links.register(pages)
    app_style.apply()
    try:
        index = library()
        name = one_line(index.corpus.name)
        st.set_page_config(page_title=f"{chosen.title} · {name}")
        app_links.masthead(name, chosen.title)
        if index.warning:
            app_trouble.older_index()
        chosen.run()
        app_links.footer()
    except IndexUnusable as unusable:
        app_trouble.no_index(str(unusable))
    except Exception as error:  # a reader gets a page that says so; whoever runs the app gets the traceback, in the log
        # A message may quote what was asked, and be as long as somebody likes.
        said = redact(f"{type(error).__name__}: {error}"[:LONGEST_MESSAGE])
        _log.error("the page %s failed\n%s%s", chosen.title, "".join(traceback.format_tb(error.__traceback__)), said)
        app_trouble.unexpected()


main()
