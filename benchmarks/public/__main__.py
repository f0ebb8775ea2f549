"""Measure Citewell on public test sets, beside BM25 alone and the encoder alone. Run by `make evaluate-public`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import msgspec

from assistant.console import Console
from assistant.home import default_home
from assistant.testset import Question, read_testset
from benchmarks.public.data import data_folder, index_entries, read_questions
from benchmarks.public.duplicates import measure_duplicates, read_documents, read_pairs
from benchmarks.public.html_faq import measure_pages
from benchmarks.public.records import Results, SetFigures
from benchmarks.public.retrieval import measure_retrieval
from benchmarks.public.tables import show_results
from benchmarks.spans import measure_spans
from index.encoder import Encoder, Precision, load_encoder
from index.errors import IndexUnusable
from index.reader import Index, open_index
from ingest.disk import write_bytes
from ingest.errors import InputError

TESTSET = Path("corpus/testset.jsonl")
SPLIT = "dev"  # the other split has `make evaluate`


def measure(console: Console, encoder: Encoder) -> Results:
    """Measure everything, one set after the other; what goes on is told to ``console``.

    ``encoder`` makes the vectors of the public sets; those of the corpus are made as its index says.
    """
    folder = data_folder()
    console.say("span_policyqa: choosing short answers")
    spans = measure_spans(folder / "span_policyqa", encoder)
    sets = tuple(_measure_set(*each, console) for each in _sets(folder, encoder, console))
    console.say("near_dup_jhu: looking for copies")
    near = folder / "near_dup_jhu"
    copies = measure_duplicates(read_documents(near / "docs.jsonl.gz"), read_pairs(near / "pairs.jsonl"))
    console.say("html_faq: reading pages")
    return Results(sets, copies, spans, measure_pages(folder / "html_faq"))


def _sets(folder: Path, encoder: Encoder, console: Console) -> Iterator[tuple[str, Index, tuple[Question, ...]]]:
    bundled = open_index(default_home())
    yield f"{TESTSET.parent}, {SPLIT} split", bundled, read_testset(TESTSET, bundled, SPLIT)
    for name in ("banking77", "jhu_covidfaq"):
        questions = read_questions(folder / name / "queries.jsonl")
        with tempfile.TemporaryDirectory() as home:
            with console.progress(f"{name}: encoding") as step:
                index = index_entries(folder / name / "entries.jsonl", Path(home), encoder, step.count)
            yield name, index, questions


def _measure_set(name: str, index: Index, questions: tuple[Question, ...], console: Console) -> SetFigures:
    console.say(f"{name}: asking {len(questions)} questions")
    with console.progress(f"{name}: asking", len(questions)) as step:
        return measure_retrieval(name, index, questions, step.count)


def main() -> None:
    """Print the figures; exit with 2 where a set is missing or can not be read, with 3 where there is no index."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.public", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures to this file")
    parser.add_argument("--precision", choices=get_args(Precision), default="fp32", help="of the encoder's weights")
    given = parser.parse_args()
    console = Console(sys.stderr)
    try:
        results = measure(console, load_encoder(precision=given.precision))
        show_results(results, sys.stdout)
        if given.json:
            write_bytes(given.json, msgspec.json.format(msgspec.json.encode(results), indent=2) + b"\n")
    except (InputError, IndexUnusable) as error:
        console.say(f"evaluate-public: {error}")
        sys.exit(3 if isinstance(error, IndexUnusable) else 2)


if __name__ == "__main__":
    main()
