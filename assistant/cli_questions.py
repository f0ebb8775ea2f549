"""The command of a maintainer who keeps the questions that people ask: delete them."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from assistant.cli_shared import HomeOption
from assistant.home import default_home

app = typer.Typer()


@app.command()
def purge(
    home: HomeOption = None,
    everything: Annotated[
        bool, typer.Option("--all", help="All questions, feedback and decisions, whatever their age.")
    ] = False,
) -> None:
    """Delete kept questions and feedback that are older than the corpus says (`keep_days`)."""
    from datetime import UTC, datetime

    from assistant.console import Console
    from assistant.gaps.log import purge as delete
    from assistant.gaps.log import purge_all

    folder, now = home or default_home(), datetime.now(UTC)
    if everything:
        gone = purge_all(folder, now)
    else:
        from index.search import open_index

        gone = delete(folder, open_index(folder).corpus.questions, now)
    Console(sys.stderr).say(
        f"deleted {gone.total} rows: {gone.asked} questions, {gone.feedback} of feedback, {gone.decided} decisions"
    )
