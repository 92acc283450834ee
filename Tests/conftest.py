"""Pools to test against: the executable, nginx and its workers, each with a store of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from pool import Pool


@pytest.fixture
def start() -> Iterator[Callable[..., Pool]]:
    """Starts pools with the settings a test asks for; each is stopped, and checked to leave nothing behind."""
    pools: list[Pool] = []

    def start(*flags: str, **variables: object) -> Pool:
        pool = Pool(*flags, **variables)
        pools.append(pool)
        pool.start()
        return pool

    try:
        yield start
    finally:
        for pool in pools:
            pool.close()


@pytest.fixture(scope="session")
def pool() -> Iterator[Pool]:
    """Four workers with default settings, for tests that neither stop nor fill what they talk to."""
    pool = Pool("--workers", "4")
    try:
        pool.start()
        yield pool
    finally:
        pool.close()
