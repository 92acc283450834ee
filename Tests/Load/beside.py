"""How long a GET takes beside requests that are meant to hurt, all answered by one worker: `make beside` (SECONDS=10 each)."""

from __future__ import annotations

import base64
import io
import json
import os
import random
import struct
import sys
import threading
import time
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Support"))

import httpx
from PIL import Image

from pool import Pool

MIB = 1 << 20
SIZE = 51 * MIB
JSON = "application/json"
FORM = "multipart/form-data; boundary=b"
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


def measure(pool: Pool, path: str, seconds: float, send: Callable[[httpx.Client], object] | None) -> tuple[list[float], int]:
    """Seconds that GETs took, and how many of the other requests were answered meanwhile."""
    done = threading.Event()
    answered = 0

    def hurt() -> None:
        nonlocal answered
        with httpx.Client(timeout=60) as client:
            while not done.is_set():
                send(client)
                answered += 1

    with ThreadPoolExecutor(1) as threads, pool.client() as client:
        hurting = threads.submit(hurt) if send else None
        times = []
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            begun = time.monotonic()
            client.get(path).raise_for_status()
            times.append(time.monotonic() - begun)
            time.sleep(random.random() * 0.004)
        done.set()
        if hurting:
            hurting.result()
    return times, answered


def peak(worker: int) -> float:
    """MiB that were resident at once since the last time."""
    lines = Path(f"/proc/{worker}/status").read_text().splitlines()
    most = next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))
    Path(f"/proc/{worker}/clear_refs").write_text("5")
    return most


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 10
    pool = Pool("--workers", "1")
    try:
        pool.start()
        path = pool.urls(prompt="a lake", size="256x256")[0].removeprefix(pool.url)
        rules = [{"match": {"prompt": "\U0001f1e6" * 100 + f"b{number}"}, "then": {"fault": "none"}} for number in range(60)]
        httpx.put(f"{pool.url}/_fakeai/rules", json=rules).raise_for_status()
        (worker,) = pool.workers
        print("| beside | answered | GETs | p50 ms | p99 ms | longest ms | peak MiB |\n| --- | --- | --- | --- | --- | --- | --- |")
        for name, request in [("nothing", None), *REQUESTS.items()]:
            send = None
            if request:
                route, kind, make = request
                body = make()

                def send(client: httpx.Client, route: str = route, kind: str = kind, body: bytes = body) -> None:
                    client.post(f"{pool.url}{route}", content=body, headers={"Content-Type": kind})

            peak(worker)
            times, answered = measure(pool, path, seconds, send)
            print(
                f"| {name} | {answered} | {len(times)} | {quantile(times, 0.5):.1f} | {quantile(times, 0.99):.1f} "
                f"| {max(times) * 1000:.1f} | {peak(worker):.0f} |", flush=True,
            )
        assert pool.workers == {worker}, "the worker ended"
    finally:
        pool.close()


if __name__ == "__main__":
    main()
