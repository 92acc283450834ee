"""What every picture of the product must be."""

from __future__ import annotations

import io
import json
import subprocess
from xml.etree import ElementTree

from PIL import Image


def checked_png(data: bytes, size: tuple[int, int] | str | None = None) -> Image.Image:
    """Decodes `data`, after pngcheck had nothing to say about it; `size` as (width, height) or "1024x1024"."""
    report = subprocess.run(["pngcheck", "-q", "/dev/stdin"], input=data, capture_output=True, timeout=20)
    # Debian 13 has built it for another zlib than its own, as it says each time.
    complaints = [line for line in report.stderr.splitlines() if line and not line.startswith(b"zlib warning:")]
    assert (report.returncode, report.stdout, complaints) == (0, b"", []), report
    picture = Image.open(io.BytesIO(data))
    picture.load()
    assert picture.format == "PNG"
    if isinstance(size, str):
        size = tuple(int(side) for side in size.split("x"))
    assert size is None or picture.size == size, f"{picture.size} is not {size}"
    return picture


def recipe(picture: Image.Image) -> dict:
    """What the picture was asked for, as its file tells where its format has a place for that."""
    return json.loads(told(picture))


def told(picture: Image.Image) -> str | bytes:
    match picture.format:
        case "PNG":
            return picture.text["fakeai"]
        case "GIF" | "JPEG":
            return picture.info["comment"]
        case "WEBP":
            description = ElementTree.fromstring(picture.info["xmp"]).find(".//{http://purl.org/dc/elements/1.1/}description")
            return "".join(description.itertext())


def vector_recipe(svg: bytes) -> dict:
    """The same of an SVG file."""
    return json.loads(ElementTree.fromstring(svg).findtext("{http://www.w3.org/2000/svg}desc"))
