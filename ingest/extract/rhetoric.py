"""Questions that a page does not mean as such: an article asks for effect, a list of threads asks for its members."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from bs4 import BeautifulSoup, Tag

from ingest.extract.asking import bare
from ingest.extract.flow import Page
from ingest.extract.links import in_faq_part, links_away
from ingest.extract.tree import Claim

# Markup that is written for questions and answers only.
TOLD = frozenset(("details", "accordion", "docbook", "microdata", "json-ld"))
BYLINE = re.compile(r"(?:^|[-_\s])(?:byline|author|posted|pubdate|published|entry-date|post-date|dateline)(?:$|[-_\s])")
POSTED = re.compile(
    r"(?<!\s)\s*+(?:posted|published|written|"
    r"veröffentlicht|publié|publicado)\s+(?:by|on|von|am|par|le|por|el)\b",
    re.IGNORECASE,
)
# A title that goes on from the text before it.
GOES_ON = re.compile(r"(?:so|and|but|or|then|well|also|und|aber|oder|et|mais|alors|y|pero|e|ma)[,\s]", re.IGNORECASE)
# One that asks of what is long over, or of "it", which only the text before can name.
TELLS = re.compile(
    r".*\b(?:did|was|had|have) I\b.*|(?:was|were|did) (?:it|that|this|they)(?: \w+){0,2}[?]|.*\bworth it[?]",
    re.IGNORECASE,
)
NARRATOR = re.compile(r"\b(?:I(?:['’](?:m|ve|d|ll))?|my|me|myself|ich|mich|mir|meine?[rnms]?|je|j['’]\w+|moi|yo|io)\b")
WORD = re.compile(r"\w+")
# Of the words of the answers, those of a narrator; and from which sum of signs on a page asks for effect.
OFTEN, SELDOM, ENOUGH = 0.02, 0.01, 3
FEW = 3
TEASER_WORDS = 15


def weigh_article(soup: BeautifulSoup) -> int:
    """How many signs of an article the markup has: its tag, and who wrote it or when. 0 to 2."""
    kind = soup.find("meta", attrs={"property": "og:type", "content": "article"}) or soup.find("article")
    named = soup.find(["time", "address"]) or soup.find(rel="author") or soup.find(class_=BYLINE)
    signed = named or soup.find(string=POSTED)
    return int(kind is not None) + int(signed is not None)


def drop_rhetoric(page: Page, claims: Sequence[Claim]) -> list[Claim]:
    """The claims without those that the page, no FAQ by any sign, does not mean as questions to be answered."""
    groups: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        groups[claim.method].append(claim)
    dropped = {method for method, group in groups.items() if method not in TOLD and not _is_meant(page, group)}
    return [claim for claim in claims if claim.method not in dropped]


def _is_meant(page: Page, group: Sequence[Claim]) -> bool:
    if page.signs.faq or page.signs.declared or in_faq_part(page, [claim.question[0] for claim in group]):
        return True
    first = page.begin[id(group[0].question[0])]
    if any(h.faq and page.begin[id(h.tag)] < first for h in page.headings):
        return True
    teasers = 2 * sum(_is_teaser(page, claim) for claim in group) > len(group)
    return not teasers and not _is_told_for_effect(page, group)


def _is_told_for_effect(page: Page, group: Sequence[Claim]) -> bool:
    titles = [bare(page.words(*claim.question)) for claim in group]
    words = " ".join(page.words(*claim.answer) for claim in group)
    said = len(NARRATOR.findall(words))
    narrated = said / len(WORD.findall(words)) if said >= FEW else 0
    rhetoric = min(2, sum(bool(GOES_ON.match(title)) for title in titles))
    rhetoric += min(2, sum(bool(TELLS.fullmatch(title)) for title in titles))
    voice = rhetoric + (narrated >= OFTEN) + (narrated >= SELDOM)
    return voice > 0 and voice + page.signs.article >= ENOUGH


def _is_teaser(page: Page, claim: Claim) -> bool:
    """Whether a title is a link to another page, with next to nothing under it but dates, counts or the same link."""
    if len(WORD.findall(page.words(*claim.answer))) > TEASER_WORDS or not page.length(*claim.answer):
        return False
    links = [
        link for node in claim.question if isinstance(node, Tag) for link in node("a") if page.asks(page.title(link))
    ]
    return any(links_away(page, link) for link in links) or links_away(page, *claim.question, *claim.answer)
