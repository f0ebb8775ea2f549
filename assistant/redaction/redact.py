"""Personal data in a text -> a plain word in brackets, such as "[e-mail]", before anything is written.

What is found: e-mail addresses; phone numbers; National Insurance, NHS, tax, passport and driving licence numbers;
registration plates; bank cards, IBANs, sort codes and accounts; postcodes and street addresses; dates of birth;
addresses of devices; links with credentials; passwords, keys and tokens; any other number of nine digits or more.

What cannot be recognised: names, handles of social networks, references of cases and invoices, coordinates, a sort
code that nothing names, and what only its meaning makes personal ("my neighbour at the bakery"). Elsewhere rather too
much is taken out than too little.
"""

from __future__ import annotations

from assistant.redaction.bank import BANK
from assistant.redaction.dates import BIRTHS
from assistant.redaction.fold import fold, hide
from assistant.redaction.numbers import PAPERS, PHONES
from assistant.redaction.rules import Found, Rule, find
from assistant.redaction.secrets import RANDOM, SECRETS
from assistant.redaction.whereabouts import NETWORK, WHEREABOUTS

# In their order: where two meet, the word of the first stands for both.
_LOOK_AT_ALL: tuple[Rule, ...] = (*BIRTHS, *SECRETS, *NETWORK)
_LOOK_BESIDE_HARMLESS: tuple[Rule, ...] = (*WHEREABOUTS, *PAPERS, *BANK, *PHONES, *RANDOM)

LONGEST = 2000  # characters of a text; a question has 500. The time for one character grows with how many there are


def redact(text: str) -> str:
    """Return ``text`` with personal data replaced; everything else keeps its characters.

    What is behind the first `LONGEST` characters is left out: give a longer text line by line.
    """
    text = text[:LONGEST]
    folded = fold(text)
    beside = hide(folded.text)
    found = [*find(_LOOK_AT_ALL, folded.text), *find(_LOOK_BESIDE_HARMLESS, beside)]
    for one in reversed(_merge(found)):
        start, end = folded.original(one.start, one.end)
        text = f"{text[:start]}[{one.word}]{text[end:]}"
    return text


def _merge(found: list[Found]) -> list[Found]:
    """What overlaps becomes one, from the first character of any to the last; in the order of the text."""
    merged: list[tuple[int, Found]] = []
    for rank, one in sorted(enumerate(found), key=lambda pair: pair[1].start):
        if merged and one.start < merged[-1][1].end:
            before, other = merged[-1]
            word = (other if before < rank else one).word
            merged[-1] = min(before, rank), Found(word, other.start, max(other.end, one.end))
        else:
            merged.append((rank, one))
    return [one for _, one in merged]
