"""Long lists page by page, and what a pinned question's explanation says: the pages themselves, without a browser."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from datetime import date

import msgspec
import pytest
from streamlit.testing.v1 import AppTest

from assistant import app_browse, app_sources
from assistant.app_gaps import PAGE
from assistant.app_gaps_form import EACH
from assistant.app_messages import HELD
from assistant.catalogue import choose, make_catalogue
from assistant.gaps.records import Decision
from assistant.refusal import calibrate
from index.build import build_index
from index.material import Material
from index.reader import Index
from ingest.records import Entry, Overrides, Pin
from tests.conftest import HashedWords

SHOW = """
import streamlit as st
from assistant import app_{name}, app_links
names = ("ask", "browse", "sources", "capture", "quality", "gaps")
app_links.register({{each: st.Page(lambda: None, title=each, url_path=each) for each in names}})
app_{name}.{call}
"""


@pytest.fixture
def show(monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Run a page of the app over an index, with what stands in its address."""

    def run(name: str, index: Index, call: str = "page()", **query: str) -> AppTest:
        for module in (app_browse, app_sources):
            monkeypatch.setattr(module, "library", lambda: index)
        monkeypatch.setattr("assistant.app_rebuild.name_previous", lambda _: None)
        page = AppTest.from_string(SHOW.format(name=name, call=call), default_timeout=30)
        page.session_state["index"] = index
        for key, value in query.items():
            page.query_params[key] = value
        return page.run()

    return run


def titles(page: AppTest) -> list[str]:
    assert not page.exception
    return [each.label for each in page.expander]


@pytest.fixture
def long(index_rows: Callable[[Sequence[tuple[str, str]]], Index]) -> Index:
    """Entries for three pages of the list."""
    return index_rows([(f"What is thing {number}?", f"It is thing {number}.") for number in range(120)])


def test_browse_shows_so_many_entries_at_a_time(show: Callable[..., AppTest], long: Index) -> None:
    page = show("browse", long)
    assert titles(page) == [f"What is thing {number}\\?" for number in range(50)]
    page.selectbox(key="page of entries").select(3).run()
    assert titles(page) == [f"What is thing {number}\\?" for number in range(100, 120)]
    page.text_input[0].set_value("THING 1").run()
    assert titles(page)[:2] == ["What is thing 1\\?", "What is thing 10\\?"]
    assert titles(page)[-1] == "What is thing 119\\?"
    assert [box.label for box in page.selectbox] == ["Source", "Kind"]  # 31 entries: one page
    page.text_input[0].set_value("").run()
    assert titles(page)[0] == "What is thing 0\\?"


def test_the_entry_of_the_address_is_on_the_page_that_is_shown(show: Callable[..., AppTest], long: Index) -> None:
    page = show("browse", long, entry="q70")
    assert page.selectbox(key="page of entries").value == 2
    assert "What is thing 70\\?" in titles(page)
    page.selectbox(key="page of entries").select(1).run()  # it does not hold the reader
    assert titles(page)[0] == "What is thing 0\\?"
    page.query_params["entry"] = "q110"
    assert "What is thing 110\\?" in titles(page.run())


@pytest.fixture
def many(encoder: HashedWords, long: Index) -> Index:
    """The same entries on 45 stored pages that say all of it: each taken from one, every other copied on the next."""
    [source], [text] = long.corpus.source, long.captures.values()
    sources = [msgspec.structs.replace(source, title=f"Page {n}", capture=f"pages/{n}.txt") for n in range(45)]

    def on(entry: Entry, numbers: Sequence[int]) -> Entry:
        place, pages = entry.occurrences[0], [sources[number % 45] for number in numbers]
        places = (msgspec.structs.replace(place, source=page.title, capture=page.capture) for page in pages)
        return msgspec.structs.replace(entry, occurrences=tuple(places))

    entries = [on(entry, (at, at + 1) if at % 2 else (at,)) for at, entry in enumerate(long.entries)]
    corpus = msgspec.structs.replace(long.corpus, source=tuple(sources))
    material = Material(corpus, entries, {page.capture: text for page in sources}, adapt=False)
    return build_index(long.folder.parents[2] / "many", material, encoder, calibrate).index


def test_sources_shows_so_many_pages_at_a_time(show: Callable[..., AppTest], many: Index) -> None:
    page = show("sources", many)
    heads = [each.value for each in page.header]
    assert heads == [*(f"{n + 1}. Page {n}" for n in range(20)), "What was found where"]
    page.selectbox(key="page of sources").select(3).run()
    assert page.header[0].value == "41. Page 40"
    assert titles(page)[-1] == "11 entries on 5 stored pages"


def test_a_catalogue_knows_what_stands_where(many: Index) -> None:
    listed = make_catalogue(many)
    assert listed.taken["pages/1.txt"] == [1, 46, 91]
    assert listed.present["pages/2.txt"] == [1, 2, 47, 91, 92]
    assert [each.id for each in choose(listed, "THING 11", "Page 1", None)] == []
    assert [each.id for each in choose(listed, "THING 9", "Page 1", "qa")] == ["q91"]
    assert choose(listed, "", None, "prose") == []
    assert list(listed.sources[:2]) == ["Page 0", "Page 1"]


def test_what_is_pinned_is_explained_by_its_reason_alone(show: Callable[..., AppTest], small: Index) -> None:
    entry = small.entries[0]
    pin = Pin(entry.question, entry.id, entry.answer[0], "the desk asked for it", date(9999, 1, 1))
    pinned = dataclasses.replace(small, overrides=Overrides(pin=(pin,)))
    own, another = entry.question, "What is the fine for a late book?"
    for index, asked, reason, judged in (
        (pinned, own, True, False),
        (small, own, False, False),
        (small, another, False, True),
    ):
        page = show("explanation", index, f"explanation({asked!r}, st.session_state['index'])")
        said = " ".join(str(each.proto.body) for each in page.get("html"))
        assert ("The reason given: the desk asked for it" in said) == reason
        assert ("What speaks for and against the first entry" in [each.value for each in page.header]) == judged
        [ask] = [link for link in page.get("page_link") if link.proto.page == "ask"]
        assert "via=gaps" in ask.proto.query_string


FORM = """
from datetime import UTC, datetime
import streamlit as st
from assistant.app_gaps_form import form
from assistant.app_gaps_result import take_result
from assistant.gaps.records import Counts, Gap, Wording
now, counts = datetime(2026, 1, 1, tzinfo=UTC), Counts(1)
st.session_state["came of it"] = take_result()
texts = st.session_state["texts"]
wordings = tuple(Wording(text, counts, (), now, now) for text in texts)
form(Gap(texts[0], wordings, counts, (), now, now), "gap", 0, st.session_state["index"])
"""
TWO = ("how about thing 7", "thing 7?")


def drawn(index: Index, texts: tuple[str, ...] = TWO) -> AppTest:
    """The form below a gap of these wordings."""
    page = AppTest.from_string(FORM, default_timeout=30)
    page.session_state["index"], page.session_state["texts"] = index, texts
    return page.run()


@pytest.fixture
def decisions(monkeypatch: pytest.MonkeyPatch) -> list[Decision]:
    """What is decided, which is not written anywhere."""
    made = list[Decision]()
    monkeypatch.setattr("assistant.app_gaps_result.admitted", lambda: True)
    monkeypatch.setattr("assistant.app_gaps_result.decide", lambda home, corpus, decision, now: made.append(decision))
    return made


def test_what_is_saved_is_what_is_chosen_however_quickly(long: Index, decisions: list[Decision]) -> None:
    page = drawn(long)
    page.checkbox[0].uncheck()
    first = page.selectbox(key="gap link entry").value
    page.selectbox(key=f"gap paragraph {first}").select(0)
    page.button[0].click().run()  # all of it before the page is drawn again
    assert not page.exception
    assert decisions == [Decision("link", TWO[1:], first, 0)]


def test_what_was_not_drawn_is_not_saved(long: Index, decisions: list[Decision]) -> None:
    page = drawn(long)
    other = next(
        entry.id for entry in long.entries if entry.question == page.selectbox(key="gap link entry").options[2]
    )
    for box, value, saved in (
        ("gap link entry", other, Decision("link", TWO, other)),
        ("gap what", "test", Decision("test", TWO, None, None, "asked")),
        ("gap what", "unanswered", Decision("unanswered", TWO)),
    ):
        page.selectbox(key=box).select(value)
        page.button[0].click().run()
        assert not page.exception
        assert not decisions
        assert "look at it, and save again" in page.session_state["came of it"].done
        page.button[0].click().run()
        assert decisions.pop() == saved


def test_many_wordings_are_decided_together(long: Index, decisions: list[Decision]) -> None:
    texts = tuple(f"how about thing {number} {'ъ' * 450}" for number in range(300))
    page = drawn(long, texts)
    page.checkbox[1].uncheck()
    page.button[0].click().run()
    assert decisions.pop().texts == (texts[0], *texts[2:EACH])
    page.checkbox[EACH].check().run()
    page.button[0].click().run()
    assert decisions.pop().texts == (texts[0], *texts[2:])


def test_a_page_of_gaps_says_less_than_is_listened_to(long: Index) -> None:
    """All forms of a page open, of as many wordings as may be."""
    said = drawn(long, tuple(f"{number} {'ъ' * 498}" for number in range(300)))._tree.get_widget_states()
    assert PAGE * said.ByteSize() < HELD / 2
    assert len(said.widgets) > EACH
