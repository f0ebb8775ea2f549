"""A text as rules look at it: ASCII digits, hyphens and spaces for all their forms, no marks, nothing invisible.

Most rules look beside the numbers that belong to nobody: sums, dates, notices, classification codes.
"""

from __future__ import annotations

import re
import unicodedata

from msgspec import Struct

_INVISIBLE = {"Cf", "Mn", "Me", "Cc"}  # format and control characters, combining marks
_DOTS = "·•∙‧․。"


class Folded(Struct, frozen=True):
    """``text`` in which to look, and for each of its characters the place of the one in the original it stands for."""

    text: str
    places: tuple[int, ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Where ``text[start:end]``, which is not empty, stands in the original."""
        return self.places[start], self.places[end - 1] + 1


def fold(original: str) -> Folded:
    """Return ``original`` folded. A character may become several or none; case is kept."""
    pieces = [(at, piece) for at, character in enumerate(original) for piece in _plain(character)]
    return Folded("".join(piece for _, piece in pieces), tuple(at for at, _ in pieces))


def _plain(character: str) -> str:
    if character.isspace():
        return " "
    if character.isascii():
        return character if character.isprintable() else ""
    if (digit := unicodedata.decimal(character, None)) is not None:
        return str(digit)
    if unicodedata.category(character) == "Pd" or character == "−":
        return "-"
    if character in _DOTS:
        return "."
    # Four characters, as in "(20)", are the most that letters and digits become; a whole Arabic phrase is cut.
    return "".join(c for c in unicodedata.normalize("NFKD", character)[:4] if unicodedata.category(c) not in _INVISIBLE)


HIDDEN = "\0"
_UNITS = (
    r"pounds?|pence|euros?|dollars?|gbp|eur|usd|quid|thousand|million|billion|bn|per ?cent|percent|people|residents|"
    r"households|homes|jobs|pages|words|hours|days|weeks|months|years|tonnes|miles|km"
)
_PLACES = (
    r"(?:sections?|versions?|clauses?|paragraphs?|paras?|articles?|arts?|annex|chapters?|regulations?|regs?|rules?|"
    r"schedules?|parts?|appendix|items?|points?|releases?|tables?|figures?|questions?|criteri(?:on|a))\.? ?"
)
_PLACE = r"\d{1,3}(?:\.\d{1,2}){2,5}(?![\d.]*\d)"
_HARMLESS = re.compile(
    r"[£$€]\s?(?:\d{1,3}(?:[ ,]\d{3})+(?!\d)|\d{1,8}(?!\d))(?:\.\d{1,2}(?!\d))?"  # sums
    # Not the end of a postcode: A10BN, EC1A 1BN.
    r"|(?<![a-z\d])(?<!\d[ .,-])(?<!\d[a-z][ .,-])"
    rf"(?:\d{{1,3}}(?:[ ,]\d{{3}})+|\d{{1,8}})(?:\.\d{{1,2}})?\s?(?:%|(?:{_UNITS})\b)"
    r"|(?<!\d)(?<!\d,)\d{1,3}(?:,\d{3})+(?![\d,])"
    r"|(?<![\d/.-])(?:0?[1-9]|[12]\d|3[01])(?P<a>[./-])(?:0?[1-9]|1[0-2])(?P=a)20[0-4]\d(?![\d/-])"  # dates
    r"|(?<![\d/.-])20[0-4]\d(?P<b>[./-])(?:0[1-9]|1[0-2])(?P=b)(?:0[1-9]|[12]\d|3[01])(?![\d/-])"
    r"|(?<![\d:])\d{1,2}:\d{2}(?::\d{2})?(?![\d:])"  # times
    rf"|(?<![a-z]){_PLACES}{_PLACE}(?:(?: ?[,&-]| and| or| to) ?{_PLACE})*"  # places in a law, or versions
    r"|(?<!\d)(?:19|20)\d\d/S[ -]?\d{2,3}[ -]\d{5,8}(?!\d)"  # notices of the EU and of Find a Tender
    r"|(?<![\d-])\d{5,8}-20[0-4]\d(?![\d-])"
    r"|\bOJ ?[SLC] ?\d{1,4}(?:[ ,/-]+\d{1,6}){0,4}(?!\d)"
    r"|(?<!\d)\d{8}-\d(?!\d)"  # CPV codes
    r"|\b(?:isbn|issn|duns|cpv|ean)(?:[- ]?1[03])?(?:\s|:|codes?|no\.?|number|is){0,4}\d[\d-]{6,16}\d"
    # Years; beside another four digits they may be a card's.
    r"|(?<![\d/-])(?<!\d{4}[ .])(?<!\d{4}  )(?<!\d{4} - )"
    r"(?:19|20)\d\d(?:(?: ?[-/,&+] ?| and | to | or | )(?:(?:19|20)\d\d|\d\d(?!\d)))+"
    r"(?![\d/-])(?![ .-]{1,3}\d{4}(?!\d))",
    re.IGNORECASE,
)


def hide(text: str) -> str:
    """Return ``text``, as long as before, without the numbers that are known to be harmless."""
    return _HARMLESS.sub(lambda match: HIDDEN * len(match[0]), text)
