"""Measures ours beside the peers that can be installed; writes the tables, and whether promises are met, to RESULTS.md.

Times drift with a machine's load, ratios hardly: whatever is compared is measured in turns, in one run. Leaves with 1 where a promise is
missed. `bench.py growing filling` measures only these parts, and prints them.
"""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "Support"))

import answering  # noqa: E402
import deflating  # noqa: E402
import drawing  # noqa: E402
import encoding  # noqa: E402
import figures  # noqa: E402
import filling  # noqa: E402
import generating  # noqa: E402
import growing  # noqa: E402
import joining  # noqa: E402
import mixing  # noqa: E402
import requesting  # noqa: E402
import responding  # noqa: E402
import scaling  # noqa: E402
import serving  # noqa: E402
import sharing  # noqa: E402
from section import Section  # noqa: E402

PARTS = [
    drawing, deflating, encoding, scaling, generating, requesting, responding, serving, answering, mixing, growing, filling, joining,
    sharing,
]
RESULTS = Path(__file__).with_name("RESULTS.md")
HEAD = """# Benchmarks

Written by `make bench` on {machine}. The times vary with the machine's load; compare the ratios.
"""


def main(arguments: list[str]) -> int:
    chosen = [part for part in PARTS if part.__name__ in arguments or not arguments]
    sections: list[Section] = []
    for part in chosen:
        print(f"{part.__name__} …", file=sys.stderr, flush=True)
        sections += part.measure()
    if chosen == PARTS:
        RESULTS.write_text(report(sections))
        figures.main([])
    print(report(sections), end="")
    return 0 if all(promise.is_met for section in sections for promise in section.promises) else 1


def report(sections: list[Section]) -> str:
    promises = [f"- {'met' if promise.is_met else '**missed**'}: {promise}" for section in sections for promise in section.promises]
    return "\n".join([HEAD.format(machine=machine()), str(Section("Promises", "\n".join(promises))), *map(str, sections)])


def machine() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    models = {line.partition(":")[2].strip() for line in lines if line.startswith("model name")} or {platform.machine()}
    return f"{len(os.sched_getaffinity(0))} cores of {', '.join(models)} ({platform.machine()})"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
