"""Measuring from the Quality page: asks the questions of the test set, one measurement at a time for all readers."""

from __future__ import annotations

import threading
from pathlib import Path

import streamlit as st

from assistant.app_trouble import notice
from assistant.evaluation import evaluate
from assistant.home import default_corpus, default_home
from assistant.markup import tag
from assistant.runs import keep
from assistant.testset import read_testset
from assistant.text import count, one_line
from index.reader import Index
from ingest.errors import InputError

STEPS = 50  # times that the bar moves: each is a message to the browser

_one = threading.Lock()


def offer() -> bool:
    """A button to measure, or why there is nothing to measure with. Returns whether it was pressed."""
    testset = _testset()
    missing = not testset.is_file()
    pressed = st.button("Measure now", disabled=missing, icon=":material/speed:")
    if missing:
        why = f"There is no test set {testset}. Draft one with: citewell make-testset --out {testset}"
        st.html(tag("p", why, class_="cw-meta"))
    return pressed


def measure(index: Index) -> Path | None:
    """Measure ``index`` and keep the run. Returns its file; None where nothing was measured, which is said."""
    if not _one.acquire(blocking=False):
        st.html(tag("p", "A measurement is running already. Look again in a minute.", class_="cw-say", role="status"))
        return None
    try:
        return _measure(index, _testset())
    except InputError as wrong:
        notice("Nothing was measured", one_line(str(wrong)))
        return None
    finally:  # also when the reader leaves the page, which ends the script
        _one.release()


def _testset() -> Path:
    return default_corpus() / "testset.jsonl"


def _measure(index: Index, testset: Path) -> Path:
    rows = read_testset(testset, index)
    said = f"Asking {count(len(rows), 'question')}. Stay on this page until it is done."
    bar = st.progress(0.0, text=said)
    step = max(1, len(rows) // STEPS)

    def moved(asked: int, of: int) -> None:
        if asked % step == 0:
            bar.progress(asked / of, text=said)

    try:
        return keep(default_home(), index, testset, None, evaluate(index, rows, moved))
    finally:
        bar.empty()
