"""Measure what each piece is worth, and write docs/ablation.md. Run by `make ablation`."""

from __future__ import annotations

import sys
from pathlib import Path

from assistant.console import Console
from benchmarks.ablation.curves import DRAWS, FEW_DRAWS, draw_curves
from benchmarks.ablation.page import PLOT, Refused, Retrieved, render
from benchmarks.ablation.plot import plot_curves
from benchmarks.ablation.ranking import Ranking
from benchmarks.ablation.refusal import inside, kinds_outside, measure_refusal, select
from benchmarks.ablation.removed import REMOVED, Variant
from benchmarks.ablation.sets import Set, read_sets
from benchmarks.ablation.tried import TRIED
from benchmarks.public.retrieval import Values, values_of
from index.errors import IndexUnusable
from ingest.disk import write_bytes
from ingest.errors import InputError

DOCS = Path("docs")


def main() -> None:
    """Write and print the page; exit with 2 where a set is missing, with 3 where there is no index."""
    console = Console(sys.stderr)
    try:
        bundled, *others = read_sets()
        sets = [_retrieve(each, console) for each in (bundled, *others)]
        refused = _refuse(bundled, console)
        console.say(f"{bundled.name}: drawing learning curves")
        curves = list(draw_curves(bundled))
    except (InputError, IndexUnusable) as error:
        console.say(f"ablation: {error}")
        sys.exit(3 if isinstance(error, IndexUnusable) else 2)
    page = render(sets, refused, curves, (DRAWS, FEW_DRAWS))
    write_bytes(DOCS / "ablation.md", page.encode())
    write_bytes(DOCS / PLOT, plot_curves(curves).encode())
    print(page)


def _retrieve(each: Set, console: Console) -> Retrieved:
    def run(name: str, variant: Variant) -> Values | None:
        console.say(f"{each.name}: {name}")
        rankings = variant(each)
        return None if rankings is None else _values(each, rankings)

    return Retrieved(
        name=each.name,
        questions=each.inside,
        shipped=_values(each, each.rankings),
        removed={name: run(name, variant) for name, variant in REMOVED.items()},
        tried={name: run(name, variant) for name, variant in TRIED.items()},
    )


def _values(each: Set, rankings: list[Ranking]) -> Values:
    return values_of(each.inside, [ranking.ids for ranking in rankings])


def _refuse(each: Set, console: Console) -> Refused:
    console.say(f"{each.name}: learning refusals")
    kinds = {kind: select(each, kind) for kind in kinds_outside(each)}
    return Refused(inside(each), kinds, dict(measure_refusal(each)))


if __name__ == "__main__":
    main()
