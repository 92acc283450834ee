"""One request as it is written, and one response."""

from __future__ import annotations

import http.client
import socket

from http_libraries import HOST, Headers
from pool import Pool
from wire import Answer


def exchange(pool: Pool, method: str, target: str, headers: Headers, body: bytes = b"") -> Answer:
    """Sends a request as it is written, and reads one response."""
    host = f"127.0.0.1:{pool.port}"
    head = "".join(f"{name}: {value.replace(HOST, host)}\r\n" for name, value in headers)
    with socket.create_connection(("127.0.0.1", pool.port), timeout=30) as connection:
        connection.sendall(f"{method} {target} HTTP/1.1\r\n{head}\r\n".encode() + body)
        response = http.client.HTTPResponse(connection, method=method)
        response.begin()
        return Answer(response.status, response.headers, response.read())
