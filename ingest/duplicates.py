"""Which finds are the same entry, and which of them is kept. The only place that decides on duplicates.

Copies that have structure are compared here; text without structure is searched for known entries in ``align.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from msgspec import Struct
from rapidfuzz.fuzz import ratio

from ingest.finds import Found
from ingest.spans import SHAPES, fold

# Both are shares of equal characters after folding. On the captured pages copies of a question are equal (1.0) and two
# different ones at most 0.80 alike. Among 1,466 questions of some 20 public FAQ sites (the JHU COVID-QA scrape) three
# pairs that are not equal reach 0.92, eight reach 0.90, and there "How can I [best] protect myself?" begins to mix.
SAME_QUESTION = 0.92
# Different answers on the captured pages are at most 0.48 alike. Of 199 answers that those sites edited between two
# scrapes 11 % stay above 0.85, 25 % above 0.7: what was rewritten further is kept twice and reported, not hidden.
SAME_ANSWER = 0.85
# One changed number or negation makes another question, however alike the rest.
TELLING = re.compile(r"\d+|\b(?:not|no|never|without|cannot)\b|n't\b")
# Every find is compared with every group: texts whose folded form is remembered meanwhile.
CACHED = 20_000
# The better the form keeps the structure of the page, the earlier.
FORMS = ("html", "markdown", "plain", "flat")


class Copy(Struct, frozen=True):
    """A find that is the same as the one kept, with how alike they are; ``answer_score`` is None without an answer."""

    found: Found
    question_score: float
    answer_score: float | None


class Group(Struct):
    """One entry to be: the find that is kept, its copies, and those with the same question but another answer."""

    best: Found
    copies: list[Copy]
    differing: list[tuple[Found, float]]


def group(finds: Iterable[Found]) -> list[Group]:
    """Every find in exactly one group. The finds are asked from the best on, so that the best of a group is kept.

    A group whose ``best`` has no answer is a question that nothing answers.
    """
    groups: list[Group] = []
    for found in sorted(finds, key=_rank):
        if not _join(found, groups):
            groups.append(Group(found, [], []))
    return groups


def _rank(found: Found) -> tuple[bool, bool, int, bool, int]:
    """Answered, with structure, complete; of equal copies the one that can be linked to, then the better form."""
    capture = found.capture
    complete = len(fold(answer_text(found)).chars)
    return not found.answer, capture.form == "flat", -complete, capture.source.url is None, FORMS.index(capture.form)


def _join(found: Found, groups: Sequence[Group]) -> bool:
    """Add ``found`` to the group that it is a copy of; where only the answers differ, note that and say False."""
    alike = [(score, other) for other in groups if (score := compare_questions(found, other.best)) is not None]
    for question_score, other in sorted(alike, key=lambda pair: -pair[0]):
        if not found.answer:
            other.copies.append(Copy(found, question_score, None))
            return True
        score = _compare(answer_text(found), answer_text(other.best), SAME_ANSWER)
        if score >= SAME_ANSWER:
            other.copies.append(Copy(found, question_score, round(score, 4)))
            return True
        other.differing.append((found, round(_compare(answer_text(found), answer_text(other.best), 0), 4)))
    return False


def compare_questions(one: Found, other: Found) -> float | None:
    """How alike the questions of two finds of one kind are (0 to 1); None when they are not the same question."""
    if one.kind != other.kind or _tell(one.question) != _tell(other.question):
        return None
    score = _compare(one.question, other.question, SAME_QUESTION)
    return round(score, 4) if score >= SAME_QUESTION else None


def answer_text(found: Found) -> str:
    """The paragraphs of a find as one text."""
    return "\n\n".join(block.text for block in found.answer)


@lru_cache(maxsize=CACHED)
def _tell(question: str) -> list[str]:
    return sorted(TELLING.findall(question.translate(SHAPES).lower()))


def _compare(one: str, other: str, least: float) -> float:
    """The share of equal characters after folding; 0 when it is below ``least``, which saves the time to count."""
    return ratio(_fold(one), _fold(other), score_cutoff=least * 100) / 100


@lru_cache(maxsize=CACHED)
def _fold(text: str) -> str:
    return fold(text).chars
