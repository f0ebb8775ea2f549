"""The index as the app holds it: opened once for each generation, with the model warm, and shared by all readers."""

from __future__ import annotations

import gc
import logging
from pathlib import Path

import streamlit as st

from assistant.answer import WARM_UP, answer
from assistant.catalogue import Catalogue, make_catalogue
from assistant.home import default_home
from assistant.markup import tag
from index.reader import Index, open_index
from index.store import turned

_log = logging.getLogger(__name__)
_opened: set[tuple[str, str]] = set()  # what this process has open: shown at once, without the loading state


def library() -> Index:
    """The current index, behind a loading state the first time. Raises ``IndexUnusable`` when there is none."""
    wanted = _wanted()
    if wanted in _opened:
        return _open(*wanted)
    place = st.empty()
    with place.container():
        st.html(tag("p", "Opening the pages. The first time takes a few seconds.", class_="cw-meta", role="status"))
        st.skeleton(height=420)
    try:
        index = _open(*wanted)
    finally:
        place.empty()
    _opened.add(wanted)
    return index


def warm_up() -> Index:
    """Open the current index before somebody waits for it. Raises ``IndexUnusable`` when there is none."""
    wanted = _wanted()
    index = _open(*wanted)
    _opened.add(wanted)
    return index


def _wanted() -> tuple[str, str]:
    home = default_home()
    return str(home), turned(home)


@st.cache_resource(max_entries=2, show_spinner=False)
def _open(home: str, turn: str) -> Index:  # the turn is there to be part of the cache's key
    index = open_index(Path(home))
    if index.warning:
        _log.warning(index.warning)
    answer(WARM_UP, index)  # the first answer of a process loads the model
    _settle()
    return index


def catalogue(index: Index) -> Catalogue:
    """What lists are made of, read once for each generation."""
    return _catalogue(str(index.folder), index)


@st.cache_resource(max_entries=2, show_spinner=False)
def _catalogue(folder: str, _index: Index) -> Catalogue:  # folder is there to be the cache's key
    return make_catalogue(_index)


def _settle() -> None:
    """Take all that is loaded out of the garbage collector's sight.

    Streamlit collects garbage whenever a page has run, and nobody is served until every object has been looked at:
    60 to 100 ms with those of the libraries, next to nothing without.
    """
    gc.unfreeze()  # what was settled with an index before this one may be garbage by now
    gc.collect()
    gc.freeze()
