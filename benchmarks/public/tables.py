"""Figures -> what is printed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import TextIO

from rich.console import Console
from rich.table import Table

from assistant.figures import Figure, show
from benchmarks.public.baselines import FUSION
from benchmarks.public.records import Duplicates, FaqPage, Ranks, Results, SetFigures
from benchmarks.spans import Spans

LOSES = "  LOSES"  # the whole interval of Citewell's lead lies below 0
MEASURES: tuple[Callable[[Ranks], Figure], ...] = (attrgetter("hit_1"), attrgetter("hit_5"), attrgetter("mrr_10"))


def show_results(results: Results, stream: TextIO) -> None:
    """Print all figures of one run, a table for each kind of set."""
    wide = None if stream.isatty() else 160  # columns; what is read by another program is not to be folded
    console = Console(file=stream, markup=False, highlight=False, emoji=False, width=wide)
    console.print("In brackets, 95 % bootstrap intervals. LOSES: the whole interval of the difference lies below 0.")
    for table in (_retrieval(results.sets), _refusal(results.sets), _scope(results.sets)):
        console.print("", table)
    console.print(
        "banking77 has five questions to an answer and learns from them alone when to refuse; jhu_covidfaq has one and "
        "is judged by weights that were fitted on it among others (assistant/refusal.py)."
    )
    console.print("", _duplicates(results.duplicates))
    console.print("Precision counts pairs within one source; a true pair without a label counts as wrong.")
    console.print("", _spans(results.spans))
    console.print("", faq_pages(results.pages))
    for page in results.pages:
        for shortfall in page.shortfalls:
            console.print(f"{page.page}: {shortfall}")


def _table(*columns: str) -> Table:
    return Table(*columns, box=None, pad_edge=False)


def _retrieval(sets: Sequence[SetFigures]) -> Table:
    table = _table("retrieval", "hit@1", "hit@5", "MRR@10")
    for each in sets:
        table.add_row(f"{each.name}: {each.in_scope} questions, {each.entries} entries")
        for row in each.methods:
            table.add_row(f"  {row.method}", *(show(value(row)) for value in MEASURES))
        single = [row for row in each.leads if row.method != FUSION]
        both = [row for row in each.leads if row.method == FUSION]
        for name, rows in (("the better single", single), (FUSION, both)):
            least = (min(map(value, rows), key=attrgetter("value")) for value in MEASURES)  # against the best of them
            table.add_row(f"  Citewell minus {name}", *map(lead, least))
    return table


def _refusal(sets: Sequence[SetFigures]) -> Table:
    table = _table(
        "out of scope", "kind", "n", "AUROC of Citewell", "of the best cosine", "difference", "answered all the same"
    )
    for each in sets:
        for row in each.refusal.kinds if each.refusal else ():
            own = row.confidence
            cells = (show(own.auroc), show(row.auroc_cosine), lead(row.lead), show(own.answered))
            table.add_row(each.name, own.kind, str(own.questions), *cells)
    return table


def _scope(sets: Sequence[SetFigures]) -> Table:
    table = _table("in scope", "answered rightly", "answered wrongly", "asked back", "refused", "calibration error")
    for each in sets:
        if each.refusal:
            scope = each.refusal.in_scope
            cells = (scope.right, scope.wrong, scope.clarified, scope.refused)
            table.add_row(each.name, *(show(cell) for cell in cells), f"{each.refusal.ece:.3f}")
    return table


def _duplicates(rows: Sequence[Duplicates]) -> Table:
    kinds = [f"recall, {found.kind} ({found.pairs})" for found in rows[0].kinds] if rows else []
    table = _table("near_dup_jhu", *kinds, "precision", "F1", "not labelled", "across sources")
    for row in rows:
        shares = ("–" if share is None else f"{share:.3f}" for share in (row.precision, row.f1))
        recalls = (show(found.recall) for found in row.kinds)
        table.add_row(row.method, *recalls, *shares, str(row.unlabelled), str(row.elsewhere))
    return table


def _spans(spans: Spans) -> Table:
    table = _table(
        f"span_policyqa: {spans.questions} questions", "contains the answer", "token F1", "words", "share shown"
    )
    for row in spans.rows:
        table.add_row(row.method, show(row.contains), show(row.f1), f"{row.words:.1f}", f"{row.share:.2f}")
    return table


def faq_pages(pages: Sequence[FaqPage]) -> Table:
    """A row for each page, and one for all."""
    table = _table("html_faq", "markup", "questions", "found", "false", "answer starts right", "answer whole")
    for page in pages:
        counts = (page.questions, page.found, page.false, page.starts, page.whole)
        table.add_row(page.page, page.kind, *map(str, counts))
    asked, found, false, starts, whole = (
        sum(map(attrgetter(name), pages)) for name in ("questions", "found", "false", "starts", "whole")
    )
    if found:
        shares = (f"recall {found / asked:.3f}", f"precision {found / (found + false):.3f}")
        table.add_row("all", "", str(asked), *shares, f"{starts / found:.3f}", f"{whole / found:.3f}")
    return table


def lead(value: Figure) -> str:
    """Return a difference as text, marked where it is a loss beyond chance."""
    return f"{value.value:+.3f} [{value.low:+.3f}, {value.high:+.3f}]{LOSES if value.high < 0 else ''}"
