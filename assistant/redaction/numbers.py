"""Numbers that lead to a person: found by their label, or by their shape where nothing says what they are.

Shapes are wider than what was ever issued: who mistypes a number has still given it away. Check digits tell only
where a shape alone would take too much.
"""

from __future__ import annotations

import re

from assistant.redaction.rules import BETWEEN, OPEN, digits_of, is_uneven, labelled, rule

_NI = "National Insurance number"
_PLATE = "vehicle registration"
_PHONE = "phone number"
_ANY = r"[ .\-_()*/,:;|+]{0,3}"
_EXTENSION = rf"(?:{OPEN}(?:ext?|x)\.? ?\d+)?"

_WORDS = r"(?i:is|in|to|of|at|by|or|as|on|if|up|an|be|it|my|we|me|us|do|go|so|no)"
_NO_PLATE = re.compile(
    r"(?:FY|AY|PN|PP|SI|RM|EU|UK|EN|BS|SR|YR)\d\d.*|.*(?:THE|AND|FOR|ARE|WAS|HAS|CAN|MAY|WHO|NOT|BUT|YOU|OUR|ALL|ANY|"
    r"PER|VIA|NEW|PCR|CIC|CIO|SME|VCS|NHS|CCS|FTS|PPN|ITT|PQQ|KPI|ICB|DPS|LTD|PLC|LLP|ACT|LOT)",
    re.IGNORECASE,
)


def _not_words(value: str) -> bool:
    """Whether what has the shape of a National Insurance number is no "Is 20-30-50 a" of a sentence."""
    return not re.fullmatch(rf"{_WORDS} \d\d([/-]?)\d\d\1\d\d a", value)


def _is_licence(value: str) -> bool:
    """Whether a driving licence number in groups is no "about 120000 in the": it has a birthday, and ends in a code."""
    figures = digits_of(value[5:])  # a short name is filled up with nines
    month, day = int(figures[1:3]), int(figures[3:5])
    return " " not in value or (month % 50 in range(1, 13) and day in range(1, 32) and len(figures) > 6)


def _is_plate(value: str) -> bool:
    return not _NO_PLATE.fullmatch(value)


def _is_nhs(value: str) -> bool:
    from stdnum.gb import nhs

    return bool(nhs.is_valid(digits_of(value)))


def _is_long(value: str) -> bool:
    """Whether a number has as many digits as those of a telephone."""
    return 9 <= len(digits_of(value)) <= 11


PAPERS = (
    rule(_NI, rf"(?<![a-z0-9])[a-z]{BETWEEN}[a-z](?:{BETWEEN}\d){{6}}{BETWEEN}[a-d](?![a-z0-9])", _not_words),
    labelled(
        _NI,
        r"nino|n\.?i\.?|nat(?:ional)?\.? ins(?:urance)?\.?|insurance",
        rf"[a-z]{BETWEEN}[a-z](?:{BETWEEN}\d){{6}}(?!\d)(?:{BETWEEN}[a-d](?![a-z]))?",
    ),
    labelled(
        _NI, r"nino|n\.?i\.? (?=n)|insurance (?=n)", rf"(?:[a-z]{{1,2}}[ ]?)?\d(?:{OPEN}\d){{4,8}}(?: ?[a-d]\b)?"
    ),
    labelled("NHS number", r"nhs|chi", rf"\d(?:{OPEN}\d){{8,9}}(?!\d)"),
    labelled("patient number", r"(?:patient|hospital|medical) (?=n|id|ref)", r"[a-z]{0,3}[ -]?\d(?:[ -]?\d){4,11}"),
    labelled(
        "passport number",
        r"passports?",
        rf"[a-z]{{0,2}}{BETWEEN}\d(?:{OPEN}\d){{5,9}}(?!\d)|[a-z0-9]{{8,9}}(?![a-z0-9])",
        lambda value: len(digits_of(value)) >= 4,
    ),
    rule(
        "driving licence number",
        r"(?<![a-z0-9])(?=[a-z])[a-z9]{5}[ \-.]{0,2}\d{3}[ ]?\d{3}[ \-.]{0,2}[a-z][a-z9][ \-.]{0,2}[a-z0-9]"
        r"[ \-.]{0,2}[a-z0-9]{2}(?:[ \-.]{0,2}\d{2})?(?![a-z0-9])",
        _is_licence,
    ),
    labelled(
        "driving licence number",
        r"driv(?:ing|ers?|er'?s)[ -]*licen[cs]e|dvla|licen[cs]e (?=n)",
        r"[a-z0-9][a-z0-9-]{6,18}[a-z0-9]",
        lambda value: len(digits_of(value)) >= 5,
    ),
    labelled("tax reference", r"utr|tax(?:payer'?s?)? (?=ref)", rf"\d(?:{OPEN}\d){{9}}(?!\d)"),
    labelled(
        _PLATE,
        r"(?:vehicle )?reg(?:istration)?(?: plate)?|(?:number[ -]?)?plates?|cars?|vans?|vehicles?|vrm",
        r"(?:[a-z]{2}\d\d ?[a-z]{3}|(?-i:[A-Z]\d{1,3} ?[A-Z]{3}|[A-Z]{3} ?\d{1,3}[A-Z]))(?![a-z0-9])",
        _is_plate,
    ),
    rule(_PLATE, r"(?<![\w-])(?-i:[A-Z]{2}\d\d [A-Z]{3})(?![\w-])", _is_plate),
)  # fmt: skip

PHONES = (
    # Any shape that numbers of persons have in some country, and what is too long to be anything else.
    rule(_PHONE, rf"(?<![\w+])(?:\+|00){OPEN}[1-9](?:[ .\-_()/*]{{0,3}}\d){{6,14}}{_EXTENSION}(?!\d)"),
    rule(_PHONE, rf"(?<![\d.,/])\(?0\d(?:{OPEN}\d){{7,9}}{_EXTENSION}(?!\d|-\d{{4}})"),
    rule(_PHONE, r"(?<![\d.,/])0[358]\d\d[ .\-]{1,2}\d{2}[ .\-]{0,2}\d{2}(?!\d)"),
    # A mobile's, whatever stands between its digits.
    rule(_PHONE, rf"(?<!\d)(?:07\d{{3}}(?:{_ANY}\d){{6}}|(?:\+|00)44(?:{_ANY}\d){{9,11}})(?!\d)"),
    rule(_PHONE, rf"(?<!\d)44{OPEN}0?{OPEN}[1-9](?:{OPEN}\d){{8,9}}(?!\d)"),
    rule(_PHONE, r"(?<![\d.,/])\(?0\d{2,5}\)? ?/ ?\d{2,7}(?:[ /.\-]{0,3}\d{2,6}){0,2}(?!\d)", _is_long),
    rule(_PHONE, r"(?<![\d.,/])7\d{3}[ .\-]{1,2}\d{3}[ .\-]{0,2}\d{3}(?!\d)"),
    labelled(
        _PHONE,
        r"(?:tele)?phone|tel|mobile|mob|cell|call|ring|text|sms|whatsapp|fax|landline|contact|dial|reach",
        rf"\+?\d(?:{OPEN}\d){{5,14}}(?!\d)",
        is_uneven,
    ),
    rule("number", r"(?<![\d.,/])\(?\d{3}\)?[ .\-]{1,2}\d{3}[ .\-]{1,2}\d{4}(?!\d)", is_uneven),
    rule("number", r"(?<![\d.,/])\d{3}[ -]\d{2}[ -]\d{4}(?!\d)"),
    rule("NHS number", r"(?<![\d.,/])\d(?:[ \-._]{0,2}\d){9}(?!\d)", _is_nhs),
    rule("number", r"(?<!\d)(?<!\d[.,])\d{9,}(?!\d)"),
    rule(
        "number",
        r"(?<![a-z])(?:(?:zero|oh|o|nought|one|two|three|four|five|six|seven|eight|nine|double|triple)[ ,.\-]{1,3}){6,}"
        r"(?:zero|oh|o|nought|one|two|three|four|five|six|seven|eight|nine)(?![a-z])",
    ),
)  # fmt: skip
