"""Every variant on the made-up library, and what the page makes of figures that are worked by hand."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import msgspec
import numpy as np
import pytest

from assistant.testset import Question, read_testset
from benchmarks.ablation.curves import Point
from benchmarks.ablation.page import Refused, Retrieved, render
from benchmarks.ablation.plot import plot_curves
from benchmarks.ablation.refusal import SHIPPED, Confidences
from benchmarks.ablation.removed import REMOVED, Variant, min_max, reciprocal_ranks
from benchmarks.ablation.sets import RememberingEncoder, Set
from benchmarks.ablation.tokens import late_interaction
from benchmarks.ablation.tried import TRIED
from index.build import Material
from index.reader import Index
from tests.conftest import LIBRARY, HashedWords

FAST = {name: variant for name, variant in {**REMOVED, **TRIED}.items() if variant is not late_interaction}


@pytest.fixture
def shelf(material: Material, small: Index, encoder: HashedWords) -> Set:
    """The made-up library as a set."""
    return Set("library", material, RememberingEncoder(encoder), read_testset(LIBRARY / "testset.jsonl", small))


@pytest.mark.parametrize("variant", FAST.values(), ids=FAST.keys())
def test_a_variant_ranks_every_question_by_entries(shelf: Set, variant: Variant) -> None:
    rankings = variant(shelf)
    ids = {entry.id for entry in shelf.material.entries}
    if rankings is not None:  # the library has no families and explains no acronyms
        assert len(rankings) == len(shelf.inside)
        assert all(set(ranking.ids) <= ids and len(set(ranking.ids)) == len(ranking.ids) for ranking in rankings)


def test_what_a_set_does_not_have_is_not_taken_from_it(shelf: Set) -> None:
    bare = replace(shelf, material=replace(shelf.material, alternates=()))
    assert REMOVED["no alternates"](bare) is None
    assert REMOVED["learned weights"](bare) is None
    assert REMOVED["no families"](bare) is None


def test_a_text_is_encoded_once(encoder: HashedWords) -> None:
    remembering = RememberingEncoder(encoder)
    first = remembering.encode(["a book", "a guitar", "a book"])
    assert np.array_equal(remembering.encode(["a guitar"])[0], first[1])
    assert encoder.encoded == ["a book", "a guitar"]


@pytest.mark.parametrize(
    ("asked", "read"),
    [
        ("When was the SIB made?", "When was the SIB made? (social impact bond)"),
        ("A social impact bond for books", "A social impact bond for books (SIB)"),
        ("Who is at the desk?", "Who is at the desk?"),
    ],
)
def test_acronyms_are_written_out_both_ways(shelf: Set, asked: str, read: str) -> None:
    first, *others = shelf.material.entries
    entries = (msgspec.structs.replace(first, question="What is a SIB (social impact bond)?"), *others)
    material = replace(shelf.material, entries=entries)
    rankings = TRIED["acronyms of the pages written out"](
        replace(shelf, material=material, questions=(Question("1", asked, (first.id,), "acronym"),))
    )
    assert rankings is not None
    assert rankings[0].query.text == read


def test_scores_are_fused_as_the_papers_say() -> None:
    measures = np.array([[0.9, 0.2], [0.5, 0.2], [0.1, 0.6]])
    assert reciprocal_ranks(measures) == pytest.approx([1 / 61 + 1 / 62, 1 / 62 + 1 / 62, 1 / 63 + 1 / 61])
    assert min_max(measures) == pytest.approx([1, 0.5, 1])
    assert min_max(measures[:1]).tolist() == [0]


def test_the_page_marks_what_is_beyond_chance() -> None:
    questions = tuple(Question(str(row), "?", ("a",), "easy" if row else "hard") for row in range(20))
    shipped, worse = np.ones((20, 3)), np.zeros((20, 3))
    one_lost = shipped.copy()
    one_lost[0] = 0
    retrieved = Retrieved(
        "small", questions, shipped, {"gone": worse, "none": None}, {"new": one_lost, "same": shipped}
    )
    sure = Confidences(np.array([0.9, 0.8, 0.1, 0.2]), 0.05)
    inside, near = np.array([True, True, False, False]), np.array([False, False, True, True])
    refused = Refused(inside, {"near": near}, {SHIPPED: sure, "cosine": Confidences(1 - sure.values, None)})
    lines = render([retrieved], refused, [Point("alternates", 0.5, "hit@1", 0.8)], (3, 2)).splitlines()
    assert "- *gone*: small −1.000" in lines
    assert "- nothing beyond chance: *none, new, same*" in lines
    assert "| gone | **−1.000 [−1.000, −1.000]** |" in lines
    assert "| none | – |" in lines
    assert "| new | −0.050 [−0.150, +0.000] |" in lines
    assert "| same | 0 |" in lines
    assert "|  | hard (1) | easy (19) |" in lines
    assert "| Citewell | 1.000 [1.000, 1.000] |  | 0.050 |" in lines
    assert "| cosine | 0.000 | **−1.000 [−1.000, −1.000]** | – |" in lines
    assert "| hit@1, by alternates | 0.800 |" in lines


def test_the_plot_says_what_it_shows() -> None:
    points = [Point("alternates", share, "hit@1", 0.6 + share / 4) for share in (0.0, 0.5, 1.0)]
    plot = ElementTree.fromstring(plot_curves(points))  # noqa: S314  # our own
    space = "{http://www.w3.org/2000/svg}"
    assert plot.get("role") == "img"
    assert plot.find(f"{space}title") is not None
    assert "hit@1, by alternates: from 0.600 with 0% to 0.850 with 100%" in plot.findtext(f"{space}desc", "")
