"""Addresses of every kind: e-mail, network, house."""

from __future__ import annotations

import ipaddress
import re

from assistant.redaction.rules import digits_of, rule


def _is_ip(value: str) -> bool:
    """Whether a person's machine may have the address; in a short one with colons a time is meant."""
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return False
    return "." in value or sum(c.isalnum() for c in value) >= 4


def _is_hex(value: str) -> bool:
    """Whether groups are no list of numbers, or of words."""
    return digits_of(value) != "" and any(c.isalpha() or c == ":" for c in value)


# With colons and per cent signs, which times and shares have as well.
NETWORK = (
    rule(
        "IP address",
        r"(?<![\w:.])(?=[0-9a-f]*:[0-9a-f]*:)[0-9a-f:]+(?:\d{1,3}(?:\.\d{1,3}){3})?(?:%[\w-]{1,15})?(?![\w:])",
        _is_ip,
    ),
    rule("device address", r"(?<![\w:-])[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}(?!\w|[:-]\w)", _is_hex),
    rule("device address", r"(?<![\w.:-])[0-9a-f]{4}([.:-])[0-9a-f]{4}\1[0-9a-f]{4}(?!\w|[.:-]\w)", _is_hex),
)  # fmt: skip

_OUTWARD = r"(?:[a-z]{1,2}\d[a-z\d]?|gir)"
_POSTCODE = rf"(?<![a-z0-9]){_OUTWARD}[ .\-]{{0,3}}\d[abd-hjlnp-uw-z]{{2}}(?![a-z0-9])"
# A number, one to three names that are no ordinary words, and a word that is little else than a street.
_NAME = (
    r"(?!(?:the|a|an|of|to|in|on|at|for|and|or|per|down|by|with|from|is|are|was|as|it|that|this|which|along|up|"
    r"years?|months?|weeks?|days?|steps?|ways?|miles?|pounds|people|million|percent)\b)[a-z][\w'.-]*"
)
_NUMBER = (
    r"(?<![\w£$€.,/(-])(?:(?:flat|unit|apartment|apt|room|no\.?) ?\w{1,4},? )?\d{1,4}[a-z]?(?:[-/]\d{1,4}[a-z]?)?,? "
)
# "2020 Social Enterprise Place" and "5 Town Square pilots" are no houses.
_NO_YEAR = r"(?!(?:19|20)\d\d\b)"
_NOT_MANY = r"(?! (?-i:[a-z]{3,}[a-rt-z]s)\b)"
_STREET = r"(?:street|st|road|rd|avenue|ave|lane|crescent|cres|terrace|gardens|gdns|mews|boulevard|blvd)\b\.?"
_MAYBE_STREET = (
    r"(?:close|drive|dr|court|ct|place|pl|way|grove|square|sq|hill|park|row|walk|green|view|rise|wharf|quay|yard|"
    r"broadway|embankment|cottages?|house|parade|ln|end|fields?|meadows?|heights|villas?|circus|gate|bank|croft)\b\.?"
)
_ADDRESS = "address"
_MAILBOXES = (
    r"(?:gmail|googlemail|hotmail|outlook|live|msn|yahoo|ymail|icloud|me|mac|aol|gmx|sky|mail|btinternet|btopenworld|"
    r"virginmedia|ntlworld|talktalk|tiscali|proton|protonmail|fastmail|zoho)\.(?:com?(?:\.uk)?|net|org|de|fr|me)|nhs\.net"
)
_VERB = (
    r"it|us|this|that|is|are|be|was|were|look|looking|found|find|available|published|hosted|here|site|page|website|see|"
    r"start"
)

WHEREABOUTS = (
    rule(
        "e-mail",
        r"(?<![\w.!#$%&'*+/=?^`{|}~-])(?:[\w-]{1,30} dot ){0,3}"
        r"[\w.!#$%&'*+/=?^`{|}~-]+ ?(?:@|%40|[(\[{<] ?(?:at|@) ?[)\]}>]| at (?=\S+ dot )) ?"
        r"[\w-]+(?:(?:\.| ?[(\[{<] ?(?:dot|\.) ?[)\]}>] ?| dot )[\w-]+)*",
    ),
    rule("e-mail", r"(?<![\w.+-])[a-z][\w.+-]*[(\[{<]a[)\]}>][\w-]+(?:\.[\w-]+)*\.[a-z]{2,}"),
    # "at" is a word: before it stands a name in two parts, or behind it a host of mailboxes.
    rule(
        "e-mail",
        r"(?<![\w.+-])(?![\w.-]+\.(?:uk|org|com|net|eu) )"
        r"[a-z][\w+-]*[._][\w+-]{2,}(?:[._][\w+-]+)* at (?:[\w-]+\.)+[a-z]{2,}(?!\w)",
    ),
    rule("e-mail", rf"(?<![\w.+-])(?!(?:{_VERB}) at )[\w.+-]+ at (?:{_MAILBOXES})(?![\w-]|\.\w)"),
    rule("e-mail", r"\"[^\"@]{1,64}\"@[\w.-]+"),
    rule(
        "IP address",
        r"(?<![\w.])\d{1,3}(?:\[?\.\]?\d{1,3}){3}(?![\w]|\.\d)",
        lambda value: _is_ip(value.replace("[", "").replace("]", "")),
    ),
    rule(_ADDRESS, rf"{_NUMBER}[\w',. -]{{2,60}}?{_POSTCODE}"),
    rule(_ADDRESS, rf"{_NUMBER}(?:{_NAME} ){{1,3}}{_STREET}{_NOT_MANY}"),
    rule(_ADDRESS, rf"{_NO_YEAR}{_NUMBER}(?-i:(?:[A-Z][\w'.-]* ){{1,3}}(?=[A-Z])){_MAYBE_STREET}{_NOT_MANY}"),
    rule(_ADDRESS, rf"{_NO_YEAR}{_NUMBER}the (?!end|way)(?:{_STREET}|{_MAYBE_STREET})(?=[\],;:.?!)]|\s*$)"),
    rule(
        _ADDRESS,
        r"(?<![a-z])(?:flat|apartment|apt)\.? ?(?:\d{1,4}[a-z]?|[a-z]\d{0,3}),? "
        rf"(?:{_NAME} ){{1,3}}(?:{_STREET}|{_MAYBE_STREET})",
    ),
    rule(
        _ADDRESS,
        r"(?<![a-z])(?:liv(?:e|es|ed|ing)|resid(?:e|es|ing)|staying|(?:my|our|his|her|home|postal) address)(?: is)?"
        rf"[ :]*(?:at|on|is)?[ :]*(?P<v>(?:flat ?\w+,? )?\d{{1,4}}[a-z]? "
        rf"(?!(?:feet|foot|metres?|meters?)\b){_NAME}(?: {_NAME}){{0,2}})",
    ),
    rule(
        _ADDRESS,
        r"(?<![a-z])(?:liv(?:e|es|ed|ing)|(?:my|our|his|her|home|postal) address)(?: is)?"
        rf"[ :]*(?:at|in|on|is)?[ :]*(?P<v>[^?!;\n]{{0,80}}?{_POSTCODE})",
    ),
    rule(_ADDRESS, r"(?<![a-z])p\.? ?o\.? ?box \d+"),
    rule("postcode", _POSTCODE, lambda value: not re.search(r" (?:1st|2nd|3rd|[04-9]th)$", value)),
)  # fmt: skip
