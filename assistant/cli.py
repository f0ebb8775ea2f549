"""The commands. Each is a thin skin over one library call; what is heavy is imported by the command that needs it.

Exit codes: 0 done (a refusal is an outcome), 1 a failed check, 2 wrong usage or bad input, 3 no usable index.
"""

from __future__ import annotations

import io
import os
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer

from assistant import cli_evaluate, cli_expand
from assistant.cli_shared import CorpusOption, HomeOption, readable, write_json
from assistant.home import default_home
from index.errors import IndexUnusable
from ingest.errors import InputError

if TYPE_CHECKING:
    from assistant.console import Console
    from index.build import Material
    from index.search import Index
    from ingest.records import Entry, Refreshed

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Answers questions from an organisation's own pages, in the publisher's exact words.",
)

ModelOption = Annotated[str | None, typer.Option(help="A sentence-transformers model: a folder or a hub name.")]
AdaptOption = Annotated[
    bool, typer.Option("--adapt/--no-adapt", help="Fit the model's vectors to the corpus; this takes a second.")
]


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
            help="With --refresh, for an intranet: connect to private addresses too (loopback, 10.0.0.0/8, "
            "172.16.0.0/12, 192.168.0.0/16, fc00::/7, on any port; never link-local). A page that redirects can then "
            "reach them as well.",
        ),
    ] = False,
    model: ModelOption = None,
    adapt: AdaptOption = True,
) -> None:
    """Rebuild entries and index from the captures, and report what changed."""
    from assistant.console import Console
    from assistant.refusal import rules
    from index.build import Material
    from ingest.build import build_entries, write_built
    from ingest.entries import read_alternates, read_unanswered
    from ingest.fetch.store import adopt

    console = Console(sys.stderr)
    if allow_private and not refresh:
        raise typer.BadParameter("--allow-private is for fetching; give --refresh too")
    refreshed = _refresh(corpus, allow_private, console) if refresh else None
    with console.progress("Reading captures") as step:
        made = build_entries(corpus, step.name, refreshed)
    before = _entries_before(corpus)
    material = Material(
        corpus=made.corpus,
        entries=made.entries,
        captures={capture.path: capture.text for capture in made.captures},
        alternates=read_alternates(corpus / "alternates.jsonl", made.entries),
        unanswered=read_unanswered(corpus / "unanswered.jsonl"),
        report=made.report,
        adapt=adapt,
        rules=rules(),
    )
    _index(material, home or default_home(), model, console)
    if refreshed:
        adopt(corpus, refreshed)
    write_built(corpus, made)
    console.show_entries(made, before)


@app.command()
def index(
    entries: Annotated[Path, typer.Option(help="Rows of {id, question, answer}, one JSON object a line.")],
    home: HomeOption = None,
    model: ModelOption = None,
    adapt: AdaptOption = True,
    corpus: Annotated[
        Path | None, typer.Option(help="The folder with alternates.jsonl and unanswered.jsonl, where there are any.")
    ] = None,
) -> None:
    """Index ready-made questions and answers."""
    from dataclasses import replace

    from assistant.console import Console
    from assistant.refusal import rules
    from index.build import Material
    from ingest.entries import read_alternates, read_ready_made, read_unanswered

    ready = read_ready_made(entries)
    material = replace(
        Material.of_ready_made(ready),
        alternates=read_alternates(corpus / "alternates.jsonl", ready.entries) if corpus else (),
        unanswered=read_unanswered(corpus / "unanswered.jsonl") if corpus else (),
        adapt=adapt,
        rules=rules(),
    )
    _index(material, home or default_home(), model, Console(sys.stderr))


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="The question, in your own words.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="One question a line from standard input, JSON lines out.")
    ] = False,
    home: HomeOption = None,
) -> None:
    """Answer a question in the publisher's words, or say that the pages do not."""
    if jsonl == (question is not None):
        raise typer.BadParameter('give one question, or --jsonl and questions on standard input: citewell ask "..."')
    from assistant.answer import WARM_UP
    from assistant.console import Console
    from index.search import open_index

    opened = open_index(home or default_home())
    opened.encoder.encode([WARM_UP])  # so that `took_ms` tells what a question takes
    if question is None:
        for line in sys.stdin.buffer if sys.stdin else ():
            write_json(_reply(line.removesuffix(b"\n").removesuffix(b"\r").decode(errors="replace"), opened))
        return
    question = readable(question)
    if json:
        write_json(_reply(question, opened))
    else:
        from assistant.answer import answer

        Console(sys.stdout).show_outcome(answer(question, opened), opened)


@app.command()
def serve(
    home: HomeOption = None,
    port: Annotated[int, typer.Option(help="The port to listen on.", min=1, max=65535)] = 8501,
    address: Annotated[
        str, typer.Option(help="The address to listen on; this machine only, unless changed.")
    ] = "localhost",
) -> None:
    """Start the app in the browser."""
    from index.store import open_generation

    chosen = home or default_home()
    _check_port(address, port)
    open_generation(chosen)  # say now, not in the browser, when there is no index
    environment = os.environ | {"CITEWELL_HOME": str(chosen.resolve())}
    script = str(Path(__file__).with_name("app.py"))
    options = [f"--server.port={port}", f"--server.address={address}"]
    command = [sys.executable, "-m", "streamlit", "run", script, *options]
    os.execve(sys.executable, command, environment)  # noqa: S606  # the app takes this process over: signals reach it


app.add_typer(cli_evaluate.app)
app.add_typer(cli_expand.app)


def _refresh(corpus: Path, private: bool, console: Console) -> Refreshed:
    from ingest.fetch.client import Client
    from ingest.fetch.refresh import find_missing, refresh, write_replies
    from ingest.sources import read_described

    with console.progress("Fetching") as step, Client(private, contact=read_described(corpus).contact) as client:
        refreshed = refresh(corpus, client, step.name)
    console.show_refreshed(refreshed, write_replies(corpus, refreshed))
    if missing := find_missing(corpus, refreshed):
        raise InputError(missing)
    return refreshed


def _entries_before(corpus: Path) -> tuple[Entry, ...]:
    from ingest.entries import read_entries

    path = corpus / "entries.jsonl"
    try:
        return read_entries(path) if path.exists() else ()
    except InputError as error:
        raise InputError(f"{error}, or delete the file: a build writes it anew") from None


def _index(material: Material, home: Path, model: str | None, console: Console) -> None:
    from assistant.refusal import calibrate, read_judge
    from index.build import build_index
    from index.encoder import DEFAULT_MODEL, load_encoder

    with console.progress("Encoding") as step:

        def learn(finished: Index) -> bytes:
            step.begin("Learning when to refuse")
            return calibrate(finished, step.count)

        built = build_index(home, material, load_encoder(model or DEFAULT_MODEL), learn, step.count)
    console.show_index(built, read_judge(built.index), home)


def _reply(question: str, index: Index) -> Any:
    from time import perf_counter

    from assistant.answer import answer
    from assistant.contract import reply

    started = perf_counter()
    return reply(answer(question, index), perf_counter() - started)


def _check_port(address: str, port: int) -> None:
    """Say in a line what Streamlit would say in a traceback."""
    try:
        with socket.create_server((address, port)):
            pass
    except OSError as error:
        raise InputError(f"{address}:{port} can not be listened on ({error.strerror}); choose another --port") from None


def main() -> None:
    """Run a command; whatever is wrong with its input ends in one line and an exit code, never in a traceback."""
    sys.stdout, sys.stderr = _usable(sys.stdout), _usable(sys.stderr)
    try:
        sys.exit(app(standalone_mode=False))
    except (typer.Abort, KeyboardInterrupt):
        _fail("stopped", 130)
    except IndexUnusable as error:
        _fail(str(error), 3)
    except InputError as error:
        _fail(str(error), 2)
    except OSError as error:
        _fail(f"{error.filename or 'a file'} can not be used: {error.strerror or error}; name another path", 2)
    except typer.TyperException as error:
        _fail(f"{error.format_message()} (see `citewell --help`)" if error.format_message() else "", 2)
    except Exception as error:
        _fail(f"internal fault, {type(error).__name__}: {error}; please report it with the command and its input", 1)


def _usable(stream: TextIO | None) -> TextIO:
    """``stream``, or one that swallows all where there is none; characters that it has not got are shown as codes."""
    if stream is None:
        return Path(os.devnull).open("w", encoding="utf-8")
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")
    return stream


def _fail(message: str, code: int) -> None:
    if message:
        from assistant.console import printable

        print(printable(f"citewell: {' '.join(message.split())}"), file=sys.stderr)  # noqa: T201
    sys.exit(code)
