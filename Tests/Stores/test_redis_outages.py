"""Redis goes away under load, in each way it can: no worker dies, no client hangs, and what a host made itself stays there."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from host_load import HostLoad
from host_pictures import make_all, missing
from processes import eventually
from redis_hosts import HostPool, one_redis, pools
from redis_server import RedisServer

AWAY = 5
"""Seconds."""
FAULTS = int(os.environ.get("REDIS_FAULTS", "3"))
"""How often each happens."""
TIMEOUT = 1
"""Seconds: the setting of the hosts."""
SLACK = 15
"""Seconds that a POST may take beyond the time limits of the two commands that it waits for: this is about hanging, not about speed."""
RECOVERY = 30
"""Seconds, likewise."""


@pytest.fixture(scope="module")
def redis(network) -> Iterator[RedisServer]:
    # Every write is in the file's memory before its reply: a process that is killed loses none.
    with one_redis(network, "--appendonly", "yes", "--appendfsync", "no") as redis:
        yield redis


@pytest.fixture(scope="module")
def hosts(redis, machines) -> Iterator[list[HostPool]]:
    with pools(machines, redis.url, REDIS_TIMEOUT=f"{TIMEOUT}s") as hosts:
        yield hosts


@contextmanager
def killed(redis: RedisServer, hosts: list[HostPool]) -> Iterator[None]:
    redis.kill()
    try:
        yield
    finally:
        redis.start()


@contextmanager
def paused(redis: RedisServer, hosts: list[HostPool]) -> Iterator[None]:
    redis.pause()
    try:
        yield
    finally:
        redis.resume()


@contextmanager
def cut_off(redis: RedisServer, hosts: list[HostPool]) -> Iterator[None]:
    hosts[0].host.cut()
    try:
        yield
    finally:
        hosts[0].host.mend()


@pytest.mark.parametrize(
    ("fault", "away"), [(killed, 0), (killed, AWAY), (paused, AWAY), (cut_off, AWAY)],
    ids=["killed and restarted", "killed", "paused", "cut off"],
)
def test_everything_goes_on_and_recovers(redis, hosts, fault, away):
    known, workers = make_all(hosts, 60), [pool.workers for pool in hosts]
    for _ in range(FAULTS):
        with HostLoad(hosts, known) as load:
            time.sleep(2)
            begun = time.monotonic()
            with fault(redis, hosts):
                time.sleep(away)
            ended = time.monotonic()
            for pool in hosts:
                eventually(lambda pool=pool: pool.has_recovered, within=RECOVERY, what=f"{pool.host.name} recovers by itself")
            time.sleep(2)
        meanwhile = [answer for answer in load.answers if answer.kind == "own" and begun < answer.at < ended]
        print(f"\n{load}; own meanwhile {len(meanwhile)}; refusals end {load.refusals_after(ended):.2f} s later")
        load.check(within=2 * TIMEOUT + SLACK)
        if away:
            assert load.statuses("post")[503] > 0, "the fault was not felt"
            assert {answer.pool for answer in meanwhile} == set(hosts)
        if fault is cut_off:
            assert {answer.pool for answer in load.answers if answer.status != 200} == {hosts[0]}, "others were cut off too"
        assert [pool.workers for pool in hosts] == workers, "a worker died"
        assert missing(hosts, load.made + known) == []
