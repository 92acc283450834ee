"""What test processes have left that were killed: their pools, which run on, and shared memory.

Stores of tests are named `test-<process>-…`, after the process whose test it is: here, and in Tests/RingTesting/TemporaryStore.swift.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import signal
from pathlib import Path

from processes import arguments, eventually, in_session, kill

SHARED_MEMORY = Path("/dev/shm")


def store_name() -> str:
    """A name for a store that belongs to this process."""
    return f"test-{os.getpid()}-{secrets.token_hex(6)}"


def remove_leftovers() -> list[str]:
    """Ends the pools and removes the segments of test processes that have gone; says which."""
    removed = []
    for pid in orphaned_pools():
        removed.append(f"pool {pid}")
        stop_pool(pid)
    for segment in SHARED_MEMORY.glob("fakeai-images-test-*"):
        if has_gone(owner(segment.name)):
            removed.append(segment.name)
            remove(segment)
    return removed


def owner(segment: str) -> int | None:
    """The process whose store a segment belongs to."""
    found = re.match(r"fakeai-images-test-([1-9][0-9]{0,9})-", segment)
    return int(found[1]) if found else None


def has_gone(process: int | None) -> bool:
    return process is not None and not Path(f"/proc/{process}").exists()


def orphaned_pools() -> list[int]:
    """The processes `serve`, and workers that were started alone, with the store of a test process that has gone.

    In a container, or on a machine within this one, processes have other numbers: nothing is known of who has gone there.
    """
    entries = [entry for entry in Path("/proc").iterdir() if entry.name.isdigit() and numbering(entry) == numbering(Path("/proc/self"))]
    return [
        int(entry.name)
        for command in ("serve", "worker")
        for entry in entries
        if arguments(int(entry.name))[1:2] == [command] and has_gone(owner(f"fakeai-images-{store_of(entry)}-"))
    ]


def numbering(entry: Path) -> str | None:
    """The namespace in which a process has its number."""
    try:
        return os.readlink(entry / "ns/pid")
    except OSError:
        return None


def store_of(entry: Path) -> str:
    try:
        variables = (entry / "environ").read_bytes().split(b"\0")
    except OSError:
        return ""
    prefix = b"FAKEAI_IMAGE_STORE_NAME="
    return next((variable.removeprefix(prefix).decode() for variable in variables if variable.startswith(prefix)), "")


def stop_pool(pid: int) -> None:
    """As a supervisor would; what does not end is killed."""
    kill(pid, signal.SIGTERM)
    try:
        eventually(lambda: not in_session(pid), within=10, what=f"pool {pid} ended")
    except AssertionError:
        for process in in_session(pid):
            kill(process)


def remove(segment: Path) -> None:
    if segment.is_dir() and not segment.is_symlink():
        shutil.rmtree(segment, ignore_errors=True)
    else:
        segment.unlink(missing_ok=True)
