"""Many clients at once, each on a connection of its own: as little as that takes, so that the crowd itself costs little."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Reply:
    status: int
    """0 where the connection ended without an answer."""
    headers: dict[str, str]
    body: bytes
    seconds: float
    """From the request's last byte to the answer's."""


class Client:
    """One connection, kept from request to request."""

    def __init__(self, port: int):
        self.port = port
        self.streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, body: object, headers: Mapping[str, str] = {}) -> Reply:
        """POST /v1/images/generations."""
        data = json.dumps(body).encode()
        head = {"Content-Type": "application/json", "Content-Length": str(len(data))}
        return await self.ask("POST /v1/images/generations", head | headers, data)

    async def get(self, path: str) -> Reply:
        return await self.ask(f"GET {path}", {})

    async def ask(self, request: str, headers: Mapping[str, str], data: bytes = b"") -> Reply:
        """An end of the connection is an answer with status 0."""
        head = {"Host": f"127.0.0.1:{self.port}"} | headers
        lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
        start = time.monotonic()
        try:
            reader, writer = await self.connected()
            start = time.monotonic()
            writer.write(f"{request} HTTP/1.1\r\n{lines}\r\n".encode() + data)
            status, fields = await self.head(reader)
            content = await reader.readexactly(int(fields["content-length"]))
        except (ConnectionError, asyncio.IncompleteReadError):
            self.close()
            return Reply(0, {}, b"", time.monotonic() - start)
        except asyncio.CancelledError:
            # Otherwise, the connection would end when Python collects its garbage.
            self.close()
            raise
        # nginx ends each connection after so many requests, and says so in the last answer.
        if fields.get("connection") == "close":
            self.close()
        return Reply(status, fields, content, time.monotonic() - start)

    async def connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self.streams is None:
            self.streams = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 20)
        return self.streams

    async def head(self, reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
        line, *fields = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")[:-2]
        pairs = (field.partition(": ") for field in fields)
        return int(line.split()[1]), {name.lower(): value for name, _, value in pairs}

    def close(self) -> None:
        if self.streams is not None:
            self.streams[1].close()
            self.streams = None


async def at_once(
    port: int, bodies: Sequence[object], headers: Mapping[str, str] = {}, *, within: float = 0
) -> list[Reply]:
    """Each of `bodies` from a client of its own; they come evenly over `within` seconds."""

    async def one(number: int, body: object) -> Reply:
        await asyncio.sleep(within * number / len(bodies))
        client = Client(port)
        try:
            return await client.post(body, headers)
        finally:
            client.close()

    return await asyncio.gather(*(one(number, body) for number, body in enumerate(bodies)))


async def in_turns(port: int, count: int, clients: int, body: object, headers: Mapping[str, str] = {}) -> list[Reply]:
    """`body` so many times, by so many clients that each ask again as soon as they are answered."""
    left = iter(range(count))
    replies = []

    async def ask() -> None:
        client = Client(port)
        for _ in left:
            replies.append(await client.post(body, headers))
        client.close()

    await asyncio.gather(*(ask() for _ in range(clients)))
    return replies


def quantile(values: Iterable[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]
