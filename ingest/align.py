"""Where known entries stand in text that lost its structure. Adds no entry: it finds copies and what is left over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct
from rapidfuzz.fuzz import partial_ratio_alignment

from ingest.dates import find_date
from ingest.finds import Found
from ingest.records import Capture, Occurrence
from ingest.spans import Span, fold, locate, strip_marker

# A passage that was edited since still counts as found when so many of its characters are equal (per cent).
SIMILAR = 90.0
# Shorter passages are looked for literally: a few words are similar to too much.
SIMILAR_LENGTH = 40
# Between a question and its answer, or two paragraphs, a page may have put a date or a line of its own: characters.
GAP = 300
# With less of the answer than this the text under the question is another answer, not this one.
LEAST_SHARE = 0.5


class Aligned(Struct, frozen=True):
    """One place where an entry stands. The scores are the shares (0 to 1) of its characters that were found."""

    found: Found
    occurrence: Occurrence
    question_score: float
    answer_score: float
    threshold: float = LEAST_SHARE  # of the answer's score


def align(capture: Capture, finds: Sequence[Found]) -> tuple[Aligned, ...]:
    """Every place in ``capture`` where one of ``finds`` stands with its answer, in the order of the text."""
    places = [place for found in finds if found.answer for place in _align_one(capture, found)]
    return tuple(sorted(places, key=lambda place: place.occurrence.start))


def blank(text: str, places: Iterable[Aligned]) -> str:
    """``text`` with line breaks in the stead of every character that ``places`` cover: offsets stay what they were."""
    for place in places:
        start, end = place.occurrence.start, place.occurrence.end
        text = text[:start] + "\n" * (end - start) + text[end:]
    return text


def _align_one(capture: Capture, found: Found) -> list[Aligned]:
    questions = _find_all(found.question, capture.text)
    places = []
    for (span, question_score), limit in zip(questions, _limits(questions, capture.text), strict=True):
        spans, share = _find_answer(capture.text, found, span[1], limit)
        if share >= LEAST_SHARE:
            places.append(_place(capture, found, span, spans, question_score, share))
    return places


def _find_all(question: str, text: str) -> list[tuple[Span, float]]:
    """Where the question stands, letter for letter; only when nowhere, the one place that is most similar."""
    spans: list[tuple[Span, float]] = []
    position = 0
    while span := locate(question, text, position):
        spans.append((span, 1.0))
        position = span[1]
    if not spans and (similar := _find_similar(question, text, 0, len(text))):
        spans.append(similar)
    return spans


def _limits(questions: Sequence[tuple[Span, float]], text: str) -> list[int]:
    """An answer ends at the latest where its question stands again."""
    return [*(span[0] for span, _ in questions[1:]), len(text)][: len(questions)]


def _find_answer(text: str, found: Found, position: int, limit: int) -> tuple[list[Span], float]:
    """The places of the paragraphs, in order, and the share of their characters that stand there."""
    spans: list[Span] = []
    hit = total = 0.0
    gap = GAP
    for block in found.answer:
        words = strip_marker(block.text)
        reach = min(limit, position + gap + 2 * len(words))
        place = _find_similar(words, text, position, reach)
        total += len(words)
        if place and place[0][0] - position <= gap:
            spans.append(place[0])
            hit += len(words) * place[1]
            position, gap = place[0][1], GAP
        else:
            gap += len(words)
    return spans, hit / total


def _find_similar(words: str, text: str, start: int, end: int) -> tuple[Span, float] | None:
    """Where ``words`` stand in ``text[start:end]``, letter for letter or nearly, and how alike (0 to 1)."""
    if span := locate(words, text, start, end):
        return span, 1.0
    sought, hay = fold(words), fold(text[start:end])
    if len(sought.chars) < SIMILAR_LENGTH or len(hay.chars) < len(sought.chars):
        return None
    best = partial_ratio_alignment(sought.chars, hay.chars, score_cutoff=SIMILAR)
    if best is None or best.dest_end <= best.dest_start:
        return None
    return (start + hay.offsets[best.dest_start], start + hay.offsets[best.dest_end - 1] + 1), best.score / 100


def _place(
    capture: Capture, found: Found, question: Span, spans: Sequence[Span], question_score: float, share: float
) -> Aligned:
    asked, answered = len(found.question), sum(len(block.text) for block in found.answer)
    score = (question_score * asked + share * answered) / (asked + answered)
    occurrence = Occurrence(
        source=capture.source.title,
        url=capture.source.url,
        capture=capture.path,
        start=question[0],
        end=spans[-1][1],
        heading=None,
        date=find_date(capture.text, question[1], spans[0][0]),
        method="aligned",
        score=round(score, 4),
    )
    return Aligned(found, occurrence, round(question_score, 4), round(share, 4))
