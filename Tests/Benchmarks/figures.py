"""The figures of RESULTS.md that other documents state, each between `<!-- figures: <name> -->` and `<!-- end -->`.

    figures.py            writes them, as `make bench` does
    figures.py --check    ends with 1 if a document states others, as `make lint` does
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

from results import Results

ROOT = Path(__file__).parents[2]
ARTICLES = "Sources/fakeai-images/Documentation.docc"
GENERATED = "Images generated over HTTP"


def drawing(results: Results) -> str:
    standard, hd = (results.figure("One image", f"1024x1024 {quality}", "both") for quality in ("standard", "hd"))
    return f"{rounded(standard)} ms, or {rounded(hd)} ms in hd"


def rates(results: Results) -> str:
    drawn = results.figure(GENERATED, "1024x1024 standard", "ours /s")
    served = results.figure("Images served", "1024x1024 standard", "ours /s")
    return f"with {rounded(drawn)} images of 1024x1024 drawn a second, or {rounded(served)} served, on {results.cores} cores"


def lateness(results: Results) -> str:
    """Of 2,000 responses of which 596 are kept ready."""
    rate = round(results.figure(GENERATED, "1024x1024 hd", "ours /s"))
    return f"that draw {rate:,} a second: (2,000 − 596) / {rate:,} = {(2000 - 596) / rate:.1f} s"


def promises(results: Results) -> str:
    module = [results.promise(f"{quality} at 1024x1024 compared with the Python module") for quality in ("standard", "hd")]
    server = [results.promise(f"POST of {quality} compared with the Python module's server") for quality in ("standard", "hd")]
    sizes = ["256x256 standard", "512x512 standard", "1024x1024 standard", "1024x1024 hd"]
    static = [results.promise(f"GET of {size}, share of nginx's static rate") for size in sizes]
    rows = [
        ["drawing and encoding a 1024x1024 image, compared with the Python module", *by_quality(module, "as fast")],
        ["images a second through nginx with two workers, compared with the Python module's server", *by_quality(server, "as many")],
        ["images served a second, as a share of nginx's rate for static files, depending on the size", *span(static)],
    ]
    table = [["ratio", "at least", "measured"], ["---"] * 3, *rows]
    return "\n" + "".join(f"| {' | '.join(row)} |\n" for row in table)


def by_quality(kept: list, how: str) -> list[str]:
    """What is promised and what was measured."""
    pairs = [[promise.bound for promise in kept], [promise.measured for promise in kept]]
    return [f"{standard:.0f} times {how} (standard), {hd:.0f} times (hd)" for standard, hd in pairs]


def span(kept: list) -> list[str]:
    bounds, measured = [promise.bound for promise in kept], [promise.measured for promise in kept]
    return [f"{min(shares):.0f} % to {max(shares):.0f} %" for shares in (bounds, measured)]


def rounded(number: float) -> str:
    """To two significant digits."""
    return f"{float(f'{number:.1e}'):,.9g}"


Figures = dict[str, Callable[[Results], str]]
DOCUMENTS: dict[str, Figures] = {
    "README.md": {"drawing": drawing, "rates": rates},
    f"{ARTICLES}/Explanation/Performance.md": {"promises": promises},
    f"{ARTICLES}/Guides/Sizing.md": {"lateness": lateness},
}


def written(text: str, figures: Figures, results: Results) -> str:
    """A document's text with the figures of the results."""
    for name, figure in figures.items():
        marked = re.compile(rf"(<!-- figures: {name} -->).*?(<!-- end -->)", re.DOTALL)
        assert len(marked.findall(text)) == 1, f"not one marker of {name}"
        text = marked.sub(lambda found, figure=figure: found[1] + figure(results) + found[2], text)
    return text


def stale() -> dict[Path, str]:
    """The documents that state other figures, and what they should be."""
    results = Results.read()
    texts = {ROOT / name: written((ROOT / name).read_text(), figures, results) for name, figures in DOCUMENTS.items()}
    return {path: text for path, text in texts.items() if text != path.read_text()}


def main(arguments: list[str]) -> int:
    found = stale()
    if arguments == ["--check"]:
        for name in (path.relative_to(ROOT) for path in found):
            print(f"{name} states other figures than RESULTS.md; run python3 Tests/Benchmarks/figures.py", file=sys.stderr)
        return 1 if found else 0
    for path, text in found.items():
        path.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
