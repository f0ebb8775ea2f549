"""`citewell index`, watched: `python -m benchmarks.speed.indexing OPTION ...`, with the options of the command.

Prints what it encoded and how long each step took, as JSON, for whoever started this. The command imports what it needs
when it needs it; here that is imported before, so that there is something to watch.
"""

from __future__ import annotations

import sys
from typing import Any

import msgspec
from msgspec import Struct

from benchmarks.speed.parts import Part, Share, watch

READING, ENCODING = "reading the rows", "encoding"


class Indexed(Struct, frozen=True):
    """What one build took."""

    encoded: int  # texts
    steps: tuple[Share, ...]

    @property
    def library(self) -> float:
        """Seconds from the material to the index that answers: all but starting, reading and telling."""
        return sum(step.seconds for step in self.steps if step.name != READING)


def main() -> None:
    """Run the command as the shell does."""
    import assistant.refusal
    import index.build
    import ingest.entries
    from assistant.cli import main as citewell
    from index.encoder import SentenceEncoder

    parts = (
        *(Part(READING, ingest.entries, name) for name in ("read_ready_made", "read_alternates", "read_unanswered")),
        Part("looking for changes", index.build, "find_current"),
        Part("looking for changes", index.build, "find_rows"),
        Part("making the model ready", SentenceEncoder, "prepare"),
        Part(ENCODING, SentenceEncoder, "encode"),
        Part("writing texts", index.build, "write_texts"),
        Part("writing the encoder's vectors", index.build, "write_encoded"),
        Part("writing words", index.build, "write_words"),
        Part("finding families", index.build, "find_families"),
        Part("learning to adapt", index.build, "learn_adapter"),
        Part("writing vectors to search by", index.build, "write_vectors"),
        Part("learning when to refuse", assistant.refusal, "calibrate"),
        Part("sealing and publishing", index.build, "seal"),
        Part("sealing and publishing", index.build, "publish_index"),
        Part("all else", index.build, "prepare_index"),
    )
    encoded = [0]
    plain = index.build.write_encoded

    def write_encoded(*args: Any) -> Any:
        vectors, encoded[0] = plain(*args)
        return vectors, encoded[0]

    sys.argv[1:1] = ["index"]
    index.build.write_encoded = write_encoded
    try:
        with watch(parts) as watching:
            citewell()
    except SystemExit as ended:
        if ended.code:
            raise
    finally:
        index.build.write_encoded = plain
    print(msgspec.json.encode(Indexed(encoded[0], watching.shares)).decode())


if __name__ == "__main__":
    main()
