"""Pools to test against: the executable, nginx and its workers, each with a store of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from importlib.util import find_spec

import pytest

from leftovers import remove_leftovers
from pool import Pool
from redis_server import shared_server

# Other clients than OpenAI's own, and a browser, have environments of their own: `make test-clients`, `make test-browser`.
collect_ignore = [folder for folder, module in {"Clients": "litellm", "Browser": "playwright"}.items() if not find_spec(module)]


ATTACKS = {
    "access", "attacks", "bad_requests", "busy_workers", "cache", "crowds", "hardening", "hostile_json", "hostile_uploads", "kills",
    "no_workers", "paths", "pools_on_one_store", "retention", "segment_files", "slow_clients", "small_memory", "stopped_writer", "watchdog",
}
"""The files of what an attacker would try, also of what always held: `make attack` runs them."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.stem.removeprefix("test_") in ATTACKS:
            item.add_marker("attack")


@pytest.fixture(scope="session", autouse=True)
def nothing_is_left() -> Iterator[None]:
    """Of no pool that a test has started is anything in shared memory when all are over; nor of test runs before that were killed."""
    remove_leftovers()
    yield
    if shared_server.cache_info().currsize:
        shared_server().close()
    left = [segment.name for pool in Pool.made for segment in pool.segments]
    assert not left, f"left in shared memory: {left}"


@pytest.fixture
def start() -> Iterator[Callable[..., Pool]]:
    """Starts pools with the settings a test asks for; each is stopped, and checked to leave nothing behind."""
    with ExitStack() as pools:

        def start(*flags: str, **variables: object) -> Pool:
            pool = Pool(*flags, **variables)
            pools.callback(pool.close)
            pool.start()
            return pool

        yield start


@pytest.fixture(scope="session")
def pool() -> Iterator[Pool]:
    """Four workers with default settings, for tests that neither stop nor fill what they talk to."""
    with ExitStack() as end:
        pool = Pool("--workers", "4")
        end.callback(pool.close)
        pool.start()
        yield pool


@pytest.fixture(scope="module")
def one_worker() -> Iterator[Pool]:
    """One worker with default settings, for tests that look at its memory or its time."""
    with ExitStack() as end:
        pool = Pool("--workers", "1")
        end.callback(pool.close)
        pool.start()
        yield pool
