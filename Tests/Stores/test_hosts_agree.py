"""Three hosts with one Redis, for long: no picture is missing, and every count is exact."""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from host_pictures import make_all, missing
from pool import KEEP_ALL
from processes import eventually
from redis_hosts import NAMES, SMALL, HostPool, one_redis, pools
from redis_server import RedisServer

PICTURES = int(os.environ.get("HOST_PICTURES", "3000"))
REQUESTS = int(os.environ.get("HOST_REQUESTS", "10000"))
ROUNDS = int(os.environ.get("HOST_ROUNDS", "200"))
CLIENTS = 12


@pytest.fixture(scope="module")
def redis(network) -> Iterator[RedisServer]:
    with one_redis(network) as redis:
        yield redis


@pytest.fixture(scope="module")
def hosts(redis, machines) -> Iterator[list[HostPool]]:
    with pools(machines, redis.url, JOURNAL_SIZE=2000) as hosts:
        yield hosts


@pytest.fixture(autouse=True)
def clean(hosts) -> None:
    hosts[0].client().post("/_fakeai/reset").raise_for_status()


def put(pool: HostPool, rules: list) -> None:
    response = pool.client().put("/_fakeai/rules", content=json.dumps(rules))
    assert response.status_code == 200 and "X-FakeAI-Unconfirmed" not in response.headers, f"{response.headers} {response.text}"


def test_every_picture_is_served_by_the_other_hosts(hosts):
    made = make_all(hosts, PICTURES)
    assert {picture.maker for picture in made} == set(hosts)
    assert missing(hosts, made) == []
    print(f"{PICTURES} pictures, each fetched from the two hosts that did not make it: no miss, no difference")


def test_every_seventh_request_is_exact_over_all_hosts(hosts):
    put(hosts[1], [{"match": {"route": "/v1/models"}, "when": {"every": 7}, "then": {"fault": "server_error"}}])
    with ThreadPoolExecutor(CLIENTS) as threads, httpx.Client(timeout=60, limits=KEEP_ALL) as client:
        answers = list(threads.map(lambda number: client.get(f"{hosts[number % 3].url}/v1/models").status_code, range(REQUESTS)))
    assert (answers.count(500), answers.count(200)) == (REQUESTS // 7, REQUESTS - REQUESTS // 7)
    print(f"{REQUESTS} requests, {answers.count(500)} of them struck")


def test_a_hundred_a_minute_are_exact_over_all_hosts(redis, machines):
    """Of two minutes: the whole limit refills at once, a minute after its first use."""
    with (
        pools(machines, redis.url, REDIS_PREFIX="limits:", REQUESTS_PER_MINUTE=100, LIMIT_REFILL="minute") as limited,
        httpx.Client(timeout=60, limits=KEEP_ALL) as client,
        ThreadPoolExecutor(CLIENTS) as threads,
    ):

        def ask(number: int) -> httpx.Response:
            return client.post(f"{limited[number % 3].url}/v1/images/generations", json={"prompt": "a"} | SMALL)

        begun = -60.0
        for _ in range(2):
            time.sleep(max(0, begun + 61 - time.monotonic()))
            begun = time.monotonic()
            answers = list(threads.map(ask, range(400)))
            assert time.monotonic() - begun < 60, "this machine needs more than a minute for 400 requests"
            statuses = [answer.status_code for answer in answers]
            assert (statuses.count(200), statuses.count(429)) == (100, 300)
            assert {answer.headers["x-ratelimit-remaining-requests"] for answer in answers} == {str(left) for left in range(100)}
            print("400 requests within a minute, 100 of them allowed")


def test_rules_hold_on_the_other_hosts_for_the_very_next_request(hosts):
    with httpx.Client(timeout=60, limits=KEEP_ALL) as client:
        for number in range(ROUNDS):
            putter, *others = random.sample(hosts, 3)
            fault, status = [("server_error", 500), ("overloaded", 503)][number % 2]
            put(putter, [{"match": {"route": "/v1/models"}, "then": {"fault": fault}}])
            for asked in others:
                assert client.get(f"{asked.url}/v1/models").status_code == status, f"{fault}, round {number}"
            if number % 4 == 3:
                put(putter, [])
                for asked in others:
                    assert client.get(f"{asked.url}/v1/models").status_code == 200, f"no rules, round {number}"
    print(f"{ROUNDS} rounds of rules, each of them in force on the two other hosts at once")


def test_the_journal_is_one(hosts):
    paths = [f"/v1/models/unknown-{number}" for number in range(900)]

    def entries(pool: HostPool) -> list[dict]:
        return pool.client().get("/_fakeai/requests", params={"limit": 1000}).json()["requests"]

    with ThreadPoolExecutor(CLIENTS) as threads, httpx.Client(timeout=60, limits=KEEP_ALL) as client:
        list(threads.map(lambda number: client.get(hosts[number % 3].url + paths[number]), range(len(paths))))
    for pool in hosts:
        eventually(lambda pool=pool: len(entries(pool)) >= len(paths), within=10, what=f"all entries at {pool.host.name}")
    first, *others = [entries(pool) for pool in hosts]
    assert all(other == first for other in others)
    assert sorted(entry["path"] for entry in first) == sorted(paths)
    sequences = [entry["sequence"] for entry in first]
    assert sequences == sorted(set(sequences)), "in order, and each once"
    for number, name in enumerate(NAMES):
        of_host = {entry["path"] for entry in first if entry["worker"].startswith(f"{name}/")}
        assert of_host == set(paths[number::3]), f"the requests to {name}"
    print(f"{len(paths)} requests to three hosts, in the same order in the journal of each")
