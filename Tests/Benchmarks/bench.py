"""Prints the benchmark table: ours beside the peers that can be installed, as ratios, and whether they are what we promise.

Times drift with a machine's load, ratios hardly: whatever is compared is measured in turns, in one run. Leaves with 1 where a promise is
missed.
"""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "Support"))

import drawing  # noqa: E402
import joining  # noqa: E402
import serving  # noqa: E402
from promise import Promise  # noqa: E402


def machine() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    models = {line.partition(":")[2].strip() for line in lines if line.startswith("model name")} or {platform.machine()}
    return f"{len(os.sched_getaffinity(0))} cores, {', '.join(models)}"


def main() -> int:
    print(f"# Benchmarks\n\n{machine()}\n", flush=True)
    promises: list[Promise] = []
    for measure in [drawing.measure, serving.measure, joining.measure]:
        promises += measure()
    print("## Promises\n")
    for promise in promises:
        print(f"- {'met' if promise.is_met else 'MISSED'}: {promise}")
    return 0 if all(promise.is_met for promise in promises) else 1


if __name__ == "__main__":
    sys.exit(main())
