"""What `expand` and `review` say to a person at a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.console import Console

if TYPE_CHECKING:
    from assistant.intake import Judged
    from assistant.review import Finding, Review
    from assistant.trial import Lead


def show_judged(console: Console, judged: Sequence[Judged], doubtful: str) -> None:
    """Print a line for each text that is known or in doubt; ``doubtful`` says what became of the latter."""
    for one in judged:
        if one.verdict == "known":
            console.say(f"{one.where}: not taken: {one.reason}: {one.slot.text}")
        elif one.verdict == "doubtful":
            console.say(f"{one.where}: {doubtful} {one.reason}{_evidence(one.lead)}: {one.slot.text}")


def show_review(console: Console, found: Review) -> None:
    """Print a line for each finding, and how many there are of each kind."""
    for finding in found.findings:
        console.say(f"{finding.file}, line {finding.line}: {finding.kind}{_why(finding)}: {finding.text}")
    counts = "; ".join(f"{count} {kind}" for kind, count in found.counts.items())
    console.say(f"{found.rows} rows: {counts or 'nothing to decide'}")


def _why(finding: Finding) -> str:
    if finding.twin:
        twin = finding.twin
        return f" ({twin.file}, line {twin.line}, {twin.alike:.0f} % alike: {twin.text})"
    meant = "" if finding.paragraph is None else f"{finding.entry}, paragraph {finding.paragraph} -> "
    return _evidence(finding.lead, meant)


def _evidence(lead: Lead | None, meant: str = "") -> str:
    if lead is None:
        return ""
    own = "" if lead.own_score is None else f", its own {lead.own_score:.2f}"
    return (
        f" ({meant}{lead.entry}, paragraph {lead.paragraph}: score {lead.score:.2f}{own}, sure {lead.confidence:.2f})"
    )
