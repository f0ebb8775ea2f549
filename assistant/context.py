"""What words need around them to be understood: the sentence that they lean on, and the list that they belong to.

Knows sentences and lists, and no question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.records import Quote
from index.passages import SENTENCE_WORDS
from index.records import Passage
from index.sentences import split_sentences
from ingest.records import Entry
from ingest.spans import strip_marker

SHORT = 12  # words: an item of a list this short says little without the next ones
INTRODUCTION = 2  # sentences at most: "But some habits hold things back. These include:"

# A sentence that opens like this speaks of something named before it; "it is right that" does not.
REFERS_BACK = re.compile(
    r"""(?:
        (?:(?:in|at|on|for|by|to|with|from|after|alongside|because\ of|as|under|if|when|once|while|although)\ )?
        (?:this|that|these|those|such)
        | it(?!\ (?:is|was)\ (?:\w+\ ){1,2}(?:that|to)\b) | its | they | their | he | his | she | her | the\ same
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
# One that opens like this goes on where the one before it stopped.
GOES_ON = re.compile(
    r"""(?:
        but | however | yet | though | nevertheless | so | also | and | or | then | thus | hence | therefore | rather
        | instead | otherwise | similarly | likewise | moreover | furthermore | importantly | in\ addition(?=,)
        | for\ example | for\ instance | as\ a\ result | in\ contrast | on\ the\ other\ hand
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)


def leans_back(sentence: Quote) -> bool:
    """Whether a sentence says little without the one before it."""
    return refers_back(sentence) or GOES_ON.match(sentence.text) is not None


def refers_back(sentence: Quote) -> bool:
    """Whether a sentence can not be understood without the one before it, even at the start of a paragraph."""
    return REFERS_BACK.match(sentence.text) is not None


def words_in(quotes: Sequence[Quote]) -> int:
    """How many words ``quotes`` have together."""
    return sum(len(quote.text.split()) for quote in quotes)


def sentences_of(passage: Passage) -> list[Quote]:
    """Return the sentences of a passage in order; at least one."""
    return [Quote(passage, start, end) for start, end in split_sentences(passage.text)]


def antecedent(passages: Sequence[Passage], number: int) -> list[Quote]:
    """Return the sentence of the paragraph before that paragraph ``number`` begins by speaking of; none otherwise."""
    if number == 0 or not refers_back(sentences_of(passages[number])[0]):
        return []
    before = sentences_of(passages[number - 1])[-1]
    return [] if leans_back(before) else [before]


def introduction(entry: Entry, passages: Sequence[Passage], number: int) -> list[Quote]:
    """Return the sentences that lead into the list in which paragraph ``number`` is an item; none when nothing does."""
    leader = number - 1
    while leader >= 0 and _is_sibling(entry, leader, number):
        leader -= 1
    if not _is_item(entry.answer[number]) or leader < 0 or not passages[leader].text.endswith(":"):
        return []
    sentences = sentences_of(passages[leader])
    first = len(sentences) - 1
    while first > 0 and len(sentences) - first < INTRODUCTION and leans_back(sentences[first]):
        first -= 1
    return sentences[first:]


def complete_list(
    entry: Entry, passages: Sequence[Passage], quotes: Sequence[Quote], words: int, sentences: int
) -> tuple[Quote, ...]:
    """Return ``quotes`` with items of their list, as far as ``words`` and ``sentences`` allow.

    Only where ``quotes`` end in a colon or are a name alone, which what follows is added to in any case, or end in a
    short item, which says little without the next ones.
    """
    last = quotes[-1]
    number = last.passage.paragraph
    is_item = _is_item(entry.answer[number])
    announces = last.text.endswith(":") or (words_in(quotes) < SENTENCE_WORDS and not is_item)
    if not announces and not (is_item and _is_short(last.passage)):
        return tuple(quotes)
    result = list(quotes)
    if len(quotes) > 1 and quotes[-2].text.endswith(":"):
        whole = [*quotes[:-1], *_items_before(entry, passages, number), last]
        result = whole if _fits(whole, words, sentences) else result
    for item in _items_after(entry, passages, number, announces):
        longer = [*result, item]
        if not _fits(longer, words, sentences) and not (announces and result[-1] is last):
            break
        result = longer
    return tuple(result)


def _items_before(entry: Entry, passages: Sequence[Passage], number: int) -> list[Quote]:
    """The items of the same list before ``number``, in order."""
    items: list[Quote] = []
    for earlier in range(number - 1, -1, -1):
        if not _is_sibling(entry, earlier, number):
            break
        if _is_numbered(entry.answer[earlier]) == _is_numbered(entry.answer[number]):
            items.insert(0, _gist(passages[earlier]))
    return items


def _items_after(entry: Entry, passages: Sequence[Passage], number: int, announced: bool) -> Iterator[Quote]:
    """The items of the same list after ``number``; of the list or the paragraph that follows where it is announced."""
    model = number
    if announced and number + 1 < len(passages):
        model = number + 1
        yield _gist(passages[model])
    for later in range(model + 1, len(passages)):
        if not _is_item(entry.answer[model]) or not _is_sibling(entry, later, model):
            return
        if _is_numbered(entry.answer[later]) == _is_numbered(entry.answer[model]):
            yield _gist(passages[later])


def _gist(passage: Passage) -> Quote:
    """A short item whole, else its first sentence."""
    return Quote(passage, 0, len(passage.text)) if _is_short(passage) else sentences_of(passage)[0]


def _is_sibling(entry: Entry, other: int, number: int) -> bool:
    """Whether an item belongs to the list of item ``number``: bullets within a numbered item do, but not around it."""
    paragraph = entry.answer[other]
    return _is_item(paragraph) and (_is_numbered(entry.answer[number]) or not _is_numbered(paragraph))


def _is_short(passage: Passage) -> bool:
    """Whether an item is short or, without a full stop, no sentence at all."""
    return len(passage.text.split()) <= SHORT or passage.text[-1].isalnum()


def _is_numbered(item: str) -> bool:
    return item.lstrip("(")[:1].isdigit()


def _is_item(paragraph: str) -> bool:
    return strip_marker(paragraph) != paragraph


def _fits(quotes: Sequence[Quote], words: int, sentences: int) -> bool:
    """Whether ``quotes`` stay within the limits; an item without a full stop is part of what introduces the list."""
    items = [quote for quote in quotes[1:] if quote.text[-1].isalnum()]
    count = sum(len(split_sentences(quote.text)) for quote in quotes) - len(items)
    return words_in(quotes) <= words and count <= sentences
