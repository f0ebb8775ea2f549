"""Numbers of bank cards, accounts and sort codes. Two digits three times are a sort code only where a word says so."""

from __future__ import annotations

import re

from assistant.redaction.rules import BETWEEN, OPEN, digits_of, is_uneven, labelled, rule

_BANK = "bank details"
_PAIRS = r"\d\d(?:[ .\-]{0,3}\d\d){2}(?!\d)"


def _is_card(value: str) -> bool:
    """Whether some 13 to 19 digits, from the beginning of a group of them to the end of one, are a card's."""
    from stdnum import luhn

    groups = re.findall(r"\d+", value)
    runs = ("".join(groups[a:b]) for a in range(len(groups)) for b in range(a + 1, len(groups) + 1))
    return any(13 <= len(run) <= 19 and luhn.is_valid(run) for run in runs)


def _is_iban(value: str) -> bool:
    """Whether a word and groups of four are an IBAN: of one that begins "GB 29", the check digits tell."""
    from stdnum import iban

    return len(digits_of(value)) >= 8 and (value[2].isdigit() or bool(iban.is_valid(value)))


BANK = (
    rule(
        "IBAN",
        r"(?<![a-z0-9])[a-z]{2}[ .\-]?\d{2}(?:[ .\-]?[a-z0-9]{4}){2,7}(?:[ .\-]?[a-z0-9]{1,3})?(?![a-z0-9])",
        _is_iban,
    ),
    labelled("IBAN", r"iban", r"[a-z]{2}[ .\-]{0,2}\d{2}(?:[ .\-]{0,2}[a-z0-9]*\d[a-z0-9]*){1,12}"),
    labelled("card number", r"cards?|visa|mastercard|amex", rf"\d(?:{OPEN}\d){{11,18}}(?!\d)"),
    rule("card number", r"(?<!\d)\d{4}([ .\-_/]{1,3})\d{4}\1\d{4}\1\d{4}(?:\1\d{1,3})?(?!\d)", is_uneven),
    rule("card number", r"(?<!\d)3[47]\d\d[ .\-_]{1,3}\d{6}[ .\-_]{1,3}\d{5}(?!\d)"),
    rule("card number", rf"(?<!\d)\d(?:{BETWEEN}\d){{12,24}}(?!\d)", _is_card),
    labelled("security code", r"cv[vc]2?|csc|security code", r"\d{3,4}(?!\d)"),
    labelled(_BANK, r"sort(?:[ -]*code)?|s/c", rf"{_PAIRS}(?:[ ,;/&-]{{1,4}}\d{{4}}[ -]?\d{{4}}(?!\d))?"),
    labelled(_BANK, r"bank", r"\d\d[ .-]\d\d[ .-]\d\d(?!\d)"),
    labelled(_BANK, r"(?:bank )?(?:account|acct?|a/c|iban)", r"\d(?:[ \-.]{0,2}\d){5,9}(?![\d/])"),
    labelled(_BANK, r"roll (?=n)", r"[a-z0-9/-]*\d[a-z0-9/-]{4,}"),
    rule(
        _BANK,
        r"(?<![\d/.-])\d\d[ .\-]\d\d[ .\-]\d\d[ ,.;:/&-]{1,4}(?:and )?(?:[a-z/.]{2,8} ){0,2}\d{4}[ -]?\d{4}(?!\d)",
    ),
    rule(_BANK, r"(?<!\d)\d{4}[ -]?\d{4}[ ,;/&-]{1,4}\d\d-\d\d-\d\d(?![\d-])"),
    rule(_BANK, r"(?<![\d/.-])\d{6}[ ,;/&-]{1,4}\d{8}(?![\d-])", is_uneven),
    rule(
        _BANK,
        r"(?<!\d)(?P<v>\d(?:[ -]?\d){5,9})[ ,(-]{1,3}(?:(?:is|was|as|are)\b)?(?: ?(?:my|our|the|his|her)\b)?"
        r" ?(?:bank |current )?(?:account|acct?\b|a/c|sort[ -]?code)",
    ),
)  # fmt: skip
