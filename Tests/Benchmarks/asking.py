"""A request that is sent again and again, and what each costs: processor time of nginx and of the workers, bytes, latency."""

from __future__ import annotations

import json
import statistics
from dataclasses import astuple, dataclass, field
from pathlib import Path

from pool import Pool
from processor_time import ProcessorTime
from wrk import Wrk

SCRIPT = Path(__file__).with_suffix(".lua")
CONNECTIONS = 8
SECONDS = 1
LONGEST = 16
"""To which a turn is prolonged if a machine that is busy otherwise answers nothing in it."""
ROUNDS = 3
GENERATIONS = "/v1/images/generations"
PROMPT = "A serene lake at sunset, mountains behind, number NUMBER"


@dataclass(frozen=True)
class Request:
    method: str
    paths: list[str]
    """One after the other."""
    body: str = ""
    """In which NUMBER gives way to another number each time."""
    headers: dict[str, str] = field(default_factory=dict)
    is_refused: bool = False

    @classmethod
    def get(cls, *paths: str, is_refused: bool = False) -> Request:
        return cls("GET", list(paths), is_refused=is_refused)

    @classmethod
    def post(cls, path: str = GENERATIONS, *, fault: str = "", is_refused: bool = False, **parameters: object) -> Request:
        """For images, each of another prompt."""
        headers = {"Content-Type": "application/json"} | ({"X-FakeAI-Fault": fault} if fault else {})
        return cls("POST", [path], json.dumps({"prompt": PROMPT} | parameters), headers, is_refused or bool(fault))

    @property
    def arguments(self) -> list[str]:
        """Of the script."""
        return [self.method, " ".join(self.paths), self.body, *(word for header in self.headers.items() for word in header)]


@dataclass(frozen=True)
class Cost:
    """Of one request."""

    nginx: float
    """Seconds of processor time."""
    workers: float
    bytes: float
    """Of the answer, with its head."""
    latency: float
    """Seconds, the median."""
    per_second: float

    @classmethod
    def median(cls, costs: list[Cost]) -> Cost:
        """Of each figure for itself."""
        return cls(*map(statistics.median, zip(*map(astuple, costs), strict=True)))

    @property
    def both(self) -> float:
        return self.nginx + self.workers


def measure(pool: Pool, request: Request, *, connections: int = CONNECTIONS, seconds: int = SECONDS) -> Cost:
    """Sends it for so long. All must be answered in the same way, with an image or with an error."""
    before = ProcessorTime.idle(pool)
    options = ["--script", str(SCRIPT), "--timeout", "60s"]
    with Wrk(pool.url, connections=connections, seconds=seconds, options=options, arguments=request.arguments) as wrk:
        report = wrk.report()
    used = ProcessorTime.of(pool) - before
    answers = json.loads(report.splitlines()[-1])
    count = answers["requests"]
    if not count and seconds < LONGEST:
        return measure(pool, request, connections=connections, seconds=2 * seconds)
    assert count and answers["refused"] == (count if request.is_refused else 0) and not answers["broken"], report
    return Cost(
        nginx=used.nginx / count, workers=used.workers / count, bytes=answers["bytes"] / count, latency=answers["latency"],
        per_second=count / answers["seconds"])


def rounds(pool: Pool, requests: dict[str, Request], *, count: int = ROUNDS, seconds: int = SECONDS) -> dict[str, list[Cost]]:
    """The costs of each, measured in turns, after one turn that does not count."""
    for request in requests.values():
        measure(pool, request)
    turns = [{name: measure(pool, request, seconds=seconds) for name, request in requests.items()} for _ in range(count)]
    return {name: [turn[name] for turn in turns] for name in requests}


def microseconds(seconds: float) -> str:
    return f"{seconds * 1e6:.0f}"
