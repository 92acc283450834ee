"""Drawing and encoding one picture, in this program and in the seed's, in turns."""

from __future__ import annotations

import json
import statistics
import subprocess
import time
from collections import defaultdict
from pathlib import Path

from promise import Promise
from seed import MODEL, PROMPT, Seed
from table import markdown

PICTURES = Path(__file__).parents[2] / ".build-release/release/Benchmarks"
SIZES = ["256x256", "512x512", "1024x1024", "1792x1024", "1024x1792"]
QUALITIES = {"standard": 30, "hd": 40}
"""How many times faster than the seed we promise to be at 1024x1024."""

ROUNDS = 3


def measure() -> list[Promise]:
    seed, ours, theirs = Seed(), defaultdict(list), defaultdict(list)
    with Pictures() as pictures:
        for _ in range(ROUNDS):
            for case in [(size, quality) for size in SIZES for quality in QUALITIES]:
                ours[case].append(pictures.time(*case))
                theirs[case].append(time_seed(seed, *case))
    rows = [Row(size, quality, ours[size, quality], theirs[size, quality]) for size, quality in ours]
    print(f"## One picture, one core: median of {ROUNDS} rounds; hd is the mean over all patterns and gradients\n")
    print(markdown(Row.head, [row.cells for row in rows]), flush=True)
    return [
        Promise(f"{row.quality} at 1024x1024 beside the seed", row.ratio, "times faster", at_least=QUALITIES[row.quality])
        for row in rows
        if row.size == "1024x1024"
    ]


class Pictures:
    """The Swift side: a case a line in, its times a line out. It waits while the seed is measured."""

    def __enter__(self) -> Pictures:
        self.process = subprocess.Popen([PICTURES, PROMPT, MODEL], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        return self

    def __exit__(self, *_: object) -> None:
        self.process.stdin.close()
        self.process.wait(timeout=60)

    def time(self, size: str, quality: str) -> dict[str, float]:
        """Milliseconds to read the canvas once, to draw and to encode, and kilobytes."""
        self.process.stdin.write(f"{size} {quality}\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


def time_seed(seed: Seed, size: str, quality: str) -> dict[str, float]:
    width, height = (int(side) for side in size.split("x"))
    times, lengths = [], []
    for index in seed.indexes(quality):
        began = time.perf_counter()
        data = seed.draw((width, height), quality, index)
        times.append((time.perf_counter() - began) * 1000)
        lengths.append(len(data) / 1000)
    return {"total": statistics.mean(times), "kilobytes": statistics.mean(lengths)}


class Row:
    head = ["picture", "read once ms", "draw ms", "encode ms", "both ms", "KB", "seed ms", "seed KB", "times faster"]

    def __init__(self, size: str, quality: str, ours: list[dict], theirs: list[dict]):
        self.size, self.quality = size, quality
        self.ours = {key: statistics.median(round[key] for round in ours) for key in ours[0]}
        self.theirs = {key: statistics.median(round[key] for round in theirs) for key in theirs[0]}
        self.total = self.ours["draw"] + self.ours["encode"]
        self.ratio = self.theirs["total"] / self.total

    @property
    def cells(self) -> list[str]:
        ours = [f"{self.ours['read']:.3f}", f"{self.ours['draw']:.2f}", f"{self.ours['encode']:.2f}", f"{self.total:.2f}"]
        theirs = [f"{self.theirs['total']:.0f}", f"{self.theirs['kilobytes']:.0f}"]
        return [f"{self.size} {self.quality}", *ours, f"{self.ours['kilobytes']:.0f}", *theirs, f"{self.ratio:.0f}"]
