"""The watch: what a process of a test run reaches beyond this machine, and what it unpickles, goes to a file as a line.

The test run imports it, and so does every Python process that it starts: this folder is on their PYTHONPATH, where
Python looks for a module of this name. Processes without that environment (`python -I`) and what libraries written in C
do by themselves are out of its sight.

An unpickling that looks up no name makes strings, numbers and lists of them, and is no event. One that does may run any
code, and is: by `pickle`, `joblib`, `numpy` or `torch`. Only what `multiprocessing` passes between a program's own
processes is let through.
"""

import os
import sys
from ipaddress import ip_address

LOG = os.environ.get("CITEWELL_WATCH")


def watch(event: str, args: tuple[object, ...]) -> None:
    """Audit hook: write down what must not happen in a test run."""
    line = _judge(event, args)
    if line and LOG:
        with open(LOG, "a", encoding="utf-8") as log:  # noqa: PTH123  # every process imports this
            log.write(f"{line}\n")


def _judge(event: str, args: tuple[object, ...]) -> str | None:
    if event == "pickle.find_class":
        chain = _callers()
        own = any(name.partition(".")[0] == "multiprocessing" for name in chain[:3])
        return None if own else f"unpickled {args[0]}.{args[1]} in {' < '.join(chain)}"
    if event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        target = args[0]
    elif event in {"socket.connect", "socket.sendto"}:
        target = args[1][0] if isinstance(args[1], tuple) else None  # a socket of the file system has a path
    else:
        return None
    if target is None or is_here(target if isinstance(target, str) else bytes(target).decode()):  # type: ignore[call-overload]
        return None
    return f"reached {event} {target!r}"


def _callers() -> list[str]:
    """The modules whose code runs, the innermost first; each once in a row, ten at most."""
    names: list[str] = []
    frame = sys._getframe(1)
    while frame is not None and len(names) < 10:
        name = frame.f_globals.get("__name__", "?")
        if name != __name__ and names[-1:] != [name]:
            names.append(name)
        frame = frame.f_back  # type: ignore[assignment]
    return names


def is_here(host: str) -> bool:
    """Whether ``host`` is this machine; an empty name is all of its own addresses, to listen on."""
    if host in {"", "localhost"}:
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


sys.addaudithook(watch)
