"""What `citewell build` says before it changes anything: the plan, counts first, and what looks wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from assistant.console import Console
from assistant.text import count
from ingest.overrides import TABLES, label

if TYPE_CHECKING:
    from assistant.compare import Change
    from assistant.rehearsal import Rehearsal
    from index.records import Manifest
    from index.store import Standing
    from ingest.alarms import Alarm
    from ingest.overrides import Override, Reviewed
    from ingest.plan import Dangling, Moved, Plan
    from ingest.records import Refreshed

SHOWN = 20  # of each kind of change; all of it is what version control shows of entries.jsonl afterwards
LINES = 5  # of a file, that are named for one entry
HOW = {"id": "asks otherwise", "page": "on another page", "heading": "under another heading"}


def show_plan(console: Console, plan: Plan) -> None:
    """Print what a build would change: how much of each, then each by name, at most some twenty of a kind."""
    console.say(f"{plan.after} entries ({plan.counts} since the last build)")
    _show(console, len(plan.added), (f"added: {entry.id}" for entry in plan.added))
    changed = ("\n    ".join((f"changed: {change.id}", *change.diff)) for change in plan.changed)
    _show(console, len(plan.changed), changed)
    _show(console, len(plan.removed), (f"removed: {entry.id}" for entry in plan.removed))
    told = [move for move in plan.moved if move.how in HOW]
    _show(console, len(told), (_say_moved(move) for move in told))
    if others := len(plan.moved) - len(told):
        console.say(f"moved: {others} stand elsewhere on their page, or have other copies")
    _show(console, len(plan.dangling), (_say_dangling(each) for each in plan.dangling))


def show_alarms(console: Console, alarms: Sequence[Alarm]) -> None:
    """Print what looks wrong."""
    for alarm in alarms:
        console.say(f"alarm: {alarm.text}")


def show_overrides(console: Console, reviewed: Reviewed) -> None:
    """Print how many overrides are in force, each that has expired, and each that soon will; nothing of none."""
    kept = reviewed.in_force
    told = ", ".join(count(len(rows), name) for name in TABLES if (rows := getattr(kept, name)))
    if told or reviewed.expired:
        console.say(f"overrides in force: {told or 'none'}")
    _show(console, len(reviewed.expired), (_say_expired(row) for row in reviewed.expired))
    ending = (f"override ends soon: {label(row)}, on {row.expires} ({row.reason})" for row in reviewed.ending)
    _show(console, len(reviewed.ending), ending)


def show_standing(console: Console, plan: Plan) -> None:
    """Print what changes for those who ask, where the index in use is not of the last build."""
    console.say(f"the index in use is of other entries than the last build wrote; beside it, {plan.counts}")


def say_refused(alarms: Sequence[Alarm], plan: Plan, refreshed: Refreshed | None) -> str:
    """Return the one line that ends a build which stops at ``alarms``: what was not done, and how to have it done."""
    pages = ""
    if refreshed is not None:
        pages = (
            f"put {len(refreshed.files)} fetched pages in place, delete {len(refreshed.removed)} that are gone, "
            "keep what is stored of those that did not come, "
        )
    noun = "alarm" if len(alarms) == 1 else "alarms"
    return (
        f"citewell: stopped at {len(alarms)} {noun}, nothing was changed. Look at the pages; where they are wrong, try "
        "again once they are mended; if they are right, run the same command with --accept: it would "
        f"{pages}write {plan.after} entries ({plan.counts}), and use them"
    )


def show_rehearsal(console: Console, rehearsal: Rehearsal) -> None:
    """Print how the new index does on the test set beside the current one."""
    left = f", {rehearsal.left_out} left out as their entries are in one of the two only" if rehearsal.left_out else ""
    console.say(
        f"test set, {rehearsal.questions} questions{left}: hit@1 {_say_change(rehearsal.hit_1)}; answered rightly "
        f"{_say_change(rehearsal.answered_rightly)}; out of scope not answered {_say_change(rehearsal.kept_silent)}"
    )


def show_rollback(console: Console, standing: Standing, replaced: Manifest | None) -> None:
    """Print which generation answers again, and what differs."""
    now = standing.manifest
    console.say(f"{standing.name} answers again: {_say_counts(now)}")
    if replaced:
        console.say(
            f"instead of {replaced.content[:16]}: {_say_counts(replaced)}; to return to it, roll back once more"
        )
    console.say("the corpus folder is as it was: the next build brings the change again, unless the sources change")


def _say_counts(manifest: Manifest) -> str:
    return f"{manifest.entries} entries, {manifest.views} views, {manifest.unanswered} unanswered questions"


def _say_change(change: Change | None) -> str:
    from assistant.console_evaluation import show_change

    return show_change(change)


def _say_moved(move: Moved) -> str:
    if move.how == "id":
        return f"moved: {move.before} is now {move.after}, it {HOW['id']}: {move.was!r}, now {move.now!r}"
    return f"moved: {move.after} {HOW[move.how]}: {move.was or 'none'}, now {move.now or 'none'}"


def _say_dangling(each: Dangling) -> str:
    lines = ", ".join(map(str, each.lines[:LINES])) + (" ..." if len(each.lines) > LINES else "")
    if each.paragraph is not None:
        return (
            f"{each.file} names paragraph {each.paragraph} of {each.entry!r}, which it has not (line {lines}): "
            "name another there, or null for the whole entry, or drop the rows"
        )
    step = f"write {each.now!r} there" if each.now else "name another entry there, or drop the rows"
    return f"{each.file} names {each.entry!r}, which is no entry any more (line {lines}): {step}"


def _say_expired(row: Override) -> str:
    return f"override expired on {row.expires}, not applied: {label(row)} ({row.reason}); renew or remove it"


def _show(console: Console, total: int, lines: Iterable[str]) -> None:
    for line in islice(lines, SHOWN):
        console.say(line)
    if total > SHOWN:
        console.say(f"... and {total - SHOWN} more")
