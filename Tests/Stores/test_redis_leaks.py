"""Redis goes away every few seconds: no worker grows."""

from __future__ import annotations

import itertools
import os
import statistics
import time
from contextlib import ExitStack

from host_load import HostLoad
from host_pictures import make_all
from processes import eventually
from redis_hosts import one_redis, pools
from usage import Usage

SECONDS = int(os.environ.get("REDIS_LEAK_SECONDS", "600"))
EVERY = 5
"""Seconds from one fault to the next; Redis is away for half of them."""
MEMORY = 128 << 10
"""Bytes by which a worker's own memory may grow from the second third of the time to the last: heaps grow by a page now and then. In
10 minutes, these are 36 faults apart, so a leak of 4 KB at each is found."""
DESCRIPTORS = 2
"""Connections that are just being made, or have just ended."""


def test_no_worker_grows_while_redis_comes_and_goes(network, machines):
    with ExitStack() as end:
        redis = end.enter_context(one_redis(network))
        hosts = end.enter_context(pools(machines, redis.url, REDIS_TIMEOUT="500ms", JOURNAL_SIZE=200))
        cut = hosts[0].host.cut, hosts[0].host.mend
        ways = itertools.cycle([(redis.kill, redis.start), (redis.pause, redis.resume), cut])
        workers = {pid for pool in hosts for pid in pool.workers}
        samples: dict[int, list[Usage]] = {pid: [] for pid in workers}
        begun = time.monotonic()
        while time.monotonic() - begun < SECONDS:
            # A Redis that was killed has no picture: the load's clients know those made since.
            known = make_all(hosts, 12)
            away, back = next(ways)
            with HostLoad(hosts, known, posters=1) as load:
                time.sleep(EVERY / 4)
                away()
                try:
                    time.sleep(EVERY / 2)
                finally:
                    back()
                time.sleep(EVERY / 4)
            assert set(load.statuses("own")) == {200} and set(load.statuses("post")) <= {200, 503}
            for pool in hosts:
                eventually(lambda pool=pool: pool.has_recovered, within=30, what=f"{pool.host.name} recovers by itself")
            assert {pid for pool in hosts for pid in pool.workers} == workers, "a worker died"
            for pid in workers:
                samples[pid].append(Usage.of("worker", pid))
        faults = len(samples[min(workers)])
        print(f"\n{faults} faults in {time.monotonic() - begun:.0f} s; each worker in the second and in the last third:")
        grown = []
        for pid in sorted(workers):
            # The first third is the time to warm up.
            middle, last = (samples[pid][faults * third // 3 : faults * (third + 1) // 3] for third in (1, 2))
            memory = [statistics.median(sample.memory for sample in third) for third in (middle, last)]
            descriptors = [statistics.median(sample.descriptors for sample in third) for third in (middle, last)]
            print(f"  {pid}: {memory[0] / 1e6:.2f} and {memory[1] / 1e6:.2f} MB, {descriptors[0]:g} and {descriptors[1]:g} descriptors")
            if memory[1] - memory[0] > MEMORY or descriptors[1] - descriptors[0] > DESCRIPTORS:
                grown.append(pid)
        assert not grown
