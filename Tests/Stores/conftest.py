"""Long trials of stores, which `make test-stores` runs and `make test` does not."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from network import Host, Network
from redis_hosts import NAMES


@pytest.fixture(scope="session", autouse=True)
def everything_ends() -> None:
    """SIGTERM ends a trial like Ctrl-C, even one in the background: with all that its blocks and fixtures do at their end."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)


@pytest.fixture(scope="module")
def network() -> Iterator[Network]:
    with Network() as network:
        yield network


@pytest.fixture(scope="module")
def machines(network) -> list[Host]:
    return [network.add(name) for name in NAMES]
