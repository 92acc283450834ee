"""A part of the results: what was measured, and what had been promised about it."""

from __future__ import annotations

from dataclasses import dataclass, field

from promise import Promise


@dataclass
class Section:
    title: str
    text: str
    """Markdown."""
    promises: list[Promise] = field(default_factory=list)

    def __str__(self) -> str:
        return f"## {self.title}\n\n{self.text.strip()}\n"
