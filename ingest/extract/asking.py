"""What the words of a title say: whether it asks, whether it is a page's furniture, whether a page is a FAQ."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from ingest.furniture import is_navigation_text
from ingest.questions import ASKS, LEAD_IN, NUMBERED, SENTENCE_END, VOICE

# Begins like a question; without its mark that is a sign only among others like it ("How it works" is a title).
OPENS = re.compile(
    r"(?:how|what|when|where|who|whom|whose|why|which|can|could|do|does|did|is|are|am|was|were|will|would|should|shall|may"
    r"|must|has|have|wie|was|wann|wo|wer|wem|wen|warum|wieso|welche[rsmn]?|kann|können|muss|müssen|darf|dürfen|soll|ist"
    r"|sind|gibt|hat|habe|haben|wird|werden|c[oó]mo|qu[eé]|cu[aá]ndo|d[oó]nde|qui[eé]n|por qu[eé]|cu[aá]l(?:es)?|puedo"
    r"|comment|quand|où|qui|pourquoi|quel(?:le)?s?|combien|puis-je|est-ce|come|quando|dove|chi|perch[eé]|posso)\b.*\w",
    re.IGNORECASE,
)
# A call to get in touch asks nothing that the page answers.
CALL = re.compile(
    r"(?:(?:do you |you |have you )?(?:still |got |have |need |more |any |other |further |a |some |another |noch |weitere |hast du "
    r"|eine |andere |haben sie |¿?tienes |m[aá]s |d'autres |des )*)"
    r"(?:questions?|quer(?:y|ies)|help|advice|support|fragen?|hilfe|dudas|preguntas)(?: or (?:comments?|concerns?|feedback))?\s?[?？]"
    r"(?: .*)?|(?:did(?: not|n['’]t)|can['’]?t|can ?not|could(?: not|n['’]t))(?: you)? find (?:what|an? |the |your )?(?:answer|question|you)?.*"
    r"|(?:have you |do you )?(?:got |have )?(?:something |anything )?(?:else )?to (?:say|tell us)[?].*"
    r"|(?:are you )?(?:still )?(?:stuck|confused|unsure|not sure|curious|interested|convinced)\s?[?？](?: .*)?|anything else\s?[?？](?: .*)?"
    r"|(?:do you )?(?:want|would you like|like) to (?:know|learn|find out|read|see|hear|join|help|talk|get in touch|contact)\b.*"
    r"|ready to \w+.*",
    re.IGNORECASE,
)
CONTROL = re.compile(
    r"(?:show|read|see|view|learn|load|hide)(?: (?:more|less|all|details?|answers?|this|everything|section|sections))*|more|less"
    r"|close|open|next|previous|prev|back|home|skip.*|(?:main |site )?menu|expand(?: all)?|collapse(?: all)?|toggle.*|print.*"
    r"|(?:all )?comments?(?: \(\d+\))?|reviews?(?: \(\d+\))?|leave a .*|tags?|categories|archives?|recent posts|latest news"
    r"|(?:your )?(?:cookie|privacy) (?:settings|preferences|policy|choices)|(?:strictly )?necessary(?: cookies)?"
    r"|\w+ cookies|contact(?: us| form| details)?|get in touch|about(?: us)?|imprint|impressum|kontakt|quick search|this page"
    r"|table of contents|contents|inhalt(?:sverzeichnis)?|questions?|answers?|faqs?",
    re.IGNORECASE,
)
FAQ = re.compile(
    r"\bF\.?A\.?Qs?\b|\bfrequently[ -]asked\b|\bcommon(?:ly[ -]asked)? questions\b|\b(?:your|top|popular|general) "
    r"questions(?: answered)?$|\bquestions (?:and|&|with) answers\b|\bQ ?(?:&|and|\+|/) ?As?\b|\bhäufige?n?(?: gestellten?)? fragen\b"
    r"|\bfragen (?:und|&) antworten\b|\bpreguntas (?:m[aá]s )?frecuentes\b|\bpreguntas y respuestas\b|\bfoire aux questions\b"
    r"|\bquestions fr[eé]quentes\b|\bdomande frequenti\b|\bveelgestelde vragen\b|\bperguntas frequentes\b|よくある質問|常见问题",
    re.IGNORECASE,
)
HELP = re.compile(r"(?:help|support)(?: (?:centre|center|pages?|desk|topics))?|knowledge ?base|hilfe", re.IGNORECASE)
PARTS = re.compile(r"\s[|–—·:»-]\s")
FAQ_PATH = re.compile(r"(?:^|[/_.-])(?:faqs?|frequently-asked[\w-]*|questions-and-answers|q-and-a|help)(?:[/_.-]|$)", re.IGNORECASE)
QUESTION_MARK = re.compile(r"(?:Q|Question|F|Frage|P|Pregunta|D|Domanda)\s?\d{0,3}\s?[:.)]\s*(?=\S)")


class Signs(Struct, frozen=True):
    """What is known of a page before its tags are looked at."""

    faq: bool = False  # its title, main heading, address or structured data says that it is a FAQ
    declared: bool = False  # the maintainer says so: then fewer questions are believed
    told: frozenset[str] = frozenset()  # questions of its structured data, folded


def asks(title: str) -> bool:
    """Whether the words are a question by their mark or their voice. A call to get in touch is none."""
    words = bare(title)
    if is_navigation_text(words) or CALL.fullmatch(words):
        return False
    return bool(ASKS.search(words) or words.startswith("¿") or VOICE.fullmatch(words))


def asks_whole(line: str) -> bool:
    """Whether a whole paragraph is a question: by its mark, with no more than a lead-in before it."""
    words = bare(line)
    return asks(line) and bool(ASKS.search(words)) and len(SENTENCE_END.findall(words)) <= LEAD_IN


def seems(title: str) -> bool:
    """Whether the words begin as a question does, whatever mark they end with."""
    return asks(title) or (len(title.split()) > 2 and bool(OPENS.match(bare(title))) and not CALL.fullmatch(title))


def is_control(title: str) -> bool:
    """Whether the words are a button, a menu or a part of the page that no page answers a question with."""
    words = title.strip(" :.…!?›»+→")
    return is_navigation_text(title) or bool(CALL.fullmatch(title) or CONTROL.fullmatch(words)) or not words


def names_faq(title: str) -> bool:
    """Whether a title says that questions and answers come under it."""
    return bool(FAQ.search(title)) or any(HELP.fullmatch(part.strip()) for part in PARTS.split(title))


def is_faq_address(address: str) -> bool:
    """Whether the path of an address says the same."""
    return bool(FAQ_PATH.search(unquote(urlsplit(address).path)))


def bare(title: str) -> str:
    """The words without the number or "Q:" before them."""
    numbered = NUMBERED.match(title) or QUESTION_MARK.match(title)
    return title[numbered.end() :] if numbered else title
