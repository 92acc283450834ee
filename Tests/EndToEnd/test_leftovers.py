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


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a namespace")
def test_pools_that_number_processes_otherwise_stay(tmp_path):
    """A run of the tests on this machine ended the pools of one on a machine within it."""
    (tmp_path / "serve").write_text("import time; print(flush=True); time.sleep(60)")
    environment = os.environ | {"FAKEAI_IMAGE_STORE_NAME": "test-4194304-7"}
    # The first process of a namespace, here a shell, ignores signals.
    command = ["sh", "-c", '"$0" serve; true', sys.executable]
    for namespace, left in [(["unshare", "--pid", "--fork", "--kill-child"], 3), ([], 0)]:
        with subprocess.Popen(
            [*namespace, *command], cwd=tmp_path, env=environment, stdout=subprocess.PIPE, start_new_session=True
        ) as process:
            try:
                process.stdout.readline()
                remove_leftovers()
                eventually(lambda left=left: len(in_session(process.pid)) == left, within=10, what=f"{left} processes are left")
            finally:
                process.kill()


@pytest.mark.parametrize(
    "name, process",
    [("test-17-0a1b-v1", 17), ("test-4194304-7-pool.1-rules-v4", 4194304), ("default-v1", None),
     ("test-0a1b-v1", None), ("test-0-7-v1", None)],
)
def test_a_segment_tells_whose_it_is(name, process):
    assert owner(f"fakeai-images-{name}") == process
