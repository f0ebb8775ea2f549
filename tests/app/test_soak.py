"""Ten minutes of all at once: people ask, the index is rebuilt over and over, and builds and the app are killed.

Every answer of an edition of the corpus says which edition it is of, so that a wrong or mixed one is seen.
"""

from __future__ import annotations

import json
import random
import re
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from websockets.exceptions import WebSocketException

from tests.app.client import visit
from tests.app.conftest import free_port
from tests.conftest import ROOT
from tests.promises import Shown

SECONDS = 600
READERS = 4
KILL_APP_EVERY = 45  # seconds
RECOVERY = 5  # seconds from the start of an app to its first answer
FACTS = {
    "What does a late book cost?": "a late book costs ten pence for each day",
    "Can I print in colour?": "pages are printed in colour on the ground floor",
    "Who painted the ceiling of the hall?": "the ceiling of the hall was painted by two sisters",
    "When is the library open on Sundays?": "the library opens at noon on Sundays",
    "How do I renew my library card?": "library cards are renewed at the desk each spring",
    "Is there a quiet room for study?": "the quiet room for study is on the second floor",
}
COMMAND = [sys.executable, "-c", "from assistant.cli import run; run()"]
GONE = (OSError, WebSocketException, TimeoutError)  # what a reader meets while the app is killed


@dataclass
class Library:
    """A home whose corpus comes in editions, the app over it, and what happened."""

    folder: Path
    started: int = 0  # the newest edition that somebody began to publish
    finished: int = 0  # the newest that was published to the end
    took: float = 0.0  # seconds from the beginning to the end of that
    answers: int = 0
    wrong: list[str] = field(default_factory=list)
    interrupted: int = 0  # questions that were asked of an app that was killed
    builds_killed: int = 0
    recoveries: list[float] = field(default_factory=list)  # seconds
    over: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.port = free_port()

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def publish(self, patience: float | None = None) -> bool:
        """Index the next edition; kill that after so many seconds. Return whether it came to its end."""
        self.started += 1
        rows, edition, began = self.folder / "rows.jsonl", self.started, time.perf_counter()
        lines = (
            {"id": str(at), "question": q, "answer": f"Edition {edition}: {a}."}
            for at, (q, a) in enumerate(FACTS.items())
        )
        rows.write_text("\n".join(map(json.dumps, lines)), "utf-8")
        command = [*COMMAND, "index", "--entries", str(rows), "--home", str(self.home)]
        with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE) as build:
            try:
                _, said = build.communicate(timeout=patience)
            except subprocess.TimeoutExpired:
                build.kill()
                self.builds_killed += 1
                return False
        if build.returncode:
            self.wrong.append(f"edition {edition} was not built: {said.decode()}")
        self.finished, self.took = edition, time.perf_counter() - began
        return True

    def serve(self) -> subprocess.Popen[bytes]:
        """Start the app; return once it answers."""
        began = time.perf_counter()
        with (self.folder / "log.txt").open("ab") as log:
            command = [*COMMAND, "serve", "--home", str(self.home), "--port", str(self.port)]
            app = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
        pause = threading.Event()
        while time.perf_counter() - began < 60 and app.poll() is None:
            with suppress(*GONE), visit(f"http://localhost:{self.port}") as reader:
                self.check(next(iter(FACTS)), reader.ask(next(iter(FACTS))), 0)
                self.recoveries.append(time.perf_counter() - began)
                return app
            pause.wait(0.05)
        app.kill()
        raise AssertionError((self.folder / "log.txt").read_text("utf-8", "replace"))

    def check(self, question: str, sent: str, oldest: int) -> None:
        """Note an answer that is not of one edition, not to the question, or of an edition before ``oldest``."""
        editions = {int(number) for number in re.findall(r"Edition (\d+)", sent)}
        right = len(editions) == 1 and oldest <= min(editions) <= self.started and FACTS[question] in sent
        self.answers += 1
        if not right:
            self.wrong.append(f"{question} {sorted(editions)}, at least {oldest}: {sent[-500:]}")

    def read(self, seed: int) -> None:
        """Ask until all is over, in sessions of a few questions."""
        chance = random.Random(seed)  # noqa: S311
        while not self.over.is_set():
            try:
                with visit(f"http://localhost:{self.port}") as reader:
                    for question in chance.sample(list(FACTS), 4):
                        oldest = self.finished
                        self.check(question, reader.ask(question), oldest)
            except GONE:
                self.interrupted += 1
                self.over.wait(0.1)

    def rebuild(self) -> None:
        """Publish one edition after the other until all is over; about half of the builds are killed somewhere."""
        chance = random.Random(0)  # noqa: S311
        while not self.over.is_set():
            self.publish(patience=chance.uniform(0, 1.2) * self.took if chance.random() < 0.6 else None)


@pytest.mark.soak
@pytest.mark.model
def test_ten_minutes_of_readers_rebuilds_and_kills(tmp_path: Path, shown: Shown) -> None:
    library = Library(tmp_path)
    assert library.publish()
    assert library.wrong == []
    app = library.serve()
    with ThreadPoolExecutor(READERS + 1) as pool:
        working = [pool.submit(library.rebuild), *(pool.submit(library.read, seed) for seed in range(READERS))]
        end = time.monotonic() + SECONDS
        try:
            while time.monotonic() < end:
                library.over.wait(min(KILL_APP_EVERY, max(0.0, end - time.monotonic())))
                app.send_signal(signal.SIGKILL)
                app.wait()
                app = library.serve()
        finally:
            library.over.set()
            app.terminate()
            app.wait()
    for each in working:
        each.result()
    assert library.wrong == []
    assert library.answers > SECONDS
    assert max(library.recoveries) <= RECOVERY
    shown(
        "no answer is wrong, mixed or of an index that was replaced",
        f"{SECONDS // 60} minutes of {READERS} readers; {library.started} builds, of which {library.builds_killed} are "
        f"killed; the app is killed {len(library.recoveries) - 1} times",
        library.answers,
        f"0 wrong; {library.interrupted} questions cut off by a kill; "
        f"first answer {max(library.recoveries):.1f} s after the start of an app at most",
    )
