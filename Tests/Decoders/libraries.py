"""Decoders in this process: zlib, libpng and Pillow. Each returns the pixels in the channels that the file must have."""

from __future__ import annotations

import ctypes
import ctypes.util
import io
import struct
import zlib
from collections.abc import Iterator

import numpy
from PIL import Image

from picture import Picture

SIGNATURE = b"\x89PNG\r\n\x1a\n"


class Fault(Exception):
    """What is wrong with a file."""


def by_zlib(picture: Picture) -> bytes:
    """Reads the file by the specification's letter, and leaves only the inflating to zlib."""
    chunks = list(read_chunks(picture.file))
    kinds = [kind for kind, _ in chunks]
    if kinds[:1] != [b"IHDR"] or kinds[-2:] != [b"IDAT", b"IEND"] or not set(kinds[1:-2]) <= {b"iTXt"}:
        raise Fault(f"chunks {kinds}")
    expected = struct.pack(">IIBBBBB", picture.width, picture.height, 8, {3: 2, 4: 6}[picture.channels], 0, 0, 0)
    if chunks[0][1] != expected:
        raise Fault(f"IHDR has {chunks[0][1].hex()}, not {expected.hex()}")
    stride = 1 + picture.width * picture.channels
    # zlib compares the checksum, and the stream must end where the chunk does.
    stream = zlib.decompressobj()
    rows = stream.decompress(chunks[-2][1], stride * picture.height + 1)
    if not stream.eof or stream.unused_data or len(rows) != stride * picture.height:
        raise Fault(f"{len(rows)} bytes of rows, not {stride * picture.height}, or a stream that does not end with the chunk")
    return unfiltered(numpy.frombuffer(rows, numpy.uint8).reshape(picture.height, stride), picture.channels)


def read_chunks(file: bytes) -> Iterator[tuple[bytes, bytes]]:
    if file[:8] != SIGNATURE:
        raise Fault("no signature of PNG")
    place = 8
    while place < len(file):
        length, kind = struct.unpack(">I4s", file[place:place + 8])
        content = file[place + 8:place + 8 + length]
        checksum = int.from_bytes(file[place + 8 + length:place + 12 + length])
        if checksum != zlib.crc32(kind + content):
            raise Fault(f"the checksum of {kind} is {checksum:08x}, not {zlib.crc32(kind + content):08x}")
        yield kind, content
        place += 12 + length


def unfiltered(rows: numpy.ndarray, channels: int) -> bytes:
    """Undoes the filters that the encoder uses: none, Sub and Up (PNG specification, section 9.2)."""
    height, stride = rows.shape
    pixels = numpy.empty((height, stride - 1), numpy.uint8)
    above = numpy.zeros(stride - 1, numpy.uint8)
    for y, row in enumerate(rows):
        match row[0]:
            case 0:
                pixels[y] = row[1:]
            case 1:
                # Sums beyond a byte's range wrap around, as the filter's do.
                pixels[y] = row[1:].reshape(-1, channels).cumsum(axis=0, dtype=numpy.uint8).reshape(-1)
            case 2:
                numpy.add(row[1:], above, out=pixels[y])
            case other:
                raise Fault(f"row {y} has the filter {other}; the encoder uses 0, 1 and 2")
        above = pixels[y]
    return pixels.tobytes()


class PNGImage(ctypes.Structure):
    """png_image of png.h: libpng's simplified interface, which needs no setjmp."""

    _fields_ = [
        ("opaque", ctypes.c_void_p), ("version", ctypes.c_uint32), ("width", ctypes.c_uint32), ("height", ctypes.c_uint32),
        ("format", ctypes.c_uint32), ("flags", ctypes.c_uint32), ("colormap_entries", ctypes.c_uint32),
        ("warning_or_error", ctypes.c_uint32), ("message", ctypes.c_char * 64),
    ]


libpng = ctypes.CDLL(ctypes.util.find_library("png16"))
VERSION = 1
"""PNG_IMAGE_VERSION."""
FORMATS = {3: 2, 4: 3}
"""PNG_FORMAT_RGB and PNG_FORMAT_RGBA, by their channels."""


def by_libpng(picture: Picture) -> bytes:
    image = PNGImage(version=VERSION)
    pixels = ctypes.create_string_buffer(picture.width * picture.height * picture.channels)
    begun = libpng.png_image_begin_read_from_memory(ctypes.byref(image), picture.file, ctypes.c_size_t(len(picture.file)))
    size, form = (image.width, image.height), image.format
    if begun and (size, form) == ((picture.width, picture.height), FORMATS[picture.channels]):
        libpng.png_image_finish_read(ctypes.byref(image), None, pixels, ctypes.c_int32(0), None)
    libpng.png_image_free(ctypes.byref(image))
    if image.warning_or_error:
        raise Fault(image.message.decode())
    if (size, form) != ((picture.width, picture.height), FORMATS[picture.channels]):
        raise Fault(f"{size[0]}x{size[1]} pixels of the format {form}")
    return pixels.raw


def by_pillow(picture: Picture) -> bytes:
    with Image.open(io.BytesIO(picture.file)) as image:
        if image.size != (picture.width, picture.height) or image.mode != {3: "RGB", 4: "RGBA"}[picture.channels]:
            raise Fault(f"{image.size[0]}x{image.size[1]} pixels of the mode {image.mode}")
        return image.tobytes()


LIBRARIES = {"zlib": by_zlib, "libpng": by_libpng, "Pillow": by_pillow}
