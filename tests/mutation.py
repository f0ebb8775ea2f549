"""What came of the mutants: reads what `mutmut run` left, and writes the tables of docs/mutation.md.

    python -m tests.mutation

Each survivor is a row; what is said of it there is kept. Ends with 1 where a part has fewer killed than it must, or a
survivor is not explained.
"""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

PAGE = Path("docs/mutation.md")
LEAST = 0.85  # share of the mutants of each part that the tests must notice
# Together what `only_mutate` of pyproject.toml names.
PARTS = {
    "publish": ("index.publish", "index.store", "ingest.disk"),
    "guard": ("ingest.fetch.guard", "ingest.fetch.networks"),
    "render": ("assistant.markup", "assistant.text"),
    "refusal": ("assistant.refusal",),
}
NOTICED = {"killed", "timeout"}  # a test failed, or ran on and on
COUNTS = "| Part | Module | Mutants | Killed | Survived | Share killed |\n| --- | --- | ---: | ---: | ---: | ---: |"
SURVIVORS = "| Function | Line | became | Why no test notices |\n| --- | --- | --- | --- |"
UNSAID = "?"


class Mutant(NamedTuple):
    """One change of one function, and what came of it."""

    name: str  # ingest.disk.x_check_target__mutmut_1
    status: str

    @property
    def module(self) -> str:
        return self.name.rpartition(".")[0]

    @property
    def noticed(self) -> bool:
        return self.status in NOTICED


def read_mutants() -> list[Mutant]:
    """All mutants of the last run."""
    rows = (line.strip().rpartition(": ") for line in run_mutmut("results", "--all", "True").splitlines())
    return [Mutant(name, status) for name, _, status in rows]


def run_mutmut(*arguments: str) -> str:
    command = [sys.executable, "-m", "mutmut", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def count(mutants: list[Mutant]) -> tuple[list[str], bool]:
    """The rows of the table of counts, and whether enough were killed in each part."""
    rows, enough = [], True
    for part, modules in PARTS.items():
        all_of, killed_of = Counter[str](), Counter[str]()
        for mutant in mutants:
            all_of[mutant.module] += 1
            killed_of[mutant.module] += mutant.noticed
        total, killed = (sum(counts[module] for module in modules) for counts in (all_of, killed_of))
        rows += [count_row("", module, all_of[module], killed_of[module]) for module in modules if len(modules) > 1]
        rows.append(count_row(f"**{part}**", modules[0] if len(modules) == 1 else "all", total, killed))
        enough &= total > 0 and killed / total >= LEAST
    return rows, enough


def count_row(part: str, module: str, total: int, killed: int) -> str:
    return f"| {part} | {module} | {total} | {killed} | {total - killed} | {killed / total:.1%} |"


def name_survivor(mutant: Mutant) -> str:
    """The cells that name a survivor: its function, the line, and what became of it."""
    changed = [line for line in run_mutmut("show", mutant.name).splitlines() if line[:3] not in {"---", "+++"}]
    lines = (" ".join(line[1:].strip() for line in changed if line[0:1] == sign) for sign in "-+")
    function = mutant.name.split("__mutmut_")[0].replace(".x_", ".").replace(".xǁ", ".").replace("ǁ", ".")
    cells = (f"`` {line} ``".replace("|", "\\|") for line in lines)
    return " | ".join([f"| {function}", *cells])


def rows_of(page: str, head: str) -> list[str]:
    """The rows of the table with that head."""
    return list(takewhile(lambda line: line.startswith("|"), page.split(f"{head}\n")[1].splitlines()))


def put_rows(page: str, head: str, rows: list[str]) -> str:
    """The page with other rows in that table."""
    before, after = page.split(f"{head}\n")
    kept = after.splitlines()[len(rows_of(page, head)) :]
    return before + "\n".join([head, *rows, *kept, ""])


def main() -> None:
    mutants, page = read_mutants(), PAGE.read_text("utf-8")
    known = dict(row.removesuffix(" |").rsplit(" | ", 1) for row in rows_of(page, SURVIVORS))
    names = sorted({name_survivor(mutant) for mutant in mutants if not mutant.noticed})
    rows = [f"{name} | {known.get(name, UNSAID)} |" for name in names]
    counts, enough = count(mutants)
    PAGE.write_text(put_rows(put_rows(page, COUNTS, counts), SURVIVORS, rows), "utf-8")
    unsaid = sum(row.endswith(f" {UNSAID} |") for row in rows)
    print("\n".join([COUNTS, *counts]))  # noqa: T201
    print(f"survivors that {PAGE} does not explain: {unsaid}")  # noqa: T201
    sys.exit(0 if enough and not unsaid else 1)


if __name__ == "__main__":
    main()
