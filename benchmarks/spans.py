"""How well the short answer holds what people marked as the answer, on PolicyQA (Ahmad et al. 2020).

Each passage of a privacy policy is indexed as the one paragraph of an entry, and the short answer is chosen by the
product's own code. The passage is given: this measures the choice of the words alone, not retrieval. Run by
``python -m benchmarks.spans FOLDER``.
"""

from __future__ import annotations

import gzip
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from assistant.figures import Figure, figure_of, show
from assistant.quotes import choose_quotes
from benchmarks.public.data import passing_home
from index.build import build_index
from index.encoder import Encoder, load_encoder
from index.material import Material
from index.reader import Index
from index.search import make_query
from index.sentences import split_sentences
from index.words import WORD
from ingest.entries import read_ready_made
from ingest.errors import InputError

SPLITS = ("dev", "test")
SHORT_ANSWER = "short answer"
SENTENCES = (1, 2, 3)  # that the baselines show
BASELINES = ("first", "best cosine")
ARTICLES = frozenset({"a", "an", "the"})

Span = tuple[int, int]


class Answer(Struct, frozen=True):
    """What one person marked: ``context[start:start + len(text)]``."""

    text: str
    start: int


class Question(Struct, frozen=True):
    """A row of the data set."""

    site: str
    question: str
    context: str
    answers: tuple[Answer, ...]


class Scores(Struct, frozen=True):
    """What one method showed for one question."""

    contains: float  # 1 when one of the marked spans lies within the sentences shown, else 0
    f1: float  # of the words (0 to 1), against the marked span that is nearest
    words: float
    share: float  # of the passage's words


class Row(Struct, frozen=True):
    """One method: shares with their 95 % intervals, and how much it shows."""

    method: str
    contains: Figure
    f1: Figure
    words: float  # mean
    words_median: float
    share: float  # of the passage, mean


class Difference(Struct, frozen=True):
    """The short answer's figures minus those of a baseline, question by question."""

    method: str
    contains: Figure
    f1: Figure
    words: float  # the mean number that the short answer shows more; 0 against a baseline of the same length


class Spans(Struct, frozen=True):
    """All figures of one split."""

    split: str
    questions: int
    passages: int
    rows: tuple[Row, ...]  # the last is the short answer
    differences: tuple[Difference, ...]  # from each other row, then from the baselines of the same length


def measure_spans(folder: Path, encoder: Encoder, split: str = "dev") -> Spans:
    """Return the figures on ``folder``/``split``.jsonl.gz. Raises InputError when it is not there or not such a file.

    Intervals are percentile bootstraps over passages (2,000 resamples, seeded): questions on one passage are not
    independent of each other.
    """
    questions = read_questions(folder / f"{split}.jsonl.gz")
    shown = _show(questions, encoder)
    scores = {method: [_score(*pair) for pair in zip(questions, spans, strict=True)] for method, spans in shown.items()}
    passages = np.unique([question.context for question in questions], return_inverse=True)[1]
    rows = tuple(_row(method, rated, passages) for method, rated in scores.items())
    ours = scores.pop(SHORT_ANSWER)
    baselines = scores | _alike(scores, ours)
    differences = tuple(_difference(method, ours, rated, passages) for method, rated in baselines.items())
    return Spans(split, len(questions), int(passages.max()) + 1, rows, differences)


def read_questions(path: Path) -> tuple[Question, ...]:
    """Read a split, white space collapsed. Raises InputError when it is not there or not one."""
    try:
        rows = msgspec.json.Decoder(Question).decode_lines(gzip.decompress(path.read_bytes()))
    except FileNotFoundError:
        raise InputError(f"no data set {path}; name the folder of span_policyqa") from None
    except (OSError, EOFError, msgspec.DecodeError) as error:
        raise InputError(f"{path} is no split of PolicyQA ({error}); name the folder of span_policyqa") from None
    if not rows:
        raise InputError(f"{path} has no rows; name the folder of span_policyqa")
    return tuple(_collapsed(row) for row in rows)


def _collapsed(row: Question) -> Question:
    answers = tuple(
        Answer(" ".join(answer.text.split()), len(" ".join(f"{row.context[: answer.start]}|".split())) - 1)
        for answer in row.answers
    )
    return msgspec.structs.replace(row, context=" ".join(row.context.split()), answers=answers)


def _show(questions: Sequence[Question], encoder: Encoder) -> dict[str, list[list[Span]]]:
    """What each method shows for each question, as spans of its context."""
    contexts = list(dict.fromkeys(question.context for question in questions))
    sentences = {context: split_sentences(context) for context in contexts}
    rows = {text: row for row, text in enumerate(dict.fromkeys(c[a:b] for c in contexts for a, b in sentences[c]))}
    table = encoder.encode(list(rows))
    vectors = encoder.encode([question.question for question in questions])
    index = _index(questions, contexts, encoder)
    shown: dict[str, list[list[Span]]] = {}
    for question, vector in zip(questions, vectors, strict=True):
        spans = sentences[question.context]
        nearest = np.argsort(-(table[[rows[question.context[a:b]] for a, b in spans]] @ vector), kind="stable")
        for count in SENTENCES:
            shown.setdefault(f"first {count}", []).append(spans[:count])
            shown.setdefault(f"best cosine {count}", []).append([spans[at] for at in sorted(nearest[:count])])
        chosen = choose_quotes(index, make_query(index, question.question, vector), contexts.index(question.context))
        before = len(question.context) - len(chosen[0].passage.text)
        shown.setdefault(SHORT_ANSWER, []).append([(before + quote.start, before + quote.end) for quote in chosen])
    return shown


def _index(questions: Sequence[Question], contexts: Sequence[str], encoder: Encoder) -> Index:
    """An index of the passages, one an entry, as ``citewell index`` makes it; no refusal is learned."""
    sites = {question.context: question.site for question in questions}
    folder = passing_home()
    file = folder / "passages.jsonl"
    rows = ({"id": at, "question": f"{sites[text]}: privacy", "answer": [text]} for at, text in enumerate(contexts))
    file.write_bytes(msgspec.json.Encoder().encode_lines(rows))
    material = Material.of_ready_made(read_ready_made(file))
    return build_index(folder / "home", material, encoder, lambda index: b"").index


def _alike(baselines: dict[str, list[Scores]], ours: Sequence[Scores]) -> dict[str, list[Scores]]:
    """The baselines that show as many words as the short answer, on average.

    One that shows n sentences of some questions' passages and n + 1 of the others', drawn by chance: its expectation.
    """
    wanted = np.mean([one.words for one in ours])
    alike = {}
    for name, count in ((name, count) for name in BASELINES for count in SENTENCES[:-1]):
        fewer, more = baselines[f"{name} {count}"], baselines[f"{name} {count + 1}"]
        low, high = (np.mean([one.words for one in scores]) for scores in (fewer, more))
        if low <= wanted < high:
            part = float((wanted - low) / (high - low))
            alike[f"{name}, as long"] = [_mix(one, other, part) for one, other in zip(fewer, more, strict=True)]
    return alike


def _mix(one: Scores, other: Scores, part: float) -> Scores:
    """The expectation of showing ``other`` with probability ``part``, else ``one``."""
    pairs = zip(msgspec.structs.astuple(one), msgspec.structs.astuple(other), strict=True)
    return Scores(*((1 - part) * a + part * b for a, b in pairs))


def _score(question: Question, shown: Sequence[Span]) -> Scores:
    text = " ".join(question.context[start:end] for start, end in shown)
    return Scores(
        contains=float(any(_lies_within(question.context, answer, shown) for answer in question.answers)),
        f1=max(_f1(text, answer.text) for answer in question.answers),
        words=len(text.split()),
        share=len(text.split()) / len(question.context.split()),
    )


def _lies_within(context: str, answer: Answer, shown: Sequence[Span]) -> bool:
    marked = {at for at in range(answer.start, answer.start + len(answer.text)) if context[at].isalnum()}
    return all(any(start <= at < end for start, end in shown) for at in marked)


def _f1(shown: str, marked: str) -> float:
    """Of the words in lower case, without punctuation and articles (Rajpurkar et al. 2016)."""
    bags = [Counter(WORD.findall(text.casefold())) for text in (shown, marked)]
    for bag, article in ((bag, article) for bag in bags for article in ARTICLES):
        bag.pop(article, None)
    common = (bags[0] & bags[1]).total()
    return 2 * common / total if (total := bags[0].total() + bags[1].total()) else 0.0


def _row(method: str, scores: Sequence[Scores], passages: NDArray[np.int64]) -> Row:
    words = [one.words for one in scores]
    return Row(
        method=method,
        contains=_figure([one.contains for one in scores], passages),
        f1=_figure([one.f1 for one in scores], passages),
        words=float(np.mean(words)),
        words_median=float(np.median(words)),
        share=float(np.mean([one.share for one in scores])),
    )


def _difference(
    method: str, ours: Sequence[Scores], others: Sequence[Scores], passages: NDArray[np.int64]
) -> Difference:
    pairs = list(zip(ours, others, strict=True))
    return Difference(
        method=method,
        contains=_figure([one.contains - other.contains for one, other in pairs], passages, lowest=-1.0),
        f1=_figure([one.f1 - other.f1 for one, other in pairs], passages, lowest=-1.0),
        words=float(np.mean([one.words - other.words for one, other in pairs])),
    )


def _figure(values: Sequence[float], passages: NDArray[np.int64], lowest: float = 0.0) -> Figure:
    """The mean over questions, with its interval; ``passages`` is the number of each question's passage."""
    totals, counts = np.bincount(passages, weights=values), np.bincount(passages)

    def mean(drawn: NDArray[np.int64], axis: int) -> NDArray[np.float64]:
        return totals[drawn].sum(axis=axis) / counts[drawn].sum(axis=axis)

    return figure_of(mean, np.arange(len(totals)), lowest=lowest)


def _print(spans: Spans) -> None:
    print(f"PolicyQA {spans.split}: {spans.questions} questions on {spans.passages} passages")
    print(f"{'':22}{'holds the answer':>23}{'token F1':>23}{'words':>7}{'median':>8}{'share':>7}")
    for row in spans.rows:
        print(
            f"{row.method:22}{show(row.contains):>23}{show(row.f1):>23}"
            f"{row.words:7.1f}{row.words_median:8.0f}{row.share:7.2f}"
        )
    print(f"{SHORT_ANSWER} minus")
    for row in spans.differences:
        print(f"{row.method:22}{show(row.contains):>23}{show(row.f1):>23}{row.words:+7.1f}")


def main() -> int:
    """Print the figures of every split in the folder that the command line names; return the exit code."""
    if len(sys.argv) != 2:
        print("usage: python -m benchmarks.spans FOLDER", file=sys.stderr)
        return 2
    folder = Path(sys.argv[1])
    splits = [split for split in SPLITS if (folder / f"{split}.jsonl.gz").is_file()]
    try:
        for split in splits or SPLITS[:1]:
            _print(measure_spans(folder, load_encoder(), split))
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
