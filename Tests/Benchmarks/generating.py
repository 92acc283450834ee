"""POST /v1/images/generations through nginx beside the seed's server, in turns."""

from __future__ import annotations

from pathlib import Path

from pool import Pool
from promise import Promise
from section import Section
from seed_server import SeedServer
from table import markdown
from wrk import Rate, Wrk

WORKERS = 2
CONNECTIONS = 8
SECONDS = 6
ROUNDS = 3
TIMES_THE_RATE = {"standard": 40, "hd": 60}
"""Of the seed's server."""

SCRIPT = Path(__file__).with_name("generations.lua")


def measure() -> list[Section]:
    pool = Pool("--workers", str(WORKERS))
    try:
        pool.start()
        with SeedServer() as seed:
            rows = [Row(quality, *compare(quality, pool.url, seed.url)) for quality in TIMES_THE_RATE]
    finally:
        pool.close()
    text = f"""
POSTs per second for images of 1024x1024 by URL, each with a different prompt: wrk, {CONNECTIONS} connections, median of {ROUNDS} turns of
{SECONDS} s. fakeai-images runs behind nginx with {WORKERS} workers. The Python module's server is one process, as shipped, but
**without its artificial sleep** of 2 to 4.25 s per image, which was removed with a patch.

{markdown(Row.head, [row.cells for row in rows])}"""
    return [Section("Images generated over HTTP", text, [row.promise for row in rows])]


def compare(quality: str, ours: str, seed: str) -> tuple[Rate, Rate]:
    for url in (ours, seed):
        rate(url, quality, "warm-up", seconds=1)
    turns = [(rate(ours, quality, f"turn {turn}"), rate(seed, quality, f"turn {turn}")) for turn in range(ROUNDS)]
    return tuple(Rate.median(rates) for rates in zip(*turns, strict=True))


def rate(url: str, quality: str, name: str, seconds: int = SECONDS) -> Rate:
    # The seed draws for all connections in turn: longer than wrk waits by itself.
    options = ["--timeout", "60s", "--script", str(SCRIPT)]
    endpoint = f"{url}/v1/images/generations"
    with Wrk(endpoint, connections=CONNECTIONS, seconds=seconds, options=options, arguments=[quality, name]) as wrk:
        return wrk.rate()


class Row:
    head = ["image", "ours /s", "Python /s", "times the rate", "ours ms", "Python ms"]

    def __init__(self, quality: str, ours: Rate, seed: Rate):
        self.quality, self.ours, self.seed = quality, ours, seed
        self.ratio = ours.per_second / seed.per_second

    @property
    def cells(self) -> list[str]:
        rates = [f"{self.ours.per_second:.0f}", f"{self.seed.per_second:.1f}", f"{self.ratio:.0f}"]
        return [f"1024x1024 {self.quality}", *rates, f"{self.ours.mean_latency * 1000:.1f}", f"{self.seed.mean_latency * 1000:.0f}"]

    @property
    def promise(self) -> Promise:
        what = f"POST of {self.quality} compared with the Python module's server"
        return Promise(what, self.ratio, "times the rate", at_least=TIMES_THE_RATE[self.quality])
