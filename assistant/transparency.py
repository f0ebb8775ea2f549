"""The index that answers and its last evaluation -> an algorithmic transparency record, in Markdown.

The prose is in `transparency.md`, with a name for each fact; every fact comes from the manifest, the corpus, the rules
of refusal or the run. What only an organisation can say stays a blank: "[organisation: ...]".
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from string import Template

from assistant.refusal import ANSWER_FROM, CLARIFY_FROM, read_judge
from assistant.runs import Run
from assistant.sharing import escape
from assistant.text import count, long_date
from assistant.transparency_figures import figures, measured, risks, rows
from index.encoder import DEFAULT_MODEL, OFFICIAL_FILES
from index.reader import Index
from index.records import Manifest
from ingest.records import Overrides, Questions, Source

BLANK = "[organisation:"  # how what an organisation has to fill in begins
_TEMPLATE = Path(__file__).with_name("transparency.md")


def record(index: Index, run: Run | None) -> str:
    """Return the record of ``index``. ``run`` is the evaluation that its figures are of; None: none was kept."""
    return Template(_TEMPLATE.read_text("utf-8")).substitute(
        _facts(index),
        **_model(index.manifest),
        **risks(run),
        judge=_judge(index),
        sources=_sources(index),
        measured=measured(run, index.folder.name),
        figures=figures(run) if run else "",
    )


def _facts(index: Index) -> dict[str, str]:
    manifest, corpus = index.manifest, index.corpus
    views = Counter(view.kind for view in index.views)
    return {
        "corpus": escape(corpus.name),
        "contact": f"Those can be sent to {escape(corpus.contact)}." if corpus.contact else "",
        "generation": index.folder.name,
        "schema": str(manifest.schema),
        "content": manifest.content,
        "entries": count(manifest.entries, "entry", "entries"),
        "answers": str(index.answers),
        "paragraphs": count(len(index.passages), "paragraph"),
        "pages": count(len(index.captures), "stored page"),
        "captured": _captured(corpus.source),
        "views": ", ".join(count(number, kind) for kind, number in views.items()),
        "unanswered": str(manifest.unanswered),
        "overrides": _overrides(index.overrides),
        "kept": _kept(corpus.questions),
        "answer_from": str(ANSWER_FROM),
        "clarify_from": str(CLARIFY_FROM),
    }


def _captured(sources: tuple[Source, ...]) -> str:
    days = sorted(source.fetched for source in sources if source.fetched)
    unknown = len(sources) - len(days)
    told = [f"captured from {long_date(days[0])} to {long_date(days[-1])}"] if days else []
    return "; ".join([*told, *([f"the day of capture is not recorded for {unknown}"] if unknown else [])])


def _overrides(overrides: Overrides) -> str:
    return (
        f"{count(len(overrides.pin), 'pin')}, {count(len(overrides.alternate), 'wording')}, "
        f"{count(len(overrides.synonym), 'synonym')}, {count(len(overrides.block), 'blocked entry', 'blocked entries')}"
    )


def _kept(settings: Questions) -> str:
    if not settings.log:
        return "Not kept. Whether an answer helped is kept when somebody says so, without the question"
    return f"Kept for {count(settings.keep_days, 'day')}, personal data taken out before they are written"


def _model(manifest: Manifest) -> dict[str, str]:
    default = manifest.model == DEFAULT_MODEL
    official = manifest.model_sha256 == OFFICIAL_FILES["model.safetensors"]
    return {
        # A folder is told by its name alone: where it lies is nobody's business.
        "model": Path(manifest.model).name if Path(manifest.model).is_dir() else manifest.model,
        "dimension": str(manifest.dimension),
        "precision": manifest.precision,
        "weights": f"SHA-256 `{manifest.model_sha256}`"
        + (", of the official release's `model.safetensors`" if official else ", as the manifest names them"),
        "origin": "sentence-transformers, Apache-2.0; the files are checked against the official release"
        if default
        else f"{BLANK} who made the model, its licence, and what it was trained on]",
        "adapted": "The vectors are adapted to the corpus by a linear map, learned from its own wordings"
        if manifest.adapted
        else "None: the vectors are the model's own",
    }


def _judge(index: Index) -> str:
    judge = read_judge(index)
    features = f"Logistic regression over {count(len(judge.features), 'feature')}"
    if judge.tested is None:
        return f"{features}, with weights learned on other corpora: this one has too few wordings to learn from"
    return (
        f"{features}, learned from {judge.tested.examples} of the corpus's own questions; right and wrong are told "
        f"apart with AUROC {judge.tested.auroc:.3f} (cross-validated)"
    )


def _sources(index: Index) -> str:
    """A table of what is declared: the pages of a site or folder are one source."""
    pages: dict[str, list[Source]] = {}
    for source in index.corpus.source:
        pages.setdefault(source.part_of or source.title, []).append(source)
    return rows(
        ("Source", "Publisher", "Licence", "Pages", "Entries"),
        (
            (
                *(escape(text) or "–" for text in (title, of[0].publisher, of[0].licence)),
                *map(str, (len(of), len(index.published.get(title, ())))),
            )
            for title, of in pages.items()
        ),
    )
