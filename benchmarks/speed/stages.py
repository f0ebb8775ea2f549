"""What `citewell ask` does, a step at a time: `python -m benchmarks.speed.stages HOME QUESTION`.

Prints the steps with the time at which each ended, as JSON, for whoever started this and knows when.
"""

from __future__ import annotations

import time

BEGUN = time.perf_counter()


def main() -> None:
    """Take the steps of `assistant/cli.py`, `ask`; the answer goes to standard error."""
    import sys
    from pathlib import Path

    ends = [("interpreter", BEGUN)]

    def end(step: str) -> None:
        ends.append((step, time.perf_counter()))

    import typer

    from assistant.cli import app

    end("importing the commands")
    home, question = sys.argv[1:]
    command = typer.main.get_command(app)
    command.get_command(None, "ask").make_context("ask", [question, "--home", home])  # type: ignore[attr-defined]
    end("reading the arguments")
    from assistant.answer import WARM_UP, answer
    from assistant.console import Console
    from index.reader import open_index

    end("importing what answers")
    index = open_index(Path(home))
    end("opening the index")
    import onnxruntime  # noqa: F401
    import tokenizers  # noqa: F401

    end("importing onnxruntime")
    index.encoder.encode([WARM_UP])
    end("loading the model, one text")
    outcome = answer(question, index)
    end("the question")
    Console(sys.stderr).show_outcome(outcome, index)
    end("showing the outcome")
    import msgspec

    print(msgspec.json.encode(ends).decode())


if __name__ == "__main__":
    main()
