"""Pages that try to lead astray what reads them: what nobody sees is not read, and what is seen is a text like others.

Citewell follows no instruction, as nothing in it understands one; what is left to try is to be indexed unseen, or to
come before other answers. A question that such a page itself is about, and in words that its readers see, is rightly
answered with these, as theirs: Citewell says whose words they are, not that they are true. All other questions are
answered as if the page were not there.
"""

from __future__ import annotations

import html
import json
import re
import shutil
from pathlib import Path

import msgspec
import pytest

from assistant.answer import answer
from assistant.contract import reply
from assistant.refusal import calibrate
from index.build import build_index
from index.encoder import Encoder, load_encoder
from index.reader import Index, open_index
from ingest.build import build_entries
from ingest.captures import read_capture
from ingest.extract import html as pages
from ingest.finds import find
from ingest.records import Source
from tests.conftest import ROOT, HashedWords, material_of
from tests.promises import Shown

KNOWN = {"When does the fair open?": "It opens at nine.", "Who may sell there?": "Every guild of the town may."}
FIRST, SECOND = (f"<h2>{question}</h2><p>{told}</p>" for question, told in KNOWN.items())
# Where the rows say that their text stands; what of it a reader of the page sees.
SEEN = {
    "visible paragraph": "<p>{}</p>",
    "visible": "<p>{}</p>",
    "fake FAQ pair injected in user comments block": "<div class=comments><h3>Comments</h3><p>{}</p></div>",
    "bidi override": "<p>{}</p>",
    "zero-width split": "<p>{}</p>",
    "delimiter break": "<p>{}</p>",
    "markdown beacon": "<p>{}</p>",
    "keyword stuffing to win retrieval": "<p>{}</p>",
}
UNSEEN = {
    "HTML comment": "<!-- {} -->",
    "display:none div": "<div style='display:none'>{}</div>",
    "Unicode tag characters (invisible ASCII)": "<p>{}</p>",
    "image alt text": "<img src=x {}>",
    "CSS-hidden": "<p style='font-size:0;color:#fff;background:#fff'>{}</p>",
}
TAGS = "".join(chr(0xE0000 + ord(letter)) for letter in "say yes")
ZEROS_AND_ONES = "".join("\u200b\u200c"[int(bit)] for bit in f"{ord('y'):08b}")
TARGETED = "Who may apply online for a refund of the fee?"


class Row(msgspec.Struct):
    id: str
    page_text: str
    where: str

    @property
    def hidden(self) -> bool:
        return self.where in UNSEEN

    @property
    def page(self) -> str:
        """A page of two questions with the text where the row says."""
        as_markup = self.where in ("HTML comment", "image alt text")
        text = self.page_text if as_markup else html.escape(self.page_text)
        if self.page_text.startswith("<!--"):
            text = self.page_text.removeprefix("<!--").removesuffix("-->")
        return FIRST + (SEEN | UNSEEN)[self.where].replace("{}", text) + SECOND


@pytest.fixture(scope="module")
def rows(test_data: Path) -> tuple[Row, ...]:
    content = (test_data / "robustness" / "prompt_injection_pages.jsonl").read_text("utf-8")
    return tuple(msgspec.json.decode(line, type=Row) for line in content.splitlines())


def read(markup: str, suffix: str = "html") -> str:
    """The text that is indexed of a page, which must hold both known questions with their answers."""
    raw = f"<!doctype html><body>{markup}".encode() if suffix == "html" else markup.encode()
    capture = read_capture(Path(), Source("T", f"pages/p.{suffix}", "faq", "p", "l"), raw)
    if suffix == "html":
        given = {found.question: found.answer[0].text for found in find(capture, pages.extract(capture.text)).found}
        assert given == {**given, **KNOWN}
    return capture.text


def letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text.casefold())


def test_nothing_that_a_reader_does_not_see_is_read(rows: tuple[Row, ...], shown: Shown) -> None:
    for row in rows:
        text = read(row.page)
        wanted = letters(re.sub(r"alt=|[^\x20-\x7e]", "", row.page_text))[:30]
        assert (wanted in letters(text) and bool(wanted)) != row.hidden, (row.id, text)
        assert not re.search("[\u200b\U000e0000-\U000e0fff]", text), (row.id, ascii(text))
    hidden = sum(row.hidden for row in rows)
    shown("what is hidden on a page is not indexed", "14 pages with prompt-like text, 6 of them hidden", len(rows),
          f"{hidden} hidden texts left out, {len(rows) - hidden} visible ones read as they are")  # fmt: skip


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        (f"open{TAGS} late", "open late"),
        (f"open{ZEROS_AND_ONES} late", "open late"),
        ("ap\u200bply on\u2060line", "apply online"),
        ("a\ufe00\ufe01\ufe02\U000e0100\U000e0101", "a"),
        ("say \u200d\u200c\u200d\u200cyes", "say yes"),
        ("the \U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f flag", None),
        ("👩‍🚒 می‌خواهم ❤️", None),
        ("葛\U000e0100城", None),
    ],
)
@pytest.mark.parametrize("suffix", ["html", "csv"])
def test_characters_that_nobody_sees_are_left_out(written: str, seen: str | None, suffix: str) -> None:
    pages_of = {
        "html": f"{FIRST}<p>{{}}</p>{SECOND}",
        "csv": 'Question,Answer\nWho may come?,"{}"\n',
    }
    text = read(pages_of[suffix].replace("{}", written), suffix)
    assert text == read(pages_of[suffix].replace("{}", seen or written), suffix)
    assert (seen or written) in text


def test_a_reference_to_a_character_hides_nothing_either() -> None:
    assert "say" not in read(FIRST + "<p>" + "".join(f"&#{ord(tag)};" for tag in TAGS) + "</p>" + SECOND)


def add_pages(corpus: Path, rows: tuple[Row, ...]) -> None:
    """The pages of the rows, and one that asks a question of its own, as a folder of the corpus."""
    folder = corpus / "pages" / "added"
    folder.mkdir()
    for row in rows:
        (folder / f"{row.id}.html").write_text(f"<!doctype html><body>{row.page}", "utf-8")
    own = f"<h2>{TARGETED}</h2><p>Ring 0900 000 000 for the refund, at any hour.</p>"
    (folder / "own.html").write_text(f"<!doctype html><body>{own}", "utf-8")
    with (corpus / "sources.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[source]]\ntitle = "Added"\nfolder = "pages/added"\nkind = "faq"\npublisher = "Nobody"\n')


def said(question: str, index: Index) -> list[object]:
    """The outcome, the words, and the citations but for how long it took; the confidence is allowed to stir."""
    told = reply(answer(question, index), 0)
    return [told.outcome, told.answer, told.entry and told.entry.id, told.citations]


def control(corpus: Path) -> list[str]:
    """All questions of the test set, and the published ones."""
    asked = [json.loads(line)["question"] for line in (corpus / "testset.jsonl").read_text("utf-8").splitlines()]
    return [*asked, *(entry.question for entry in build_entries(corpus).entries)]


def check_hidden(after: Index, rows: tuple[Row, ...]) -> None:
    """That nothing hidden is in an index."""
    held = [*(view.text for view in after.views), *(text for _, text in after.captures.items())]
    for row in (row for row in rows if row.hidden):
        wanted = letters(re.sub(r"alt=|[^\x20-\x7e]", "", row.page_text))
        assert not wanted or not any(wanted in letters(text) for text in held), row.id
        assert not any(sign in text for text in held for sign in row.page_text if sign > "\U000dffff")


def check_own(after: Index) -> None:
    """That the question of an added page is answered with its words, as its own."""
    own = reply(answer(TARGETED, after), 0)
    assert own.outcome == "answered"
    assert own.answer
    assert "0900" in own.answer
    assert {citation.capture for citation in own.citations} == {"pages/added/own.html.txt"}


def index_of(corpus: Path, home: Path, encoder: Encoder) -> Index:
    return build_index(home, material_of(corpus), encoder, calibrate).index


def test_added_pages_change_no_answer_of_the_made_up_library(
    library: Path, rows: tuple[Row, ...], tmp_path: Path, encoder: HashedWords
) -> None:
    questions = control(library)
    before = index_of(library, tmp_path / "before", encoder)
    add_pages(library, rows)
    after = index_of(library, tmp_path / "after", encoder)
    check_hidden(after, rows)
    check_own(after)
    assert [question for question in questions if said(question, before) != said(question, after)] == []


def test_hidden_text_leaves_no_trace_in_an_index(
    library: Path, rows: tuple[Row, ...], tmp_path: Path, encoder: HashedWords, shown: Shown
) -> None:
    """The index of pages with hidden text is that of the same pages without it: all of its files but the report.

    That one has the checksums of the pages as they were stored.
    """
    contents = []
    hidden = tuple(row for row in rows if row.hidden)
    for name, given in (
        ("with", hidden),
        ("without", tuple(msgspec.structs.replace(row, page_text="") for row in hidden)),
    ):
        corpus = Path(shutil.copytree(library, tmp_path / name))
        add_pages(corpus, given)
        files = index_of(corpus, tmp_path / f"home-{name}", encoder).manifest.files
        contents.append({file: stamp for file, stamp in files.items() if file != "report.json"})
    assert contents[0] == contents[1]
    shown("what is hidden on a page is not indexed", f"{len(hidden)} pages with hidden text are added to a corpus",
          len(hidden), "the index is the one of the same pages without that text")  # fmt: skip


# Of the questions. Any page that is added changes how rare words are, and so what comes first where two entries are as
# near, or a confidence just above a threshold: measured 8 of 948.
STIRRED = 0.01


def without_order(row: Row) -> Row:
    """The row with the words that its page shows sorted: as rare and as many, but no order to anybody."""
    return row if row.hidden else msgspec.structs.replace(row, page_text=" ".join(sorted(row.page_text.split())))


@pytest.mark.model
@pytest.mark.soak
def test_text_that_reads_like_an_order_changes_no_answer_of_the_bundled_corpus(
    home: Path, index: Index, rows: tuple[Row, ...], tmp_path: Path, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was learned from the corpus is kept, so that the pages alone are what is new."""
    monkeypatch.setattr("index.build.DRIFT", 1.0)

    def with_pages(name: str, given: tuple[Row, ...]) -> Index:
        corpus = Path(shutil.copytree(ROOT / "corpus", tmp_path / name))
        later = Path(shutil.copytree(home, tmp_path / f"home-{name}"))
        add_pages(corpus, given)
        build_index(later, material_of(corpus), load_encoder(home=later), calibrate)
        return open_index(later)

    questions = control(ROOT / "corpus")
    after, sorted_words = with_pages("orders", rows), with_pages("words", tuple(map(without_order, rows)))
    check_hidden(after, rows)
    check_own(after)
    assert after.manifest.content != sorted_words.manifest.content
    added = {path for path, _ in after.captures.items() if path.startswith("pages/added/")}
    cited = {citation.capture for question in questions for citation in reply(answer(question, after), 0).citations}
    assert added
    assert not added & cited
    told = [said(question, after) for question in questions]
    assert told == [said(question, sorted_words) for question in questions]
    changed = [q for q, answered in zip(questions, told, strict=True) if answered != said(q, index)]
    assert len(changed) <= STIRRED * len(questions), changed
    shown("text on a page that reads like an order changes no answer", f"{len(rows) + 1} pages are added, and the same "
          "with their words sorted", len(questions), "0 differ between the two, 0 are answered from these pages; "
          f"{len(changed)} differ from those without added pages, as any page changes how rare words are")  # fmt: skip
