"""What /proc tells about the processes that a test started."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path


def eventually(condition: Callable[[], object], *, within: float, what: str) -> object:
    """Waits until `condition` answers something true and returns it; fails after `within` seconds, naming `what`."""
    deadline = time.monotonic() + within
    while not (answer := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within:g} s: {what}")
        time.sleep(0.02)
    return answer


def in_session(leader: int) -> set[int]:
    """The living processes (zombies apart) of the session that `leader` leads, itself included."""
    members = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and session_of_living(entry) == leader:
            members.add(int(entry.name))
    return members


def children(parent: int) -> set[int]:
    """The processes that `parent` started and that it has not yet seen end, zombies included."""
    return {int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()}


def session_of_living(entry: Path) -> int | None:
    try:
        # Fields after the command, which may hold blanks and is in parentheses: state, parent, group, session.
        state, _, _, session, *_ = (entry / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if state == "Z" else int(session)


def arguments(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().split("\0")[:-1]
    except (FileNotFoundError, ProcessLookupError):
        return []


def own_memory(pid: int) -> int:
    """Bytes resident in `pid` that are not shared memory: RSS less the mapped segments."""
    return anonymous_memory(pid) + resident(pid, "RssFile")


def anonymous_memory(pid: int) -> int:
    """Bytes resident in `pid` that are in no file: its heaps and stacks."""
    return resident(pid, "RssAnon")


def resident(pid: int, kind: str) -> int:
    fields = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return int(fields[kind].split()[0]) * 1024


def kill(pid: int, with_signal: signal.Signals = signal.SIGKILL) -> None:
    try:
        os.kill(pid, with_signal)
    except ProcessLookupError:
        pass
