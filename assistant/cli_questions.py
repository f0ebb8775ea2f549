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
    from assistant.gaps import upkeep

    folder, now = home or default_home(), datetime.now(UTC)
    gone = upkeep.purge_all(folder, now) if everything else upkeep.purge(folder, upkeep.settings_of(folder), now)
    Console(sys.stderr).say(
        f"deleted {gone.total} rows: {gone.asked} questions, {gone.feedback} of feedback, {gone.decided} decisions"
    )
