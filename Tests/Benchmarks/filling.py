"""Stores of different sizes, full of images: how long one takes to reserve, and what a GET and a POST cost."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

import asking
from asking import Cost, Request, microseconds
from pool import Pool
from section import Section
from table import markdown

WORKERS = 2
MIB = 1 << 20
SIZES = [64, 512, 2048, 8192]
"""MiB."""
MOST_OF_MEMORY = 0.6
"""A store that would take more of what is free is left out."""

PADDED = MIB // 4
"""The bytes of the images that fill a store."""
PER_REQUEST = 10
READ = 16
"""Small images among them, from the oldest to the newest, of which the GETs ask."""


def measure() -> list[Section]:
    fitting = [size for size in SIZES if size * MIB < MOST_OF_MEMORY * free_memory()]
    stores = [Store.measured(size) for size in fitting]
    missing = "".join(f" A store of {size} MiB does not fit this machine's memory." for size in SIZES if size not in fitting)
    text = f"""
A store is reserved in /dev/shm when it is created: `start` is the time until `fakeai-images serve` prints its address, and `ms/MiB`
what that takes longer than with the smallest store. It is filled with images of {PADDED >> 10} KiB. GETs ask for {READ} of 256x256 among
them, from the oldest to the newest, and POSTs for standard ones of 256x256, by which the oldest are evicted. Processor time of a request:
wrk, {asking.CONNECTIONS} connections, {WORKERS} workers, median of {asking.ROUNDS} turns of {asking.SECONDS} s.{missing}

{markdown(Store.head, [store.cells(stores[0]) for store in stores])}"""
    return [Section("Cost by the size of the store", text)]


def free_memory() -> int:
    """Bytes, of /dev/shm and of the machine."""
    shared = os.statvfs("/dev/shm")
    lines = Path("/proc/meminfo").read_text().splitlines()
    available = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
    return min(shared.f_bavail * shared.f_frsize, available)


@dataclass(frozen=True)
class Store:
    head = ["MiB", "images", "start ms", "ms/MiB", "GET, worker µs", "POST, worker µs"]

    size: int
    """MiB."""
    images: int
    start: float
    """Seconds."""
    get: Cost
    post: Cost

    @classmethod
    def measured(cls, size: int) -> Store:
        pool = Pool("--workers", str(WORKERS), IMAGE_STORE_SIZE=f"{size}M")
        try:
            began = time.perf_counter()
            pool.start()
            start = time.perf_counter() - began
            get = Request.get(*fill(pool, size * MIB * 8 // 10, READ))
            images = pool.statistics()["total_images"]
            read = asking.rounds(pool, {"GET": get})["GET"]
            fill(pool, size * MIB * 2 // 10, 1)
            written = asking.rounds(pool, {"POST": Request.post(size="256x256")})["POST"]
            return cls(size, images, start, Cost.median(read), Cost.median(written))
        finally:
            pool.close()

    def cells(self, smallest: Store) -> list[str]:
        longer = f"{(self.start - smallest.start) * 1000 / (self.size - smallest.size):.2f}" if self != smallest else ""
        costs = [microseconds(self.get.workers), microseconds(self.post.workers)]
        return [str(self.size), str(self.images), f"{self.start * 1000:.0f}", longer, *costs]


def fill(pool: Pool, count: int, small: int) -> list[str]:
    """Makes images of `count` bytes in all, in parts that begin with a small one each; returns the paths of these."""
    paths = []
    with pool.client() as client:
        for _ in range(small):
            response = client.post(asking.GENERATIONS, json={"prompt": "A lake", "size": "256x256"}).raise_for_status()
            paths.append(response.json()["data"][0]["url"].removeprefix(pool.url))
            for _ in range(count // small // PADDED // PER_REQUEST):
                padded = {"prompt": f"[[fakeai bytes={PADDED}]] A lake", "size": "256x256", "n": PER_REQUEST}
                client.post(asking.GENERATIONS, json=padded).raise_for_status()
    return paths
