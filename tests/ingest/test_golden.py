"""Small pages, each with what must be found on it: tests/data/ingest/*.json. Near misses stand beside the rules."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest.build import build_entries
from ingest.errors import InputError

CASES = sorted((Path(__file__).parents[1] / "data" / "ingest").glob("*.json"))


def store(folder: Path, case: dict) -> Path:
    page = folder / "pages" / case["file"]
    page.parent.mkdir(parents=True)
    page.write_text("\n".join(case["page"]), encoding="utf-8")
    (folder / "sources.toml").write_text(
        f'name = "n"\n[[source]]\ntitle = "Page"\ncapture = "pages/{case["file"]}"\nkind = "{case["kind"]}"\n'
        'publisher = "p"\nlicence = "l"\n',
        encoding="utf-8",
    )
    return folder


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_page_gives_what_is_expected(path: Path, tmp_path: Path) -> None:
    case = json.loads(path.read_text(encoding="utf-8"))
    expected = case["expected"]
    folder = store(tmp_path, case)
    if "error" in expected:
        with pytest.raises(InputError, match=expected["error"]):
            build_entries(folder)
        return
    if not expected.get("qa") and not expected.get("prose"):
        pytest.fail("a case without entries must say which error it expects")
    built = build_entries(folder)
    for kind in ("qa", "prose"):
        found = [[e.question, list(e.answer)] for e in built.entries if e.kind == kind]
        assert found == expected.get(kind, [])
    assert [row.question for row in built.report.unanswered] == expected.get("unanswered", [])
    if "dates" in expected:
        assert [e.occurrences[0].date for e in built.entries] == expected["dates"]
    if "headings" in expected:
        assert [e.occurrences[0].heading for e in built.entries] == expected["headings"]
    dropped = {row.text: row.reason for row in built.report.dropped}
    for text, reason in expected.get("dropped", {}).items():
        assert dropped.get(text) == reason
