"""The commands of a maintainer who adds other wordings and unanswered questions: expand, review."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli_shared import CorpusOption, HomeOption, write_json
from assistant.home import default_home
from ingest.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.console import Console
    from assistant.endpoint import Endpoint
    from assistant.prompts import Prompt
    from assistant.wordings import Wordings

app = typer.Typer()

WORDINGS = 3  # a paragraph; an entry is scored by the three that come nearest


@app.command()
def expand(
    out: Annotated[Path | None, typer.Option(help="Write a worksheet to fill in: .csv or .jsonl.")] = None,
    take: Annotated[Path | None, typer.Option(help="Take the rows of a worksheet that are filled in.")] = None,
    endpoint: Annotated[
        str | None,
        typer.Option(help="Have the slots filled by this OpenAI-compatible address (key: $OPENAI_API_KEY)."),
    ] = None,
    model: Annotated[str | None, typer.Option(help="With --endpoint: the model's name there.")] = None,
    per_paragraph: Annotated[int, typer.Option(help="Wordings that a paragraph should have.", min=0)] = WORDINGS,
    near: Annotated[
        int, typer.Option(help="With --endpoint: unanswered questions to ask for about each entry.", min=0)
    ] = 0,
    by: Annotated[str, typer.Option(help="With --take: who wrote the rows.")] = "worksheet",
    yes: Annotated[bool, typer.Option("--yes", help="With --endpoint: do not ask whether to go on.")] = False,
    timeout: Annotated[
        float, typer.Option(help="With --endpoint: seconds to wait for a reply.", min=0.01, max=3600)
    ] = 120,
    corpus: CorpusOption = Path("corpus"),
    home: HomeOption = None,
) -> None:
    """Add other wordings and unanswered questions, by a worksheet or by a language model. Needs an index."""
    if (out, take, endpoint).count(None) != 2 or (endpoint is None) != (model is None):
        raise typer.BadParameter("give one of --out FILE, --take FILE, or --endpoint URL with --model NAME")
    from assistant.console import Console
    from assistant.wordings import open_wordings

    console, wordings = Console(sys.stderr), open_wordings(corpus, home or default_home())
    if out is not None:
        _write(wordings, out, per_paragraph, console)
    elif take is not None:
        _take(wordings, take, by, console)
    elif endpoint is not None and model is not None:
        from assistant.endpoint import Endpoint, missing
        from assistant.prompts import make_prompts
        from assistant.wordings import empty_slots

        prompts = make_prompts(wordings, empty_slots(wordings, per_paragraph), near)
        if not prompts:
            console.say(f"nothing to ask for: every paragraph has {per_paragraph} wordings; see --per-paragraph")
            return
        asked = Endpoint(endpoint, model, timeout)
        _confirm(asked, missing(asked, prompts, home or default_home()), yes, console)
        _ask(wordings, asked, prompts, home or default_home(), console)


@app.command()
def review(
    corpus: CorpusOption = Path("corpus"),
    home: HomeOption = None,
    json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Show which wordings and unanswered questions need a decision, and why. Changes nothing."""
    from assistant.console import Console
    from assistant.console_expand import show_review
    from assistant.review import review as look
    from assistant.wordings import open_wordings

    wordings = open_wordings(corpus, home or default_home())
    with Console(sys.stderr).progress("Searching") as step:
        found = look(wordings, step.count)
    if json:
        write_json(found)
    else:
        show_review(Console(sys.stdout), found)


def _write(wordings: Wordings, path: Path, per_paragraph: int, console: Console) -> None:
    from assistant.wordings import empty_slots, empty_unanswered
    from assistant.worksheet import write_worksheet

    slots, unanswered = empty_slots(wordings, per_paragraph), tuple(empty_unanswered(wordings))
    if not slots and not unanswered:
        console.say(f"nothing to fill in: every paragraph has {per_paragraph} wordings; see --per-paragraph")
        return
    write_worksheet(path, (*slots, *unanswered))
    console.say(
        f"wrote {path}: room for {len(slots)} other wordings and {len(unanswered)} unanswered questions; "
        f"fill in the column text, and take it with --take {path}"
    )


def _take(wordings: Wordings, path: Path, by: str, console: Console) -> None:
    from assistant.console_expand import show_judged
    from assistant.intake import check_filled, clean, judge, write_rows
    from assistant.worksheet import read_worksheet

    if (author := clean(by)) is None:
        raise InputError(f"the name of --by, {by[:40]!r}, is no name; say who wrote the rows")
    filled = check_filled(wordings, read_worksheet(path))
    with console.progress("Searching", len(filled)) as step:
        judged = judge(wordings, filled, step.count)
    taken = [one.slot for one in judged if one.verdict != "known"]
    write_rows(wordings, taken, author, reviewed=True)
    show_judged(console, judged, doubtful="taken, though it")
    console.say(f"{len(taken)} of {len(filled)} rows are taken{'; run `citewell build`' if taken else ''}")


def _confirm(endpoint: Endpoint, prompts: Sequence[Prompt], yes: bool, console: Console) -> None:
    from assistant.prompts import estimate

    total = estimate(prompts)
    console.say(
        f"{total.requests} requests to {endpoint.url} ({endpoint.model}), for {total.paragraphs} paragraphs: about "
        f"{total.tokens_in:,} tokens in and {total.tokens_out:,} out. The text of the pages is sent there."
    )
    if yes:
        return
    if not (sys.stdin and sys.stdin.isatty()):
        raise InputError("there is no terminal to ask whether to go on; add --yes")
    typer.confirm("Go on?", abort=True, err=True)


def _ask(wordings: Wordings, endpoint: Endpoint, prompts: Sequence[Prompt], home: Path, console: Console) -> None:
    from assistant.console_expand import show_judged
    from assistant.endpoint import forget_journal, propose
    from assistant.intake import judge, write_rejected, write_rows

    with console.progress("Asking", len(prompts)) as step:
        proposed = propose(endpoint, prompts, home, step.count)
        step.begin("Searching")
        judged = judge(wordings, proposed.texts, step.count)
    good = [one.slot for one in judged if one.verdict != "known" and not one.is_rejected]
    rejected = write_rejected(wordings, judged)  # first: a fault in an edited file then leaves the corpus as it was
    write_rows(wordings, good, endpoint.model, reviewed=False)
    forget_journal(home)
    for failure in proposed.failures:
        console.say(f"bad reply: {failure}")
    show_judged(console, [one for one in judged if one.is_rejected], doubtful="not taken:")
    known = sum(one.verdict == "known" for one in judged)
    console.say(
        f"{len(good)} of {len(judged)} texts are taken, not reviewed; {known} were known, "
        f"{len(judged) - len(good) - known} rejected; {len(proposed.failures)} bad replies"
    )
    if rejected:
        console.say(f"{rejected} has the rejected ones: drop what is wrong, and take the rest with --take {rejected}")
    if good:
        console.say("run `citewell review`, then `citewell build`")
