"""The bytes of our PNG files beside libpng's, and beside a floor: the same rows by zopfli, which takes seconds."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from PIL import Image
from zopfli.zlib import compress

import libpng
from drawing import PROMPTS, kb, shortened
from drawn import picture
from section import Section
from table import markdown

SIZE = "1024x1024"
PICTURES = [(PROMPTS[0], "standard"), (PROMPTS[3], "standard"), (PROMPTS[8], "standard"), (PROMPTS[3], "hd")]
ITERATIONS = 5
"""Of zopfli; fifteen, its default, save 0.1 % more."""


def measure() -> list[Section]:
    # zopfli lets go of Python's lock.
    with ThreadPoolExecutor() as threads:
        rows = list(threads.map(lambda case: Row.of(*case), PICTURES))
    text = f"""
KB of a picture of {SIZE}. `libpng` is at level 6 with its default filters. `zopfli` compresses the same rows, ours and libpng's, with
{ITERATIONS} iterations, and `floor` is the smaller of both: what rows filtered in one of these ways take if time does not matter.

{markdown(Row.head, [row.cells for row in rows])}"""
    return [Section("Bytes beside a floor", text)]


@dataclass(frozen=True)
class Row:
    head = ["prompt", "quality", "ours", "libpng", "zopfli, our rows", "zopfli, libpng's rows", "ours / floor", "libpng / floor"]

    prompt: str
    quality: str
    ours: int
    theirs: int
    our_floor: int
    their_floor: int

    @classmethod
    def of(cls, prompt: str, quality: str) -> Row:
        ours = picture(prompt, "--size", SIZE, "--quality", quality)
        theirs = libpng.encode(Image.open(io.BytesIO(ours)).convert("RGB"))
        return cls(prompt, quality, len(ours), len(theirs), smallest(ours), smallest(theirs))

    @property
    def cells(self) -> list[str]:
        floor = min(self.our_floor, self.their_floor)
        bytes = [kb(count) for count in (self.ours, self.theirs, self.our_floor, self.their_floor)]
        return [shortened(self.prompt), self.quality, *bytes, f"{self.ours / floor:.2f}", f"{self.theirs / floor:.2f}"]


def smallest(file: bytes) -> int:
    """The bytes of a file if zopfli compresses its rows."""
    return len(file) - len(libpng.compressed(file)) + len(compress(libpng.rows(file), numiterations=ITERATIONS))
