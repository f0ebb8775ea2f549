"""Dates of birth, and whole dates that an adult may be born on."""

from __future__ import annotations

from assistant.redaction.rules import labelled, rule

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DATE = (
    rf"(?:\d{{1,4}}[ ./\-,]{{1,3}}\d{{1,2}}[ ./\-,]{{1,3}}\d{{2,4}}|\d{{8}}|\d{{6}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?(?: ?of)?[ \-./]*{_MONTH}(?:[ ,\-./]*(?:\d{{4}}|'?\d{{2}}))?"
    rf"|{_MONTH}[ \-]*\d{{1,2}}(?:st|nd|rd|th)?(?:[ ,\-]*\d{{4}})?"
    rf"|{_MONTH}[ ,\-./]*\d{{4}})(?!\d)"
)
_BIRTH = "date of birth"

BIRTHS = (
    labelled(_BIRTH, r"d\.? ?o\.? ?b\.?|dates? of birth|birth[ -]?date|birthday|birth", _DATE),
    labelled(
        _BIRTH,
        r"d\.? ?o\.? ?b\.?|(?:dates?|years?) of birth",
        r"(?:\d\d?[ ./-]{1,3})?(?:19|20)\d\d(?!\d)(?:[./-]\d\d?)?",
    ),
    rule(_BIRTH, rf"(?<![a-z])born\b[^.?!\d\n]{{0,40}}(?P<v>{_DATE})"),
    rule(
        _BIRTH,
        rf"(?<!\d)(?P<v>{_DATE})[ ,(-]{{1,3}}(?:is |was )?(?:my |his |her |the )?(?:d\.?o\.?b|date of birth|birth)",
    ),
    # Whole numeric dates that an adult may be born on; years, and dates in words, are the law's.
    rule("date", r"(?<![\d/.-])\d{1,2}([./-])\d{1,2}\1(?:19\d\d|200[0-8])(?![\d/-])"),
    rule("date", r"(?<![\d/.-])(?:19\d\d|200[0-8])([./-])\d{1,2}\1\d{1,2}(?![\d/-])"),
)  # fmt: skip
