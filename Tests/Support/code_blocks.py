"""The code blocks of Markdown pages, and what tells how each is to be run.

A comment above a block says what cannot be seen from its language:
- `<!-- run: by Tests/EndToEnd/test_site.py -->` names the file of tests that runs it instead
- `<!-- run: syntax, because … -->`: only its syntax can be checked
- `<!-- run: file rules.json -->`: it is the text of a file
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CATALOG = ROOT / "Sources/fakeai-images/Documentation.docc"
BLOCK = re.compile(r"^(?:<!-- run: (?P<run>[^\n]*?) -->\n)?```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class CodeBlock:
    page: str
    line: int
    language: str
    text: str
    run: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"

    @property
    def file(self) -> str | None:
        """The name of the file whose text this is."""
        return self.run.removeprefix("file ") if self.run.startswith("file ") else None

    @property
    def other_test(self) -> Path | None:
        """The file of tests that runs this."""
        return ROOT / self.run.removeprefix("by ") if self.run.startswith("by ") else None

    @property
    def is_syntax_only(self) -> bool:
        return self.run.startswith("syntax, because ")


def pages() -> list[Path]:
    """The README and every page that is not a record of a decision."""
    return [ROOT / "README.md", *sorted(page for page in CATALOG.rglob("*.md") if page.parent.name != "Decisions")]


def blocks(page: Path) -> Iterator[CodeBlock]:
    text = page.read_text()
    name = str(page.relative_to(CATALOG if page.is_relative_to(CATALOG) else ROOT))
    for found in BLOCK.finditer(text):
        yield CodeBlock(name, text.count("\n", 0, found.start()) + 1, found["language"], found["text"], found["run"] or "")
