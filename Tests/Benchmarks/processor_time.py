"""The processor time of a pool: nginx's and the workers' apart, in nanoseconds rather than in the ticks of /proc/<pid>/stat."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pool import Pool
from processes import in_session
from usage import name


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

    def __sub__(self, before: ProcessorTime) -> ProcessorTime:
        return ProcessorTime(self.nginx - before.nginx, self.workers - before.workers)


def used(pid: int) -> float:
    """Seconds that the threads of a process were on any processor; see proc_pid_schedstat(5)."""
    return sum(int(thread.read_text().split()[0]) for thread in Path(f"/proc/{pid}/task").glob("*/schedstat")) / 1e9
