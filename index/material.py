"""What an index is made from, and a fingerprint of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec

from index import passages, sentences
from index.encoder import Encoder
from index.store import SCHEMA
from ingest import spans
from ingest.entries import ReadyMade
from ingest.extract import lines
from ingest.overrides import FILE, NONE, find_quote, leave_out
from ingest.records import Alternate, Corpus, Entry, Overrides, Report, Unanswered
from ingest.sameness import letters_of


@dataclass(frozen=True)
class Material:
    """Everything that an index is made from."""

    corpus: Corpus
    entries: Sequence[Entry]
    captures: Mapping[str, str]  # path -> text
    alternates: tuple[Alternate, ...] = ()
    unanswered: tuple[Unanswered, ...] = ()
    report: Report | None = None
    overrides: Overrides = NONE  # those in force, which `overridden` has done to all the rest
    adapt: bool = True  # learn an adapter
    rules: str = ""  # what the calibration depends on beside all this: an index made by other rules is made anew

    @classmethod
    def of_ready_made(cls, ready: ReadyMade) -> Material:
        """Return what ready-made entries bring by themselves."""
        capture = ready.capture
        corpus = Corpus(Path(capture.source.title).stem, (capture.source,))
        return cls(corpus, ready.entries, {capture.path: capture.text})

    def overridden(self, overrides: Overrides) -> Material:
        """Return this with ``overrides`` in force: blocked entries are left out, other wordings added.

        The question of a pin is one, of the paragraph that it quotes, so that like questions find it too.
        """
        if overrides == NONE:
            return self
        entries = leave_out(self.entries, overrides.blocked)
        own = tuple(row for row in self.alternates if row.entry not in overrides.blocked)
        answers = {entry.id: entry.answer for entry in entries}
        added = [(row.entry, row.paragraph, row.text) for row in overrides.alternate]
        for pin in overrides.pin:
            place = find_quote(pin.quote, answers[pin.entry])
            added.append((pin.entry, place[0] if place else None, pin.question))
        # What stands there already would count twice.
        new = {(row[0], letters_of(row[2])): row for row in added}
        ids = {row[0] for row in added}
        named = {entry.id: entry for entry in entries if entry.id in ids}
        known = {(id_, letters_of(text)) for id_, each in named.items() for text in (each.question, *each.alternates)}
        known |= {(row.entry, letters_of(row.text)) for row in own if row.entry in named}
        rows = (Alternate(*row, by=FILE, reviewed=True) for key, row in new.items() if key not in known)
        return replace(self, entries=entries, alternates=(*own, *rows), overrides=overrides)

    @cached_property
    def wordings(self) -> dict[str, list[Alternate]]:
        """The alternates of each entry, by its id."""
        wordings: dict[str, list[Alternate]] = {}
        for alternate in self.alternates:
            wordings.setdefault(alternate.entry, []).append(alternate)
        return wordings

    @property
    def splitter(self) -> str:
        """A SHA-256 over the rules by which answers are cut into passages and sentences."""
        return _digest(_code([sentences.__file__, passages.__file__, spans.__file__]))

    def lessons(self, encoder: Encoder) -> str:
        """Return a SHA-256 over the rules by which an index of this is made, whatever it is made of."""
        code = _code([*sorted(Path(__file__).parent.glob("*.py")), spans.__file__, lines.__file__])
        packages = [version(name) for name in ("PyStemmer", "pyspellchecker")]
        return _digest([SCHEMA, encoder.name, encoder.fingerprint, self.adapt, self.rules, code, packages])

    def fingerprint(self, encoder: Encoder) -> str:
        """Return a SHA-256 that changes with everything that an index is made from, and with the code that makes it.

        Not with the day on which a page was fetched: the same pages, fetched again, make the same index.
        """
        return _digest([self.lessons(encoder), self._content])

    @cached_property
    def _content(self) -> str:
        return _digest(self._parts())

    def _parts(self) -> Iterator[Any]:
        undated = tuple(msgspec.structs.replace(source, fetched=None) for source in self.corpus.source)
        yield msgspec.structs.replace(self.corpus, source=undated)
        for rows in (self.entries, sorted(self.captures.items()), self.alternates, self.unanswered):
            yield len(rows)
            yield from rows
        yield self.report
        yield self.overrides


def _code(modules: Sequence[str | Path]) -> list[str]:
    return [Path(module).read_text(encoding="utf-8") for module in modules]


def _digest(parts: Any) -> str:
    digest, encoder = hashlib.sha256(), msgspec.json.Encoder()
    for part in parts:
        digest.update(encoder.encode(part))
        digest.update(b"\n")
    return digest.hexdigest()
