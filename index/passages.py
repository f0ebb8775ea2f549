"""Entries -> passages (where the words stand) and views (what is encoded). Decides what a search can find."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from index.records import Passage, View
from index.sentences import split_sentences
from ingest.records import Alternate, Entry
from ingest.spans import paragraph_spans, strip_marker

# A sentence of fewer words ("Certainly.") says nothing on its own, and is found by every question.
SENTENCE_WORDS = 4


def make_passages(entries: Sequence[Entry], captures: Mapping[str, str]) -> tuple[Passage, ...]:
    """Return every paragraph of every entry with the span of its words in the capture that it was taken from.

    ``captures`` maps the path of a capture to its text. Order: entries, then their paragraphs.
    """
    passages = []
    for position, entry in enumerate(entries):
        capture = entry.occurrences[0].capture
        spans = paragraph_spans(entry, captures[capture])
        for number, (paragraph, (start, end)) in enumerate(zip(entry.answer, spans, strict=True)):
            passages.append(Passage(position, number, strip_marker(paragraph), capture, start, end))
    return tuple(passages)


def make_views(entries: Sequence[Entry], alternates: Iterable[Alternate]) -> tuple[View, ...]:
    """Return what is encoded: for each entry its question, alternates, paragraphs and sentences, entries in order."""
    wordings: dict[str, list[Alternate]] = {}
    for alternate in alternates:
        wordings.setdefault(alternate.entry, []).append(alternate)
    return tuple(
        view
        for position, entry in enumerate(entries)
        for view in _views_of(position, entry, wordings.get(entry.id, []))
    )


def _views_of(position: int, entry: Entry, alternates: Iterable[Alternate]) -> Iterator[View]:
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
