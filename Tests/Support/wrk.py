"""wrk, a client that asks for one URL on many connections as fast as it is answered."""

from __future__ import annotations

import re
import statistics
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass


@dataclass(frozen=True)
class Rate:
    per_second: float
    mean_latency: float
    """Seconds."""

    @classmethod
    def median(cls, rates: Iterable[Rate]) -> Rate:
        """Of each figure for itself, so that one bad moment of the machine spoils neither."""
        return cls(*map(statistics.median, zip(*map(astuple, rates), strict=True)))

    @property
    def busy(self) -> float:
        """Connections that were being answered, by Little's law: as many as there are, where all is well.

        Fewer, and some were starved without wrk saying so; more, and some stood still: wrk counts the requests that they would have made.
        """
        return self.per_second * self.mean_latency


class Wrk:
    """Runs for so many seconds from its start. `arguments` are those of a script named among the `options`."""

    def __init__(self, url: str, *, connections: int, seconds: int, options: Sequence[str] = (), arguments: Sequence[str] = ()):
        self.seconds = seconds
        self.process = subprocess.Popen(
            ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", *options, url, "--", *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )

    def __enter__(self) -> Wrk:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()

    @property
    def is_running(self) -> bool:
        return self.process.poll() is None

    def report(self) -> str:
        """Waits for the end, and returns what it printed."""
        report, _ = self.process.communicate(timeout=self.seconds + 30)
        assert self.process.returncode == 0, report
        return report

    def rate(self) -> Rate:
        """Waits for the end. Every request must have been answered with 2xx."""
        report = self.report()
        assert "Non-2xx" not in report and "Socket errors" not in report, report
        number, unit = re.search(r"Latency\s+([\d.]+)(us|ms|s)\b", report).groups()
        return Rate(
            per_second=float(re.search(r"Requests/sec:\s+([\d.]+)", report).group(1)),
            mean_latency=float(number) * {"us": 1e-6, "ms": 1e-3, "s": 1}[unit],
        )
