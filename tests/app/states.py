"""The pages and states of the app that are looked at as pictures and at the greatest zoom: one row each.

A new state is a row: its name, its address, and what is done there before it is looked at.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import quote

from playwright.sync_api import Page, expect

DATED = "Did Plymouth use the innovation partnership procedure?"
FOLLOW_UP = "and for loans, is it the same?"
ANSWERED = "Do grants have to follow the same rules as contracts?"
REFUSED = "Where is the best pizza in Rome?"
UNCLEAR = "Will asking bidders to do good for the neighbourhood push our bills up?"


def nothing(page: Page) -> None:
    """Look at the page as it is."""


def open_whole_answer(page: Page) -> None:
    page.get_by_text("Read the whole answer").click()
    expect(page.locator(".cw-words:visible")).to_have_count(1)


def open_all(page: Page) -> None:
    """Open what can be opened."""
    for position in range(page.locator("summary").count()):
        page.locator("summary").nth(position).press("Enter")  # a mouse may miss what others push down as they open
    expect(page.locator("details:not([open])")).to_have_count(0)
    expect(page.get_by_role("button", name="Download as CSV")).to_be_visible()  # what is opened last comes last


def go_on(page: Page) -> None:
    box = page.get_by_label("Your question")
    box.fill(FOLLOW_UP)
    box.press("Enter")
    expect(page.get_by_text("Going on from:")).to_be_visible()


def choose_topic(page: Page) -> None:
    page.get_by_text("Looking in").click()
    expect(page.get_by_label("Topic")).to_be_visible()


def say_no(page: Page) -> None:
    page.get_by_role("button", name="No", exact=True).click()
    expect(page.get_by_label("What was missing?")).to_be_visible()
    page.get_by_text("Your questions in this visit").click()
    expect(page.get_by_role("button", name="Download as CSV")).to_be_visible()


def print_it(page: Page) -> None:
    page.emulate_media(media="print")


def failures(page: Page) -> None:
    page.get_by_text("What went wrong", exact=True).click()
    expect(page.get_by_text("A click on a question explains why it went as it went.")).to_be_visible()


def first_gap(page: Page) -> None:
    page.get_by_text("and what to do").first.click()
    expect(page.get_by_role("button", name="Save the decision")).to_be_visible()


def at_rest(page: Page) -> None:
    """Wait until the script has run, all parts and fonts are there, and what opens or fades has done so.

    An expander that is opened moves more than once, as its content comes. Two seconds at most.
    """
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)  # in the place of a part whose script is being fetched
    page.evaluate("""async () => {
      await document.fonts.ready;
      const ends = each => each.effect.getComputedTiming().iterations !== Infinity;
      const moves = () => document.getAnimations().some(each => each.playState === "running" && ends(each));
      const late = performance.now() + 2000;
      for (let still = 0; still < 3 && performance.now() < late; still = moves() ? 0 : still + 1)
        await new Promise(resolve => setTimeout(resolve, 50));
    }""")


class State(NamedTuple):
    """Where a state is found, and how it comes about."""

    path: str
    prepare: Callable[[Page], None] = nothing
    whole: bool = True  # whether its picture has all of the page; else what a reader sees first
    maintained: bool = False  # whether it needs an app with kept questions and runs


STATES = {
    "empty": State("/"),
    "answered": State(f"/?q={quote(ANSWERED)}"),
    "dated": State(f"/?q={quote(DATED)}"),
    "everything-open": State(f"/?q={quote(ANSWERED)}", open_all),
    "follow-up": State(f"/?q={quote(ANSWERED)}", go_on),
    "scope": State(f"/?q={quote(ANSWERED)}", choose_topic, whole=False),
    "feedback": State(f"/?q={quote(ANSWERED)}", say_no),
    "print": State(f"/?q={quote(DATED)}", print_it),
    "did-you-mean": State(f"/?q={quote(UNCLEAR)}"),
    "refused": State(f"/?q={quote(REFUSED)}"),
    "refused-in-part": State(f"/?q={quote(ANSWERED)}&topic=Getting%20started"),
    "browse": State("/browse"),
    "one-entry": State("/browse?entry=how-do-you-measure-social-value", whole=False),
    "sources": State("/sources"),
    "stored-page": State("/capture?path=pages/your-questions-answered.txt&start=600&end=700", whole=False),
    "no-stored-page": State("/capture?path=none"),
    "quality": State("/quality", maintained=True),
    "failures": State("/quality", failures, maintained=True),
    "explanation": State(f"/quality?explain={quote(ANSWERED)}", maintained=True),
    "gaps": State("/gaps", maintained=True),
    "one-gap": State("/gaps", first_gap, maintained=True),
    "gaps-not-kept": State("/gaps"),
}
