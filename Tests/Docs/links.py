"""Whether the links of Markdown files lead anywhere: files, folders and headings of this repository.

    links.py <file or folder> …

Prints each link that does not, and ends with 1. Links to other places are not followed; `<doc:…>` is checked by name only, for the rest is
docc's business.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote

ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
LINK = re.compile(r"!?\[(?:[^\[\]]|\[[^\]]*\]|\n)*?\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)|^\[[^\]]+\]:\s+(\S+)", re.MULTILINE)
ARTICLE = re.compile(r"<doc:([^>]+)>")
FENCE = re.compile(r"^ {0,3}(```+|~~~+).*?^ {0,3}\1`*\s*?$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL)


def main(arguments: list[str]) -> int:
    files = [file for argument in arguments for file in markdown(Path(argument))]
    broken = [f"{file}:{line}: {problem}" for file in files for line, problem in problems(file)]
    print(*broken, sep="\n", end="\n" if broken else "")
    print(f"{sum(len(list(links(file))) for file in files)} links in {len(files)} files: {len(broken)} lead nowhere")
    return 1 if broken else 0


def markdown(path: Path) -> list[Path]:
    return sorted(path.rglob("*.md")) if path.is_dir() else [path]


def problems(file: Path) -> Iterator[tuple[int, str]]:
    """The line and what is wrong, for each link that leads nowhere."""
    for line, target in links(file):
        if problem := wrong(file, target):
            yield line, f"{target}: {problem}"


def links(file: Path) -> Iterator[tuple[int, str]]:
    """Each link's line and target, but for links to other places."""
    text = without_code(file.read_text())
    for found in LINK.finditer(text):
        target = found[1] or found[2]
        if not ELSEWHERE.match(target):
            yield text.count("\n", 0, found.start()) + 1, target
    for found in ARTICLE.finditer(text):
        yield text.count("\n", 0, found.start()) + 1, f"doc:{found[1]}"


def wrong(file: Path, target: str) -> str | None:
    if target.startswith("doc:"):
        return None if target.removeprefix("doc:").partition("#")[0] in articles(catalog(file)) else "no article has this name"
    path, _, heading = target.partition("#")
    place = file.parent / unquote(path) if path else file
    if catalog(file) and not path.startswith((".", "/")) and not place.exists():
        # docc knows the files of a catalog by their names.
        place = next(iter(catalog(file).rglob(path)), place)
    if not place.exists():
        return "there is no such file"
    if heading and place.suffix == ".md" and heading.lower() not in headings(place):
        return f"{place} has no such heading"
    return None


def catalog(file: Path) -> Path | None:
    """The documentation catalog that a file belongs to."""
    return next((folder for folder in file.parents if folder.suffix == ".docc"), None)


@cache
def articles(folder: Path | None) -> set[str]:
    return {file.stem for file in folder.rglob("*.md")} if folder else set()


@cache
def headings(file: Path) -> set[str]:
    """The anchors that GitHub makes of a file's headings."""
    text = FENCE.sub("", file.read_text())
    anchors = set(re.findall(r"<a\s+(?:id|name)=\"([^\"]+)\"", text))
    for heading in re.findall(r"^#{1,6}\s+(.+?)\s*#*$", text, re.MULTILINE):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        anchor = re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")
        numbered = (anchor, *(f"{anchor}-{number}" for number in range(1, 100)))
        anchors.add(next(name for name in numbered if name not in anchors))
    return anchors


def without_code(text: str) -> str:
    """The same lines, with nothing in fences and between backticks."""

    def blank(found: re.Match) -> str:
        return re.sub(r"[^\n]", " ", found[0])

    return CODE.sub(blank, FENCE.sub(blank, text))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
