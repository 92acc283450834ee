"""Decoders that are programs: ImageMagick, and pngcheck, which only looks for errors. Each takes many files at once."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

from picture import Picture

# With their paths: a machine may have programs of the same names elsewhere.
MOGRIFY = "/usr/bin/mogrify"
PNGCHECK = "/usr/bin/pngcheck"


def check(pictures: dict[Path, Picture]) -> Iterator[tuple[Picture, str]]:
    """pngcheck's errors and warnings. It looks at each chunk's checksum, at the compressed data, and at the filter of each row."""
    done = subprocess.run([PNGCHECK, "-vv", *pictures], capture_output=True)
    # What it says of a file begins with the file's name and ends with a sentence about errors. After a blank line, it counts the files.
    said = {Path(part.split(b" ", 1)[0].decode()): part.split(b"\n\n")[0] for part in done.stdout.split(b"File: ")[1:]}
    for file, picture in pictures.items():
        lines = [line.strip() for line in said.get(file, b"nothing about the file").splitlines()]
        marked = [line for line in lines if b"error" in line.lower() or b"warning" in line.lower()]
        if len(marked) != 1 or not marked[0].startswith(b"No errors detected in "):
            yield picture, b" / ".join(marked or lines[-1:]).decode(errors="replace")
    yield from complaints(pictures, done.stderr.decode(errors="replace"))


def magick(pictures: dict[Path, Picture]) -> Iterator[tuple[Picture, str]]:
    """ImageMagick's pixels, which it writes beside each file without any head."""
    done = subprocess.run([MOGRIFY, "-format", "rgba", "-depth", "8", *pictures], capture_output=True)
    yield from complaints(pictures, done.stderr.decode(errors="replace"))
    for file, picture in pictures.items():
        raw = file.with_suffix(".rgba")
        difference = picture.difference(raw.read_bytes(), 4) if raw.exists() else "no pixels"
        if difference:
            yield picture, difference


def complaints(pictures: dict[Path, Picture], said: str) -> Iterator[tuple[Picture, str]]:
    """Lines of errors, each with the picture that it names."""
    for line in said.splitlines():
        named = [picture for file, picture in pictures.items() if str(file) in line]
        yield (named or list(pictures.values()))[0], line if named else f"or another of {len(pictures)} pictures: {line}"


PROGRAMS = {"pngcheck": check, "ImageMagick": magick}
