"""Reads what an image of the mock says about itself: prompt, model, size and more. Needs no imaging library."""

from __future__ import annotations

import base64
import binascii
import html
import json
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Optional

from .errors import ImageError


@dataclass(frozen=True)
class ImageInfo:
    """The header of an image, and the request that it was drawn for."""

    format: str
    """`png`, `jpeg`, `webp`, `gif` or `svg`."""
    width: int
    height: int
    metadata: Mapping[str, Any]
    """`prompt`, `model`, `size`, `quality`, `style`, `seed`, `index` and `background`. Empty for an image of another origin."""
    byte_count: int

    @property
    def size(self) -> str:
        """As in the API: `1024x1024`."""
        return f"{self.width}x{self.height}"

    @property
    def prompt(self) -> str | None:
        return self.metadata.get("prompt")


def read_image(image: bytes | str) -> ImageInfo:
    """Reads the bytes of an image, or its base64 as in `b64_json`, with or without `data:image/…;base64,`.

    The pixels are not decoded, but a PNG's checksums are compared, and a file that ends early is found.

    :raises ImageError: if it is not a whole image.
    """
    data = _decoded(image) if isinstance(image, str) else bytes(image)
    for beginning, name, read in _READERS:
        if beginning.match(data):
            try:
                width, height, text = read(data)
            except (IndexError, UnicodeDecodeError) as error:
                raise ImageError(f"the {name} file is damaged: {error}") from error
            return ImageInfo(name, width, height, _metadata(text), len(data))
    raise ImageError(f"{len(data)} bytes that begin with {data[:12]!r} are not an image of a known format")


Found = tuple[int, int, Optional[str]]


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(re.sub(r"^data:[^,]*,", "", text), validate=True)
    except binascii.Error as error:
        raise ImageError(f"the text is not base64: {error}") from error


def _metadata(text: str | None) -> Mapping[str, Any]:
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}  # Somebody else's comment.
    return found if isinstance(found, dict) else {}


def _number(data: bytes, at: int, size: int, order: str = "big") -> int:
    if at + size > len(data):
        raise ImageError("the file ends early")
    return int.from_bytes(data[at : at + size], "little" if order == "little" else "big")


def _png(data: bytes) -> Found:
    text, at = None, 8
    while True:
        length = _number(data, at, 4)
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        if zlib.crc32(kind + body) != _number(data, at + 8 + length, 4):
            raise ImageError(f"the PNG's chunk {kind!r} has a wrong checksum")
        if kind == b"iTXt" and body.startswith(b"fakeai\0\0\0"):
            # Keyword, no compression, language, translated keyword, text.
            text = body[9:].split(b"\0", 2)[2].decode()
        if kind == b"IEND":
            return _number(data, 16, 4), _number(data, 20, 4), text
        at += 12 + length


def _jpeg(data: bytes) -> Found:
    text, size, at = None, (0, 0), 2
    if not data.rstrip(b"\0").endswith(b"\xff\xd9"):
        raise ImageError("the JPEG ends early")
    while data[at] == 0xFF:
        marker, length = data[at + 1], _number(data, at + 2, 2)
        if marker == 0xFE and text is None:
            text = data[at + 4 : at + 2 + length].decode()
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            size = (_number(data, at + 7, 2), _number(data, at + 5, 2))
        if marker == 0xDA:  # The pixels follow.
            break
        at += 2 + length
    return (*size, text)


def _webp(data: bytes) -> Found:
    if _number(data, 4, 4, "little") + 8 > len(data):
        raise ImageError("the WebP ends early")
    size, text = (0, 0), None
    for kind, at, length in _webp_chunks(data):
        if kind == b"VP8X":
            size = (_number(data, at + 4, 3, "little") + 1, _number(data, at + 7, 3, "little") + 1)
        elif kind == b"XMP ":
            found = re.search(r'<rdf:li xml:lang="x-default">(.*?)</rdf:li>', data[at : at + length].decode(), re.DOTALL)
            text = html.unescape(found[1]) if found else None
        elif kind == b"VP8 " and size == (0, 0):
            size = (_number(data, at + 6, 2, "little") & 0x3FFF, _number(data, at + 8, 2, "little") & 0x3FFF)
        elif kind == b"VP8L" and size == (0, 0):
            bits = _number(data, at + 1, 4, "little")
            size = ((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    return (*size, text)


def _webp_chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    at = 12
    while at + 8 <= len(data):
        length = _number(data, at + 4, 4, "little")
        yield data[at : at + 4], at + 8, length
        at += 8 + length + length % 2


def _gif(data: bytes) -> Found:
    size = (_number(data, 6, 2, "little"), _number(data, 8, 2, "little"))
    # The header, then a table of colours.
    at = 13 + _colors(data[10])
    text = None
    while True:
        kind = data[at]
        if kind == 0x3B:
            return (*size, text)
        if kind == 0x21:
            label = data[at + 1]
            content, at = _gif_blocks(data, at + 2)
            if label == 0xFE and text is None:
                text = content.decode()
        elif kind == 0x2C:
            # The frame's place and colours, and the width of its first code.
            _, at = _gif_blocks(data, at + 11 + _colors(data[at + 9]))
        else:
            raise ImageError(f"the GIF has the unknown block {kind:#x}")


def _colors(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _gif_blocks(data: bytes, at: int) -> tuple[bytes, int]:
    content = bytearray()
    while data[at]:
        content += data[at + 1 : at + 1 + data[at]]
        at += 1 + data[at]
    return bytes(content), at + 1


def _svg(data: bytes) -> Found:
    text = data.decode()
    size = re.search(r'<svg[^>]* width="(\d+)"[^>]* height="(\d+)"', text)
    if not size or not text.rstrip().endswith("</svg>"):
        raise ImageError("the SVG has no size, or ends early")
    description = re.search(r"<desc>(.*?)</desc>", text, re.DOTALL)
    return int(size[1]), int(size[2]), html.unescape(description[1]) if description else None


_READERS: tuple[tuple[re.Pattern[bytes], str, Callable[[bytes], Found]], ...] = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "png", _png),
    (re.compile(rb"\xff\xd8\xff"), "jpeg", _jpeg),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "webp", _webp),
    (re.compile(rb"GIF8[79]a"), "gif", _gif),
    (re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?<svg\b"), "svg", _svg),
)
