"""HTML -> a readable rendition, and the rendition -> blocks."""

from __future__ import annotations

import msgspec
from bs4 import BeautifulSoup

from ingest.extract import labels, ladder, limits, mending, preformatted, pruning
from ingest.extract.flow import break_lines
from ingest.extract.jsonld import read_told
from ingest.extract.lines import read_blocks
from ingest.extract.rendition import compose
from ingest.records import Block, Rendition


def extract(text: str) -> tuple[Block, ...]:
    """The blocks of a rendition, in order, with spans into it. No text gives no blocks; never raises."""
    return read_blocks(text, markup=True)


def render(markup: bytes | str) -> str:
    """The text of the rendition alone."""
    return read(markup).text


def read(markup: bytes | str, address: str | None = None, declared: bool = False) -> Rendition:
    """The rendition of a page; "" only when the page holds no text at all. The encoding is found by its own signs.

    lxml gives up within some broken pages; where it finds nothing, the slower parser that does not is asked, and
    where a page is all menu or form, that is its text. That its ``address`` or its maintainer (``declared``) says that
    it is a FAQ lets more of its titles count as questions. InputError, without the page's name, for one with too many
    tags to be read in some seconds.
    """
    hidden = mending.find_hidden(markup)
    markup = mending.mend(markup)
    limits.check_tags(markup)
    for parser in ("lxml", "html.parser"):
        for around in (True, False):
            soup = BeautifulSoup(markup if parser == "lxml" else mending.cut_comment(markup), parser)
            limits.check_nesting(soup)
            told = read_told(soup)
            signs = ladder.read_signs(soup, told, address or "", declared)
            pruning.silence(soup)
            pruning.close_dialogs(soup)
            preformatted.tag_questions(soup)
            labels.spell_letters(soup)
            break_lines(soup, signs)
            ladder.unfold(soup, signs)
            pruning.prune(soup, around)
            claims = ladder.claim_pairs(soup, signs, told)
            if (rendition := compose(soup, claims)).text:
                return msgspec.structs.replace(rendition, dropped=hidden)
    return Rendition("", "html", dropped=hidden)
