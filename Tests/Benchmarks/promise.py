"""A bound that a measurement must keep."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Promise:
    what: str
    measured: float
    unit: str
    at_least: float | None = None
    at_most: float | None = None

    @property
    def is_met(self) -> bool:
        return (self.at_least is None or self.measured >= self.at_least) and (self.at_most is None or self.measured <= self.at_most)

    def __str__(self) -> str:
        bounds = [f"{word} {bound:g}" for word, bound in [("at least", self.at_least), ("at most", self.at_most)] if bound is not None]
        return f"{self.what}: {self.measured:.1f} {self.unit} ({', '.join(bounds)})"
