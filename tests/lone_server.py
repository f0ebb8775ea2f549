"""Start `citewell serve`, ask it for its page, and print what it opened: {"port", "status", "sockets": [address:port]}.

Called as `python -m tests.lone_server HOME CORPUS`; in a network namespace of its own it brings up the loopback first.
The sockets are those of the server's process when it has answered, as Linux lists them, whoever opened them.
"""

from __future__ import annotations

import fcntl
import json
import re
import socket
import struct
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

START = 120  # seconds it may take to listen
SIOCSIFFLAGS, IFF_UP = 0x8914, 1


def main(home: str, corpus: str) -> None:
    """Print what the server opened."""
    with socket.socket() as free:
        with suppress(PermissionError):  # not root: then the loopback is the machine's, and up
            fcntl.ioctl(free, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    code = "from assistant.cli import run; run()"
    command = [sys.executable, "-c", code, "serve", "--home", home, "--corpus", corpus, "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        status = wait_for(f"http://127.0.0.1:{port}/", server)
        print(json.dumps({"port": port, "status": status, "sockets": sockets_of(server.pid)}))  # noqa: T201
    finally:
        server.terminate()
        server.wait(30)


def wait_for(address: str, server: subprocess.Popen[bytes]) -> int:
    """The status of the page, once there is one."""
    end = time.monotonic() + START
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=10) as page:  # noqa: S310
                return int(page.status)
        except OSError:  # refused, or taken by the look whether the port is free
            time.sleep(0.1)
    raise SystemExit("it does not listen")


def sockets_of(process: int) -> list[str]:
    """The ends of the network sockets of a process: 'address:port', or 'address:port -> address:port' if connected."""
    own = set()
    for path in Path(f"/proc/{process}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed since
            own.add(str(path.readlink()))
    found = set()
    for table in ("tcp", "tcp6", "udp", "udp6", "raw", "raw6"):
        for line in Path(f"/proc/{process}/net/{table}").read_text().splitlines()[1:]:
            columns = line.split()
            if f"socket:[{columns[9]}]" in own:
                here, there = (_readable(end) for end in columns[1:3])
                found.add(here if there.endswith(":0") else f"{here} -> {there}")
    return sorted(found)


def _readable(end: str) -> str:
    """'0100007F:1F90' as '127.0.0.1:8080': the words of an address are in the order of this machine's bytes."""
    address, port = end.split(":")
    raw = b"".join(struct.pack("=I", int(word, 16)) for word in re.findall(".{8}", address))
    return f"{socket.inet_ntop(socket.AF_INET if len(raw) == 4 else socket.AF_INET6, raw)}:{int(port, 16)}"


if __name__ == "__main__":
    main(*sys.argv[1:])
