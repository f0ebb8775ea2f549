"""Two versions of a text in paragraphs -> the lines that a person reads to see what differs. Never many, nor long.

A paragraph that was reworded is one line, with ``[-words that went-]`` and ``{+words that came+}``; one that went or
came altogether has "- " or "+ " before it. What stayed the same is left out, but for a few words around a change.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from ingest.shorten import shorten

LINES, CHARACTERS = 8, 400  # of one difference at most, and of one line of it
AROUND = 5  # words that stay around a change
# Below this share of words in common (0 to 1), two paragraphs read better one after the other than woven together.
ALIKE = 0.5
# Words of a paragraph that are compared: difflib takes quadratic time, which is milliseconds up to here.
COMPARED = 1000
# Paragraphs that are compared in their order; of longer texts those that went and came are only counted out.
PARAGRAPHS = 1000


def diff_texts(before: Sequence[str], after: Sequence[str]) -> tuple[str, ...]:
    """The lines that show how the paragraphs of ``after`` differ from those of ``before``; none when they are equal."""
    lines = list(_diff_paragraphs(before, after))
    if len(lines) <= LINES:
        return tuple(lines)
    return (*lines[: LINES - 1], f"… and {len(lines) - LINES + 1} more paragraphs")


def _diff_paragraphs(before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    if max(len(before), len(after)) > PARAGRAPHS:
        yield from (
            shorten(f"- {paragraph}", CHARACTERS) for paragraph in (Counter(before) - Counter(after)).elements()
        )
        yield from (
            shorten(f"+ {paragraph}", CHARACTERS) for paragraph in (Counter(after) - Counter(before)).elements()
        )
        return
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for operation, begin, end, other_begin, other_end in matcher.get_opcodes():
        if operation == "equal":
            continue
        went, came = before[begin:end], after[other_begin:other_end]
        both = min(len(went), len(came))
        for was, now in zip(went, came, strict=False):
            yield from _diff_words(was, now)
        yield from (shorten(f"- {paragraph}", CHARACTERS) for paragraph in went[both:])
        yield from (shorten(f"+ {paragraph}", CHARACTERS) for paragraph in came[both:])


def _diff_words(before: str, after: str) -> Iterator[str]:
    was, now = before.split(), after.split()
    matcher = SequenceMatcher(None, was[:COMPARED], now[:COMPARED], autojunk=False)
    if max(len(was), len(now)) > COMPARED or matcher.ratio() < ALIKE:
        yield shorten(f"- {before}", CHARACTERS)
        yield shorten(f"+ {after}", CHARACTERS)
        return
    pieces = []
    for operation, begin, end, other_begin, other_end in matcher.get_opcodes():
        if operation == "equal":
            pieces.append(_shorten(was[begin:end], first=begin == 0, last=end == len(was)))
        if operation in ("replace", "delete"):
            pieces.append(f"[-{' '.join(was[begin:end])}-]")
        if operation in ("replace", "insert"):
            pieces.append(f"{{+{' '.join(now[other_begin:other_end])}+}}")
    yield shorten("~ " + " ".join(pieces), CHARACTERS)


def _shorten(words: Sequence[str], *, first: bool, last: bool) -> str:
    """The words next to a change, and "…" for those further away."""
    head = [] if first else words[:AROUND]
    tail = [] if last else words[max(len(head), len(words) - AROUND) :]
    left_out = len(head) + len(tail) < len(words)
    return " ".join([*head, *(["…"] if left_out else []), *tail])
