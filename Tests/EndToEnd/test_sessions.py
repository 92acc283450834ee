"""Tests that share a pool: each has a session, with its own rules, counts and journal."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import httpx
import pytest

from pool import Pool
from processes import eventually

WORKERS = 4
SESSIONS = 8


@pytest.fixture(scope="module")
def shared() -> Iterator[Pool]:
    with ExitStack() as end:
        pool = Pool("--workers", str(WORKERS), GENERATE_ACTUAL_IMAGES="false", JOURNAL_SIZE=10_000)
        end.callback(pool.close)
        pool.start()
        yield pool


@pytest.fixture
def fresh(shared) -> Pool:
    httpx.post(f"{shared.url}/_fakeai/reset").raise_for_status()
    return shared


def put(pool: Pool, session: str, rules: list) -> None:
    httpx.put(f"{pool.url}/_fakeai/rules", params={"session": session}, json=rules).raise_for_status()


def told(pool: Pool, session: str) -> list[dict]:
    """The requests of a session, oldest first."""
    found, since = [], 0
    while True:
        page = httpx.get(f"{pool.url}/_fakeai/requests", params={"session": session, "since": since, "limit": 1000}).json()
        if not page["requests"]:
            return found
        found, since = found + page["requests"], page["next"]


def interleave(pool: Pool, total: int) -> None:
    """Sessions with different rules ask at the same time, half of them by header and half by key; others come and go meanwhile."""
    each = total // SESSIONS
    for number in range(SESSIONS):
        put(pool, f"s{number}", [{"name": f"rule {number}", "when": {"every": number + 2}, "then": {"fault": "billing"}}])
    seen: dict[int, list[httpx.Response]] = {}
    over = threading.Event()

    def ask(number: int) -> None:
        headers = {"X-FakeAI-Session": f"s{number}"} if number % 2 else {"Authorization": f"Bearer sk-session-s{number}"}
        body = {"prompt": f"session {number}", "size": "256x256"}
        with httpx.Client(base_url=pool.url, headers=headers, timeout=30) as client:
            seen[number] = [client.post("/v1/images/generations", json=body) for _ in range(each)]

    def disturb() -> None:
        with pool.client() as client:
            for number in range(10_000):
                if over.is_set():
                    return
                client.put("/_fakeai/rules", params={"session": f"other{number % 9}"}, json=[{"then": {"fault": "reset"}}])
                client.delete("/_fakeai/requests", params={"session": f"other{number % 5}"})
                client.post("/_fakeai/reset", params={"session": f"other{number % 7}"}).raise_for_status()

    disturbing = threading.Thread(target=disturb)
    disturbing.start()
    with ThreadPoolExecutor(SESSIONS) as threads:
        list(threads.map(ask, range(SESSIONS)))
    over.set()
    disturbing.join()

    assert len({response.headers["X-FakeAI-Worker"] for responses in seen.values() for response in responses}) == WORKERS
    for number, responses in seen.items():
        every = number + 2
        statuses = [response.status_code for response in responses]
        # Each client waits for its answers, so the order of a session is that of its client.
        assert statuses == [400 if count % every == 0 else 200 for count in range(1, each + 1)]
        assert {response.headers.get("X-FakeAI-Rule") for response in responses} == {None, f"rule {number}"}
        entries = told(pool, f"s{number}")
        assert [entry["request_id"] for entry in entries] == [response.headers["x-request-id"] for response in responses]
        assert {(entry["session"], entry["parameters"]["prompt"]) for entry in entries} == {(f"s{number}", f"session {number}")}
    assert told(pool, "") == []


@pytest.mark.attack
def test_sessions_never_mix_in_interleaved_requests_over_4_workers(fresh):
    interleave(fresh, int(os.environ.get("SESSION_REQUESTS", "2000")))


def test_a_client_that_expects_two_requests_is_told_when_the_second_comes(fresh):
    ask = {"session": "expecting", "count": 2, "wait": 30}
    headers = {"X-FakeAI-Session": "expecting"}
    with ThreadPoolExecutor(1) as threads, fresh.client() as client:
        client.get("/v1/models", headers=headers)
        waiting = threads.submit(httpx.get, f"{fresh.url}/_fakeai/requests", params=ask, timeout=60)
        client.get("/v1/models", headers={"X-FakeAI-Session": "another"})
        client.get("/v1/models", headers=headers)
        answer = waiting.result()
        assert answer.status_code == 200 and [entry["session"] for entry in answer.json()["requests"]] == ["expecting"] * 2
        answer = client.get("/_fakeai/requests", params=ask | {"count": 3, "wait": 0.2})
        assert answer.status_code == 408 and len(answer.json()["requests"]) == 2


def test_more_sessions_than_there_are_places_for_are_refused_until_some_are_reset(fresh):
    with fresh.client() as client:
        for number in range(128):
            assert client.put("/_fakeai/rules", params={"session": f"{number}"}, json=[]).status_code == 200
        answer = client.put("/_fakeai/rules", params={"session": "one-more"}, json=[])
        assert answer.status_code == 503 and "POST /_fakeai/reset" in answer.json()["error"]["message"]
        assert client.post("/_fakeai/reset").json()["sessions"] == 128
        assert client.put("/_fakeai/rules", params={"session": "one-more"}, json=[]).status_code == 200


def test_a_reset_fills_the_limits_and_brings_back_the_rules_of_the_file(start, tmp_path):
    file = tmp_path / "rules.json"
    file.write_text(json.dumps([{"match": {"model": "dall-e-2"}, "when": {"first": 1}, "then": {"fault": "overloaded"}}]))
    pool = start("--workers", "2", RULES=file, IMAGES_PER_MINUTE=2, GENERATE_ACTUAL_IMAGES="false")

    def statuses() -> list[int]:
        return [pool.generate(model=model, size="256x256").status_code for model in ("dall-e-2", "dall-e-3", "dall-e-3")]

    assert statuses() == [503, 200, 429]
    put(pool, "", [])
    answer = httpx.post(f"{pool.url}/_fakeai/reset").raise_for_status().json()
    assert answer == {"session": "*", "requests": 3, "rules": 1, "sessions": 0, "rate_limits": 1}
    assert statuses() == [503, 200, 429]


def test_a_reset_needs_the_access_of_the_other_routes(fresh):
    for headers in ({"Origin": "http://evil.example"}, {"Host": "rebind.example"}, {"X-Forwarded-For": "203.0.113.9"}):
        assert httpx.post(f"{fresh.url}/_fakeai/reset", headers=headers).status_code == 403


def test_the_sessions_of_a_pool_survive_workers_that_are_replaced(start):
    pool = start("--workers", "2", GENERATE_ACTUAL_IMAGES="false")
    put(pool, "a", [{"when": {"every": 3}, "then": {"fault": "billing"}}])
    headers = {"X-FakeAI-Session": "a"}
    body = {"prompt": "a lake", "size": "256x256"}

    def status() -> int:
        return httpx.post(f"{pool.url}/v1/images/generations", json=body, headers=headers).status_code

    assert [status(), status()] == [200, 200]
    before = pool.workers
    pool.process.send_signal(1)
    eventually(lambda: len(pool.workers) == 2 and not pool.workers & before, within=30, what="both workers replaced")
    assert status() == 400
