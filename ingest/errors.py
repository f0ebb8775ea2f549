"""The one exception for bad input. Knows no exit codes: the command line turns it into one line and code 2."""

from __future__ import annotations

# Characters of a message. It names what was handed in, which may be of any length, and ends with what to do.
LONGEST, HEAD = 1000, 600


class InputError(Exception):
    """What was handed in can not be used. The message is one line: the value, what is wrong, the next step."""

    def __init__(self, message: str) -> None:
        super().__init__(one_line(message))


def one_line(message: str) -> str:
    """``message`` on one line, with "…" for its middle where it is longer than LONGEST."""
    line = " ".join(message.split())
    return line if len(line) <= LONGEST else f"{line[:HEAD]}…{line[HEAD + 1 - LONGEST :]}"
