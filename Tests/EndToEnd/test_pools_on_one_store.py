"""Pools that share a store share its pictures and limits; rules and journal are each pool's own."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from pool import SHARED_MEMORY, Pool
from processes import eventually, in_session, kill
from refusal import refusal

SMALL = {"prompt": "a lake", "size": "256x256"}
REFUSE = [{"then": {"fault": "server_error"}}]


@pytest.fixture
def join(start) -> Callable[..., Pool]:
    """Starts a pool on the store of another one."""
    return lambda pool, *flags, **variables: start("--image-store-name", pool.store_name, *flags, **variables)


def statuses(pool: Pool, count: int = 6) -> set[int]:
    return {pool.generate(**SMALL).status_code for _ in range(count)}


def kill_a_worker(pool: Pool) -> None:
    victim = min(pool.workers)
    os.kill(victim, signal.SIGKILL)
    eventually(lambda: victim not in pool.workers and len(pool.workers) == 2, within=20, what="a new worker")
    eventually(lambda: httpx.get(f"{pool.url}/readyz").status_code == 200, within=20, what="an answer")


def roll_over(pool: Pool) -> None:
    before = pool.workers
    pool.process.send_signal(signal.SIGHUP)
    eventually(lambda: len(pool.workers) == 2 and not pool.workers & before, within=30, what="both workers replaced")


def own_memory(pool: Pool, store: str) -> list[Path]:
    return sorted(SHARED_MEMORY.glob(f"fakeai-images-{store}-pool.*"))


def test_pools_with_journals_of_different_sizes_leave_each_other_alone(start, join):
    one = start("--workers", "2", JOURNAL_SIZE=1000)
    other = join(one, "--workers", "2", JOURNAL_SIZE=500)
    for _ in range(3):
        assert statuses(one) == statuses(other) == {200}
        kill_a_worker(one)
        kill_a_worker(other)
    assert (one.log + other.log).count("ended with") == 6, "only those that were killed"
    assert "removed" not in one.log + other.log
    [url] = one.urls(size="256x256")
    assert httpx.get(url.replace(str(one.port), str(other.port))).status_code == 200, "the pictures are shared"


def test_pools_have_rules_and_journals_of_their_own(start, join, tmp_path):
    file = tmp_path / "rules.json"
    file.write_text(json.dumps(REFUSE))
    one = start("--workers", "2", RULES=file)
    other = join(one, "--workers", "2")
    for _ in range(2):
        assert statuses(one) == {500} and statuses(other) == {200}
        kill_a_worker(one)
        kill_a_worker(other)
    httpx.put(f"{other.url}/_fakeai/rules", content=json.dumps([{"then": {"fault": "billing"}}])).raise_for_status()
    assert statuses(one) == {500} and statuses(other) == {400}
    told = [httpx.get(f"{pool.url}/_fakeai/requests?limit=1000").json()["requests"] for pool in (one, other)]
    assert [{entry["status"] for entry in entries} for entries in told] == [{500}, {200, 400}]


def test_a_pool_that_joins_says_what_is_shared_and_one_of_another_size_ends(start, join):
    one = start("--workers", "1", IMAGE_STORE_SIZE="64M")
    assert "joining" not in one.log
    other = join(one, "--workers", "1", IMAGE_STORE_SIZE="64M")
    [line] = [line for line in other.log.splitlines() if "joining" in line]
    assert f'joining the store "{one.store_name}", which is in use' in line
    assert "rules, sessions and the request journal are this pool's own" in line
    ended = refusal("--port", "0", FAKEAI_IMAGE_STORE_NAME=one.store_name, FAKEAI_IMAGE_STORE_SIZE="32M")
    assert ended.returncode == 1 and ended.stderr.count("\n") == 1
    assert "is in use with a size of 64M, and FAKEAI_IMAGE_STORE_SIZE is 32M" in ended.stderr
    assert statuses(one) == statuses(other) == {200}


def test_a_store_that_nobody_uses_takes_another_size(start):
    pool = start("--workers", "2", IMAGE_STORE_SIZE="64M")
    [url] = pool.urls(size="256x256")
    pool.stop()
    pool.environment["FAKEAI_IMAGE_STORE_SIZE"] = "32M"
    pool.start()
    assert pool.store.stat().st_size == 32 << 20 and httpx.get(url).status_code == 404
    assert len([line for line in pool.log.splitlines() if f"had {64 << 20} bytes" in line and f"with {32 << 20}" in line]) == 1
    assert "joining" not in pool.log and statuses(pool) == {200}


def test_a_rollover_with_another_journal_size_is_no_war(start):
    """Both sizes are there for a moment; workers of neither stop for the other's sake."""
    pool = start("--workers", "2", JOURNAL_SIZE=20)
    pool.generate(**SMALL)
    [journal] = [path for path in pool.segments if "journal" in path.name]
    roll_over(pool)
    assert [path for path in pool.segments if "journal" in path.name] == [journal]
    assert len(httpx.get(f"{pool.url}/_fakeai/requests").json()["requests"]) == 1
    assert "removed" not in pool.log


def test_a_file_of_rules_that_has_changed_is_in_force_after_a_hangup(start, tmp_path):
    file = tmp_path / "rules.json"
    file.write_text("[]")
    pool = start("--workers", "2", RULES=file)
    assert statuses(pool) == {200}
    file.write_text(json.dumps(REFUSE))
    assert statuses(pool) == {200}, "nobody has asked for it"
    roll_over(pool)
    assert statuses(pool) == {500}


def test_what_was_put_outlives_a_hangup_while_the_file_is_the_same(start, tmp_path):
    file = tmp_path / "rules.json"
    file.write_text(json.dumps(REFUSE))
    pool = start("--workers", "2", RULES=file)
    httpx.put(f"{pool.url}/_fakeai/rules", content="[]").raise_for_status()
    roll_over(pool)
    assert statuses(pool) == {200}


def test_a_broken_file_of_rules_stops_a_hangup_and_changes_nothing(start, tmp_path):
    file = tmp_path / "rules.json"
    file.write_text(json.dumps(REFUSE))
    pool = start("--workers", "2", RULES=file)
    # A worker that has not read its rules yet would read those that are broken.
    eventually(lambda: [worker["state"] for worker in pool.statistics()["workers"]] == ["serving"] * 2, within=20, what="two workers")
    before = pool.workers
    file.write_text("[broken")
    pool.process.send_signal(signal.SIGHUP)
    eventually(lambda: "the old workers stay" in pool.log, within=20, what="the rollover is given up")
    assert statuses(pool) == {500}
    assert pool.workers == before
    assert f"FAKEAI_RULES: {file}: " in pool.log


def test_a_pool_that_ends_leaves_no_rules_and_a_journal_for_the_next(start):
    pool = start("--workers", "2")
    pool.generate(**SMALL)
    pool.stop()
    [journal] = own_memory(pool, pool.store_name)
    assert "journal" in journal.name
    pool.start()
    assert len(httpx.get(f"{pool.url}/_fakeai/requests").json()["requests"]) == 1
    assert not journal.exists()


def kill_session(leader: int) -> set[int]:
    """Kills what there is, and says what that was."""
    found = in_session(leader)
    for process in found:
        kill(process)
    return found


def test_pools_that_were_killed_with_all_their_processes_leak_nothing_for_ever(start):
    pool = start("--workers", "2")
    for _ in range(3):
        pool.generate(**SMALL)
        # Again and again, because one that was started meanwhile is not on the list.
        eventually(lambda: not kill_session(pool.pid), within=10, what="all of them gone")
        pool.process.wait(timeout=20)
        pool.start()
        eventually(lambda: len(own_memory(pool, pool.store_name)) == 2, within=20, what="rules and journal of one pool only")
    assert len(httpx.get(f"{pool.url}/_fakeai/requests").json()["requests"]) == 3


def test_status_and_figures_tell_of_all_pools_of_a_store(start, join):
    one = start("--workers", "2")
    other = join(one, "--workers", "1")
    one.generate(**SMALL)
    other.generate(**SMALL)
    for pool in (one, other):
        assert pool.statistics()["total_images"] == 2
        eventually(lambda pool=pool: len(pool.statistics()["workers"]) == 3, within=10, what="the workers of both pools")
