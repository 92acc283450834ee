"""Measures GETs while other requests try to slow them down, all answered by one worker: `make beside` (SECONDS=10 each,
ROWS="form" for those whose names contain it).

Each turn asks for an image through nginx, for the same image of the worker alone, and for a file of nginx's own, which shows what nginx and
a machine whose processors are all busy take by themselves.
"""

from __future__ import annotations

import base64
import io
import json
import multiprocessing
import os
import random
import socket
import struct
import sys
import time
import zlib
from collections.abc import Callable
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Support"))

import httpx
from PIL import Image

import fastcgi
from pool import Pool

MIB = 1 << 20
SIZE = 51 * MIB
PIECE = 32 << 10
JSON = "application/json"
FORM = "multipart/form-data; boundary=b"
NGINX_OWN = "/favicon.ico"
GENERATIONS, EDITS = "/v1/images/generations", "/v1/images/edits"


def filled(head: bytes, element: bytes, tail: bytes) -> bytes:
    return head + element * ((SIZE - len(head) - len(tail)) // len(element)) + tail


def part(name: str, content: bytes, kind: str | None = None) -> bytes:
    file = f'; filename="x"\r\nContent-Type: {kind}' if kind else ""
    return f'--b\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode() + content + b"\r\n"


def form(*parts: bytes) -> bytes:
    return b"".join((part("prompt", b"a lake"), part("model", b"gpt-image-2"), *parts)) + b"--b--\r\n"


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def interlaced(side: int) -> bytes:
    """A PNG of 16 bits a channel and Adam7, whose pixels are all alike."""
    passes = [(8, 8), (8, 8), (4, 8), (4, 4), (2, 4), (2, 2), (1, 2)]
    rows = b"".join((b"\0" + bytes(8 * (side // across))) * (side // down) for across, down in passes)
    header = struct.pack(">IIBBBBB", side, side, 16, 6, 0, 0, 1)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def photograph(width: int, height: int) -> bytes:
    file = io.BytesIO()
    Image.effect_noise((width // 8, height // 8), 90).convert("RGB").resize((width, height)).save(file, "JPEG", quality=85)
    return file.getvalue()


def flags() -> bytes:
    return json.dumps({"prompt": "\U0001f1e6" * 32_000, "size": "256x256"}, ensure_ascii=False).encode()


def data_urls() -> bytes:
    urls = ["data:image/png;base64," + base64.b64encode(os.urandom(14 * MIB)).decode() for _ in range(2)]
    return json.dumps({"model": "gpt-image-2", "prompt": "a", "images": [{"image_url": url} for url in urls]}).encode()


REQUESTS: dict[str, tuple[str, str, Callable[[], bytes]]] = {
    "JSON: 25 million numbers": (GENERATIONS, JSON, lambda: filled(b'{"prompt":"a","x":[0', b",0", b"]}")),
    "JSON: 9 million escapes": (GENERATIONS, JSON, lambda: filled(b'{"prompt":"', b"\\u0041", b'"}')),
    "JSON: one string": (GENERATIONS, JSON, lambda: filled(b'{"prompt":"a","x":"', b"a", b'"}')),
    "JSON: two images of 14 MiB": (EDITS, JSON, data_urls),
    "a prompt of 32,000 flags, 60 rules": (GENERATIONS, JSON, flags),
    "form: one file of 49 MiB": (EDITS, FORM, lambda: form(part("image", b"\x89PNG\r\n\x1a\n" + bytes(49 * MIB), "image/png"))),
    "form: line breaks": (EDITS, FORM, lambda: form(part("image", b"\r\n--b-" * (49 * MIB // 7), "image/png"))),
    "form: 17 interlaced PNGs": (
        EDITS, FORM,
        lambda: form(*[part("image[]", interlaced(4096), "image/png")] * 16, part("mask", interlaced(4096), "image/png"))),
    "form: 16 photographs of 12 megapixels": (EDITS, FORM, lambda: form(*[part("image[]", photograph(4000, 3000), "image/jpeg")] * 16)),
}


def quantile(times: list[float], share: float) -> float:
    return sorted(times)[min(int(len(times) * share), len(times) - 1)] * 1000


def send_without_pause(path: str, port: int, kind: str, body: bytes, done: Event, answered: Queue[int]) -> None:
    """Sends a request again and again. Runs in a process of its own: in a thread it would make the GETs wait for Python's lock."""
    # Small pieces, as a network delivers them. One call for the whole body would copy megabytes inside the kernel, which some kernels
    # don't interrupt: for milliseconds neither nginx nor the worker would get this processor, which a real sender does not even share.
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    content = memoryview(body)
    count = 0
    visitor = Visitor(port)
    while not done.is_set():
        visitor.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 * PIECE)
        visitor.socket.sendall(head)
        for start in range(0, len(content), PIECE):
            visitor.socket.sendall(content[start:start + PIECE])
        count += 1
        if b"connection: close" in visitor.receive().lower():
            # nginx ends a connection after a thousand requests.
            visitor.close()
            visitor = Visitor(port)
    visitor.close()
    answered.put(count)


class Worker:
    """The pool's only worker, asked over its own socket: what nginx and a client's HTTP library take is left out."""

    def __init__(self, process: int, path: str):
        self.process, self.path = process, path
        inode = os.readlink(f"/proc/{process}/fd/0").removeprefix("socket:[").removesuffix("]")
        lines = map(str.split, Path("/proc/net/unix").read_text().splitlines())
        self.socket = next(fields[7] for fields in lines if len(fields) == 8 and fields[6] == inode)

    def get(self) -> None:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(self.socket)
            assert fastcgi.get(connection, self.path).startswith(b"Status: 200")


class Visitor:
    """A connection to nginx that is kept open. A client's HTTP library would take longer than nginx and the worker."""

    def __init__(self, port: int):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def get(self, path: str) -> None:
        self.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        head = self.receive()
        assert head.startswith(b"HTTP/1.1 200"), head

    def receive(self) -> bytes:
        """Reads an answer to its end, and returns its head."""
        received = b""
        while b"\r\n\r\n" not in received:
            received += self.some()
        head, body = received.split(b"\r\n\r\n", 1)
        missing = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0]) - len(body)
        while missing > 0:
            missing -= len(self.some())
        return head

    def some(self) -> bytes:
        received = self.socket.recv(1 << 16)
        assert received, "nginx closed the connection"
        return received

    def close(self) -> None:
        self.socket.close()


def timed(get: Callable[[Visitor], None], visitor: Visitor) -> float:
    begun = time.monotonic()
    get(visitor)
    return time.monotonic() - begun


def measure(pool: Pool, worker: Worker, seconds: float, hostile: tuple[str, int, str, bytes] | None) -> tuple[list[list[float]], int]:
    """Seconds that each kind of GET took (the image through nginx, the image of the worker alone, a file of nginx's own), and how many
    of the other requests were answered meanwhile."""
    done, answered = multiprocessing.Event(), multiprocessing.Queue()
    sender = multiprocessing.Process(target=send_without_pause, args=(*hostile, done, answered)) if hostile else None
    gets: list[Callable[[Visitor], None]] = [
        lambda visitor: visitor.get(worker.path), lambda _: worker.get(), lambda visitor: visitor.get(NGINX_OWN),
    ]
    times: list[list[float]] = [[], [], []]
    # Opened while nobody else asks, so that they are with all of nginx's processes, also with the one that reads the bodies.
    visitors = [Visitor(pool.port) for _ in range(16)]
    for visitor in visitors:
        visitor.get(worker.path)
    if sender:
        sender.start()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        visitor = random.choice(visitors)
        for get, taken in zip(gets, times, strict=True):
            taken.append(timed(get, visitor))
            time.sleep(random.random() * 0.004)
    done.set()
    count = answered.get(timeout=60) if sender else 0
    if sender:
        sender.join()
    for visitor in visitors:
        visitor.close()
    return times, count


def peak(worker: int) -> float:
    """MiB that were resident at once since the last time."""
    lines = Path(f"/proc/{worker}/status").read_text().splitlines()
    most = next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))
    Path(f"/proc/{worker}/clear_refs").write_text("5")
    return most


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 10
    rows = {name: request for name, request in REQUESTS.items() if (sys.argv[2] if len(sys.argv) > 2 else "") in name}
    pool = Pool("--workers", "1")
    try:
        pool.start()
        path = pool.urls(prompt="a lake", size="256x256")[0].removeprefix(pool.url)
        rules = [{"match": {"prompt": "\U0001f1e6" * 100 + f"b{number}"}, "then": {"fault": "none"}} for number in range(60)]
        httpx.put(f"{pool.url}/_fakeai/rules", json=rules).raise_for_status()
        (process,) = pool.workers
        worker = Worker(process, path)
        print("| beside | answered | GETs | image through nginx: p50, p99, longest | of the worker alone | nginx's own file | peak MiB |")
        print("|" + " --- |" * 7)
        for name, request in [("nothing", None), *rows.items()]:
            hostile = None
            if request:
                route, kind, make = request
                hostile = (route, pool.port, kind, make())
            peak(process)
            times, answered = measure(pool, worker, seconds, hostile)
            milliseconds = " | ".join(f"{quantile(of, 0.5):.1f}, {quantile(of, 0.99):.1f}, {max(of) * 1000:.1f}" for of in times)
            print(f"| {name} | {answered} | {len(times[0])} | {milliseconds} | {peak(process):.0f} |", flush=True)
        assert pool.workers == {process}, "the worker ended"
    finally:
        pool.close()


if __name__ == "__main__":
    main()
