"""Makes the pictures that the decoders' tests read: pip install pillow numpy; python make.py

Each shows the same corners, so that a test can tell whether it came out upright and in its colours: red, green, blue and white, clockwise
from the top left, 16x12 pixels each. Where there is alpha, nothing is in the middle.
"""

import struct
import zlib
from pathlib import Path
from subprocess import run

import numpy
from PIL import Image

folder = Path(__file__).parent
width, height = 48, 36


def corners(alpha: int = 255) -> Image.Image:
    pixels = numpy.zeros((height, width, 4), dtype=numpy.uint8)
    pixels[...] = (128, 128, 128, 255)
    pixels[:12, :16] = (255, 0, 0, 255)
    pixels[:12, -16:] = (0, 255, 0, 255)
    pixels[-12:, -16:] = (0, 0, 255, 255)
    pixels[-12:, :16] = (255, 255, 255, 255)
    pixels[12:24, 16:32, 3] = alpha
    return Image.fromarray(pixels, "RGBA")


def sixteen_bits() -> bytes:
    rows = numpy.asarray(corners().convert("RGB")).astype(">u2") * 257
    body = b"".join(b"\0" + row.tobytes() for row in rows)
    return png(width, height, 16, 2, body)


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(
    width: int, height: int, depth: int, colour_type: int, body: bytes, interlaced: int = 0, more: bytes = b"", behind: bytes = b""
) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, depth, colour_type, 0, 0, interlaced)
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + more
    return start + chunk(b"IDAT", zlib.compress(body, 9)) + behind + chunk(b"IEND", b"")


def interlaced() -> bytes:
    """Adam7: seven passes, each with every so many pixels of every so many rows."""
    pixels = numpy.asarray(corners())
    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    body = b""
    for left, top, across, down in passes:
        for row in pixels[top::down, left::across]:
            body += b"\0" + row.tobytes()
    return png(width, height, 8, 6, body, interlaced=1)


opaque, rgb = corners(), corners().convert("RGB")
rgb.save(folder / "rgb.png")
corners(alpha=0).save(folder / "rgba.png")
opaque.convert("RGB").quantize(8).save(folder / "palette.png")
transparent = corners(alpha=0).convert("RGBA").quantize(8)
transparent.save(folder / "palette-transparent.png")
opaque.convert("L").save(folder / "grey.png")
(folder / "sixteen-bits.png").write_bytes(sixteen_bits())
(folder / "interlaced.png").write_bytes(interlaced())
rgb.save(folder / "rgb.jpg", quality=95, subsampling=0)
rgb.save(folder / "progressive.jpg", quality=95, progressive=True, subsampling=0)
rgb.save(folder / "rgb.ppm")
for name, options in {"arithmetic": ["-arithmetic", "-sample", "1x1"], "four-to-one": ["-sample", "4x2"]}.items():
    # From Debian's libjpeg-turbo-progs; Pillow writes neither.
    run(["cjpeg", "-quality", "98", *options, "-outfile", folder / f"{name}.jpg", folder / "rgb.ppm"], check=True)
(folder / "rgb.ppm").unlink()
opaque.convert("L").save(folder / "grey.jpg", quality=95)
rgb.convert("CMYK").save(folder / "cmyk.jpg", quality=95)
turns = {
    1: None, 2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_270,
}
for orientation, turn in turns.items():
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = rgb.transpose(turn) if turn is not None else rgb
    stored.save(folder / f"orientation-{orientation}.jpg", quality=90, subsampling=0, exif=exif)
    # With and without the signature that only JPEG needs.
    tag = exif.tobytes() if orientation % 2 else exif.tobytes().removeprefix(b"Exif\0\0")
    stored.save(folder / f"orientation-{orientation}.webp", lossless=True, exif=tag)
    # Before and behind the pixels, in both byte orders.
    body = b"".join(b"\0" + row.tobytes() for row in numpy.asarray(stored))
    order = "<" if orientation % 4 < 2 else ">"
    tag = (b"II" if order == "<" else b"MM") + struct.pack(f"{order}HIHHHIHHI", 42, 8, 1, 0x0112, 3, 1, orientation, 0, 0)
    places = {"more" if orientation % 2 else "behind": chunk(b"eXIf", tag)}
    (folder / f"orientation-{orientation}.png").write_bytes(png(*stored.size, 8, 2, body, **places))
rgb.save(folder / "rgb.webp", quality=95)
corners(alpha=0).save(folder / "rgba.webp", lossless=True, exact=True)
rgb.save(folder / "animated.webp", save_all=True, append_images=[rgb.convert("L").convert("RGB")], duration=100)

# A million pixels each way, in a few hundred bytes.
(folder / "bomb.png").write_bytes(png(1_000_000, 1_000_000, 1, 0, b"\0" * 100_000))
# Eight pixels a side, and six chunks of compressed text that would be 8 MiB each.
text = chunk(b"zTXt", b"bomb\0\0" + zlib.compress(b"\0" * (8 << 20), 9))
(folder / "text-bomb.png").write_bytes(png(8, 8, 8, 2, (b"\0" + b"\x80" * 24) * 8, more=text * 6))
