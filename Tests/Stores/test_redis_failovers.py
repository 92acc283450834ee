"""A primary of Redis dies under load, and another takes over; slots of a Cluster move. What clients were told is there afterwards."""

from __future__ import annotations

import os
import random
import time

import pytest

from host_load import HostLoad
from host_pictures import Picture, make_all, missing
from processes import eventually
from redis_groups import RedisCluster, SentinelGroup, has_replica, is_primary
from redis_hosts import HostPool, RedisHost, pools
from redis_server import RedisServer

FAILOVERS = int(os.environ.get("REDIS_FAILOVERS", "5"))
MOVES = int(os.environ.get("REDIS_MOVES", "5"))
SLACK = 15
"""Seconds that a POST may take beyond the time limits of the two commands that it waits for: this is about hanging, not about speed."""
TIMEOUT = 2
"""Seconds: the setting of the hosts."""


@pytest.fixture(scope="module")
def redis_host(network) -> RedisHost:
    return RedisHost(network)


def fail_over(
    group: RedisCluster | SentinelGroup, hosts: list[HostPool], primary: RedisServer, *, makes_images: bool, may_lose: bool
) -> None:
    """Kills a primary under load, and starts it again when another has taken over, which makes it a replica.

    `makes_images`: hosts must make images before the old primary is back. They cannot if they wait for a replica and none is left.
    `may_lose`: pictures may be lost; how many is printed.
    """
    known, workers = make_all(hosts, 60), [pool.workers for pool in hosts]
    successors = group.successors(primary)
    with HostLoad(hosts, known, may_lose=may_lose) as load:
        time.sleep(2)
        primary.kill()
        killed = time.monotonic()
        eventually(lambda: any(map(is_primary, successors)), within=60, what="a replica takes over")
        took_over = time.monotonic() - killed
        if len(successors) > 1:
            eventually(lambda: any(map(has_replica, successors)), within=60, what="the other replica follows")
        followed = time.monotonic() - killed
        for pool in hosts:
            eventually(lambda pool=pool: asks_redis(pool, known), within=60, what=f"{pool.host.name} finds the new primary")
            eventually(lambda pool=pool: not makes_images or pool.has_recovered, within=60, what=f"{pool.host.name} makes images")
        found = time.monotonic() - killed
        primary.start()
        group.wait()
        in_order = time.monotonic() - killed
        for pool in hosts:
            eventually(lambda pool=pool: pool.has_recovered, within=60, what=f"{pool.host.name} recovers by itself")
        time.sleep(2)
    lost = len(missing(hosts, known + load.made))
    print(
        f"\n{load}\n  new primary after {took_over:.1f} s, with a replica after {followed:.1f} s, used by all after {found:.1f} s; "
        f"the old one is its replica after {in_order:.1f} s, refusals end after {load.refusals_after(killed):.1f} s; "
        f"{lost} of {len(known + load.made)} pictures lost"
    )
    load.check(within=2 * TIMEOUT + SLACK)
    assert [pool.workers for pool in hosts] == workers, "a worker died"
    assert may_lose or lost == 0, "a picture that a replica had is lost"


def asks_redis(pool: HostPool, pictures: list[Picture]) -> bool:
    """Whether it learns of each picture of another host that it is there, or is not."""
    with pool.client() as client:
        return all(client.get(picture.path).status_code in (200, 404) for picture in pictures if picture.maker is not pool)


@pytest.mark.parametrize("replicas", [1, 0])
def test_a_cluster_replaces_a_primary(redis_host, machines, replicas):
    with RedisCluster(redis_host) as cluster, pools(machines, cluster.url, REDIS_REPLICAS=replicas, REDIS_TIMEOUT=f"{TIMEOUT}s") as hosts:
        for _ in range(FAILOVERS):
            fail_over(cluster, hosts, random.choice(cluster.primaries), makes_images=replicas == 0, may_lose=replicas == 0)


@pytest.mark.parametrize("servers", [1, 2])
def test_sentinels_replace_a_primary(redis_host, machines, servers):
    """Of two replicas, one has each picture that is acknowledged, and Sentinel may choose the other."""
    with SentinelGroup(redis_host, servers) as group, pools(machines, group.url, REDIS_REPLICAS=1, REDIS_TIMEOUT=f"{TIMEOUT}s") as hosts:
        for _ in range(FAILOVERS):
            fail_over(group, hosts, *group.primaries, makes_images=servers == 2, may_lose=servers == 2)


def test_slots_move_under_load(redis_host, machines):
    with RedisCluster(redis_host) as cluster, pools(machines, cluster.url, REDIS_REPLICAS=1, REDIS_TIMEOUT=f"{TIMEOUT}s") as hosts:
        known, workers = make_all(hosts, 600), [pool.workers for pool in hosts]
        with HostLoad(hosts, known) as load:
            for _ in range(MOVES):
                time.sleep(1)
                cluster.move(1000, *random.sample(cluster.primaries, 2))
            time.sleep(1)
        print(f"\n{MOVES} times 1000 slots: {load}")
        load.check(within=2 * TIMEOUT + SLACK)
        assert [pool.workers for pool in hosts] == workers, "a worker died"
        assert missing(hosts, known + load.made) == []
