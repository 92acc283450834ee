"""HTTP without a client's good manners: targets, headers and bodies go out as they are given."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterable
from dataclasses import dataclass

from pool import Pool

SILENCE = 15
"""Seconds without a byte after which nothing more is expected; longer than any limit of the server on a slow client."""

Headers = Iterable[tuple[str, str | bytes]]


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def error(self) -> dict:
        """The error object, after its shape was checked: OpenAI's four fields, typed as OpenAI's clients expect them."""
        assert self.headers["Content-Type"].startswith("application/json"), (self.status, self.headers.items(), self.body)
        document = json.loads(self.body)
        assert list(document) == ["error"], document
        error = document["error"]
        assert {"message", "type", "param", "code"} <= error.keys(), error
        assert isinstance(error["message"], str) and error["message"], error
        assert isinstance(error["type"], str), error
        assert isinstance(error["param"], str | None), error
        assert isinstance(error["code"], str | None), error
        return error


def send(pool: Pool, method: str, target: str, body: bytes | None = None, headers: Headers = ()) -> Answer:
    """One request on a connection of its own. `Host` and, for a body, its length are added unless given."""
    given = {name.lower() for name, _ in headers}
    connection = http.client.HTTPConnection("127.0.0.1", pool.port, timeout=30)
    try:
        connection.putrequest(method, target, skip_host="host" in given, skip_accept_encoding=True)
        for name, value in headers:
            connection.putheader(name, value)
        if body is not None and not given & {"content-length", "transfer-encoding"}:
            connection.putheader("Content-Length", str(len(body)))
        try:
            connection.endheaders(body)
        except (BrokenPipeError, ConnectionResetError):
            pass  # A server that refuses a body early answers before it is sent whole.
        response = connection.getresponse()
        # A stream of events has no end; its beginning is enough.
        is_endless = response.status == 200 and target.startswith("/_fakeai/events")
        read = response.read1 if is_endless else response.read
        return Answer(response.status, response.headers, read())
    finally:
        connection.close()


def post(pool: Pool, body: bytes | object, content_type: str = "application/json", headers: Headers = ()) -> Answer:
    """POST /v1/images/generations with `body`: bytes as they are, anything else as JSON."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return send(pool, "POST", "/v1/images/generations", data, [("Content-Type", content_type), *headers])


def raw(pool: Pool, request: bytes, *, then_close: bool = False) -> bytes:
    """Sends `request` as it is, and returns all that comes back until the server closes or falls silent."""
    with socket.create_connection(("127.0.0.1", pool.port), timeout=SILENCE) as connection:
        connection.sendall(request)
        if then_close:
            connection.shutdown(socket.SHUT_WR)
        chunks = []
        try:
            while chunk := connection.recv(65536):
                chunks.append(chunk)
        except (TimeoutError, ConnectionResetError):
            pass
        return b"".join(chunks)
