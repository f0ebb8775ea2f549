"""What the commands say to a person at a terminal. Pages' text is shown as data: no markup, no control characters."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from assistant.cli_shared import close_quietly
from assistant.provenance import warnings
from assistant.records import Answer, Clarification, Outcome

if TYPE_CHECKING:
    from rich import progress as bars

    from assistant.refusal import Judge
    from index.build import Prepared
    from index.reader import Index
    from ingest.records import Difference, Refreshed, Reply


OUTCOMES = ("fetched", "unchanged", "refused", "deferred", "failed", "gone")
SHOWN = 3  # addresses for each reason
LISTED = 30  # lines of one kind that a person reads; the others stand in the file that is named
TELLING = 0.75  # AUROC; below it, one wrong answer in four would look better than a right one


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


class Console:
    """Prints to one stream, plain where it is not a terminal. Lines alone, such as an answer, do not wait for rich."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    @cached_property
    def _terminal(self) -> Any:
        from rich.console import Console as Terminal

        wide = None if self._stream.isatty() else 160  # columns; what is read by another program is not to be folded
        return Terminal(file=self._stream, markup=False, highlight=False, emoji=False, soft_wrap=True, width=wide)

    def say(self, text: str) -> None:
        """Print ``text``; end the command where nobody reads any more."""
        with close_quietly(self._stream):
            print(printable(text), file=self._stream, flush=True)

    def table(self, names: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Print a table: the names of its columns, and a cell for each in every row."""
        from rich.table import Table
        from rich.text import Text

        table = Table(*names, box=None, pad_edge=False)
        for row in rows:
            table.add_row(*(Text(printable(cell)) for cell in row))
        with self._terminal.capture() as drawn:
            self._terminal.print(table)
        self.say(drawn.get().rstrip("\n"))

    def say_first(self, what: str, lines: Iterable[str], total: int, file: str = "report.json") -> None:
        """Print the first of ``lines``, and how many of the ``total`` follow in ``file``."""
        for line in islice(lines, LISTED):
            self.say(line)
        if total > LISTED:
            self.say(f"{what}: and {total - LISTED} more, listed in {file}")

    @contextmanager
    def progress(self, title: str, total: int | None = None) -> Iterator[Step]:
        """Show a progress bar while the block runs; nothing where the stream is not a terminal."""
        from rich import progress as bars

        columns = (bars.TextColumn("{task.description}", markup=False), bars.BarColumn(), bars.MofNCompleteColumn())
        with bars.Progress(
            *columns, console=self._terminal, transient=True, disable=not self._terminal.is_terminal
        ) as bar:
            yield Step(bar, bar.add_task(title, total=total))

    def show_refreshed(self, refreshed: Refreshed, listed: Path) -> None:
        """Print what became of the addresses of each source; ``listed`` is where each of them stands."""
        for visited in refreshed.visited:
            counts = Counter[str](reply.outcome for reply in visited.replies)
            self.say(f"{visited.source}: {', '.join(f'{counts[name]} {name}' for name in OUTCOMES)}")
            why = defaultdict(list)
            for reply in visited.replies:
                if reply.reason:
                    why[reply.outcome, reply.reason.partition(": ")[0]].append(reply)
            reasons = (_say_reason(outcome, reason, replies) for (outcome, reason), replies in why.items())
            self.say_first("  other reasons", reasons, len(why), listed.name)
            for note in visited.notes:
                self.say(f"  {note}")
        if not refreshed.visited:
            self.say("no source has an address to fetch; the stored captures are used")
        else:
            self.say(f"each address with what became of it: {listed}")

    def show_unchanged(self, home: Path) -> None:
        """Print that the index stays as it is."""
        self.say(f"index: nothing changed, nothing encoded; {home} stays as it is")

    def show_index(self, made: Prepared, judge: Judge, home: Path, generation: str) -> None:
        """Print what a new index is made of, and how well it can tell what it answers."""
        adapted = "vectors adapted to the corpus; " if made.index.adapter else ""
        self.say(
            f"index: {made.encoded} texts encoded, {made.reused} reused; {adapted}{home} answers from {generation}"
        )
        if judge.tested is None:
            self.say(
                "refusal: general rules decide when not to answer, and will answer some questions that only come near "
                "the pages; `citewell expand` helps to write the questions to learn from"
            )
            return
        self.say(
            f"refusal: learned from {judge.tested.examples} of the corpus's own questions; "
            f"right and wrong are told apart with AUROC {judge.tested.auroc:.3f} (cross-validated)"
        )
        if judge.tested.auroc < TELLING:
            self.say(
                "refusal: what the pages answer and what they do not can hardly be told apart; run `citewell review`"
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
            for warning in warnings(outcome, index):
                self.say(f"\nTake care: {warning}")
            for conflict in outcome.conflicts:
                rival = index.entry(conflict.entry)
                self.say(
                    f"\nAnother page answers this differently: {conflict.source}{tell(conflict.differences, ': ')}"
                )
                if rival:
                    place = rival.occurrences[0]
                    self.say(f"    {place.url or f'{place.capture}:{place.start}-{place.end}'}")
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


def _say_reason(outcome: str, reason: str, replies: Sequence[Reply]) -> str:
    first = ", ".join(reply.url for reply in replies[:SHOWN])
    more = f" and {len(replies) - SHOWN} more" if len(replies) > SHOWN else ""
    return f"  {outcome}: {replies[0].reason if len(replies) == 1 else reason}: {first}{more}"


def tell(differences: Sequence[Difference], lead: str) -> str:
    """What differs, after ``lead``; nothing where nothing is known to."""
    told = "; ".join(each.text for each in differences)
    return lead + told if told else ""


def printable(text: str) -> str:
    """Return ``text`` without characters that a terminal would obey; line breaks stay."""
    return "".join(c if c.isprintable() or c == "\n" else " " for c in text)
