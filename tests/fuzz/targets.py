"""What is fed with bytes: each target reads them as one kind of input, as the product does, and does something with it.

A target returns when it could use them, and raises InputError or IndexUnusable where the product says what is wrong.
Whatever else is raised is a fault of the product; `feed` holds both to the promise.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Literal
from unittest.mock import patch

import msgspec

from assistant import cli
from assistant.answer import answer
from assistant.evaluation import evaluate
from assistant.gaps.log import note_question
from assistant.gaps.read import read_feedback, read_figures, read_gaps
from assistant.gaps.upkeep import purge
from assistant.refusal import calibrate
from assistant.testset import read_testset
from assistant.worksheet import read_worksheet
from index.build import build_index
from index.errors import IndexUnusable
from index.material import Material
from index.reader import open_index
from index.store import MANIFEST, SUM, current_generation, sum_of
from ingest.build import ENTRIES, EXTRACT, build_entries, read_before, write_built
from ingest.captures import blank_mark, read_capture
from ingest.encodings import decode, to_utf8
from ingest.entries import read_alternates, read_entries, read_ready_made, read_unanswered
from ingest.errors import InputError
from ingest.overrides import read_overrides, today
from ingest.plan import make_plan
from ingest.records import Questions, Source
from ingest.sources import FILE as SOURCES
from tests.conftest import HashedWords, material_of
from tests.fuzz.library import ask, command, corpus_with, library, library_home
from tests.ingest.files.conftest import Makers

Target = Callable[[bytes, Path], None]  # the bytes, and an empty folder to work in
Outcome = Literal["read", "refused"]

LONGEST_MESSAGE = 1000  # characters; what is longer buries its next step
SOUND = "## Who may come?\n\nAnyone may.\n"
TWO_SOURCES = """name = "n"
[[source]]
title = "T"
capture = "pages/sound.md"
publisher = "p"
[[source]]
title = "F"
folder = "pages/f"
kind = "faq"
publisher = "p"
"""


def feed(name: str, raw: bytes) -> Outcome:
    """Feed the target of this name. Raises what the product let through, AssertionError for a message that is none."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fuzz-")))
        for place in ("index.reader", "index.encoder"):
            stack.enter_context(patch(f"{place}.load_encoder", lambda *given: HashedWords()))
        stack.enter_context(patch("ingest.files.renditions.convert", convert_here))
        try:
            TARGETS[name](raw, folder)
        except (InputError, IndexUnusable) as error:
            check_message(str(error))
            assert not list(folder.rglob(".*.part")), "something is half-written"
            return "refused"
    return "read"


def check_message(message: str) -> None:
    """A message is one line of bearable length that goes on to say what to do."""
    assert message == " ".join(message.splitlines()), f"more than a line: {message!r}"
    assert len(message) <= LONGEST_MESSAGE, f"{len(message)} characters: {message[:200]!r}"
    assert "; " in message or " run `" in message or ": add " in message, f"no next step: {message!r}"


def convert_here(kind: str, raw: bytes, into: type[Any]) -> Any:
    """What the worker does, in this process: `python -m tests.fuzz` limits its memory and time, too."""
    read = import_module(f"ingest.files.{kind}").read
    try:
        made = msgspec.json.encode(read(raw))
    except InputError:
        raise
    except Exception as error:  # as in the worker
        raise InputError(f"is damaged ({type(error).__name__}); save it again") from None
    return msgspec.json.decode(made, type=into)


def document(suffix: str) -> Target:
    """A page of a corpus beside one that is sound, from its bytes to the entries that are written."""

    def read(raw: bytes, folder: Path) -> None:
        path = f"pages/f/p.{suffix}"
        (folder / path).parent.mkdir(parents=True)
        (folder / path).write_bytes(wrap(suffix, raw))
        (folder / "pages/sound.md").write_text(SOUND, "utf-8")
        (folder / SOURCES).write_text(TWO_SOURCES, "utf-8")
        built = build_entries(folder)
        for failed in built.report.failed:
            if " can not be read (" in failed.reason:  # a fault of a library, which this raises
                read_whole(folder, Source("F", path, "faq", "p", "l"))
        write_built(folder, built)
        assert read_entries(folder / ENTRIES) == built.entries
        for capture in built.captures:
            assert blank_mark((folder / capture.path).read_bytes().decode()) == blank_mark(capture.text)
        if built.report.failed:
            raise InputError(built.report.failed[0].reason)

    return read


def read_whole(folder: Path, source: Source) -> None:
    """A page and its blocks, each of which is what its span holds."""
    capture = read_capture(folder, source)
    for block in EXTRACT[capture.form](blank_mark(capture.text)):
        assert block.text == " ".join(capture.text[block.start : block.end].split())


def wrap(suffix: str, raw: bytes) -> bytes:
    """Bytes that are no PDF or archive as the part of one that holds the text: chance meets no checksum."""
    if suffix == "pdf" and not raw.startswith(b"%PDF"):
        return Makers.pdf_of_stream(raw)
    if suffix == "docx" and not raw.startswith(b"PK"):
        return Makers.docx("", {"word/document.xml": raw})
    if suffix == "xlsx" and not raw.startswith(b"PK"):
        return Makers.zip({**xlsx_parts(), "xl/worksheets/sheet1.xml": raw})
    return raw


@cache
def xlsx_parts() -> Mapping[str, bytes]:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(Makers.xlsx({"S": [["Question", "Answer"], ["Who?", "Anyone."]]}))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def encoding(raw: bytes, folder: Path) -> None:
    """The body of a reply, behind its header in the first line."""
    header, _, body = raw.partition(b"\n")
    content_type = header.decode("latin-1")
    stored = to_utf8(body, content_type)
    assert decode(stored) == decode(body, content_type).encode("utf-8", "replace").decode().removeprefix("\ufeff")


def sources(raw: bytes, folder: Path) -> None:
    """The list of the pages of a corpus."""
    corpus_with(folder, SOURCES, raw)
    write_built(folder, build_entries(folder))


def overrides(raw: bytes, folder: Path) -> None:
    """What a maintainer has decided, and an index that keeps to it."""
    corpus_with(folder, "overrides.toml", raw)
    read_overrides(folder, library().entries, today())
    build_index(folder / "home", material_of(folder), HashedWords(), calibrate)


def rows(raw: bytes, folder: Path) -> None:
    """Entries that an earlier build left: what a build compares its own with."""
    (folder / ENTRIES).write_bytes(raw)
    before = read_before(folder)
    make_plan(before.entries, library().entries)
    make_plan(library().entries, before.entries)


def ready(raw: bytes, folder: Path) -> None:
    """Ready-made entries, and an index of them that is asked."""
    path = folder / "rows.jsonl"
    path.write_bytes(raw)
    index = build_index(folder / "home", Material.of_ready_made(read_ready_made(path)), HashedWords(), calibrate).index
    for question in (index.entries[0].question, "who may come"):
        ask(question, index)


def wordings(raw: bytes, folder: Path) -> None:
    """Alternates or unanswered questions, whichever the rows are, and an index with them."""
    try:
        corpus_with(folder, "alternates.jsonl", raw)
        read_alternates(folder / "alternates.jsonl", library().entries)
    except InputError as error:
        check_message(str(error))
        corpus_with(folder, "unanswered.jsonl", raw)
        (folder / "alternates.jsonl").unlink()
        read_unanswered(folder / "unanswered.jsonl")
    build_index(folder / "home", material_of(folder), HashedWords(), calibrate)


def captures(raw: bytes, folder: Path) -> None:
    """Where and when pages were fetched."""
    corpus_with(folder, "captures.jsonl", raw)
    build_entries(folder)


def testset(raw: bytes, folder: Path) -> None:
    """Questions with the entries that are relevant, and figures of the first of them."""
    path = folder / "testset.jsonl"
    path.write_bytes(raw)
    msgspec.json.encode(evaluate(library(), read_testset(path, library())[:5]))


def worksheet(raw: bytes, folder: Path) -> None:
    """A worksheet as a spreadsheet saves it; one that begins with a brace is JSON lines."""
    path = folder / ("sheet.jsonl" if raw.startswith(b"{") else "sheet.csv")
    path.write_bytes(raw)
    read_worksheet(path)


def manifest(raw: bytes, folder: Path) -> None:
    """The manifest of an index, with the checksum that it should have: without it nothing of it would be read."""
    home = library_home()
    inside = home / "generations" / str(current_generation(home))
    kept = {name: (inside / name).read_bytes() for name in (MANIFEST, SUM)}
    try:
        (inside / MANIFEST).write_bytes(raw)
        (inside / SUM).write_bytes(sum_of(raw))
        ask("How long can I keep a book?", open_index(home))
    finally:
        for name, content in kept.items():
            (inside / name).write_bytes(content)


def log(raw: bytes, folder: Path) -> None:
    """The file of the questions that were asked."""
    (folder / "questions.db").write_bytes(raw)
    note_question(folder, Questions(log=True), answer("may I", library()), NOW)
    read_figures(folder)
    read_gaps(folder)
    read_feedback(folder, 20)
    purge(folder, Questions(log=True, keep_days=3650), NOW)


NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def question(raw: bytes, folder: Path) -> None:
    """What is asked: of the library, and of the command in all its forms."""
    text = raw.replace(b"\0", b"").decode("utf-8", "surrogateescape")  # as a shell hands it over, which knows no NUL
    ask(text, library())
    ask(raw.decode("utf-8", "surrogatepass" if b"\xed" in raw else "replace") if is_text(raw) else text, library())
    for options in (["ask", "--json"], ["ask"], ["explain", "--json"], ["explain"]):
        out = command([*options, "--", text])
        if "--json" in options:
            assert msgspec.json.decode(out)["question"] == cli.readable(text)
    lines = raw.split(b"\n")
    told = command(["ask", "--jsonl"], raw).splitlines()
    assert len(told) == len(lines) - (not lines[-1])
    assert all(msgspec.json.decode(line)["outcome"] in ("answered", "clarify", "refused") for line in told)


def is_text(raw: bytes) -> bool:
    try:
        raw.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


TARGETS: dict[str, Target] = {
    **{suffix: document(suffix) for suffix in ("html", "md", "txt", "csv", "jsonl", "pdf", "docx", "xlsx")},
    **{
        target.__name__: target
        for target in (
            encoding, sources, overrides, rows, ready, wordings, captures, testset, worksheet, manifest, log, question,
        )
    },
}  # fmt: skip
