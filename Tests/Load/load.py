"""Drives a running service with an increasing number of connections, and reports the results.

For whoever tunes nginx, the number of workers or the store. It needs Python and wrk, and nothing of ours but its neighbours in Support.
"""

from __future__ import annotations

import argparse
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Support"))

from traffic import Tally, Traffic
from usage import Usage, listeners, name, usages

MIB = 2**20
PERCENTILES = {50: "p50", 90: "p90", 99: "p99", 99.9: "p99.9", 100: "max"}


@dataclass
class Step:
    """One number of connections, and what came of it."""

    connections: int
    tallies: dict[str, Tally]
    seconds: float
    before: dict[int, Usage]
    after: dict[int, Usage]

    @property
    def errors(self) -> Counter:
        return sum((tally.errors for tally in self.tallies.values()), Counter())

    def row(self) -> list[str]:
        cells = [str(self.connections)]
        for tally in self.tallies.values():
            cells += [f"{tally.per_second:.0f}", *(milliseconds(tally.latency[percentile]) for percentile in (50, 99))]
        return [*cells, f"{self.processor_share('nginx'):.0f} %", f"{self.processor_share('worker'):.0f} %", str(self.errors.total())]

    def processor_share(self, role: str) -> float:
        """Per cent of one processor, of all processes of a role together."""
        return sum(self.share_of(pid) for pid, usage in self.after.items() if usage.role == role)

    def share_of(self, process: int) -> float:
        """Likewise of one process; of one that started meanwhile, its time since then."""
        before = self.before[process].processor if process in self.before else 0
        return 100 * (self.after[process].processor - before) / self.seconds


def main() -> int:
    options = parse()
    problem = unreachable(options.url)
    if problem:
        print(f"{options.url} does not respond: {problem}", file=sys.stderr)
        return 1
    steps = []
    for connections in options.ramp:
        print(f"{connections} connections for {options.seconds} s …", file=sys.stderr)
        steps.append(run(options, connections))
    report(steps)
    return 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="URL of the service")
    parser.add_argument("--ramp", type=ramp, default="4,16,64", help="number of connections of each step, at most 2000 each")
    parser.add_argument("--posts", type=bounded(float, 0, 1), default=0.25, help="share of the connections that generate images")
    parser.add_argument("--seconds", type=bounded(int, 1, 3600), default=10, help="duration of a step")
    parser.add_argument("--size", default="1024x1024", help="size of the images")
    parser.add_argument("--quality", default="standard", help="quality of the images")
    return parser.parse_args()


def ramp(text: str) -> list[int]:
    return [bounded(int, 1, 2000)(step) for step in text.split(",")]


def bounded(kind: type, low: float, high: float):
    def parse(text: str):
        value = kind(text)
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"{text} is not between {low} and {high}")
        return value

    parse.__name__ = f"number from {low} to {high}"
    return parse


def unreachable(url: str) -> str | None:
    try:
        urllib.request.urlopen(f"{url}/healthz", timeout=10).close()
    except (OSError, ValueError) as error:
        return str(error)
    return None


def run(options: argparse.Namespace, connections: int) -> Step:
    posts = min(connections, max(1, round(connections * options.posts))) if options.posts else 0
    nginx = [("nginx", pid) for pid in listeners(port(options.url)) if name(pid) == "nginx"]
    before, began = usages(nginx + workers(options.url)), time.monotonic()
    body = {"size": options.size, "quality": options.quality}
    with Traffic(options.url, posts=posts, gets=connections - posts, seconds=options.seconds, body=body) as traffic:
        tallies = traffic.tallies()
    # Of the workers that answered.
    pids = [("worker", pid) for pid in sorted({pid for tally in tallies.values() for pid in map(process, tally.workers)} - {0})]
    after = usages(nginx + [worker for worker in pids if name(worker[1]) == "fakeai-images"])
    return Step(connections, tallies, time.monotonic() - began, before, after)


def port(url: str) -> int:
    parts = urllib.parse.urlsplit(url)
    return parts.port or {"http": 80, "https": 443}[parts.scheme]


def workers(url: str) -> list[tuple[str, int]]:
    """Those of this machine that answer now."""
    found = set()
    for _ in range(100):
        with urllib.request.urlopen(f"{url}/healthz", timeout=10) as answer:
            found.add(process(answer.headers.get("X-FakeAI-Worker", "none")))
    return [("worker", pid) for pid in sorted(found) if name(pid) == "fakeai-images"]


def process(worker: str) -> int:
    """The process id in `<number>-<process id>`; 0 for nginx's own answers."""
    number = worker.rpartition("-")[2]
    return int(number) if number.isdigit() else 0


def report(steps: list[Step]) -> None:
    kinds = list(steps[0].tallies)
    print("Requests per second, latency in ms, CPU in per cent of one processor:\n")
    head = ["connections", *(f"{kind.upper()} {column}" for kind in kinds for column in ("/s", "p50", "p99"))]
    table([*head, "CPU nginx", "CPU workers", "errors"], [step.row() for step in steps])

    last = steps[-1]
    print(f"\nLatency in ms at {last.connections} connections:\n")
    table(["", *PERCENTILES.values()], [
        [kind.upper(), *(milliseconds(tally.latency[percentile]) for percentile in PERCENTILES)] for kind, tally in last.tallies.items()
    ])
    answers = sum((tally.workers for step in steps for tally in step.tallies.values()), Counter())
    print("\nResponses by worker, over all steps:\n")
    table(["worker", "responses", "share"], [
        [worker, str(count), f"{100 * count / answers.total():.1f} %"] for worker, count in sorted(answers.items())
    ])
    errors = sum((step.errors for step in steps), Counter())
    print("\nErrors by kind, over all steps:", ", ".join(f"{kind}: {count}" for kind, count in errors.items()) or "none")
    if last.after:
        print("\nProcesses in the last step and after it, without the shared store:\n")
        table(["process", "id", "CPU", "memory", "descriptors"], [
            [usage.role, str(pid), f"{last.share_of(pid):.0f} %", f"{usage.memory / MIB:.1f} MiB", str(usage.descriptors)]
            for pid, usage in last.after.items()
        ])
    else:
        print("\nThe service runs on another machine or as another user: CPU and memory are unknown.")


def table(head: list[str], rows: list[list[str]]) -> None:
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    for row in (head, *rows):
        cells = enumerate(zip(row, widths, strict=True))
        first, *others = (cell.ljust(width) if place == 0 else cell.rjust(width) for place, (cell, width) in cells)
        print("  ".join([first, *others]).rstrip())


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.1f}"


if __name__ == "__main__":
    sys.exit(main())
