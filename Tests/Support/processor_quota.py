"""A share of a processor for a group of processes, by Linux's control groups (version 1 or 2), as root."""

from __future__ import annotations

import itertools
import os
from pathlib import Path
from types import TracebackType

from processes import eventually, in_session

V1 = Path("/sys/fs/cgroup/cpu")
V2 = Path("/sys/fs/cgroup")
PERIOD = 100_000
"""Microseconds: the usual one. In shorter periods, groups take a third more than their share."""
NUMBERS = itertools.count()


class ProcessorQuota:
    """Bounds all processes of sessions together, and those that they start meanwhile."""

    def __init__(self, sessions: list[int], processors: float):
        self.sessions = sessions
        self.quota = round(processors * PERIOD)
        self.root = V1 if V1.is_dir() else V2
        self.group = self.root / f"fakeai-test-{os.getpid()}-{next(NUMBERS)}"

    def __enter__(self) -> ProcessorQuota:
        if self.root == V2:
            (V2 / "cgroup.subtree_control").write_text("+cpu")
        self.group.mkdir()
        if self.root == V2:
            (self.group / "cpu.max").write_text(f"{self.quota} {PERIOD}")
        else:
            (self.group / "cpu.cfs_period_us").write_text(str(PERIOD))
            (self.group / "cpu.cfs_quota_us").write_text(str(self.quota))
        # A process that starts meanwhile is in its parent's group.
        for _ in range(2):
            self.move_to(self.group)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        for _ in range(2):
            self.move_to(self.root)
        eventually(lambda: not (self.group / "cgroup.procs").read_text(), within=10, what="the group is empty")
        self.group.rmdir()

    def move_to(self, group: Path) -> None:
        for session in self.sessions:
            for pid in in_session(session):
                try:
                    (group / "cgroup.procs").write_text(str(pid))
                except ProcessLookupError:
                    pass
