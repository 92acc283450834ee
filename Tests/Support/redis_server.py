"""A Redis of a test's own: it can be killed, started again, stopped and continued."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from processes import eventually


class RedisServer:
    """redis-server on a free port of loopback, without files unless `persistent`."""

    def __init__(
        self, *options: str, password: str | None = None, address: str = "127.0.0.1", port: int | None = None, prefix: tuple[str, ...] = ()
    ):
        self.directory = Path(tempfile.mkdtemp(prefix="fakeai-redis-"))
        self.address, self.port, self.password = address, port or free_port(), password
        access = ("--requirepass", password) if password else ()
        self.command = [
            *prefix, "redis-server", "--port", str(self.port), "--bind", address, "--save", "", "--dir", str(self.directory),
            "--protected-mode", "no", *access, *options,
        ]
        self.process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return f"redis://{f':{self.password}@' if self.password else ''}{self.address}:{self.port}"

    def start(self) -> None:
        with (self.directory / "log").open("ab") as log:
            self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        eventually(self.answers, within=10, what=f"an answer of Redis at port {self.port}")

    def call(self, *words: str) -> bytes:
        """Sends a command, and returns the first 64 KiB of the reply as it came."""
        with socket.create_connection((self.address, self.port), timeout=2) as connection:
            if self.password:
                connection.sendall(encoded("AUTH", self.password))
                connection.recv(100)
            connection.sendall(encoded(*words))
            return connection.recv(1 << 16)

    def number(self, *words: str) -> int:
        """The reply to a command that returns a number, or a string that is one; 0 for nothing."""
        lines = self.call(*words).split(b"\r\n")
        return int(lines[1 if lines[0].startswith(b"$") else 0].lstrip(b":") or 0)

    def answers(self) -> bool:
        try:
            return self.call("PING") == b"+PONG\r\n"
        except OSError:
            return False

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def pause(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def close(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.kill()
        shutil.rmtree(self.directory, ignore_errors=True)


@cache
def shared_server() -> RedisServer:
    """One for all tests of a session that have keys with a prefix of their own. It ends with the session, however that ends."""
    server = RedisServer(prefix=("setpriv", "--pdeathsig", "KILL"))
    server.start()
    return server


def encoded(*words: str) -> bytes:
    return f"*{len(words)}\r\n".encode() + b"".join(f"${len(word.encode())}\r\n{word}\r\n".encode() for word in words)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
