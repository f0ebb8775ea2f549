"""The command of a maintainer who owes the public an account: the algorithmic transparency record."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from assistant.cli_shared import HomeOption, close_quietly, library
from assistant.home import default_home

app = typer.Typer()


@app.command()
def transparency_record(
    output: Annotated[
        Path | None, typer.Option(help="The file to write, in Markdown. [default: standard output]")
    ] = None,
    home: HomeOption = None,
) -> None:
    """Write the algorithmic transparency record of the index, with the figures of the last kept evaluation."""
    from assistant.console import Console
    from assistant.runs import find_runs, read_run
    from assistant.transparency import BLANK, record
    from ingest.disk import check_target, write_bytes

    if output:
        check_target(output)
    index = library(home)
    newest = next(iter(find_runs(home or default_home())), None)
    page = record(index, read_run(newest) if newest else None).encode()
    if output:
        write_bytes(output, page)
        Console(sys.stderr).say(
            f"wrote {output}, with {page.count(BLANK.encode())} blanks for the organisation to fill in"
        )
        return
    with close_quietly(sys.stdout):
        sys.stdout.buffer.write(page)
        sys.stdout.buffer.flush()
