"""Web addresses, by the one parser (WHATWG's, as browsers read them) that requests, guard, links and copies share."""

from __future__ import annotations

import re

import ada_url
from msgspec import Struct

# A page that comes with one of these is the page without it: they say who led a reader there (utm_..., click numbers).
TRACKING = re.compile(
    r"utm_\w+|_?(gclid|gclsrc|dclid|gbraid|wbraid|fbclid|msclkid|yclid|twclid|ttclid|igshid|li_fat_id)|_ga|_gl|_gac"
    r"|mc_[ce]id|mkt_tok|_hsenc|_hsmi|__hs\w+|hsctatracking|(mtm|pk|piwik|matomo)_\w+|oly_(anon|enc)_id|vero_(id|conv)"
    r"|click_?id|fb_(ref|source|action_\w+)|_openstat|wt\.mc_id|s_cid|__cf_chl_\w+",
    re.IGNORECASE,
)
SESSION = re.compile(
    r"jsessionid|phpsessid|aspsessionid\w*|asp\.net_sessionid|cfid|cftoken|zenid|oscsid|viewstateid|sessid|session_?id",
    re.IGNORECASE,
)
# Short names that may as well mean a section or a subject: a session is told by its long value without a word in it.
MAYBE_SESSION = re.compile(r"(sid|s|session)=(?=[^=]*\d)[0-9a-z]{16,}", re.IGNORECASE)
IN_PATH = re.compile(r";(jsessionid|phpsessid|sid|session_?id)=[^/;]*", re.IGNORECASE)
UNRESERVED = re.compile(r"%(4[1-9A-F]|5[0-9A]|6[1-9A-F]|7[0-9A]|3[0-9]|2D|2E|5F|7E)")  # RFC 3986, 2.3
ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")
PORTS = {"http": 80, "https": 443}
LONGEST = 2048  # characters: the most that sitemaps.org allows; no page of text needs it


class Address(Struct, frozen=True):
    """An http or https address, taken apart. Everything is ASCII: hosts in Punycode, the rest percent-encoded."""

    url: str  # the whole of it, with its fragment
    scheme: str
    host: str  # of an IPv6 address without its brackets
    port: int
    path: str  # begins with "/"
    query: str  # with its "?"; empty when there is none
    login: bool  # a user or a password stands before the host

    @property
    def target(self) -> str:
        """What a request line asks for."""
        return self.path + self.query

    @property
    def origin(self) -> str:
        """Scheme, host and port, as an address begins."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if self.port == PORTS[self.scheme] else f":{self.port}")


def parse(url: str, base: str | None = None) -> Address | None:
    """``url``, which may be relative to ``base``, taken apart; None when it is no http or https address."""
    try:
        parts = ada_url.URL(url, base)
    except ValueError:  # also of a lone surrogate, which no address can hold
        return None
    scheme = parts.protocol.removesuffix(":")
    if scheme not in PORTS:
        return None
    host = parts.hostname.removeprefix("[").removesuffix("]")
    login = bool(parts.username or parts.password)
    port = int(parts.port or PORTS[scheme])
    return Address(parts.href, scheme, host, port, parts.pathname, parts.search, login)


def is_address(url: str) -> bool:
    """Whether ``url`` is an http or https address with a host; whether anything answers there is not asked.

    What a browser would mend (blanks, line ends, backslashes, a missing slash) is no address here: a person wrote it.
    """
    plain = claims_address(url) and url.isprintable() and not any(c.isspace() or c == "\\" for c in url)
    return plain and url.partition("://")[2][:1] != "/" and parse(url) is not None


def claims_address(text: str) -> bool:
    """Whether ``text`` sets out to be such an address, rightly or not, and not a title."""
    return text.lower().startswith(("http://", "https://"))


def canonical(url: str, base: str | None = None) -> str | None:
    """The one address for what ``url`` (relative to ``base``) names: two that differ only in form come out the same.

    None for what is no http or https address, is longer than ``LONGEST``, or has a login in it. Gone are the fragment,
    tracking parameters, session ids, default ports and dot segments; parameters are in order of their names. The path
    keeps its case, its slashes and its encoded slashes: whether a server takes two of these for one page, only its
    answer says.
    """
    address = parse(url, base)
    if address is None or address.login or len(address.url) > LONGEST:
        return None
    kept = [part for part in address.query[1:].split("&") if part and not _is_noise(part)]
    query = "&".join(sorted(kept, key=lambda part: part.partition("=")[0]))
    path = IN_PATH.sub("", address.path)
    return address.origin + _unescape(path + (f"?{query}" if query else ""))


def _is_noise(parameter: str) -> bool:
    name = parameter.partition("=")[0]
    return bool(TRACKING.fullmatch(name) or SESSION.fullmatch(name) or MAYBE_SESSION.fullmatch(parameter))


def _unescape(text: str) -> str:
    """Escapes in upper case, and none for letters, digits, ``-._~``, which never need one."""
    upper = ESCAPE.sub(lambda match: match[0].upper(), text)
    return UNRESERVED.sub(lambda match: chr(int(match[1], 16)), upper)
