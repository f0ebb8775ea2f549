"""Numbers that lead to a person: found by their label, or by their shape where nothing says what they are.

Shapes are wider than what was ever issued: who mistypes a number has still given it away. Check digits tell only
where a shape alone would take too much.
"""

from __future__ import annotations

import re

from assistant.redaction.rules import BETWEEN, OPEN, digits_of, labelled, rule

_NI = "National Insurance number"
_BANK = "bank details"
_PHONE = "phone number"
_EXTENSION = rf"(?:{OPEN}(?:ext?|x)\.? ?\d+)?"


def _not_words(value: str) -> bool:
    """Whether what has the shape of a National Insurance number is no "or 120000 a" of a sentence."""
    return not re.fullmatch(
        r"(?:is|in|to|of|at|by|or|as|on|if|up|an|be|it|my|we|me|us|do|go|so|no) \d{6} a", value, re.IGNORECASE
    )


def _is_card(value: str) -> bool:
    """Whether some 13 to 19 digits, from the beginning of a group of them to the end of one, are a card's."""
    from stdnum import luhn

    groups = re.findall(r"\d+", value)
    runs = ("".join(groups[a:b]) for a in range(len(groups)) for b in range(a + 1, len(groups) + 1))
    return any(13 <= len(run) <= 19 and luhn.is_valid(run) for run in runs)


def _is_nhs(value: str) -> bool:
    from stdnum.gb import nhs

    return bool(nhs.is_valid(digits_of(value)))


def _is_iban(value: str) -> bool:
    return len(digits_of(value)) >= 8


def _is_long(value: str) -> bool:
    """Whether a number has as many digits as those of a telephone."""
    return 9 <= len(digits_of(value)) <= 11


def _is_uneven(value: str) -> bool:
    """Whether a number is not a list of round ones: "100 200 3000", "1000 2000 3000 4000"."""
    return not all(group.endswith("00") for group in re.findall(r"\d+", value))


def _is_no_date(value: str) -> bool:
    """Whether six digits in pairs are no day, month and year, in that order or the other."""
    a, b, c = (int(pair) for pair in re.findall(r"\d\d", value))
    is_plan = all(pair and pair % 10 == 0 for pair in (a, b, c))  # of 30, 60 and 90 days
    return not (is_plan or ((1 <= a <= 31 or 1 <= c <= 31) and 1 <= b <= 12))


_PAIRS = r"\d\d(?:[ .\-]{0,3}\d\d){2}(?!\d)"

NUMBERS = (
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
        r"(?<![a-z0-9])(?=[a-z])[a-z9]{5}[ \-.]{0,2}\d{3}[ ]?\d{3}[ \-.]{0,2}[a-z][a-z9][ \-.]{0,2}[a-z0-9]{3}"
        r"(?:[ \-.]{0,2}\d{2})?(?![a-z0-9])",
    ),
    labelled(
        "driving licence number",
        r"driv(?:ing|ers?|er'?s)[ -]*licen[cs]e|dvla|licen[cs]e (?=n)",
        r"[a-z0-9][a-z0-9-]{6,18}[a-z0-9]",
        lambda value: len(digits_of(value)) >= 5,
    ),
    rule(
        "IBAN",
        r"(?<![a-z0-9])[a-z]{2}\d{2}(?:[ .\-]?[a-z0-9]{4}){2,7}(?:[ .\-]?[a-z0-9]{1,3})?(?![a-z0-9])",
        _is_iban,
    ),
    labelled("IBAN", r"iban", r"[a-z]{2}[ .\-]{0,2}\d{2}(?:[ .\-]{0,2}[a-z0-9]*\d[a-z0-9]*){1,12}"),
    labelled("card number", r"cards?|visa|mastercard|amex", rf"\d(?:{OPEN}\d){{11,18}}(?!\d)"),
    rule("card number", r"(?<!\d)\d{4}([ .\-_/]{1,3})\d{4}\1\d{4}\1\d{4}(?:\1\d{1,3})?(?!\d)", _is_uneven),
    rule("card number", r"(?<!\d)3[47]\d\d[ .\-_]{1,3}\d{6}[ .\-_]{1,3}\d{5}(?!\d)"),
    rule("card number", rf"(?<!\d)\d(?:{BETWEEN}\d){{12,24}}(?!\d)", _is_card),
    labelled("security code", r"cv[vc]2?|csc|security code", r"\d{3,4}(?!\d)"),
    labelled(_BANK, r"sort[ -]*code|s/c", rf"{_PAIRS}(?:[ ,;/&-]{{1,4}}\d{{4}}[ -]?\d{{4}}(?!\d))?"),
    labelled(_BANK, r"(?:bank )?(?:account|acct?|a/c|iban)", r"\d(?:[ \-.]{0,2}\d){5,9}(?![\d/])"),
    labelled(_BANK, r"roll (?=n)", r"[a-z0-9/-]*\d[a-z0-9/-]{4,}"),
    rule(
        _BANK,
        r"(?<![\d/.-])\d\d[ .\-]\d\d[ .\-]\d\d[ ,.;:/&-]{1,4}(?:and )?(?:[a-z/.]{2,8} ){0,2}\d{4}[ -]?\d{4}(?!\d)",
    ),
    rule(_BANK, r"(?<!\d)\d{4}[ -]?\d{4}[ ,;/&-]{1,4}\d\d-\d\d-\d\d(?![\d-])"),
    rule(_BANK, r"(?<![\d/.-])(?<!\d )\d\d-\d\d-\d\d(?![\d/-])", _is_no_date),
    rule(
        _BANK,
        r"(?<!\d)(?P<v>\d(?:[ -]?\d){5,9})[ ,(-]{1,3}(?:(?:is|was|as|are)\b)?(?: ?(?:my|our|the|his|her)\b)?"
        r" ?(?:bank |current )?(?:account|acct?\b|a/c|sort[ -]?code)",
    ),
    # Any shape that numbers of persons have in some country, and what is too long to be anything else.
    rule(_PHONE, rf"(?<![\w+])(?:\+|00){OPEN}[1-9](?:[ .\-_()/*]{{0,3}}\d){{6,14}}{_EXTENSION}(?!\d)"),
    rule(_PHONE, rf"(?<![\d.,/])\(?0\d(?:{OPEN}\d){{7,9}}{_EXTENSION}(?!\d|-\d{{4}})"),
    rule(_PHONE, r"(?<![\d.,/])0[358]\d\d[ .\-]{1,2}\d{2}[ .\-]{0,2}\d{2}(?!\d)"),
    rule(_PHONE, rf"(?<!\d)44{OPEN}0?{OPEN}[1-9](?:{OPEN}\d){{8,9}}(?!\d)"),
    rule(_PHONE, r"(?<![\d.,/])\(?0\d{2,5}\)? ?/ ?\d{2,7}(?:[ /.\-]{0,3}\d{2,6}){0,2}(?!\d)", _is_long),
    rule(_PHONE, r"(?<![\d.,/])7\d{3}[ .\-]{1,2}\d{3}[ .\-]{0,2}\d{3}(?!\d)"),
    labelled(
        _PHONE,
        r"(?:tele)?phone|tel|mobile|mob|cell|call|ring|text|sms|whatsapp|fax|landline|contact|dial|reach",
        rf"\+?\d(?:{OPEN}\d){{5,14}}(?!\d)",
        _is_uneven,
    ),
    rule("number", r"(?<![\d.,/])\(?\d{3}\)?[ .\-]{1,2}\d{3}[ .\-]{1,2}\d{4}(?!\d)", _is_uneven),
    rule("number", r"(?<![\d.,/])\d{3}[ -]\d{2}[ -]\d{4}(?!\d)"),
    rule("NHS number", r"(?<![\d.,/])\d(?:[ \-._]{0,2}\d){9}(?!\d)", _is_nhs),
    rule("number", r"(?<!\d)(?<!\d[.,])\d{9,}(?!\d)"),
    rule(
        "number",
        r"(?<![a-z])(?:(?:zero|oh|o|nought|one|two|three|four|five|six|seven|eight|nine|double|triple)[ ,.\-]{1,3}){6,}"
        r"(?:zero|oh|o|nought|one|two|three|four|five|six|seven|eight|nine)(?![a-z])",
    ),
)  # fmt: skip
