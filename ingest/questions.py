"""Which blocks of a page are questions. Knows nothing of answers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ingest import furniture
from ingest.extract.lines import NUMBERED
from ingest.extract.wording import FAQ, QUESTION_MARK
from ingest.records import Block

# Also the full-width mark of East Asian text and the Arabic one.
ASKS = re.compile(r"[?？؟][\"”’')\]]*$")
SENTENCE_END = re.compile(r"[.!][\"”’')\]]*\s+(?=[A-Z“\"'‘])")
# Statements that may lead in to a question within its block; with more it is a paragraph that happens to end in one.
LEAD_IN = 2
_CAPITAL = r"(?=[¿¡\"“'(]?[^\W\d_a-z])"
# Forms that number anywhere: "(1) How", "#1 How", "[1.2] How", "01 How", "1 - How". Before "2 - 3 days" no number ends.
BRACKETED = re.compile(
    rf"(?:\(\d{{1,3}}\)|\[\d{{1,3}}(?:\.\d{{1,3}})*\]|#\d{{1,3}}[.:)]?|0\d|\d{{1,3}}\s?[-–—:：．])\s+{_CAPITAL}"
)
# A number without any mark, which the titles around it must show to be one: "1 How" beside "2 Who", "1.1 Which".
COUNT = re.compile(rf"(\d{{1,3}}(?:\.\d{{1,3}})*)\s+{_CAPITAL}")
# What stands before an answer.
ANSWER_MARK = re.compile(
    r"(?:(?:A|Ans|Answer|Antwort|R|Respuesta|Réponse|Risposta)\s?\d*\s?[:.)]\s+|[AＡ答]\s?\d*\s?[:：．）]\s*)(?=\S)"
)
# A heading in the asker's voice. Publishers say "we", "our" and "my account" too, so there it must speak of trouble.
VOICE = re.compile(
    r"I(?:['’](?:m|ve|d|ll))?(?: [\w’'-]+){2,}.*"
    r"|(?:My|We|We['’](?:re|ve)|Our)\b.*\b(?:needs?|wants?|cannot|can['’]t|don['’]t|do not|doesn['’]t|does not|isn['’]t"
    r"|is not|aren['’]t|are not|won['’]t|unable|struggl\w+|problems?|worried|unsure|not sure|stuck|lost|refus\w+)\b.*"
)


def find_questions(blocks: Sequence[Block]) -> tuple[bool, ...]:
    """For each block whether it asks. Where a page marks its questions as headings, only headings can."""
    asks = [_asks(blocks, i) for i in range(len(blocks))]
    marked = sum(asking and block.level > 0 for block, asking in zip(blocks, asks, strict=True))
    loose = sum(asking and not block.level for block, asking in zip(blocks, asks, strict=True))
    if marked > 1 or (marked and loose <= marked + 1):
        return _judge_headings(blocks, [asking and block.level > 0 for block, asking in zip(blocks, asks, strict=True)])
    return tuple(asks)


def _judge_headings(blocks: Sequence[Block], asks: Sequence[bool]) -> tuple[bool, ...]:
    """On a FAQ also the statements among the questions; elsewhere only where at least half of a level asks."""
    faq = any(FAQ.search(block.text) for block in blocks if block.level == 1)
    judged = list(asks)
    for level in {block.level for block, asking in zip(blocks, asks, strict=True) if asking}:
        rank = [i for i, b in enumerate(blocks) if b.level == level and not furniture.is_navigation(b)]
        asking = [i for i in rank if asks[i]]
        if faq:
            among = (i for i in rank if asking[0] < i < asking[-1] and not blocks[i + 1].level)
            for i in among:
                judged[i] = True
        elif 2 * len(asking) < len(rank):
            for i in asking:
                judged[i] = False
    return tuple(judged)


def _asks(blocks: Sequence[Block], i: int) -> bool:
    block = blocks[i]
    if furniture.is_navigation(block):
        return False
    if QUESTION_MARK.match(block.text) and i + 1 < len(blocks) and ANSWER_MARK.match(blocks[i + 1].text):
        return True
    if block.kind == "heading":
        return bool(ASKS.search(block.text) or VOICE.fullmatch(block.text))
    if block.kind == "item":
        neighbours = (*blocks[max(0, i - 1) : i], *blocks[i + 1 : i + 2])
        alone = not any(NUMBERED.match(b.text) and ASKS.search(b.text) for b in neighbours)
        if not (alone and NUMBERED.match(block.text)):
            return False
    return bool(ASKS.search(block.text)) and len(SENTENCE_END.findall(strip_number(block))) <= LEAD_IN


def strip_number(block: Block, counted: bool = False) -> str:
    """The text of a question without the number or mark before it; without a bare number only where they count."""
    for form in (NUMBERED, BRACKETED, QUESTION_MARK, *([COUNT] if counted else [])):
        if number := form.match(block.text):
            return block.text[number.end() :]
    return block.text


def are_counted(titles: Sequence[str]) -> bool:
    """Whether the bare numbers before the titles count them: most go on from the one before, or begin anew."""
    numbers = [tuple(map(int, number[1].split("."))) for title in titles if (number := COUNT.match(title))]
    steps = sum(after == (*one[:-1], one[-1] + 1) or after[-1] <= 1 for one, after in pairwise(numbers))
    return len(numbers) > 1 and 2 * steps >= len(numbers) - 1
