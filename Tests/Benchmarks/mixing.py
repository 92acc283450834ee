"""GET /images/<id>.png while as many pictures are drawn as the pool can draw, beside GETs of an idle pool, in turns."""

from __future__ import annotations

import re
import statistics

from generating import SCRIPT
from pool import Pool
from promise import Promise
from section import Section
from table import markdown
from wrk import Wrk

READERS = 8
WRITERS = 4
SECONDS = 6
ROUNDS = 3
WORKERS = 2
TIMES_IDLE = 3
"""How many times as long the slowest hundredth may take, where that is more than five milliseconds."""
UNNOTICED = 0.005


def measure() -> list[Section]:
    # With room for all that is drawn, lest the picture that is read make room for it.
    pool = Pool("--workers", str(WORKERS), IMAGE_STORE_SIZE="4G")
    try:
        pool.start()
        [url] = pool.urls()
        turns = [(alone(url), *beside_drawing(pool, url, turn)) for turn in range(ROUNDS)]
    finally:
        pool.close()
    idle, busy, posts = (statistics.median(figures) for figures in zip(*turns, strict=True))
    rows = [[f"{idle * 1000:.2f}", f"{busy * 1000:.2f}", f"{busy / idle:.1f}", f"{posts:.0f}"]]
    text = f"""
The slowest hundredth of GETs of a 1024x1024 picture through nginx with {WORKERS} workers: wrk, {READERS} connections, alone and beside
{WRITERS} connections that have standard pictures made as fast as they are answered; median of {ROUNDS} turns of {SECONDS} s.

{markdown(["p99 ms alone", "p99 ms beside drawing", "times", "POSTs /s beside"], rows)}"""
    limit = max(TIMES_IDLE, UNNOTICED / idle)
    return [Section("Pictures served while others are drawn", text, [
        Promise("slowest hundredth of GETs beside drawing", busy / idle, f"times that alone, or {UNNOTICED * 1000:g} ms", at_most=limit),
    ])]


def alone(url: str) -> float:
    with Wrk(url, connections=READERS, seconds=SECONDS, options=["--latency"]) as reading:
        return slowest_hundredth(reading.report())


def beside_drawing(pool: Pool, url: str, turn: int) -> tuple[float, float]:
    """Of the GETs the slowest hundredth in seconds, and POSTs a second."""
    options, endpoint = ["--script", str(SCRIPT)], f"{pool.url}/v1/images/generations"
    with Wrk(endpoint, connections=WRITERS, seconds=SECONDS, options=options, arguments=["standard", f"beside {turn}"]) as drawing:
        return alone(url), drawing.rate().per_second


def slowest_hundredth(report: str) -> float:
    """wrk's figure, in seconds. Every GET must have been answered with 2xx."""
    assert "Non-2xx" not in report and "Socket errors" not in report, report
    number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)\b", report).groups()
    return float(number) * {"us": 1e-6, "ms": 1e-3, "s": 1}[unit]
