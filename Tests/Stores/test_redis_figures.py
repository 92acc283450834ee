"""What Redis costs, as ratios of rates that were measured in turns. Nothing is promised here: the table is printed."""

from __future__ import annotations

import os
import statistics
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from typing import NamedTuple

import httpx
import pytest

from processes import in_session
from processor_quota import ProcessorQuota
from redis_hosts import SMALL, HostPool, one_redis, pools
from redis_server import RedisServer
from traffic import Traffic
from usage import Usage
from wrk import Wrk

SECONDS = int(os.environ.get("REDIS_FIGURE_SECONDS", "4"))
ROUNDS = 5
CONNECTIONS = 24
SHAPES = {"256x256": SMALL, "1024x1024 hd": {"model": "dall-e-3", "size": "1024x1024", "quality": "hd"}}
POSTED = {"model": "dall-e-2", "size": "512x512"}


class Setup(NamedTuple):
    redis: RedisServer
    hosts: list[HostPool]
    memory: list[HostPool]
    """On the same hosts, with images in memory only: as many hosts that share nothing."""


@pytest.fixture(scope="module")
def setup(network, machines) -> Iterator[Setup]:
    with ExitStack() as end:
        redis = end.enter_context(one_redis(network))
        hosts = end.enter_context(pools(machines, redis.url))
        yield Setup(redis, hosts, end.enter_context(pools(machines, None)))


def in_turns(*measures: Callable[[], float]) -> list[float]:
    """The median of each."""
    turns = [[measure() for measure in measures] for _ in range(ROUNDS)]
    return [statistics.median(rates) for rates in zip(*turns, strict=True)]


def gets(url: str) -> float:
    with Wrk(url, connections=CONNECTIONS, seconds=SECONDS) as wrk:
        return wrk.rate().per_second


@pytest.mark.parametrize("shape", SHAPES)
def test_get_of_what_another_host_made(setup, shape):
    # Uploads vary in size with what is drawn, so all three are of one host, or of the same prompt.
    [own] = setup.hosts[0].urls(**SHAPES[shape])
    [memory] = setup.memory[0].urls(**SHAPES[shape])
    others = own.replace(setup.hosts[0].url, setup.hosts[1].url)
    response = httpx.get(others)
    assert response.headers["X-FakeAI-Worker"].startswith(f"{setup.hosts[1].host.name}/") and "X-Cache-Status" not in response.headers
    in_memory, of_own, of_others = in_turns(lambda: gets(memory), lambda: gets(own), lambda: gets(others))
    print(
        f"\nGET {shape}, {len(response.content) / 1000:.0f} KB: without Redis {in_memory:.0f}/s, a host's own {of_own:.0f}/s "
        f"({of_own / in_memory:.0%}), another host's {of_others:.0f}/s ({of_others / of_own:.0%} of its own)"
    )


def posts(pool: HostPool) -> float:
    with Traffic(pool.url, posts=8, gets=0, seconds=SECONDS, body=POSTED) as traffic:
        tally = traffic.tallies()["post"]
    assert not tally.errors, tally.errors
    return tally.per_second


def test_post(setup):
    memory, redis = in_turns(lambda: posts(setup.memory[0]), lambda: posts(setup.hosts[0]))
    print(f"\nPOST 512x512: in memory {memory:.0f}/s, with Redis {redis:.0f}/s ({redis / memory:.0%})")


class Work(NamedTuple):
    """What hosts did in a time."""

    rate: float
    """Requests per second."""
    of_hosts: float
    """Requests per second of processor time that nginx and the workers used."""
    of_all: float
    """The same, with Redis's."""


def processor(pids: set[int]) -> float:
    return sum(usage.processor for pid in pids if (usage := Usage.of("", pid)))


def posting(pool: HostPool, _: str, connections: int) -> Callable[[], float]:
    traffic = Traffic(pool.url, posts=connections, gets=0, seconds=SECONDS, body=POSTED)

    def rate() -> float:
        with traffic:
            tally = traffic.tallies()["post"]
        assert not tally.errors, tally.errors
        return tally.per_second

    return rate


def getting(pool: HostPool, path: str, connections: int) -> Callable[[], float]:
    wrk = Wrk(pool.url + path, connections=connections, seconds=SECONDS)

    def rate() -> float:
        with wrk:
            return wrk.rate().per_second

    return rate


def work(redis: RedisServer, ask: Callable, pools: dict[HostPool, str]) -> Work:
    """As many clients altogether, however many hosts there are. With each host, the path that its clients ask for."""

    def used() -> tuple[float, float]:
        return processor(set().union(*(in_session(pool.pid) for pool in pools))), processor({redis.process.pid})

    before = used()
    rates = [ask(pool, path, CONNECTIONS // len(pools)) for pool, path in pools.items()]
    rate = sum(rate() for rate in rates)
    hosts, server = (after - before for before, after in zip(before, used(), strict=True))
    return Work(rate, rate * SECONDS / hosts, rate * SECONDS / (hosts + server))


def medians(works: list[Work]) -> Work:
    return Work(*map(statistics.median, zip(*works, strict=True)))


def test_three_hosts_and_one(setup):
    """Three hosts do not have processors of their own here, so what counts is how many requests a second of processor time is worth.

    Three pools on one machine also take turns on its processors, and have less to do at a time. Hosts that share nothing tell how much that
    costs.
    """
    own = {pool: pool.urls(**SMALL)[0].removeprefix(pool.url) for pool in setup.hosts + setup.memory}
    others = {pool: own[setup.hosts[number - 1]] for number, pool in enumerate(setup.hosts)}
    redis, memory = ({pool: own[pool] for pool in pools} for pools in (setup.hosts, setup.memory))
    # POST is the last, because it evicts what is in memory.
    kinds = {
        "GET of a host's own": (getting, {"memory": memory, "Redis": redis}),
        "GET of another's": (getting, {"Redis": others}),
        "POST": (posting, {"memory": memory, "Redis": redis}),
    }
    print("\nrequests per second, per second of the hosts' processor time, and the same with Redis's; three hosts' in per cent of one's:")
    for kind, (ask, stores) in kinds.items():
        sets = {(store, count): dict(list(pools.items())[:count]) for store, pools in stores.items() for count in (1, 3)}
        turns = [{name: work(setup.redis, ask, pools) for name, pools in sets.items()} for _ in range(ROUNDS)]
        results = {name: medians([turn[name] for turn in turns]) for name in sets}
        for (store, count), result in results.items():
            cells = "".join(f"{value:8.0f} ({value / of:4.0%})" for value, of in zip(result, results[store, 1], strict=True))
            print(f"  {kind:20} {store:7} {count} {cells}")


PROCESSORS = 0.25
"""Of each host. Three of them leave more than one of two processors to Redis and the clients."""


def test_three_hosts_with_processors_of_their_own(setup):
    """Each host has a quarter of a processor, whatever the others do. Three hosts have three times that of one.

    Two processors may be two threads of one core, where a second of processor time is worth less when both are busy. So one host has
    neighbours while it is measured: two pools that share nothing with it, with as many processors and clients as the other hosts.
    """
    own = {pool: pool.urls(**SMALL)[0].removeprefix(pool.url) for pool in setup.hosts + setup.memory}
    others = {pool: own[setup.hosts[number - 1]] for number, pool in enumerate(setup.hosts)}
    # POST is the last, because it evicts what is in memory.
    kinds = {"GET of a host's own": (getting, own), "GET of another's": (getting, own | others), "POST": (posting, own)}

    def rate(ask: Callable, paths: dict[HostPool, str], measured: list[HostPool], neighbours: list[HostPool]) -> float:
        """Of the measured hosts together."""
        pools = measured + neighbours
        with ExitStack() as end:
            for pool in pools:
                end.enter_context(ProcessorQuota([pool.pid], PROCESSORS))
            before = processor(set().union(*(in_session(pool.pid) for pool in pools)))
            clients = [ask(pool, paths[pool], CONNECTIONS // 3) for pool in pools]
            with ThreadPoolExecutor(len(pools)) as threads:
                rates = list(threads.map(lambda client: client(), clients))
            used = processor(set().union(*(in_session(pool.pid) for pool in pools))) - before
        assert used < 1.3 * PROCESSORS * len(pools) * SECONDS, f"{used:.2f} s of processor time for {len(pools)} hosts in {SECONDS} s"
        return sum(rates[: len(measured)])

    print(f"\nrequests per second of one host (alone; beside two that share nothing) and of three with {PROCESSORS} processors each:")
    for kind, (ask, paths) in kinds.items():
        alone, beside, three = in_turns(
            partial(rate, ask, paths, setup.hosts[:1], []),
            partial(rate, ask, paths, setup.hosts[:1], setup.memory[1:]),
            partial(rate, ask, paths, setup.hosts, []),
        )
        print(
            f"  {kind:20} {alone:8.0f} {beside:8.0f} {three:8.0f}: {three / beside / 3:.0%} of one for each processor they have, "
            f"{three / alone / 3:.0%} of one with nothing beside it"
        )
