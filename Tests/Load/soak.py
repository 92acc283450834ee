"""Keeps a pool of its own under full load for a long time, and reports growth. Exits with 1 if a request failed or something grew."""

from __future__ import annotations

import sys
import time
from collections import Counter, defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Support"))

from load import MIB, Step, bounded, report, table
from pool import Pool
from processes import arguments, in_session
from traffic import Traffic
from usage import Usage, usages

CONNECTIONS = 32
POSTS = 8
MAY_GROW = 2 * MIB
"""Bytes that a process's memory may grow by from the end of the first quarter on, by when every cache is full."""
MAY_OPEN = 8
"""Descriptors that a role's processes may have more, all together, at the fewest in the last third than at the most in the first.
Connections come and go, and wander between nginx's processes; a leak stays."""


def main() -> int:
    seconds = bounded(int, 20, 24 * 3600)(sys.argv[1] if len(sys.argv) > 1 else "600")
    pool = Pool("--workers", "2")
    try:
        pool.start()
        return soak(pool, seconds)
    finally:
        pool.close()


def soak(pool: Pool, seconds: int) -> int:
    samples: list[dict[int, Usage]] = [sample(pool)]
    began = time.monotonic()
    with Traffic(pool.url, posts=POSTS, gets=CONNECTIONS - POSTS, seconds=seconds, body={"quality": "hd"}) as traffic:
        while traffic.is_running:
            time.sleep(min(5, seconds / 20))
            samples.append(sample(pool))
        tallies = traffic.tallies()
    # The last one that was taken under load.
    step = Step(CONNECTIONS, tallies, time.monotonic() - began, samples[0], samples[-2])
    report([step])
    print(f"\nGrowth from the end of the first quarter to the end, of {seconds} s:\n")
    settled = samples[len(samples) // 4:-1]
    rows, grown = growth(settled[0], settled[-1])
    table(["process", "id", "memory then", "at the end", "descriptors then", "at the end"], rows)
    gone = sorted(samples[0].keys() - samples[-1].keys())
    errors = (f"{kind}: {count}" for kind, count in step.errors.items())
    problems = [*grown, *opened(settled), *(f"process {pid} has ended" for pid in gone), *errors]
    print("\nProblems:", "; ".join(problems) or "none")
    return 1 if problems else 0


def sample(pool: Pool) -> dict[int, Usage]:
    roles = defaultdict(lambda: "nginx", {pool.pid: "serve"} | {pid: "worker" for pid in pool.workers})
    return usages((roles[pid], pid) for pid in sorted(in_session(pool.pid)) if arguments(pid))


def growth(then: dict[int, Usage], end: dict[int, Usage]) -> tuple[list[list[str]], list[str]]:
    rows, grown = [], []
    for pid, last in end.items():
        first = then.get(pid)
        if not first:
            continue
        sizes = [f"{usage.memory / MIB:.1f} MiB" for usage in (first, last)]
        rows.append([last.role, str(pid), *sizes, str(first.descriptors), str(last.descriptors)])
        if last.memory - first.memory > MAY_GROW:
            grown.append(f"the memory of {last.role} {pid} grew from {sizes[0]} to {sizes[1]}")
    return rows, grown


def opened(samples: list[dict[int, Usage]]) -> list[str]:
    totals = [Counter() for _ in samples]
    for total, processes in zip(totals, samples, strict=True):
        for usage in processes.values():
            total[usage.role] += usage.descriptors
    third = max(1, len(totals) // 3)
    most = {role: max(total[role] for total in totals[:third]) for role in totals[0]}
    least = {role: min(total[role] for total in totals[-third:]) for role in totals[0]}
    return [
        f"{role} has at least {least[role]} descriptors open at the end, and had at most {most[role]} at the beginning"
        for role in totals[0] if least[role] - most[role] > MAY_OPEN
    ]


if __name__ == "__main__":
    sys.exit(main())
