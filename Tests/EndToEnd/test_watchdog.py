"""`serve` ends a worker that hangs, as systemd does, and none that merely was not allowed to run."""

from __future__ import annotations

import os
import signal
import time

import httpx
import pytest

from processes import eventually, in_session

PATIENCE = 2.0


@pytest.fixture
def pool(start, monkeypatch):
    monkeypatch.setenv("WATCHDOG_USEC", str(int(PATIENCE * 1e6)))
    pool = start("--workers", "2")
    # A worker that has not begun to serve may be silent for longer.
    eventually(lambda: [worker["state"] for worker in pool.statistics()["workers"]] == ["serving"] * 2, within=20, what="two workers")
    return pool


def send(processes, number: signal.Signals) -> None:
    for process in processes:
        os.kill(process, number)


def test_a_worker_that_stands_still_is_ended_and_replaced(pool):
    victim, other = sorted(pool.workers)
    os.kill(victim, signal.SIGSTOP)
    eventually(lambda: victim not in pool.workers and len(pool.workers) == 2, within=60, what="a new worker")
    assert other in pool.workers
    assert pool.log.count("has not responded for 2.0 seconds; ending it") == 1
    assert pool.generate(size="256x256").status_code == 200


def test_all_workers_that_stand_still_are_ended_and_replaced(pool):
    before = pool.workers
    send(before, signal.SIGSTOP)
    eventually(lambda: len(pool.workers) == 2 and not pool.workers & before, within=60, what="new workers")
    assert pool.generate(size="256x256").status_code == 200


def test_workers_that_serve_are_left_alone(pool):
    before = pool.workers
    deadline = time.monotonic() + 3 * PATIENCE
    while time.monotonic() < deadline:
        assert httpx.get(f"{pool.url}/healthz").status_code == 200
    assert pool.workers == before


def test_a_machine_that_slept_kills_nobody(pool):
    """Everything stands still for longer than a worker may, `serve` included."""
    before = pool.workers
    for _ in range(3):
        everything = in_session(pool.pid)
        send(everything, signal.SIGSTOP)
        time.sleep(2 * PATIENCE)
        # `serve` wakes first, and finds that nobody has said anything.
        send([pool.pid], signal.SIGCONT)
        time.sleep(0.1)
        send(everything, signal.SIGCONT)
        eventually(lambda: httpx.get(f"{pool.url}/healthz").status_code == 200, within=20, what="an answer")
    assert pool.workers == before
    assert "has not responded" not in pool.log
