"""Many clients at once on one index: questions a second, and whether each gets what it would have got alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import pairwise
from time import perf_counter

import numpy as np
from msgspec import Struct

from assistant.answer import answer
from assistant.home import default_home
from assistant.records import Outcome
from assistant.testset import read_testset
from benchmarks.speed.given import CORPUS, Given
from benchmarks.speed.plot import Point, plot_lines
from benchmarks.speed.times import Times, growth, take_turns
from index.reader import open_index

CLIENTS = (1, 8, 32)  # threads
ROUNDS = 3

Ask = Callable[[str], Outcome]


class Clients(Struct, frozen=True):
    """What so many clients got."""

    clients: int
    rate: float  # questions a second, median of the rounds
    times: Times  # of each question, waiting included
    wrong: int  # answers that differ from those to a single client
    errors: int


class _Reply(Struct, frozen=True):
    seconds: float
    outcome: Outcome | None  # None: an error


def measure(given: Given) -> tuple[Clients, ...]:
    """Ask every question of the test set."""
    index = open_index(default_home())
    questions = [row.question for row in read_testset(CORPUS / "testset.jsonl", index)]
    return measure_clients(partial(answer, index=index), questions)


def measure_clients(ask: Ask, questions: Sequence[str]) -> tuple[Clients, ...]:
    """Ask ``questions`` in each of ROUNDS with each number of clients, who take the next one as soon as they can."""
    alone = [ask(question) for question in questions]
    replies: list[list[_Reply]] = [[] for _ in CLIENTS]

    def serve(number: int) -> float:
        with ThreadPoolExecutor(CLIENTS[number]) as pool:
            started = perf_counter()
            replies[number] += pool.map(partial(_reply, ask), questions)
            return len(questions) / (perf_counter() - started)

    rates = take_turns([partial(serve, number) for number in range(len(CLIENTS))], ROUNDS)
    return tuple(
        Clients(
            clients,
            float(np.median(rate)),
            Times(f"{clients} clients", tuple(each.seconds for each in got)),
            sum(
                each.outcome is not None and each.outcome != right
                for each, right in zip(got, alone * ROUNDS, strict=True)
            ),
            sum(each.outcome is None for each in got),
        )
        for clients, rate, got in zip(CLIENTS, rates, replies, strict=True)
    )


def _reply(ask: Ask, question: str) -> _Reply:
    started = perf_counter()
    try:
        outcome = ask(question)
    except Exception:  # whatever it is, it is counted
        outcome = None
    return _Reply(perf_counter() - started, outcome)


def show(figures: tuple[Clients, ...]) -> None:
    """Print a line for each number of clients, and how the rate grows."""
    print(
        f"{'clients':>8} {'questions/s':>12}    ratio {'p50':>9} {'p95':>9} {'p99':>9}     {'wrong':>6} {'errors':>6}"
    )
    for each in figures:
        times = " ".join(f"{each.times.percentile(share):9.2f}" for share in (50, 95, 99))
        print(
            f"{each.clients:8} {each.rate:12.1f} {each.rate / figures[0].rate:6.2f} x {times} ms "
            f"{each.wrong:6} {each.errors:6}"
        )
    for few, many in pairwise(figures):
        power = growth((few.clients, many.clients), (few.rate, many.rate))
        print(f"from {few.clients} to {many.clients} clients the rate grows as clients^{power:.2f}")


def plot(figures: tuple[Clients, ...]) -> str:
    """Return the rate over the clients."""
    points = [Point("questions a second", each.clients, each.rate) for each in figures]
    return plot_lines(points, "Many clients at once", "clients", "questions a second", logarithmic=False)
