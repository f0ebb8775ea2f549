"""Cold start: fresh processes of the command, beside one that imports sentence-transformers and does nothing else."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
from msgspec import Struct

from assistant.home import default_home
from benchmarks.speed.given import Given
from benchmarks.speed.parts import Share, show_shares
from benchmarks.speed.plot import Dot, plot_dots
from benchmarks.speed.processes import CITEWELL, PYTHON, Ran, run
from benchmarks.speed.times import HEAD, Times, show_times, take_turns

ROUNDS = 7
QUESTION = "Who shares the risk?"
MEASURE = "import sentence_transformers"
ENDING = "ending"


class Figures(Struct, frozen=True):
    """Fresh processes, the one to compare with first."""

    times: tuple[Times, ...]
    memory: tuple[float, ...]  # MiB at most, of each of the same processes
    stages: tuple[Share, ...]  # of `citewell ask`, the median of each


def measure(given: Given) -> Figures:
    """Start each process once a round; a round before these fills the caches of the disk and counts for nothing."""
    home = default_home()
    commands = {
        MEASURE: (PYTHON, "-c", "import sentence_transformers"),
        "python, and nothing": (PYTHON, "-c", "pass"),
        "citewell --help": (*CITEWELL, "--help"),
        "citewell ask": (*CITEWELL, "ask", QUESTION, "--home", str(home)),
    }
    ran: dict[str, list[Ran]] = {name: [] for name in commands}
    stages: list[tuple[Share, ...]] = []

    def start(name: str) -> float:
        ran[name].append(run(*commands[name]))
        return ran[name][-1].seconds

    def ask_in_stages() -> float:
        stages.append(run_stages(home))
        return sum(stage.seconds for stage in stages[-1])

    works = [*(lambda name=name: start(name) for name in commands), ask_in_stages]
    seconds = take_turns(works, 1 + ROUNDS)
    times = tuple(Times(name, each[1:]) for name, each in zip(commands, seconds, strict=False))
    middle = np.median([[stage.seconds for stage in each] for each in stages[1:]], axis=0)
    return Figures(
        times,
        tuple(max(each.memory for each in ran[name]) for name in commands),
        tuple(Share(stage.name, float(value)) for stage, value in zip(stages[0], middle, strict=True)),
    )


def run_stages(home: Path) -> tuple[Share, ...]:
    """The seconds of each step of an ask in a process of its own."""
    process = run(PYTHON, "-m", "benchmarks.speed.stages", str(home), QUESTION)
    ends = [*msgspec.json.decode(process.output, type=list[tuple[str, float]]), (ENDING, process.ended)]
    begins = [process.started, *(end for _, end in ends)]
    return tuple(Share(name, end - begun) for (name, end), begun in zip(ends, begins, strict=False))


def show(figures: Figures) -> None:
    """Print a line for each process, and what an ask is made of."""
    print(HEAD)
    for each, memory in zip(figures.times, figures.memory, strict=True):
        show_times(each, figures.times[0])
        print(f"{'':52}{memory:16.0f} MiB at most {memory / figures.memory[0]:18.2f} x")
    print("citewell ask, step by step in one process (medians; how it grows with the index: see build):")
    show_shares(figures.stages)


def plot(figures: Figures) -> str:
    """Return the median time of each process, and of each step of an ask."""
    dots = [Dot("processes", each.name, each.p50) for each in figures.times]
    dots += [Dot("of citewell ask", stage.name, 1000 * stage.seconds) for stage in figures.stages]
    return plot_dots(dots, "From nothing to an answer", "ms, median")
