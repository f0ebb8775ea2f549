"""What the modules of commands share: options, text from the shell, JSON to it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TextIO

import typer

if TYPE_CHECKING:
    from index.reader import Index

HomeOption = Annotated[Path | None, typer.Option(help="Where the index lives. [default: $CITEWELL_HOME or .citewell]")]
CorpusOption = Annotated[Path, typer.Option(help="The folder with sources.toml and pages/.")]

ModelOption = Annotated[str | None, typer.Option(help="A sentence-transformers model: a folder or a hub name.")]
# The words of `index.records.Precision`, which typer has to see.
PrecisionOption = Annotated[
    Literal["fp32", "int8"],
    typer.Option(help="The model's weights: int8 encodes three times as fast, and finds a little less."),
]
AdaptOption = Annotated[
    bool, typer.Option("--adapt/--no-adapt", help="Fit the model's vectors to the corpus; this takes a second.")
]


def library(home: Path | None) -> Index:
    """Open the index of ``home``, the default one for None; what is wrong with it, though it answers, is said.

    Raises IndexUnusable when there is none that can answer.
    """
    from assistant.console import Console
    from assistant.home import default_home
    from index.reader import open_index

    index = open_index(home or default_home())
    if index.warning:
        Console(sys.stderr).say(f"warning: {index.warning}")
    return index


def readable(question: str) -> str:
    """Return a question from the shell, its bytes that are no text replaced."""
    return question.encode(errors="surrogatepass").decode(errors="replace")


def write_json(record: Any) -> None:
    """Write ``record`` as one line of JSON to standard output; end the command where nobody reads any more."""
    import msgspec

    with close_quietly(sys.stdout):
        sys.stdout.buffer.write(msgspec.json.encode(record) + b"\n")
        sys.stdout.buffer.flush()


@contextmanager
def close_quietly(stream: TextIO) -> Iterator[None]:
    """End the command where nobody reads ``stream`` any more: what is left in it must not complain at exit."""
    try:
        yield
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        raise typer.Exit(0) from None
