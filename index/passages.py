"""Entries -> passages (where the words stand) and views (what is encoded). Decides what a search can find."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from index.records import Passage, View
from index.sentences import split_sentences
from ingest.records import Alternate, Entry
from ingest.spans import paragraph_spans, strip_marker

# A sentence of fewer words ("Certainly.") says nothing on its own, and is found by every question.
SENTENCE_WORDS = 4


def make_passages(position: int, entry: Entry, captures: Mapping[str, str]) -> list[Passage]:
    """Return every paragraph of an entry, in order, with the span of its words in the capture that it was taken from.

    ``position`` is that of the entry in the index; ``captures`` maps the path of a capture to its text.
    """
    capture = entry.occurrences[0].capture
    spans = paragraph_spans(entry, captures[capture])
    return [
        Passage(position, number, strip_marker(paragraph), capture, start, end)
        for number, (paragraph, (start, end)) in enumerate(zip(entry.answer, spans, strict=True))
    ]


def make_views(position: int, entry: Entry, alternates: Iterable[Alternate]) -> Iterator[View]:
    """Return what of an entry is encoded: its question, its own ``alternates`` and others, paragraphs and sentences."""
    yield View("question", position, None, entry.question)
    questions = _sentences(entry.question)
    if len(questions) > 1:  # a run of questions: an asker has one of them in mind
        yield from (View("question", position, None, text) for text in questions)
    yield from (View("alternate", position, None, text) for text in entry.alternates)
    yield from (View("alternate", position, alternate.paragraph, alternate.text) for alternate in alternates)
    for number, marked in enumerate(entry.answer):
        paragraph = strip_marker(marked)
        yield View("paragraph", position, number, paragraph)
        sentences = _sentences(paragraph)
        if sentences != [paragraph]:
            yield from (View("sentence", position, number, text) for text in sentences)


def _sentences(text: str) -> list[str]:
    sentences = [text[start:end] for start, end in split_sentences(text)]
    return [sentence for sentence in sentences if len(sentence.split()) >= SENTENCE_WORDS]
