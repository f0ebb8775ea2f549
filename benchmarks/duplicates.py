"""How the cost of finding duplicates grows, and what shapes made to be slow do: ``python -m benchmarks.duplicates``.

The entries of near_dup_jhu and the questions of banking77 (with answers of the former), each with three edited copies:
a word in 25 dropped, added or changed, in one of them also three words of the question replaced. Beyond these, the same
with each word exchanged for another.
"""

from __future__ import annotations

import random
import resource
from collections.abc import Iterator, Sequence
from itertools import islice
from math import log
from time import perf_counter, process_time

from benchmarks.public.data import data_folder, read_questions
from benchmarks.public.duplicates import Document, as_find, read_documents
from ingest.duplicates import group

SIZES = (25_000, 50_000, 100_000)
SEED = 1
COPIES = 3
Rows = list[tuple[str, str]]  # question, answer


def show(name: str, rows: Rows) -> float:
    """Print what grouping ``rows`` takes and gives; return the seconds of processor time."""
    finds = [as_find(Document(f"{n:06}", *row, source="s", snapshot="s")) for n, row in enumerate(rows)]
    wall, started = perf_counter(), process_time()
    groups = group(finds)
    seconds, wall = process_time() - started, perf_counter() - wall
    copies, rivals = (sum(len(getattr(made, kind)) for made in groups) for kind in ("copies", "rivals"))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{name:34}{len(rows):8} entries {seconds:7.1f} s ({wall:.1f} s by the clock) {memory:6.0f} MiB at most; "
        f"{len(groups)} kept, {copies} copies, {rivals} conflicts"
    )
    return seconds


def read_rows() -> Rows:
    """Return the real texts."""
    folder = data_folder()
    rows = [(row.question, row.answer) for row in read_documents(folder / "near_dup_jhu" / "docs.jsonl.gz")]
    answers = random.Random(SEED)  # noqa: S311
    questions = read_questions(folder / "banking77" / "queries.jsonl")
    return rows + [(row.question, answers.choice(rows)[1]) for row in questions]


def grow(rows: Rows) -> Iterator[tuple[str, str]]:
    """Yield ``rows`` with three edited copies of each; then the same in other words, again and again.

    In other words: each word is exchanged for another of the vocabulary, the same everywhere. So an entry has as many
    copies at each size, as it would on more sites.
    """
    chance = random.Random(SEED)  # noqa: S311
    vocabulary = sorted({word for row in rows for text in row for word in text.split()})
    words = [word for question, _ in rows for word in question.split()]
    others = vocabulary
    while True:
        exchange = dict(zip(vocabulary, others, strict=True))
        for row in rows:
            question, answer = (" ".join(exchange[word] for word in text.split()) for text in row)
            yield question, answer
            for number in range(COPIES):
                asked = question.split()
                if number % 2:
                    for _ in range(3):
                        asked[chance.randrange(len(asked))] = exchange[chance.choice(words)]
                yield _edit(" ".join(asked), chance), _edit(answer, chance)
        others = chance.sample(vocabulary, len(vocabulary))


def _edit(text: str, chance: random.Random) -> str:
    words = text.split()
    for _ in range(1 + len(words) // 25):
        place, way = chance.randrange(len(words)), chance.random()
        if way < 0.3 and len(words) > 3:
            words.pop(place)
        elif way < 0.6:
            words.insert(place, chance.choice(("the", "also", "please", "now")))
        else:
            words[place] += "s"
    return " ".join(words)


def shapes(words: Sequence[str]) -> Iterator[tuple[str, Rows]]:
    """Yield what would be slow if each were compared with each."""
    chance = random.Random(SEED)  # noqa: S311

    def say(length: int) -> str:
        return " ".join(chance.choice(words) for _ in range(length))

    yield "one question, different answers", [("What is the fee?", say(60)) for _ in range(10_000)]
    yield (
        "one question, like answers",
        [("What is the fee?", f"The fee at the desk is {say(2)}") for _ in range(10_000)],
    )
    same = say(60)
    yield "one answer, different questions", [(f"{say(8)}?", same) for _ in range(10_000)]
    yield "one template of questions", [(f"How do I cancel my {say(2)} contract?", say(40)) for _ in range(20_000)]
    yield "very short questions", [(f"Why {say(2)}?", say(5)) for _ in range(100_000)]


def main() -> None:
    """Print a line for each size and shape."""
    rows = read_rows()
    print(f"{len(rows)} real entries with {COPIES} edited copies of each, then the same in other words")
    seconds = [show("real and edited", list(islice(grow(rows), size))) for size in SIZES]
    for size, taken in zip(SIZES[1:], seconds[1:], strict=True):
        expected = size * log(size) / (SIZES[0] * log(SIZES[0]))
        print(f"{size:8} entries take {taken / seconds[0]:.2f} times {SIZES[0]}; n log n is {expected:.2f} times")
    for name, made in shapes(sorted({word for _, answer in rows for word in answer.split() if word.isalpha()})):
        show(name, made)


if __name__ == "__main__":
    main()
