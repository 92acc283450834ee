"""A picture: the file, and the pixels that were drawn."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO

import numpy


@dataclass(frozen=True, eq=False)
class Picture:
    request: dict
    width: int
    height: int
    channels: int
    file: bytes
    pixels: bytes
    """The pixels that were drawn: RGB, or RGBA that is not premultiplied."""

    @cached_property
    def rgba(self) -> bytes:
        """The same pixels, with an alpha channel."""
        if self.channels == 4:
            return self.pixels
        rgba = numpy.full((self.width * self.height, 4), 255, numpy.uint8)
        rgba[:, :3] = numpy.frombuffer(self.pixels, numpy.uint8).reshape(-1, 3)
        return rgba.tobytes()

    def difference(self, decoded: bytes, channels: int) -> str | None:
        """How decoded pixels differ; nothing if they do not."""
        drawn = self.pixels if channels == self.channels else self.rgba
        if decoded == drawn:
            return None
        if len(decoded) != len(drawn):
            return f"{len(decoded)} bytes of pixels, not {len(drawn)}"
        ours, theirs = (numpy.frombuffer(pixels, numpy.uint8).reshape(-1, channels) for pixels in (drawn, decoded))
        others = numpy.flatnonzero((ours != theirs).any(axis=1))
        y, x = divmod(int(others[0]), self.width)
        return (
            f"{len(others)} of {len(ours)} pixels differ; the first one, at {x}, {y}, is {tuple(map(int, theirs[others[0]]))}, "
            f"drawn was {tuple(map(int, ours[others[0]]))}")

    def __str__(self) -> str:
        request = dict(self.request)
        size, prompt = request.pop("size"), request.pop("prompt")
        shown = prompt if len(prompt) <= 60 else prompt[:60] + "…"
        # Quoted, because some characters would hide or turn around what follows them.
        return f"{size} of {ascii(shown)} with {json.dumps(request)}"


@contextmanager
def drawing(program: Path) -> Iterator[DrawingProcess]:
    with subprocess.Popen([program.resolve()], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        yield DrawingProcess(process.stdin, process.stdout)
        process.stdin.close()


class DrawingProcess:
    """The program that draws, see DrawnPictures.swift."""

    def __init__(self, requests: IO[bytes], answers: IO[bytes]):
        self.requests, self.answers = requests, answers

    def draw(self, request: dict) -> Picture:
        self.requests.write(json.dumps(request).encode() + b"\n")
        self.requests.flush()
        line = self.answers.readline()
        if not line:
            raise SystemExit(f"the program that draws ended at {json.dumps(request)}")
        head = json.loads(line)
        width, height, channels = head["width"], head["height"], head["channels"]
        return Picture(request, width, height, channels, self.read(head["file"]), self.read(width * height * channels))

    def read(self, count: int) -> bytes:
        content = self.answers.read(count)
        if len(content) < count:
            raise SystemExit(f"the program that draws ended after {len(content)} of {count} bytes")
        return content
