"""The commands for other wordings and unanswered questions: thin skins, like those of cli.py, which registers them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.home import default_home
from ingest.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.bench import Bench
    from assistant.console import Console
    from assistant.endpoint import Endpoint
    from assistant.prompts import Prompt

HomeOption = Annotated[Path | None, typer.Option(help="Where the index lives. [default: $CITEWELL_HOME or .citewell]")]
CorpusOption = Annotated[Path, typer.Option(help="The folder with sources.toml and pages/.")]

WORDINGS = 3  # a paragraph; an entry is scored by the three that come nearest


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
    from assistant.bench import open_bench
    from assistant.console import Console

    console, bench = Console(sys.stderr), open_bench(corpus, home or default_home())
    if out is not None:
        _write(bench, out, per_paragraph, console)
    elif take is not None:
        _take(bench, take, by, console)
    elif endpoint is not None and model is not None:
        from assistant.bench import empty_slots
        from assistant.endpoint import Endpoint, missing
        from assistant.prompts import make_prompts

        prompts = make_prompts(bench, empty_slots(bench, per_paragraph), near)
        if not prompts:
            console.say(f"nothing to ask for: every paragraph has {per_paragraph} wordings; see --per-paragraph")
            return
        asked = Endpoint(endpoint, model, timeout)
        _confirm(asked, missing(asked, prompts, home or default_home()), yes, console)
        _ask(bench, asked, prompts, home or default_home(), console)


def review(
    corpus: CorpusOption = Path("corpus"),
    home: HomeOption = None,
    json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Show which wordings and unanswered questions need a decision, and why. Changes nothing."""
    from assistant.bench import open_bench
    from assistant.console import Console, write_json
    from assistant.console_bench import show_review
    from assistant.review import review as look

    bench = open_bench(corpus, home or default_home())
    with Console(sys.stderr).progress("Searching") as step:
        found = look(bench, step.count)
    if json:
        write_json(found)
    else:
        show_review(Console(sys.stdout), found)


def _write(bench: Bench, path: Path, per_paragraph: int, console: Console) -> None:
    from assistant.bench import empty_slots, empty_unanswered
    from assistant.worksheet import write_worksheet

    wordings, unanswered = empty_slots(bench, per_paragraph), tuple(empty_unanswered(bench))
    if not wordings and not unanswered:
        console.say(f"nothing to fill in: every paragraph has {per_paragraph} wordings; see --per-paragraph")
        return
    write_worksheet(path, (*wordings, *unanswered))
    console.say(
        f"wrote {path}: room for {len(wordings)} other wordings and {len(unanswered)} unanswered questions; "
        f"fill in the column text, and take it with --take {path}"
    )


def _take(bench: Bench, path: Path, by: str, console: Console) -> None:
    from assistant.console_bench import show_judged
    from assistant.intake import check_filled, clean, judge, write_rows
    from assistant.worksheet import read_worksheet

    if (author := clean(by)) is None:
        raise InputError(f"the name of --by, {by[:40]!r}, is no name; say who wrote the rows")
    filled = check_filled(bench, read_worksheet(path))
    with console.progress("Searching", len(filled)) as step:
        judged = judge(bench, filled, step.count)
    taken = [one.slot for one in judged if one.verdict != "known"]
    write_rows(bench, taken, author, reviewed=True)
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


def _ask(bench: Bench, endpoint: Endpoint, prompts: Sequence[Prompt], home: Path, console: Console) -> None:
    from assistant.console_bench import show_judged
    from assistant.endpoint import forget_journal, propose
    from assistant.intake import judge, write_rejected, write_rows

    with console.progress("Asking", len(prompts)) as step:
        proposed = propose(endpoint, prompts, home, step.count)
        step.begin("Searching")
        judged = judge(bench, proposed.texts, step.count)
    good = [one.slot for one in judged if one.verdict != "known" and not one.is_rejected]
    write_rows(bench, good, endpoint.model, reviewed=False)
    rejected = write_rejected(bench, judged)
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
