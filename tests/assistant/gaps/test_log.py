"""What is kept, what is not, and that nothing stays of what is deleted."""

from __future__ import annotations

import json
import logging
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.gaps import log, store
from assistant.gaps.log import note_feedback, note_followed, note_question
from assistant.gaps.read import read_feedback, read_figures, read_gaps
from assistant.gaps.records import Counts, Feedback
from assistant.gaps.upkeep import purge, purge_all
from ingest.errors import InputError
from ingest.records import Questions
from tests.assistant.conftest import Run, Shelf, one_line
from tests.assistant.gaps.conftest import NOW, OFF, ON, outcome, stored
from tests.conftest import ROOT
from tests.promises import Shown

DAY = timedelta(days=1)
REDACTION = ROOT / "tests" / "data" / "redaction"


def test_nothing_is_written_where_questions_are_not_kept(kept: Path) -> None:
    assert note_question(kept, OFF, outcome("When do you close?"), NOW) is None
    assert not kept.exists()


def test_what_is_kept_of_a_question(kept: Path) -> None:
    assert note_question(kept, ON, outcome("When do you close? Mail jane@example.org"), NOW) == 1
    assert note_question(kept, ON, outcome("Is it free?", "answered", 0.97), NOW) == 2
    (wording,) = read_gaps(kept)
    assert (wording.text, wording.counts, wording.first) == ("When do you close? Mail [e-mail]", Counts(refused=1), NOW)
    figures = read_figures(kept)
    assert (figures.asked, figures.answered, figures.refused) == (2, 1, 1)
    assert b"jane" not in stored(kept)


ODD = ["2026-02-30T09:30:00Z", "", "yesterday", "2026-03-02T09:30:00", b"\xff", "9999-99-99T00:00:00Z"]


@pytest.mark.parametrize("at", ODD)
@pytest.mark.parametrize("table", ["asked", "feedback"])
def test_a_row_of_no_time_is_said_in_a_line(kept: Path, at: object, table: str) -> None:
    note_question(kept, ON, outcome("When do you close?"), NOW)
    note_feedback(kept, ON, Feedback(NOW, "an-entry", helpful=True))
    with store.opened(kept) as connection:
        connection.execute(f"UPDATE {table} SET at = ?", (at,))  # noqa: S608  # names of ours
    with pytest.raises(InputError, match=r"questions\.db can not be read: .*; move it away to begin a new one$"):
        assert [read_gaps(kept), read_figures(kept), read_feedback(kept, 10)]


def test_what_is_a_gap(kept: Path) -> None:
    numbers = {
        name: note_question(kept, ON, outcome(name, what, confidence), NOW)
        for name, what, confidence in [
            ("refused", "refused", 0.1),
            ("asked back", "clarify", 0.5),
            ("followed up", "clarify", 0.5),
            ("weak", "answered", 0.7),
            ("sure", "answered", 0.9),
            ("sure but wrong", "answered", 0.9),
            ("???", "refused", 0.0),  # says nothing
        ]
    }
    note_followed(kept, ON, numbers["followed up"])
    note_feedback(kept, ON, Feedback(NOW, "an-entry", helpful=False, question=numbers["sure but wrong"]))
    note_feedback(kept, ON, Feedback(NOW, "an-entry", helpful=True, question=numbers["sure"]))
    assert {wording.text: wording.counts for wording in read_gaps(kept)} == {
        "refused": Counts(refused=1),
        "asked back": Counts(asked_back=1),
        "weak": Counts(weak=1),
        "sure but wrong": Counts(unhelpful=1),
    }


def test_wordings_are_the_same_by_their_letters(kept: Path) -> None:
    for days, text in enumerate(["when do you close", "When do you close?", "WHEN do you close"]):
        note_question(kept, ON, outcome(text), NOW + 7 * days * DAY)
    (wording,) = read_gaps(kept)
    assert wording.text == "WHEN do you close"
    assert [(week.name, week.count) for week in wording.weeks] == [("2026-W10", 1), ("2026-W11", 1), ("2026-W12", 1)]


@pytest.mark.parametrize(("settings", "question"), [(ON, 7), (OFF, None)])
def test_feedback_is_kept_but_its_question_only_where_questions_are(
    kept: Path, settings: Questions, question: int | None
) -> None:
    given = Feedback(NOW, "an-entry", helpful=False, reason="I rang 07700 900123. " + "x" * 600, question=7)
    assert note_feedback(kept, settings, given)
    (kept,) = read_feedback(kept, most=10)
    assert kept.reason.startswith("I rang [phone number]. xxx")
    assert len(kept.reason) == 500
    assert (kept.entry, kept.helpful, kept.question, kept.when) == ("an-entry", False, question, NOW)


def test_only_its_owner_may_read_it(kept: Path) -> None:
    note_question(kept, ON, outcome("When do you close?"), NOW)
    (kept / "questions.db").chmod(0o644)
    note_question(kept, ON, outcome("When do you close?"), NOW)
    with store.opened(kept) as connection:
        connection.execute("DELETE FROM asked")
        modes = {path.name: path.stat().st_mode & 0o777 for path in kept.glob("questions.db*")}
    assert modes == {"questions.db": 0o600, "questions.db-wal": 0o600, "questions.db-shm": 0o600}


def test_purged_text_is_in_none_of_the_files(kept: Path, shown: Shown) -> None:
    old, new = "a marmalade umbrella", "a turquoise bicycle"
    note_question(kept, ON, outcome(old), NOW)
    # Somebody else has the file open: then SQLite leaves what was written in its log until it is told to empty that.
    with closing(sqlite3.connect(kept / store.NAME)) as other:
        assert other.execute("SELECT count(*) FROM asked").fetchone() == (1,)
        for number in range(60):
            note_question(kept, ON, outcome(f"{old} {number} " + "long " * number), NOW)
            note_feedback(kept, ON, Feedback(NOW, None, helpful=False, reason=f"{old} {number}"))
        with store.opened(kept) as connection:
            row = (store.stamp(NOW), "dismissed", old, "amarmaladeumbrella")
            connection.execute("INSERT INTO decided (at, what, text, letters) VALUES (?, ?, ?, ?)", row)
        note_question(kept, ON, outcome(new), NOW + 90 * DAY)
        assert old.encode() in stored(kept)
        gone = purge(kept, ON, NOW + 91 * DAY)
        assert (gone.asked, gone.feedback, gone.decided, gone.total) == (61, 60, 1, 122)
        assert b"marmalade" not in stored(kept)
        assert new.encode() in stored(kept)
        assert purge(kept, ON, NOW + 91 * DAY).total == 0
        assert purge_all(kept, NOW).asked == 1
        assert b"turquoise" not in stored(kept)
    shown(
        "What is purged stands in no file any more",
        "questions, reasons and decisions, by age and all together, while somebody else has the file open",
        gone.total + 1,
        "no byte of a purged text in the database or beside it",
    )


def test_whoever_writes_on_a_later_day_purges(kept: Path) -> None:
    note_question(kept, ON, outcome("a marmalade umbrella"), NOW)
    note_question(kept, ON, outcome("a turquoise bicycle"), NOW + 90 * DAY)
    assert b"marmalade" in stored(kept)
    note_question(kept, ON, outcome("a turquoise bicycle"), NOW + 91 * DAY)
    assert b"marmalade" not in stored(kept)


def test_a_number_is_not_used_again(kept: Path) -> None:
    first = note_question(kept, ON, outcome("a marmalade umbrella"), NOW)
    purge_all(kept, NOW)
    assert note_question(kept, ON, outcome("a turquoise bicycle"), NOW) != first


def test_a_purge_waits_for_nobody_who_reads(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "PATIENCE", 0.05)
    note_question(kept, ON, outcome("a marmalade umbrella"), NOW)
    with closing(sqlite3.connect(kept / "questions.db", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM asked").fetchall()
        with pytest.raises(InputError, match="can not be purged"):
            purge_all(kept, NOW)
    purge_all(kept, NOW)
    assert b"marmalade" not in stored(kept)


def test_threads_and_processes_write_at_once(kept: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from tests.assistant.gaps.conftest import *;"
        "from assistant.gaps.log import note_question\n"
        "for n in range(20): assert note_question(Path(sys.argv[1]), ON, outcome(f'process {n}'), NOW)"
    )
    command = [sys.executable, "-c", code, str(kept)]
    processes = [subprocess.Popen(command, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}) for _ in range(2)]
    numbers: list[int | None] = []

    def write(name: int) -> None:
        numbers.extend(note_question(kept, ON, outcome(f"thread {name} {n}"), NOW) for n in range(20))

    threads = [threading.Thread(target=write, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [process.wait() for process in processes] == [0, 0]
    assert None not in numbers
    assert read_figures(kept).asked == 120


def break_file(kept: Path) -> None:
    kept.mkdir()
    (kept / "questions.db").write_bytes(b"this is no database" * 100)


def lock_file(kept: Path) -> None:
    note_question(kept, ON, outcome("first"), NOW)
    holder = sqlite3.connect(kept / "questions.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    HELD.append(holder)


def fill_disk(kept: Path) -> None:
    kept.write_text("a file where the folder should be")


def write_later_version(kept: Path) -> None:
    note_question(kept, ON, outcome("first"), NOW)
    with closing(sqlite3.connect(kept / "questions.db")) as connection:
        connection.execute("PRAGMA user_version = 99")


HELD: list[sqlite3.Connection] = []


@pytest.mark.parametrize("spoil", [break_file, lock_file, fill_disk, write_later_version])
def test_no_question_fails_because_of_the_log(
    kept: Path,
    spoil: object,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(store, "PATIENCE", 0.05)
    assert callable(spoil)
    spoil(kept)
    with caplog.at_level(logging.DEBUG):
        assert note_question(kept, ON, outcome("a marmalade umbrella"), NOW) is None
        assert not note_feedback(kept, ON, Feedback(NOW, None, helpful=False, reason="a marmalade umbrella"))
    while HELD:
        HELD.pop().close()
    assert caplog.records
    assert "can not be written" in caplog.text
    assert "marmalade" not in caplog.text


@pytest.mark.soak
def test_what_is_kept_is_the_redacted_text(kept: Path, shown: Shown) -> None:
    personal = [json.loads(line) for line in (REDACTION / "personal.jsonl").read_text("utf-8").splitlines()]
    harmless = (REDACTION / "harmless.txt").read_text("utf-8").splitlines()
    wanted = [*((row["text"], row["redacted"]) for row in personal), *((text, text) for text in harmless)]
    for text, _ in wanted:
        assert note_question(kept, ON, outcome(text), NOW)
        assert note_feedback(kept, ON, Feedback(NOW, None, helpful=False, reason=text))
    with store.opened(kept, to_read=True) as connection:
        asked = [text for (text,) in connection.execute("SELECT text FROM asked ORDER BY id")]
        said = [text for (text,) in connection.execute("SELECT reason FROM feedback ORDER BY id")]
    assert asked == [redacted for _, redacted in wanted]
    assert said == [redacted.strip() for _, redacted in wanted]
    shown(
        "Questions and reasons are kept without personal data, names aside",
        "texts with personal data in many forms, and harmless ones that look alike",
        len(wanted),
        f"{len(personal)} kept redacted, {len(harmless)} as they were typed",
    )


def test_no_secret_is_in_the_files_or_the_logs(
    kept: Path, test_data: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, shown: Shown
) -> None:
    rows = [json.loads(line) for line in (test_data / "robustness" / "pii_queries_synthetic.jsonl").open()]
    secrets = {
        "q000": "QQ 12 34 56 C", "q001": "QQ123456C", "q002": "jane.doe@example.org", "q003": "07700 900123",
        "q004": "+44 20 7946 0958", "q005": "999 000 0009", "q006": "4111 1111 1111 1111", "q007": "SW1A 1AA",
        "q008": "01/02/1980", "q009": "00000000", "q010": "passport 000000000", "q011": "user:secret@",
        "q012": "sk-test-0000000000000000000000000000", "q013": "203.0.113.7",
    }  # fmt: skip
    for row in rows:
        assert note_question(kept, ON, outcome(row["query"]), NOW)
        assert note_feedback(kept, ON, Feedback(NOW, None, helpful=False, reason=row["query"]))
    from assistant.gaps.clusters import cluster
    from assistant.gaps.exports import gaps_csv

    gaps = cluster(read_gaps(kept), _Plain())
    written = stored(kept) + gaps_csv(gaps)
    monkeypatch.setattr(store, "PATIENCE", 0.05)
    monkeypatch.setattr(store, "opened", _failing)
    with caplog.at_level(logging.DEBUG):
        for row in rows:
            assert note_question(kept, ON, outcome(row["query"]), NOW) is None
    written += caplog.text.encode()
    assert [secret for secret in secrets.values() if secret.encode() in written] == []
    assert b"What is form SA100?" in written
    shown(
        "Personal data of a question is in no file, export or log",
        "public synthetic questions with secrets, also where the log of questions can not be written",
        len(rows),
        f"none of {len(secrets)} secrets found",
    )


def _failing(kept: Path) -> object:
    raise sqlite3.OperationalError("disk full while writing something")


class _Plain:
    """As much of an index as clusters need."""

    adapter = None

    def __init__(self) -> None:
        from tests.conftest import HashedWords

        self.encoder = HashedWords()


def test_the_command_purges(run: Run, shelf: Shelf) -> None:
    now = datetime.now(UTC)
    note_question(shelf.home, ON, outcome("a marmalade umbrella"), now - 100 * DAY)
    with store.opened(shelf.home) as connection:  # what was written today already is not looked at again
        row = (store.stamp(now), "new", "new", "refused", 0)
        connection.execute("INSERT INTO asked (at, text, letters, outcome, confidence) VALUES (?, ?, ?, ?, ?)", row)
    ran = run("purge", "--home", shelf.home)
    assert ran.code == 0, ran.err
    assert ran.err == "deleted 1 rows: 1 questions, 0 of feedback, 0 decisions\n"
    assert b"marmalade" not in stored(shelf.home)
    assert "deleted 1 rows" in run("purge", "--home", shelf.home, "--all").err


def test_the_command_says_what_is_wrong(run: Run, tmp_path: Path) -> None:
    (tmp_path / "questions.db").write_bytes(b"this is no database" * 100)
    for options in ([], ["--all"]):
        ran = run("purge", "--home", tmp_path, *options)
        assert ran.code == 2
        assert "can not be purged" in one_line(ran)


@pytest.mark.parametrize("spoil", ["nothing", "schema", "corpus.json", "pointer"])
def test_a_home_is_purged_whatever_its_index_is_like(run: Run, shelf: Shelf, spoil: str) -> None:
    now = datetime.now(UTC)
    note_question(shelf.home, ON, outcome("a marmalade umbrella"), now - 100 * DAY)
    generation = shelf.home / "generations" / (shelf.home / "current").read_text().strip()
    if spoil == "schema":
        (generation / "manifest.json").write_text('{"schema": 1}')
    elif spoil == "corpus.json":
        (generation / "corpus.json").write_bytes(b"\0")
    elif spoil == "pointer":
        (shelf.home / "current").unlink()
    assert run("purge", "--home", shelf.home).err.startswith("deleted 1 rows")


def test_the_command_keeps_as_long_as_the_pages_say(run: Run, shelf: Shelf) -> None:
    generation = shelf.home / "generations" / (shelf.home / "current").read_text().strip()
    corpus = json.loads((generation / "corpus.json").read_bytes()) | {"questions": {"keep_days": 120}}
    (generation / "corpus.json").write_text(json.dumps(corpus))
    note_question(shelf.home, ON, outcome("a marmalade umbrella"), datetime.now(UTC) - 100 * DAY)
    assert run("purge", "--home", shelf.home).err.startswith("deleted 0 rows")


def test_a_home_without_anything_is_purged(run: Run, tmp_path: Path) -> None:
    assert run("purge", "--home", tmp_path).err == "deleted 0 rows: 0 questions, 0 of feedback, 0 decisions\n"
    assert list(tmp_path.iterdir()) == []


def test_an_older_file_is_brought_up_to_date(kept: Path) -> None:
    note_question(kept, ON, outcome("When do you close?"), NOW)
    with closing(sqlite3.connect(kept / "questions.db")) as connection:
        connection.execute("DROP INDEX feedback_question")
        connection.execute("PRAGMA user_version = 1")
    assert len(read_gaps(kept)) == 1
    with store.opened(kept, to_read=True) as connection:
        plan = connection.execute("EXPLAIN QUERY PLAN SELECT * FROM feedback WHERE question = 1").fetchall()
    assert "feedback_question" in str(plan)


def test_reading_waits_for_nobody_who_writes(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "PATIENCE", 0.0)
    note_question(kept, ON, outcome("When do you close?"), NOW)
    with store.opened(kept):
        assert read_figures(kept).asked == 1


def test_a_flood_leaves_the_newest(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "MOST", 20)
    monkeypatch.setattr(log, "LOOK", 10)
    for number in range(100):
        note_question(kept, ON, outcome(f"Is it number {number}?"), NOW)
    texts = {wording.text for wording in read_gaps(kept)}
    assert len(texts) == 20
    assert "Is it number 99?" in texts


def test_a_link_out_of_the_home_is_not_followed(kept: Path, tmp_path: Path) -> None:
    kept.mkdir()
    (kept / store.NAME).symlink_to(tmp_path / "elsewhere")
    assert note_question(kept, ON, outcome("When do you close?"), NOW) is None
    assert not (tmp_path / "elsewhere").exists()
