"""A rebuild is a reviewed change: what stops it, what is left as it was, and the way back."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest

from assistant import cli_build
from index.reader import open_index
from index.store import CHECKED, current_generation
from ingest.fetch.client import Client
from tests.assistant.conftest import Ran, Run, Shelf, one_line
from tests.conftest import HashedWords
from tests.ingest.fetch.site import Page, Site, describe, make_page, serve

ASKED = {
    "a": "Where can I park my car?",
    "b": "How do I pay the council tax?",
    "c": "Which bins are emptied on Monday?",
    "d": "Who looks after street lights?",
    "e": "May I keep chickens?",
    "f": "What does a wedding cost?",
    "g": "Why was my application turned down?",
    "h": "When does the swimming pool close?",
    "i": "Is there a grant for insulation?",
}
DOWN = Page(b"down", 503)
GONE = Page(status=410)


def snapshot(*folders: Path) -> dict[Path, bytes]:
    """Every file, but for what a build keeps for the next one, the file that builders lock, and what was checked."""
    files = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    kept = {".fetch", cli_build.CACHE}
    return {
        path: path.read_bytes() for path in files if kept.isdisjoint(path.parts) and path.name not in ("lock", CHECKED)
    }


class Desk(NamedTuple):
    """A site, a corpus of it, and its index."""

    site: Site
    corpus: Path
    home: Path
    run: Run
    encoder: HashedWords

    def build(self, *options: str) -> Ran:
        self.site.forget()
        self.encoder.encoded.clear()
        return self.run("build", "--corpus", self.corpus, "--home", self.home, *options)

    def crawl(self, *options: str) -> Ran:
        return self.build("--refresh", "--allow-private", *options)

    def ids(self) -> list[str]:
        return [json.loads(line)["id"] for line in (self.corpus / "entries.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture
def desk(tmp_path: Path, run: Run, encoder: HashedWords, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A site of ten pages, crawled and indexed with the test encoder."""
    for module in ("index.reader", "index.encoder"):
        monkeypatch.setattr(f"{module}.load_encoder", lambda *given: encoder)
    monkeypatch.setattr("ingest.fetch.client.Client", partial(Client, delay=0, sleep=lambda seconds: None))
    with serve() as site:
        site.pages = {"/help/": make_page("What is help?", *(f"/help/{letter}" for letter in ASKED))}
        site.pages |= {f"/help/{letter}": make_page(question, "/help/") for letter, question in ASKED.items()}
        desk = Desk(site, describe(tmp_path / "corpus", site), tmp_path / "home", run, encoder)
        done = desk.crawl()
        assert done.code == 0, done.err
        assert len(desk.ids()) == 10
        yield desk


def test_a_crawl_of_an_unchanged_site_changes_nothing(desk: Desk) -> None:
    before = snapshot(desk.corpus, desk.home)
    stamps = {path: path.stat().st_mtime_ns for path in before}
    done = desk.crawl()
    assert done.code == 0, done.err
    assert "0 added, 0 changed, 0 removed, 0 moved" in done.err
    assert "nothing encoded" in done.err
    assert snapshot(desk.corpus, desk.home) == before
    assert {path: path.stat().st_mtime_ns for path in before} == stamps
    assert desk.encoder.encoded == []
    assert desk.site.sent == []


def test_most_pages_down_changes_nothing_and_says_so(desk: Desk) -> None:
    before = snapshot(desk.corpus, desk.home)
    good = dict(desk.site.pages)
    desk.site.pages["/help/h"] = make_page("What has changed?", "/help/")
    desk.site.pages |= dict.fromkeys([f"/help/{letter}" for letter in "abcdef"], DOWN)
    done = desk.crawl()
    assert done.code == 1
    assert "alarm: 6 of 10 pages (60%) of 'Help desk' failed or vanished (6 did not come" in done.err
    last = done.err.rstrip("\n").split("\n")[-1]
    assert last.startswith("citewell: stopped at 1 alarm, nothing was changed")
    assert "--accept: it would put 1 fetched pages in place" in last
    assert snapshot(desk.corpus, desk.home) == before
    assert (desk.corpus / ".fetch").is_dir()
    # What is down keeps its entries, even where a person says to go on.
    done = desk.crawl("--accept")
    assert done.code == 0, done.err
    assert len(desk.ids()) == 10
    assert "what-has-changed" in desk.ids()
    desk.site.pages = good | {"/help/h": desk.site.pages["/help/h"]}
    assert desk.crawl().code == 0
    assert len(desk.ids()) == 10


def test_a_page_goes_only_when_it_is_gone(desk: Desk) -> None:
    desk.site.pages["/help/a"] = DOWN
    assert desk.crawl().code == 0
    assert "where-can-i-park-my-car" in desk.ids()
    desk.site.pages["/help/a"] = GONE
    done = desk.crawl()
    assert done.code == 0, done.err
    assert "removed: where-can-i-park-my-car" in done.err
    assert "where-can-i-park-my-car" not in desk.ids()
    assert not (desk.corpus / "pages" / "help-desk" / "help-a.html").exists()


def test_a_refused_crawl_can_be_accepted_without_asking_again(desk: Desk) -> None:
    before = snapshot(desk.corpus, desk.home)
    for letter in "abc":
        desk.site.pages[f"/help/{letter}"] = GONE
    assert desk.crawl().code == 1
    assert snapshot(desk.corpus, desk.home) == before
    done = desk.crawl("--accept")
    assert done.code == 0, done.err
    assert "alarm: 3 of 10 pages" in done.err
    assert "3 removed" in done.err
    assert len(desk.ids()) == 7


class Killed(BaseException):
    """What ends a process at once: nobody is to catch it, and nothing is to clean up after it."""


def kill_at(monkeypatch: pytest.MonkeyPatch, step: int) -> Callable[[], int]:
    """End everything at the ``step``th change of a file's name; what is returned tells how many there were."""
    steps = 0

    def guard(change: Callable[..., object]) -> Callable[..., object]:
        def changed(path: Path, *args: object, **options: object) -> object:
            nonlocal steps
            if (
                CHECKED in path.name
            ):  # it is written when the files have settled: sooner or later, and nothing hangs on it
                return change(path, *args, **options)
            steps += 1
            if steps == step:
                raise Killed
            return change(path, *args, **options)

        return changed

    for name in ("replace", "rename"):
        monkeypatch.setattr(Path, name, guard(getattr(Path, name)))
    monkeypatch.setattr("index.publish.discard", lambda staged: None)
    return lambda: steps


def state(desk: Desk) -> tuple[object, ...]:
    """What a build leaves, but for when pages came."""
    built = {path: content for path, content in snapshot(desk.corpus).items() if path.name != "captures.jsonl"}
    return built, current_generation(desk.home)


def test_killed_at_any_step_the_next_build_completes_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    first, pages = dict(desk.site.pages), snapshot(desk.corpus)
    second = first | {"/help/a": make_page("What is new?", "/help/"), "/help/b": GONE}

    def go_back() -> None:
        desk.site.pages = first
        for path in desk.corpus.rglob("*"):
            if path.is_file() and ".fetch" not in path.parts and path not in pages:
                path.unlink()
        for path, content in pages.items():
            path.parent.mkdir(exist_ok=True, parents=True)
            path.write_bytes(content)
        assert desk.crawl().code == 0

    desk.site.pages = second
    with monkeypatch.context() as patch:
        count = kill_at(patch, 0)
        assert desk.crawl().code == 0
        steps = count()
    done = state(desk)
    assert steps > 8
    for step in range(1, steps + 1):
        go_back()
        shutil.rmtree(desk.home / "generations" / done[1])  # else the build finds what it is to make, and takes it
        was = current_generation(desk.home)
        desk.site.pages = second
        with monkeypatch.context() as patch:
            kill_at(patch, step)
            with pytest.raises(Killed):
                _run_raw(desk)
        assert current_generation(desk.home) in (was, done[1]), step
        assert len(open_index(desk.home).entries) in (9, 10)
        ran = desk.crawl()
        assert ran.code == 0, ran.err
        assert state(desk) == done, step


def _run_raw(desk: Desk) -> None:
    """The command without the door that turns exceptions into exit codes."""
    cli_build.build(desk.corpus, desk.home, refresh=True, allow_private=True, accept=False, model=None, adapt=True)


def build(run: Run, shelf: Shelf, *options: str) -> Ran:
    return run("build", *shelf.options, *options)


@pytest.fixture
def ready(run: Run, shelf: Shelf) -> Shelf:
    """The made-up library, built by the command."""
    assert build(run, shelf).code == 0
    return shelf


def edit(shelf: Shelf, name: str, was: str, now: str) -> None:
    path = shelf.corpus / "pages" / name
    text = path.read_text("utf-8")
    assert was in text
    path.write_text(text.replace(was, now), encoding="utf-8")


def test_the_plan_shows_what_changes(run: Run, ready: Shelf) -> None:
    edit(ready, "using.txt", "ten pence a day", "twenty pence a day")
    edit(ready, "using.txt", "Can I print in the reading room?", "Where can I print?")
    (ready.corpus / "alternates.jsonl").unlink()
    done = build(run, ready)
    assert done.code == 0, done.err
    assert "4 entries (0 added, 1 changed, 0 removed, " in done.err
    assert "is [-ten-] {+twenty+} pence a day for each" in done.err
    assert "moved: can-i-print-in-the-reading-room is now where-can-i-print" in done.err


VANISHED = [
    (
        ("Can I print in the reading room?", "Where can I print?"),
        [9, 10],
        "names 'can-i-print-in-the-reading-room', which is no entry any more (line 9, 10): write 'where-can-i-print'",
    ),
    (
        ("Can I print in the reading room?\n\n", ""),
        [9, 10],
        "which is no entry any more (line 9, 10): name another entry there, or drop the rows",
    ),
    (
        ("After that the book has to come back to the desk.", ""),
        [11],
        "names paragraph 1 of 'how-long-can-i-keep-a-book', which it has not (line 11): name another there, or null",
    ),
]


@pytest.mark.parametrize(("change", "lines", "named"), VANISHED)
def test_rows_that_name_what_has_vanished(
    run: Run, ready: Shelf, change: tuple[str, str], lines: list[int], named: str
) -> None:
    with (ready.corpus / "alternates.jsonl").open("a") as file:
        file.write(
            '{"entry": "how-long-can-i-keep-a-book", "paragraph": 1, "text": "t", "by": "t", "reviewed": true}\n'
        )
    assert build(run, ready).code == 0
    edit(ready, "using.txt", *change)
    rows = (ready.corpus / "alternates.jsonl").read_bytes()
    before = snapshot(ready.corpus, ready.home)
    done = build(run, ready)
    assert done.code == 1, done.err
    assert named in done.err
    assert f"that is no more (line {', '.join(map(str, lines))});" in done.err
    assert "--accept passes over such rows" in done.err
    assert snapshot(ready.corpus, ready.home) == before
    done = build(run, ready, "--accept")
    assert done.code == 0, done.err
    assert "--accept passes over such rows" in done.err
    assert (ready.corpus / "alternates.jsonl").read_bytes() == rows
    # They are still wrong: whoever runs the next build is told again, until they are mended.
    assert build(run, ready).code == 1
    kept = [row for line, row in enumerate(rows.decode().splitlines(keepends=True), start=1) if line not in lines]
    (ready.corpus / "alternates.jsonl").write_text("".join(kept), encoding="utf-8")
    done = build(run, ready)
    assert done.code == 0, done.err
    assert "alarm:" not in done.err


def drop_entries(shelf: Shelf) -> None:
    text = (shelf.corpus / "pages" / "using.txt").read_text("utf-8")
    (shelf.corpus / "pages" / "using.txt").write_text(text.partition("Is there a charge")[0], encoding="utf-8")
    (shelf.corpus / "alternates.jsonl").unlink()


def empty_a_page(shelf: Shelf) -> None:
    (shelf.corpus / "pages" / "more" / "b.txt").write_text("Closed for good.\n\nSee you.\n", encoding="utf-8")


def repeat_a_text(shelf: Shelf) -> None:
    for name in "abc":
        path = shelf.corpus / "pages" / "more" / f"{name}.txt"
        path.write_text(path.read_text("utf-8") + "\n\nThe server is being repaired at the moment.\n", encoding="utf-8")


def lose_files(shelf: Shelf) -> None:
    for name in "ab":
        (shelf.corpus / "pages" / "more" / f"{name}.txt").unlink()


CAUSES = [
    (drop_entries, "entries drop from 7 to 5, by 29% (more than 20% stop a build)"),
    (empty_a_page, "1 page that gave entries before gives none now"),
    (repeat_a_text, "one text turned up on 3 of 3 pages of 'More'"),
    (lose_files, "2 of 3 pages (67%) of 'More' failed or vanished"),
]


@pytest.fixture
def wide(run: Run, ready: Shelf) -> Shelf:
    """The library with a folder of three more pages."""
    folder = ready.corpus / "pages" / "more"
    folder.mkdir()
    for name, topic in zip("abc", ("music", "maps", "films"), strict=True):
        text = f"Where are the {topic}?\n\nThe {topic} stand on the floor of {topic}, beside the stairs.\n\nBye.\n"
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    with (ready.corpus / "sources.toml").open("a") as file:
        file.write('\n[[source]]\ntitle = "More"\nfolder = "pages/more"\npublisher = "p"\nkind = "faq"\n')
    done = build(run, ready)
    assert done.code == 0, done.err
    return ready


@pytest.mark.parametrize(("cause", "said"), CAUSES)
def test_alarms_stop_a_build_and_can_be_accepted(
    run: Run, wide: Shelf, cause: Callable[[Shelf], None], said: str
) -> None:
    cause(wide)
    before = snapshot(wide.corpus, wide.home)
    done = build(run, wide)
    assert done.code == 1
    assert f"alarm: {said}" in done.err
    assert "--accept" in done.err.rstrip("\n").split("\n")[-1]
    assert snapshot(wide.corpus, wide.home) == before
    accepted = build(run, wide, "--accept")
    assert accepted.code == 0, accepted.err
    assert f"alarm: {said}" in accepted.err
    again = build(run, wide)
    assert again.code == 0
    assert "alarm:" not in again.err


WORDS = "zork blip quux frob nard plugh xyzzy grault waldo fred thud snarf".split()


def teach(shelf: Shelf, entry: str) -> None:
    """Let words that stand on no page mean ``entry``."""
    path = shelf.corpus / "alternates.jsonl"
    kept = [row for row in path.read_text("utf-8").splitlines(keepends=True) if "zork" not in row]
    rows = [
        json.dumps({"entry": entry, "paragraph": None, "text": f"zork {word}", "by": "t", "reviewed": True}) + "\n"
        for word in WORDS
    ]
    path.write_text("".join([*kept, *rows]), encoding="utf-8")


def test_an_index_that_is_worse_on_the_test_set(run: Run, shelf: Shelf, encoder: HashedWords) -> None:
    good, bad = "is-there-a-charge-for-late-books", "can-i-print-in-the-reading-room"
    rows = [
        json.dumps({"id": n, "question": f"zork {word}?", "relevant": [good], "kind": "k"}) + "\n"
        for n, word in enumerate(WORDS)
    ]
    rows.append('{"id": "x", "question": "zork fred?", "relevant": ["no-such-entry"], "kind": "k"}\n')
    (shelf.corpus / "testset.jsonl").write_text("".join(rows))
    teach(shelf, good)
    assert build(run, shelf).code == 0
    teach(shelf, bad)
    before = snapshot(shelf.corpus, shelf.home)
    encoder.encoded.clear()
    done = build(run, shelf)
    assert done.code == 1
    assert "test set, 12 questions, 1 left out" in done.err
    assert "alarm: on testset.jsonl, right entry first (hit@1): 1.000 now, 0.000 with this build (-1.000" in done.err
    asked = [text for text in encoder.encoded if text.startswith("zork") and text.endswith("?")]
    assert len(asked) == len(set(asked)) == len(WORDS) + 1  # a spelling that one of the two corrects
    assert snapshot(shelf.corpus, shelf.home) == before
    assert build(run, shelf, "--accept").code == 0
    teach(shelf, good)
    done = build(run, shelf)
    assert done.code == 0, done.err
    assert "hit@1 0.000 to 1.000" in done.err


@pytest.mark.parametrize("relevant", ['["no-such-entry"]', '["where-are-the-maps"]'])
def test_a_test_set_that_fits_neither_or_one_of_the_two(run: Run, ready: Shelf, relevant: str) -> None:
    row = f'{{"id": "x", "question": "Where are the maps?", "relevant": {relevant}, "kind": "k"}}\n'
    (ready.corpus / "testset.jsonl").write_text(row)
    with (ready.corpus / "pages" / "using.txt").open("a", encoding="utf-8") as page:
        page.write("\n\nWhere are the maps?\n\nThe maps stand on the second floor, beside the stairs.\n")
    done = build(run, ready)
    assert done.code == 0, done.err
    assert "test set, 0 questions, 1 left out" in done.err
    assert len(open_index(ready.home).entries) == 5


def test_rollback_returns_and_returns_again(run: Run, ready: Shelf) -> None:
    old = current_generation(ready.home)
    edit(ready, "using.txt", "ten pence a day", "twenty pence a day")
    assert build(run, ready).code == 0
    new = current_generation(ready.home)
    corpus = snapshot(ready.corpus)
    done = run("rollback", "--home", ready.home)
    assert done.code == 0
    assert f"{old} answers again: 4 entries" in done.err
    assert f"instead of {new}: 4 entries" in done.err
    assert "the next build brings the change again" in done.err
    assert current_generation(ready.home) == old
    assert "ten pence" in str(list(open_index(ready.home).entries))
    assert snapshot(ready.corpus) == corpus
    assert run("rollback", "--home", ready.home).code == 0
    assert current_generation(ready.home) == new
    assert run("rollback", "--home", ready.home).code == 0
    again = build(run, ready)
    assert again.code == 0, again.err
    assert f"answers from {new}" in again.err
    assert current_generation(ready.home) == new
    assert "twenty pence" in str(list(open_index(ready.home).entries))
    assert run("rollback", "--home", ready.home).code == 0
    assert current_generation(ready.home) == old


def test_nothing_to_roll_back_to(run: Run, shelf: Shelf, tmp_path: Path) -> None:
    for home in (tmp_path / "nowhere", shelf.home):
        before = snapshot(home)
        done = run("rollback", "--home", home)
        assert done.code == 3
        assert "no earlier index" in one_line(done)
        assert snapshot(home) == before
    assert not (tmp_path / "nowhere").exists()


def test_no_rollback_to_a_damaged_index(run: Run, ready: Shelf) -> None:
    old = current_generation(ready.home)
    edit(ready, "using.txt", "ten pence a day", "twenty pence a day")
    assert build(run, ready).code == 0
    path = ready.home / "generations" / str(old) / "vectors.faiss"
    path.write_bytes(path.read_bytes()[:-1])
    before = snapshot(ready.home)
    done = run("rollback", "--home", ready.home)
    assert done.code == 3
    assert "vectors.faiss" in one_line(done)
    assert snapshot(ready.home) == before


@pytest.mark.parametrize("damaged", ["vectors.faiss", "manifest.json"])
def test_a_damaged_index_is_not_gone_back_to(run: Run, ready: Shelf, damaged: str) -> None:
    sound = current_generation(ready.home)
    edit(ready, "using.txt", "ten pence a day", "twenty pence a day")
    assert build(run, ready).code == 0
    path = ready.home / "generations" / str(current_generation(ready.home)) / damaged
    path.write_bytes(path.read_bytes()[:-1])
    edit(ready, "using.txt", "twenty pence a day", "thirty pence a day")
    assert build(run, ready).code == 0
    assert len(list((ready.home / "generations").iterdir())) == 2
    done = run("rollback", "--home", ready.home)
    assert done.code == 0, done.err
    assert current_generation(ready.home) == sound
    assert "ten pence" in str(list(open_index(ready.home).entries))


def test_an_unchanged_page_is_not_parsed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.captures.make_rendition", None)
    assert desk.build().code == 0


def test_what_a_refused_build_read_is_not_parsed_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.site.pages |= dict.fromkeys([f"/help/{letter}" for letter in "abc"], GONE)
    desk.site.pages["/help/d"] = make_page("What has changed?", "/help/")
    assert desk.crawl().code == 1
    monkeypatch.setattr("ingest.captures.make_rendition", None)
    done = desk.crawl("--accept")
    assert done.code == 0, done.err
    assert "1 added" in done.err
    assert len(list((desk.home / cli_build.CACHE).iterdir())) == 7


def test_a_damaged_cache_is_as_none(run: Run, ready: Shelf) -> None:
    folder = ready.home / cli_build.CACHE
    files = sorted(folder.iterdir())
    sound = {path: path.read_bytes() for path in files}
    assert len(files) == 2
    (folder / ("0" * 64)).write_bytes(b"of another build")
    for damage in (b"", b"\0" * 99, files[0].read_bytes()[:-1], b"x" + files[0].read_bytes()[1:]):
        files[0].write_bytes(damage)
        done = build(run, ready)
        assert done.code == 0, done.err
        assert "0 added, 0 changed" in done.err
        assert {path: path.read_bytes() for path in folder.iterdir()} == sound


def test_what_the_cache_did_not_write_stays(run: Run, ready: Shelf) -> None:
    """A home within the corpus, and a file of somebody's in the cache."""
    other = ready.home / cli_build.CACHE / "notes.txt"
    other.write_text("mine")
    before = ready.bytes()
    for home in (ready.corpus, ready.home):
        done = run("build", "--corpus", ready.corpus, "--home", home)
        assert done.code == 0, done.err
        assert {path: content for path, content in ready.bytes().items() if path in before} == before
    assert other.read_text() == "mine"


@pytest.mark.parametrize("home", ["pages", "pages/more/../home", "link"])
def test_no_home_among_the_pages(run: Run, ready: Shelf, home: str) -> None:
    (ready.corpus / "link").mkdir()
    (ready.corpus / "link" / cli_build.CACHE).symlink_to(ready.corpus / "pages", target_is_directory=True)
    before = ready.bytes()
    done = run("build", "--corpus", ready.corpus, "--home", ready.corpus / home)
    assert done.code == 2
    assert f"--home {ready.corpus / home} puts" in one_line(done)
    assert ready.bytes() == before
