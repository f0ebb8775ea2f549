"""Text -> sentences, as spans. Nothing is changed, so that a sentence stays a verbatim piece of its paragraph.

It does not know grammar: it breaks after a full stop, question or exclamation mark that is followed by a space and
something that can start a sentence, unless the stop belongs to an abbreviation, an initial or an enumerator.
"""

from __future__ import annotations

import re

# A mark, closing quotes or brackets after it, then whitespace before an opening that can start a sentence.
BREAK = re.compile(r"[.!?…]+[\"'”’)\]]*(\s+)(?=[\"'“‘(\[]*[^\W_a-z])")

# Words whose full stop does not end a sentence; compared in lower case, without the stop.
ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof cllr cllrs rev hon st vs etc e.g i.e eg ie cf viz al nos art para paras reg regs sec ch cl fig "
    "figs vol vols p pp tel ext approx incl inc ltd plc co dept gov jan feb mar apr jun jul aug sep sept oct nov "
    "dec".split()
)
INITIALS = re.compile(r"[a-z](?:\.[a-z])*")  # "J." of a name, "U.S."


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Return the sentences of ``text`` as ``(start, end)`` spans in characters, in order, without outer whitespace.

    Every character of ``text`` that is not whitespace between sentences belongs to exactly one span.
    """
    spans: list[tuple[int, int]] = []
    start = len(text) - len(text.lstrip())
    for found in BREAK.finditer(text):
        if _ends_sentence(text[start : found.start(1)], text[found.end(1)]):
            spans.append((start, found.start(1)))
            start = found.end(1)
    end = len(text.rstrip())
    if start < end:
        spans.append((start, end))
    return spans


def _ends_sentence(text: str, following: str) -> bool:
    """Whether a sentence ends with ``text``; ``following`` is the first character of what follows it."""
    if not text.endswith("."):
        return True
    last = text[:-1].rsplit(None, 1)[-1].lstrip("(“\"'‘[").casefold() if text[:-1].split() else ""
    is_enumerator = last.isdigit() and last == text[:-1].strip()
    is_number = last == "no" and following.isdigit()  # "No. 5"; "No." alone is an answer
    return last not in ABBREVIATIONS and not INITIALS.fullmatch(last) and not is_enumerator and not is_number
