"""The first process of a container: it is told to stop, and it inherits whatever nobody waits for."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from processes import children, eventually

CLIENTS = Path(__file__).with_name("clients.py")


@pytest.fixture
def shared_memory():
    """A folder that outlives a container, as a volume on /dev/shm does."""
    with tempfile.TemporaryDirectory(prefix="fakeai-test-image-", dir="/dev/shm") as folder:
        Path(folder).chmod(0o1777)
        yield folder


def test_a_stop_under_load_cuts_nobody_and_loses_no_acknowledged_image(start, shared_memory):
    container = start(f"--volume={shared_memory}:/dev/shm", STOP_DELAY="2s", DRAIN_TIME="20s", LATENCY="fixed:300ms")
    clients = subprocess.Popen(
        [*container.network, sys.executable, CLIENTS, "8000", "16"], stdout=subprocess.PIPE, text=True
    )
    time.sleep(3)
    container.stop()
    result = json.loads(clients.communicate(timeout=60)[0])
    print(f"\n{result['answers']}, {len(result['images'])} images")
    assert result["cut"] == [] and set(result["answers"]) == {"200"} and len(result["images"]) > 50
    assert container.exit_status == 0
    again = start(f"--volume={shared_memory}:/dev/shm")
    lost = [path for path in result["images"] if again.get(path)[0] != 200]
    assert lost == []


def test_a_stop_without_requests_takes_no_grace_period(start):
    """Against the time that the same container takes to be killed after it."""
    container = start()
    began = time.monotonic()
    container.stop(seconds=30)
    assert time.monotonic() - began < 25
    assert container.exit_status == 0


def test_a_process_that_nobody_waits_for_is_collected(start):
    """It becomes a child of the first process, which did not start it."""
    container = start()
    first = container.pid
    before = children(first)
    container.run("sh", "-c", "(sleep 0.3 &) ; (sleep 0.3 &)")
    eventually(lambda: children(first) - before, within=5, what="the first process has inherited them")
    eventually(lambda: children(first) <= before, within=5, what="they are collected")
    container.serves()


def test_a_hangup_replaces_the_workers(start):
    container = start()
    before = children(container.pid)
    subprocess.run(["kill", "-HUP", str(container.pid)], check=True)
    # nginx stays.
    eventually(lambda: len(children(container.pid) & before) == 1, within=30, what="all workers are new")
    container.wait_until_ready().serves()
