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
    "mr mrs ms dr prof st vs etc e.g i.e eg ie cf al no nos art para paras sec ch fig vol p pp approx incl inc ltd plc "
    "co dept gov jan feb mar apr jun jul aug sep sept oct nov dec".split()
)


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Return the sentences of ``text`` as ``(start, end)`` spans in characters, in order, without outer whitespace.

    Every character of ``text`` that is not whitespace between sentences belongs to exactly one span.
    """
    spans: list[tuple[int, int]] = []
    start = len(text) - len(text.lstrip())
    for found in BREAK.finditer(text):
        if _ends_sentence(text[start : found.start(1)]):
            spans.append((start, found.start(1)))
            start = found.end(1)
    end = len(text.rstrip())
    if start < end:
        spans.append((start, end))
    return spans


def _ends_sentence(text: str) -> bool:
    if not text.endswith("."):
        return True
    last = text[:-1].rsplit(None, 1)[-1].lstrip("(“\"'‘[").casefold() if text[:-1].split() else ""
    is_initial = len(last) == 1 and last.isalpha()
    is_enumerator = last.isdigit() and last == text[:-1].strip()
    return last not in ABBREVIATIONS and not is_initial and not is_enumerator
