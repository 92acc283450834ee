"""A process that is stopped with the store's lock holds up writers for a moment, readers not at all."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx
import pytest

from pool import Pool
from processes import eventually
from stopped_writer import StoppedWriter


def timed_post(pool: Pool) -> tuple[httpx.Response, float]:
    began = time.monotonic()
    return pool.generate(size="256x256"), time.monotonic() - began


@contextmanager
def reading(url: str) -> Iterator[list[float]]:
    """Reads what is there without pause, and collects how long each read took."""
    expected = httpx.get(url).content
    times: list[float] = []
    over = threading.Event()

    def read() -> None:
        with httpx.Client(timeout=30) as client:
            while not over.is_set():
                began = time.monotonic()
                response = client.get(url)
                assert (response.status_code, response.content) == (200, expected)
                times.append(time.monotonic() - began)

    with ThreadPoolExecutor(4) as threads:
        readers = [threads.submit(read) for _ in range(4)]
        try:
            yield times
        finally:
            over.set()
        for reader in readers:
            reader.result()


def slowest_read(url: str) -> float:
    """How long a read may take on this machine as it is, with nothing in its way."""
    with reading(url) as reads:
        time.sleep(1)
    return max(reads)


def assert_asks_to_come_back(refusal: httpx.Response) -> None:
    assert refusal.status_code == 503, refusal.text
    assert 1 <= int(refusal.headers["Retry-After"]) <= 5
    assert refusal.headers["Content-Type"] == "application/json"
    assert refusal.json()["error"] == {
        "message": "another process holds the image store's lock and is not making progress",
        "type": "service_unavailable_error", "param": None,
        "code": "image_store_unavailable",
    }


@pytest.mark.parametrize("end, owners_died", [(signal.SIGCONT, 0), (signal.SIGKILL, 1)])
def test_posts_are_refused_for_as_long_as_the_lock_is_held_and_reads_go_on(start, end, owners_died):
    pool = start("--workers", "2")
    [url] = pool.urls(size="256x256")
    expected = httpx.get(url).content

    usual = slowest_read(url)
    with StoppedWriter(pool.store) as writer:
        with reading(url) as reads:
            refusal, patience = timed_post(pool)
            assert_asks_to_come_back(refusal)
            with ThreadPoolExecutor(12) as threads:
                refusals = list(threads.map(timed_post, [pool] * 12))
        for refusal, _ in refusals:
            assert_asks_to_come_back(refusal)
        assert max(taken for _, taken in refusals) < 2 * patience, "who came together waited one after the other"
        assert max(reads) < patience / 2 + usual, "a read waited for the lock"
        writer.send(end)

    eventually(lambda: pool.generate(size="256x256").status_code == 200, within=10, what="a picture is stored again")
    assert httpx.get(url).content == expected
    assert pool.statistics()["store"]["lock_owners_died"] == owners_died


def test_expired_images_are_swept_while_requests_go_on(start):
    """Sweeping takes the lock as well, which no worker's loop may wait for."""
    pool = start("--workers", "2", IMAGE_RETENTION_HOURS=0.0003)
    usual = slowest_read(f"{pool.url}/healthz")
    with StoppedWriter(pool.store), reading(f"{pool.url}/healthz") as reads:
        _, patience = timed_post(pool)
        timed_post(pool)
    assert max(reads) < patience / 2 + usual, "a sweep held up the loop"
