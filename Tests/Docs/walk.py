"""Checks the walk through the sources in the documentation: that each function is where it says, and how much there is to read."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
ARTICLE = ROOT / "Sources/fakeai-images/Documentation.docc/Explanation/The-way-of-a-request.md"
MOST_CALLS = {"GET": 18, "POST": 35}
MOST_LINES = 4000


def tables(text: str) -> list[list[tuple[str, str]]]:
    """The functions and files of each table."""
    return [re.findall(r"^\| `([\w.]+)` \| `([^`]+)` \|", table, re.M) for table in text.split("| --- | --- | --- |")[1:]]


def problems(get: list, before: list, after: list) -> list[str]:
    found = []
    for function, file in get + before + after:
        path, (owner, name) = ROOT / "Sources" / file, function.split(".")
        pattern = r"\binit\(" if name == "init" else rf"\b(func {name}[(<]|static let {name}\b)"
        source = path.read_text() if path.exists() else ""
        if not re.search(pattern, source) or owner not in source:
            found.append(f"{function} is not in {file}")
    for kind, walk in {"GET": get, "POST": before}.items():
        if len(walk) > MOST_CALLS[kind]:
            found.append(f"a {kind} passes {len(walk)} functions; at most {MOST_CALLS[kind]}")
    if lines(before) >= MOST_LINES:
        found.append(f"the way to the first pixel has {lines(before)} lines; fewer than {MOST_LINES}")
    return found


def lines(walk: list[tuple[str, str]]) -> int:
    return sum(len((ROOT / "Sources" / file).read_text().splitlines()) for file in {file for _, file in walk})


get, before, after = tables(ARTICLE.read_text())
found = problems(get, before, after)
for problem in found:
    print(f"{ARTICLE.name}: {problem}", file=sys.stderr)
print(
    f"GET: {len(get)} functions, {lines(get)} lines in {len({file for _, file in get})} files. "
    f"POST: {len(before)} to the first pixel, {lines(before)} lines in {len({file for _, file in before})} files; {len(after)} after it.")
sys.exit(1 if found else 0)
