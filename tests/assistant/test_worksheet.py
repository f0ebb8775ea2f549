"""Worksheets: written, filled in, taken."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.spreadsheets import FORMULA
from assistant.wordings import Slot
from assistant.worksheet import read_worksheet, write_worksheet
from tests.assistant.conftest import Run, Shelf, one_line
from tests.conftest import HashedWords

LOAN, JOIN, FINE = "how-long-can-i-keep-a-book", "what-do-i-need-to-join", "is-there-a-charge-for-late-books"


def fill(path: Path, rows: list[tuple[object, ...]], delimiter: str = ",") -> Path:
    """A worksheet with these rows of kind, entry, paragraph, text."""
    sheet = io.StringIO(newline="")
    csv.writer(sheet, delimiter=delimiter).writerows([("kind", "entry", "paragraph", "text"), *rows])
    path.write_bytes(sheet.getvalue().encode("utf-8-sig"))
    return path


@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
def test_what_is_filled_in_becomes_rows(run: Run, shelf: Shelf, tmp_path: Path, suffix: str) -> None:
    sheet, before = tmp_path / f"sheet.{suffix}", shelf.bytes()
    ran = run("expand", "--out", sheet, *shelf.options)
    assert ran.code == 0, ran.err
    assert "17 other wordings and 16 unanswered questions" in ran.err
    written = sheet.read_bytes()
    texts = {LOAN: "after the weeks take the book back to the desk", "near": "Does the desk lend umbrellas to readers?"}
    if suffix == "csv":
        assert written.startswith(b"\xef\xbb\xbf")
        rows = list(csv.reader(io.StringIO(written.decode("utf-8-sig"), newline="")))
        heads = rows[0]
        assert rows[1][heads.index("known")] == "when is my loan due | renewing a novel for more weeks"
        for row in rows[1:]:
            name = row[heads.index("kind")] if row[heads.index("kind")] == "near" else row[heads.index("entry")]
            if not (name == LOAN and row[heads.index("paragraph")] == "0"):
                row[heads.index("text")] = texts.pop(name, "")
        out = io.StringIO(newline="")
        csv.writer(out).writerows(rows)
        sheet.write_bytes(out.getvalue().encode("utf-8-sig"))
    else:
        records = [json.loads(line) for line in written.splitlines()]
        assert records[0]["known"] == ["when is my loan due", "renewing a novel for more weeks"]
        for record in records:
            if record["paragraph"] != 0:
                record["text"] = texts.pop("near" if record["kind"] == "near" else str(record["entry"]), "")
        sheet.write_text("".join(json.dumps(record) + "\n" for record in records))
    taken = run("expand", "--take", sheet, "--by", "front desk", *shelf.options)
    assert taken.code == 0
    assert "2 of 2 rows are taken" in taken.err
    marks = {"by": "front desk", "reviewed": True}
    added = {"entry": LOAN, "paragraph": 1, "text": "after the weeks take the book back to the desk"} | marks
    asked = {"text": "Does the desk lend umbrellas to readers?", "kind": "near"} | marks
    assert shelf.rows("alternates.jsonl")[-1] == added
    assert shelf.rows("unanswered.jsonl")[-1] == asked
    for name in ("alternates.jsonl", "unanswered.jsonl"):
        assert (shelf.corpus / name).read_bytes().startswith(before[shelf.corpus / name])
    again = run("expand", "--take", sheet, *shelf.options)
    assert "0 of 2 rows are taken" in again.err
    assert len(shelf.rows("alternates.jsonl")) == 11


def test_a_worksheet_is_never_overwritten(run: Run, shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "sheet.csv").write_text("filled in for days")
    ran = run("expand", "--out", tmp_path / "sheet.csv", *shelf.options)
    assert ran.code == 2
    assert "is there already" in one_line(ran)
    assert (tmp_path / "sheet.csv").read_text() == "filled in for days"


def test_there_is_room_only_where_wordings_are_missing(run: Run, shelf: Shelf, tmp_path: Path) -> None:
    ran = run("expand", "--out", tmp_path / "sheet.jsonl", "--per-paragraph", "1", *shelf.options)
    assert "3 other wordings" in ran.err
    assert "sheet.jsonl" in ran.err


KNOWN = [
    ("alternate", "When is my LOAN due?!", "alternates.jsonl, line 1"),
    ("far", "does  the library sell coffee", "unanswered.jsonl, line 1"),
    ("alternate", "Loan of a book, in weeks", "testset.jsonl, line 1"),
    ("near", "is there parking for bi-cycles", "testset.jsonl, line 3"),
    ("alternate", "what do I need to join", "the entry what-do-i-need-to-join"),
]


@pytest.mark.parametrize(("kind", "text", "where"), KNOWN)
def test_what_stands_already_is_not_taken(
    run: Run, shelf: Shelf, tmp_path: Path, kind: str, text: str, where: str
) -> None:
    before = shelf.bytes()
    sheet = fill(tmp_path / "sheet.csv", [(kind, LOAN, 0, text)])
    ran = run("expand", "--take", sheet, *shelf.options)
    assert ran.code == 0
    assert f"sheet.csv, line 2: not taken: stands already in {where}" in ran.err.replace(f"{shelf.corpus}/", "")
    assert shelf.bytes() == before


def test_what_stands_twice_in_the_sheet_is_taken_once(run: Run, shelf: Shelf, tmp_path: Path) -> None:
    rows = [("alternate", LOAN, "0", "how many weeks is a loan"), ("alternate", JOIN, "", "How many weeks is a loan?")]
    ran = run("expand", "--take", fill(tmp_path / "sheet.csv", rows, ";"), *shelf.options)
    assert "sheet.csv, line 3: not taken" in ran.err
    assert [row["entry"] for row in shelf.rows("alternates.jsonl")[10:]] == [LOAN]


DOUBTFUL = [
    ("alternate", JOIN, "", "pence a day fine for a late book", f"leads to another entry ({FINE}, paragraph 0"),
    (
        "alternate",
        JOIN,
        "1",
        "signature of a parent for my children",
        f"leads to another paragraph ({JOIN}, paragraph 3",
    ),
    ("near", "", "", "What is the fine for a late book?", f"would be answered ({FINE}, paragraph 0"),
]


@pytest.mark.parametrize(("kind", "entry", "paragraph", "text", "evidence"), DOUBTFUL)
def test_a_persons_doubtful_rows_are_taken_and_listed(
    run: Run, shelf: Shelf, tmp_path: Path, kind: str, entry: str, paragraph: str, text: str, evidence: str
) -> None:
    ran = run("expand", "--take", fill(tmp_path / "sheet.csv", [(kind, entry, paragraph, text)]), *shelf.options)
    assert f"sheet.csv, line 2: taken, though it {evidence}" in ran.err
    assert "1 of 1 rows are taken" in ran.err
    assert shelf.rows("alternates.jsonl" if entry else "unanswered.jsonl")[-1]["text"] == text


def test_a_last_line_without_a_break_keeps_its_bytes(run: Run, shelf: Shelf, tmp_path: Path) -> None:
    path = shelf.corpus / "alternates.jsonl"
    path.write_bytes(before := path.read_bytes().rstrip(b"\n"))
    sheet = fill(tmp_path / "sheet.csv", [("alternate", LOAN, "0", " three  weeks\nor a renewal ")])
    assert run("expand", "--take", sheet, *shelf.options).code == 0
    assert path.read_bytes().startswith(before + b"\n{")
    assert shelf.rows("alternates.jsonl")[-1]["text"] == "three weeks or a renewal"


GOOD = ("alternate", LOAN, "0", "how many weeks is a loan")
WRONG = [
    (("alternate", "no-such", "0", "x"), "'no-such'"),
    (("alternate", LOAN, "2", "x"), "no paragraph 2"),
    (("alternate", LOAN, "one", "x"), "'one'"),
    (("alternate", "", "", "x"), "name it"),
    (("other", LOAN, "0", "x"), "'other'"),
    (("near", "", "", "?!"), "'?!'"),
    (("near", "", "", "long " * 100), "1 to 300"),
]


@pytest.mark.parametrize(("row", "named"), WRONG)
def test_a_wrong_row_is_named_and_nothing_is_taken(
    run: Run, shelf: Shelf, tmp_path: Path, row: tuple[str, ...], named: str
) -> None:
    before = shelf.bytes()
    ran = run("expand", "--take", fill(tmp_path / "sheet.csv", [GOOD, (), row]), *shelf.options)
    assert ran.code == 2
    assert "sheet.csv, line 4" in one_line(ran)
    assert named in ran.err
    assert shelf.bytes() == before


FILES = [
    ("sheet.csv", b"text,kind\nx,near\n", "'entry'"),
    ("sheet.csv", b"", "'kind'"),
    ("sheet.csv", "kind,entry,paragraph,text\nnear,,,caf\xe9\n".encode("cp1252"), "CSV UTF-8"),
    ("sheet.csv", b'kind,entry,paragraph,text\nnear,,,a\nnear,,,"b\n', "line 3"),
    ("sheet.jsonl", b'{"kind": "near", "text": "a"}\n\n{"kind": "nearly"}\n', "line 3"),
    ("sheet.csv", b"kind,entry,paragraph,text\nnear,,, \n", "no row"),
    ("sheet.xlsx", b"PK", ".csv or .jsonl"),
    ("none.csv", None, "is missing"),
    ("none.jsonl", None, "is missing"),
]


@pytest.mark.parametrize(("name", "content", "named"), FILES)
def test_a_file_that_is_no_worksheet_is_named(
    run: Run, shelf: Shelf, tmp_path: Path, name: str, content: bytes | None, named: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    ran = run("expand", "--take", tmp_path / name, *shelf.options)
    assert ran.code == 2
    assert named in one_line(ran)
    assert name in ran.err


def test_ready_made_entries_use_the_rows_too(run: Run, shelf: Shelf, tmp_path: Path, encoder: HashedWords) -> None:
    entries = tmp_path / "faq.jsonl"
    entries.write_text('{"id": "a", "question": "Where is my parcel?", "answer": "Look at the tracking page."}\n')
    (folder := tmp_path / "faq").mkdir()
    options = ["--corpus", folder, "--home", tmp_path / "faq-home"]
    assert run("index", "--entries", entries, *options).code == 0
    sheet = fill(tmp_path / "sheet.csv", [("alternate", "a", "0", "delivery has not come")])
    assert run("expand", "--take", sheet, *options).code == 0
    ran = run("index", "--entries", entries, *options)
    assert "1 texts encoded" in ran.err
    assert encoder.encoded[-1] == "delivery has not come"
    assert run("review", *options).out == "1 rows: nothing to decide\n"


def test_an_index_of_other_entries_is_named(run: Run, shelf: Shelf, tmp_path: Path) -> None:
    path = shelf.corpus / "entries.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[1:]))
    ran = run("expand", "--out", tmp_path / "sheet.csv", *shelf.options)
    assert ran.code == 2
    assert "another --home" in one_line(ran)
    shutil.rmtree(shelf.corpus)
    assert "no corpus folder" in one_line(run("review", *shelf.options))


CELLS = [
    "=1+1", "'=1+1", "''-x", "'tis late", "-5", "@sum", "\t=x", "plain", '="a","b"', "＝x", "a\nb;=c", "+44 20",
    "See here;=HYPERLINK(1;2)", "a\t =b", 'a;"=b"', "a|'=b", "a | -b", "a\n=b", "a;;'\"@b", ",=a;+b", "\t=x;-'=y",
]  # fmt: skip
texts = st.text(min_size=1) | st.text(""",;|\t\n\r '"=-@＝a""", min_size=1)
slots = st.builds(
    Slot, st.sampled_from(["alternate", "near"]), texts, passage=texts, known=st.tuples(texts, texts), text=texts
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(slots | st.sampled_from(CELLS).map(lambda cell: Slot("near", cell, question=cell, text=cell))))
def test_a_cell_is_no_formula_and_reads_back_unchanged(tmp_path: Path, written: list[Slot]) -> None:
    path = tmp_path / "sheet.csv"
    path.unlink(missing_ok=True)
    written = [*written, Slot("far", text="the last")]
    write_worksheet(path, written)
    cells = [cell for row in csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")) for cell in row]
    assert not any(cell[:1] in "=+-@\t\r\n＝＋－＠" for cell in cells if cell)
    assert all(cell.startswith("'") for cell in cells if FORMULA.match(cell))
    for delimiter in ",;\t|":  # as spreadsheets of other countries split the same file
        rows = csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""), delimiter=delimiter)
        assert not [cell for row in rows for cell in row if cell[:1] in {*"=+-@＝＋－＠"}]
    read = [(slot.entry, slot.text) for _, slot in read_worksheet(path)]
    assert read == [(slot.entry, slot.text) for slot in written if slot.text.strip()]
