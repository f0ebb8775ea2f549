"""What the commands say to a person at a terminal. Pages' text is shown as data: no markup, no control characters."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import msgspec
from rich import progress as bars
from rich.console import Console as Terminal
from rich.table import Table
from rich.text import Text

from assistant.records import Answer, Clarification, Outcome

if TYPE_CHECKING:
    from assistant.evaluation import Evaluation, Figure
    from index.build import Built as BuiltIndex
    from index.search import Index
    from ingest.build import Built as BuiltEntries
    from ingest.records import Entry


class Step:
    """A progress bar for one step of a command."""

    def __init__(self, bar: bars.Progress, task: bars.TaskID) -> None:
        self._bar, self._task = bar, task

    def count(self, done: int, total: int) -> None:
        """Show that ``done`` of ``total`` are done."""
        self._bar.update(self._task, completed=done, total=total)

    def begin(self, title: str) -> None:
        """Go on to another step, of unknown length."""
        self._bar.reset(self._task, description=title, total=None)

    def name(self, item: str) -> None:
        """Show that one more is done, by its name."""
        self._bar.update(self._task, advance=1, description=item)


class _Terminal(Terminal):
    def on_broken_pipe(self) -> None:
        """Stop without a complaint: whoever read the output has had enough."""
        try:
            super().on_broken_pipe()
        except SystemExit:
            raise SystemExit(0) from None


class Console:
    """Prints to one stream, plain where it is not a terminal."""

    def __init__(self, stream: TextIO) -> None:
        wide = None if stream.isatty() else 160  # columns; what is read by another program is not to be folded
        self._terminal = _Terminal(file=stream, markup=False, highlight=False, emoji=False, soft_wrap=True, width=wide)

    def say(self, text: str) -> None:
        """Print ``text``."""
        self._terminal.print(Text(printable(text)))

    @contextmanager
    def progress(self, title: str, total: int | None = None) -> Iterator[Step]:
        """Show a progress bar while the block runs; nothing where the stream is not a terminal."""
        columns = (bars.TextColumn("{task.description}", markup=False), bars.BarColumn(), bars.MofNCompleteColumn())
        with bars.Progress(
            *columns, console=self._terminal, transient=True, disable=not self._terminal.is_terminal
        ) as bar:
            yield Step(bar, bar.add_task(title, total=total))

    def show_entries(self, made: BuiltEntries, before: Sequence[Entry]) -> None:
        """Print what a build took from each page, merged, left unanswered, and how it differs from ``before``."""
        report = made.report
        pages = Table("page", "form", "entries", "merged copies", "unanswered", box=None, pad_edge=False)
        for page in report.pages:
            pages.add_row(page.capture, page.form, str(page.entries), str(page.merged), str(page.unanswered))
        self._terminal.print(pages)
        for copy in report.merged:
            answer = "question only" if copy.answer_score is None else f"answer {copy.answer_score:.2f}"
            place = f"{copy.capture}:{copy.start}-{copy.end}"
            self.say(f"merged: {place} into {copy.entry} (question {copy.question_score:.2f}, {answer})")
        for question in report.unanswered:
            self.say(f"unanswered: {question.question} ({question.capture})")
        for pair in report.differing:
            self.say(
                f"differs: {pair.question} in {' and '.join(pair.captures)} (answers {pair.answer_score:.2f} alike)"
            )
        self.say(f"dropped: {len(report.dropped)} pieces that are no content, listed with reasons in report.json")
        self._show_changes(made.entries, before)

    def _show_changes(self, entries: Sequence[Entry], before: Sequence[Entry]) -> None:
        old, new = {entry.id: entry for entry in before}, {entry.id: entry for entry in entries}
        changes = {
            "added": [name for name in new if name not in old],
            "changed": [name for name in new if name in old and new[name] != old[name]],
            "removed": [name for name in old if name not in new],
        }
        for change, names in changes.items():
            for name in names:
                self.say(f"{change}: {name}")
        counts = ", ".join(f"{len(names)} {change}" for change, names in changes.items())
        self.say(f"{len(entries)} entries ({counts} since the last build)")

    def show_index(self, built: BuiltIndex, home: Path) -> None:
        """Print what became of the index."""
        if built.generation is None:
            self.say(f"index: nothing changed, nothing encoded; {home} stays as it is")
        else:
            self.say(
                f"index: {built.encoded} texts encoded, {built.reused} reused; {home} answers from {built.generation}"
            )

    def show_outcome(self, outcome: Outcome, index: Index) -> None:
        """Print an answer with its citations, a choice, or a refusal."""
        if outcome.evidence.read_as != " ".join(outcome.question.split()):
            self.say(f"Read as: {outcome.evidence.read_as}\n")
        if isinstance(outcome, Answer):
            for line, citation in zip(outcome.text.split("\n"), outcome.citations, strict=True):
                self.say(f"{line} [{citation.number}]")
            self.say(f"\nIn answer to: {outcome.entry.question}")
            for citation in outcome.citations:
                dated = f", {citation.date}" if citation.date else ""
                self.say(
                    f"[{citation.number}] {citation.title}{dated} ({citation.capture}:{citation.start}-{citation.end})"
                )
                if citation.link:
                    self.say(f"    {citation.link}")
            heading = "Related:"
        elif isinstance(outcome, Clarification):
            heading = "The pages may answer this under one of these:"
        else:
            self.say("The pages do not answer this.")
            if index.corpus.contact:
                self.say(f"You can ask {index.corpus.contact}")
            heading = "Closest questions:"
        if outcome.suggestions:
            self.say(f"\n{heading}")
        for suggestion in outcome.suggestions:
            self.say(f"  - {suggestion.question}")

    def show_evaluation(self, result: Evaluation) -> None:
        """Print the figures of an evaluation, a line for each kind and one overall."""
        table = Table("kind", "n", "hit@1", "hit@3", "MRR@10", "nDCG@10", box=None, pad_edge=False)
        for row in (*result.kinds, result.overall):
            cells = (row.hit_1, row.hit_3, row.mrr_10, row.ndcg_10)
            table.add_row(row.kind, str(row.questions), *(figure(cell) for cell in cells))
        self._terminal.print(table)
        refusal = Table("out of scope", "n", "AUROC", "answered", box=None, pad_edge=False)
        for kind in result.refusal:
            refusal.add_row(kind.kind, str(kind.questions), figure(kind.auroc), figure(kind.answered))
        if result.refusal:
            self._terminal.print(refusal)
        scope = result.in_scope
        self.say(
            f"in scope: answered rightly {figure(scope.right)}, wrongly {figure(scope.wrong)}, "
            f"asked back {figure(scope.clarified)}, refused {figure(scope.refused)}"
        )
        self.say(f"right of what was answered: {figure(result.precision)}")
        self.say(f"citations that verify: {result.citations_verified} of {result.citations}")
        self.say(f"latency: p50 {result.p50_ms:.1f} ms, p95 {result.p95_ms:.1f} ms")


def write_json(record: Any) -> None:
    """Print a record as one line of JSON on standard output, at once."""
    try:
        sys.stdout.buffer.write(msgspec.json.encode(record) + b"\n")
        sys.stdout.buffer.flush()
    except BrokenPipeError:  # whoever read the output has had enough; what is left must not complain at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None


def figure(value: Figure | None) -> str:
    """Return a figure with its 95 % interval, as text."""
    return "–" if value is None else f"{value.value:.3f} [{value.low:.3f}, {value.high:.3f}]"


def printable(text: str) -> str:
    """Return ``text`` without characters that a terminal would obey; line breaks stay."""
    return "".join(c if c.isprintable() or c == "\n" else " " for c in text)
