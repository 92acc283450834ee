"""Pictures in each format, beside Pillow's encoder of the same pixels at the same quality."""

from __future__ import annotations

import io
import statistics
import time
from dataclasses import dataclass, field

from PIL import Image, ImageSequence

from drawing import kb
from drawn import pictures
from section import Section
from seed import PROMPT
from table import markdown

SIZE = "1024x1024"
QUALITIES = ["standard", "hd"]
FRAMES = 9
FRAME_MILLISECONDS = 200
COMPARED = 10
"""Pictures that Pillow encodes, too, and whose bytes are compared."""


@dataclass(frozen=True)
class Format:
    name: str
    extension: str
    ours: list[str] = field(default_factory=list)
    """Options of `generate`."""
    theirs: dict[str, object] = field(default_factory=dict)
    """Parameters of Pillow's `save`, the rest of which are its defaults."""
    count: int = 100
    """Pictures of ours."""

    @property
    def is_animated(self) -> bool:
        return "--frames" in self.ours


ANIMATION = {"save_all": True, "duration": FRAME_MILLISECONDS, "loop": 0}
# Colours are not subsampled, as in ours.
FORMATS = [
    Format("PNG", "png", count=300),
    *(Format(f"JPEG, quality {value}", "jpeg", ["--compression", str(value)], {"quality": value, "subsampling": 0}) for value in (100, 80)),
    *(Format(f"WebP, quality {value}", "webp", ["--compression", str(value)], {"quality": value}, count=30) for value in (100, 80)),
    Format(f"GIF, {FRAMES} frames", "gif", ["--frames", str(FRAMES)], ANIMATION, count=20),
]


def measure() -> list[Section]:
    rows, counts = [], [format.count for format in FORMATS]
    for quality in QUALITIES:
        canvases, _ = pictures(PROMPT, "--size", SIZE, "--quality", quality, count=COMPARED)
        for format in FORMATS:
            options = ["--size", SIZE, "--quality", quality, "--output-format", format.extension, *format.ours]
            files, seconds = pictures(PROMPT, *options, count=format.count)
            # The frames of an animation are to be had only from ours, with the colours of its palette.
            sources = files[:COMPARED] if format.is_animated else canvases
            rows.append(Row(f"{format.name}, {quality}", files[:COMPARED], seconds, *pillow(format, sources)))
    text = f"""
Milliseconds of processor time for one picture of {SIZE}: ours to draw, encode and write a file, by `fakeai-images generate`, the mean of
{min(counts)} to {max(counts)}; Pillow's to encode the same pixels at the same quality, the mean of {COMPARED}, whose bytes are compared.
All else is as Pillow does it by default: WebP by method 4, where ours is 1, or 0 at quality 100. The frames of an animation are read from
our file, and so have the colours of a palette.

{markdown(Row.head, [row.cells for row in rows])}"""
    return [Section("Formats beside Pillow's encoders", text)]


def pillow(format: Format, sources: list[bytes]) -> tuple[float, float]:
    """Seconds of processor time to encode one of these pictures, and the bytes of its file."""
    times, lengths = [], []
    for source in sources:
        first, *others = [frame.convert("RGB") for frame in ImageSequence.Iterator(Image.open(io.BytesIO(source)))]
        file, began = io.BytesIO(), time.process_time()
        first.save(file, format.extension, **format.theirs, **({"append_images": others} if others else {}))
        times.append(time.process_time() - began)
        lengths.append(file.tell())
    return statistics.mean(times), statistics.mean(lengths)


class Row:
    head = ["format", "ours ms", "KB", "Pillow ms", "KB", "times faster"]

    def __init__(self, name: str, files: list[bytes], seconds: float, their_seconds: float, their_bytes: float):
        self.name, self.seconds, self.their_seconds = name, seconds, their_seconds
        self.bytes, self.their_bytes = statistics.mean(map(len, files)), their_bytes

    @property
    def cells(self) -> list[str]:
        ours = [f"{self.seconds * 1000:.2f}", kb(self.bytes)]
        theirs = [f"{self.their_seconds * 1000:.1f}", kb(self.their_bytes)]
        return [self.name, *ours, *theirs, f"{self.their_seconds / self.seconds:.1f}"]
