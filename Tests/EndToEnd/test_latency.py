"""Answers that come late on purpose: at their time, whatever else waits, and for little memory."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import threading
import time
from collections import Counter

import pytest

from crowd import at_once, quantile
from pool import Pool
from processes import eventually, own_memory

CROWD = os.environ.get("CROWD", "300x2").split("x")
CLIENTS, LATENCY = int(CROWD[0]), int(CROWD[1])
"""How many clients wait at the same time, and for how many seconds each: `make crowd` asks for 2000x20."""
WITHIN = float(CROWD[2]) if len(CROWD) > 2 else LATENCY / 2
"""How many seconds there are from the first to the last of them: the last must come long before the first is answered."""

MIB = 1 << 20


class Memory(threading.Thread):
    """Looks now and then how much the workers of a pool have in use."""

    def __init__(self, pool: Pool):
        super().__init__(daemon=True)
        self.pool = pool
        self.most = 0
        self.is_over = threading.Event()

    def run(self) -> None:
        while not self.is_over.wait(0.1):
            self.most = max(self.most, sum(own_memory(worker) for worker in self.pool.workers))

    def __enter__(self) -> Memory:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.is_over.set()
        self.join()


@pytest.mark.parametrize("response_format", ["url", "b64_json"])
def test_a_crowd_that_waits_is_answered_in_time_and_costs_little_memory(start, response_format):
    pool = start("--workers", "2", LATENCY=f"fixed:{LATENCY}s")
    bodies = [{"prompt": f"in line {number}", "response_format": response_format, "quality": "hd"} for number in range(CLIENTS)]
    with Memory(pool) as memory:
        replies = asyncio.run(at_once(pool.port, bodies, within=WITHIN))
    late = [reply.seconds - LATENCY for reply in replies]
    assert Counter(reply.status for reply in replies) == {200: CLIENTS}
    drawn_late = [int(reply.headers["openai-processing-ms"]) / 1000 - LATENCY for reply in replies]
    size = sum(len(reply.body) for reply in replies) / CLIENTS
    print(
        f"\n{CLIENTS} waited {LATENCY} s for {response_format} of {size:.0f} bytes: late by {quantile(late, 0.5):.3f} s (p50), "
        f"{quantile(late, 0.99):.3f} s (p99), {max(late):.3f} s (most), of which drawn late by {quantile(drawn_late, 0.99):.3f} s (p99); "
        f"the workers' memory {memory.most / MIB:.0f} MiB"
    )
    assert min(late) >= 0
    assert max(late) < 60, "two orders of magnitude more than a quiet machine takes"
    assert memory.most < 250 * 10**6
    assert min(drawn_late) >= 0


@pytest.mark.parametrize("where", ["setting", "header", "prompt"])
def test_latency_comes_from_settings_headers_and_prompts(start, where):
    pool = start("--workers", "1", **({"LATENCY": "400ms"} if where == "setting" else {}))
    headers = {"X-FakeAI-Latency": "400ms"} if where == "header" else {}
    prompt = "a lake [[fakeai latency=400ms]]" if where == "prompt" else "a lake"
    [reply] = asyncio.run(at_once(pool.port, [{"prompt": prompt}], headers))
    assert (reply.status, reply.seconds >= 0.4) == (200, True)
    assert int(reply.headers["openai-processing-ms"]) >= 400


def test_a_seed_fixes_the_latency(pool):
    def told(seed: int) -> int:
        headers = {"X-FakeAI-Latency": "uniform:1ms..400ms", "X-FakeAI-Seed": str(seed)}
        [reply] = asyncio.run(at_once(pool.port, [{"prompt": "a lake", "size": "256x256"}], headers))
        return int(reply.headers["openai-processing-ms"])

    drawn = [told(seed) for seed in range(8)]
    again = [told(seed) for seed in range(8)]
    # A drawing that takes longer than its latency shows its own time.
    assert sum(abs(one - other) <= 1 for one, other in zip(drawn, again, strict=True)) >= 6, (drawn, again)
    assert len(set(drawn)) >= 5


def test_who_waits_in_vain_is_forgotten_when_he_leaves(start):
    pool = start("--workers", "1")

    async def leave() -> None:
        waiting = asyncio.ensure_future(at_once(pool.port, [{"prompt": "a lake"}] * 50, {"X-FakeAI-Latency": "4s"}))
        await asyncio.sleep(0.5)
        waiting.cancel()

    before = pool.statistics()["workers"][0]["drawn"]
    asyncio.run(leave())
    time.sleep(4)
    assert pool.statistics()["workers"][0]["drawn"] == before, "drawn for clients that had left"


def test_a_worker_that_is_replaced_lets_those_who_wait_have_their_answers(start):
    pool = start("--workers", "2", LATENCY="2s")
    before = pool.workers

    async def replace_meanwhile() -> list:
        waiting = asyncio.ensure_future(at_once(pool.port, [{"prompt": f"{number}"} for number in range(40)]))
        await asyncio.sleep(0.5)
        pool.process.send_signal(signal.SIGHUP)
        return await waiting

    replies = asyncio.run(replace_meanwhile())
    assert [reply.status for reply in replies] == [200] * 40
    assert max(reply.seconds for reply in replies) < 4, "nobody had to begin anew"
    eventually(lambda: len(pool.workers) == 2 and not pool.workers & before, within=20, what="new workers only")


def test_what_a_worker_cannot_finish_in_time_is_refused_at_once(start):
    pool = start("--workers", "2", DRAIN_TIME="1s")

    async def replace_meanwhile() -> list:
        waiting = asyncio.ensure_future(at_once(pool.port, [{"prompt": f"{number}"} for number in range(20)], {"X-FakeAI-Latency": "60s"}))
        await asyncio.sleep(0.5)
        pool.process.send_signal(signal.SIGHUP)
        return await waiting

    replies = asyncio.run(replace_meanwhile())
    assert [(reply.status, reply.headers.get("retry-after")) for reply in replies] == [(503, "1")] * 20
    assert json.loads(replies[0].body)["error"]["code"] == "server_is_overloaded"
