"""GET /images/<id>.png beside the least that a FastCGI server can do, behind the same nginx and as many processes, in turns."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import httpx

from nginx_site import Site
from pool import Pool
from processes import eventually
from promise import Promise
from section import Section
from serving import CONNECTIONS, ROUNDS, SECONDS, rate
from table import markdown
from wrk import Rate

SOURCE = Path(__file__).with_name("minimal_fastcgi.c")
BYTES = [5 << 10, 22 << 10, 200 << 10]
PROCESSES = 2
LEAST_SHARE = 90
"""Per cent of the other server's rate."""


def measure() -> list[Section]:
    pool = Pool("--workers", str(PROCESSES))
    try:
        pool.start()
        with Site.before(pool) as site:
            rows = [Row(*compare(pool, site, count)) for count in BYTES]
    finally:
        pool.close()
    text = f"""
GETs per second through nginx: wrk, {CONNECTIONS} connections, median of {ROUNDS} turns of {SECONDS} s. `minimal` is a server of
{len(SOURCE.read_text().splitlines())} lines of C, which answers every request with the same bytes from its memory.

{markdown(Row.head, [row.cells for row in rows])}"""
    return [Section("Images beside a minimal FastCGI server", text, [row.promise for row in rows])]


def compare(pool: Pool, site: Site, count: int) -> tuple[int, Rate, Rate]:
    [url] = pool.urls(prompt=f"[[fakeai bytes={count}]] A lake", size="256x256")
    path = url.removeprefix(pool.url)
    length = len(httpx.get(site.url + path).content)
    with MinimalServer(length) as server, Site(server.socket) as other:
        turns = [(rate(other.url + path), rate(site.url + path)) for _ in range(ROUNDS)]
    minimal, ours = (Rate.median(rates) for rates in zip(*turns, strict=True))
    return length, minimal, ours


class MinimalServer:
    """Answers each GET with as many bytes."""

    def __init__(self, count: int):
        self.count = count
        self.directory = tempfile.TemporaryDirectory(prefix="fakeai-bench-")
        self.socket = Path(self.directory.name) / "worker.sock"

    def __enter__(self) -> MinimalServer:
        program = self.socket.with_name("minimal_fastcgi")
        subprocess.run(["clang", "-O2", "-o", program, SOURCE], check=True)
        self.process = subprocess.Popen([program, self.socket, str(self.count), str(PROCESSES)])
        eventually(self.socket.exists, within=10, what="the minimal server listens")
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(timeout=10)
        self.directory.cleanup()


class Row:
    head = ["KB", "minimal /s", "ours /s", "share"]

    def __init__(self, length: int, minimal: Rate, ours: Rate):
        self.length, self.minimal, self.ours = length, minimal, ours
        self.share = 100 * ours.per_second / minimal.per_second

    @property
    def cells(self) -> list[str]:
        return [f"{self.length / 1024:.0f}", f"{self.minimal.per_second:.0f}", f"{self.ours.per_second:.0f}", f"{self.share:.0f} %"]

    @property
    def promise(self) -> Promise:
        return Promise(f"GET of {self.length >> 10} KB, share of a minimal FastCGI server's rate", self.share, "%", at_least=LEAST_SHARE)
