"""A test run that is killed leaves nothing once another one has begun."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from leftovers import SHARED_MEMORY, owner, remove_leftovers
from processes import eventually, in_session

SUPPORT = Path(__file__).resolve().parents[1] / "Support"
RUN = """
import time
from pool import Pool

pool = Pool("--workers", "2")
pool.start()
pool.urls(size="256x256")
print(pool.pid, pool.store_name, flush=True)
time.sleep(60)
"""


def test_a_killed_test_run_leaves_a_pool_and_segments_for_the_next_to_remove():
    """They filled /dev/shm until somebody looked."""
    run = subprocess.Popen([sys.executable, "-c", RUN], env=os.environ | {"PYTHONPATH": str(SUPPORT)}, stdout=subprocess.PIPE, text=True)
    try:
        pool, store = run.stdout.readline().split()
        remove_leftovers()
        assert list(SHARED_MEMORY.glob(f"fakeai-images-{store}-*")), "what belongs to a living run stays"
    finally:
        run.send_signal(signal.SIGKILL)
        run.communicate()
    assert in_session(int(pool)), "the pool ended by itself, and nothing is tested"
    remove_leftovers()
    eventually(lambda: not in_session(int(pool)), within=20, what="the pool ended")
    assert not list(SHARED_MEMORY.glob(f"fakeai-images-{store}-*"))


@pytest.mark.parametrize(
    "name, process",
    [("test-17-0a1b-v1", 17), ("test-4194304-7-pool.1-rules-v4", 4194304), ("default-v1", None),
     ("test-0a1b-v1", None), ("test-0-7-v1", None)],
)
def test_a_segment_tells_whose_it_is(name, process):
    assert owner(f"fakeai-images-{name}") == process
