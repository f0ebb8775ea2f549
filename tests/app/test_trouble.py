"""No index, and an error nobody foresaw: a page that says so, and never a traceback or a detail."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from assistant import app_gaps_result, app_library
from assistant.gaps.records import Decision
from index.errors import IndexUnusable
from index.reader import Index

APP = Path(__file__).parents[2] / "assistant/app.py"


def shown(monkeypatch: pytest.MonkeyPatch, home: Path, error: Exception) -> str:
    def fail(_: Path) -> None:
        raise error

    monkeypatch.setenv("CITEWELL_HOME", str(home))
    monkeypatch.setattr(app_library, "open_index", fail)
    st.cache_resource.clear()
    app = AppTest.from_file(str(APP), default_timeout=30).run()
    assert not app.exception
    return "\n".join([*(each.value for each in app.title), *(each.proto.body for each in app.get("html"))])


def test_without_an_index_the_next_step_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    page = shown(monkeypatch, tmp_path, IndexUnusable("no index <here>: run citewell build"))
    assert "not ready yet" in page
    assert "no index &lt;here&gt;: run citewell build" in page


def test_an_unexpected_error_shows_no_detail(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    page = shown(monkeypatch, tmp_path, RuntimeError("a secret detail"))
    assert "Something went wrong" in page
    assert "secret" not in page
    assert "a secret detail" in caplog.text


def test_the_log_of_an_error_has_no_personal_data(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shown(monkeypatch, tmp_path, RuntimeError("asked: my number is QQ 12 34 56 C, write to jane.doe@example.org"))
    assert "RuntimeError: asked: my number is" in caplog.text
    assert "app_library.py" in caplog.text  # where it failed
    assert "12 34 56" not in caplog.text
    assert "jane.doe" not in caplog.text


def test_a_session_that_has_signed_out_decides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    decided: list[object] = []
    monkeypatch.setattr(app_gaps_result, "decide", lambda *given: decided.append(given))
    decision = Decision("dismissed", ("When do you close?",))
    for admitted in (False, True):
        monkeypatch.setattr(app_gaps_result, "admitted", lambda admitted=admitted: admitted)
        app_gaps_result.save("key", 0, decision)
        assert len(decided) == admitted


def test_the_index_before_answers_below_a_warning(
    monkeypatch: pytest.MonkeyPatch, small: Index, caplog: pytest.LogCaptureFixture
) -> None:
    warning = "the index is damaged (rows.npy); the index before it answers until you run `citewell build`"
    monkeypatch.setenv("CITEWELL_HOME", str(small.folder.parents[1]))
    monkeypatch.setattr(app_library, "open_index", lambda home: replace(small, warning=warning))
    st.cache_resource.clear()
    app = AppTest.from_file(str(APP), default_timeout=30).run()
    page = "\n".join(each.proto.body for each in app.get("html"))
    assert "The newest pages can not be read" in page
    assert "rows.npy" not in page
    assert warning in caplog.text  # for whoever runs the app
    st.cache_resource.clear()
