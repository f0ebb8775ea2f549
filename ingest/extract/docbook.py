"""Tags whose class says question or answer, as DocBook's qandaset and many page builders write them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bs4 import Tag

from ingest.extract.tree import Claim, Tree

# A word of a class name: "question", "faq-question", "faqQuestion", "question__title".
PART = (
    r"(?:^|[-_]|[a-z](?=[QA]))(?:{})"
    r"(?:[-_]{{0,2}}(?:title|text|head(?:er|ing)?|label|name|wrap(?:per)?|content|body|inner))?$"
)
QUESTION = re.compile(PART.format("[Qq]uestion|[Ff]rage|[Pp]regunta"))
ANSWER = re.compile(PART.format("[Aa]nswer|[Aa]ntwort|[Rr]espuesta"))


def find_pairs(tree: Tree) -> Iterator[Claim]:
    """Each tag of class question with the tags of class answer before the next."""
    question: Tag | None = None
    answers: list[Tag] = []
    passed = -1  # what is within a tag that was taken is not looked at
    for tag in tree.find("class"):
        begin = tree.begin[id(tag)]
        if begin <= passed or not tree.length(tag):
            continue
        if _has(tag, QUESTION) and tree.title(tag):
            if question is not None and answers:
                yield Claim((question,), tuple(answers), "docbook", sure=True)
            question, answers, passed = tag, [], tree.end[id(tag)]
        elif question is not None and _has(tag, ANSWER):
            answers.append(tag)
            passed = tree.end[id(tag)]
    if question is not None and answers:
        yield Claim((question,), tuple(answers), "docbook", sure=True)


def _has(tag: Tag, name: re.Pattern[str]) -> bool:
    return any(name.search(token) for token in tag.get_attribute_list("class"))
