"""A refresh that is stopped, goes on, and is adopted: nothing half done is in place, nothing is asked for twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from ingest.build import build_entries
from ingest.errors import InputError
from ingest.fetch import store
from ingest.fetch.client import Client
from ingest.fetch.refresh import refresh, write_replies
from ingest.fetch.store import FOLDER, adopt
from ingest.records import Refreshed, Reply, Stored
from ingest.stored import read_stored, write_stored
from tests.ingest.fetch.site import Page, Site, describe, make_page, serve

ROOT = Path(__file__).parent.parent.parent.parent
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
PAGES = 12


class KilledError(BaseException):
    """What no handler catches, as a signal would end it."""


class Dying(Client):
    """A client that asks a number of times, and then is gone."""

    def __init__(self, times: int) -> None:
        super().__init__(private=True, delay=0)
        self.left = times

    def get(self, url: str, stored: Stored | None = None) -> Reply:
        if self.left == 0:
            raise KilledError
        self.left -= 1
        return super().get(url, stored)


@pytest.fixture
def site() -> Iterator[Site]:
    """A site with copies, redirects and pages that do not come, so that a crawl has something to get wrong."""
    with serve() as site:
        for number in range(PAGES):
            links = [f"/help/{2 * number + 1}", f"/help/{2 * number + 2}", "/help/moved"]
            site.pages[f"/help/{number}"] = make_page(f"What is number {number}?", *links)
        site.pages["/help/"] = make_page("What is help?", "/help/0", "/help/down")
        site.pages["/help/moved"] = Page(status=301, location="/help/3")
        site.pages["/help/down"] = Page(status=403)
        yield site


def run(folder: Path, times: int = 10_000, now: datetime = NOON, resume: bool = False) -> Refreshed:
    with Dying(times) as client:
        return refresh(folder, client, now=lambda: now, resume=resume)


def files_of(folder: Path, staging: bool = False) -> dict[str, bytes]:
    """The files of a corpus by their path; those of the staging on request."""
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if staging or not name.startswith(FOLDER)}


def test_nothing_changed_sends_nothing_and_writes_nothing(site: Site, tmp_path: Path) -> None:
    folder = describe(tmp_path, site)
    adopt(folder, run(folder))
    before, entries = files_of(folder), build_entries(folder).entries
    site.forget()
    again = run(folder, now=NOON + timedelta(days=30))
    assert site.sent == []
    assert again.files == {}
    assert {reply.outcome for reply in again.visited[0].replies} == {"unchanged", "refused"}
    adopt(folder, again)
    assert files_of(folder) == before
    assert build_entries(folder).entries == entries


def test_without_the_staging_the_rows_are_enough(site: Site, tmp_path: Path) -> None:
    folder = describe(tmp_path, site)
    adopt(folder, run(folder))
    (folder / FOLDER / "visits.jsonl").unlink()
    before = files_of(folder)
    site.forget()
    again = run(folder)
    assert site.sent == []
    adopt(folder, again)
    assert files_of(folder) == before


def test_a_server_without_etags_changes_nothing_either(site: Site, tmp_path: Path) -> None:
    folder = describe(tmp_path, site)
    adopt(folder, run(folder))
    write_stored(folder, [msgspec.structs.replace(row, etag=None) for row in read_stored(folder).values()])
    (folder / FOLDER / "visits.jsonl").unlink()
    before = files_of(folder)
    adopt(folder, run(folder, now=NOON + timedelta(days=30)))
    assert files_of(folder) == before


def test_a_crawl_stopped_anywhere_goes_on(site: Site, tmp_path: Path) -> None:
    whole = describe(tmp_path / "whole", site)
    with Dying(1000) as client:
        adopt(whole, refresh(whole, client, now=lambda: NOON))
    asked = 1000 - client.left
    for times in range(asked):
        folder = describe(tmp_path / f"stopped-{times}", site)
        with pytest.raises(KilledError):
            run(folder, times)
        assert list(files_of(folder)) == ["sources.toml"]
        with Dying(asked - times + 2) as client:  # of what was asked for before, what came is not asked for again
            adopt(folder, refresh(folder, client, now=lambda: NOON))
        assert files_of(folder) == files_of(whole)


def test_a_crawl_stopped_again_and_again_ends(site: Site, tmp_path: Path) -> None:
    folder, whole = describe(tmp_path / "stopped", site), describe(tmp_path / "whole", site)
    for _ in range(100):
        try:
            adopt(folder, run(folder, 3))
            break
        except KilledError:
            continue
    adopt(whole, run(whole))
    assert files_of(folder) == files_of(whole)


CHILD = """
import sys
from datetime import datetime
from pathlib import Path
from ingest.fetch.client import Client
from ingest.fetch.refresh import refresh
with Client(private=True, delay=0) as client:
    refresh(Path(sys.argv[1]), client, now=lambda: datetime.fromisoformat(sys.argv[2]))
"""


@pytest.mark.parametrize("times", [1, 7, 14])
def test_a_process_that_is_killed_goes_on(times: int, site: Site, tmp_path: Path) -> None:
    folder, whole = describe(tmp_path / "killed", site), describe(tmp_path / "whole", site)
    started: list[subprocess.Popen[bytes]] = []

    def kill() -> None:
        if started and len(site.asked) == times:
            started[0].send_signal(signal.SIGKILL)

    site.before = kill
    site.forget()
    command = [sys.executable, "-c", CHILD, str(folder), NOON.isoformat()]
    started.append(subprocess.Popen(command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}))
    assert started[0].wait(60) == -signal.SIGKILL
    site.before = lambda: None
    adopt(folder, run(folder))
    adopt(whole, run(whole))
    assert files_of(folder) == files_of(whole)


def test_a_torn_row_is_as_if_not_there(site: Site, tmp_path: Path) -> None:
    folder, whole = describe(tmp_path / "torn", site), describe(tmp_path / "whole", site)
    run(folder)
    visits = folder / FOLDER / "visits.jsonl"
    content = visits.read_bytes()
    visits.write_bytes(content[: len(content) * 2 // 3] + b'\n{"broken": 1}\n{"url": "http')
    adopt(folder, run(folder))
    adopt(whole, run(whole))
    assert files_of(folder) == files_of(whole)


def test_staged_bytes_that_were_lost_are_asked_for_again(site: Site, tmp_path: Path) -> None:
    folder, whole = describe(tmp_path / "lost", site), describe(tmp_path / "whole", site)
    run(folder)
    for path in (folder / FOLDER / "bodies").iterdir():
        path.unlink()
    adopt(folder, run(folder))
    adopt(whole, run(whole))
    assert files_of(folder) == files_of(whole)


def test_what_was_staged_longer_ago_is_asked_for_anew(site: Site, tmp_path: Path) -> None:
    folder = describe(tmp_path, site)
    run(folder)
    site.forget()
    run(folder, now=NOON + timedelta(hours=23), resume=True)
    assert "/help/1" not in site.asked
    site.forget()
    later = run(folder, now=NOON + timedelta(days=2), resume=True)
    assert "/help/1" in site.asked
    assert site.sent == []
    assert {row.fetched for row in later.rows} == {"2026-06-01T12:00:00Z"}


def test_what_nobody_accepted_is_asked_for_again(site: Site, tmp_path: Path) -> None:
    folder = describe(tmp_path, site)
    site.pages["/help/1"], good = "<h2>Is it broken?</h2><p>It is.</p>", site.pages["/help/1"]
    run(folder)
    site.pages["/help/1"] = good
    site.forget()
    refreshed = run(folder)
    assert "/help/1" in site.asked
    assert "/help/1" in site.sent
    assert "/help/2" not in site.sent  # it has not changed
    adopt(folder, refreshed)
    assert (folder / "pages/help-desk/help-1.html").read_text() == good


def test_a_page_that_was_mended_is_asked_for_again_at_once(site: Site, tmp_path: Path) -> None:
    folder = describe(tmp_path, site)
    good = site.pages["/help/1"]
    site.pages["/help/1"] = "<title>Page not found</title>"
    assert f"{site.home}/help/1" not in {row.url for row in run(folder).rows}
    site.pages["/help/1"] = good
    assert f"{site.home}/help/1" in {row.url for row in run(folder).rows}


def test_an_edited_capture_is_fetched_again(site: Site, tmp_path: Path) -> None:
    folder = describe(tmp_path, site)
    adopt(folder, run(folder))
    before = files_of(folder)
    (folder / "pages/help-desk/help-1.html").write_text("edited")
    (folder / "pages/help-desk/help-2.html").unlink()
    adopt(folder, run(folder))
    assert files_of(folder) == before


@pytest.mark.parametrize("step", range(8))
def test_an_adoption_that_was_stopped_is_done_again(
    step: int, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, whole = describe(tmp_path / "stopped", site), describe(tmp_path / "whole", site)
    for each in (folder, whole):
        adopt(each, run(each))
    site.pages |= {f"/help/{number}": make_page(f"What is new number {number}?", "/help/3") for number in range(4)}
    site.pages["/help/4"] = site.pages["/help/5"] = Page(status=404)
    later = NOON + timedelta(days=9)
    adopt(whole, run(whole, now=later))
    stop_at(monkeypatch, step)
    with pytest.raises(KilledError):
        adopt(folder, run(folder, now=later))
    monkeypatch.undo()
    adopt(folder, run(folder, now=later))
    assert files_of(folder) == files_of(whole)
    assert not (folder / FOLDER / "bodies").exists()


def stop_at(monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    """Let the adoption do ``step`` of its steps that change something."""
    left = [step]

    def count(work: Callable[..., object]) -> Callable[..., object]:
        def counted(*arguments: object, **options: object) -> object:
            if left[0] == 0:
                raise KilledError
            left[0] -= 1
            return work(*arguments, **options)

        return counted

    for owner, name in ((store.Visits, "settle"), (store.shutil, "rmtree"), (store, "write_stored")):
        monkeypatch.setattr(owner, name, count(getattr(owner, name)))
    monkeypatch.setattr(store, "put_in_place", count(store.put_in_place))
    monkeypatch.setattr(store, "remove", count(store.remove))


@pytest.mark.parametrize("capture", ["../x.html", "/etc/x", "pages/../../x", "entries.jsonl", "pages"])
def test_no_row_leads_out_of_the_pages(capture: str, site: Site, tmp_path: Path) -> None:
    folder = describe(tmp_path / "corpus", site)
    url = f"{site.home}/help/"
    write_stored(folder, [Stored(capture, "Help desk", url, url, "2026-06-01T12:00:00Z", "0" * 64)])
    before = files_of(tmp_path)
    with pytest.raises(InputError, match="not under pages/"):
        adopt(folder, run(folder))
    assert {name: content for name, content in files_of(tmp_path).items() if FOLDER not in name} == before


def test_nothing_is_written_through_a_link(site: Site, tmp_path: Path) -> None:
    folder = describe(tmp_path / "corpus", site)
    (tmp_path / "away").mkdir()
    (folder / "pages").symlink_to(tmp_path / "away")
    with pytest.raises(InputError, match="outside the corpus folder"):
        adopt(folder, run(folder))
    (folder / "pages").unlink()
    (folder / FOLDER).rename(tmp_path / "staged")
    (folder / FOLDER).symlink_to(tmp_path / "away")
    with pytest.raises(InputError, match="outside the corpus folder"):
        run(folder)
    assert list((tmp_path / "away").iterdir()) == []


@pytest.mark.parametrize("name", ["lock", "visits.jsonl", "bodies", ".gitignore"])
def test_nothing_is_staged_through_a_link(name: str, site: Site, tmp_path: Path) -> None:
    folder = describe(tmp_path, site)
    (folder / FOLDER).mkdir()
    (folder / FOLDER / name).symlink_to(folder / "sources.toml")
    before = (folder / "sources.toml").read_bytes()
    with pytest.raises(InputError, match=f"{name} is a link; delete it"):
        run(folder)
    assert (folder / "sources.toml").read_bytes() == before


def test_damaged_staging_is_not_adopted(site: Site, tmp_path: Path) -> None:
    folder = describe(tmp_path, site)
    refreshed = run(folder)
    next(iter(refreshed.files.values())).write_bytes(b"x")
    with pytest.raises(InputError, match="is not what was fetched; delete the folder"):
        adopt(folder, refreshed)
    assert not (folder / "captures.jsonl").exists()


def test_each_address_is_listed(site: Site, tmp_path: Path) -> None:
    folder = describe(tmp_path, site)
    refreshed = run(folder)
    listed = write_replies(folder, refreshed).read_text()
    assert listed.count("\n") == len(refreshed.visited[0].replies)
    assert "/help/down" in listed
    assert "status 403" in listed


def test_one_refresh_at_a_time(site: Site, tmp_path: Path) -> None:
    folder = describe(tmp_path, site)
    failures = []

    def refresh_too() -> None:
        if not failures:
            with pytest.raises(InputError, match="is being refreshed already") as error:
                run(folder)
            failures.append(error)

    site.before = refresh_too
    assert run(folder).rows
    assert len(failures) == 1
