"""The commands that put an index in place, look whether it is sound, and go back to the one before."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli_shared import AdaptOption, HomeOption, ModelOption, PrecisionOption
from assistant.home import default_home

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.console import Console, Step
    from index.build import Calibrate, Prepared
    from index.material import Material
    from index.reader import Index
    from index.records import Precision

app = typer.Typer()


@app.command()
def index(
    entries: Annotated[Path, typer.Option(help="Rows of {id, question, answer}, one JSON object a line.")],
    home: HomeOption = None,
    model: ModelOption = None,
    precision: PrecisionOption = "fp32",
    adapt: AdaptOption = True,
    corpus: Annotated[
        Path | None,
        typer.Option(
            help="The folder with alternates.jsonl, unanswered.jsonl and overrides.toml, where there are any."
        ),
    ] = None,
) -> None:
    """Index ready-made questions and answers."""
    from dataclasses import replace

    from assistant.console import Console
    from assistant.refusal import rules
    from index.material import Material
    from ingest.entries import read_alternates, read_ready_made, read_unanswered

    ready = read_ready_made(entries)
    console = Console(sys.stderr)
    material = replace(
        Material.of_ready_made(ready),
        alternates=read_alternates(corpus / "alternates.jsonl", ready.entries) if corpus else (),
        unanswered=read_unanswered(corpus / "unanswered.jsonl") if corpus else (),
        adapt=adapt,
        rules=rules(),
    )
    if corpus:
        material = override(material, corpus, console)
    make_index(home or default_home(), material, model, precision, console)


@app.command()
def rollback(home: HomeOption = None) -> None:
    """Answer from the index before the last build again; a second time undoes the first."""
    from assistant.console import Console
    from assistant.console_plan import show_rollback
    from index.publish import roll_back

    show_rollback(Console(sys.stderr), *roll_back(home or default_home()))


@app.command()
def verify(home: HomeOption = None) -> None:
    """Read every file of the index again, and say which are not as they were written. Exits with 1 when any is not."""
    from assistant.console import Console
    from index.store import open_generation
    from index.verify import verify as read_again

    chosen, console = home or default_home(), Console(sys.stdout)
    verdicts = read_again(chosen)
    for each in verdicts:
        console.say(f"{each.part}: {each.problem or f'sound, {each.files} files, {each.bytes / 1e6:.1f} MB'}")
    open_generation(chosen)  # raises where no index is sound
    damaged = [each.part for each in verdicts if each.problem]
    if damaged:
        mend = "the next index that is built takes its place" if damaged == ["previous"] else "run `citewell build`"
        Console(sys.stderr).say(f"{', '.join(damaged)}: damaged; {mend}")
        raise typer.Exit(1)


def override(material: Material, corpus: Path, console: Console) -> Material:
    """``material`` with the overrides of ``corpus`` that are in force today; says which, and which are not."""
    from assistant.console_plan import show_overrides
    from ingest.overrides import read_overrides, today

    reviewed = read_overrides(corpus, material.entries, today())
    show_overrides(console, reviewed)
    return material.overridden(reviewed.in_force)


def make_index(
    home: Path,
    material: Material,
    model: str | None,
    precision: Precision,
    console: Console,
    check: Callable[[Prepared], None] = lambda prepared: None,
    write: Callable[[], None] = lambda: None,
) -> None:
    """Make the index that answers from ``material``.

    ``check`` sees it before it answers, and may raise; ``write`` then puts in place what it is made from. Stopped after
    that, the next build completes it.
    """
    from assistant.refusal import read_judge
    from index.build import find_current, prepare_index, publish_index
    from index.encoder import DEFAULT_MODEL, load_encoder
    from index.publish import discard

    encoder = load_encoder(model or DEFAULT_MODEL, home, precision)
    obstacle = encoder.prepare()  # though nothing may have changed: a missing or damaged model is mended by a build
    if obstacle:
        console.say(
            f"the model can not be exported ({obstacle}); sentence-transformers runs it, several times as slowly"
        )
    if find_current(home, material, encoder):
        write()
        console.show_unchanged(home)
        return
    with console.progress("Encoding") as step:
        prepared = prepare_index(home, material, encoder, _learn(step), step.count)
    try:
        check(prepared)
        write()
    except BaseException:
        discard(prepared.staged)
        raise
    generation = publish_index(home, prepared)
    console.show_index(prepared, read_judge(prepared.index), home, generation)


def _learn(step: Step) -> Calibrate:
    from assistant.refusal import calibrate

    def learn(finished: Index) -> bytes:
        step.begin("Learning when to refuse")
        return calibrate(finished, step.count)

    return learn
