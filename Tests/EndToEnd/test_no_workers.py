"""A pool whose workers do not start any more refuses at once, and serves again when they do."""

from __future__ import annotations

import json
import os
import signal
import time

import httpx
import pytest

from pool import Pool
from processes import eventually

KEY = {"Authorization": "Bearer sk-good-1234"}


@pytest.fixture
def pool_with_keys(start, tmp_path):
    file = tmp_path / "keys.json"
    file.write_text(json.dumps([{"key": "sk-good-1234"}]))
    pool = start("--workers", "2", KEYS=file)
    # A worker that has not read the file yet would fail to start, too.
    eventually(
        lambda: [worker["state"] for worker in pool.statistics()["workers"]] == ["serving"] * 2, within=20, what="both workers serving"
    )
    return pool, file


def kill_all(pool: Pool) -> None:
    for worker in pool.workers:
        os.kill(worker, signal.SIGKILL)


def is_refused(pool: Pool) -> bool:
    began = time.monotonic()
    status = httpx.get(f"{pool.url}/healthz", timeout=60).status_code
    return status == 502 and time.monotonic() - began < 10


def test_clients_are_refused_while_no_worker_starts_and_served_when_one_does(pool_with_keys):
    pool, file = pool_with_keys
    text = file.read_text()
    for _ in range(2):
        file.unlink()
        kill_all(pool)
        eventually(lambda: is_refused(pool), within=20, what="a refusal")
        error = pool.generate()
        assert error.status_code == 502 and error.json()["error"]["type"] == "server_error"
        file.write_text(text)
        eventually(lambda: httpx.get(f"{pool.url}/readyz", timeout=60).status_code == 200, within=30, what="an answer")
        eventually(lambda: len(pool.workers) == 2, within=30, what="both workers")
        for _ in range(8):
            assert httpx.post(f"{pool.url}/v1/images/generations", json={"prompt": "a lake"}, headers=KEY).status_code == 200
    assert pool.log.count("no worker starts; requests are rejected until one does") == 2
    assert pool.log.count("a worker is ready; requests are accepted again") == 2


def test_a_request_that_waited_is_refused_when_its_workers_do_not_come_back(pool_with_keys):
    """It came while they were being restarted."""
    pool, file = pool_with_keys
    file.unlink()
    kill_all(pool)
    began = time.monotonic()
    response = httpx.get(f"{pool.url}/healthz", timeout=60)
    assert response.status_code == 502
    assert time.monotonic() - began < 30


def test_one_worker_that_serves_is_enough(pool_with_keys):
    pool, file = pool_with_keys
    file.unlink()
    victim, survivor = sorted(pool.workers)
    os.kill(victim, signal.SIGKILL)
    eventually(lambda: pool.log.count("exit status 64") >= 3, within=20, what="the other fails to start again and again")
    for _ in range(20):
        assert httpx.get(f"{pool.url}/healthz").status_code == 200
    assert "requests are rejected" not in pool.log
    assert survivor in pool.workers


def test_a_plain_restart_of_all_workers_refuses_nobody(start):
    pool = start("--workers", "2")
    for _ in range(3):
        before = pool.workers
        kill_all(pool)
        assert httpx.get(f"{pool.url}/healthz", timeout=30).status_code == 200
        eventually(lambda before=before: len(pool.workers - before) == 2, within=20, what="new workers")
        eventually(lambda: httpx.get(f"{pool.url}/readyz").status_code == 200, within=20, what="an answer")
    assert "requests are rejected" not in pool.log


def test_a_pool_without_workers_ends_as_it_should(pool_with_keys):
    pool, file = pool_with_keys
    file.unlink()
    kill_all(pool)
    eventually(lambda: is_refused(pool), within=20, what="a refusal")
    pool.stop()
