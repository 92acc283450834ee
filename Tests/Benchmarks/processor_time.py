"""The processor time of a pool: nginx's and the workers' apart, in nanoseconds rather than in the ticks of /proc/<pid>/stat."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from pool import Pool
from processes import in_session
from usage import name

PAUSE = 0.05
"""Seconds."""
IDLE = 0.05
"""A pool is idle if it uses less of a processor."""


@dataclass(frozen=True)
class ProcessorTime:
    """Seconds."""

    nginx: float
    workers: float

    @classmethod
    def of(cls, pool: Pool) -> ProcessorTime:
        """What the pool has used since its start, but for threads that have ended, as those do that read fonts when a worker starts."""
        nginx = (pid for pid in in_session(pool.pid) if name(pid) == "nginx")
        return cls(sum(map(used, nginx)), sum(map(used, pool.workers)))

    @classmethod
    def idle(cls, pool: Pool) -> ProcessorTime:
        """The same as soon as the pool is idle, lest requests whose client has left are counted for those that follow."""
        used = cls.of(pool)
        while True:
            time.sleep(PAUSE)
            before, used = used, cls.of(pool)
            if (used - before).both < IDLE * PAUSE:
                return used

    @property
    def both(self) -> float:
        return self.nginx + self.workers

    def __sub__(self, before: ProcessorTime) -> ProcessorTime:
        return ProcessorTime(self.nginx - before.nginx, self.workers - before.workers)


def used(pid: int) -> float:
    """Seconds that the threads of a process were on any processor; see proc_pid_schedstat(5)."""
    return sum(int(thread.read_text().split()[0]) for thread in Path(f"/proc/{pid}/task").glob("*/schedstat")) / 1e9
