"""What processes of this machine use, from /proc: time on processors, memory, descriptors."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
LISTENING = "0A"
"""The state of a listening socket in /proc/net/tcp."""


@dataclass(frozen=True)
class Usage:
    """One process at one moment."""

    role: str
    pid: int
    processor: float
    """Seconds on any processor since its start."""
    memory: int
    """Bytes resident, the shared store aside."""
    descriptors: int

    @classmethod
    def of(cls, role: str, pid: int) -> Usage | None:
        """None where the process is gone, or belongs to somebody else."""
        entry = Path(f"/proc/{pid}")
        try:
            # Fields after the command, from `state` on; see proc(5).
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            status = dict(line.split(":", 1) for line in (entry / "status").read_text().splitlines())
            memory = sum(int(status[name].split()[0]) * 1024 for name in ("RssAnon", "RssFile"))
            return cls(role, pid, (int(fields[11]) + int(fields[12])) / TICKS, memory, len(os.listdir(entry / "fd")))
        except (OSError, KeyError):
            return None


def usages(processes: Iterable[tuple[str, int]]) -> dict[int, Usage]:
    """By process id, of those that live."""
    found = (Usage.of(role, pid) for role, pid in processes)
    return {usage.pid: usage for usage in found if usage}


def listeners(port: int) -> list[int]:
    """The processes of this machine that have a socket which listens on a TCP port; what /proc does not show is left out."""
    inodes = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            _, local, _, state, *_, = fields = line.split()
            if state == LISTENING and int(local.rpartition(":")[2], 16) == port:
                inodes.add(f"socket:[{fields[9]}]")
    return sorted(int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit() and inodes & set(links(entry)))


def links(process: Path) -> list[str]:
    try:
        return [os.readlink(path) for path in (process / "fd").iterdir()]
    except OSError:
        return []


def name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""
