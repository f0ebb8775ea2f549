"""What else leads to a person, or lets somebody in: addresses of every kind, dates of birth, passwords and keys."""

from __future__ import annotations

import ipaddress
import re

from assistant.redaction.rules import FILL, digits_of, labelled, rule

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DATE = (
    rf"(?:\d{{1,4}}[ ./\-,]{{1,3}}\d{{1,2}}[ ./\-,]{{1,3}}\d{{2,4}}|\d{{8}}|\d{{6}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?(?: ?of)?[ \-./]*{_MONTH}(?:[ ,\-./]*(?:\d{{4}}|'?\d{{2}}))?"
    rf"|{_MONTH}[ \-]*\d{{1,2}}(?:st|nd|rd|th)?(?:[ ,\-]*\d{{4}})?)(?!\d)"
)
_BIRTH = "date of birth"

BIRTHS = (
    labelled(_BIRTH, r"d\.? ?o\.? ?b\.?|dates? of birth|birth[ -]?date|birthday|birth", _DATE),
    rule(_BIRTH, rf"(?<![a-z])born\b[^.?!\d\n]{{0,40}}(?P<v>{_DATE})"),
    rule(
        _BIRTH,
        rf"(?<!\d)(?P<v>{_DATE})[ ,(-]{{1,3}}(?:is |was )?(?:my |his |her |the )?(?:d\.?o\.?b|date of birth|birth)",
    ),
    # Whole numeric dates that an adult may be born on; years, and dates in words, are the law's.
    rule("date", r"(?<![\d/.-])\d{1,2}([./-])\d{1,2}\1(?:19\d\d|200[0-8])(?![\d/-])"),
    rule("date", r"(?<![\d/.-])(?:19\d\d|200[0-8])([./-])\d{1,2}\1\d{1,2}(?![\d/-])"),
)  # fmt: skip

# What follows "password is" without being one.
_PLAIN = frozenset(
    "not no wrong lost expired incorrect rejected locked invalid required too never still being the a an in on for to "
    "it needed forgotten different correct blocked stolen reset out about set asked used protected hidden weak strong "
    "short long my your our this that there changed sent refused empty missing unknown and or safe secure".split()
)


def _is_value(value: str) -> bool:
    return value.strip("\"'.,;:!?)").lower() not in _PLAIN


def _is_code(value: str) -> bool:
    """Whether a word of at least six characters mixes letters with digits, or has at least six digits."""
    figures = len(digits_of(value))
    return len(value) >= 6 and figures >= 1 and (figures < len(value) or figures >= 6)


def _is_random(value: str) -> bool:
    return len(digits_of(value)) >= 2 and sum(c.isalpha() for c in value) >= 2


def _is_mixed(value: str) -> bool:
    return digits_of(value) != "" and value != value.lower() and value != value.upper()


_KEEPS = (
    r"pass ?(?:word|code|phrase|wd)|pwd?|pass(?=\s*[:=])|passwd|pin|secret(?: key)?|client secret|token|"
    r"api[ _-]?key|(?:access|private|secret|licen[cs]e|encryption|recovery)[ _-]?key|"
    r"(?:security|verification|access|auth(?:entication|orisation)?|login|log-in|entry|door|recovery|one[ -]?time|sms|"
    r"2fa|mfa) (?:code|password)|otp|memorable (?:word|information)|credentials?|mother'?s maiden name"
)
_SECRET = "secret"  # noqa: S105  # the word that is shown

SECRETS = (
    rule(_SECRET, r"-----BEGIN [A-Z ]*-----.*?(?:-----END [A-Z ]*-----|$)"),
    rule(
        _SECRET,
        r"(?<![a-z0-9])(?:sk|pk|rk|ghp|gho|ghu|ghs|ghr|github_pat|glpat|xox[a-z]|npm|pypi|hf|shp[a-z]{2}|whsec|dop_v1|"
        r"ya29|sg|akia|asia|aiza|eyj)[-_.]?(?=[a-z_.-]{0,40}\d)[a-z0-9_./+=-]{10,}",
    ),
    rule(_SECRET, r"(?<![a-z])(?:bearer|basic) (?P<v>[a-z0-9_.~+/=-]{8,})", _is_random),
    rule(_SECRET, rf"(?<![a-z])(?:{_KEEPS})\s*(?:[:=]|is\s*:)\s*(?P<v>\"[^\"]+\"|'[^']+'|\S+)"),
    rule(
        _SECRET,
        rf"(?<![a-z])(?:{_KEEPS})(?: number| no\.?)?\s+(?:is|was|as)(?: called)?\s+(?P<v>\"[^\"]+\"|'[^']+'|\S+)",
        _is_value,
    ),
    rule(_SECRET, rf"(?<![a-z])(?:{_KEEPS}){FILL}(?P<v>[^\s\"'(),:=]+)", _is_code),
    rule(
        _SECRET,
        r"(?<![a-z])(?:pin|otp|passcode)(?: number| no\.?| code)?(?:\s|:|=|is){1,4}"
        r"(?P<v>(?!(?:19|20)\d\d)\d{4,8})(?![\d/])",
    ),
    rule(_SECRET, r"(?<![a-z0-9])[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}(?![a-z0-9])"),
    rule("link with credentials", r"(?<![a-z])[a-z][a-z0-9+.-]{1,20}://[^\s@]{0,200}@\S*"),
    rule("link with credentials", r"(?<![\w.:/-])(?!mailto:)[\w.+-]{1,64}:[^\s@/:]{1,64}@[\w.-]+\S*"),
    rule(
        "link with credentials",
        r"(?:(?<![a-z])[a-z][a-z0-9+.-]{1,20}://|www\.)[^\s?#]{0,200}[?#]\S{0,200}?(?:token|key|secret|passw|pwd|auth|sig|session|otp)"
        r"[^\s=&]{0,50}=\S+",
    ),
)  # fmt: skip

# What looks like a key and is nothing else.
RANDOM = (
    rule(_SECRET, r"(?<![a-z0-9+=])[a-z0-9+=]{20,}", _is_random),
    rule(_SECRET, r"(?<![\w/.:+-])[a-z0-9/+]{40,}={0,2}(?![\w/.-])", _is_mixed),
)


def _is_ip(value: str) -> bool:
    """Whether a person's machine may have the address; in a short one with colons a time is meant."""
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return False
    return "." in value or sum(c.isalnum() for c in value) >= 4


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
_STREET = r"(?:street|st|road|rd|avenue|ave|lane|crescent|cres|terrace|gardens|gdns|mews|boulevard|blvd)\b\.?"
_MAYBE_STREET = (
    r"(?:close|drive|dr|court|ct|place|pl|way|grove|square|sq|hill|park|row|walk|green|view|rise|wharf|quay|yard|"
    r"broadway|embankment|cottages?|house|parade|ln|end|fields?|meadows?|heights|villas?|circus|gate|bank|croft)\b\.?"
)
_ADDRESS = "address"

WHEREABOUTS = (
    rule(
        "e-mail",
        r"(?<![\w.!#$%&'*+/=?^`{|}~-])(?:[\w-]{1,30} dot ){0,3}"
        r"[\w.!#$%&'*+/=?^`{|}~-]+ ?(?:@|%40|[(\[{]at[)\]}]| at (?=\S+ dot )) ?"
        r"[\w-]+(?:(?:\.| ?[(\[{]dot[)\]}] ?| dot )[\w-]+)*",
    ),
    rule("e-mail", r"\"[^\"@]{1,64}\"@[\w.-]+"),
    rule(
        "IP address",
        r"(?<![\w.])(?<!section )(?<!version )(?<!clause )(?<!paragraph )(?<!article )(?<!annex )(?<!chapter )"
        r"\d{1,3}(?:\[?\.\]?\d{1,3}){3}(?![\w]|\.\d)",
        lambda value: _is_ip(value.replace("[", "").replace("]", "")),
    ),
    rule("IP address", r"(?<![\w:.])(?=[0-9a-f]*:[0-9a-f]*:)[0-9a-f:]+(?:\d{1,3}(?:\.\d{1,3}){3})?(?![\w:])", _is_ip),
    rule("device address", r"(?<![\w:-])[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}(?![\w:-])"),
    rule(_ADDRESS, rf"{_NUMBER}[\w',. -]{{2,60}}?{_POSTCODE}"),
    rule(_ADDRESS, rf"{_NUMBER}(?:{_NAME} ){{1,3}}{_STREET}"),
    rule(_ADDRESS, rf"{_NUMBER}(?-i:(?:[A-Z][\w'.-]* ){{1,3}}(?=[A-Z])){_MAYBE_STREET}"),
    rule(
        _ADDRESS,
        r"(?<![a-z])(?:liv(?:e|es|ed|ing)|resid(?:e|es|ing)|staying|(?:my|our|his|her|home|postal) address)(?: is)?"
        rf"[ :]*(?:at|in|on|is)?[ :]*(?P<v>(?:flat ?\w+,? )?\d{{1,4}}[a-z]? "
        rf"(?!(?:feet|foot|metres?|meters?)\b){_NAME}(?: {_NAME}){{0,2}})",
    ),
    rule(
        _ADDRESS,
        r"(?<![a-z])(?:liv(?:e|es|ed|ing)|(?:my|our|his|her|home|postal) address)(?: is)?"
        rf"[ :]*(?:at|in|on|is)?[ :]*(?P<v>[^?!;\n]{{0,80}}?{_POSTCODE})",
    ),
    rule(_ADDRESS, r"(?<![a-z])p\.? ?o\.? ?box \d+"),
    rule("postcode", _POSTCODE, lambda value: not re.fullmatch(r"[a-z]\d [0-9](?:st|nd|rd|th)", value, re.IGNORECASE)),
)  # fmt: skip
