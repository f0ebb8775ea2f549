"""What is timed is what it says, each turn is fair, every wrong answer is counted, and every figure is in the plot."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import msgspec
import pytest

from assistant.answer import answer
from benchmarks.speed import __main__ as command
from benchmarks.speed import build, building, encoding, indexing, parts, question, start, throughput
from benchmarks.speed.bare import Bare, Size, batches
from benchmarks.speed.given import Given, Row, Rows, real_rows, spread, texts_of, write_rows
from benchmarks.speed.parts import Part, Share, watch
from benchmarks.speed.plot import Dot, Point, plot_dots, plot_lines
from benchmarks.speed.processes import PYTHON, run
from benchmarks.speed.times import Times, growth, show_times, take_turns
from index.encoder import Encoder, SentenceEncoder
from index.reader import Index
from ingest.errors import InputError

ROWS = Rows(
    "made up", tuple(Row(f"q{n}", f"What is number {n}?", (f"It is word{n}.", "That is all.")) for n in range(9))
)


def described(svg: str) -> str:
    told = ElementTree.fromstring(svg).findtext("{http://www.w3.org/2000/svg}desc")  # noqa: S314
    assert told is not None
    return told


def test_percentiles_are_milliseconds() -> None:
    times = Times("hundred", tuple(number / 1000 for number in range(101)))
    assert (times.least, times.p50, times.p95, times.percentile(99)) == pytest.approx((0, 50, 95, 99))


def test_a_ratio_is_of_what_is_measured_beside_it(capsys: pytest.CaptureFixture[str]) -> None:
    show_times(Times("ours", (0.003,)), Times("bare", (0.002,)))
    assert "1.50 x   1.50 x" in capsys.readouterr().out


@pytest.mark.parametrize(("costs", "power"), [((2, 20), 1), ((2, 200), 2), ((5, 5), 0)])
def test_growth_is_a_power_of_the_size(costs: tuple[float, float], power: float) -> None:
    assert growth((10, 100), costs) == pytest.approx(power)


def test_each_has_its_turn_in_every_round_and_none_is_always_first() -> None:
    called: list[int] = []
    works = [lambda number=number: called.append(number) or float(len(called)) for number in range(3)]  # type: ignore[misc]
    gave = take_turns(works, 20)
    assert [len(each) for each in gave] == [20, 20, 20]
    assert all(sorted(called[at : at + 3]) == [0, 1, 2] for at in range(0, 60, 3))
    assert set(called[::3]) == {0, 1, 2}


def test_a_part_does_not_count_what_another_part_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = itertools.count()
    monkeypatch.setattr(parts, "perf_counter", lambda: float(next(clock)))
    owner = SimpleNamespace(inner=lambda: None)
    owner.outer = lambda: [owner.inner() for _ in range(2)]
    plain = owner.inner
    with watch((Part("outer", owner, "outer"), Part("inner", owner, "inner"))) as watching:
        owner.outer()
    # The clock ticks at each look: 0 outer begins, 1-2 and 3-4 inner, 5 outer ends.
    assert watching.shares == (Share("outer", 3.0), Share("inner", 2.0))
    assert owner.inner is plain


def test_a_part_that_is_not_there_is_told() -> None:
    with pytest.raises(AttributeError), watch((Part("gone", SimpleNamespace(), "gone"),)):
        pass


def test_an_answer_is_taken_apart_and_put_together_again(small: Index) -> None:
    asked = [entry.question for entry in small.entries]
    before = [answer(text, small) for text in asked]
    shares = question.take_apart(small, asked)
    assert [share.name for share in shares] == list(dict.fromkeys(part.name for part in question.PARTS))
    assert all(share.seconds > 0 for share in shares if share.name not in {"encoding", "adapting the vector"})
    assert [answer(text, small) for text in asked] == before


def test_a_process_is_measured_by_itself() -> None:
    ballast = bytearray(64 << 20)
    small, large = (
        run(PYTHON, "-c", f"print('hello'); held = bytearray({size}); held[::1024] = b'x' * len(held[::1024])")
        for size in (0, 64 << 20)
    )
    assert len(ballast) == 64 << 20
    assert small.output.strip() == "hello"
    assert small.seconds > 0
    assert small.memory < 40  # what this process holds is not counted
    assert 60 < large.memory - small.memory < 70


def test_a_process_that_fails_says_why() -> None:
    with pytest.raises(RuntimeError, match=r"ended with 3: .*no luck"):
        run(PYTHON, "-c", "import sys; print('no luck', file=sys.stderr); sys.exit(3)")


@pytest.mark.parametrize(
    ("size", "lengths"),
    [(Size(texts=2), [2, 2, 1]), (Size(tokens=10), [1, 2, 2]), (Size(tokens=1), [1, 1, 1, 1, 1])],
)
def test_a_pass_takes_so_many_texts_or_tokens(size: Size, lengths: list[int]) -> None:
    tokens = [[0] * length for length in (6, 5, 4, 4, 2)]
    made = list(batches(tokens, size))
    assert [len(each) for each in made] == lengths
    assert [ids for each in made for ids in each] == tokens


@pytest.mark.model
@pytest.mark.parametrize("own", [True, False])
def test_the_bare_model_makes_the_same_vectors(index: Index, own: bool) -> None:
    assert isinstance(index.encoder, SentenceEncoder)
    texts = [view.text for view in index.views[:50]]
    vectors = Bare(index.encoder, own).encode(texts, Size(tokens=500))
    assert (vectors * index.encoder.encode(texts)).sum(axis=1) == pytest.approx(1, abs=1e-4)


def test_wrong_answers_and_errors_are_counted() -> None:
    asked: Counter[str] = Counter()

    def ask(text: str) -> str:
        asked[text] += 1
        if text == "fails" and asked[text] > 1:
            raise ValueError(text)
        return f"{text} {asked[text]}" if text == "differs" else text

    figures = throughput.measure_clients(ask, ["plain", "differs", "fails", "also plain"])  # type: ignore[arg-type]
    assert [each.clients for each in figures] == [1, 8, 32]
    assert {(each.wrong, each.errors) for each in figures} == {(throughput.ROUNDS, throughput.ROUNDS)}
    assert all(len(each.times.seconds) == 4 * throughput.ROUNDS for each in figures)


def test_many_clients_get_what_one_gets(small: Index, capsys: pytest.CaptureFixture[str]) -> None:
    asked = [entry.question for entry in small.entries]
    figures = throughput.measure_clients(lambda text: answer(text, small), asked)
    assert not any(each.wrong or each.errors for each in figures)
    throughput.show(figures)
    assert "from 8 to 32 clients the rate grows as clients^" in capsys.readouterr().out
    assert "at 32" in described(throughput.plot(figures))


def test_rows_are_taken_evenly_from_a_file(tmp_path: Path) -> None:
    write_rows(tmp_path / "rows.jsonl", ROWS.entries)
    read = real_rows(Given(3, tmp_path / "rows.jsonl"))
    assert read is not None
    assert read.entries == (ROWS.entries[0], ROWS.entries[3], ROWS.entries[6])
    assert spread(ROWS.entries, 100) == ROWS.entries


def test_without_rows_there_are_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITEWELL_TEST_DATA", str(tmp_path))
    assert real_rows(Given(10, None)) is None
    with pytest.raises(InputError, match=r"none\.jsonl"):
        real_rows(Given(10, tmp_path / "none.jsonl"))


def test_one_entry_changes() -> None:
    changed = building.change_one(ROWS)
    assert [old == new for old, new in zip(ROWS.entries, changed.entries, strict=True)].count(False) == 1


def test_a_watched_build_tells_what_it_encoded(
    tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("index.encoder.load_encoder", lambda *given: encoder)
    monkeypatch.setattr("index.reader.load_encoder", lambda *given: encoder)
    home, told = tmp_path / "home", []
    for rows in (ROWS, ROWS, building.change_one(ROWS)):
        write_rows(tmp_path / "rows.jsonl", rows.entries)
        options = ["--entries", str(tmp_path / "rows.jsonl"), "--home", str(home)]
        monkeypatch.setattr("sys.argv", ["indexing", *options])
        indexing.main()
        told.append(msgspec.json.decode(capsys.readouterr().out, type=indexing.Indexed))
    assert [each.encoded for each in told] == [len(texts_of(ROWS, tmp_path)), 0, 2]
    assert all(0 < each.library <= sum(step.seconds for step in each.steps) for each in told)


def made_build(entries: int) -> building.Built:
    indexed = indexing.Indexed(entries, (Share(indexing.ENCODING, entries / 100), Share(indexing.READING, 1.0)))
    runs = tuple(
        building.Build(kind, entries / 50, 100.0, indexed)
        for kind in (building.NOTHING, building.SAME, building.CHANGED)
    )
    return building.Built("made up", entries, 5 * entries, 700.0, runs, 300.0, 90.0, 5.0)


def test_a_build_tells_rates_and_growth(capsys: pytest.CaptureFixture[str]) -> None:
    built = made_build(1000)
    assert (built.rate, built.encoding) == pytest.approx((250, 500))
    assert built.runs[0].indexed.library == pytest.approx(10)
    figures = (made_build(16), made_build(250), made_build(500), built)
    build.show(figures)
    out = capsys.readouterr().out
    assert "from 500 to 1000 entries: from nothing, time grows as entries^1.00" in out
    assert "from 500 to 1000 entries: asking cold, memory grows as entries^0.00" in out
    assert "one entry changed: 20 at 1,000" in described(build.plot(figures))
    assert "from nothing: 0.32 at 16" in described(build.plot(figures[:1]))


def test_encoding_is_compared_with_the_best_bare_rate(capsys: pytest.CaptureFixture[str]) -> None:
    bare = (encoding.Rate("bare, slow", 100, (2.0,)), encoding.Rate("bare, quick", 100, (1.0, 1.0, 9.0)))
    ours = tuple(encoding.Rate("ours", texts, (texts / 50,)) for texts in (25, 50, 100))
    figures = encoding.Figures("made up", 9.0, bare, ours, 1.0)
    encoding.show(figures)
    out = capsys.readouterr().out
    assert "(the measure)" in next(line for line in out.splitlines() if line.startswith("bare, quick"))
    assert "0.50 x" in next(line for line in out.splitlines() if line.startswith("ours"))
    assert "bare, quick: 1 at 100" in described(encoding.plot(figures))


def test_start_and_question_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    times = (Times(start.MEASURE, (2.0,)), Times("citewell ask", (0.5,)))
    begun = start.Figures(times, (400.0, 100.0), (Share("interpreter", 0.1), Share("the question", 0.4)))
    start.show(begun)
    assert "of citewell ask, the question: 400" in described(start.plot(begun))
    bare, ours = (Times(name, (seconds,) * 6) for name, seconds in (("bare", 0.002), ("answer", 0.003)))
    asked = question.Figures(bare, bare, ours, (Share("all", 0.006),), (5.0, 10.0), ((2.0, 2.0), (3.0, 6.0)))
    question.show(asked)
    assert "answer: 3 at 95" in described(question.plot(asked))
    out = capsys.readouterr().out
    assert "0.25 x" in out
    assert "an answer: 3.00 ms for 5.0 words, 6.00 ms for 10.0; grows as words^1.00" in out


def test_plots_leave_out_no_name() -> None:
    assert (
        described(plot_dots([Dot("a", "one", 2.0), Dot("b", "none", 0.0)], "t", "ms")) == "ms. a, one: 2; b, none: 0."
    )
    assert "one: 3 at 7" in described(plot_lines([Point("one", 7, 3), Point("one", 70, 30)], "t", "x", "y"))


@pytest.mark.parametrize(
    ("given", "code", "told"),
    [
        (["nothing"], 2, "no benchmark is called 'nothing'"),
        (["build", "--rows", "3"], 2, "--rows 3 leaves nothing"),
        (["start"], 3, "citewell build"),
    ],
)
def test_what_can_not_be_run_is_told_in_a_line(
    given: list[str],
    code: int,
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("CITEWELL_HOME", str(tmp_path))
    monkeypatch.setattr("sys.argv", ["speed", *given])
    with pytest.raises(SystemExit) as ended:
        command.main()
    assert ended.value.code == code
    assert told in capsys.readouterr().err


def test_the_rows_that_are_written_are_rows_of_the_command(tmp_path: Path) -> None:
    write_rows(tmp_path / "rows.jsonl", ROWS.entries)
    first = json.loads((tmp_path / "rows.jsonl").read_text(encoding="utf-8").splitlines()[0])
    assert first == {"id": "q0", "question": "What is number 0?", "answer": ["It is word0.", "That is all."]}
