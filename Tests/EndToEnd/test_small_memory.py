"""A /dev/shm without room: said at the start, and never noticed later."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import httpx
import pytest

from pool import Pool

MIB = 2**20


class SmallMemory(Pool):
    """A pool that has a /dev/shm of `megabytes` to itself, in a mount namespace of its own."""

    def __init__(self, megabytes: int, **variables: object):
        super().__init__("--workers", "2", **variables)
        self.megabytes = megabytes

    @property
    def command(self) -> list[str]:
        mount = f'mount -t tmpfs -o size={self.megabytes}m tmpfs /dev/shm && exec "$@"'
        return ["unshare", "--mount", "--propagation", "private", "sh", "-c", mount, "sh", *super().command]

    def inside(self, script: str) -> str:
        """What `script` says within the namespace."""
        command = ["nsenter", "--target", str(self.pid), "--mount", "sh", "-c", script]
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=20).stdout


@pytest.fixture
def small() -> Iterator[type[SmallMemory]]:
    attempt = subprocess.run(["unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/dev/shm"], capture_output=True, text=True)
    if attempt.returncode:
        pytest.skip(f"no mount namespace can be made here: {attempt.stderr.strip()}")
    pools: list[SmallMemory] = []

    def make(megabytes: int, **variables: object) -> SmallMemory:
        pools.append(SmallMemory(megabytes, **variables))
        return pools[-1]

    yield make
    for pool in pools:
        pool.close()


def test_a_store_that_does_not_fit_is_refused_at_start_and_leaves_nothing(small):
    pool = small(8, IMAGE_STORE_SIZE="16M")
    with pytest.raises(AssertionError, match="serve ended at once"):
        pool.start()
    assert pool.process.returncode == 1
    wanted = f"no room for {16 * MIB} bytes of shared memory /fakeai-images-{pool.store_name}-v1: make /dev/shm larger or the store smaller"
    assert wanted in pool.log
    assert "signal" not in pool.log, "a worker died instead of refusing"


def test_a_store_that_has_its_room_keeps_it_when_others_fill_dev_shm(small):
    pool = small(16, IMAGE_STORE_SIZE="8M")
    pool.start()
    pool.inside("dd if=/dev/zero of=/dev/shm/others bs=64k 2>/dev/null; true")
    assert int(pool.inside("df --output=avail /dev/shm | tail -1")) == 0
    workers = pool.workers
    # Round the ring and over what was never touched before.
    while pool.statistics()["store"]["evicted"] == 0:
        urls = pool.urls(n=10, size="1792x1024", quality="hd")
    assert {httpx.get(url).status_code for url in urls} == {200}
    assert pool.workers == workers, "no worker died"
