"""What the generation that answers changed since the one before it, and how that is shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.app_rebuild import say_moved, show_diff
from assistant.last_change import find_change, name_previous
from assistant.refusal import calibrate
from index.build import build_index
from index.reader import Index
from ingest.plan import Moved
from tests.conftest import HashedWords, material_of


@pytest.fixture
def rebuilt(tmp_path: Path, library: Path, small: Index, encoder: HashedWords) -> Index:
    """The library again, with other words on one of its pages."""
    page = library / "pages" / "using.txt"
    page.write_text(page.read_text("utf-8").replace("three weeks", "eight weeks"), "utf-8")
    return build_index(tmp_path / "home", material_of(library), encoder, calibrate).index


def test_a_rebuild_is_compared_with_the_one_before(tmp_path: Path, small: Index, rebuilt: Index) -> None:
    home = tmp_path / "home"
    previous = name_previous(home)
    assert previous == small.folder.name
    plan = find_change(home, previous, rebuilt)
    assert plan is not None
    assert plan.counts == "0 added, 1 changed, 0 removed, 0 moved"
    assert show_diff(plan.changed[0].diff[0]).count("eight") == 1
    assert find_change(home, rebuilt.folder.name, rebuilt) is None  # itself


def test_a_first_build_has_nothing_before_it(tmp_path: Path, small: Index) -> None:
    home = tmp_path / "home"
    assert name_previous(home) is None
    assert find_change(home, "0123456789abcdef", small) is None
    for name in ("../../etc", "", "\u00e9" * 16, "x" * 16):
        (home / "previous").write_text(name)
        assert name_previous(home) is None


def test_a_damaged_one_is_not_compared_with(tmp_path: Path, small: Index, rebuilt: Index) -> None:
    (small.folder / "entries.jsonl").write_bytes(b"{}")
    assert find_change(tmp_path / "home", small.folder.name, rebuilt) is None


@pytest.mark.parametrize(
    ("line", "html"),
    [
        ("- gone <b>", "- gone &lt;b&gt;"),
        ("~ an [-old-] {+new+} word", "an <del>{r}old</del> <ins>{a}new</ins> word"),
        ("[-<i>-]", "<del>{r}&lt;i&gt;</del>"),
        ("[-open {+", "[-open {{+"),
    ],
)
def test_a_difference_is_said_and_shown(line: str, html: str) -> None:
    said = {name: f'<span class="cw-unseen">{word}: </span>' for name, word in (("r", "removed"), ("a", "added"))}
    assert show_diff(line) == html.format(**said)


@pytest.mark.parametrize(
    ("how", "was", "now", "said"),
    [
        ("id", "Old?", "New?", "“Old?” now asks: “New?”"),
        ("page", "pages/a.txt", "pages/b.txt", "“New?” is on another page: pages/a.txt before, pages/b.txt now"),
        ("heading", "", "Fees", "“New?” is under another heading: none before, Fees now"),
    ],
)
def test_a_move_is_said_in_words(how: str, was: str, now: str, said: str) -> None:
    assert say_moved(Moved("old", "new", how, was, now), "New?") == said  # type: ignore[arg-type]
