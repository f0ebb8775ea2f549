"""What two answers to one question say differently: dates, money, numbers, must/may/not, and else the words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from msgspec import Struct
from rapidfuzz.distance import Levenshtein

from ingest.dates import MONTHS
from ingest.records import Difference, DifferenceKind
from ingest.spans import straighten, strip_marker

# Below this share of equal characters two answers are not one text edited: which of their words stand against each
# other would be chance. Of 46 pairs of answers that pages of different publishers in near_dup_jhu give to the same
# question, all but two lie below.
ONE_TEXT = 0.5
SHOWN = 5  # differences of one pair of answers
LONGEST = 80  # characters of one side of a difference
LISTED = 3  # facts on one side of a difference

_NAMES = "January February March April May June July August September October November December".split()
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_MONTH = rf"(?:{'|'.join(f'{name[:3]}(?:{name[3:]})?' for name in _NAMES)}|sept)\b\.?"
_NUMBER = r"\d+(?:[.,]\d+)*"
_BELOW_20 = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety hundred"
_COUNTS = dict(zip((*_BELOW_20.split(), *_TENS.split()), (*range(2, 20), *range(20, 101, 10)), strict=True))
# What may, must or must not be: an answer that has one of these where the other has not says something else.
_DUTY = (
    "must shall should may might can could need required mandatory compulsory optional allowed permitted prohibited "
    "forbidden not no never nor without unless except excluding including only"
)
_ORDINALS = "first second third fourth fifth sixth".split()
_SUMS = "pounds pound euros euro dollars dollar pence cents".split()
_CALENDAR = [name.lower() for name in (*_NAMES, *_DAYS, *(f"{day}s" for day in _DAYS))]
_WORDS = frozenset((*_DUTY.split(), *_COUNTS, "cannot", *_ORDINALS, *_SUMS, *_CALENDAR, *MONTHS, "sept"))
# Other words within facts: "1st of March", "2 bn", "5 per cent", "9 am".
_UNITS = frozenset("of bn k m am pm thousand million billion per cent percent".split())
_FACT = (
    rf"(?P<date>\d{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?{_MONTH}(?:,?\s\d{{4}})?(?!\w)"
    rf"|{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s\d{{4}})?(?!\w)|{_MONTH}\s\d{{4}}(?!\w)"
    rf"|\b(?-i:(?:{'|'.join(_NAMES)})\b|(?:{'|'.join(_DAYS)})s?\b)"
    r"|\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}(?!\d))"
    rf"|(?P<money>[£$€¥]\s?{_NUMBER}(?:\s?(?:bn|[km]|thousand|million|billion)\b)?"
    rf"|(?:{_NUMBER}|\b(?:{'|'.join(_COUNTS)})\b)(?:\s(?:thousand|million|billion))?\s?(?:[£€]|(?:pounds?|euros?|dollars?|pence|cents?)\b))"
    rf"|(?P<number>{_NUMBER}(?:\s?(?:%|per\s?cent\b|[ap]\.?m\b)|\([a-z]\))?|\b(?:{'|'.join((*_COUNTS, *_ORDINALS))})\b)"
    rf"|(?P<duty>\b(?:[a-z]+n't|cannot|{'|'.join(_DUTY.split())})\b)"
)
_ADDRESS = r"(?:https?://|www\.)\S*\w"
FACTS = re.compile(rf"{_ADDRESS}|(?<![\w.,])(?:{_FACT})", re.IGNORECASE)
TOKENS = re.compile(rf"(?P<address>{_ADDRESS})|{_FACT}|(?P<words>\w+(?:[-']\w+)*)", re.IGNORECASE)
KINDS: dict[str, DifferenceKind] = {
    "date": "date",
    "money": "money",
    "number": "number",
    "duty": "duty",
    "words": "words",
    "address": "words",
}
_SIGNS = {"pound": "£", "euro": "€", "dollar": "$"}


class _Token(Struct, frozen=True):
    """A word, a number with its unit, or a whole date. What counts is its sense; the text has it at start to end."""

    kind: DifferenceKind
    sense: str
    start: int
    end: int


def same_facts(one: str, other: str) -> bool:
    """Whether two texts have the same dates, sums, numbers and words of duty, in the same order, however written."""
    here, there = _list_runs(one), _list_runs(other)
    return here == there or _list_senses(here) == _list_senses(there)


# Each answer is compared with the few that stand under the same question, mostly one after the other.
@lru_cache(maxsize=1024)
def _list_runs(text: str) -> list[str]:
    """What stands between the plain words: where that is the same, so are the facts."""
    words = straighten(text).split()
    runs, start, before = [], 0, -1  # from start to before: a run
    for place in (place for place, plain in enumerate(map(_find_plain, words)) if plain is None):
        if place > before + 1:
            runs.append(" ".join(words[start : before + 1]))
            start = place
        before = place
    return [*runs, " ".join(words[start : before + 1])]


def _list_senses(runs: Iterable[str]) -> list[str]:
    return [fact.sense for run in runs for fact in _search(run)]


def find_differences(one: Sequence[str], other: Sequence[str], alike: float) -> tuple[Difference, ...]:
    """Return what the paragraphs ``one`` say here and ``other`` there, of which ``alike`` (0 to 1) is the same text.

    At most five, facts before words. Of answers that are not one text edited: the facts that only one of them has, and
    how they begin.
    """
    here, there = (" ".join(strip_marker(paragraph) for paragraph in answer) for answer in (one, other))
    found = dict.fromkeys(_align(here, there) if alike >= ONE_TEXT else _oppose(here, there))
    return tuple(sorted(found, key=lambda difference: difference.kind == "words")[:SHOWN])


def _align(here: str, there: str) -> Iterator[Difference]:
    """Each place where one text was edited into the other."""
    here, there = _trim(here, there)
    one, other = _tokens(here), _tokens(there)
    steps = Levenshtein.opcodes([token.sense for token in one], [token.sense for token in other])
    changed: tuple[list[_Token], list[_Token]] = ([], [])
    for step in steps:
        if step.tag == "equal":
            yield from _tell(here, there, *changed)
            changed = ([], [])
        else:
            changed[0].extend(one[step.src_start : step.src_end])
            changed[1].extend(other[step.dest_start : step.dest_end])
    yield from _tell(here, there, *changed)


def _tell(here: str, there: str, one: Sequence[_Token], other: Sequence[_Token]) -> Iterator[Difference]:
    """The facts of one edit, or its words where it has none."""
    facts = [token for token in (*one, *other) if token.kind not in ("duty", "words")]
    if facts:
        kind = min((token.kind for token in facts), key=("date", "money", "number").index)
        yield _differ(kind, _forms(here, one, facts), _forms(there, other, facts))
    if any(token.kind == "duty" for token in (*one, *other)):
        yield Difference("duty", _words(here, one), _words(there, other))
    elif (one or other) and not facts:
        yield Difference("words", _words(here, one), _words(there, other))


def _forms(text: str, tokens: Iterable[_Token], wanted: Sequence[_Token]) -> list[str]:
    return [text[token.start : token.end] for token in tokens if token in wanted]


def _words(text: str, tokens: Sequence[_Token]) -> str:
    return _clip(text[tokens[0].start : tokens[-1].end]) if tokens else ""


def _oppose(here: str, there: str) -> Iterator[Difference]:
    """The facts that only one of two texts has, kind by kind, and how they begin."""
    one, other = _facts(here), _facts(there)
    kinds: tuple[DifferenceKind, ...] = ("date", "money", "number", "duty")
    for kind in kinds:
        sides = _only(kind, here, one, other), _only(kind, there, other, one)
        if any(sides):
            yield _differ(kind, *sides)
    yield Difference("words", _clip(here), _clip(there))


def _only(kind: DifferenceKind, text: str, facts: Iterable[_Token], others: Iterable[_Token]) -> list[str]:
    known = {fact.sense for fact in others}
    return [text[fact.start : fact.end] for fact in facts if fact.kind == kind and fact.sense not in known]


def _differ(kind: DifferenceKind, here: Iterable[str], there: Iterable[str]) -> Difference:
    one, other = (", ".join(list(dict.fromkeys(side))[:LISTED]) for side in (here, there))
    return Difference(kind, _clip(one), _clip(other))


def _clip(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rsplit(" ", 1)[0] + " …"


def _trim(one: str, other: str) -> tuple[str, str]:
    """Both texts without the words with which both begin and end, but for the two nearest: units and years of dates."""
    here, there = one.split(), other.split()
    shorter = min(len(here), len(there))
    start = next((at for at in range(shorter) if here[at] != there[at]), shorter)
    end = next((at for at in range(shorter - start) if here[-1 - at] != there[-1 - at]), shorter - start)
    start, end = max(0, start - 2), max(0, end - 2)
    return " ".join(here[start : len(here) - end]), " ".join(there[start : len(there) - end])


def _facts(text: str) -> list[_Token]:
    return list(_read(text, plain=False))


def _tokens(text: str) -> list[_Token]:
    return list(_read(text, plain=True))


def _read(text: str, plain: bool) -> Iterator[_Token]:
    """The tokens of ``text``, its plain words or only what is a fact.

    A fact holds no plain word: only what stands between them is searched, which saves most of the time.
    """
    text = straighten(text)
    words = text.split(" ")
    start = position = 0  # from start to position: words that may be of a fact
    for word, sense in zip(words, map(_find_plain, words), strict=True):
        if sense:
            yield from _shift(_search(text[start:position], plain), start)
            if plain:
                at = text.index(sense[0], position)
                yield _Token("words", sense[1], at, at + len(sense[0]))
            start = position + len(word) + 1
        position += len(word) + 1
    yield from _shift(_search(text[start:], plain), start)


def _shift(tokens: Iterable[_Token], start: int) -> Iterator[_Token]:
    return (_Token(token.kind, token.sense, start + token.start, start + token.end) for token in tokens)


# Most of what stands between two plain words is a single word that stands there often: "may", "of".
@lru_cache(maxsize=1 << 14)
def _search(run: str, plain: bool = False) -> tuple[_Token, ...]:
    """The facts in words that follow each other, or all tokens; a contraction ("can't", "cannot") is two."""
    return tuple(
        _Token(kind, sense, match.start(), match.end())
        for match in (TOKENS if plain else FACTS).finditer(run)
        if (kind := KINDS.get(match.lastgroup or ""))
        for sense in _senses(kind, match[0].lower())
    )


@lru_cache(maxsize=1 << 16)
def _find_plain(word: str) -> tuple[str, str] | None:
    """A word that can be no part of a fact, without what stands around it, and its sense; None for any other."""
    bare = word.strip(".,;:!?()\"'")
    low = bare.lower()
    if not (bare.isascii() and bare.isalpha()) or low in _UNITS or low in _WORDS or low[:3] in MONTHS:
        return None
    return bare, low


def _senses(kind: DifferenceKind, text: str) -> list[str]:
    """What counts of a token: 1 March 2024 is March 1st, 2024, £1,000 is 1000 pounds, can't is can not."""
    if kind == "date":
        return [_date(text)]
    if kind == "money":
        amount = re.sub(r"[\s,]|pounds?|euros?|dollars?", "", text)
        return [next((sign + amount for name, sign in _SIGNS.items() if name in text), amount)]
    if kind == "number":
        return [str(_COUNTS.get(text, re.sub(r"per\s?cent", "%", re.sub(r",(?=\d{3})", "", text)).replace(" ", "")))]
    if kind == "duty" and text.endswith(("n't", "cannot")):
        verb = {"can't": "can", "cannot": "can", "won't": "will", "shan't": "shall"}.get(text, text[:-3])
        return [verb, "not"]
    return [text]


def _date(text: str) -> str:
    """Day before month, as British pages write it; a year of two digits is of this century; 0 for what is not said."""
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    name = re.search(_MONTH, text, re.IGNORECASE)
    if name:
        day, year, *_ = (0, *numbers, 0) if numbers and numbers[0] > 31 else (*numbers, 0, 0)
        return f"{year}-{MONTHS.index(name[0][:3]) + 1}-{day}"
    if not numbers:
        return text.removesuffix("s")  # a day of the week
    year, month, day = numbers if numbers[0] > 31 else reversed(numbers)
    return f"{year + 2000 if year < 100 else year}-{month}-{day}"
