"""Any worker serves what any other made, whichever of them lives, dies or starts anew."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from pictures import checked_png, recipe
from pool import KEEP_ALL, Pool

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
        for url, response in zip(fetches, threads.map(client.get, fetches), strict=True):
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
    with httpx.Client(timeout=30, limits=KEEP_ALL) as client, ThreadPoolExecutor(16) as threads:
        for _ in range(25):
            images += make(pool, 40)
            responses = threads.map(client.get, [url for url, _, _ in images])
            pairs |= {(maker, response.headers["X-FakeAI-Worker"]) for (_, _, maker), response in zip(images, responses, strict=True)}
            if len(pairs) == WORKERS**2:
                break
    makers, servers = {maker for maker, _ in pairs}, {server for _, server in pairs}
    assert len(makers) == len(servers) == WORKERS
    assert pairs == set(itertools.product(makers, servers))


def test_a_full_stop_and_start_still_serves_the_images(start):
    pool = start("--workers", "2")
    before = {url: httpx.get(url).content for url, _, _ in make(pool, 20)}
    pool.stop()
    with pytest.raises(httpx.ConnectError):
        httpx.get(pool.url)
    pool.start()
    assert {url: httpx.get(url).content for url in before} == before
    assert pool.statistics()["total_images"] == 20
