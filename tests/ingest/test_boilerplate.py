"""What the pages of one site or folder share is left out, unless it asks or answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.build import Built, build_entries
from ingest.records import Repeated

# A topic and a sentence about it for each page: what is only alike is merged by another part.
TOPICS = {
    "a grant": "The committee of the museum meets in spring and decides by a show of hands.",
    "a loan for a bicycle": "Two guarantors sign, and the money is paid out on the following Tuesday afternoon.",
    "stabling": "Horses, ponies and mules find straw, water and a groom behind the old brewery.",
    "burial": "Graves are dug by hand in the northern field; families may bring their own priest.",
    "a fishing licence": "Trout may be caught from April on, pike never, and eels only after dusk.",
    "school meals": "Cooks serve soup on Mondays and whatever the garden gives on all other days.",
    "an appeal": "Judges read every letter, however long, and reply in the order in which they came.",
    "snow clearing": "Ploughs leave the depot at four; side streets have their turn before noon.",
    "firewood": "Logs are sold by weight at the sawmill, split or whole, to whoever brings a cart.",
    "tuning of church organs": "An organ builder from the coast spends the whole of September in our lofts.",
}
FURNITURE = "<p>We are an agency of the made-up county.</p><h3>Our office</h3><p>12 High Street, open on weekdays.</p>"


def build(folder: Path, pages: list[str], declared: str = 'folder = "pages/site"') -> Built:
    site = folder / "pages" / "site"
    site.mkdir(parents=True)
    for number, page in enumerate(pages):
        (site / f"p{number:02}.html").write_text(f"<!doctype html><body>{page}</body>")
    (folder / "sources.toml").write_text(
        f'name = "n"\n[[source]]\ntitle = "Site"\n{declared}\npublisher = "p"\nlicence = "l"\n'
    )
    return build_entries(folder)


def page_about(topic: str) -> str:
    return f"<h2>{topic}: who may ask for it?</h2><p>{TOPICS[topic]}</p><h2>Does {topic} cost anything?</h2><p>No.</p>"


COMPLAINT = "<h2>Where do I complain?</h2><p>Write to the ombudsman.</p><p>She answers within a week.</p>"


def answers(built: Built) -> dict[str, tuple[str, ...]]:
    return {entry.question: entry.answer for entry in built.entries}


def test_what_all_pages_share_is_dropped_and_reported(tmp_path: Path) -> None:
    built = build(tmp_path, [FURNITURE + page_about(topic) + FURNITURE.replace("12", "14") for topic in TOPICS])
    text = "\n".join(paragraph for answer in answers(built).values() for paragraph in answer)
    assert "made-up county" not in text
    assert "12 High Street" not in text
    reasons = {row.text: row.reason for row in built.report.dropped}
    assert reasons["We are an agency of the made-up county."] == "stands on 10 of 10 pages"
    assert reasons["Our office"] == "stands on 10 of 10 pages"
    rows = {row.text: row for row in built.report.repeated}
    address = "12 high street, open on weekdays."
    assert rows[address] == Repeated("Site", address, pages=10, of=10, dropped=True)


def test_what_asks_or_answers_stays(tmp_path: Path) -> None:
    found = answers(build(tmp_path, [page_about(topic) + COMPLAINT for topic in TOPICS]))
    for topic in TOPICS:
        assert found[f"{topic}: who may ask for it?"] == (TOPICS[topic],)
        assert found[f"Does {topic} cost anything?"] == ("No.",)
    assert found["Where do I complain?"] == ("Write to the ombudsman.", "She answers within a week.")


@pytest.mark.parametrize(("sharing", "of"), [(3, 4), (3, 10), (5, 10)])
def test_what_a_few_pages_share_stays(sharing: int, of: int, tmp_path: Path) -> None:
    shared = "<p>Bring your passport.</p>"
    pages = [page_about(topic) for topic in list(TOPICS)[:of]]
    built = build(tmp_path, [page + (shared if number < sharing else "") for number, page in enumerate(pages)])
    assert sum("Bring your passport." in answer for answer in answers(built).values()) == sharing
    assert not any(row.dropped for row in built.report.repeated if "passport" in row.text)


def test_copies_of_one_page_are_no_furniture_and_a_wall_is_reported(tmp_path: Path) -> None:
    built = build(tmp_path, ["<h2>Are you a robot?</h2><p>Show that you are none.</p>"] * 8)
    assert answers(built) == {"Are you a robot?": ("Show that you are none.",)}
    assert [(row.pages, row.of, row.dropped) for row in built.report.repeated] == [(8, 8, False)] * 2


def test_a_title_that_heads_other_words_on_each_page_stays(tmp_path: Path) -> None:
    pages = [f"<h1>{t}</h1><h2>How to apply</h2><p>{words}</p>" + FURNITURE for t, words in TOPICS.items()]
    built = build(tmp_path, pages, 'folder = "pages/site"\nkind = "prose"')
    assert [entry.question for entry in built.entries] == ["How to apply"] * len(TOPICS)
    assert [entry.occurrences[0].heading for entry in built.entries] == [f"{topic} > How to apply" for topic in TOPICS]
    assert all(len(entry.answer) == 1 for entry in built.entries)
