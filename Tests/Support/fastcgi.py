"""The least of a FastCGI client: one request to one worker, without nginx between them.

Records as in the FastCGI specification 1.0: version, type, request id, content length, padding, reserved; then the content.
"""

from __future__ import annotations

import socket
import struct

BEGIN_REQUEST, END_REQUEST, PARAMS, STDIN, STDOUT = 1, 3, 4, 5, 6
RESPONDER = 1


def get(connection: socket.socket, path: str) -> bytes:
    """What the worker answers to GET `path`: header lines, a blank line, the body."""
    parameters = {
        "REQUEST_METHOD": "GET", "REQUEST_URI": path, "DOCUMENT_URI": path, "QUERY_STRING": "", "CONTENT_TYPE": "",
        "CONTENT_LENGTH": "", "REQUEST_SCHEME": "http", "REMOTE_ADDR": "127.0.0.1", "SERVER_NAME": "localhost",
        "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "localhost", "REQUEST_ID": "0" * 32,
    }
    encoded = b"".join(pair(name.encode(), value.encode()) for name, value in parameters.items())
    connection.sendall(
        record(BEGIN_REQUEST, struct.pack(">HB5x", RESPONDER, 0))
        + record(PARAMS, encoded) + record(PARAMS, b"") + record(STDIN, b"")
    )
    answer = b""
    with connection.makefile("rb") as stream:
        while True:
            _, kind, _, length, padding, _ = struct.unpack(">BBHHBB", exactly(stream, 8))
            content = exactly(stream, length + padding)[:length]
            if kind == STDOUT:
                answer += content
            if kind == END_REQUEST:
                return answer


def record(kind: int, content: bytes) -> bytes:
    return struct.pack(">BBHHBB", 1, kind, 1, len(content), 0, 0) + content


def pair(name: bytes, value: bytes) -> bytes:
    assert len(name) < 128 and len(value) < 128
    return bytes([len(name), len(value)]) + name + value


def exactly(stream, length: int) -> bytes:
    data = stream.read(length)
    if len(data) < length:
        raise ConnectionError("the worker closed before the end of its answer")
    return data
