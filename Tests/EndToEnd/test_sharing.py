"""Any worker serves what any other made, whichever of them lives, dies or starts anew."""

from __future__ import annotations

import itertools
import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from pictures import checked_png, recipe
from pool import Pool
from processes import eventually
from wrk import Wrk

WORKERS = 4


def make(pool: Pool, count: int, size: str = "256x256") -> list[tuple[str, str, str]]:
    """(URL, prompt, worker) of `count` images, ten to a request."""

    def ten(number: int) -> list[tuple[str, str, str]]:
        prompt = f"batch {number}"
        response = pool.generate(prompt=prompt, size=size, n=10)
        assert response.status_code == 200, response.text
        return [(image["url"], prompt, response.headers["X-FakeAI-Worker"]) for image in response.json()["data"]]

    with ThreadPoolExecutor(8) as threads:
        return [image for batch in threads.map(ten, range(count // 10)) for image in batch]


def test_200_images_fetched_10_times_each_are_the_same_bytes_from_every_worker(start):
    pool = start("--workers", str(WORKERS))
    images = make(pool, 200)
    assert len({url for url, _, _ in images}) == 200
    first: dict[str, bytes] = {}
    served_by: dict[str, set[str]] = {}

    with httpx.Client(timeout=30, limits=httpx.Limits(max_connections=32)) as client, ThreadPoolExecutor(32) as threads:
        fetches = [url for _ in range(10) for url, _, _ in images]
        for url, response in zip(fetches, threads.map(client.get, fetches)):
            assert response.status_code == 200, f"{url}: {response.status_code} {response.text}"
            assert response.content == first.setdefault(url, response.content), url
            served_by.setdefault(response.headers["X-FakeAI-Worker"], set()).add(url)

    assert len(served_by) >= 3, {worker: len(urls) for worker, urls in served_by.items()}
    foreign = {url for url, _, maker in images for worker in served_by if worker != maker and url in served_by[worker]}
    assert len(foreign) >= 100, "most images should have been served by a worker that did not make them"
    for url, prompt, _ in images:
        assert recipe(checked_png(first[url], "256x256"))["prompt"] == prompt


def test_each_worker_serves_what_each_other_made(pool):
    images: list[tuple[str, str, str]] = []
    pairs: set[tuple[str, str]] = set()
    with httpx.Client(timeout=30) as client, ThreadPoolExecutor(16) as threads:
        for _ in range(25):
            images += make(pool, 40)
            responses = threads.map(client.get, [url for url, _, _ in images])
            pairs |= {(maker, response.headers["X-FakeAI-Worker"]) for (_, _, maker), response in zip(images, responses)}
            if len(pairs) == WORKERS**2:
                break
    makers, servers = {maker for maker, _ in pairs}, {server for _, server in pairs}
    assert len(makers) == len(servers) == WORKERS
    assert pairs == set(itertools.product(makers, servers))


def test_killing_worker_after_worker_loses_no_image_and_no_client_notices(start):
    pool = start("--workers", str(WORKERS))
    kept = {url: httpx.get(url).content for url, _, _ in make(pool, 40)}
    load = Load(pool, kept)
    with load:
        for _ in range(2 * WORKERS):
            load.kill(min(pool.workers))
            eventually(lambda: len(pool.workers - load.killed) == WORKERS, within=20, what="4 workers again")
            load.wait_for_more(50)

    assert load.errors == []
    assert len(load.killed) == 2 * WORKERS
    for url, body in (kept | load.made).items():
        assert httpx.get(url).content == body


def test_no_request_of_64_connections_fails_while_workers_are_killed(start):
    """So many that at each kill nginx holds idle connections to the victim, and a retry may well choose one of them."""
    pool = start("--workers", str(WORKERS))
    [url] = pool.urls(size="256x256")
    killed: set[int] = set()
    with Wrk(url, connections=64, seconds=5) as wrk:
        while wrk.is_running:
            time.sleep(0.2)
            victim = min(pool.workers)
            killed.add(victim)
            os.kill(victim, signal.SIGKILL)
            eventually(lambda: len(pool.workers - killed) == WORKERS, within=20, what="4 workers again")
        wrk.rate()
    assert len(killed) >= 4


def test_a_full_stop_and_start_still_serves_the_images(start):
    pool = start("--workers", "2")
    before = {url: httpx.get(url).content for url, _, _ in make(pool, 20)}
    pool.stop()
    with pytest.raises(httpx.ConnectError):
        httpx.get(pool.url)
    pool.start()
    assert {url: httpx.get(url).content for url in before} == before
    assert pool.statistics()["total_images"] == 20


class Load:
    """Clients that POST and GET without pause and without retries, and remember every answer that was not right."""

    def __init__(self, pool: Pool, kept: dict[str, bytes]):
        self.pool = pool
        self.kept = list(kept.items())
        self.made: dict[str, bytes] = {}
        self.errors: list[str] = []
        self.killed: set[int] = set()
        self.count = 0
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self.run, args=(work,)) for work in [self.post] * 2 + [self.get] * 4]

    def __enter__(self) -> None:
        for thread in self.threads:
            thread.start()

    def __exit__(self, *_: object) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join(timeout=60)

    def run(self, work) -> None:
        with self.pool.client() as client:
            while not self.over.is_set():
                try:
                    work(client)
                except (httpx.HTTPError, AssertionError, KeyError) as error:
                    self.errors.append(f"{work.__name__}: {error!r}")
                self.count += 1

    def post(self, client: httpx.Client) -> None:
        response = client.post("/v1/images/generations", json={"prompt": "under load", "size": "256x256", "quality": "hd"})
        assert response.status_code == 200, f"{response.status_code} {response.text}"
        url = response.json()["data"][0]["url"]
        self.made[url] = self.fetch(client, url)

    def get(self, client: httpx.Client) -> None:
        url, body = self.kept[self.count % len(self.kept)]
        assert self.fetch(client, url) == body, f"{url} changed"

    def fetch(self, client: httpx.Client, url: str) -> bytes:
        response = client.get(url)
        assert response.status_code == 200, f"{url}: {response.status_code} {response.text}"
        return response.content

    def kill(self, worker: int) -> None:
        self.killed.add(worker)
        os.kill(worker, signal.SIGKILL)

    def wait_for_more(self, answers: int) -> None:
        goal = self.count + answers
        eventually(lambda: self.count >= goal, within=30, what=f"{answers} more answers under load")
