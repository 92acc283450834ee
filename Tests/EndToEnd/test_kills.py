"""Workers are killed under load, faster than they grow old, and no client notices.

`KILL_SECONDS=60` makes it last (`make test-kills` does).
"""

from __future__ import annotations

import itertools
import os
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx

from pictures import checked_png
from pool import Pool
from processes import eventually, kill
from wrk import Wrk

WORKERS = 4
SECONDS = int(os.environ.get("KILL_SECONDS", "8"))
WRITERS = 3
EVERY = 0.2
"""Seconds between two kills."""
PROMPTS = [f"a lake, seen {number} times" for number in range(16)]


class Load:
    """Clients that POST and GET without pause and without retries.

    The same request draws the same picture, so each is compared with the one that was drawn before any worker was killed. An image is the
    same to the byte whenever it is fetched.
    """

    def __init__(self, pool: Pool):
        self.pool = pool
        urls = {prompt: pool.urls(**self.request(prompt))[0] for prompt in PROMPTS}
        self.expected = {prompt: httpx.get(url).content for prompt, url in urls.items()}
        self.told = [(url, self.expected[prompt]) for prompt, url in urls.items()]
        """(URL, file) of all that a client was told of."""
        self.counts: Counter[str] = Counter()
        self.errors: list[str] = []
        self.over = threading.Event()

    @contextmanager
    def running(self) -> Iterator[None]:
        with ThreadPoolExecutor(6) as threads:
            clients = [threads.submit(self.run, work) for work in [self.post] * WRITERS + [self.get] * 3]
            try:
                yield
            finally:
                self.over.set()
            for client in clients:
                client.result()

    @staticmethod
    def request(prompt: str) -> dict[str, object]:
        return {"prompt": prompt, "size": "512x512", "quality": "hd"}

    def run(self, work) -> None:
        with self.pool.client() as client:
            for number in itertools.count():
                if self.over.is_set():
                    return
                try:
                    work(client, number)
                    self.counts[work.__name__] += 1
                except (httpx.HTTPError, AssertionError) as error:
                    self.errors.append(f"{work.__name__}: {error!r}")

    def post(self, client: httpx.Client, number: int) -> None:
        prompt = PROMPTS[number % len(PROMPTS)]
        response = client.post("/v1/images/generations", json=self.request(prompt))
        assert response.status_code == 200, f"{response.status_code} {response.text}"
        [image] = response.json()["data"]
        file, expected = self.fetch(client, image["url"]), self.expected[prompt]
        # One process in a thousand compresses the same pixels to a few bytes more or less.
        assert file == expected or checked_png(file).tobytes() == checked_png(expected).tobytes(), f"{image['url']}: not what was drawn first"
        self.told.append((image["url"], expected if file == expected else file))

    def get(self, client: httpx.Client, _: int) -> None:
        self.check(client, *random.choice(self.told))

    def check(self, client: httpx.Client, url: str, file: bytes) -> None:
        assert self.fetch(client, url) == file, f"{url}: other bytes than were fetched first"

    def fetch(self, client: httpx.Client, url: str) -> bytes:
        response = client.get(url)
        assert response.status_code == 200, f"{url}: {response.status_code} {response.text}"
        return response.content


def answered(pool: Pool, route: str) -> float:
    """Answers with 200 that all workers counted, the dead included."""
    samples = pool.metrics()["fakeai_requests"].samples
    return sum(sample.value for sample in samples if sample.labels == {"route": route, "status": "200"})


def kill_one(pool: Pool, killed: Counter[int]) -> None:
    if workers := sorted(pool.workers):
        victim = random.choice(workers)
        kill(victim)
        killed[victim] += 1


def test_no_client_notices_that_a_worker_is_killed_every_200_ms(start):
    pool = start("--workers", str(WORKERS), IMAGE_TIMESTAMP="2026-01-01 00:00:00", IMAGE_STORE_SIZE=f"{256 + 32 * SECONDS}M")
    load = Load(pool)
    [popular] = pool.urls(size="256x256")
    killed: Counter[int] = Counter()
    alive: list[int] = []
    # wrk's 64 connections see to it that at each kill nginx has idle connections to the victim.
    with load.running(), Wrk(popular, connections=64, seconds=SECONDS) as wrk:
        began = time.monotonic()
        while wrk.is_running:
            time.sleep(max(0, began + EVERY * (len(alive) + 1) - time.monotonic()))
            alive.append(len(pool.workers))
            kill_one(pool, killed)

        assert pool.statistics()["store"]["evicted"] == 0, "the store is too small for so long a run"
        rate = wrk.rate()
    print(f"\n{killed.total()} kills of {len(killed)} workers, {load.counts['post']} pictures made, {load.counts['get']} + ", end="")
    print(f"{rate.per_second * SECONDS:.0f} read; workers alive {min(alive)} to {max(alive)}; errors: {load.errors[:5]}")
    assert load.errors == []
    assert killed.total() > SECONDS / EVERY / 3
    assert min(alive) >= 1
    eventually(lambda: len(pool.workers) == WORKERS, within=10, what=f"{WORKERS} workers again")
    acknowledged = len(load.told) + 1
    # What a worker counted and did not get sent is counted again by the one that is asked next: one POST in hand for each who sends them.
    most = acknowledged + WRITERS * killed.total()
    assert acknowledged <= answered(pool, "/v1/images/generations") <= most
    assert acknowledged <= pool.statistics()["store"]["inserted"] <= most
    with pool.client() as client, ThreadPoolExecutor(6) as threads:
        sample = random.sample(load.told, min(40 * SECONDS, len(load.told)))
        list(threads.map(lambda image: load.check(client, *image), sample))
