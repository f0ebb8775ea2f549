"""Speed, as ratios within one run: absolute times drift from machine to machine, and from day to day.

Run by `make bench`. Prints the minimum, median and maximum of several repeats. Nothing is asserted.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from assistant.answer import answer
from assistant.home import default_home
from assistant.refusal import calibrate
from index.build import build_index
from index.encoder import load_encoder
from index.material import Material
from index.search import Index, open_index

CITEWELL = str(Path(sys.executable).with_name("citewell"))
PROCESSES = 3  # repeats of what starts a process
TESTSET = Path("corpus/testset.jsonl")


def measure(work: Callable[[], object], repeats: int) -> list[float]:
    """Return the seconds that each of ``repeats`` calls took."""
    seconds = []
    for _ in range(repeats):
        started = perf_counter()
        work()
        seconds.append(perf_counter() - started)
    return seconds


def show(name: str, seconds: list[float], base: list[float] | None = None) -> None:
    """Print one line: milliseconds, and the ratio of the medians where there is something to compare with."""
    low, middle, high = (1000 * value for value in (min(seconds), statistics.median(seconds), max(seconds)))
    ratio = "" if base is None else f"   {middle / 1000 / statistics.median(base):6.2f} x"
    print(f"{name:58}{low:10.1f} {middle:10.1f} {high:10.1f} ms{ratio}")


def process(*command: str) -> Callable[[], object]:
    """Return a call that runs ``command`` to its end."""
    return lambda: subprocess.run(command, check=True, capture_output=True)


def bench_processes() -> None:
    """A fresh process, against the import of the library that it needs."""
    load = measure(process(sys.executable, "-c", "import sentence_transformers"), PROCESSES)
    show("python -c 'import sentence_transformers' (the measure)", load)
    show("citewell --help", measure(process(CITEWELL, "--help"), PROCESSES), load)
    show("citewell ask", measure(process(CITEWELL, "ask", "Who shares the risk?"), PROCESSES), load)


def bench_questions(index: Index) -> None:
    """A warm question, against the encoder's pass over the same text."""
    questions = [json.loads(line)["question"] for line in TESTSET.read_text(encoding="utf-8").splitlines()][:100]
    answer(questions[0], index)
    bare = [measure(lambda text=text: index.encoder.encode([text]), 1)[0] for text in questions]
    show("encoder, one question (the measure)", bare)
    show("answer, one question", [measure(lambda text=text: answer(text, index), 1)[0] for text in questions], bare)


def bench_builds(index: Index) -> None:
    """A build from nothing, against the encoder's pass over the same texts; and one with nothing changed."""
    material = Material(index.corpus, index.entries, index.captures, report=index.report)
    texts = [view.text for view in index.views if view.kind != "alternate"]
    bare = measure(lambda: load_encoder().encode(texts), 1)
    show(f"encoder, {len(texts)} texts (the measure)", bare)
    with tempfile.TemporaryDirectory() as folder:
        first = measure(lambda: build_index(Path(folder), material, load_encoder(), calibrate), 1)
        show("build from nothing", first, bare)
        again = measure(lambda: build_index(Path(folder), material, load_encoder(), calibrate), PROCESSES)
        show("build, nothing changed", again, bare)


def main() -> None:
    """Run every benchmark on the index of the default home."""
    print(f"{'':58}{'min':>10} {'median':>10} {'max':>10}      ratio")
    bench_processes()
    index = open_index(default_home())
    bench_questions(index)
    bench_builds(index)


main()
