"""A question that is asked of an open index, beside one bare pass of the model over the same words."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import chain

import numpy as np
from msgspec import Struct

import assistant.answer
from assistant.answer import answer
from assistant.home import default_home
from assistant.refusal import Judge
from assistant.testset import read_testset
from benchmarks.speed.bare import Bare, Size
from benchmarks.speed.given import CORPUS, Given
from benchmarks.speed.parts import Part, Share, show_shares, watch
from benchmarks.speed.plot import Point, plot_lines
from benchmarks.speed.times import HEAD, Times, growth, show_times, take_turns, time_call
from index.adapter import Adapter
from index.asked import Asked
from index.encoder import SentenceEncoder
from index.keywords import Keywords
from index.reader import Index, open_index
from index.spelling import Spelling
from index.vectors import Compared, Vectors

PASSES = 3  # over all questions
WARM = 20  # questions before each that do not count
BARE, OWN, OURS = "bare pass, onnxruntime as it comes", "bare pass, the options of the product", "answer"
ONE = Size(texts=1)
PARTS = (
    Part("spelling", Spelling, "correct"),
    Part("encoding", SentenceEncoder, "encode"),
    Part("adapting the vector", Adapter, "apply"),
    Part("nearest by meaning, known unanswered ones too", Vectors, "compare"),
    Part("nearest by meaning, known unanswered ones too", Compared, "nearest"),
    Part("best by keywords", Keywords, "ask"),
    Part("best by keywords", Asked, "best"),
    Part("scoring the candidates", assistant.answer, "search"),
    Part("judging", assistant.answer, "read_judge"),
    Part("judging", assistant.answer, "look_around"),
    Part("judging", assistant.answer, "features_of"),
    Part("judging", Judge, "probability"),
    Part("choosing the quotes", assistant.answer, "choose_quotes"),
    Part("citing", assistant.answer, "cite"),
    Part("all else", assistant.answer, "consider"),
)


class Figures(Struct, frozen=True):
    """Times of the same questions, and what an answer is made of."""

    bare: Times
    own: Times
    ours: Times
    shares: tuple[Share, ...]  # of all questions, asked once
    words: tuple[float, float]  # in a question of the shorter half and of the longer: means
    halves: tuple[tuple[float, float], tuple[float, float]]  # ms of the bare pass, of ours: medians of both halves

    @property
    def questions(self) -> int:
        """How many questions there are."""
        return len(self.ours.seconds) // PASSES


def measure(given: Given) -> Figures:
    """Ask every question of the test set, each in turn with the bare passes."""
    index = open_index(default_home())
    return measure_questions(index, [row.question for row in read_testset(CORPUS / "testset.jsonl", index)])


def measure_questions(index: Index, questions: list[str]) -> Figures:
    """Return what ``questions`` take."""
    assert isinstance(index.encoder, SentenceEncoder)  # noqa: S101  # an index that is opened has no other
    bare, own = Bare(index.encoder, own=False), Bare(index.encoder, own=True)
    answer(questions[0], index)
    works: tuple[Callable[[str], object], ...] = (
        lambda text: bare.encode([text], ONE),
        lambda text: own.encode([text], ONE),
        lambda text: answer(text, index),
    )
    # All questions in one go, and then the next way: the threads of the bare session keep a core busy for a while
    # after each pass, which would slow whatever came next, and so would its weights in the cache.
    passes = take_turns([partial(_time_all, questions, work) for work in works], PASSES)
    seconds = [tuple(chain.from_iterable(each)) for each in passes]
    asked = [question for _ in range(PASSES) for question in questions]
    lengths = np.array([len(question.split()) for question in asked])
    longer = lengths > np.median(lengths)
    halves = [
        tuple(1000 * float(np.median(np.array(seconds[way])[half])) for half in (~longer, longer)) for way in (0, 2)
    ]
    return Figures(
        *(Times(name, each) for name, each in zip((BARE, OWN, OURS), seconds, strict=True)),
        shares=take_apart(index, questions),
        words=(float(lengths[~longer].mean()), float(lengths[longer].mean())),
        halves=tuple(halves),
    )


def _time_all(questions: list[str], work: Callable[[str], object]) -> list[float]:
    """The seconds that ``work`` takes for each of ``questions``, after a few to warm up."""
    for text in questions[:WARM]:
        work(text)
    return [time_call(partial(work, text)) for text in questions]


def take_apart(index: Index, questions: list[str]) -> tuple[Share, ...]:
    """Return the seconds of each part of all ``questions``, in a pass of its own: watching takes time too."""
    with watch(PARTS) as watching:
        for question in questions:
            answer(question, index)
    return watching.shares


def show(figures: Figures) -> None:
    """Print the times, the parts, and how they grow with the words."""
    print(HEAD)
    show_times(figures.bare)
    show_times(figures.own, figures.bare)
    show_times(figures.ours, figures.bare)
    print(f"answer, part by part (means of {figures.questions} questions)")
    show_shares(figures.shares, figures.questions)
    for name, half in zip(("a bare pass", "an answer"), figures.halves, strict=True):
        print(
            f"{name}: {half[0]:.2f} ms for {figures.words[0]:.1f} words, {half[1]:.2f} ms for {figures.words[1]:.1f}; "
            f"grows as words^{growth(figures.words, half):.2f}"
        )


def plot(figures: Figures) -> str:
    """Return within how many milliseconds what share of the questions is answered."""
    points = [
        Point(each.name, share, each.percentile(share))
        for each in (figures.ours, figures.bare, figures.own)
        for share in (1, 5, 10, 25, 50, 75, 90, 95, 99)
    ]
    return plot_lines(points, "A warm question", "per cent of the questions", "ms at most", logarithmic=False)
