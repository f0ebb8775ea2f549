"""An index -> a first draft of its test set, for a maintainer to edit. No language model: simple means, each honest.

A draft is easier than what people ask: its words are the pages' own. It shows what is broken, not how good the rest is.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, zip_longest
from pathlib import Path

from assistant.testset import Question
from index.passages import SENTENCE_WORDS
from index.reader import Index
from index.sentences import split_sentences
from index.words import WORD, words_of
from ingest.records import Entry
from ingest.spans import strip_marker

DRAFT = "draft"  # the split of every row
EVERYDAY = Path(__file__).with_name("everyday.txt")  # none of elsewhere.txt: a refusal may have been learned from those
KEYWORDS = 4  # words of a question that is typed into a search box
LONG = 8  # words: a sentence of fewer has nothing that can be left out
SLIPS = 2  # misspelt words of a question
SLIP_LETTERS = 5  # a shorter word is rarely misspelt
# More than the index leaves out, for "how" says little in a search box: the longer list of bm25s (MIT licence).
FUNCTION_WORDS = frozenset(
    "a about above after again against ain all am an and any are aren aren't as at be because been before being below "
    "between both but by can couldn couldn't d did didn didn't do does doesn doesn't doing don don't down during each "
    "few for from further had hadn hadn't has hasn hasn't have haven haven't having he her here hers herself him "
    "himself his how i if in into is isn isn't it it's its itself just ll m ma me mightn mightn't more most mustn "
    "mustn't my myself needn needn't no nor not now o of off on once only or other our ours ourselves out over own re "
    "s same shan shan't she she's should should've shouldn shouldn't so some such t than that that'll the their "
    "theirs them themselves then there these they this those through to too under until up ve very was wasn wasn't we "
    "were weren weren't what when where which while who whom why will with won won't wouldn wouldn't y you you'd "
    "you'll you're you've your yours yourself yourselves".split()
)
SHORT_FORM = re.compile(r"['’](?:s|t|ll|re|ve|d|m)\b")
CLAUSE_END = re.compile(r"[,;:–]")

Rank = tuple[int, int]  # how many entries have a word, then how often its own has it, most first: lowest is best


def draft_testset(index: Index, most: int | None = None) -> tuple[Question, ...]:
    """Return at most ``most`` rows, of every kind alike; the same index always gives the same ones.

    In scope are other forms of each entry's question and of its answer, out of scope everyday questions (far) and
    questions that the pages ask and do not answer (near). A row whose words, stemmed, are those of a view or of an
    unanswered question would only find itself, and is left out.
    """
    found = {_stems(text) for text in chain((v.text for v in index.views), (row.text for row in index.unanswered))}
    rows: dict[tuple[str, ...], Question] = {}
    for row in chain(_in_scope(index), _out_of_scope(index)):
        if _stems(row.question) not in found:
            rows.setdefault(_stems(row.question), row)
    return _mixed(rows.values(), most)


def _mixed(rows: Iterable[Question], most: int | None) -> tuple[Question, ...]:
    """The first of every kind, then the second, and so on until there are enough; in the order that they came."""
    kinds: dict[str, list[tuple[int, Question]]] = {}
    for place, row in enumerate(rows):
        kinds.setdefault(row.kind, []).append((place, row))
    for kind, members in kinds.items():
        random.Random(kind).shuffle(members)  # noqa: S311  # no secret: the same rows every time
    dealt = (one for turn in zip_longest(*kinds.values()) for one in turn if one)
    return tuple(row for _, row in sorted(list(dealt)[:most], key=lambda one: one[0]))


def _out_of_scope(index: Index) -> Iterator[Question]:
    asked = index.report.unanswered if index.report else ()
    for number, question in enumerate(dict.fromkeys(one.question for one in asked), start=1):
        yield _row("out-of-scope-near", str(number), question)
    for number, question in enumerate(EVERYDAY.read_text(encoding="utf-8").splitlines(), start=1):
        yield _row("out-of-scope-far", str(number), question)


def _in_scope(index: Index) -> Iterator[Question]:
    said = [Counter(_stems(" ".join((entry.question, *entry.answer)))) for entry in index.entries]
    entries = Counter(stem for words in said for stem in words)
    for entry, words in zip(index.entries, said, strict=True):
        rank = {stem: (entries[stem], -count) for stem, count in words.items()}
        chance = random.Random(entry.id)  # noqa: S311  # no secret: the same slips every time
        forms = {
            "keyword": _rarest(entry.question, rank),
            "shortened": _shortened(entry.question),
            "typo": _misspelt(entry.question, chance),
            "passage": _of_a_sentence(entry, rank, chance),
        }
        yield from (_row(kind, entry.id, text, entry.id) for kind, text in forms.items() if text)


def _row(kind: str, name: str, text: str, *relevant: str) -> Question:
    return Question(f"{kind}:{name}", text, relevant, kind, DRAFT)


def _stems(text: str) -> tuple[str, ...]:
    return tuple(words_of(text))


def _rarest(text: str, rank: Mapping[str, Rank]) -> str | None:
    """The content words that the fewest entries have, in their order; None when there are not two."""
    found = [word for word in WORD.findall(SHORT_FORM.sub("", text.lower())) if word not in FUNCTION_WORDS]
    words = {stem: word for word in found for stem in words_of(word) if stem in rank}
    rarest = sorted(words, key=lambda stem: rank[stem])[:KEYWORDS]
    return " ".join(word for stem, word in words.items() if stem in rarest) if len(rarest) > 1 else None


def _shortened(question: str) -> str | None:
    """The beginning of a long question: its first clause, or its first sentence when that is one clause."""
    start, end = split_sentences(question)[0]
    clause = CLAUSE_END.split(question[start:end])[0].strip()
    is_said = len(clause.split()) >= SENTENCE_WORDS and len(question.split()) >= LONG
    return clause if is_said and clause != question else None


def _misspelt(question: str, chance: random.Random) -> str | None:
    long = [found for found in WORD.finditer(question) if len(found[0]) >= SLIP_LETTERS and found[0].isalpha()]
    for found in sorted(chance.sample(long, min(SLIPS, len(long))), key=lambda found: -found.start()):
        question = question[: found.start()] + _slip(found[0], chance) + question[found.end() :]
    return question if long else None


def _slip(word: str, chance: random.Random) -> str:
    """One letter left out, typed twice, or swapped with the next; the first and the last letter stay in place."""
    at = chance.randrange(1, len(word) - 2)
    before, letter, following, after = word[:at], word[at], word[at + 1], word[at + 2 :]
    return before + chance.choice((following, letter * 2 + following, following + letter)) + after


def _of_a_sentence(entry: Entry, rank: Mapping[str, Rank], chance: random.Random) -> str | None:
    paragraphs = [strip_marker(paragraph) for paragraph in entry.answer]
    sentences = [paragraph[start:end] for paragraph in paragraphs for start, end in split_sentences(paragraph)]
    long = [sentence for sentence in sentences if len(sentence.split()) >= LONG]
    return _rarest(chance.choice(long), rank) if long else None
