"""The only place that makes a citation.

A citation names the words that are shown, where they stand in the stored capture, and a link that opens the live page
at them (a text fragment, https://wicg.github.io/scroll-to-text-fragment/).
"""

from __future__ import annotations

from urllib.parse import quote as percent_encode

from assistant.records import Citation, Quote
from index.reader import Index
from ingest.spans import locate_verbatim

FRAGMENT_WORDS = 8  # a longer quote is named by its first and its last words


def cite(index: Index, quote: Quote, number: int) -> Citation:
    """Return the citation of ``quote``, shown as ``number``."""
    passage = quote.passage
    entry = index.entries[passage.entry]
    home = entry.occurrences[0]
    text = index.captures.between(passage.capture, passage.start, passage.end)
    span = locate_verbatim(quote.text, text)
    if span is None:  # the build has verified the paragraph, so its sentences are there
        raise ValueError(f"{passage.capture}: the words {quote.text!r} do not stand at {passage.start}-{passage.end}")
    words = text[slice(*span)]
    return Citation(
        number=number,
        title=home.source,
        url=home.url,
        link=deep_link(home.url, words),
        heading=home.heading or entry.question,
        quote=words,
        capture=passage.capture,
        start=passage.start + span[0],
        end=passage.start + span[1],
        date=next((copy.date for copy in entry.occurrences if copy.date), None),
    )


def verifies(index: Index, citation: Citation, shown: str) -> bool:
    """Return whether the capture holds the quoted words where the citation says, and they are what is ``shown``."""
    if citation.capture not in index.captures:
        return False
    there = index.captures.between(citation.capture, citation.start, citation.end)
    return there == citation.quote and " ".join(there.split()) == shown != ""


def deep_link(url: str | None, words: str) -> str | None:
    """Return ``url`` with a text fragment that opens at ``words``; None without an http(s) address.

    Each part is percent-encoded, with ``-`` and ``,`` too, which have a meaning of their own in a fragment.
    """
    if url is None or not url.startswith(("http://", "https://")):
        return None
    tokens = words.split()
    if len(tokens) <= 2 * FRAGMENT_WORDS:
        parts = [" ".join(tokens)]
    else:
        parts = [" ".join(tokens[:FRAGMENT_WORDS]), " ".join(tokens[-FRAGMENT_WORDS:])]
    encoded = (percent_encode(part, safe="").replace("-", "%2D") for part in parts)
    return url.partition("#")[0] + "#:~:text=" + ",".join(encoded)
