"""What `citewell explain` says to a person at a terminal."""

from __future__ import annotations

from assistant.console import Console
from assistant.explain import EntryMatch, Explanation, Judgement, Sentence, ViewMatch


def show_explanation(console: Console, told: Explanation) -> None:
    """Print how the question was read, what was found and why, and what became of it."""
    console.say(f"read as: {told.read_as}")
    console.say(
        f"outcome: {told.outcome}, at a confidence of {told.confidence:.3f} "
        f"(answered from {told.answer_from:.2f}, asked back from {told.clarify_from:.2f})"
    )
    if told.pinned:
        console.say(f"pinned to these words, whatever follows, by the corpus's overrides: {told.pinned}")
    if told.published:
        console.say("one of the pages' own questions: answered by its entry, whatever follows")
    if not told.judgement:
        console.say("There is no word in it to look for.")
        return
    _show_entries(console, told.entries)
    _show_judgement(console, told.judgement)
    if told.unanswered:
        console.say("\nNearest questions that the pages are known not to answer")
        console.table(("meaning", "kind", "text"), ((f"{n.meaning:.3f}", n.kind, n.text) for n in told.unanswered))
    if told.sentences:
        console.say("\nThe short answer, within the paragraphs that it was taken from")
        console.table(("quoted", "paragraph", "meaning", "keywords", "text"), map(_sentence, told.sentences))


def _show_entries(console: Console, entries: tuple[EntryMatch, ...]) -> None:
    console.say("\nThe entries that come nearest: meaning and keywords, each by its wordings and by its closest view")
    console.table(
        ("score", "meaning: wordings", "closest", "keywords: wordings", "closest", "entry"),
        (
            (
                f"{entry.score:.3f}",
                f"{entry.meaning.wording:.3f}",
                f"{entry.meaning.closest:.3f}",
                f"{entry.keywords.wording:.3f}",
                f"{entry.keywords.closest:.3f}",
                entry.id,
            )
            for entry in entries
        ),
    )
    for entry in entries:
        console.say(f"\nThe closest views of {entry.id}")
        console.table(("meaning", "keywords", "words", "view", "text"), map(_view, entry.views))


def _view(view: ViewMatch) -> tuple[str, ...]:
    words = ", ".join(f"{word.stem} {word.weight:.3f}" for word in view.words) or "–"
    place = view.kind if view.paragraph is None else f"{view.kind} of paragraph {view.paragraph}"
    return f"{view.meaning:.3f}", f"{view.keywords:.3f}", words, place, view.text


def _show_judgement(console: Console, judged: Judgement) -> None:
    console.say("\nHow sure that the first entry answers: what each feature adds, in log-odds")
    console.table(
        ("feature", "value", "weight", "adds"),
        (
            *((c.feature, f"{c.value:.3f}", f"{c.weight:+.3f}", f"{c.log_odds:+.3f}") for c in judged.contributions),
            ("to begin with", "", "", f"{judged.bias:+.3f}"),
            ("together", "", "", f"{judged.log_odds:+.3f}"),
        ),
    )


def _sentence(sentence: Sentence) -> tuple[str, ...]:
    scores = ("–" if score is None else f"{score:.3f}" for score in (sentence.meaning, sentence.keywords))
    return "yes" if sentence.quoted else "no", str(sentence.paragraph), *scores, sentence.text
