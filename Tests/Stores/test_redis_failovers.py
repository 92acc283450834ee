"""A primary of Redis dies under load, and another takes over; slots of a Cluster move. What clients were told is there afterwards."""

from __future__ import annotations

import os
import random
import time

import pytest

from host_load import HostLoad, make_all, missing
from processes import eventually
from redis_groups import RedisCluster, SentinelGroup, is_primary
from redis_hosts import HostPool, RedisHost, pools
from redis_server import RedisServer

FAILOVERS = int(os.environ.get("REDIS_FAILOVERS", "5"))
MOVES = int(os.environ.get("REDIS_MOVES", "5"))
SLACK = 15
"""Seconds that a POST may take beyond the time limits of the commands that it waits for; this is about hanging, not about speed."""
TIMEOUT = 2
"""Seconds: the setting of the hosts."""


@pytest.fixture(scope="module")
def redis_host(network) -> RedisHost:
    return RedisHost(network)


def loss_by_failover(group: RedisCluster | SentinelGroup, hosts: list[HostPool], primary: RedisServer, successors: list[RedisServer]) -> str:
    """Kills a primary under load, and starts it again as a replica when another has taken over. Returns what became of the pictures."""
    known, workers = make_all(hosts, 60), [pool.workers for pool in hosts]
    with HostLoad(hosts, known) as load:
        time.sleep(2)
        primary.kill()
        killed = time.monotonic()
        eventually(lambda: any(map(is_primary, successors)), within=60, what="a replica takes over")
        took_over = time.monotonic() - killed
        time.sleep(2)
        primary.start()
        group.wait()
        for pool in hosts:
            eventually(lambda pool=pool: pool.has_recovered, within=60, what=f"{pool.host.name} recovers by itself")
        time.sleep(2)
    # A picture that is lost is missing for the load, too: but only with a replica less than the hosts ask for.
    assert [pool.workers for pool in hosts] == workers, "a worker died"
    assert load.slowest("post") < 2 * TIMEOUT + SLACK and set(load.statuses("post")) <= {200, 503}
    lost = len(missing(hosts, known + load.made))
    print(f"\n{load}; new primary after {took_over:.1f} s, refusals until {load.refusals_after(killed):.1f} s; {lost} of {len(known + load.made)} lost")
    return lost, load


@pytest.mark.parametrize("replicas", [1, 0])
def test_a_cluster_replaces_a_primary(redis_host, machines, replicas):
    with RedisCluster(redis_host) as cluster, pools(machines, cluster.url, REDIS_REPLICAS=replicas, REDIS_TIMEOUT=f"{TIMEOUT}s") as hosts:
        for _ in range(FAILOVERS):
            primary = random.choice(cluster.primaries)
            lost, load = loss_by_failover(cluster, hosts, primary, [cluster.replica(primary)])
            if replicas:
                load.check(within=2 * TIMEOUT + SLACK)
                assert lost == 0, "a picture that a replica had is lost"


@pytest.mark.parametrize("servers", [1, 2])
def test_sentinels_replace_a_primary(redis_host, machines, servers):
    """With two replicas, one of which has each picture, Sentinel may choose the other: what is lost is told only."""
    with SentinelGroup(redis_host, servers) as group, pools(machines, group.url, REDIS_REPLICAS=1, REDIS_TIMEOUT=f"{TIMEOUT}s") as hosts:
        for _ in range(FAILOVERS):
            [primary] = group.primaries
            lost, load = loss_by_failover(group, hosts, primary, [server for server in group.data if server is not primary])
            if servers == 1:
                load.check(within=2 * TIMEOUT + SLACK)
                assert lost == 0, "a picture that a replica had is lost"


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
