"""The commands, through the door that people use."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from index.store import SUM, sum_of
from tests.app.conftest import free_port
from tests.assistant.conftest import Run, Shelf, one_line

ROOT = Path(__file__).parent.parent.parent


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; sys.argv = ['citewell', '--help']\n"
        "from assistant.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'faiss', 'streamlit', 'numpy', 'bs4', 'sklearn'}\n"
        "heavy |= {'openai'}\n"
        "sys.exit(f'imported {heavy & set(sys.modules)}' if heavy & set(sys.modules) else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    for command in (
        "build",
        "index",
        "ask",
        "serve",
        "evaluate",
        "explain",
        "make-testset",
        "expand",
        "review",
        "rollback",
    ):
        assert command in done.stdout


@pytest.mark.parametrize(("arguments", "code"), [(["--help"], 0), (["ask"], 2), (["ask", "x", "--home", "nowhere"], 3)])
def test_the_command_ends_with_its_code(arguments: list[str], code: int) -> None:
    command = [sys.executable, "-c", "from assistant.cli import run; run()", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == code
    assert bool(done.stdout) == (code == 0)
    assert bool(done.stderr) == (code != 0)


def test_output_that_can_not_be_written_is_no_success() -> None:
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-c", "from assistant.cli import run; run()", "--help"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False, cwd=ROOT)
    assert done.returncode == 2


@pytest.mark.model
def test_a_build_mends_a_missing_model_though_nothing_changed(run: Run, library: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert run("build", "--corpus", library, "--home", home).code == 0
    shutil.rmtree(home / "models")
    asked = run("ask", "What does a late book cost?", "--home", home)
    assert asked.code == 3
    assert "run `citewell build`" in one_line(asked)
    again = run("build", "--corpus", library, "--home", home)
    assert again.code == 0
    assert "nothing encoded" in again.err
    assert run("ask", "What does a late book cost?", "--home", home).code == 0


@pytest.mark.model
def test_asking_imports_nothing_that_only_a_build_needs(home: Path) -> None:
    code = (
        "import sys\n"
        "from assistant.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'onnx', 'scipy', 'sklearn', 'streamlit', 'bs4'}\n"
        "heavy |= {'rich.progress', 'spellchecker', 'openai'}\n"
        "sys.exit(f'imported {heavy & set(sys.modules)}' if heavy & set(sys.modules) else 0)"
    )
    question = "Who shares the risk of parking permits?"  # of which some words are not on the pages
    command = [sys.executable, "-c", code, "ask", question, "--home", str(home)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert done.stdout


@pytest.mark.model
def test_build_twice_changes_nothing(run: Run, library: Path, tmp_path: Path) -> None:
    first = run("build", "--corpus", library, "--home", tmp_path / "home")
    assert first.code == 0, first.err
    assert "merged: pages/copy.md" in first.err
    assert "into what-do-i-need-to-join" in first.err
    assert "4 added" in first.err
    written = {path: path.read_bytes() for path in library.rglob("*") if path.is_file()}
    second = run("build", "--corpus", library, "--home", tmp_path / "home")
    assert second.code == 0
    assert "0 added, 0 changed, 0 removed" in second.err
    assert "nothing encoded" in second.err
    assert {path: path.read_bytes() for path in library.rglob("*") if path.is_file()} == written


HOSTILE = [
    b"",
    b"   ",
    b"How do you measure social value?",
    b"word " * 2000,
    "🤷‍♀️ 🏛️ social value?".encode(),
    b"\x00\x01\x02\x1b[31mred\x1b[0m\x07 grants",
    b"\xff\xfe\x80 partnership \xc3\x28",
    b'"quotes" and \\ and {"json": 1}',
    "vertical\x0btab\x0cform\u2028line\u2029paragraph\x85next".encode(),
    b"<script>alert(1)</script>",
    b"who won the cup final",
]


@pytest.mark.model
def test_a_line_out_for_each_line_in(run: Run, home: Path) -> None:
    ran = run("ask", "--jsonl", "--home", home, stdin=b"\n".join(HOSTILE) + b"\n")
    assert ran.code == 0, ran.err
    lines = ran.out.split("\n")
    assert lines.pop() == ""
    assert len(lines) == len(HOSTILE)
    for line, question in zip(lines, HOSTILE, strict=True):
        row = json.loads(line)
        assert row["question"] == question.decode(errors="replace")
        assert row["outcome"] in ("answered", "clarify", "refused")
    assert [json.loads(line)["outcome"] for line in lines[:3]] == ["refused", "refused", "answered"]


@pytest.mark.model
def test_the_last_line_needs_no_line_break(run: Run, home: Path) -> None:
    assert run("ask", "--jsonl", "--home", home, stdin=b"one\r\ntwo").out.count("\n") == 2
    assert run("ask", "--jsonl", "--home", home, stdin=b"").out == ""


@pytest.mark.model
def test_asking_once(run: Run, home: Path) -> None:
    row = json.loads(run("ask", "How do you measure social value?", "--json", "--home", home).out)
    assert row["entry"]["id"] == "how-do-you-measure-social-value"
    citation = row["citations"][0]
    page = (ROOT / "corpus" / citation["capture"]).read_bytes().decode()
    assert page[citation["start"] : citation["end"]] == citation["quote"]
    plain = run("ask", "How do you measure social value?", "--home", home)
    assert "[1] Your questions answered" in plain.out
    assert "#:~:text=" in plain.out
    misspelt = run("ask", "how do you mesure social value?", "--home", home)
    assert misspelt.out.startswith("Read as: how do you measure social value?")
    refused = run("ask", "who won the cup final", "--home", home)
    assert refused.code == 0
    assert "The pages do not answer this." in refused.out
    assert "questions@e3m.org.uk" in refused.out


@pytest.mark.model
def test_ready_made_entries(run: Run, tmp_path: Path) -> None:
    entries = tmp_path / "faq.jsonl"
    entries.write_text(
        '{"id": "a", "question": "How do I reset my password?", "answer": "Press the link. It arrives by mail."}\n'
        '{"id": "b", "question": "Where is my parcel?", "answer": ["Look at the tracking page.", "Or ring us."]}\n'
        '{"id": "c", "question": "Can I return shoes?", "answer": "Within 30 days, unworn.", "source": "shop"}\n'
    )
    home = tmp_path / "home"
    assert run("index", "--entries", entries, "--home", home).code == 0
    row = json.loads(run("ask", "where has my parcel got to", "--json", "--home", home).out)
    assert [row["suggestions"][0]["id"] if row["entry"] is None else row["entry"]["id"]] == ["b"]
    testset = tmp_path / "testset.jsonl"
    testset.write_text('{"id": "1", "question": "return my shoes", "relevant": ["c"], "kind": "k"}\n')
    result = json.loads(run("evaluate", testset, "--json", "--home", home).out)
    assert result["overall"]["hit_1"]["value"] == 1.0


@pytest.mark.model
def test_evaluation_gates(run: Run, home: Path, tmp_path: Path) -> None:
    question = "How do you measure social value?"
    row = {"id": "1", "question": question, "relevant": ["i-still-have-questions"], "kind": "k"}
    testset = tmp_path / "testset.jsonl"
    testset.write_text(json.dumps(row) + "\n")
    page = tmp_path / "out" / "report.html"
    ran = run("evaluate", testset, "--home", home, "--fail-under", "0.9", "--report", page)
    assert ran.code == 1
    assert "hit@1 is 0.000; --fail-under asks for 0.9" in ran.err
    assert question in page.read_text(encoding="utf-8")
    assert run("evaluate", testset, "--home", home).code == 0


def break_toml(folder: Path) -> None:
    (folder / "sources.toml").write_text('name = "x"\n[[source]\n')


def drop_capture(folder: Path) -> None:
    (folder / "pages" / "using.txt").unlink()


def empty_capture(folder: Path) -> None:
    (folder / "pages" / "using.txt").write_text(" \n")


def binary_capture(folder: Path) -> None:
    (folder / "pages" / "using.txt").write_bytes(b"\x89PNG\r\n\x00\x00")


def page_without_entries(folder: Path) -> None:
    (folder / "pages" / "using.txt").write_text("Nothing here asks anything.\n\nNor does this.\n")


def bad_alternate(folder: Path) -> None:
    with (folder / "alternates.jsonl").open("a") as file:
        file.write('{"entry": "no-such", "paragraph": 0, "text": "x", "by": "test", "reviewed": true}\n')


def bad_entries(folder: Path) -> None:
    (folder / "entries.jsonl").write_text('{"id": "x"}\n')


BROKEN = [
    (shutil.rmtree, "no corpus folder"),
    (break_toml, "line 2"),
    (drop_capture, "pages/using.txt"),
    (empty_capture, "pages/using.txt"),
    (binary_capture, "pages/using.txt"),
    (page_without_entries, "pages/using.txt"),
    (bad_alternate, "line 11"),
    (bad_entries, "line 1"),
]


@pytest.mark.parametrize(("damage", "named"), BROKEN)
def test_bad_input_is_named_and_nothing_is_written(
    run: Run, library: Path, tmp_path: Path, damage: Callable[[Path], None], named: str
) -> None:
    damage(library)
    before = {path: path.read_bytes() for path in library.rglob("*") if path.is_file()}
    ran = run("build", "--corpus", library, "--home", tmp_path / "home")
    assert ran.code == 2
    assert named in ran.err
    assert "Traceback" not in ran.err
    assert ran.err.strip().split("\n")[-1].startswith("citewell: ")
    assert not (tmp_path / "home").exists()
    assert {path: path.read_bytes() for path in library.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("row", "named"),
    [("{}", "line 1"), ('{"id": "a", "question": "q", "answer": ""}', "line 1"), ("", "no rows"), ("[", "line 1")],
)
def test_bad_ready_made_rows_are_named(run: Run, tmp_path: Path, row: str, named: str) -> None:
    path = tmp_path / "faq.jsonl"
    path.write_text(row)
    ran = run("index", "--entries", path, "--home", tmp_path / "home")
    assert ran.code == 2
    assert named in one_line(ran)
    assert not (tmp_path / "home").exists()


@pytest.mark.model
def test_a_home_that_can_not_be_written(run: Run, library: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    ran = run("build", "--corpus", library, "--home", blocked / "home")
    assert ran.code == 2
    assert str(blocked) in ran.err.strip().split("\n")[-1]
    assert not (library / "entries.jsonl").exists()


COMMANDS = [
    ["ask", "why?"],
    ["ask", "--jsonl"],
    ["evaluate"],
    ["explain", "why?"],
    ["expand", "--out", "x.csv"],
    ["review"],
    ["serve"],
]


@pytest.mark.parametrize("command", COMMANDS)
def test_no_index_is_code_3(run: Run, tmp_path: Path, command: list[str]) -> None:
    ran = run(*command, "--home", tmp_path / "nowhere")
    assert ran.code == 3
    assert "run `citewell build`" in one_line(ran)


def truncate(folder: Path) -> None:
    path = folder / "vectors.faiss"
    path.write_bytes(path.read_bytes()[:-100])


def forget(folder: Path) -> None:
    (folder / "views.jsonl").unlink()


def point_nowhere(folder: Path) -> None:
    (folder.parent.parent / "current").write_bytes(b"../../elsewhere")


def point_with_noise(folder: Path) -> None:
    (folder.parent.parent / "current").write_bytes(b"\x00\xff\xfe")


def another_schema(folder: Path) -> None:
    path = folder / "manifest.json"
    manifest = path.read_bytes().replace(b'"schema":', b'"schema":9')
    path.write_bytes(manifest)
    (folder / SUM).write_bytes(sum_of(manifest))


def edit_manifest(folder: Path) -> None:
    path = folder / "manifest.json"
    path.write_bytes(path.read_bytes().replace(b'"entries":', b'"entries":9'))


DAMAGE = [
    (truncate, "vectors.faiss"),
    (forget, "views.jsonl"),
    (point_nowhere, "current"),
    (point_with_noise, "current"),
    (another_schema, "schema 95"),
    (edit_manifest, "manifest.json"),
]


@pytest.mark.model
@pytest.mark.parametrize(("damage", "named"), DAMAGE)
def test_a_damaged_or_foreign_index_is_code_3(
    run: Run, home: Path, tmp_path: Path, damage: Callable[[Path], None], named: str
) -> None:
    copy = Path(shutil.copytree(home, tmp_path / "home"))
    damage(copy / "generations" / (copy / "current").read_text().strip())
    ran = run("ask", "why?", "--home", copy)
    assert ran.code == 3
    assert named in one_line(ran)
    assert "run `citewell build`" in ran.err


@pytest.mark.model
def test_a_test_set_that_names_an_unknown_entry(run: Run, home: Path, tmp_path: Path) -> None:
    testset = tmp_path / "testset.jsonl"
    testset.write_text('\n{"id": "1", "question": "q", "relevant": ["no-such-entry"], "kind": "k"}\n')
    ran = run("evaluate", testset, "--home", home)
    assert ran.code == 2
    assert "line 2" in one_line(ran)
    assert "'no-such-entry'" in ran.err


@pytest.mark.parametrize("arguments", [["ask", "why?"], ["ask", "--jsonl"], ["--help"]])
def test_closed_streams_are_no_traceback(arguments: list[str], tmp_path: Path) -> None:
    code = f"import sys; sys.argv = ['citewell', *{arguments!r}]; from assistant.cli import main; main()"
    shell = f"{sys.executable} -c {shlex.quote(code)} <&- >&-"
    done = subprocess.run(
        ["sh", "-c", shell],
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "CITEWELL_HOME": str(tmp_path / "nowhere")},
    )
    assert "Traceback" not in done.stderr
    assert done.returncode in (0, 3)


WRONG = [
    ["ask"], ["ask", "one", "two"], ["ask", "q", "--jsonl"], ["build", "--nope"], ["nope"], ["index"],
    ["serve", "--port", "0"], ["evaluate", "--fail-under", "7"], ["expand"], ["expand", "--endpoint", "http://x"],
    ["expand", "--out", "a.csv", "--take", "b.csv"], ["expand", "--out", "a.csv", "--per-paragraph", "-1"],
]  # fmt: skip


@pytest.mark.parametrize("command", WRONG)
def test_wrong_usage_is_code_2(run: Run, command: list[str]) -> None:
    ran = run(*command)
    assert ran.code == 2
    assert "--help" in one_line(ran)


NO_NAMES = ["https://faq.example", "faq.example:8501", "faq.example/x", "user@faq.example", "*", "*.faq.example", "::1",
            "", "a b", "faq.example?x"]  # fmt: skip


@pytest.mark.parametrize("name", NO_NAMES)
def test_what_is_no_name_of_a_host_is_code_2(run: Run, name: str) -> None:
    ran = run("serve", "--host", "good.example", "--host", name)
    assert ran.code == 2
    assert f"--host {name!r} is not the name of a host" in one_line(ran)


@pytest.mark.parametrize("address", ["0.0.0.0", "::"])  # noqa: S104
def test_every_address_needs_a_name(run: Run, address: str) -> None:
    ran = run("serve", "--address", address)
    assert ran.code == 2
    assert f"{address} is every address of this machine; name those that readers use: --host" in one_line(ran)


@pytest.mark.parametrize("named", [None, "192.0.2.7"])
def test_a_proxy_on_this_machine_is_believed_unless_another_is_named(
    named: str | None, run: Run, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[dict[str, str]] = []
    monkeypatch.setattr(os, "execve", lambda program, command, environment: started.append(environment))
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", named) if named else monkeypatch.delenv("FORWARDED_ALLOW_IPS", False)
    run("serve", "--home", shelf.home, "--port", free_port())
    believed = ProxyHeadersMiddleware(None, started[0]["FORWARDED_ALLOW_IPS"]).trusted_hosts  # type: ignore[arg-type]
    for address in ("127.0.0.1", "::1", "::ffff:127.0.0.1"):
        assert (address in believed) == (named is None)
    assert ("192.0.2.7" in believed) == (named is not None)


def test_ctrl_c_is_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("index.reader.open_index", interrupt)
    ran = run("ask", "Who?")
    assert ran.code == 130
    assert "stopped; nothing is half-written" in one_line(ran)


def test_a_fault_of_the_program_has_a_code_of_its_own(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(home: Path) -> None:
        raise ValueError("a\nfault")

    monkeypatch.setattr("index.publish.roll_back", fail)
    ran = run("rollback")
    assert ran.code == 70
    assert "internal fault, ValueError: a fault; please report it" in one_line(ran)
