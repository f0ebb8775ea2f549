"""What the documents say is so: commands parse, targets, files and names exist."""

from __future__ import annotations

import re
import shlex
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest
import typer

from assistant.cli import app

ROOT = Path(__file__).parent.parent
DUTIES = [ROOT / "docs" / f"{name}.md" for name in ("transparency-record", "accessibility", "privacy", "dpia")]
DOCUMENTS = sorted([*ROOT.glob("*.md"), ROOT / "corpus" / "README.md", ROOT / "docs/deploy/README.md", *DUTIES])
TEXT = "\n".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)
COMMANDS = sorted(set(re.findall(r"(?:\.venv/bin/|`)citewell ([a-z][^`\n|]*)", TEXT)))
TARGETS = sorted(set(re.findall(r"(?:^|`|; )make ([\w-]+)", TEXT, re.MULTILINE)))
FILES = sorted(set(re.findall(r"`((?:ingest|index|assistant|corpus|tests|benchmarks)/[\w./]*)`", TEXT)))
LINKS = sorted({(path, link) for path in DOCUMENTS for link in re.findall(r"\]\(([^)#]+)\)", path.read_text("utf-8"))})


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_parse(command: str) -> None:
    group = typer.main.get_command(app)
    name, *arguments = shlex.split(command.split("#")[0])
    group.get_command(None, name).make_context(name, arguments)  # type: ignore[attr-defined, arg-type]


@pytest.mark.parametrize("target", TARGETS)
def test_targets_exist(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


@pytest.mark.parametrize("name", FILES)
def test_files_exist(name: str) -> None:
    assert (ROOT / name).exists()


@pytest.mark.parametrize(("path", "link"), LINKS)
def test_links_lead_somewhere(path: Path, link: str) -> None:
    assert link.startswith("https://") or (path.parent / link).exists()


def test_the_questions_of_a_newcomer_are_answered_truly() -> None:
    rows = re.findall(r"^\| .*\? \| `([\w/]+\.py)`(.*)\|$", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.MULTILINE)
    assert len(rows) == 25
    for name, rest in rows:
        source = (ROOT / name).read_text("utf-8")
        for symbol in re.findall(r"`(\w+)`", rest):
            assert re.search(rf"^(?:def |class )?{symbol}\b", source, re.MULTILINE), (name, symbol)


PACKAGES = ["ingest", "index", "assistant", "assistant/gaps", "assistant/redaction", "benchmarks/public",
            "benchmarks/ablation", "benchmarks/speed"]  # fmt: skip


@pytest.mark.parametrize("package", PACKAGES)
def test_the_map_of_a_package_names_every_module(package: str) -> None:
    names = re.findall(r"^ *([\w*]+)(?:\.py)? ", (ROOT / package / "__init__.py").read_text("utf-8"), re.MULTILINE)
    modules = {path.stem for path in (ROOT / package).glob("*.py")} - {"__init__", "__main__"}
    patterns = [name for name in names if not name.startswith("app*")]  # the app's modules are named one by one
    assert not [module for module in modules if not any(fnmatch(module, name) for name in patterns)]


def test_every_module_but_the_apps_is_kept_from_streamlit() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    [named] = [
        contract["source_modules"] for contract in contracts if "streamlit" in contract.get("forbidden_modules", ())
    ]
    modules = {f"assistant.{path.stem}" for path in (ROOT / "assistant").glob("*.py") if path.stem != "__init__"}
    packages = {"ingest", "index", "assistant.gaps", "assistant.redaction"}
    assert {module for module in modules if not module.startswith("assistant.app")} == set(named) - packages
