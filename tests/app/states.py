"""The pages and states of the app that are looked at as pictures and at the greatest zoom: one row each.

A new state is a row: its name, its address, and what is done there before it is looked at.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import quote

from playwright.sync_api import Page, expect

ANSWERED = "Do grants have to follow the same rules as contracts?"
REFUSED = "Where is the best pizza in Rome?"
UNCLEAR = "Will asking bidders to do good for the neighbourhood push our bills up?"


def nothing(page: Page) -> None:
    """Look at the page as it is."""


def open_whole_answer(page: Page) -> None:
    page.get_by_text("Read the whole answer").click()
    expect(page.locator(".cw-words:visible")).to_have_count(1)


def at_rest(page: Page) -> None:
    """Wait until fonts are there, and what opens or fades has done so."""
    page.evaluate("""async () => {
      await document.fonts.ready;
      const running = document.getAnimations().filter(each => each.effect.getComputedTiming().iterations !== Infinity);
      await Promise.allSettled(running.map(each => each.finished));
    }""")


class State(NamedTuple):
    """Where a state is found, and how it comes about."""

    path: str
    prepare: Callable[[Page], None] = nothing
    whole: bool = True  # whether its picture has all of the page; else what a reader sees first


STATES = {
    "empty": State("/"),
    "answered": State(f"/?q={quote(ANSWERED)}"),
    "whole-answer": State(f"/?q={quote(ANSWERED)}", open_whole_answer),
    "did-you-mean": State(f"/?q={quote(UNCLEAR)}"),
    "refused": State(f"/?q={quote(REFUSED)}"),
    "browse": State("/browse"),
    "one-entry": State("/browse?entry=how-do-you-measure-social-value", whole=False),
    "sources": State("/sources"),
    "stored-page": State("/capture?path=pages/your-questions-answered.txt&start=600&end=700", whole=False),
}
