"""Slots filled by a language model, against a server on this machine that speaks the protocol."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

import pytest

from assistant.endpoint import Endpoint
from assistant.prompts import make_prompts, parse_reply
from assistant.wordings import Slot, open_wordings
from tests.assistant.conftest import Run, Shelf, one_line

FINE, JOIN = "is-there-a-charge-for-late-books", "what-do-i-need-to-join"


class Sent(NamedTuple):
    """What a server sends back."""

    status: int
    body: bytes
    headers: dict[str, str] = {}  # noqa: RUF012


def say(content: str | None) -> Sent:
    """A completion with this content."""
    return Sent(200, json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}).encode())


def write_three(data: dict[str, str]) -> Sent:
    """Wordings made of the paragraph's own words, so that they lead to it."""
    return say(json.dumps([f"{data['question']} {data['paragraph']} {n}"[-200:] for n in ("one", "two", "three")]))


class Server:
    """Sends what the queue holds, then what ``reply`` makes of the data of a prompt; remembers what it was asked."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.queue: list[Sent] = []
        self.reply: Callable[[dict[str, str]], Sent] = write_three
        self.asked: list[dict[str, object]] = []
        self.keys: list[str | None] = []

    def answer(self, body: bytes, key: str | None) -> Sent:
        asked = json.loads(body)
        self.asked.append(asked)
        self.keys.append(key)
        return self.queue.pop(0) if self.queue else self.reply(json.loads(asked["messages"][1]["content"]))


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            sent = made.answer(body, self.headers["Authorization"])
            self.send_response(sent.status)
            for name, value in ({"Content-Type": "application/json"} | sent.headers).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(sent.body)))
            self.end_headers()
            with contextlib.suppress(OSError):  # a client that has given up
                self.wfile.write(sent.body)

        def log_message(self, *_: object) -> None:
            pass

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made = Server(f"http://127.0.0.1:{listening.server_port}/v1")
    threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    yield made
    listening.shutdown()
    listening.server_close()


@pytest.fixture
def ask(run: Run, shelf: Shelf, server: Server) -> Run:
    def ask(*arguments: str) -> object:
        return run("expand", "--endpoint", server.url, "--model", "small-1", *shelf.options, *arguments)

    return ask  # type: ignore[return-value]


def test_every_slot_is_filled_and_marked(ask: Run, run: Run, shelf: Shelf, server: Server) -> None:
    before = shelf.bytes()
    ran = ask("--yes")
    assert ran.code == 0, ran.err
    assert f"8 requests to {server.url} (small-1), for 8 paragraphs: about " in ran.err
    assert len(server.asked) == 8
    assert {body["model"] for body in server.asked} == {"small-1"}
    data = json.loads(server.asked[3]["messages"][1]["content"])  # type: ignore[index]
    assert data == {
        "question": "What do I need to join?",
        "paragraph": "A passport or a driving licence.",
        "known": ["identity papers for a new reader's card"],
    }
    added = shelf.rows("alternates.jsonl")[10:]
    assert len(added) == 17
    assert {(row["by"], row["reviewed"]) for row in added} == {("small-1", False)}
    path = shelf.corpus / "alternates.jsonl"
    assert path.read_bytes().startswith(before[path])
    assert not (shelf.home / "expand.jsonl").exists()
    again = ask("--yes")
    assert "nothing to ask for" in again.err
    assert len(server.asked) == 8
    assert "17 unreviewed" in run("review", *shelf.options).out


def test_without_a_terminal_nothing_is_sent_unless_told(ask: Run, server: Server) -> None:
    ran = ask()
    assert ran.code == 2
    estimate, fault, _ = ran.err.split("\n")
    assert "tokens in" in estimate
    assert "add --yes" in fault
    assert server.asked == []


def test_at_a_terminal_a_person_decides(run: Run, shelf: Shelf, server: Server) -> None:
    command = ["expand", "--endpoint", server.url, "--model", "m", *shelf.options]
    ran = run(*command, stdin=b"n\n", terminal=True)
    assert ran.code == 130
    assert "Go on? [y/N]" in ran.err
    assert server.asked == []
    assert run(*command, stdin=b"y\n", terminal=True).code == 0
    assert len(server.asked) == 8


def test_a_busy_and_a_failing_server_are_asked_again(ask: Run, shelf: Shelf, server: Server) -> None:
    server.queue = [Sent(429, b"{}", {"Retry-After": "0"}), Sent(500, b"oops", {"Retry-After-Ms": "1"})]
    assert ask("--yes").code == 0
    assert len(server.asked) == 10
    assert len(shelf.rows("alternates.jsonl")) == 27


BAD = [
    Sent(200, b"<html>not a completion</html>", {"Content-Type": "text/html"}),
    Sent(200, b'{"choices": []}'),
    say(None),
    say("Here are three questions: 1. How"),
    say('{"questions": ["How?"]}'),
    say(json.dumps(["word " * 100, "", "?!"])),
    Sent(400, b'{"error": {"message": "\\u001b[31mno such thing"}}'),
]


def test_bad_replies_are_counted_and_do_no_harm(ask: Run, shelf: Shelf, server: Server) -> None:
    server.queue = list(BAD)
    ran = ask("--yes")
    assert ran.code == 0
    assert "7 bad replies" in ran.err
    assert ran.err.count("\nbad reply: ") == 7
    assert "\x1b" not in ran.err
    assert {row["entry"] for row in shelf.rows("alternates.jsonl")[10:]} == {"can-i-print-in-the-reading-room"}
    ask("--yes")
    assert len(server.asked) == 8 + 7


def test_replies_are_cleaned(ask: Run, shelf: Shelf, server: Server) -> None:
    texts = ["How long may\n a  reader keep a book\x00?", "how long may a reader keep a book", "=cmd() for a book loan"]
    server.queue = [say(f"Of course:\n```json\n{json.dumps(texts)}\n```"), *[say("[]")] * 7]
    assert ask("--yes", "--per-paragraph", "4").code == 0
    added = [row["text"] for row in shelf.rows("alternates.jsonl")[10:]]
    assert added == ["How long may a reader keep a book ?", "=cmd() for a book loan"]


def test_a_run_goes_on_where_it_broke_off(
    ask: Run, shelf: Shelf, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, asked = shelf.bytes(), server.reply

    def refuse_the_fourth(data: dict[str, str]) -> Sent:
        return asked(data) if len(server.asked) < 4 else Sent(401, b'{"error": {"message": "bad key sk-secret"}}')

    server.reply = refuse_the_fourth
    ran = ask("--yes")
    assert ran.code == 2
    assert "set OPENAI_API_KEY" in ran.err
    assert "3 of 8 requests are done and kept" in ran.err
    assert "sk-" not in ran.err
    assert shelf.bytes() == before
    with (shelf.home / "expand.jsonl").open("ab") as file:
        file.write(b'{"key": "cut sho')
    server.reply = asked
    monkeypatch.setenv("OPENAI_API_KEY", "sk-good")
    assert "5 requests to " in ask("--yes").err
    assert len(server.asked) == 4 + 5
    assert server.keys[-1] == "Bearer sk-good"
    assert "sk-good" not in server.keys[:4]
    assert len(shelf.rows("alternates.jsonl")) == 27


def test_an_endpoint_that_can_not_be_used_is_named(
    run: Run, shelf: Shelf, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.endpoint.RETRIES", 0)
    before = shelf.bytes()
    for url, named in (
        ("http://127.0.0.1:9/v1", "http://127.0.0.1:9/v1 can not be used"),
        ("nowhere", "'nowhere'"),
        ("", "''"),
        ("http://a..b/v1", "'http://a..b/v1'"),
    ):
        ran = run("expand", "--endpoint", url, "--model", "m", "--yes", *shelf.options)
        assert ran.code == 2
        assert named in ran.err
        assert "Traceback" not in ran.err
    monkeypatch.setenv("OPENAI_API_KEY", "sk-é")
    ran = run("expand", "--endpoint", server.url, "--model", "m", "--yes", *shelf.options)
    assert "OPENAI_API_KEY has characters" in one_line(ran)
    assert "é" not in ran.err
    assert shelf.bytes() == before


def test_no_message_shows_the_key(
    ask: Run, shelf: Shelf, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-Secret-0123")
    for echo in ("bad key Bearer sk-Secret-0123", "x" * 160 + " sk-secret-0123 " + "x" * 99, "Bearer sk-Secret..."):
        body = json.dumps({"error": {"message": echo}}).encode()
        server.queue = [Sent(400, body), Sent(422, echo.encode()), Sent(404, body)]
        ran = ask("--yes")
        assert ran.code == 2
        assert "[key]" in ran.err
        server.queue = [Sent(400, body)]
        monkeypatch.setattr(server, "reply", lambda _: Sent(200, b"{}"))
        done = ask("--yes")
        assert done.err.count("\nbad reply: ") == 8
        assert "[key]" in done.err
        assert "secret" not in (ran.err + ran.out + done.err + done.out).lower()
    written = [path for path in tmp_path.rglob("*") if path.is_file() and b"sk-" in path.read_bytes()]
    assert written == []


@pytest.mark.parametrize(
    "url",
    [
        "http://me:pass-1@127.0.0.1/v1",
        "https://pass-1@x/v1",
        "http://me:pass-1 @x/v1",
        "me:pass-1@x",
        "http://me:pass-1/2@x",
    ],
)
def test_an_address_with_a_password_is_refused_and_not_shown(run: Run, shelf: Shelf, url: str) -> None:
    ran = run("expand", "--endpoint", url, "--model", "m", "--yes", *shelf.options)
    assert ran.code == 2
    assert "set OPENAI_API_KEY" in one_line(ran)
    assert "pass" not in ran.err.replace("a user or password", "")


def test_a_server_that_never_answers_is_given_up(
    ask: Run, shelf: Shelf, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.endpoint.RETRIES", 0)
    over = threading.Event()
    server.reply = lambda data: (over.wait(), write_three(data))[1]
    try:
        ran = ask("--yes", "--timeout", "0.2")
    finally:
        over.set()
    assert ran.code == 2
    assert "raise --timeout" in ran.err


def test_what_leads_elsewhere_is_set_aside_for_a_person(ask: Run, run: Run, shelf: Shelf, server: Server) -> None:
    stray = "pence a day fine for a late book"
    server.reply = lambda data: (
        say(json.dumps(["Does the fine stop at pounds?", "What is the fine for a late book?"]))
        if data["question"] == "Is there a charge for late books?"
        else say(json.dumps([stray if "passport" in data["paragraph"] else "What planet has the finest rings?"]))
    )
    ran = ask("--yes", "--near", "2")
    assert ran.code == 0
    assert f"not taken: leads to another entry ({FINE}" in ran.err
    assert f"not taken: would be answered ({FINE}" in ran.err
    rejected = shelf.corpus / "rejected.jsonl"
    rows = [json.loads(line) for line in rejected.read_text("utf-8").splitlines()]
    assert [row["kind"] for row in rows if row["text"] == stray] == ["alternate"]
    assert "What is the fine for a late book?" in [row["text"] for row in rows if row["kind"] == "near"]
    taken = {row["text"] for name in ("alternates.jsonl", "unanswered.jsonl") for row in shelf.rows(name)}
    assert not taken & {row["text"] for row in rows}
    assert run("expand", "--take", rejected, *shelf.options).code == 0
    assert stray in [row["text"] for row in shelf.rows("alternates.jsonl")]


def test_a_rejected_text_is_set_aside_once(ask: Run, shelf: Shelf, server: Server) -> None:
    server.reply = lambda _: say(json.dumps(["pence a day fine for a late book", "Why is the sky blue at noon?"]))
    path = shelf.corpus / "rejected.jsonl"
    assert ask("--yes").code == 0
    first = path.read_bytes()
    assert first.count(b"\n") >= 1
    again = ask("--yes")
    assert again.code == 0
    assert f"{path} has the rejected ones" in again.err
    texts = [(row["kind"], row["entry"], row["paragraph"], row["text"]) for row in shelf.rows("rejected.jsonl")]
    assert len(set(texts)) == len(texts)
    assert path.read_bytes() == first
    before = shelf.bytes() | {path: first + b"not a row\n"}
    path.write_bytes(before[path])
    broken = ask("--yes")
    assert broken.code == 2
    assert f"{path}, line {first.count(10) + 1}: " in broken.err
    assert shelf.bytes() == before


def test_a_page_with_half_a_character_is_asked_about(shelf: Shelf, server: Server) -> None:
    slot = Slot("alternate", FINE, 0, "Late?", "ten pence \ud83d a day", ("known \udcff",))
    (prompt,) = make_prompts(open_wordings(*shelf), [slot], near=0)
    assert len(parse_reply(Endpoint(server.url, "m", timeout=9).complete(prompt), 3)) == 3
    data = json.loads(server.asked[0]["messages"][1]["content"])  # type: ignore[index]
    assert data == {"question": "Late?", "paragraph": "ten pence ? a day", "known": ["known ?"]}
