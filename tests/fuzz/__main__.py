"""Feed targets with bytes, in a process whose memory and time are limited.

    python -m tests.fuzz [TARGET ...] --cases N      what hypothesis draws; the same cases every time, unless --new
    python -m tests.fuzz [TARGET ...] --seconds N    what atheris finds, so long for each, led by what runs

Prints what became of the cases as a line of JSON for each target. A case that breaks a promise is kept in the folder
--crashes: put it into tests/data/fuzz/TARGET/, and every run of the tests tries it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import resource
import subprocess
import sys
import time
import traceback
import warnings
from collections import Counter
from pathlib import Path
from typing import NoReturn

# Of the processor for one case, most of which take milliseconds: the worst page that is read takes some 20 s.
SECONDS = 60
# Bytes beyond what the process has when it starts: as much as a reader of office files may take.
MEMORY = 1024**3


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("targets", nargs="*")
    how = parser.add_mutually_exclusive_group(required=True)
    how.add_argument("--cases", type=int)
    how.add_argument("--seconds", type=int)
    parser.add_argument("--new", action="store_true", help="other cases every time")
    parser.add_argument("--crashes", type=Path, default=Path("reports/crashes"))
    given = parser.parse_args()
    logging.disable()
    warnings.simplefilter("ignore")
    given.crashes.mkdir(parents=True, exist_ok=True)
    if given.seconds and len(given.targets) == 1:
        explore(given.targets[0], given.seconds, given.crashes)
    from tests.fuzz.library import library
    from tests.fuzz.targets import TARGETS

    if given.seconds:
        again = [sys.executable, "-m", "tests.fuzz", "--seconds", str(given.seconds), "--crashes", str(given.crashes)]
        ended = [subprocess.run([*again, name], check=False).returncode for name in given.targets or TARGETS]
        sys.exit(any(ended))
    library()
    limit_memory()
    for name in given.targets or TARGETS:
        draw(name, given.cases, given.new, given.crashes)


def limit_memory() -> None:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def draw(name: str, cases: int, new: bool, crashes: Path) -> None:
    """Feed a target with so many cases of hypothesis's; one that fails is made as small as can be, and kept."""
    from hypothesis import HealthCheck, Phase, given, settings

    from tests.fuzz.seeds import bytes_for
    from tests.fuzz.targets import feed

    told: Counter[str] = Counter()
    failing, last = [b""], crashes / f"{name}-last"

    @settings(
        max_examples=cases,
        deadline=None,
        derandomize=not new,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    @given(bytes_for(name))
    def one(raw: bytes) -> None:
        last.write_bytes(raw)  # the limit of time ends the process
        resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + SECONDS + 1, resource.RLIM_INFINITY))
        try:
            told[feed(name, raw)] += 1
        except BaseException:
            failing[0] = raw
            raise

    started = time.process_time()
    try:
        one()
    except Exception as error:
        kept = crashes / f"{name}-{hashlib.sha256(failing[0]).hexdigest()[:8]}"
        kept.write_bytes(failing[0])
        error.__notes__ = []  # the bytes, spelt out
        traceback.print_exception(error)
        sys.exit(f"kept {kept}")
    last.unlink(missing_ok=True)
    told_of = {"target": name, **told, "seconds": round(time.process_time() - started, 1)}
    sys.stdout.write(json.dumps(told_of) + "\n")
    sys.stdout.flush()


def explore(name: str, seconds: int, crashes: Path) -> NoReturn:
    """Feed a target for so long with what runs lines that nothing ran before. Ends the process."""
    import atheris

    with atheris.instrument_imports(include=["ingest", "index", "assistant", "mammoth", "pypdf", "openpyxl"]):
        from tests.fuzz.library import library
        from tests.fuzz.seeds import TOKENS, seeds_of
        from tests.fuzz.targets import feed
    library()
    found, words = crashes.parent / "fuzz" / name, crashes.parent / "fuzz" / f"{name}.dict"
    found.mkdir(parents=True, exist_ok=True)
    for seed in seeds_of(name):
        (found / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)
    words.write_text("\n".join(f'"{quoted(token)}"' for token in TOKENS[name]), "utf-8")
    options = [
        f"-max_total_time={seconds}", f"-timeout={SECONDS}", f"-rss_limit_mb={2 * MEMORY // 1024**2}",
        "-max_len=20000", f"-dict={words}", f"-artifact_prefix={crashes}/{name}-", "-print_final_stats=1",
    ]  # fmt: skip
    atheris.Setup([sys.argv[0], *options, str(found)], lambda raw: feed(name, raw) and None)
    atheris.Fuzz()
    sys.exit(0)


def quoted(token: str) -> str:
    """A word as dictionaries of libFuzzer have it."""
    return "".join(f"\\x{byte:02x}" for byte in token.encode("utf-8", "surrogatepass"))


if __name__ == "__main__":
    main()
