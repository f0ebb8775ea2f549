"""`citewell build --refresh`, through the door that people use, on a site of three kinds of markup."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from index.store import CHECKED
from ingest.errors import InputError
from ingest.fetch.client import Client
from ingest.fetch.networks import PRIVATE
from ingest.fetch.store import adopt, lock_corpus
from tests.assistant.conftest import Run
from tests.conftest import HashedWords
from tests.ingest.fetch.site import Page, Site, describe, make_page, serve

HEADINGS = "<h2>Who can join the library?</h2><p>Anyone who lives in Anytown can join.</p>"
DETAILS = "<details><summary>How much is a fine?</summary><p>A fine is 20p for each day.</p></details>"
LIST = "<dl><dt>Can I book a meeting room?</dt><dd>Yes, for up to three hours.</dd></dl>"


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch, encoder: HashedWords) -> Iterator[Site]:
    for module in ("index.reader", "index.encoder"):
        monkeypatch.setattr(f"{module}.load_encoder", lambda *given: encoder)
    monkeypatch.setattr("ingest.fetch.client.Client", partial(Client, delay=0))
    with serve() as site:
        pages = {"joining": HEADINGS, "fines": DETAILS, "rooms": LIST}
        site.pages["/help/"] = make_page("What is here?", *(f"/help/{name}" for name in pages))
        for name, markup in pages.items():
            site.pages[f"/help/{name}"] = f"<title>{name}</title><h1>{name}</h1>{markup}"
        yield site


def files_of(*folders: Path) -> dict[Path, bytes]:
    """All files but the note of what was checked, which is made when the files are a while old."""
    paths = (path for folder in folders for path in folder.rglob("*") if path.is_file() and path.name != CHECKED)
    return {path: path.read_bytes() for path in paths}


def test_a_site_becomes_an_index_and_stays_it(site: Site, run: Run, tmp_path: Path, encoder: HashedWords) -> None:
    corpus, home = describe(tmp_path / "corpus", site), tmp_path / "home"
    command = ("build", "--corpus", corpus, "--home", home, "--refresh", "--allow-private")
    first = run(*command)
    assert first.code == 0, first.err
    assert "Help desk: 4 fetched, 0 unchanged" in first.err
    assert "4 added" in first.err
    asked = run("ask", "How much is a fine?", "--home", home)
    assert "A fine is 20p for each day." in asked.out
    assert f"{site.home}/help/fines" in asked.out
    listed = corpus / ".fetch" / "replies.jsonl"
    before = {path: content for path, content in files_of(corpus, home).items() if path != listed}
    encoder.encoded.clear()
    site.forget()
    second = run(*command)
    assert second.code == 0, second.err
    assert "0 fetched, 4 unchanged" in second.err
    assert "nothing encoded" in second.err
    assert (site.sent, encoder.encoded) == ([], [])
    assert {path: content for path, content in files_of(corpus, home).items() if path != listed} == before


def test_no_other_refresh_until_the_index_answers(
    site: Site, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = describe(tmp_path / "corpus", site)
    command = ("build", "--corpus", corpus, "--home", tmp_path / "home", "--refresh", "--allow-private")
    failures = []

    def adopt_while_another_comes(*given: Any) -> None:
        def come() -> None:
            with pytest.raises(InputError, match="is being refreshed already") as failure:
                lock_corpus(corpus)
            failures.append(failure)

        other = Thread(target=come)
        other.start()
        other.join()
        adopt(*given)

    monkeypatch.setattr("ingest.fetch.store.adopt", adopt_while_another_comes)
    assert run(*command).code == 0
    assert len(failures) == 1
    lock_corpus(corpus).release()


def test_reasons_are_told(site: Site, run: Run, tmp_path: Path) -> None:
    site.pages["/help/fines"] = Page(status=403)
    site.pages["/help/rooms"] = "<title>Page not found</title><p>Nothing.</p>"
    corpus = describe(tmp_path / "corpus", site)
    ran = run("build", "--corpus", corpus, "--home", tmp_path / "home", "--refresh", "--allow-private")
    assert f"refused: it answered with status 403: {site.home}/help/fines" in ran.err
    assert "the title of an error page" in ran.err


def test_a_private_site_needs_the_switch(site: Site, run: Run, tmp_path: Path) -> None:
    corpus = describe(tmp_path / "corpus", site)
    ran = run("build", "--corpus", corpus, "--home", tmp_path / "home", "--refresh")
    assert ran.code == 2
    last = ran.err.splitlines()[-1]
    assert last.startswith("citewell: ")
    assert "'Help desk' gave no page" in last
    assert "--allow-private" in last
    assert site.asked == []
    assert not (tmp_path / "home").exists()
    assert run("build", "--corpus", corpus, "--allow-private").code == 2


def test_a_build_that_fails_leaves_the_captures(site: Site, run: Run, tmp_path: Path) -> None:
    corpus, home = describe(tmp_path / "corpus", site, 'kind = "faq"\n'), tmp_path / "home"
    command = ("build", "--corpus", corpus, "--home", home, "--refresh", "--allow-private")
    assert run(*command).code == 0
    before = {path: content for path, content in files_of(corpus, home).items() if ".fetch" not in path.parts}
    for path in site.pages:
        site.pages[path] = f"<title>{path}</title><p>No question stands on {path} any more.</p>"
    ran = run(*command)
    assert ran.code == 2
    assert "no page gives an entry" in ran.err.splitlines()[-1]
    assert {path: content for path, content in files_of(corpus, home).items() if ".fetch" not in path.parts} == before


def test_the_switch_says_what_it_opens(run: Run) -> None:
    ran = run("build", "--help")
    assert [str(network) for network in PRIVATE if str(network) not in ran.out] == []
