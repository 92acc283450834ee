"""What our pictures cost, as the Swift half of the benchmark measures it."""

from __future__ import annotations

import json
import statistics
import subprocess
from pathlib import Path

from seed import MODEL

PROGRAM = Path(__file__).parents[2] / ".build-release/release/Benchmarks"

Cost = dict[str, float]
"""Milliseconds to `draw`, to `encode`, to `read` the canvas once, and that `libpng` takes to encode; `bytes` and `libpng_bytes`."""

Pictures = dict[tuple[str, str], Cost]
"""The pictures of one case by pattern and gradient, both empty in standard quality."""


class PictureCosts:
    """A case a line in, the costs of its pictures out. It waits while a peer is measured."""

    def __enter__(self) -> PictureCosts:
        self.process = subprocess.Popen([PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        return self

    def __exit__(self, *_: object) -> None:
        self.process.stdin.close()
        self.process.wait(timeout=60)

    def scale(self, old: str, new: str, mode: str, runs: int) -> list[float]:
        """Milliseconds of each run in which a picture is scaled."""
        self.ask(f"scale {old} {new} {mode} {runs}")
        return self.answer()

    def ask(self, line: str) -> None:
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()

    def answer(self) -> list:
        return json.loads(self.process.stdout.readline())

    def measure(self, size: str, quality: str, prompt: str) -> Pictures:
        """Every pattern on every gradient, in hd; one picture in standard."""
        self.ask(f"{size} {quality} {MODEL} {prompt}")
        pictures = self.answer()
        return {(picture.pop("pattern"), picture.pop("gradient")): picture for picture in pictures}


def median(rounds: list[Pictures]) -> Pictures:
    """Picture by picture and figure by figure, the middle of some rounds."""
    return {key: combine([pictures[key] for pictures in rounds], statistics.median) for key in rounds[0]}


def mean(pictures: Pictures) -> Cost:
    return combine(list(pictures.values()), statistics.mean)


def combine(costs: list[Cost], combination) -> Cost:
    return {figure: combination([cost[figure] for cost in costs]) for figure in costs[0]}
