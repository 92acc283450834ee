"""Keeps a pool of its own under full load for long, and says what grew. Ends with 1 where a request failed or something kept growing."""

from __future__ import annotations

import sys
import time
from collections import defaultdict
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
"""Descriptors that may come in addition, likewise: connections come and go."""


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
    rows, grown = growth(samples[len(samples) // 4], samples[-2])
    table(["process", "id", "memory then", "at the end", "descriptors then", "at the end"], rows)
    gone = sorted(samples[0].keys() - samples[-1].keys())
    problems = [*grown, *(f"process {pid} has ended" for pid in gone), *(f"{kind}: {count}" for kind, count in step.errors.items())]
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
        if last.descriptors - first.descriptors > MAY_OPEN:
            grown.append(f"{last.role} {pid} has {last.descriptors - first.descriptors} descriptors more")
    return rows, grown


if __name__ == "__main__":
    sys.exit(main())
