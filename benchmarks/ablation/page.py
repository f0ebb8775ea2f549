"""Figures -> docs/ablation.md. Differences are a variant minus Citewell as shipped, in bold where beyond chance."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.figures import Figure, auroc, auroc_of, mean_of, show
from assistant.testset import Question
from benchmarks.ablation.curves import Point
from benchmarks.ablation.refusal import SHIPPED, Confidences
from benchmarks.public.refusal import auroc_lead
from benchmarks.public.retrieval import Values

HIT, RANK = 0, 2  # columns of Values
NOTHING = "–"  # the set has nothing that the variant changes
PLOT = "learning-curve.svg"


@dataclass(frozen=True)
class Retrieved:
    """What each variant gave for one set; None where it changes nothing."""

    name: str
    questions: tuple[Question, ...]  # in scope
    shipped: Values
    removed: Mapping[str, Values | None]
    tried: Mapping[str, Values | None]


@dataclass(frozen=True)
class Refused:
    """The confidence of each variant, the shipped one first, for the questions of one set."""

    inside: NDArray[np.bool_]  # (questions,)
    kinds: Mapping[str, NDArray[np.bool_]]  # out of scope: (questions,) of each
    variants: Mapping[str, Confidences]


INTRODUCTION = """\
# What each piece is worth

Made by `make ablation`; do not edit. Each row is the product's own code with exactly one thing changed. The first row
says what Citewell gives as shipped, every other by how much the change moves it: 95 % intervals are paired bootstraps
over questions (2,000 resamples, seeded), **bold** where they leave out 0: of a hundred, some five do so by chance.
{nothing}: the set has nothing to change.

Questions of the `dev` split chose these pieces, so the figures are no promise; the `test` split is never read here.
"""

REMOVED_TEXT = """\
*No alternates*: index and adapter are made without them. *No paragraph (sentence) views*: they are hidden from the
search. *No families*: each of BANKING77's five questions an intent is an entry of its own; its one paragraph is the
intent's name. *From 0 to 1*, *standardised*: each measure over the entries that one search found, before adding.
*Learned weights*: logistic regression on alternates left out of their own search.
"""

TRIED_TEXT = """\
*Whitened vectors*: centred and ZCA-whitened with Ledoit and Wolf's shrinkage, fitted on the views, the adapter learned
on top. *Character 4-grams*: their BM25 as a fifth and sixth measure, at full weight, or sharing that of the words.
*Acronyms*: those that the pages explain in brackets, expanded both ways in the question. *Late interaction*: MaxSim of
the same model's token states, the best of ten views of each of the first five entries, added to the score. *Long
messages*: of more than 30 words, asked whole and sentence by sentence; the best score counts.
"""

REFUSAL_TEXT = """\
All questions of the `dev` split. AUROC: in scope against one kind out of scope. ECE: expected calibration error of the
confidence, 0 is best, without an interval (`assistant/calibration.py`). The refusal is learned anew for each row.
"""

CURVES_TEXT = """\
Index, adapter and refusal made with a share of the rows: the mean of {draws} seeded draws for hit@1, {few} for AUROC.
"""

ADAPTATION = """\
## Adaptation

Measured once, and not by this command. The AUROC of BANKING77 is against near questions out of scope.

| BANKING77, without keywords | hit@1 | AUROC of the best cosine | time on one core |
|---|---|---|---|
| encoder as it is | 0.810 | 0.817 | |
| **linear adapter** | 0.824 | 0.854 | under 1 s |
| last two layers fine-tuned | 0.819 | 0.844 | 117 s |
| all layers fine-tuned, 5 epochs | 0.829 | 0.842 | 187 s |

| bundled, `dev` (290 questions at that time), with keywords | hit@1 | AUROC of the two main scores |
|---|---|---|
| encoder as it is | 0.948 | 0.973 |
| **linear adapter** | 0.952 | 0.982 |
| last two layers fine-tuned | 0.959 | 0.952 |
| both | 0.962 | 0.978 |

On the bundled corpus fine-tuning took 170 steps of 32 pairs, 506 s on two busy cores, and all 12,000 texts had to be
encoded anew. It gains at most one point of hit@1 over the linear adapter, and refuses no better: the adapter is the
default, and fine-tuning is not shipped.
"""


def render(sets: Sequence[Retrieved], refused: Refused, curves: Sequence[Point], draws: tuple[int, int]) -> str:
    """Return the page; the kinds of question are those of the first set."""
    return "\n".join(
        [
            INTRODUCTION.format(nothing=NOTHING),
            "## In short: hit@1 beyond chance\n",
            *_verdicts(sets),
            "\n## Retrieval: hit@1\n",
            *_retrieval(sets, HIT),
            f"\n{REMOVED_TEXT}\n{TRIED_TEXT}",
            "## Retrieval: MRR@10\n",
            *_retrieval(sets, RANK),
            f"\n## Kinds of question: hit@1, {sets[0].name}\n",
            *_kinds(sets[0]),
            f"\n## Refusal: {sets[0].name}\n\n{REFUSAL_TEXT}",
            *_refusal(refused),
            f"\n## Learning curves: {sets[0].name}\n\n{CURVES_TEXT.format(draws=draws[0], few=draws[1])}",
            *_curves(curves),
            f"\n![The same figures as lines]({PLOT})\n",
            ADAPTATION,
        ]
    )


def _verdicts(sets: Sequence[Retrieved]) -> list[str]:
    """A line for each variant that moves hit@1 beyond chance on some set, and one for all the others."""
    lines, still = [], []
    for pick in PARTS.values():
        for name in pick(sets[0]):
            moved = [(each, _lead(pick(each)[name], each.shipped, HIT)) for each in sets]
            beyond = [f"{each.name} {_number(lead.value)}" for each, lead in moved if lead and _is_beyond(lead)]
            if beyond:
                lines.append(f"- *{name}*: {', '.join(beyond)}")
            else:
                still.append(name)
    return [*lines, f"- nothing beyond chance: *{', '.join(still)}*"]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return ["| " + " | ".join(cells) + " |" for cells in lines]


def _retrieval(sets: Sequence[Retrieved], column: int) -> list[str]:
    shipped = [show(mean_of(each.shipped[:, column].tolist())) for each in sets]
    rows = [[SHIPPED, *shipped]]
    for title, pick in PARTS.items():
        rows.append([f"*{title}*", *[""] * len(sets)])
        rows += [
            [name, *(_difference(pick(each)[name], each.shipped, column) for each in sets)] for name in pick(sets[0])
        ]
    return _table(["", *(f"{each.name} ({len(each.questions)})" for each in sets)], rows)


PARTS: dict[str, Callable[[Retrieved], Mapping[str, Values | None]]] = {
    "taken out, or done otherwise": lambda each: each.removed,
    "tried, and left out": lambda each: each.tried,
}


def _kinds(each: Retrieved) -> list[str]:
    kinds = {kind: _of_kind(each, kind) for kind in dict.fromkeys(question.kind for question in each.questions)}
    rows = [[SHIPPED, *(show(mean_of(each.shipped[chosen, HIT].tolist())) for chosen in kinds.values())]]
    for name, values in {**each.removed, **each.tried}.items():
        if values is not None:
            cells = (_difference(values[chosen], each.shipped[chosen], HIT) for chosen in kinds.values())
            rows.append([name, *cells])
    return _table(["", *(f"{kind} ({chosen.sum()})" for kind, chosen in kinds.items())], rows)


def _of_kind(each: Retrieved, kind: str) -> NDArray[np.bool_]:
    return np.array([question.kind == kind for question in each.questions])


def _difference(values: Values | None, shipped: Values, column: int) -> str:
    if values is not None and np.array_equal(values[:, column], shipped[:, column]):
        return "0"
    figure = _lead(values, shipped, column)
    return NOTHING if figure is None else _signed(figure)


def _lead(values: Values | None, shipped: Values, column: int) -> Figure | None:
    return None if values is None else mean_of((values[:, column] - shipped[:, column]).tolist(), lowest=-1.0)


def _signed(figure: Figure) -> str:
    text = f"{_number(figure.value)} [{_number(figure.low)}, {_number(figure.high)}]"
    return f"**{text}**" if _is_beyond(figure) else text


def _is_beyond(figure: Figure) -> bool:
    return figure.low > 0 or figure.high < 0


def _number(value: float) -> str:
    return f"{value:+.3f}".replace("-", "−")


def _refusal(refused: Refused) -> list[str]:
    shipped = refused.variants[SHIPPED].values
    head = ["", *(cell for kind in refused.kinds for cell in (f"AUROC, {kind}", "difference")), "ECE"]
    rows = []
    for name, confidences in refused.variants.items():
        cells = [cell for kind in refused.kinds.values() for cell in _told(refused, confidences.values, shipped, kind)]
        rows.append([name, *cells, NOTHING if confidences.ece is None else f"{confidences.ece:.3f}"])
    return _table(head, rows)


def _told(
    refused: Refused, values: NDArray[np.float64], shipped: NDArray[np.float64], kind: NDArray[np.bool_]
) -> Iterator[str]:
    """The AUROC of one kind, and its difference to the shipped one's."""
    inside, outside = values[refused.inside], values[kind]
    if values is shipped:
        yield show(auroc_of(inside.tolist(), outside.tolist()))
        yield ""
    else:
        both = np.column_stack([values, shipped])
        yield f"{auroc(inside, outside):.3f}"
        yield _signed(auroc_lead(both[refused.inside], both[kind]))


def _curves(points: Sequence[Point]) -> list[str]:
    shares = sorted({point.share for point in points})
    values = {(point.rows, point.measure, point.share): f"{point.value:.3f}" for point in points}
    names = dict.fromkeys((point.rows, point.measure) for point in points)
    rows = [
        [f"{measure}, by {rows}", *(values.get((rows, measure, share), "") for share in shares)]
        for rows, measure in names
    ]
    return _table(["", *(f"{share:.0%}" for share in shares)], rows)
