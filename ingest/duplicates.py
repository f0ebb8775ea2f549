"""Which finds are the same entry, which contradict each other, and which of them is kept. The only place that decides.

Question and answer are judged separately: the same question with the same answer is a copy; with another answer, a
conflict; another question with the same answer is an alternate wording. Candidates come from ``minhash.py``; what is
compared is always the find that is kept, so that a chain of small edits does not drift. Text without structure is
searched for known entries in ``align.py``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import islice, repeat
from typing import Literal

from msgspec import Struct
from rapidfuzz.fuzz import ratio

from ingest.differences import ONE_TEXT, find_differences, same_facts
from ingest.finds import Found
from ingest.minhash import propose
from ingest.records import Difference
from ingest.spans import fold_text, straighten

# Scores are shares of equal characters after folding. On the captured pages copies of a question are equal (1.0) and
# two different ones at most 0.80 alike. Among 1,466 questions of some 20 public FAQ sites (the JHU COVID-QA scrape)
# three pairs that are not equal reach 0.92, eight reach 0.90, and there "How can I [best] protect myself?" begins to
# mix.
SAME_QUESTION = 0.92
# Different answers on the captured pages are at most 0.48 alike. Of 199 answers that those sites edited between two
# scrapes 11 % stay above 0.85, 25 % above 0.7: what was rewritten further is kept twice and reported, not hidden.
# An answer above it whose numbers, dates, sums or duties differ is another answer all the same.
SAME_ANSWER = 0.85
# Without the same question the answer must be the same text: in that scrape two of seven pairs that are 0.95 alike
# differ in the very word that their questions differ in ("nonprofits", "faith-based"). And it must mean something by
# itself: the shortest such answer that does has 96 characters, "Visit https://..." has 48.
MEANING = 60  # characters after folding
# From here up to a threshold a pair is reported as borderline.
BORDERLINE_QUESTION, BORDERLINE_ANSWER = 0.88, 0.80
# One changed number or negation makes another question, however alike the rest.
TELLING = re.compile(r"\d+|\b(?:not|no|never|without|cannot)\b|n't\b")
# The entries of one question that a find is compared with, best first: a thousand answers to one question do not cost
# a million comparisons. An equal copy of a later one is still found; an edited one is kept and reported.
COMPARED = 10
REPORTED = 3  # of them, as its rivals
# The better the form keeps the structure of the page, the earlier.
FORMS = ("html", "markdown", "plain", "flat")


class Copy(Struct, frozen=True):
    """A find that joined the one kept, with how alike they are; ``answer_score`` is None without an answer."""

    found: Found
    question_score: float
    answer_score: float | None
    why: Literal["copy", "question only", "other question"]


class Rival(Struct, frozen=True):
    """An earlier group that has the same question, but another answer."""

    group: int  # its position
    question_score: float
    answer_score: float
    differences: tuple[Difference, ...]  # here: the earlier group; there: this one
    headings: tuple[str, str] | None  # what tells the two apart: then they are no conflict


class Short(Struct, frozen=True):
    """An earlier group that is a little less alike than it takes."""

    group: int  # its position
    what: Literal["question", "answer"]
    score: float


class Group(Struct):
    """One entry to be: the find that is kept, its copies, and which groups before it come near."""

    best: Found
    copies: list[Copy]
    rivals: list[Rival]
    borderline: list[Short]


def group(finds: Iterable[Found]) -> list[Group]:
    """Every find in exactly one group, whatever their order. The best of a group is kept: see ``_rank``.

    A group whose ``best`` has no answer is a question that nothing answers.
    """
    folded = [(fold_text(answer_text(found)), found) for found in finds]
    folded.sort(key=lambda pair: _rank(pair[1], len(pair[0])))
    grouping = _Grouping([found for _, found in folded], [text for text, _ in folded])
    for position in range(len(grouping.finds)):
        grouping.place(position)
    return grouping.groups


def answer_text(found: Found) -> str:
    """The paragraphs of a find as one text."""
    return "\n\n".join(block.text for block in found.answer)


def _rank(found: Found, complete: int) -> tuple[object, ...]:
    """Answered, with structure, complete; of equal copies the one that can be linked to, then the better form."""
    capture = found.capture
    quality = not found.answer, capture.form == "flat", -complete, capture.source.url is None
    return *quality, FORMS.index(capture.form), capture.path, found.start, found.question


def _tell(found: Found) -> tuple[str, ...]:
    """The kind of a find, and the numbers and negations of its question: without the same ones, it is another."""
    return found.kind, *sorted(TELLING.findall(straighten(found.question).lower()))


class _Texts:
    """Folded texts of which equal ones of one kind count as one; each goes by its position."""

    def __init__(self, kinds: Iterable[Hashable], folded: Iterable[str]) -> None:
        known: dict[tuple[Hashable, str], int] = {}
        self.places = [known.setdefault(pair, len(known)) for pair in zip(kinds, folded, strict=True)]
        self.folded = [text for _, text in known]
        numbers: dict[Hashable, int] = {}
        self.kinds = [numbers.setdefault(kind, len(numbers)) for kind, _ in known]

    def compare(self, one: int, other: int, least: float = 0) -> float:
        """The share of equal characters (0 to 1); 0 when it is below ``least``, which saves the time to count."""
        if one == other:
            return 1.0
        return round(ratio(self.folded[one], self.folded[other], score_cutoff=least * 100) / 100, 4)


class _Grouping:
    """Finds, best first, and the groups that they have made so far. Texts and groups go by their positions."""

    def __init__(self, finds: Sequence[Found], answers: Sequence[str]) -> None:
        self.finds = finds
        self.groups: list[Group] = []
        self._telling = [_tell(found) for found in finds]
        self._questions = _Texts(self._telling, (fold_text(found.question) for found in finds))
        self._answers = _Texts(repeat("", len(finds)), answers)
        self._near = propose(self._questions.folded, self._questions.kinds, BORDERLINE_QUESTION)
        self._kept: list[tuple[int, int]] = []  # of each group, the question and the answer of its best
        # Groups by a question of theirs: True where it is their own or an alternate, False where a copy has it.
        self._by_question: dict[int, dict[int, bool]] = defaultdict(dict)
        self._by_both: dict[tuple[int, int], int] = {}
        self._by_answer: dict[tuple[Hashable, int], int] = {}

    def place(self, position: int) -> None:
        """Put a find into the group that it is a copy or another wording of, or into one of its own."""
        found, question, answer = self.finds[position], self._questions.places[position], self._answers.places[position]
        near = [(question, 1.0), *self._find_near(question)]
        alike = self._find_alike(question, answer, near)
        joined = self._find_copy(found, answer, alike)
        if joined is None and not alike:
            joined = self._find_wording(position)
        if joined is None:
            number = len(self.groups)
            self.groups.append(self._open(found, answer, alike, near))
            self._kept.append((question, answer))
            self._by_answer.setdefault((self._telling[position], answer), number)
        else:
            number, copy = joined
            self.groups[number].copies.append(copy)
        own = joined is None or joined[1].why == "other question"
        self._by_question[question][number] = own or self._by_question[question].get(number, False)
        self._by_both.setdefault((question, answer), number)

    def _find_near(self, question: int) -> Iterator[tuple[int, float]]:
        for other in self._near.of(question):
            if other in self._by_question and (score := self._questions.compare(question, other, BORDERLINE_QUESTION)):
                yield other, score

    def _find_alike(self, question: int, answer: int, near: Iterable[tuple[int, float]]) -> list[tuple[int, float]]:
        """The groups with the same question, and how alike it is, the most alike first."""
        alike: dict[int, float] = {}
        for other, score in near:
            if score < SAME_QUESTION or other not in self._by_question:
                continue
            asked = self._by_question[other]
            equal = self._by_both.get((other, answer))
            for number in (*islice(asked, COMPARED), *(() if equal is None else (equal,))):
                kept = (
                    score if asked[number] else self._questions.compare(question, self._kept[number][0], SAME_QUESTION)
                )
                if kept:
                    alike[number] = max(kept, alike.get(number, 0))
        return sorted(alike.items(), key=lambda pair: (-pair[1], pair[0]))

    def _find_copy(self, found: Found, answer: int, alike: Sequence[tuple[int, float]]) -> tuple[int, Copy] | None:
        """The group with the same question and answer: one with an equal answer, else the most alike question."""
        equal = [(number, score) for number, score in alike if self._kept[number][1] == answer]
        for number, score in (*equal[:1], *alike[:COMPARED]):
            if not found.answer:
                return number, Copy(found, score, None, "question only")
            kept = self._kept[number][1]
            same = self._answers.compare(answer, kept, SAME_ANSWER)
            if answer == kept or (same and same_facts(answer_text(found), answer_text(self.groups[number].best))):
                return number, Copy(found, score, same, "copy")
        return None

    def _find_wording(self, position: int) -> tuple[int, Copy] | None:
        """The group with the same answer to another question."""
        question, answer = self._questions.places[position], self._answers.places[position]
        number = self._by_answer.get((self._telling[position], answer))
        if number is None or len(self._answers.folded[answer]) < MEANING:
            return None
        score = self._questions.compare(question, self._kept[number][0])
        return number, Copy(self.finds[position], score, 1.0, "other question")

    def _open(
        self, found: Found, answer: int, alike: Sequence[tuple[int, float]], near: Iterable[tuple[int, float]]
    ) -> Group:
        """A new group, with those before it that it contradicts or nearly joined."""
        rivals = [self._oppose(found, answer, number, score) for number, score in alike[:REPORTED] if found.answer]
        short = [
            Short(rival.group, "answer", rival.answer_score)
            for rival in rivals
            if BORDERLINE_ANSWER <= rival.answer_score < SAME_ANSWER
        ]
        known = {number for number, _ in alike}
        for other, score in near:
            if score < SAME_QUESTION:
                fresh = [number for number in islice(self._by_question[other], COMPARED) if number not in known]
                short += [Short(number, "question", score) for number in fresh]
                known.update(fresh)
        return Group(found, [], rivals, short)

    def _oppose(self, found: Found, answer: int, number: int, question_score: float) -> Rival:
        best = self.groups[number].best
        score = self._answers.compare(answer, self._kept[number][1])
        here, there = ([block.text for block in each.answer] for each in (best, found))
        headings = (best.heading, found.heading) if score < ONE_TEXT else (None, None)
        return Rival(number, question_score, score, find_differences(here, there, score), _tell_apart(*headings))


def _tell_apart(one: str | None, other: str | None) -> tuple[str, str] | None:
    """The headings under which the same words ask for two things ("How do I apply?"); None where they do not."""
    if one is None or other is None:
        return None
    return (one, other) if ratio(fold_text(one), fold_text(other)) < 100 * SAME_QUESTION else None
