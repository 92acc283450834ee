"""What RESULTS.md says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

PATH = Path(__file__).with_name("RESULTS.md")


@dataclass(frozen=True)
class Kept:
    """A promise as it was written down."""

    measured: float
    bound: float


class Results:
    def __init__(self, text: str):
        parts = re.split(r"^## (.+)\n", text, flags=re.MULTILINE)
        self.head = parts[0]
        self.sections = dict(zip(parts[1::2], parts[2::2], strict=True))

    @classmethod
    def read(cls) -> Results:
        return cls(PATH.read_text())

    @property
    def cores(self) -> int:
        return int(re.search(r"on (\d+) cores", self.head).group(1))

    def figure(self, section: str, row: str, column: str) -> float:
        """A cell of a section's table; of columns with one name the first."""
        head, _, *rows = [cells(line) for line in self.sections[section].splitlines() if line.startswith("|")]
        [found] = [values for values in rows if values[0] == row]
        return float(found[head.index(column)].removesuffix("%"))

    def promise(self, what: str) -> Kept:
        found = re.search(rf"^- .+?: {re.escape(what)}: (-?[\d.]+) .*\(at (?:least|most) ([\d.]+)", self.sections["Promises"], re.MULTILINE)
        return Kept(*map(float, found.groups()))


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]
