"""What every PNG of the product must be."""

from __future__ import annotations

import io
import json
import subprocess

from PIL import Image


def checked_png(data: bytes, size: tuple[int, int] | str | None = None) -> Image.Image:
    """Decodes `data`, after pngcheck had nothing to say about it; `size` as (width, height) or "1024x1024"."""
    report = subprocess.run(["pngcheck", "-q", "/dev/stdin"], input=data, capture_output=True, timeout=20)
    assert (report.returncode, report.stdout, report.stderr) == (0, b"", b""), report
    picture = Image.open(io.BytesIO(data))
    picture.load()
    assert picture.format == "PNG"
    if isinstance(size, str):
        size = tuple(int(side) for side in size.split("x"))
    assert size is None or picture.size == size, f"{picture.size} is not {size}"
    return picture


def recipe(picture: Image.Image) -> dict:
    """What the picture was asked for, as its `fakeai` text chunk tells."""
    return json.loads(picture.text["fakeai"])
