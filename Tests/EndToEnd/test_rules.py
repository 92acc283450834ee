"""Rules are counted over all workers, exactly, and replaced in all of them at once."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from crowd import at_once, in_turns
from pool import BINARY, Pool
from processes import eventually

SEVENTH = [{"name": "every seventh", "when": {"every": 7}, "then": {"fault": "rate_limit"}}]
SMALL = {"prompt": "a lake", "size": "256x256"}


def put(pool: Pool, rules: object) -> httpx.Response:
    return httpx.put(f"{pool.url}/_fakeai/rules", content=rules if isinstance(rules, bytes) else json.dumps(rules), timeout=30)


def statuses(replies: list) -> Counter:
    return Counter(reply.status for reply in replies)


def test_every_seventh_of_10_000_requests_over_4_workers_is_refused(start):
    pool = start("--workers", "4", GENERATE_ACTUAL_IMAGES="false")
    assert put(pool, SEVENTH).status_code == 200
    replies = asyncio.run(in_turns(pool.port, 10_000, 32, SMALL))
    assert statuses(replies) == {200: 10_000 - 10_000 // 7, 429: 10_000 // 7}
    assert len({reply.headers["x-fakeai-worker"] for reply in replies}) == 4
    refused = [reply for reply in replies if reply.status == 429]
    assert {(reply.headers["x-fakeai-fault"], reply.headers["x-fakeai-rule"]) for reply in refused} == {("rate_limit", "every seventh")}


def test_killing_workers_loses_no_count(start):
    """A request that dies with its worker has been counted, and is counted again when nginx sends it to the next."""
    pool = start("--workers", "4", GENERATE_ACTUAL_IMAGES="false")
    put(pool, SEVENTH)

    async def kill_meanwhile() -> list:
        asking = asyncio.ensure_future(in_turns(pool.port, 4000, 16, SMALL))
        for _ in range(5):
            await asyncio.sleep(0.2)
            os.kill(min(pool.workers), signal.SIGKILL)
        return await asking

    replies = asyncio.run(kill_meanwhile())
    asked_again = 0
    while (status := pool.generate(**SMALL).status_code) == 200:
        asked_again += 1
    assert status == 429
    assert statuses(replies).keys() == {200, 429}
    # Up to 16 requests were in hand at each kill, of which each may have been counted for nobody.
    counted = 7 * statuses(replies)[429] + 6 - asked_again
    assert abs(counted - len(replies)) <= 7 * 5 * 16
    assert json.loads(httpx.get(f"{pool.url}/_fakeai/rules").content) == SEVENTH


def test_rules_are_in_force_in_every_worker_at_once(start):
    pool = start("--workers", "4", GENERATE_ACTUAL_IMAGES="false")
    for fault, status in [("server_error", 500), ("billing", 400), ("none", 200)] * 3:
        assert put(pool, [{"then": {"fault": fault}}]).status_code == 200
        replies = asyncio.run(at_once(pool.port, [SMALL] * 40))
        assert statuses(replies) == {status: 40}


def test_workers_killed_while_rules_are_replaced_leave_one_document_or_the_other(start):
    pool = start("--workers", "3")
    documents = [[{"name": name, "then": {"fault": fault}}] * 60 for name, fault in [("one", "billing"), ("other", "server_error")]]
    is_over = threading.Event()

    def replace() -> None:
        while not is_over.is_set():
            for document in documents:
                # Not sent twice by nginx: the worker may die before it answers.
                assert put(pool, document).status_code in (200, 502)

    with ThreadPoolExecutor(2) as threads:
        replacing = [threads.submit(replace) for _ in range(2)]
        for _ in range(8):
            victim = min(pool.workers)
            os.kill(victim, signal.SIGKILL)
            eventually(lambda victim=victim: victim not in pool.workers and len(pool.workers) == 3, within=20, what="a new worker")
            assert pool.generate(**SMALL).status_code in (400, 500)
        is_over.set()
        for work in replacing:
            work.result()
    assert httpx.get(f"{pool.url}/_fakeai/rules").json() in documents


def test_what_is_no_document_of_rules_is_refused_and_changes_nothing(start):
    pool = start("--workers", "2")
    put(pool, SEVENTH)
    for text, problem in [
        (b"[", "the document is not valid JSON"),
        (b"{}", "the document must be a list"),
        (b'[{"then":{"fault":"flood"}}]', 'rule 1.then.fault is "flood"; allowed: none, missing_api_key, '),
        (b'[{"then":{}},{"when":{"every":0},"then":{}}]', "rule 2.when.every must be a whole number from 1 to 1000000000"),
        (b'[{"match":{"modell":"x"},"then":{}}]',
            'rule 1.match has the unknown member "modell" (did you mean model?); allowed: route, model, size, key, prompt'),
        (b"[" + b" " * 70_000 + b"]", "the document has 70002 bytes; allowed: at most 65536"),
    ]:
        response = put(pool, text)
        assert response.status_code == 400
        error = response.json()["error"]
        assert error["message"].startswith(f"Invalid rules: {problem}"), error
        assert error["code"] == "invalid_rules"
    assert httpx.get(f"{pool.url}/_fakeai/rules").json() == SEVENTH


def test_a_file_of_rules_is_in_force_from_the_start_and_gives_way_to_what_is_put(start, tmp_path):
    file = tmp_path / "rules.json"
    file.write_text(json.dumps([{"then": {"fault": "overloaded"}}]))
    pool = start("--workers", "2", RULES=file)
    assert pool.generate(**SMALL).status_code == 503
    put(pool, [])
    for worker in pool.workers:
        os.kill(worker, signal.SIGKILL)
        eventually(lambda worker=worker: worker not in pool.workers and len(pool.workers) == 2, within=20, what="a new worker")
    assert [pool.generate(**SMALL).status_code for _ in range(8)] == [200] * 8, "a worker that starts anew leaves the rules alone"
    pool.stop()
    pool.start()
    assert pool.generate(**SMALL).status_code == 503, "a new pool begins with its file"


@pytest.mark.parametrize(
    "text, problem",
    [("[{}]", 'rule 1 has no member "then", which says what to do'),
     ("nonsense", "the document is not valid JSON: line 1, column 2: expected null")],
)
def test_a_wrong_file_is_one_line_at_the_start(tmp_path, text, problem):
    file = tmp_path / "rules.json"
    file.write_text(text)
    command = subprocess.run([BINARY, "serve", "--port", "0", "--rules", file], capture_output=True, text=True, timeout=20)
    assert command.returncode == 64
    assert f"FAKEAI_RULES: {file}: {problem}\n" in command.stderr


def test_prompt_directives_can_be_switched_off(start):
    prompt = "a lake [[fakeai fault=billing]]"
    assert start("--workers", "1").generate(prompt=prompt).status_code == 400
    pool = start("--workers", "1", PROMPT_DIRECTIVES="false")
    assert pool.generate(prompt=prompt, model="dall-e-3").json()["data"][0]["revised_prompt"] == prompt
