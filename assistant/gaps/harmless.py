"""Numbers that belong to nobody: sums, dates, notices, classification codes. They are hidden from most rules."""

from __future__ import annotations

import re

HIDDEN = "\0"
_UNITS = (
    r"pounds?|pence|euros?|dollars?|gbp|eur|usd|quid|thousand|million|billion|bn|per ?cent|percent|people|residents|"
    r"households|homes|jobs|pages|words|hours|days|weeks|months|years|tonnes|miles|km"
)
_HARMLESS = re.compile(
    r"[£$€]\s?(?:\d{1,3}(?:[ ,]\d{3})+(?!\d)|\d{1,8}(?!\d))(?:\.\d{1,2}(?!\d))?"  # sums
    rf"|(?<!\d)(?<!\d[ .,-])(?:\d{{1,3}}(?:[ ,]\d{{3}})+|\d{{1,8}})(?:\.\d{{1,2}})?\s?(?:%|(?:{_UNITS})\b)"
    r"|(?<!\d)\d{1,3}(?:,\d{3})+(?![\d,])"
    r"|(?<![\d/.-])(?:0?[1-9]|[12]\d|3[01])(?P<a>[./-])(?:0?[1-9]|1[0-2])(?P=a)20[0-4]\d(?![\d/-])"  # dates
    r"|(?<![\d/.-])20[0-4]\d(?P<b>[./-])(?:0[1-9]|1[0-2])(?P=b)(?:0[1-9]|[12]\d|3[01])(?![\d/-])"
    r"|(?<![\d:])\d{1,2}:\d{2}(?::\d{2})?(?![\d:])"  # times
    r"|(?<!\d)(?:19|20)\d\d/S[ -]?\d{2,3}[ -]\d{5,8}(?!\d)"  # notices of the EU and of Find a Tender
    r"|(?<![\d-])\d{5,8}-20[0-4]\d(?![\d-])"
    r"|\bOJ ?[SLC] ?\d+(?:[ ,/-]+\d+){0,4}"
    r"|(?<!\d)\d{8}-\d(?!\d)"  # CPV codes
    r"|\b(?:isbn|issn|duns|cpv|ean)(?:[- ]?1[03])?(?:\s|:|codes?|no\.?|number|is){0,4}\d[\d-]{6,16}\d"
    r"|(?<![\d/-])(?:19|20)\d\d(?:(?: ?[-/,&+] ?| and | to | or | )(?:(?:19|20)\d\d|\d\d(?!\d)))+(?![\d/-])",  # years
    re.IGNORECASE,
)


def hide(text: str) -> str:
    """Return ``text``, as long as before, without the numbers that are known to be harmless."""
    return _HARMLESS.sub(lambda match: HIDDEN * len(match[0]), text)
