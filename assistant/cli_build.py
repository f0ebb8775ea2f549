"""The command that makes the index from captures: a person sees what changes, and it stops where that looks wrong."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli_index import make_index, override
from assistant.cli_shared import AdaptOption, CorpusOption, HomeOption, ModelOption, PrecisionOption
from assistant.home import default_home
from index.errors import IndexUnusable
from ingest.errors import InputError
from ingest.fetch.networks import PRIVATE_MEANS

if TYPE_CHECKING:
    from collections.abc import Collection

    from assistant.console import Console
    from index.build import Prepared
    from index.material import Material
    from index.records import Precision
    from ingest.alarms import Alarm
    from ingest.build import Built
    from ingest.plan import Plan
    from ingest.records import Described, Refreshed

app = typer.Typer()

CACHE = "pages-read"  # folder of a home: pages as they were read


@app.command()
def build(
    corpus: CorpusOption = Path("corpus"),
    home: HomeOption = None,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Fetch sites and pages first. Without it no socket is opened.")
    ] = False,
    allow_private: Annotated[
        bool,
        typer.Option(
            "--allow-private",
            help=f"With --refresh, for an intranet: connect to private addresses too ({PRIVATE_MEANS}). A page that "
            "redirects can then reach them as well.",
        ),
    ] = False,
    accept: Annotated[
        bool, typer.Option("--accept", help="Go on where a build stops because something looks wrong.")
    ] = False,
    model: ModelOption = None,
    precision: PrecisionOption = "fp32",
    adapt: AdaptOption = True,
) -> None:
    """Rebuild entries and index from the captures; say what changes, and stop where it looks wrong."""
    from contextlib import nullcontext

    from ingest.fetch.store import is_refreshed, lock_corpus
    from ingest.sources import read_described

    if allow_private and not refresh:
        raise typer.BadParameter("--allow-private is for fetching; give --refresh too")
    described = read_described(corpus)  # first: what is no corpus is not locked
    # Until the index answers: another refresh would take the pages away on the way.
    with lock_corpus(corpus) if refresh or is_refreshed(corpus) else nullcontext():
        _build(corpus, described, home, refresh, allow_private, accept, model, precision, adapt)


def _build(
    corpus: Path,
    described: Described,
    home: Path | None,
    refresh: bool,
    allow_private: bool,
    accept: bool,
    model: str | None,
    precision: Precision,
    adapt: bool,
) -> None:
    from assistant.console import Console
    from assistant.console_coverage import show_entries
    from assistant.console_plan import show_plan, show_standing
    from assistant.scope import empty_topics
    from ingest.alarms import find_alarms
    from ingest.build import build_entries, read_before, write_built
    from ingest.cache import Cache
    from ingest.fetch.store import adopt
    from ingest.overrides import leave_out
    from ingest.pages import count_pages
    from ingest.plan import make_plan
    from ingest.references import ALTERNATES, read_references

    console, home = Console(sys.stderr), home or default_home()
    cache = Cache(_place_cache(home, corpus))
    refreshed = _refresh(corpus, described, allow_private, accept, console) if refresh else None
    before = read_before(corpus)
    with console.progress("Reading captures") as step:
        made = build_entries(corpus, step.name, refreshed, cache)
    plan = make_plan(before.entries, made.entries, read_references(corpus))
    show_entries(console, made)
    show_plan(console, plan)
    # To a first build, a row that names an unknown entry is a slip; later, a page may have gone.
    dangling = plan.dangling_lines(ALTERNATES) if before.entries else ()
    material = _gather(corpus, made, adapt, dangling, console)
    cache.keep()  # now: whoever accepts what a build stops at is not to wait for the same pages again
    review = _Review(console, plan, refreshed, accept)
    sources = count_pages(described, before, made.report, refreshed)
    review.stop_at(find_alarms(before, made.entries, made.report, sources, dangling))

    def check(prepared: Prepared) -> None:
        if prepared.previous is not None:
            standing, blocked = tuple(prepared.previous.entries), prepared.previous.overrides.blocked
            if standing != leave_out(before.entries, blocked):
                show_standing(console, make_plan(standing, material.entries, ()))
        for topic in empty_topics(prepared.index):
            console.say(
                f"topic {topic.name!r} has no entry: no question has one of its words; correct it in sources.toml"
            )
        review.stop_at(_rehearse(corpus, prepared, review))

    def write() -> None:
        if refreshed:
            adopt(corpus, refreshed)
        write_built(corpus, made)

    make_index(home, material, model, precision, console, check, write)
    cache.clear()  # not before: a build that stops leaves what the next one needs


def _place_cache(home: Path, corpus: Path) -> Path:
    """The folder of the cache; InputError where it would lie among the captures, which are nobody's to clear."""
    from ingest.sources import PAGES

    folder, pages = home / CACHE, corpus / PAGES
    if folder.resolve().is_relative_to(pages.resolve()):
        raise InputError(f"--home {home} puts {folder} among the pages of {pages}; name another --home")
    return folder


def _refresh(corpus: Path, described: Described, private: bool, accept: bool, console: Console) -> Refreshed:
    from ingest.fetch.client import Client
    from ingest.fetch.refresh import find_missing, refresh, write_replies

    with console.progress("Fetching") as step, Client(private, contact=described.contact) as client:
        refreshed = refresh(corpus, client, step.name, resume=accept)
    console.show_refreshed(refreshed, write_replies(corpus, refreshed))
    if missing := find_missing(corpus, refreshed):
        raise InputError(missing)
    return refreshed


def _gather(corpus: Path, made: Built, adapt: bool, dangling: Collection[int], console: Console) -> Material:
    """What the index is made from; the rows of alternates.jsonl on the lines ``dangling`` are passed over."""
    from assistant.refusal import rules
    from index.material import Material
    from ingest.entries import read_alternates, read_unanswered

    material = Material(
        corpus=made.corpus,
        entries=made.entries,
        captures={capture.path: capture.text for capture in made.captures},
        alternates=read_alternates(corpus / "alternates.jsonl", made.entries, without=dangling),
        unanswered=read_unanswered(corpus / "unanswered.jsonl"),
        report=made.report,
        adapt=adapt,
        rules=rules(),
    )
    return override(material, corpus, console)


class _Review:
    """Where a build stops, unless a person has said that it may go on."""

    def __init__(self, console: Console, plan: Plan, refreshed: Refreshed | None, accept: bool) -> None:
        self.console, self.plan, self.refreshed = console, plan, refreshed
        self._accept = accept

    def stop_at(self, alarms: tuple[Alarm, ...]) -> None:
        """Say what looks wrong; exit with 1 if anything does and it is not accepted."""
        from assistant.console_plan import say_refused, show_alarms

        show_alarms(self.console, alarms)
        if alarms and not self._accept:
            self.console.say(say_refused(alarms, self.plan, self.refreshed))
            raise typer.Exit(1)


def _rehearse(corpus: Path, prepared: Prepared, review: _Review) -> tuple[Alarm, ...]:
    """What the new index does worse on the test set than the current one; nothing where one of the two is missing."""
    testset = corpus / "testset.jsonl"
    if prepared.previous is None or not testset.exists():
        return ()
    from assistant.console_plan import show_rehearsal
    from assistant.rehearsal import find_worse, rehearse

    try:
        prepared.previous.encoder.prepare()
    except (InputError, IndexUnusable) as gone:
        review.console.say(f"the test set was not asked of the current index, whose model can not be used: {gone}")
        return ()
    with review.console.progress("Asking the test set") as step:
        rehearsal = rehearse(prepared.previous, prepared.index, testset, review.plan.renamed, step.count)
    show_rehearsal(review.console, rehearsal)
    return find_worse(rehearsal)
