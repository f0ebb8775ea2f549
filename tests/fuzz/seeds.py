"""Where the bytes come from: good inputs of each target, and what spoils them.

Hypothesis draws from `bytes_for`; the coverage-guided fuzzer starts from `seeds_of` and `TOKENS`.
"""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from hypothesis import strategies as st

from assistant.answer import answer
from assistant.gaps.log import note_feedback, note_question
from assistant.gaps.records import Feedback
from index.store import MANIFEST, current_generation
from ingest.entries import encode_entries
from ingest.records import Questions
from tests.conftest import LIBRARY, ROOT
from tests.fuzz.library import library, library_home
from tests.fuzz.targets import xlsx_parts
from tests.ingest.files.conftest import WORD, Makers

DATA = ROOT / "tests" / "data"
LONGEST = 200_000  # bytes of a case: what grows by the square shows here
Bytes = st.SearchStrategy[bytes]

MARKUP = """<p> </p> <h2> <li> <ol start=x> <br> <b> <td> <tr> <table> <!-- --> <dt> <dl> <details> <summary> <template>
<script type="application/ld+json"> </script> <div hidden> <svg> <noscript> <meta charset=utf-16> <form> <button>
&#0; &#xD800; &#x110000; &nbsp; <![CDATA[ <?x <a href="#p"> <div itemscope itemtype="https://schema.org/Question">
<textarea> <title> <plaintext> <select> <math> <iframe> <style> </div> <pre> <blockquote> <h1> <h7> id=" style="/*
""".split()
SIGNS = [*"\n\r?“|\u2028\u200b\u202e\ufeff\U000e0041İß\u0345\x85\x1c", "\n\n", "\r\n", "• ", "1. ", "- ", "# ", "> ",
         "**", ". ", "Q: ", "A: ", " | ", "e\u0301", "⊕ ", "...?", "[x](y)"]  # fmt: skip
BINARY = [b"\0", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\xff\xfe\0\0", b"\xed\xa0\x80", b"\xf0\x9f\x98", b"+/v8",
          b"\x1b$B", b"\x80", b"%PDF-", b"PK\x03\x04", b"{\\rtf", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]  # fmt: skip
SHEET_SIGNS = [*SIGNS, '"', '""', ",", ";", "\t", "question", "answer", "<p>", "="]
JSON = """{ } [ ] , : "" null true -1 1e999 9999999999999999999999 0.5 "\\ud800" "\\u0000" "id" "kind" "question"
"answer" "entry" "paragraph" "text" [[[[ "\\n" "near" "qa" "2021-02-30" {"a":""".split()
TOML = """[[source]] [topic] [[freshness]] [questions] [[pin]] [[synonym]] [[block]] [[alternate]] = \"\"\" ''' [ ] { }
# a.b.c.d=1 1e400 inf nan 1979-05-27 9999-99-99 00:00:60 "\\uD800" site= folder= url= capture= words= reason= expires=
keep_days= folder="pages" capture="pages/../x" depth=-1 \"\"\"\\""".split()
XML = """<w:p> </w:p> <w:r> <w:t> <w:tbl> <w:tr> <w:tc> <w:pPr> <w:hyperlink> <w:instrText> <w:fldChar/> <w:drawing>
<w:del> <!DOCTYPE <!ENTITY &lol; <![CDATA[ xmlns:w="" <c t="s"><v>999999999</v></c> r="XFD1048577" <row <f> <is><t>
""".split()
STREAM = """BT ET Tf Td Tj TJ Tm q Q cm Do ' " [ ] << >> ( ) /F1 /F9 1e99 -0 0 0 0 0 0 0 cm 999999999 BI ID EI <FEFF T*
obj endobj stream endstream /Length xref trailer /Root /Filter /FlateDecode /Kids 2 0 R""".split()
TOKENS: dict[str, Sequence[str]] = {
    "html": [*MARKUP, *SIGNS],
    **dict.fromkeys(("md", "txt", "question"), SIGNS),
    "encoding": [*MARKUP, "text/html; charset=utf-7\n", "charset=iso-2022-jp\n", "charset=\n"],
    **dict.fromkeys(("csv", "worksheet"), SHEET_SIGNS),
    **dict.fromkeys(("jsonl", "rows", "ready", "wordings", "captures", "testset", "manifest"), JSON),
    **dict.fromkeys(("sources", "overrides"), TOML),
    **dict.fromkeys(("docx", "xlsx"), XML),
    "pdf": STREAM,
    "log": ["asked", "at", "TEXT", "2026-03-02T09:30:00Z", "SQLite format 3"],
}


def bytes_for(name: str) -> Bytes:
    """Bytes for the target of this name: spoilt seeds, pieces put together, and what `COMPOSED` has."""
    tokens = [token.encode("utf-8", "surrogatepass") for token in TOKENS[name]]
    pieces = st.lists(st.sampled_from([*tokens, *BINARY]) | st.binary(max_size=8) | _words(), max_size=30).map(b"".join)
    spoilt = spoil(seeds_of(name), [*tokens, *BINARY])
    return st.one_of(spoilt, pieces, *([COMPOSED[name]()] if name in COMPOSED else [])).map(lambda raw: raw[:LONGEST])


def _words() -> Bytes:
    return st.text(max_size=12).map(lambda text: text.encode())


@st.composite
def spoil(draw: st.DrawFn, seeds: Sequence[bytes], tokens: Sequence[bytes]) -> bytes:
    """A seed after up to four accidents."""
    raw = draw(st.sampled_from(seeds))
    for accident in draw(st.lists(st.sampled_from(ACCIDENTS), max_size=4)):
        start, end = sorted(draw(st.tuples(*[st.integers(0, len(raw))] * 2)))
        other = draw(st.sampled_from(tokens) | st.sampled_from(seeds).map(lambda seed: seed[-200:]))
        raw = accident(raw, start, end, other, draw(st.sampled_from((1, 1, 1, 2, 50, 3000))))[:LONGEST]
    return raw


def _flip(raw: bytes, start: int, end: int, other: bytes, times: int) -> bytes:
    return raw[:start] + bytes(byte ^ 1 << times % 8 for byte in raw[start : start + 3]) + raw[start + 3 :]


def _truncate(raw: bytes, start: int, end: int, other: bytes, times: int) -> bytes:
    return raw[:start]


def _replace(raw: bytes, start: int, end: int, other: bytes, times: int) -> bytes:
    return raw[:start] + other + raw[end:]


def _insert(raw: bytes, start: int, end: int, other: bytes, times: int) -> bytes:
    return raw[:start] + other * times + raw[start:]


def _repeat(raw: bytes, start: int, end: int, other: bytes, times: int) -> bytes:
    return raw[:end] + raw[start:end][:500] * times + raw[end:]


def _recode(raw: bytes, start: int, end: int, other: bytes, times: int) -> bytes:
    codec = ("utf-16", "cp1252", "utf-32-be", "utf-7")[times % 4]
    return raw.decode("utf-8", "replace").encode(codec, "replace")


ACCIDENTS = (_flip, _truncate, _replace, _insert, _repeat, _recode)


@cache
def seeds_of(name: str) -> tuple[bytes, ...]:
    """Good inputs, the smallest first."""
    return tuple(sorted(_SEEDS[name](), key=len)) or (b"",)


def _golden(*patterns: str) -> Iterator[bytes]:
    """The pages of golden cases."""
    for pattern in patterns:
        for path in sorted(DATA.glob(pattern)):
            read = json.loads(path.read_text("utf-8"))
            for case in read if isinstance(read, list) else [read]:
                yield "\n".join(case.get("page") or case.get("lines") or ()).encode()


def _captures_of(suffix: str) -> Iterator[bytes]:
    """The beginnings of the bundled captures."""
    yield from (path.read_bytes()[:5000] for path in sorted((ROOT / "corpus/pages").glob(f"*.{suffix}")))


def _rows(*names: str) -> Iterator[bytes]:
    for name in names:
        whole = (LIBRARY / name).read_bytes()
        yield whole
        yield from whole.splitlines(keepends=True)


def _ready() -> Iterator[bytes]:
    yield b'{"question": "Who may come?", "answer": ["Anyone may.", "Bring a card."], "id": 7, "source": "Leaflet"}\n'
    yield b'{"question": "Who?", "answer": "A.", "source": "https://e.example/"}\n{"question": "Who?", "answer": "B"}\n'


def _captures() -> Iterator[bytes]:
    yield (
        b'{"capture":"pages/using.txt","url":"https://library.example/using","final":"https://library.example/using",'
        b'"source":"Using the library","title":"T","fetched":"2026-01-02T03:04:05Z","status":200,"etag":null,'
        b'"modified":null,"sha256":"%s","bytes":1,"type":"text/html"}\n' % (b"0" * 64)
    )


def _worksheets() -> Iterator[bytes]:
    yield b"kind,entry,paragraph,question,text\nalternate,how-long-can-i-keep-a-book,0,Q,may I keep it\n"
    yield b'\xef\xbb\xbfkind;entry;paragraph;text\r\nnear;;;"is there\r\ncoffee"\r\n'
    yield b'{"kind": "near", "text": "is there coffee", "entry": null, "paragraph": null}\n'


def _pdfs() -> Iterator[bytes]:
    lines = [("F2", 14, 72, 780, "Who may come?"), ("F1", 10, 72, 760, "Anyone may, and (all) do.")]
    yield Makers.pdf([lines, lines])
    yield b"BT /F2 14 Tf 72 780 Td (Who may come?) Tj 0 -20 Td /F1 10 Tf [(Any) -300 (one)] TJ ET"


def _docxs() -> Iterator[bytes]:
    asked = '<w:p><w:pPr><w:pStyle w:val="H2"/></w:pPr><w:r><w:t>Who may come?</w:t></w:r></w:p>'
    told = "<w:p><w:r><w:t>Anyone may.</w:t></w:r></w:p>"
    table = f"<w:tbl><w:tr><w:tc>{told}</w:tc><w:tc>{told}</w:tc></w:tr></w:tbl>"
    item = '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>x</w:t></w:r></w:p>'
    yield Makers.docx(asked + told + table + item)
    yield f"<w:document {WORD}><w:body>{asked}{told}{table}{item}</w:body></w:document>".encode()


def _xlsxs() -> Iterator[bytes]:
    yield Makers.xlsx({"S": [["Question", "Answer"], ["Who may come?", "Anyone may."], [1, 2.5]]})
    yield xlsx_parts()["xl/worksheets/sheet1.xml"]


def _log() -> Iterator[bytes]:
    when = datetime(2026, 3, 1, tzinfo=UTC)
    with tempfile.TemporaryDirectory() as name:
        note_question(Path(name), Questions(log=True), answer("where is the moon", library()), when)
        note_feedback(Path(name), Questions(log=True), Feedback(when, None, False, "no", 1))
        yield _bytes_of(Path(name) / "questions.db")


def _bytes_of(path: Path) -> bytes:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = DELETE")  # so that the one file holds all of it
    connection.close()
    return path.read_bytes()


def _questions() -> Iterator[bytes]:
    yield from (json.loads(line)["question"].encode() for line in (LIBRARY / "testset.jsonl").open())
    yield from (b"How long can I keep a book?", "Wie lange? 一冊 本を — кніга 📚".encode(), b"?!", b"")


_SEEDS: dict[str, Callable[[], Iterator[bytes]]] = {
    "html": lambda: _golden("ingest/html-*.json", "ladder/*.json"),
    "md": lambda: iter([*_golden("ingest/markdown-*.json"), *_captures_of("md")]),
    "txt": lambda: iter([*_golden("ingest/plain-*.json", "ingest/flat-*.json"), *_captures_of("txt")]),
    "csv": lambda: _golden("files/csv-*.json", "files/tsv-*.json"),
    "jsonl": lambda: iter([*_golden("files/jsonl-*.json"), *_ready()]),
    "pdf": _pdfs,
    "docx": _docxs,
    "xlsx": _xlsxs,
    "encoding": lambda: (b"text/html; charset=utf-8\n" + page for page in _golden("ingest/html-*.json")),
    "sources": lambda: iter([(LIBRARY / "sources.toml").read_bytes(), SOURCES.encode()]),
    "overrides": lambda: iter([(ROOT / "corpus/overrides.toml").read_bytes(), OVERRIDES.encode()]),
    "rows": lambda: iter([encode_entries(library().entries), *(encode_entries([each]) for each in library().entries)]),
    "ready": _ready,
    "wordings": lambda: _rows("alternates.jsonl", "unanswered.jsonl"),
    "captures": _captures,
    "testset": lambda: _rows("testset.jsonl"),
    "worksheet": _worksheets,
    "manifest": lambda: iter([_manifest()]),
    "log": _log,
    "question": _questions,
}  # fmt: skip

SOURCES = """name = "n"
contact = "a@b.example"
[[source]]
title = "Files"
folder = "pages"
publisher = "p"
kind = "auto"
[[topic]]
name = "Loans"
words = ["book"]
[[freshness]]
before = 2020-01-01
say = "old"
[questions]
log = true
keep_days = 90
"""
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OVERRIDES = """[[pin]]
question = "may I keep it"
entry = "how-long-can-i-keep-a-book"
quote = "three weeks"
reason = "r"
expires = 9999-12-31
[[synonym]]
says = "volume"
means = "book"
reason = "r"
expires = 9999-12-31
"""


def _manifest() -> bytes:
    return (library_home() / "generations" / str(current_generation(library_home())) / MANIFEST).read_bytes()


# What chance would not come to: rows of the right fields with odd values, texts of every script, tables of odd rows.
_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["qa", "near", ""]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def _odd_rows(name: str) -> Callable[[], Bytes]:
    """Rows of a seed, with odd values in the place of some of theirs."""

    def strategy() -> Bytes:
        seeds = [json.loads(row) for raw in seeds_of(name) for row in raw.splitlines() if row.endswith(b"}")]
        changed = st.builds(
            _changed, st.sampled_from(seeds), st.lists(st.tuples(st.integers(0, 20), _VALUES), max_size=3)
        )
        return st.lists(changed, min_size=1, max_size=4).map(b"\n".join)

    return strategy


def _changed(row: dict[str, object], changes: Sequence[tuple[int, object]]) -> bytes:
    keys = list(row)
    return json.dumps(row | {keys[at % len(keys)]: value for at, value in changes}).encode("utf-8", "surrogatepass")


def _odd_xml(names: str, good: str, frame: str) -> Callable[[], Bytes]:
    """Elements of these names within one another, well formed, so that more than the parser of XML meets them."""

    def strategy() -> Bytes:
        text = st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"]), max_size=8).map(escape)
        value = st.sampled_from(["", "1", "-1", "99999999999", "H1", "s", "A1", "XFD1048576", "begin", "continue"])
        name = st.sampled_from(names.split())
        leaf = text.map(good.format) | st.builds("<{0} w:val={1!r} w:id={1!r} r={1!r} t={1!r}/>".format, name, value)
        tree = st.recursive(
            leaf,
            lambda inner: st.builds(
                "<{0} r={1!r} t={2!r}>{3}</{0}>".format, name, value, value, st.lists(inner, max_size=4).map("".join)
            ),
            max_leaves=30,
        )
        return tree.map(lambda body: frame.format(body).encode())

    return strategy


def _odd_questions() -> Bytes:
    anything = st.text(st.characters(exclude_categories=()), max_size=300)
    marks = st.text(st.characters(categories=("P", "S", "Z", "Cc", "Cf", "M")), max_size=60)
    long = st.builds(lambda text, times: text * times, st.text(max_size=20), st.sampled_from((100, 2000)))
    return st.one_of(anything, marks, long).map(lambda text: text.encode("utf-8", "surrogatepass"))


def _odd_log() -> Bytes:
    cell = (
        st.none()
        | st.integers(-(2**63), 2**63 - 1)
        | st.floats(allow_nan=False)
        | st.text(max_size=12)
        | st.binary(max_size=6)
    )
    times = st.sampled_from(["2026-03-02T09:30:00Z", "2026-02-30T00:00:00Z", "", "0000", "9999-12-31T23:59:59Z"])
    outcome = st.sampled_from(["refused", "clarify", "answered", "odd"])
    return st.lists(st.tuples(times | cell, cell, cell, outcome | cell, cell), min_size=1, max_size=4).map(_database)


def _database(rows: Sequence[tuple[object, ...]]) -> bytes:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "questions.db"
        path.write_bytes(seeds_of("log")[0])
        with sqlite3.connect(path) as connection:
            for row in rows:
                connection.execute(
                    "INSERT OR IGNORE INTO asked (at, text, letters, outcome, confidence) VALUES (?, ?, ?, ?, ?)", row
                )
                connection.execute(
                    "INSERT OR IGNORE INTO feedback (at, entry, helpful, reason, question) VALUES (?, ?, ?, ?, ?)", row
                )
        connection.close()
        return path.read_bytes()


COMPOSED: dict[str, Callable[[], Bytes]] = {
    **{name: _odd_rows(name) for name in ("jsonl", "rows", "ready", "wordings", "captures", "testset", "manifest")},
    "docx": _odd_xml(
        "w:p w:r w:t w:tbl w:tr w:tc w:tcPr w:pPr w:pStyle w:numPr w:ilvl w:numId w:gridSpan w:vMerge w:hyperlink w:br "
        "w:tab w:sym w:sdt w:sdtContent w:ins w:del w:fldChar w:instrText w:footnoteReference w:drawing",
        "<w:p><w:r><w:t>Who? {}</w:t></w:r></w:p>",
        f"<w:document {WORD}><w:body>{{}}</w:body></w:document>",
    ),
    "xlsx": _odd_xml(
        "row c v f is t mergeCell sheetData",
        "<row>" + "<c t='inlineStr'><is><t>Who? {0}</t></is></c>" * 2 + "</row>",
        f'<worksheet xmlns="{SHEET}" {WORD}><sheetData>{{}}</sheetData></worksheet>',
    ),
    "question": _odd_questions,
    "log": _odd_log,
}
