"""GET /images/<id>.png behind nginx beside the same bytes as a static file of another nginx, in turns."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import httpx

from pool import Pool, free_port, image_id
from processes import eventually
from promise import Promise
from section import Section
from table import markdown
from wrk import Rate, Wrk

CONNECTIONS = 32
SECONDS = 2
ROUNDS = 9
PICTURES = {
    "256x256 standard": {"size": "256x256"},
    "512x512 standard": {"size": "512x512", "prompt": "A futuristic city skyline at night with neon lights in the rain"},
    "1024x1024 standard": {"prompt": "An oil painting of two old friends playing chess in a park, and a small dog asleep under the table"},
    "1024x1024 hd": {"quality": "hd"},
}
SHARES = {"512x512 standard": 50, "1024x1024 standard": 50}
"""Per cent of the static rate that we promise for usual pictures, of some 15 and 60 KB."""
LEAST_SHARE = 35
"""For any other."""

BUSY = (0.75 * CONNECTIONS, 2 * CONNECTIONS)
"""Bounds of requests/s times latency; wrk's figures are rough."""


def measure() -> list[Section]:
    pool = Pool()
    try:
        pool.start()
        urls = {name: pool.urls(**parameters)[0] for name, parameters in PICTURES.items()}
        bodies = {name: httpx.get(url).content for name, url in urls.items()}
        with StaticNginx({f"{image_id(urls[name])}.png": body for name, body in bodies.items()}) as static:
            rows = [Row(name, len(bodies[name]), *compare(static.url(url), url)) for name, url in urls.items()]
    finally:
        pool.close()
    text = f"""
GETs per second through nginx: wrk, {CONNECTIONS} connections, median of {ROUNDS} turns of {SECONDS} s. `static` is another nginx that
serves the same bytes as a file. `busy` is requests per second times latency, which must be close to {CONNECTIONS}.

{markdown(Row.head, [row.cells for row in rows])}"""
    return [Section("Images served", text, [promise for row in rows for promise in row.promises])]


def compare(static: str, ours: str) -> tuple[Rate, Rate]:
    turns = [(rate(static), rate(ours)) for _ in range(ROUNDS)]
    return tuple(Rate.median(rates) for rates in zip(*turns, strict=True))


def rate(url: str) -> Rate:
    with Wrk(url, connections=CONNECTIONS, seconds=SECONDS) as wrk:
        return wrk.rate()


class StaticNginx:
    """As many nginx workers as the pool's nginx has, serving files from memory with everything that makes nginx fast."""

    def __init__(self, files: dict[str, bytes]):
        self.port = free_port()
        self.directory = tempfile.TemporaryDirectory(prefix="fakeai-bench-", dir="/dev/shm")
        self.root = Path(self.directory.name)
        self.root.chmod(0o755)
        for name, body in files.items():
            (self.root / name).write_bytes(body)
        (self.root / "nginx.conf").write_text(self.configuration)

    @property
    def configuration(self) -> str:
        return f"""
            daemon off; pid {self.root}/pid; error_log stderr crit; worker_processes auto; events {{ worker_connections 1024; }}
            http {{
              access_log off; sendfile on; tcp_nopush on; tcp_nodelay on; keepalive_requests 1000000; open_file_cache max=100;
              types {{ image/png png; }}
              client_body_temp_path {self.root}/body; proxy_temp_path {self.root}/proxy; fastcgi_temp_path {self.root}/fastcgi;
              uwsgi_temp_path {self.root}/uwsgi; scgi_temp_path {self.root}/scgi;
              server {{ listen 127.0.0.1:{self.port}; root {self.root}; }}
            }}
            """

    def url(self, ours: str) -> str:
        return f"http://127.0.0.1:{self.port}/{image_id(ours)}.png"

    def __enter__(self) -> StaticNginx:
        self.process = subprocess.Popen(["/usr/sbin/nginx", "-e", "stderr", "-p", self.root, "-c", self.root / "nginx.conf"])
        eventually(self.answers, within=10, what="nginx serves static files")
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(timeout=10)
        self.directory.cleanup()

    def answers(self) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/", timeout=1).status_code > 0
        except httpx.ConnectError:
            return False


class Row:
    head = ["image", "KB", "static /s", "ours /s", "share", "static busy", "ours busy"]

    def __init__(self, name: str, length: int, static: Rate, ours: Rate):
        self.name, self.length, self.static, self.ours = name, length, static, ours
        self.share = 100 * ours.per_second / static.per_second

    @property
    def cells(self) -> list[str]:
        rates = [f"{self.static.per_second:.0f}", f"{self.ours.per_second:.0f}", f"{self.share:.0f} %"]
        return [self.name, f"{self.length / 1000:.0f}", *rates, f"{self.static.busy:.1f}", f"{self.ours.busy:.1f}"]

    @property
    def promises(self) -> list[Promise]:
        return [
            Promise(f"GET of {self.name}, share of nginx's static rate", self.share, "%", at_least=SHARES.get(self.name, LEAST_SHARE)),
            Promise(f"GET of {self.name}, requests/s times latency", self.ours.busy, f"of {CONNECTIONS} connections", *BUSY),
        ]
