"""Which blocks of a page are never content, and why. Looks at words only: where a page navigates, it says so."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from ingest.records import Block, Capture, Dropped
from ingest.shorten import shorten

# Names of icons that a page's font or sprite leaves in the text: at least this many in a row, one of them snake_case.
ICON_NAMES = 3
ICON = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
# A menu's title is short; "What next for procurement law?" is a question.
NAVIGATION_WORDS = 6
NAVIGATION = re.compile(
    r"what(?:’s|'s)? next|(?:[\w&]+ ){0,3}menu|related(?: [\w&]+){0,3}|see also|more from(?: [\w&]+){1,4}"
    r"|you (?:may|might) also like|share(?: this)?(?: [\w&]+)?|follow us(?: on [\w&]+)?"
    r"|on this page|in this section|(?:table of )?contents"
    r"|was this (?:page |article |answer |information )?(?:helpful|useful)|leave a (?:comment|reply)|search"
    r"|(?:[\w&]+ )?newsletter|subscribe|sign up|log ?in|cookies?(?: [\w&]+){0,2}|breadcrumbs?|navigation",
    re.IGNORECASE,
)
# A link within the page stands for itself: what follows is content again.
LINK = re.compile(
    r"(?:skip|jump) to(?: [\w&]+){1,3}|(?:back to|return to|top of)(?: the| this)? (?:top|page|menu|home|contents)",
    re.IGNORECASE,
)
SIGN_UP = re.compile(
    r"\b(?:pop|enter|type|leave)(?: in)? your e-?mail|\b(?:subscribe|sign up)(?: (?:to|for|here|now|today))?"
    r"(?: [\w’']+){0,2} (?:newsletter|mailing list|updates|e-?mails|bulletin)|\bget (?:the latest )?(?:updates|news) "
    r"(?:whenever|by|from|via|straight)|\bto be notified when\b|\bjoin our mailing list",
    re.IGNORECASE,
)
# A sign-up call is one paragraph; a long text that mentions a newsletter is about something else.
SIGN_UP_WORDS = 60
COPYRIGHT = re.compile(r"(?:©|\(c\)|copyright\b).*\b(?:19|20)\d\d\b.*", re.IGNORECASE)
COPYRIGHT_WORDS = 25  # the longest notice; a paragraph about copyright is longer
STRIP = re.compile(r"(?:[A-Z]|Tel|Phone|Email|E-mail|Web|Fax|Twitter)\s?: ?\S+(?: \S+)*")
# Within answers a repeated line is furniture ("Back to top") only when short and under this many questions.
REPEATED_WORDS, REPEATED_QUESTIONS = 12, 3

SHOWN = 80  # characters of a dropped text in the report


def drop(capture: Capture, block: Block, reason: str) -> Dropped:
    """The line of the report for a block that is not taken."""
    return Dropped(capture.path, block.start, block.end, shorten(block.text, SHOWN), reason)


def is_navigation(block: Block) -> bool:
    """Whether the block is the title of a menu, a sharing bar or the like: what follows it is not content."""
    return is_navigation_text(block.text)


def is_navigation_text(title: str) -> bool:
    """The same of the words alone."""
    words = title.strip("?!.: ")
    return len(words.split()) <= NAVIGATION_WORDS and bool(NAVIGATION.fullmatch(words))


def judge(blocks: Sequence[Block], asks: Sequence[bool], repeated: bool = True) -> tuple[str | None, ...]:
    """For each block the reason why it is furniture, or None. ``asks`` says which blocks are questions.

    With ``repeated``, what stands on the page more than once is furniture too.
    """
    above = _find_questions_above(asks)
    copies = _find_repeated(blocks, asks, above) if repeated else {}
    reasons: list[str | None] = []
    for i, block in enumerate(blocks):
        question = above[i]
        # What follows a question directly is its answer, whatever it says.
        answers = question is not None and not asks[i] and question == i - 1
        about = blocks[question].text if question is not None else ""
        reasons.append(None if answers or asks[i] else _judge_words(block, about) or copies.get(i))
    return tuple(reasons)


def _judge_words(block: Block, question: str) -> str | None:
    words = block.text.split()
    if len(words) >= ICON_NAMES and any("_" in word for word in words) and all(map(ICON.fullmatch, words)):
        return "names of icons"
    parts = block.text.split(" | ")
    if len(parts) > 1 and all(map(STRIP.fullmatch, parts)):
        return "contact strip"
    if len(words) <= COPYRIGHT_WORDS and COPYRIGHT.fullmatch(block.text):
        return "copyright notice"
    if LINK.fullmatch(block.text.strip("↑^« .")):
        return "link within the page"
    if len(words) <= SIGN_UP_WORDS and SIGN_UP.search(block.text) and not _is_about_sign_up(question):
        return "newsletter sign-up"
    return None


def _is_about_sign_up(question: str) -> bool:
    return bool(re.search(r"newsletter|updates?\b|subscri|sign(?:ing)? up|mailing|notif", question, re.IGNORECASE))


def _find_questions_above(asks: Sequence[bool]) -> list[int | None]:
    above: list[int | None] = []
    latest = None
    for i, asking in enumerate(asks):
        latest = i if asking else latest
        above.append(latest)
    return above


def _find_repeated(blocks: Sequence[Block], asks: Sequence[bool], above: Sequence[int | None]) -> dict[int, str]:
    """Blocks that stand on the page more than once, except what a question repeats together with itself."""
    places = defaultdict(list)
    for i, block in enumerate(blocks):
        if not asks[i] and not block.level:
            places[block.text.casefold()].append(i)
    asked = Counter(block.text.casefold() for i, block in enumerate(blocks) if asks[i])
    found = {}
    for copies in places.values():
        outside = [i for i in copies if above[i] is None]
        questions = {blocks[q].text.casefold() for i in copies if (q := above[i]) is not None}
        loose = len(copies) > max([1, *(asked[q] for q in questions)])
        short = blocks[copies[0]].kind != "item" and len(blocks[copies[0]].text.split()) <= REPEATED_WORDS
        if loose and (outside or (short and len(questions) >= REPEATED_QUESTIONS)):
            found.update(dict.fromkeys(copies, f"stands on the page {len(copies)} times"))
    return found
