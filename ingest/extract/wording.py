"""Words that say what a title is, in the languages of the public pages that were looked at. Only patterns."""

from __future__ import annotations

import re


def _any(*phrases: str) -> str:
    return f"(?:{'|'.join(phrases)})"


# A title begins like a question; without its mark that is a sign only among others like it ("How it works" is none).
OPENS = re.compile(
    _any(
        "how|what|when|where|who|whom|whose|why|which|can|could|do|does|did|is|are|am|was|were|will|would|should|shall",
        "may|must|has|have",
        "wie|wann|wo|wer|wem|wen|warum|wieso|welche[rsmn]?|kann|können|muss|müssen|darf|dürfen|soll|ist|sind|gibt|hat",
        "habe|haben|wird|werden",
        "c[oó]mo|qu[eé]|cu[aá]ndo|d[oó]nde|qui[eé]n|por qu[eé]|cu[aá]l(?:es)?|puedo",
        "comment|quand|où|qui|pourquoi|quel(?:le)?s?|combien|puis-je|est-ce",
        "come|quando|dove|chi|perch[eé]|posso",
    )
    + r"\b.*\w",
    re.IGNORECASE,
)
# Each word in one way only, and what was matched is kept: "have you have you ..." would be tried in all its ways.
_BEFORE = _any(
    "do you",
    "you",
    "still",
    "got",
    "have",
    "need",
    "more",
    "any",
    "other",
    "further",
    "some",
    "another",
    "an?",
    "noch",
    "weitere",
    "hast du",
    "haben sie",
    "eine",
    "andere",
    "¿?tienes",
    "m[aá]s",
    "d['’]autres",
    "des",
)
_REST = r"\s?[?？](?: .*)?"  # the question, and what to do then
# The asker speaks: of what is his, or to the one who is to answer.
SPEAKS = re.compile(
    r"(?:my|our|i(?:['’](?:m|ve|d|ll))?|we)\s+\w+\s+\w+|(?:tell|show|give) (?:me|us)\b|"
    r"(?:please )?(?:explain|describe)\b",
    re.IGNORECASE,
)
# A call to get in touch asks nothing that the page answers.
CALL = re.compile(
    _any(
        rf"(?:{_BEFORE} )*+(?:questions?|quer(?:y|ies)|help|advice|support|fragen?|hilfe|dudas|preguntas)"
        rf"(?: or (?:comments?|concerns?|feedback))?{_REST}",
        r"(?:did(?: not|n['’]t)|can['’]?t|can ?not|could(?: not|n['’]t))(?: you)? find "
        r"(?:what|(?:an? |the |your )?(?:answer|question)).*",
        rf"(?:are you )?(?:still )?(?:stuck|confused|unsure|not sure|curious|interested|convinced){_REST}",
        rf"(?:is there )?anything else{_REST}",
        r"(?:do you )?(?:want|would you like|like) to (?:know|learn|find out|read|see|hear|join|help|talk|contact)\b.*",
        r"ready to \w+.*|want more\b.*",
        r"(?:do you )?have (?:an?|any|another|more) (?:other )?questions? (?:that )?(?:we|is|are|was|not)\b.*",
        r"(?:want|fancy|looking for) (?:an? )?(?:\d+ ?%|(?:[£$€]\s?)?\d+ off|discount|voucher|coupon).*",
        r"vous (?:ne trouvez|n['’]avez) pas .*(?:réponse|question).*",
        r"(?:une|encore|d['’]autres|des) questions?\s?[?？].*",
        r"(?:sie|du|haben sie|hast du|konnten sie|konntest du)?\s?.*\b(?:antwort|frage)\b.*\bnicht "
        r"(?:gefunden|finden|dabei)\b.*",
        r"(?:sie finden |du findest |haben sie |hast du )?keine (?:passende )?antwort.*",
        r"¿?no (?:encuentras?|encontraste|has encontrado|encuentra) .*|non (?:hai|avete|ha) trovato .*|non trovi .*",
        r"n[ãa]o (?:encontrou|encontraste) .*|(?:staat )?je vraag (?:staat )?er niet bij.*|niet gevonden wat .*",
    ),
    re.IGNORECASE,
)
# What a click on a title does.
CLICK = re.compile(
    r",?\s?(?:show|hide|open|close|expand|collapse|toggle|(?:read )?more)(?: this)?(?: (?:section|answer))?",
    re.IGNORECASE,
)
# Buttons and parts of a page: no page answers a question under them.
CONTROL = re.compile(
    _any(
        "(?:show|read|see|view|learn|load|hide)(?: (?:more|less|all|details?|answers?|this|everything|sections?))*",
        "more|less|close|open|next|previous|prev|back|home|skip.*|(?:main |site )?menu|toggle.*|print.*",
        "(?:expand|collapse)(?: all)?",
        r"(?:(?:all )?comments?|reviews?)(?: \(\d+\))?|leave a .*|tags?|categories|archives?|recent posts|latest news",
        r"(?:your )?(?:cookie|privacy) (?:settings|preferences|policy|choices)|(?:strictly )?necessary|[\w ]+ cookies",
        "contact(?: us| form| details)?|get in touch|about(?: us)?|imprint|impressum|kontakt|quick search|this page",
        "notes?|warning|tips?|hints?|info|examples?|transcript|sources|references|footnotes",
        "table of contents|contents|inhalt(?:sverzeichnis)?|questions?|answers?|faqs?",
    ),
    re.IGNORECASE,
)
# A page or a part of it that is questions and answers.
FAQ = re.compile(
    _any(
        r"\bF\.?A\.?Qs?\b",
        r"\bfrequently[ -]asked\b",
        r"\bcommon(?:ly[ -]asked)? questions\b",
        r"\b(?:your|top|popular|general) questions(?: answered)?$",
        r"\bquestions (?:and|&|with) answers\b",
        r"\bQ ?(?:&|and|\+|/) ?As?\b",
        r"\bhäufige?n?(?: gestellten?)? fragen\b",
        r"\bfragen (?:und|&) antworten\b",
        r"\bpreguntas (?:m[aá]s )?frecuentes\b",
        r"\bpreguntas y respuestas\b",
        r"\bfoire aux questions\b",
        r"\bquestions fr[eé]quentes\b",
        r"\bdomande frequenti\b",
        r"\bveelgestelde vragen\b",
        r"\bperguntas frequentes\b",
        "よくある質問",
        "常见问题",
    ),
    re.IGNORECASE,
)
HELP = re.compile(r"(?:help|support)(?: (?:centre|center|pages?|desk|topics))?|knowledge ?base|hilfe", re.IGNORECASE)
FAQ_PATH = re.compile(
    r"(?:^|[/_.-])(?:faqs?|frequently-asked[\w-]*|questions-and-answers|q-and-a|help)(?:[/_.-]|$)", re.IGNORECASE
)
# What stands before a question, by its language: Q, F(rage), P(regunta), D(omanda). Not the Q of "Q fever".
QUESTION_MARK = re.compile(
    r"(?:(?:[QＱ]|Question|F|Frage|P|Pregunta|D|Domanda)\s?\d{0,3}\s?[:.)：．）]\s*(?=\S)"
    r"|(?:[QＱ]|Question|Frage|Pregunta|Domanda)\s?\d{1,3}(?:\s?[-–—])?\s+(?=[¿¡\"“'(]?[^\W\d_a-z])"
    r"|[QＱ問](?:\s?[-–—])?\s+(?=[¿¡\"“'(]?[^\W\d_a-z]))"
)
