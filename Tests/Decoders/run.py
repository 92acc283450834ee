"""Whether all decoders find in our PNG files the pixels that were drawn: `run.py <program that draws> <pictures> [<seed>]`.

The program draws each picture twice, to a file and to plain pixels, which no encoder or decoder has touched. The file must decode to
these pixels, without a warning, by zlib (whose filters are undone here), libpng, Pillow, ImageMagick and Chromium; and pngcheck must find
nothing wrong with it.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from chromium import Chromium, chromium
from libraries import LIBRARIES
from picture import DrawingProcess, Picture, drawing
from programs import PROGRAMS
from requested import requests

KEPT = Path(__file__).parents[2] / ".build-decoders"
"""Where files with faults are kept."""
MOST_SHOWN = 10
"""Faults of each decoder that are shown; the others are only counted."""
BATCH = 200
BATCH_PIXELS = 16_000_000


def batches(process: DrawingProcess, wanted: Iterator[dict]) -> Iterator[list[Picture]]:
    """Pictures that are decoded together."""
    batch: list[Picture] = []
    for request in wanted:
        batch.append(process.draw(request))
        if len(batch) == BATCH or sum(picture.width * picture.height for picture in batch) >= BATCH_PIXELS:
            yield batch
            batch = []
    if batch:
        yield batch


def library_faults(decode: Callable[[Picture], bytes], batch: list[Picture]) -> Iterator[tuple[Picture, str]]:
    for picture in batch:
        try:
            difference = picture.difference(decode(picture), picture.channels)
        # Whatever a decoder throws is its answer.
        except Exception as error:
            difference = f"{type(error).__name__}: {error}"
        if difference:
            yield picture, difference


class Faults:
    """What the decoders said."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.files: dict[Picture, Path] = {}

    def add(self, decoder: str, picture: Picture, what: str) -> None:
        self.counts[decoder] += 1
        if self.counts[decoder] <= MOST_SHOWN:
            print(f"{decoder}: {picture}: {what} ({self.kept(picture)})", flush=True)

    def kept(self, picture: Picture) -> Path:
        if picture not in self.files:
            KEPT.mkdir(exist_ok=True)
            file = KEPT / f"fault-{len(self.files) + 1}.png"
            file.write_bytes(picture.file)
            self.files[picture] = file
        return self.files[picture]


def decode(batch: list[Picture], browser: Chromium, threads: ThreadPoolExecutor, faults: Faults) -> None:
    """Lets every decoder have a batch."""
    with TemporaryDirectory(prefix="decoders-") as folder:
        files = {Path(folder) / f"{number}.png": picture for number, picture in enumerate(batch)}
        for file, picture in files.items():
            file.write_bytes(picture.file)
        others = {name: threads.submit(list_of, program, files) for name, program in PROGRAMS.items()}
        others |= {name: threads.submit(list_of, library_faults, library, batch) for name, library in LIBRARIES.items()}
        found = {"Chromium": list(browser.faults(batch))} | {name: other.result() for name, other in others.items()}
    for decoder, said in found.items():
        for picture, what in said:
            faults.add(decoder, picture, what)


def list_of(faults: Callable[..., Iterator], *what: object) -> list:
    """All of them, so that a thread makes them and not the one that looks at them."""
    return list(faults(*what))


def main(program: Path, count: int, seed: int) -> int:
    print(f"seed {seed}", flush=True)
    start, faults = time.monotonic(), Faults()
    sizes, prompts, pixels, done = set(), set(), 0, 0
    with drawing(program) as process, chromium() as browser, ThreadPoolExecutor(2) as threads:
        for batch in batches(process, requests(random.Random(seed), count)):
            decode(batch, browser, threads, faults)
            done += len(batch)
            pixels += sum(picture.width * picture.height for picture in batch)
            sizes |= {picture.request["size"] for picture in batch}
            prompts |= {picture.request["prompt"] for picture in batch}
            if done // 1000 > (done - len(batch)) // 1000:
                print(f"{done} pictures", flush=True)
    took = time.monotonic() - start
    print(f"{done} pictures of {len(prompts)} prompts in {len(sizes)} sizes, {pixels / 1e6:.0f} million pixels, in {took:.0f} s")
    for decoder in [*LIBRARIES, *PROGRAMS, "Chromium"]:
        print(f"{decoder}: {faults.counts[decoder]} faults")
    return 1 if faults.counts else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else random.randrange(1 << 31)))
