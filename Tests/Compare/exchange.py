"""One request on a connection of its own, byte for byte, and all that comes back."""

from __future__ import annotations

import socket
import time
from dataclasses import dataclass

SILENCE = 30.0
"""Seconds without a byte after which nothing more is expected."""


@dataclass(frozen=True)
class Answer:
    """What came back until the connection's end."""

    line: str
    """The status line; "" if nothing came."""
    headers: tuple[tuple[str, str], ...]
    """In the order and the spelling in which they came."""
    body: bytes
    """Without the framing of chunks."""
    ending: str
    """How the connection ended: `closed`, `reset`, or `silence` if it was still open."""
    is_whole: bool
    """Whether the body is as long as its headers say, or its last chunk came."""

    def header(self, name: str) -> str | None:
        return next((value for other, value in self.headers if other.lower() == name.lower()), None)


def exchange(port: int, request: bytes, patience: float = SILENCE) -> Answer:
    """Sends `request` as it is, and waits at most `patience` seconds for each next byte."""
    received, ending = bytearray(), "closed"
    with socket.create_connection(("127.0.0.1", port), timeout=patience) as connection:
        try:
            connection.sendall(request)
        except (BrokenPipeError, ConnectionResetError):
            pass  # A server that refuses a body early answers before it is sent whole.
        try:
            deadline = time.monotonic() + 2 * patience
            while chunk := connection.recv(1 << 16):
                received += chunk
                if time.monotonic() > deadline:
                    raise TimeoutError
        except TimeoutError:
            ending = "silence"
        except ConnectionResetError:
            ending = "reset"
    return parsed(bytes(received), ending, is_head=request.startswith(b"HEAD "))


def parsed(received: bytes, ending: str, *, is_head: bool) -> Answer:
    if received.startswith(b"HTTP/1.1 100 "):
        received = received.partition(b"\r\n\r\n")[2]
    head, separator, body = received.partition(b"\r\n\r\n")
    line, *fields = head.decode("latin-1").split("\r\n")
    if not separator or not line.startswith("HTTP/"):
        return Answer("", (), received, ending, is_whole=False)
    headers = tuple((name, value.strip()) for name, _, value in (field.partition(":") for field in fields))
    named = {name.lower(): value for name, value in headers}
    if named.get("transfer-encoding") == "chunked":
        body, is_whole = unchunked(body)
    else:
        is_whole = is_head or line.split()[1] in ("204", "304") or len(body) == int(named.get("content-length", len(body)))
    return Answer(line, headers, body, ending, is_whole)


def unchunked(framed: bytes) -> tuple[bytes, bool]:
    """The content of all chunks, and whether the last one came."""
    content = bytearray()
    while True:
        size, separator, rest = framed.partition(b"\r\n")
        if not separator:
            return bytes(content), False
        length = int(size, 16)
        content += rest[:length]
        if length == 0 or len(rest) < length + 2:
            return bytes(content), length == 0
        framed = rest[length + 2:]
