"""The journal at /_fakeai/requests: what the whole pool was asked, told by any worker."""

from __future__ import annotations

import os
import select
import signal
import socket
import threading
import time
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial

import httpx
import openai
import pytest

from pool import Pool, image_id
from processes import eventually

WORKERS = 4


def journal(pool: Pool, **query: object) -> dict:
    return httpx.get(f"{pool.url}/_fakeai/requests", params=query, timeout=90).raise_for_status().json()


def requests(pool: Pool, **query: object) -> list[dict]:
    return journal(pool, **query)["requests"]


def all_requests(pool: Pool) -> list[dict]:
    """Page by page, as many to a page as there may be."""
    told: list[dict] = []
    page = journal(pool, since=0, limit=1000)
    while page["requests"]:
        told += page["requests"]
        page = journal(pool, since=page["next"], limit=1000)
    assert [entry["sequence"] for entry in told] == list(range(len(told)))
    return told


@pytest.fixture
def quiet_pool(start) -> Pool:
    return start("--workers", str(WORKERS))


def test_every_worker_tells_what_all_were_asked(quiet_pool):
    tellers: dict[str, list] = {}
    with quiet_pool.client() as client, ThreadPoolExecutor(8) as threads:

        def ask(number: int) -> tuple[str, str, list[str]]:
            response = client.post("/v1/images/generations", json={"prompt": f"picture {number}", "size": "256x256"})
            [image] = response.json()["data"]
            return response.headers["x-request-id"], response.headers["X-FakeAI-Worker"], [image_id(image["url"])]

        def tell(_: int) -> set[str]:
            response = client.get("/_fakeai/requests?limit=1000")
            tellers[response.headers["X-FakeAI-Worker"]] = response.json()["requests"]
            return set(tellers)

        asked = until_all_took_part(
            lambda start: threads.map(ask, range(start, start + 60)), lambda asked: {worker for _, worker, _ in asked})
        until_all_took_part(lambda _: threads.map(tell, range(60)), lambda told: told[-1])
    for told in tellers.values():
        assert sorted((entry["request_id"], entry["worker"], entry["images"]) for entry in told) == sorted(asked)
        assert [entry["sequence"] for entry in told] == list(range(len(asked)))
        assert {entry["parameters"]["prompt"] for entry in told} == {f"picture {number}" for number in range(len(asked))}


def until_all_took_part(again: Callable, workers: Callable) -> list:
    """What came of doing something again and again, until each worker had its part in it: nobody says which one gets a connection."""
    done = []
    for _ in range(16):
        done += again(len(done))
        if len(workers(done)) == WORKERS:
            return done
    raise AssertionError(f"after {len(done)} requests only {workers(done)} had taken part")


def test_an_openai_client_shows_with_its_key_and_its_retries(start):
    pool = start("--workers", "2", REQUESTS_PER_MINUTE=60)
    with openai.OpenAI(api_key="sk-secret-of-mine-4711", base_url=f"{pool.url}/v1", max_retries=3) as client:
        for _ in range(70):
            if client.images.with_raw_response.generate(model="dall-e-3", prompt="A lake", size="256x256").retries_taken:
                break
    told = requests(pool, limit=1000)
    assert {entry["key"] for entry in told} == {"4711"}
    assert [entry["retry_count"] for entry in told if entry["status"] == 429] == [0]
    assert told[-1]["status"] == 200 and told[-1]["retry_count"] == 1
    assert "secret" not in httpx.get(f"{pool.url}/_fakeai/requests").text


def test_who_waits_is_told_as_soon_as_it_happens(quiet_pool):
    since = journal(quiet_pool, limit=0)["next"]
    told: list[dict] = []
    waiting = threading.Thread(target=lambda: told.extend(requests(quiet_pool, since=since, status=400, wait=60)))
    start = time.monotonic()
    waiting.start()
    # What does not match wakes nobody.
    quiet_pool.generate(size="256x256")
    time.sleep(0.3)
    assert waiting.is_alive()
    quiet_pool.generate(n=0)
    waiting.join(timeout=60)
    assert [entry["parameters"]["n"] for entry in told] == [0]
    assert time.monotonic() - start < 30


def test_two_hundred_who_wait_hold_up_nobody_and_are_all_told(quiet_pool):
    ask = b"GET /_fakeai/requests?wait=60&model=awaited HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    with ExitStack() as sockets:
        waiting = [sockets.enter_context(socket.create_connection(("127.0.0.1", quiet_pool.port), timeout=30)) for _ in range(200)]
        for connection in waiting:
            connection.sendall(ask)
        for _ in range(10):
            assert quiet_pool.generate(size="256x256").status_code == 200
        assert select.select(waiting, [], [], 0.1)[0] == []
        assert quiet_pool.generate(size="256x256", model="awaited").status_code == 200
        for connection in waiting:
            answer = b"".join(iter(partial(connection.recv, 65536), b""))
            assert answer.startswith(b"HTTP/1.1 200 OK") and answer.count(b'"sequence"') == 1


def test_who_waits_in_vain_is_told_so(quiet_pool):
    start = time.monotonic()
    assert requests(quiet_pool, model="never-asked-for", wait=0.5) == []
    assert time.monotonic() - start >= 0.5


def test_a_worker_that_stops_lets_go_of_who_waits(start):
    pool = start("--workers", "1")
    [worker] = pool.workers
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(requests, pool, wait=60)
        time.sleep(0.3)
        os.kill(worker, signal.SIGTERM)
        assert waiting.result(timeout=30) == []


def test_the_journal_survives_workers_that_are_killed_and_counts_every_answer(start):
    pool = start("--workers", str(WORKERS), JOURNAL_SIZE=10_000)
    answered: list[str] = []
    over = threading.Event()

    def ask() -> None:
        with pool.client() as client:
            while not over.is_set() and len(answered) < 9_000:
                answered.append(client.get("/v1/models/dall-e-3").raise_for_status().headers["x-request-id"])

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    killed: set[int] = set()
    for _ in range(4):
        goal = len(answered) + 30
        eventually(lambda goal=goal: len(answered) >= goal, within=30, what="30 more answers")
        killed.add(victim := min(pool.workers - killed))
        os.kill(victim, signal.SIGKILL)
        eventually(lambda: len(pool.workers - killed) == WORKERS, within=20, what="4 workers again")
    over.set()
    for thread in threads:
        thread.join()

    # nginx sends a request again under the same id where a worker died: it may be told twice, but never not at all.
    told = [entry["request_id"] for entry in all_requests(pool)]
    assert set(told) == set(answered)
    assert len(answered) <= len(told) <= len(answered) + 4 * len(killed)


def test_what_was_kept_survives_a_restart_until_it_is_cleared(start):
    pool = start("--workers", "2", JOURNAL_SIZE=3)
    for number in range(5):
        pool.generate(prompt=f"{number}", size="256x256")
    pool.stop()
    pool.start()
    assert [entry["parameters"]["prompt"] for entry in requests(pool)] == ["2", "3", "4"]
    assert httpx.delete(f"{pool.url}/_fakeai/requests").status_code == 200
    assert journal(pool) == {"requests": [], "oldest": 5, "next": 5, "dropped": 0}


@pytest.mark.parametrize("removed", ["journal", "limits"])
def test_what_was_removed_is_made_anew_by_all_workers(start, removed):
    pool = start("--workers", "2")
    # One that is still starting would open what is made after the removal.
    def serving() -> bool:
        return [worker["state"] for worker in pool.statistics()["workers"]] == ["serving"] * 2

    eventually(serving, within=20, what="both workers serve")
    [segment] = [segment for segment in pool.segments if removed in segment.name]
    old = pool.workers
    segment.unlink()
    eventually(lambda: len(pool.workers) == 2 and not pool.workers & old, within=20, what="two new workers")
    for number in range(20):
        assert pool.generate(prompt=f"{number}", size="256x256").status_code == 200
    assert [entry["parameters"]["prompt"] for entry in requests(pool)][-20:] == [f"{number}" for number in range(20)]


def test_a_journal_of_nothing_says_what_to_set(start):
    pool = start("--workers", "1", JOURNAL_SIZE=0)
    assert pool.generate(size="256x256").status_code == 200
    response = httpx.get(f"{pool.url}/_fakeai/requests")
    assert response.status_code == 404
    assert "FAKEAI_JOURNAL_SIZE" in response.json()["error"]["message"]
    assert not [segment for segment in pool.segments if "journal" in segment.name]


def test_an_upload_is_told_by_size_and_checksum(quiet_pool):
    body = os.urandom(100_000)
    httpx.post(f"{quiet_pool.url}/v1/images/generations", content=body, headers={"Content-Type": "application/octet-stream"})
    [entry] = requests(quiet_pool)
    assert entry["body"] == {"content_type": "application/octet-stream", "bytes": 100_000, "crc32": f"{zlib.crc32(body):08x}"}
