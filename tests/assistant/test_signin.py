"""The gate: which connections are this computer's, and how passwords are compared and guessing is slowed down."""

from __future__ import annotations

import hmac
import threading

import pytest

from assistant import signin
from assistant.signin import ALL_PAUSE, ALL_TRIES, PAUSE, TRIES, Door, is_local

BROWSER = {
    "Host": "localhost:8501",
    "Origin": "http://localhost:8501",
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "User-Agent": "Mozilla/5.0",
    "Accept-Encoding": "gzip, deflate, br, zstd",
    "Accept-Language": "en-GB",
    "Cache-Control": "no-cache",
    "Pragma": "no-cache",
    "Cookie": "_streamlit_xsrf=2|a",
    "Sec-WebSocket-Key": "bm90IGEgc2VjcmV0IGtleQ==",
    "Sec-WebSocket-Version": "13",
    "Sec-Fetch-Site": "same-origin",
}


@pytest.mark.parametrize("address", [None, "127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1"])
@pytest.mark.parametrize("host", ["localhost:8501", "localhost", "LOCALHOST:80", "127.0.0.1:8501", "[::1]:8501"])
def test_a_browser_on_this_machine_is_local(address: str | None, host: str) -> None:
    assert is_local(address, (BROWSER | {"Host": host, "Origin": f"http://{host}"}).items())
    assert is_local(address, (BROWSER | {"Host": host, "Origin": f"https://{host}"}).items())


@pytest.mark.parametrize(
    "address",
    ["192.168.1.7", "10.0.0.1", "203.0.113.9", "2001:db8::1", "::ffff:10.0.0.1", "", "localhost", "127.1", "x"],
)
def test_another_machine_is_not_local_whatever_it_says(address: str) -> None:
    assert not is_local(address, BROWSER.items())


@pytest.mark.parametrize(
    "host",
    [
        "", "evil.example", "evil.example:8501", "localhost.evil.example", "localhost:8501.evil.example", "localhost.",
        "127.0.0.1.nip.io", "127.0.0.2:8501", "0.0.0.0:8501", "[::1", "::1", "localhost:", "localhost:8501 ",
        "user@localhost:8501", "localhost:8501\n", "localhost:٨٥", "http://localhost:8501", "localhost,evil.example",
    ],
)  # fmt: skip
def test_a_foreign_name_is_not_local(host: str) -> None:
    """A proxy that forwards the name asked for, and a foreign name that leads here (DNS rebinding)."""
    assert not is_local(None, (BROWSER | {"Host": host}).items())
    assert not is_local(None, (BROWSER | {"Host": host, "Origin": f"http://{host}"}).items())


@pytest.mark.parametrize(
    "origin",
    [
        "",
        "null",
        "https://faq.example.org",
        "localhost:8501",
        "file://localhost",
        "http://localhost:8501/",
        "http://localhost@x",
    ],
)
def test_a_page_of_another_site_is_not_local(origin: str) -> None:
    """A proxy that puts its own name in place of the one asked for leaves the site that the browser was on."""
    assert not is_local(None, (BROWSER | {"Origin": origin}).items())


@pytest.mark.parametrize(
    "name",
    [
        "Forwarded", "X-Forwarded-For", "x-forwarded-for", "X-FORWARDED-HOST", "X-Forwarded-Proto", "X-Host",
        "X-Original-Forwarded-For", "X-Real-IP", "Via", "CF-Connecting-IP", "CF-Ray", "True-Client-IP", "Client-IP",
        "X-Client-IP", "X-Cluster-Client-IP", "Fastly-Client-IP", "Fly-Client-IP", "X-Envoy-External-Address",
        "X-Amzn-Trace-Id", "Tailscale-User-Login", "X-Request-Id", "CDN-Loop", "Proxy-Connection",
    ],
)  # fmt: skip
@pytest.mark.parametrize("value", ["127.0.0.1", "::1", ""])
def test_what_came_through_something_is_not_local(name: str, value: str) -> None:
    assert not is_local(None, [*BROWSER.items(), (name, value)])


@pytest.mark.parametrize("headers", [[], [("Host", "localhost")], [("Origin", "http://localhost")]])
def test_what_does_not_say_where_it_is_is_not_local(headers: list[tuple[str, str]]) -> None:
    assert not is_local(None, headers)


@pytest.mark.parametrize("name", ["Host", "Origin"])
def test_what_says_it_twice_is_not_local(name: str) -> None:
    assert not is_local(None, [*BROWSER.items(), (name, BROWSER[name])])


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.mark.parametrize("password", ["word", "pässwörd €", "\U0001f512" * 400, " ", "a\x00b", "\ud800"])
def test_the_password_opens_and_its_proof_holds(password: str, clock: Clock) -> None:
    door = Door(clock)
    for wrong in ("", password + " ", password[:-1], password.upper() + "!"):
        assert door.opens(wrong, password, None) is None
    proof = door.opens(password, password, None)
    assert proof is not None
    assert door.is_proof(proof, password)
    assert not door.is_proof(proof, "another since")
    assert not Door(clock).is_proof(proof, password)  # another process
    assert not any(door.is_proof(other, password) for other in (None, True, "", password, b"", b"1", 1))


@pytest.mark.parametrize("address", [None, "", "203.0.113.9", "2001:db8::1"])
def test_guessing_is_slowed_down(address: str | None, clock: Clock) -> None:
    door = Door(clock)
    for _ in range(TRIES):
        assert door.wait(address) == 0
        assert door.opens("wrong", "right", address) is None
    assert door.wait(address) == PAUSE
    assert door.opens("right", "right", address) is None  # too early, even though it is right
    clock.now += PAUSE - 1
    assert door.wait(address) == pytest.approx(1)
    assert door.opens("right", "right", address) is None
    clock.now += 1
    assert door.opens("wrong", "right", address) is None  # one try for the pause
    assert door.opens("right", "right", address) is None
    clock.now += PAUSE
    assert door.opens("right", "right", address)
    assert door.opens("right", "right", address)  # what is right costs nothing


def guess(door: Door, address: str | None, times: int) -> None:
    for _ in range(times):
        assert door.opens("wrong", "right", address) is None


@pytest.mark.parametrize("other", [None, "203.0.113.10", "2001:db8:0:100::1"])
def test_who_guesses_keeps_nobody_else_out(other: str | None, clock: Clock) -> None:
    door = Door(clock)
    for _ in range(1000):  # for days
        guess(door, "203.0.113.9", TRIES)
        guess(door, "2001:db8::9", TRIES)
        assert door.opens("right", "right", other)
        clock.now += PAUSE


@pytest.mark.parametrize(
    ("one", "same"), [("203.0.113.9", "::ffff:203.0.113.9"), ("2001:db8::1", "2001:db8:0:ff::1"), ("", None)]
)
def test_one_machine_is_one_address(one: str, same: str | None, clock: Clock) -> None:
    door = Door(clock)
    guess(door, one, TRIES)
    assert door.wait(same) == PAUSE


def test_many_addresses_together_guess_no_faster(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[int] = []
    monkeypatch.setattr(hmac, "compare_digest", lambda *_: compared.append(1) or False)
    door, hours = Door(clock), 2
    for second in range(hours * 3600):
        guess(door, f"10.{second % 7}.{second // 256 % 256}.{second % 256}", 2)
        clock.now += 1
    assert len(compared) <= ALL_TRIES + hours * 3600 / ALL_PAUSE


def test_rest_gives_no_more_tries_than_at_first(clock: Clock) -> None:
    door = Door(clock)
    clock.now += 1e6
    waits = [(door.wait(None), door.opens("wrong", "right", None)) for _ in range(TRIES)]
    assert waits == [(0, None)] * TRIES
    assert door.wait(None) == PAUSE


def test_a_door_stays_small(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signin, "ADDRESSES", 10)
    door = Door(clock)
    for number in range(100):
        guess(door, f"10.0.0.{number}", 1)
        clock.now += ALL_PAUSE
    [kept] = [each for each in vars(door).values() if isinstance(each, dict)]
    assert list(kept) == [f"10.0.0.{number}" for number in range(90, 100)]


def test_guessers_at_once_get_no_more_tries(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[bool] = []
    real = hmac.compare_digest
    monkeypatch.setattr(hmac, "compare_digest", lambda a, b: compared.append(len(a) == len(b)) or real(a, b))
    door = Door(clock)
    guessers = [threading.Thread(target=door.opens, args=("w" * number, "right", None)) for number in range(40)]
    for guesser in guessers:
        guesser.start()
    for guesser in guessers:
        guesser.join()
    # As many comparisons as tries, each in constant time: of hashes, which are of one length.
    assert compared == [True] * TRIES
