"""The vocabulary of ingest: what a page is, and what an entry is.

Offsets are always characters (not bytes) into the text of a capture, start inclusive, end exclusive.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Literal

from msgspec import Struct

# How the text of a capture is set: each form has its module in ``extract``.
Form = Literal["html", "markdown", "plain", "flat"]


# faq: only questions are entries; prose: titled sections are entries too; auto: sections where a page has no question.
Kind = Literal["faq", "prose", "auto"]


class Source(Struct, frozen=True, forbid_unknown_fields=True):
    """A page that the corpus is read from."""

    title: str
    capture: str  # path of the stored bytes, relative to the corpus folder: "pages/..."
    kind: Kind
    publisher: str
    licence: str
    url: str | None = None  # None: the address was not recorded
    fetched: str | None = None  # YYYY-MM-DD, when it was captured; None: not recorded
    named: bool = True  # in sources.toml itself; a page that a crawl or a folder gave may be of no use, and is reported
    part_of: str | None = None  # the title of the declared site or folder that gave the page


class Topic(Struct, frozen=True, forbid_unknown_fields=True):
    """What some entries are about: those whose question has one of the ``words``, in whatever form."""

    name: str
    words: tuple[str, ...]  # each a word, or several that the question must all have
    examples: tuple[str, ...] = ()  # questions that the app offers under this name


class Freshness(Struct, frozen=True, forbid_unknown_fields=True):
    """What a maintainer says of pages from before a day: that the law has changed since, for example."""

    before: date
    say: str


class Questions(Struct, frozen=True, forbid_unknown_fields=True):
    """What becomes of the questions that people ask."""

    log: bool = False  # whether they are kept at all
    keep_days: int = 90  # 1 to 3650; older ones are purged


class Corpus(Struct, frozen=True, forbid_unknown_fields=True):
    """The pages of a corpus, and what the app says of it."""

    name: str
    source: tuple[Source, ...]
    contact: str | None = None  # an e-mail address that takes the questions which the pages do not answer
    examples: tuple[str, ...] = ()  # questions that the app offers on its empty page, beside those of the topics
    topic: tuple[Topic, ...] = ()
    freshness: tuple[Freshness, ...] = ()
    questions: Questions = Questions()


class Declared(Struct, frozen=True, forbid_unknown_fields=True):
    """One ``[[source]]`` of ``sources.toml``: a page, the pages of a web site, or the files of a folder.

    A page has ``url`` or ``capture`` or both, a site has ``site``, a folder of files has ``folder``.
    """

    title: str
    publisher: str
    licence: str = ""
    kind: Kind = "auto"
    url: str | None = None
    capture: str | None = None
    site: str | None = None  # the address where the crawl starts; pages under its folder belong to the site
    sitemap: str | None = None  # where the site lists its pages, if not where robots.txt says
    include: tuple[str, ...] = ()  # patterns of paths ("/help/*"); without any, the folder of ``site``
    exclude: tuple[str, ...] = ()
    depth: int = 3  # links from the start to a page
    pages: int = 500  # at most so many are fetched
    folder: str | None = None  # "pages/...": HTML, text, Markdown, PDF, DOCX, CSV, JSONL and XLSX files


class Described(Struct, frozen=True, forbid_unknown_fields=True):
    """The whole of ``sources.toml``."""

    name: str
    source: tuple[Declared, ...]
    contact: str | None = None
    examples: tuple[str, ...] = ()
    topic: tuple[Topic, ...] = ()
    freshness: tuple[Freshness, ...] = ()
    questions: Questions = Questions()


class Stored(Struct, frozen=True, forbid_unknown_fields=True):
    """A row of ``captures.jsonl``: where and when the bytes of a capture were fetched, and what the server said."""

    capture: str
    source: str  # the title of the declared source
    url: str  # as asked for: in canonical form
    final: str  # the address that answered, after redirects
    fetched: str  # YYYY-MM-DDTHH:MM:SSZ, when these bytes came; that they are still the page's changes nothing here
    sha256: str  # of the bytes
    title: str | None = None  # of the page
    content_type: str | None = None
    etag: str | None = None
    last_modified: str | None = None


class Reply(Struct, frozen=True):
    """What became of one request for a page. Nothing is raised for a page that does not come."""

    outcome: Literal["fetched", "unchanged", "gone", "refused", "deferred", "failed"]
    url: str  # as asked for: in canonical form
    final: str  # the address that answered, after redirects, in canonical form
    reason: str = ""  # one line for the report; empty for what was fetched or is unchanged
    body: bytes = b""  # what is to be stored; only of what was fetched
    content_type: str | None = None
    etag: str | None = None
    last_modified: str | None = None


class Visited(Struct, frozen=True):
    """What a refresh found of one declared source."""

    source: str  # its title
    replies: tuple[Reply, ...]  # without their bodies, in the order of the requests; a page that was not taken says why
    notes: tuple[str, ...] = ()  # what else a maintainer should know: a budget that was used up, a broken sitemap


class Refreshed(Struct, frozen=True):
    """What a refresh came to. Nothing of it is in place until it is adopted (``ingest.fetch.store.adopt``)."""

    visited: tuple[Visited, ...] = ()
    rows: tuple[Stored, ...] = ()  # all of captures.jsonl, as it is to be
    files: Mapping[str, Path] = {}  # new bytes by their capture: where they lie until then
    removed: tuple[str, ...] = ()  # captures that are to go: their pages are gone, or no longer belong to the source


class Pair(Struct, frozen=True):
    """A question and its answer that markup or a table of questions ties together, as spans of the capture's text."""

    question: tuple[int, int]
    answer: tuple[int, int]  # may hold further pairs: what is theirs is not this answer's
    method: str  # the kind of markup: "details", "json-ld", "table" ...


class Table(Struct, frozen=True):
    """The rows of a file, or of one sheet of it, as text; they may differ in length."""

    name: str  # of the sheet; empty for a file without sheets
    rows: list[list[str]]


class Rendition(Struct, frozen=True):
    """What a stored file that is not UTF-8 text says, as text that a person can check a quotation against."""

    text: str
    form: Form
    pairs: tuple[Pair, ...] = ()
    dropped: tuple[str, ...] = ()  # what of the file is not in the text, and why: one line each
    main: tuple[tuple[int, int], ...] = ()  # as in ``Capture``
    apart: tuple[tuple[int, int], ...] = ()


class Capture(Struct, frozen=True):
    """The stored bytes of one page, as text.

    ``text`` is the file decoded, byte for byte, for text and Markdown in UTF-8, with its byte order mark if it has one.
    For all else it is the readable rendition, stored beside the page as ``<name>.txt``, and ``path`` names that file:
    spans always point into ``text``.
    """

    source: Source
    path: str
    text: str
    sha256: str  # of the stored bytes of the page itself
    form: Form
    pairs: tuple[Pair, ...] = ()  # in the order of the text
    dropped: tuple[str, ...] = ()  # what of the page is not in the text, and why: one line each
    main: tuple[tuple[int, int], ...] = ()  # spans of the paragraphs that are the page's main text; none: not known
    apart: tuple[tuple[int, int], ...] = ()  # of those in comments, side bars, cookie banners and the like

    @property
    def rendered(self) -> bool:
        """Whether ``text`` is a rendition, to be stored beside the page."""
        return self.path != self.source.capture


class Block(Struct, frozen=True):
    """One piece of a page between two breaks: ``text`` is ``capture.text[start:end]`` with whitespace collapsed."""

    kind: Literal["heading", "paragraph", "item", "quote"]
    text: str  # an item keeps its marker: "• ..." or "1. ..."
    start: int
    end: int
    level: int = 0  # of a marked heading, 1 (the page's title) to 8 (a line in bold); 0: guessed, or no heading


class Occurrence(Struct, frozen=True):
    """Where an entry was found. ``score`` (0 to 1) is how much of the entry's text stands there."""

    source: str  # the title of the source
    url: str | None
    capture: str
    start: int
    end: int
    heading: str | None
    date: str | None  # YYYY-MM-DD, when the page itself dates the text
    # How it was extracted. By markup: "microdata", "details", "accordion", "definitions", "tables", "docbook",
    # "repeated" (siblings built alike), "headings", "numbered" (list items), "bold" (also "Q:" and "A:"), "paragraphs",
    # "json-ld" (its words). By the form of the page: "plain", "markdown", "flat", "html" for titled passages.
    # And "aligned" (a copy in text without structure), "question only", "ready-made".
    method: str
    score: float


DifferenceKind = Literal["date", "money", "number", "duty", "words"]


class Difference(Struct, frozen=True):
    """What two answers say in one place: each side verbatim but for white space, cut when long, empty for nothing."""

    kind: DifferenceKind  # duty: must, may, not and the like
    here: str
    there: str

    @property
    def text(self) -> str:
        """Both sides as a reader is told: 5 % here, 10 % there."""
        quote = "“{}”" if self.kind in ("duty", "words") else "{}"
        here, there = (quote.format(side) if side else "nothing" for side in (self.here, self.there))
        return f"{here} here, {there} there"


class Conflict(Struct, frozen=True):
    """Another entry that answers the same question differently."""

    entry: str
    source: str  # the title of the page that it was taken from
    question_score: float  # how alike the two are (0 to 1)
    answer_score: float
    differences: tuple[Difference, ...]  # here: the entry that has the conflict; there: the other


class Entry(Struct, frozen=True, omit_defaults=True):
    """One question with its answer, or a titled prose passage. The first occurrence is where its text is from."""

    id: str  # readable slug of the question
    kind: Literal["qa", "prose"]
    question: str  # for prose its title
    answer: tuple[str, ...]  # paragraphs; a list item keeps its marker ("• ", "1. ")
    alternates: tuple[str, ...]  # other wordings of the question that the pages themselves use
    occurrences: tuple[Occurrence, ...]
    conflicts: tuple[Conflict, ...] = ()  # on disk only where there are some


class Alternate(Struct, frozen=True, forbid_unknown_fields=True):
    """A row of ``alternates.jsonl``: another wording of what a paragraph, or the entry as a whole, answers."""

    entry: str
    paragraph: int | None  # position in ``Entry.answer``, from 0; None: the whole entry
    text: str
    by: str
    reviewed: bool


class Unanswered(Struct, frozen=True, forbid_unknown_fields=True):
    """A row of ``unanswered.jsonl``: what people ask that the pages do not answer."""

    text: str
    kind: Literal["near", "far", "talk"]
    by: str
    reviewed: bool


class Pin(Struct, frozen=True, forbid_unknown_fields=True):
    """A ``[[pin]]`` of ``overrides.toml``: asked this question, the answer is these words of the entry."""

    question: str
    entry: str
    quote: str  # words of one paragraph of the entry's answer, verbatim but for white space
    reason: str
    expires: date  # as for all overrides, the last day on which it holds


class Added(Struct, frozen=True, forbid_unknown_fields=True):
    """An ``[[alternate]]`` of ``overrides.toml``: what `Alternate` is, for a time."""

    text: str
    entry: str
    reason: str
    expires: date
    paragraph: int | None = None  # position in ``Entry.answer``, from 0; None: the whole entry


class Synonym(Struct, frozen=True, forbid_unknown_fields=True):
    """A ``[[synonym]]`` of ``overrides.toml``: people say ``says`` where the pages say ``means``."""

    says: str
    means: str
    reason: str
    expires: date


class Blocked(Struct, frozen=True, forbid_unknown_fields=True):
    """A ``[[block]]`` of ``overrides.toml``: this entry is not answered, suggested or listed."""

    entry: str
    reason: str
    expires: date


class Overrides(Struct, frozen=True, forbid_unknown_fields=True):
    """The whole of ``overrides.toml``: what a maintainer has decided over the pages."""

    pin: tuple[Pin, ...] = ()
    alternate: tuple[Added, ...] = ()
    synonym: tuple[Synonym, ...] = ()
    block: tuple[Blocked, ...] = ()

    @property
    def blocked(self) -> frozenset[str]:
        """The ids of the entries that are blocked."""
        return frozenset(row.entry for row in self.block)


class Merged(Struct, frozen=True):
    """One line of the report: a copy that became an occurrence of an entry, and how alike the two are (0 to 1)."""

    entry: str
    capture: str
    start: int
    end: int
    into: str  # the capture that the kept text was taken from
    question_score: float
    answer_score: float | None  # None: the copy has the question only
    threshold: float  # of the answer's score; of the question's where the copy has the question only
    why: Literal["copy", "question only", "other question", "aligned"] = "copy"  # other question: with the same answer


class Unresolved(Struct, frozen=True):
    """One line of the report: a question whose answer is not in the capture."""

    question: str
    capture: str
    start: int
    end: int


class Dropped(Struct, frozen=True):
    """One line of the report: text that was not taken, and why."""

    capture: str
    start: int  # as end: 0 for what is not in the capture's text
    end: int
    text: str  # its beginning
    reason: str


class Repeated(Struct, frozen=True):
    """One line of the report: a text that stands on most pages of a declared site or folder."""

    source: str  # the title of the site or folder
    text: str  # its beginning, in small letters
    pages: int  # that it stands on
    of: int  # all pages of the source that could be read
    dropped: bool  # as furniture, where it does not answer a question


class Differing(Struct, frozen=True):
    """One line of the report: two entries with the same question and different answers; both are kept."""

    question: str
    entries: tuple[str, str]
    captures: tuple[str, str]
    answer_score: float
    question_score: float = 1.0
    threshold: float = 0.0  # below this answer's score they differ; at or above it, their facts do
    differences: tuple[Difference, ...] = ()  # here: the first of the entries
    headings: tuple[str, str] | None = None  # what tells the two apart, so that they are no conflict


class Borderline(Struct, frozen=True):
    """One line of the report: two entries that a little more likeness would have made one."""

    entries: tuple[str, str]
    captures: tuple[str, str]
    what: Literal["question", "answer"]  # whose score fell short of the threshold
    score: float
    threshold: float


class Counted(Struct, frozen=True):
    """How many there are of one kind."""

    name: str
    number: int


class PageReport(Struct, frozen=True):
    """One line of the report for each capture: what it gave."""

    capture: str
    source: str
    form: str
    sha256: str
    entries: int  # entries whose text was taken from it
    merged: int
    unanswered: int
    methods: tuple[Counted, ...] = ()  # its entries by how they were extracted, most first
    untaken: tuple[str, ...] = ()  # lines that read like questions and are in no entry, in the order of the page
    dropped: tuple[Counted, ...] = ()  # pieces that are no content by the reason, most first


class Failed(Struct, frozen=True):
    """One line of the report: a page of a site or folder that could not be used, and why."""

    capture: str
    reason: str


class Report(Struct, frozen=True):
    """``report.json``: what a build took, merged, left unanswered and dropped."""

    pages: tuple[PageReport, ...]
    merged: tuple[Merged, ...]
    unanswered: tuple[Unresolved, ...]
    differing: tuple[Differing, ...]
    dropped: tuple[Dropped, ...]
    failed: tuple[Failed, ...] = ()
    borderline: tuple[Borderline, ...] = ()  # the nearest 100
    repeated: tuple[Repeated, ...] = ()
