"""Pools on hosts of a network of their own, which share one Redis on another host."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

import httpx

from network import CLIENTS, Host, Network
from pool import Pool
from processes import eventually
from redis_server import RedisServer

NAMES = ("alder", "birch", "cedar")
UNTIL_DEATH = ("setpriv", "--pdeathsig", "KILL")
"""Before a command: it ends with this test, however that ends."""
SMALL = {"model": "dall-e-2", "size": "256x256"}


class HostPool(Pool):
    """nginx and two workers on a host, for clients at the switch `front`."""

    def __init__(self, host: Host, redis_url: str | None, **variables: object):
        self.host = host
        redis = {"IMAGE_STORAGE_BACKEND": "redis", "REDIS_URL": redis_url, "HOST_NAME": host.name} if redis_url else {}
        super().__init__("--workers", "2", HOST=host.address("front"), INSIDERS=CLIENTS, IMAGE_STORE_SIZE="64M", **redis, **variables)
        self.url = f"http://{host.address('front')}:{self.port}"

    @property
    def command(self) -> list[str]:
        return [*self.host.inside, *super().command]

    @property
    def reaches_redis(self) -> bool:
        """Whether all workers say so."""
        try:
            return {sample.value for sample in self.metrics()["fakeai_worker_redis_ready"].samples} == {1}
        except (httpx.HTTPError, KeyError):
            return False

    @property
    def has_recovered(self) -> bool:
        """Whether it makes images again, too."""
        return self.reaches_redis and self.generate(**SMALL).status_code == 200


class RedisHost:
    """A host for one server or several."""

    def __init__(self, network: Network):
        self.host = network.add("redis")
        self.address = self.host.address("back")

    def server(self, *options: str, port: int) -> RedisServer:
        return RedisServer(*options, address=self.address, port=port, prefix=(*UNTIL_DEATH, *self.host.inside))


@contextmanager
def one_redis(network: Network, *options: str) -> Iterator[RedisServer]:
    server = RedisHost(network).server(*options, port=6379)
    try:
        server.start()
        yield server
    finally:
        server.close()


@contextmanager
def pools(hosts: Sequence[Host], redis_url: str | None, **variables: object) -> Iterator[list[HostPool]]:
    """One on each host, stopped at the end."""
    with ExitStack() as end:
        started = []
        for host in hosts:
            pool = HostPool(host, redis_url, **variables)
            end.callback(pool.close)
            pool.start()
            started.append(pool)
        for pool in started if redis_url else ():
            eventually(lambda pool=pool: pool.reaches_redis, within=30, what=f"{pool.host.name} reaches Redis")
        yield started
