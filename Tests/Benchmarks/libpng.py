"""libpng as most programs use it, with the level and the filters of its simplified interface, and the parts of a PNG file."""

from __future__ import annotations

import ctypes
import struct
import zlib

from PIL import Image

VERSION = 1
RGB = 2
"""PNG_FORMAT_RGB."""


class Control(ctypes.Structure):
    """`png_image`; see png.h."""

    _fields_ = [
        ("opaque", ctypes.c_void_p),
        *((name, ctypes.c_uint32) for name in ("version", "width", "height", "format", "flags", "colormap_entries", "warning_or_error")),
        ("message", ctypes.c_char * 64),
    ]


def encode(picture: Image.Image) -> bytes:
    """The file of an RGB picture."""
    control = Control(version=VERSION, width=picture.width, height=picture.height, format=RGB)
    file = ctypes.create_string_buffer(2 * 3 * picture.width * picture.height)
    length = ctypes.c_size_t(len(file))
    write = ctypes.CDLL("libpng16.so.16").png_image_write_to_memory
    assert write(ctypes.byref(control), file, ctypes.byref(length), 0, picture.tobytes(), 0, None), control.message
    return file.raw[:length.value]


def rows(file: bytes) -> bytes:
    """The rows of a file as its filters left them, each behind the number of its filter."""
    return zlib.decompress(compressed(file))


def compressed(file: bytes) -> bytes:
    """The content of all IDAT chunks."""
    content, position = b"", 8
    while position < len(file):
        length, kind = struct.unpack_from(">I4s", file, position)
        if kind == b"IDAT":
            content += file[position + 8:position + 8 + length]
        position += 12 + length
    return content
