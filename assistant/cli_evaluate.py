"""The commands of a maintainer who measures: evaluate, compare with an earlier run, explain, draft a test set."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli_shared import HomeOption, readable, write_json
from assistant.home import default_home
from ingest.errors import InputError

if TYPE_CHECKING:
    from assistant.console import Console
    from assistant.evaluation import Evaluation

app = typer.Typer()

TESTSET = Path("corpus/testset.jsonl")


@app.command()
def evaluate(
    testset: Annotated[Path, typer.Argument(help="Rows of {id, question, relevant, kind}.")] = TESTSET,
    split: Annotated[str | None, typer.Option(help="Only the rows of this split, such as dev or test.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
    save: Annotated[Path | None, typer.Option(help="Also keep the figures as JSON, to compare with later.")] = None,
    compare: Annotated[Path | None, typer.Option(help="Also say what changed since a run kept with --save.")] = None,
    report: Annotated[Path | None, typer.Option(help="Also write an HTML page with plots and failures.")] = None,
    fail_under: Annotated[float | None, typer.Option(help="Exit with 1 when hit@1 is lower.", min=0, max=1)] = None,
    home: HomeOption = None,
) -> None:
    """Measure retrieval, refusal, citations and speed on a test set."""
    from msgspec.structs import asdict

    from assistant import compare as runs
    from assistant.console import Console
    from assistant.evaluation import evaluate as measure
    from assistant.runs import keep
    from assistant.testset import read_testset
    from index.reader import open_index
    from ingest.entries import check_target

    for target in filter(None, (save, report)):
        check_target(target)
    opened = open_index(home or default_home())
    rows = read_testset(testset, opened, split)
    earlier = runs.read_saved(compare) if compare else None
    console = Console(sys.stderr)
    with console.progress("Asking", len(rows)) as step:
        result = measure(opened, rows, step.count)
    changes = None if earlier is None else runs.compare(earlier, result.asked)
    if save:
        runs.save(save, result)
        console.say(f"wrote {save}")
    try:
        console.say(f"kept {keep(home or default_home(), opened, testset, split, result)}")
    except InputError as error:
        console.say(f"citewell: the run was not kept: {error}")
    if report:
        from assistant.report import write_report

        write_report(report, result, changes)
        console.say(f"wrote {report}")
    if json:
        write_json(asdict(result) | {"comparison": changes} if changes else result)
    else:
        from assistant.console_evaluation import show_comparison, show_evaluation

        printed = Console(sys.stdout)
        show_evaluation(printed, result)
        if changes:
            show_comparison(printed, changes)
    _check(result, fail_under, console)


@app.command()
def explain(
    question: Annotated[str, typer.Argument(help="The question, in your own words.")],
    json: Annotated[bool, typer.Option("--json", help="Print the explanation as JSON.")] = False,
    home: HomeOption = None,
) -> None:
    """Say why a question is answered as it is: entries, views, words, features and sentences."""
    from assistant.console import Console
    from assistant.console_explain import show_explanation
    from assistant.explain import explain as look_into
    from index.reader import open_index

    told = look_into(readable(question), open_index(home or default_home()))
    if json:
        write_json(told)
    else:
        show_explanation(Console(sys.stdout), told)


@app.command()
def make_testset(
    out: Annotated[Path, typer.Option(help="The new file; one that is there is not written over.")],
    questions: Annotated[int | None, typer.Option(help="At most this many, of every kind alike.", min=1)] = None,
    home: HomeOption = None,
) -> None:
    """Draft a test set from the index, for a maintainer to edit."""
    from assistant.console import Console
    from assistant.drafts import draft_testset
    from assistant.testset import refuse_existing, write_new_testset
    from index.reader import open_index

    refuse_existing(out)
    rows = draft_testset(open_index(home or default_home()), questions)
    write_new_testset(out, rows)
    Console(sys.stderr).say(f"wrote {len(rows)} drafts to {out}: read and correct each before you measure with them")


def _check(result: Evaluation, fail_under: float | None, console: Console) -> None:
    """Exit with 1 when the figures are not good enough."""
    hit = result.overall.hit_1
    if fail_under is not None and (hit is None or hit.value < fail_under):
        measured = f"{hit.value:.3f}" if hit else "not measured: no question is in scope"
        console.say(f"citewell: hit@1 is {measured}; --fail-under asks for {fail_under}")
        raise typer.Exit(1)
    if result.citations_verified < result.citations:
        console.say(
            f"citewell: {result.citations - result.citations_verified} citations do not verify; run `citewell build`"
        )
        raise typer.Exit(1)
