"""What the privacy note, the assessment and the accessibility statement say of the software is so."""

from __future__ import annotations

import re
import sqlite3
import tomllib
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit import config

from assistant.gaps import log, store
from assistant.redaction import redact as rules
from assistant.redaction.redact import redact
from assistant.signin import ADDRESSES
from assistant.transcript import KEPT
from assistant.transparency import BLANK
from ingest.records import Questions
from tests.app import test_access, test_zoom
from tests.app.states import STATES
from tests.assistant.gaps.conftest import ON, outcome
from tests.conftest import ROOT

NAMES = ("transparency-record", "accessibility", "privacy", "dpia")
PAGES = {name: (ROOT / "docs" / f"{name}.md").read_text("utf-8") for name in NAMES}
PRIVACY, ACCESS, DPIA = (" ".join(PAGES[name].split()) for name in ("privacy", "accessibility", "dpia"))


@pytest.mark.parametrize("name", NAMES)
def test_the_readme_leads_to_each_and_every_blank_is_marked(name: str) -> None:
    assert f"](docs/{name}.md)" in (ROOT / "README.md").read_text("utf-8")
    blanks = re.findall(r"\[organisation: [^\[\]]+\]", PAGES[name])
    assert len(blanks) == PAGES[name].count(BLANK) > 3


def test_the_kinds_of_redaction_are_all_named() -> None:
    [listed] = re.findall(r"one of these words in brackets:\n\n(.*?)\.\n\n", PAGES["privacy"], re.DOTALL)
    every = {rule.word for rule in (*rules._LOOK_AT_ALL, *rules._LOOK_BESIDE_HARMLESS)}
    assert re.findall(r"`([^`]+)`", listed) == sorted(every, key=str.lower)


def test_what_redaction_is_said_to_miss_it_misses() -> None:
    [listed] = re.findall(r"```text\n(.*?)```", PAGES["privacy"], re.DOTALL)
    assert len(listed.splitlines()) == 9
    for line in listed.splitlines():
        assert redact(line) == line


def test_every_field_that_is_kept_is_named(tmp_path: Path) -> None:
    log.note_question(tmp_path, ON, outcome("When do you close?"), datetime.now(UTC))
    with closing(sqlite3.connect(tmp_path / store.NAME)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        kept = {
            name: {row[1] for row in connection.execute(f"PRAGMA table_info({name})")}
            for name in tables
            if not name.startswith("sqlite_")
        }
    rows = re.findall(r"^\| `(\w+)` \| (.*) \|$", PAGES["privacy"], re.MULTILINE)
    assert {name: set(re.findall(r"`(\w+)`", fields)) for name, fields in rows} == kept


def test_the_limits_are_those_of_the_code() -> None:
    assert f"the question, redacted, at most {log.LONGEST_QUESTION:,} characters" in PRIVACY
    assert f"redacted, at most {log.LONGEST_REASON} characters" in PRIVACY
    assert f"about the newest {log.MOST:,} questions" in PRIVACY
    assert f"About {log.MOST:,} questions at most" in DPIA
    assert not Questions().log
    assert f"{Questions().keep_days} days unless `sources.toml` says otherwise (1 to 3650)" in PRIVACY
    assert f"{Questions().keep_days} days unless `keep_days` says otherwise" in DPIA
    assert f"at most {KEPT} questions" in PRIVACY
    assert f"for {ADDRESSES:,} addresses at most" in PRIVACY
    assert config.get_option("server.disconnectedSessionTTL") == 120  # "two minutes after the connection ends"
    settings = tomllib.loads((ROOT / "assistant/.streamlit/config.toml").read_text("utf-8"))
    assert settings["browser"]["gatherUsageStats"] is False
    assert "disconnectedSessionTTL" not in settings["server"]


def test_what_was_tested_for_access_is_what_the_tests_do() -> None:
    assert f"any of {len(STATES)} states" in ACCESS
    assert f"nothing of {len(STATES) - 1} states" in ACCESS  # but that of paper
    assert f"window of {test_zoom.WIDTH} by {test_zoom.HEIGHT} CSS pixels" in ACCESS
    assert test_access.LOOKS == {"desktop": (1280, "light"), "phone": (390, "dark")}
    levels = {f"wcag{version}{level}" for version in ("2", "21", "22") for level in ("a", "aa")} - {"wcag22a"}
    assert set(test_access.RULES) == {*levels, "best-practice"}
