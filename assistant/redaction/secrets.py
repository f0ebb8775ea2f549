"""Passwords, keys, tokens, and links that carry them."""

from __future__ import annotations

import re

from assistant.redaction.rules import FILL, digits_of, rule

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


def _is_no_mark(value: str) -> bool:
    """Whether what follows "pass =" is not how something was marked."""
    return not re.fullmatch(r"(?:fail\w*|yes|no|true|false|\d{1,3}(?:\.\d+)?%?)[.,;:!?)]*", value, re.IGNORECASE)


# A parameter of a link that is a credential: "key" and "api_key", not "keywords".
_PARAMETER = re.compile(
    r"[?#&;](?:[\w.%-]{0,40}(?:token|secret|passw|pwd|session|signature)[\w.%-]{0,40}"
    r"|(?:[\w.%-]{0,40}[_.-])?(?:(?:api|auth|access|private|user)?key|sig|o?auth|otp|pin)(?:[_-]?(?:id|code))?)=[^\s&]",
    re.IGNORECASE,
)


def _lets_in(link: str) -> bool:
    return _PARAMETER.search(link) is not None


_NAMED = r"(?: number| no\.?| code)?"
_NO_NOTICE = r"(?![\d/-])"
_KEEPS = (
    r"pass ?(?:word|code|phrase|wd)|pwd?|passwd|secret(?: key)?|client secret|token|"
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
    rule(_SECRET, r"(?<![a-z])pass\s*[:=]\s*(?P<v>\S+)", _is_no_mark),
    # A PIN is a prior information notice as well: a year behind it is a secret only where "is" says so.
    rule(
        _SECRET,
        rf"(?<![a-z])(?:pin|otp|passcode){_NAMED}(?:\s*[:=]|\s+(?:is|was)\b)[\s:]{{0,3}}(?P<v>\d{{4,8}}){_NO_NOTICE}",
    ),
    rule(
        _SECRET,
        rf"(?<![a-z])(?:pin|otp|passcode){_NAMED}\s+(?:(?:of|as)\s+)?"
        rf"(?P<v>(?!(?:19|20)\d\d(?!\d))\d{{4,8}}){_NO_NOTICE}",
    ),
    rule(_SECRET, r"(?<![a-z0-9])[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}(?![a-z0-9])"),
    rule("link with credentials", r"(?<![a-z])[a-z][a-z0-9+.-]{1,20}://[^\s@]{0,200}@\S*"),
    rule("link with credentials", r"(?<![\w.:/-])(?!mailto:)[\w.+-]{1,64}:[^\s@/:]{1,64}@[\w.-]+\S*"),
    rule("link with credentials", r"(?:(?<![a-z])[a-z][a-z0-9+.-]{1,20}://|www\.)\S+", _lets_in),
)  # fmt: skip

# What looks like a key and is nothing else.
RANDOM = (
    rule(_SECRET, r"(?<![a-z0-9+=])[a-z0-9+=]{20,}", _is_random),
    rule(_SECRET, r"(?<![\w/.:+-])[a-z0-9/+]{40,}={0,2}(?![\w/.-])", _is_mixed),
)
