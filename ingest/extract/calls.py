"""Calls to action: a title that asks the reader for something, over nothing but a way to do it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bs4 import Tag
from bs4.element import PageElement

from ingest.extract.asking import bare
from ingest.extract.tree import Claim, Tree
from ingest.extract.wording import OPENS
from ingest.questions import SENTENCE_END, VOICE

CONTACT = re.compile(r"^(?:mailto|tel|sms):|contact|kontakt|contatt|support|ticket|chat|whatsapp", re.IGNORECASE)
BUTTON = re.compile(r"(?:^|[-_\s])(?:btn|button|cta)(?:$|[-_\s])", re.IGNORECASE)
# Of the answer; more is said to be read.
WORDS, LINKS = 25, 0.5


def is_call(tree: Tree, claim: Claim) -> bool:
    """Whether a title opens as no question does, and under it is but one sentence with a link to click or write to."""
    title = bare(tree.words(*claim.question)).lstrip("¿ ")
    if claim.sure or OPENS.match(title) or VOICE.fullmatch(title) or not tree.asks(title):
        return False
    words = tree.words(*claim.answer)
    if len(words.split()) > WORDS or SENTENCE_END.search(words):
        return False
    links = _links(claim.answer)
    return any(map(_acts, links)) or (bool(links) and tree.length(*links) >= LINKS * tree.length(*claim.answer))


def _links(nodes: Sequence[PageElement]) -> list[Tag]:
    tags = [node for node in nodes if isinstance(node, Tag)]
    return [link for tag in tags for link in ([tag] if tag.name in {"a", "button"} else tag(["a", "button"]))]


def _acts(link: Tag) -> bool:
    looks = " ".join(map(str, (*link.get_attribute_list("class"), link.get("role", ""))))
    return link.name == "button" or bool(CONTACT.search(str(link.get("href", ""))) or BUTTON.search(looks))
