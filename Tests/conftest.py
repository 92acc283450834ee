"""Pools to test against: the executable, nginx and its workers, each with a store of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from importlib.util import find_spec

import pytest

from pool import Pool

# Other clients than OpenAI's own, and a browser, have environments of their own: `make test-clients`, `make test-browser`.
collect_ignore = [folder for folder, module in {"Clients": "litellm", "Browser": "playwright"}.items() if not find_spec(module)]


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
