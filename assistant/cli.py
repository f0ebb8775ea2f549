"""The commands. Each is a thin skin over one library call; what is heavy is imported by the command that needs it.

Exit codes: 0 done (a refusal is an outcome), 1 a failed check, 2 wrong usage or bad input, 3 no usable index, 70 a
fault of the program itself, 130 stopped by the user.
"""

from __future__ import annotations

import io
import os
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TextIO

import typer

from assistant import cli_build, cli_evaluate, cli_expand, cli_index, cli_questions, cli_transparency
from assistant.cli_shared import HomeOption, library, readable, write_json
from assistant.home import default_corpus, default_home
from index.errors import IndexUnusable
from ingest.errors import InputError

if TYPE_CHECKING:
    from index.reader import Index

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Answers questions from an organisation's own pages, in the publisher's exact words.",
)


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

    opened = library(home)
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
    corpus: Annotated[
        Path | None, typer.Option(help="Where maintainers' decisions go. [default: $CITEWELL_CORPUS or corpus]")
    ] = None,
    port: Annotated[int, typer.Option(help="The port to listen on.", min=1, max=65535)] = 8501,
    address: Annotated[
        str, typer.Option(help="The address to listen on; this machine only, unless changed.")
    ] = "localhost",
    host: Annotated[
        list[str] | None,
        typer.Option(help="A further name that readers reach the app by, as a proxy's; may be repeated."),
    ] = None,
) -> None:
    """Start the app in the browser."""
    from index.store import open_generation

    chosen = home or default_home()
    names = _names(address, host or [])
    _check_port(address, port)
    open_generation(chosen)  # say now, not in the browser, when there is no index
    folders = {"CITEWELL_HOME": chosen, "CITEWELL_CORPUS": corpus or default_corpus()}
    environment = os.environ | {name: str(folder.resolve()) for name, folder in folders.items()}
    environment.setdefault("FORWARDED_ALLOW_IPS", LOOPBACK)  # whose word on a reader's address is believed
    script = str(Path(__file__).with_name("app_server.py"))
    options = [f"--server.port={port}", f"--server.address={address}"]
    options += [f"--server.allowedHosts={name}" for name in names]
    command = [sys.executable, "-m", "assistant.app_start", "run", script, *options]
    os.execve(sys.executable, command, environment)  # noqa: S606  # the app takes this process over: signals reach it


app.add_typer(cli_build.app)
app.add_typer(cli_index.app)
app.add_typer(cli_evaluate.app)
app.add_typer(cli_expand.app)
app.add_typer(cli_questions.app)
app.add_typer(cli_transparency.app)


def _reply(question: str, index: Index) -> Any:
    from time import perf_counter

    from assistant.answer import answer
    from assistant.contract import reply

    started = perf_counter()
    return reply(answer(question, index), perf_counter() - started)


THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
LOOPBACK = "127.0.0.1,::1,::ffff:127.0.0.1"  # the peer of an app that listens on :: is written like the last
EVERY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104


def _names(address: str, hosts: list[str]) -> list[str]:
    """The names that the app answers to, and no other: a foreign one may lead here too (DNS rebinding)."""
    if address in EVERY_ADDRESS and not hosts:
        raise InputError(
            f"{address} is every address of this machine; name those that readers use: --host faq.example.org"
        )
    own = [] if address in EVERY_ADDRESS else [address]
    return list(dict.fromkeys([*THIS_MACHINE, *own, *map(_host_name, hosts)]))


def _host_name(given: str) -> str:
    """The name as a browser sends it."""
    import ada_url

    try:
        name = ada_url.URL(f"http://{given}").hostname
        plain = "*" not in name and ada_url.URL(f"http://{given}").href == f"http://{name}/"
    except ValueError:
        plain = False
    if not plain:
        raise InputError(f"--host {given!r} is not the name of a host alone; write it like faq.example.org")
    return name.strip("[]")


def _check_port(address: str, port: int) -> None:
    """Say in a line what Streamlit would say in a traceback."""
    try:
        with socket.create_server((address, port)):
            pass
    except OSError as error:
        raise InputError(f"{address}:{port} can not be listened on ({error.strerror}); choose another --port") from None


STOPPED = 130  # by Ctrl-C, as shells have it
FAULT = 70  # EX_SOFTWARE of sysexits.h, which `os` has not got everywhere


def main() -> None:
    """Run a command; whatever is wrong with its input ends in one line and an exit code, never in a traceback."""
    sys.stdout, sys.stderr = _usable(sys.stdout), _usable(sys.stderr)
    try:
        code = app(standalone_mode=False)
        if code == STOPPED:  # typer's own way to end at Ctrl-C
            raise KeyboardInterrupt
        sys.exit(code)
    except (typer.Abort, KeyboardInterrupt):
        _fail("stopped; nothing is half-written, run it again to go on", STOPPED)
    except IndexUnusable as error:
        _fail(str(error), 3)
    except InputError as error:
        _fail(str(error), 2)
    except OSError as error:
        _fail(f"{error.filename or 'a file'} can not be used: {error.strerror or error}; name another path", 2)
    except typer.TyperException as error:
        _fail(f"{error.format_message()} (see `citewell --help`)" if error.format_message() else "", 2)
    except Exception as error:
        fault = f"{type(error).__name__}: {error}"
        _fail(f"internal fault, {fault}; please report it with the command and its input", FAULT)


def run() -> NoReturn:
    """Be the command: `main`, without the tenth of a second in which libraries take themselves apart.

    What a command writes is closed when it returns, and no command leaves anything for the end of the process.
    """
    code: object = 0
    try:
        main()
    except SystemExit as ended:
        code = ended.code
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:  # whoever read it has had enough
            pass
        except (OSError, ValueError):  # a full disk
            code = code or 2
    os._exit(code if isinstance(code, int) else int(code is not None))


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
