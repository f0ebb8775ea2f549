"""What the words of a title say: whether it asks, whether it is a page's furniture, whether a page is a FAQ."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from ingest.extract.lines import NUMBERED
from ingest.extract.wording import CALL, CONTROL, FAQ, FAQ_PATH, HELP, OPENS, QUESTION_MARK
from ingest.furniture import is_navigation_text
from ingest.questions import ASKS, BRACKETED, LEAD_IN, SENTENCE_END, VOICE

TITLE_CHARS = 600  # what is longer is no title, and is not judged
PARTS = re.compile(r"\s[|–—·:»-]\s")  # of the title of a page: "Help | Town of York"


class Signs(Struct, frozen=True):
    """What is known of a page before its tags are looked at."""

    faq: bool = False  # its title, main heading or address says that it is a FAQ
    titled: bool = False  # its title says so in so many words
    article: int = 0  # signs of an article in its markup, 0 to 2
    declared: bool = False  # the maintainer says so: then fewer questions on it suffice
    told: frozenset[str] = frozenset()  # questions of its structured data, squeezed


def asks(title: str) -> bool:
    """Whether the words are a question by their mark or their voice. A call to get in touch is none."""
    words = bare(title)
    if len(title) > TITLE_CHARS or is_navigation_text(words) or CALL.fullmatch(words):
        return False
    return bool(ASKS.search(words) or words.startswith("¿") or VOICE.fullmatch(words))


def asks_whole(line: str) -> bool:
    """Whether a whole paragraph is a question: by its mark, with no more than a lead-in before it."""
    words = bare(line)
    return asks(line) and bool(ASKS.search(words)) and len(SENTENCE_END.findall(words)) <= LEAD_IN


def seems(title: str) -> bool:
    """Whether the words begin as a question does, whatever mark they end with."""
    opens = len(title.split()) > 2 and len(title) <= TITLE_CHARS and bool(OPENS.match(bare(title)))
    return asks(title) or (opens and not CALL.fullmatch(title))


def is_control(title: str) -> bool:
    """Whether the words are a button, a menu or a part of the page that no page answers a question with."""
    words = title.strip(" :.…!?›»+→")
    return len(title) <= TITLE_CHARS and _is_control(title, words)


def _is_control(title: str, words: str) -> bool:
    return is_navigation_text(title) or bool(CALL.fullmatch(title) or CONTROL.fullmatch(words)) or not words


def names_faq(title: str) -> bool:
    """Whether a title says that questions and answers come under it."""
    return bool(FAQ.search(title)) or any(HELP.fullmatch(part.strip()) for part in PARTS.split(title))


def is_faq_address(address: str) -> bool:
    """Whether the path of an address says the same."""
    return bool(FAQ_PATH.search(unquote(urlsplit(address).path)))


def bare(title: str) -> str:
    """The words without the number or "Q:" before them."""
    numbered = NUMBERED.match(title) or BRACKETED.match(title) or QUESTION_MARK.match(title)
    return title[numbered.end() :] if numbered else title
