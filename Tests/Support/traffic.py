"""Requests as fast as they are answered: some connections make pictures, the others fetch the newest of them."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SCRIPT = Path(__file__).with_name("traffic.lua")
BODY = {"prompt": "%PROMPT%", "model": "dall-e-3"}


@dataclass(frozen=True)
class Tally:
    """What one kind of request came to."""

    requests: int
    seconds: float
    bytes: int
    latency: dict[float, float]
    """Seconds by percentile; 100 is the longest."""
    statuses: Counter
    workers: Counter
    """Answers by X-FakeAI-Worker; "none" is nginx itself."""
    broken: Counter
    """Connections that failed to connect, read, write, or answer in time."""

    @classmethod
    def read(cls, report: str) -> Tally:
        [line] = [line for line in report.splitlines() if line.startswith("TALLY ")] or [None]
        if line is None:
            raise RuntimeError(f"wrk said:\n{report}")
        found = json.loads(line.removeprefix("TALLY "))
        return cls(
            found["requests"], found["microseconds"] / 1e6, found["bytes"],
            {float(percentile): time / 1e6 for percentile, time in found["latency"].items()},
            Counter(found["statuses"]), Counter(found["workers"]),
            Counter({kind: found[kind] for kind in ("connect", "read", "write", "timeout") if found[kind]}),
        )

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds

    @property
    def errors(self) -> Counter:
        """All that was no answer with 2xx, by status or by what broke."""
        return self.broken + Counter({status: count for status, count in self.statuses.items() if not status.startswith("2")})


class Traffic:
    """Runs for so many seconds from its start.

    `prefix` is what wrk is started by, such as `nsenter`; `timeout` how many seconds an answer may take.
    """

    def __init__(
        self, url: str, *, posts: int, gets: int, seconds: float, body: dict | None = None, timeout: int = 30, prefix: Sequence[str] = ()
    ):
        self.seconds = seconds
        self.directory = tempfile.TemporaryDirectory(prefix="fakeai-traffic-")
        common = [*prefix, "wrk", "-t1", f"-d{seconds:g}s", f"--timeout={timeout}s", f"--script={SCRIPT}"]
        paths = str(Path(self.directory.name) / "paths")
        self.processes = {
            kind: subprocess.Popen(
                [*common, f"-c{connections}", url, "--", kind, paths, json.dumps(BODY | (body or {}))],
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            )
            for kind, connections in (("post", posts), ("get", gets)) if connections
        }

    def __enter__(self) -> Traffic:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.processes.values():
            process.kill()
            process.communicate()
        self.directory.cleanup()

    @property
    def is_running(self) -> bool:
        return any(process.poll() is None for process in self.processes.values())

    def tallies(self) -> dict[str, Tally]:
        """Waits for the end; by kind, "post" and "get"."""
        return {kind: Tally.read(process.communicate(timeout=self.seconds + 60)[0]) for kind, process in self.processes.items()}
