"""A client of /_fakeai/events, as little as that takes: one socket, and the events that came over it."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Event:
    name: str
    data: dict
    id: str | None = None


@dataclass
class EventStream:
    """One open stream. `path` has the query; `headers` are the request's."""

    port: int
    path: str = "/_fakeai/events"
    headers: Mapping[str, str] = field(default_factory=dict)
    room: int | None = None
    """Bytes of the socket's buffer for what comes; nil: the system's choice."""

    def __post_init__(self) -> None:
        self.socket = socket.socket()
        if self.room:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self.room)
        self.socket.settimeout(30)
        self.socket.connect(("127.0.0.1", self.port))
        lines = "".join(f"{name}: {value}\r\n" for name, value in self.headers.items())
        self.socket.sendall(f"GET {self.path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n{lines}\r\n".encode())
        self.bytes = b""
        self.text = ""
        """What has come and is no whole event yet."""
        self.events: list[Event] = []
        self.comments = 0
        self.last_id = self.headers.get("Last-Event-ID")
        self.retry: int | None = None
        while b"\r\n\r\n" not in self.bytes:
            self.receive()
        head, _, self.bytes = self.bytes.partition(b"\r\n\r\n")
        status, *fields = head.decode().split("\r\n")
        self.status = int(status.split()[1])
        self.answer = {name.lower(): value for name, _, value in (line.partition(": ") for line in fields)}
        self.unchunk()

    def receive(self) -> None:
        data = self.socket.recv(1 << 16)
        if not data:
            raise EOFError("the stream ended")
        self.bytes += data

    def read(self) -> None:
        """Reads what has come, or waits for something; EOFError at the end, however it comes."""
        try:
            self.receive()
        except ConnectionError as error:
            raise EOFError("the stream was cut off") from error
        self.unchunk()

    def until(self, condition: Callable[[], object], *, within: float = 30) -> None:
        """Reads until a condition holds."""
        deadline = time.monotonic() + within
        while not condition():
            assert time.monotonic() < deadline, f"not within {within:g} s; the last events: {self.events[-3:]}"
            self.socket.settimeout(max(deadline - time.monotonic(), 0.01))
            try:
                self.read()
            except TimeoutError:
                continue

    def until_sequence(self, last: int, *, within: float = 30) -> None:
        self.until(lambda: self.last_id is not None and int(self.last_id) >= last, within=within)

    def unchunk(self) -> None:
        """Takes the whole chunks (RFC 9112, section 7.1) out of the bytes, and the whole events out of the text."""
        while self.answer.get("transfer-encoding") == "chunked":
            size, separator, rest = self.bytes.partition(b"\r\n")
            length = int(size, 16) if separator else 0
            if not separator or len(rest) < length + 2:
                break
            if length == 0:
                raise EOFError("the stream ended")
            self.text += rest[:length].decode()
            self.bytes = rest[length + 2 :]
        *whole, self.text = self.text.split("\n\n")
        for block in whole:
            self.take(block)

    def take(self, block: str) -> None:
        values: dict[str, str] = {}
        for line in block.split("\n"):
            name, _, value = line.partition(": ")
            if line.startswith(":"):
                self.comments += 1
            elif name:
                values[name] = value
        self.last_id = values.get("id", self.last_id)
        self.retry = int(values["retry"]) if "retry" in values else self.retry
        if "data" in values:
            self.events.append(Event(values["event"], json.loads(values["data"]), values.get("id")))

    def named(self, name: str) -> list[dict]:
        return [event.data for event in self.events if event.name == name]

    @property
    def requests(self) -> list[dict]:
        return self.named("request")

    @property
    def worker(self) -> int:
        """The process that serves the stream."""
        return int(self.answer["x-fakeai-worker"].rpartition("-")[2])

    def close(self) -> None:
        self.socket.close()

    def __enter__(self) -> EventStream:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Follower(threading.Thread):
    """Reads a stream on a thread of its own and connects again whenever it ends, as a browser does; a browser waits a second before."""

    def __init__(self, port: int, path: str = "/_fakeai/events?topics=requests"):
        super().__init__(daemon=True)
        self.port, self.path = port, path
        self.events: list[Event] = []
        self.refusals: list[int] = []
        self.stream = EventStream(port, path)
        self.connections = 1
        self.is_closed = False
        self.start()

    def run(self) -> None:
        while not self.is_closed:
            try:
                self.stream.read()
            except TimeoutError:
                continue
            except (EOFError, OSError):
                self.keep()
                self.connect()
            self.keep()

    def keep(self) -> None:
        self.events += self.stream.events
        self.stream.events = []

    def connect(self) -> None:
        self.stream.close()
        last = self.stream.last_id
        while not self.is_closed:
            time.sleep(0.05)
            try:
                stream = EventStream(self.port, self.path, {"Last-Event-ID": last} if last else {})
            except (EOFError, OSError):
                continue
            if stream.status == 200:
                self.stream, self.connections = stream, self.connections + 1
                return
            self.refusals.append(stream.status)
            stream.close()

    @property
    def sequences(self) -> list[int]:
        return [int(event.id) for event in self.events if event.name == "request"]

    def close(self) -> None:
        self.is_closed = True
        try:
            self.stream.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.join(timeout=60)
        self.stream.close()
