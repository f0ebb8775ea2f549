"""Where the index and the corpus live, unless a command says otherwise."""

from __future__ import annotations

import os
from pathlib import Path


def default_home() -> Path:
    """Return ``$CITEWELL_HOME``, or ``.citewell`` in the current folder."""
    return Path(os.environ.get("CITEWELL_HOME") or ".citewell")


def default_corpus() -> Path:
    """Return ``$CITEWELL_CORPUS``, or ``corpus`` in the current folder."""
    return Path(os.environ.get("CITEWELL_CORPUS") or "corpus")
