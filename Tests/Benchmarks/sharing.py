"""The ring of pictures: what an insert costs, and what sixteen processes that share one cost each other."""

from __future__ import annotations

import json
import statistics
import subprocess
from pathlib import Path

from promise import Promise
from section import Section
from table import markdown

PROGRAM = Path(__file__).parents[2] / ".build-release/release/RingBenchmarks"
ROUNDS = 3

WARM = 15
"""Per cent of the time of copying as much into memory that was never touched: what an insert into a warm ring takes at most."""

ADDED_STALL = 50
"""Milliseconds. How long an operation takes at most is the scheduler's doing where processes outnumber the cores; this is what sharing
may add."""

SCALING = 0.5
"""What eight pairs do together, as a share of what one pair does. Where all cores are busy with one pair, no more than 1 can be had."""


def measure() -> list[Section]:
    rounds = [json.loads(subprocess.run([PROGRAM], check=True, stdout=subprocess.PIPE, timeout=120).stdout) for _ in range(ROUNDS)]
    return [inserts([costs["inserts"] for costs in rounds]), crowds([costs["crowds"] for costs in rounds])]


def inserts(rounds: list[dict]) -> Section:
    cost = {kind: statistics.median(one[kind] for one in rounds) for kind in rounds[0]}
    text = f"""
Inserting 60 KB takes {cost["warm"]:.1f} µs in a ring that has wrapped around before, and {cost["first_round"]:.1f} µs if the process writes
the ring's pages for the first time. Merely copying as much into unallocated shared memory takes {cost["unallocated"]:.1f} µs: a ring is
allocated when it is created."""
    share = 100 * cost["warm"] / cost["unallocated"]
    return Section("Inserting", text, [Promise("60 KB into a warm ring, share of copying into untouched memory", share, "%", at_most=WARM)])


def crowds(rounds: list[list[dict]]) -> Section:
    one, eight, alone = (middle(crowd) for crowd in zip(*rounds, strict=True))
    rows = [row("one pair", one), row("eight pairs", eight), row("eight pairs, a ring each", alone)]
    text = f"""
Pairs of processes, of which one inserts 60 KB repeatedly and the other reads, without pauses; medians of {ROUNDS} rounds. The times of
pairs with a ring each are due to the machine, because there are more processes than cores.

{markdown(["", "inserts/s", "reads/s", "longest insert, ms", "longest read, ms"], rows)}"""
    return Section("Sharing", text, [
        Promise("what sharing adds to the longest operation of sixteen processes", added(eight, alone), "ms", at_most=ADDED_STALL),
        Promise("eight pairs on one ring compared with one pair", operations(eight) / operations(one), "times the rate", at_least=SCALING),
    ])


def middle(crowd: tuple[dict, ...]) -> dict:
    return {figure: statistics.median(costs[figure] for costs in crowd) for figure in crowd[0] if figure != "work"}


def row(title: str, crowd: dict) -> list[str]:
    return [title, f"{crowd['inserts']:.0f}", f"{crowd['reads']:.0f}", f"{crowd['longest_insert']:.1f}", f"{crowd['longest_read']:.1f}"]


def operations(crowd: dict) -> float:
    return crowd["inserts"] + crowd["reads"]


def longest(crowd: dict) -> float:
    return max(crowd["longest_insert"], crowd["longest_read"])


def added(shared: dict, alone: dict) -> float:
    return max(0.0, longest(shared) - longest(alone))
