"""Image files as cameras and programs write them, and what of each is to be seen.

`python3 upload_files.py <directory>` writes all of them, to look at. Needs Pillow, and cjpeg for what Pillow cannot write.
"""

from __future__ import annotations

import io
import itertools
import math
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import Image, ImageCms, ImageOps

Size = tuple[int, int]


@dataclass(frozen=True)
class Upload:
    """A file to upload."""

    name: str
    make: Callable[[], bytes]
    refused: str | None = None
    """Words of the reason, if the file is refused."""
    shown: Callable[[bytes], Image.Image] = lambda file: rendered(file)
    """What is to be seen, upright."""
    is_large: bool = False

    @property
    def media_type(self) -> str:
        return {"JPEG": "image/jpeg", "PNG": "image/png", "WebP": "image/webp"}.get(self.name.split()[0], "image/png")

    def __str__(self) -> str:
        return self.name


def rendered(file: bytes) -> Image.Image:
    """What Pillow shows."""
    picture = Image.open(io.BytesIO(file))
    picture.load()
    upright = ImageOps.exif_transpose(picture)
    return upright if upright.mode in ("RGB", "RGBA") else upright.convert("RGBA" if upright.has_transparency_data else "RGB")


@cache
def master(size: Size = (96, 72)) -> Image.Image:
    """A picture that is different in each corner, so that one sees how it lies, and has all colours."""
    width, height = size
    picture = Image.merge("RGB", [
        Image.linear_gradient("L").resize(size), Image.linear_gradient("L").rotate(90).resize(size),
        Image.radial_gradient("L").resize(size),
    ])
    left, top = max(width // 3, 1), max(height // 3, 1)
    corners = [((0, 0), "red"), ((width - left, 0), "lime"), ((width - left, height - top), "blue"), ((0, height - top), "white")]
    for place, colour in corners:
        picture.paste(Image.new("RGB", (left, top), colour), place)
    return picture


@cache
def translucent(size: Size = (96, 72)) -> Image.Image:
    """The same with a hole on the left and alpha that grows to the right."""
    picture = master(size).convert("RGBA")
    alpha = Image.linear_gradient("L").rotate(90).resize(size).point(lambda level: 128 + level // 2)
    alpha.paste(0, (0, size[1] * 4 // 10, size[0] // 3, size[1] * 6 // 10))
    picture.putalpha(alpha)
    return picture


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def jpeg(picture: Image.Image | None = None, **options: object) -> bytes:
    return saved(picture or master(), "JPEG", **{"quality": 92} | options)


def webp(picture: Image.Image | None = None, **options: object) -> bytes:
    return saved(picture or master(), "WEBP", **{"quality": 90} | options)


# MARK: EXIF


def exif(orientation: int, order: str = "<", kind: int = 3, before: int = 2, signature: bool = False) -> bytes:
    """A TIFF file with an orientation, behind so many other entries. `kind` is the type of the number: 1 byte, 3 short, 4 long."""
    number = {1: "B3x", 3: "H2x", 4: "I"}[kind]
    entries = [struct.pack(f"{order}HHII", 0x0100 + index, 4, 1, 96) for index in range(before)]
    entries.append(struct.pack(f"{order}HHI{number}", 0x0112, kind, 1, orientation))
    entries.append(struct.pack(f"{order}HHI", 0x0131, 2, 4) + b"abc\0")
    head = (b"II" if order == "<" else b"MM") + struct.pack(f"{order}HIH", 42, 8, len(entries))
    return (b"Exif\0\0" if signature else b"") + head + b"".join(entries) + bytes(4)


TURNS = {
    1: None, 2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_270,
}


def lying(orientation: int, picture: Image.Image | None = None) -> Image.Image:
    """The picture as a camera that is held so stores it."""
    turn = TURNS[orientation]
    picture = picture or master()
    return picture if turn is None else picture.transpose(turn)


def upright(_: bytes) -> Image.Image:
    return master()


# MARK: JPEG


def segment(marker: int, content: bytes, length: int | None = None) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2 if length is None else length) + content


def with_segments(file: bytes, segments: bytes, after_header: bool = False) -> bytes:
    """`file` with segments behind its first marker, or behind its JFIF header."""
    place = 4 + struct.unpack(">H", file[4:6])[0] if after_header else 2
    return file[:place] + segments + file[place:]


def turned_jpeg(orientation: int, order: str, *, late: bool) -> bytes:
    file = jpeg(lying(orientation), subsampling=0)
    tag = segment(0xE1, exif(orientation, order, signature=True))
    if not late:
        return with_segments(file, tag)
    others = segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x/>") + segment(0xE2, b"MPF\0" + bytes(40)) + segment(0xED, b"Photoshop 3.0\0")
    return with_segments(file, others + segment(0xFE, b"a comment") + tag, after_header=True)


def before_tables(file: bytes, more: bytes) -> bytes:
    place = file.index(b"\xff\xdb")
    return file[:place] + more + file[place:]


def patched(file: bytes, place: int, more: bytes) -> bytes:
    return file[:place] + more + file[place + len(more) :]


def frame(file: bytes) -> int:
    """Where the frame's marker is."""
    return next(file.index(marker) for marker in (b"\xff\xc0", b"\xff\xc1", b"\xff\xc2") if marker in file)


def spoilt_scan(**options: object) -> bytes:
    file = bytearray(jpeg(**options))
    for place in range(len(file) * 2 // 3, len(file) * 2 // 3 + 6):
        file[place] = file[place] ^ 0x55 or 1
    return bytes(file)


def without_adobe(file: bytes) -> bytes:
    place = file.index(b"\xff\xee")
    return file[:place] + file[place + 2 + struct.unpack(">H", file[place + 2 : place + 4])[0] :]


def cjpeg(*options: str, picture: Image.Image | None = None) -> bytes:
    command = ["cjpeg", "-quality", "92", *options]
    return subprocess.run(command, input=saved(picture or master(), "PPM"), capture_output=True, check=True, timeout=20).stdout


def profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def jpegs() -> Iterator[Upload]:
    for sampling, mode in itertools.product(["4:4:4", "4:2:2", "4:2:0", "4:1:1"], ["baseline", "progressive", "optimize"]):
        options = {"subsampling": sampling} | ({mode: True} if mode != "baseline" else {})
        yield Upload(f"JPEG {mode} {sampling}", lambda options=options: jpeg(**options))
    # Luminance first, then both colours; "1x2" is 4:4:0, "4x2" is 4:1:0.
    for sampling in ["1x2", "4x1", "1x4", "4x2", "3x1", "3x2", "2x2,2x1,1x2", "1x1,2x2,2x2"]:
        for mode in [(), ("-progressive",), ("-arithmetic",)]:
            yield Upload(f"JPEG sampled {sampling} {''.join(mode)}", lambda sampling=sampling, mode=mode: cjpeg("-sample", sampling, *mode))
    yield Upload("JPEG arithmetic and progressive", lambda: cjpeg("-arithmetic", "-progressive"))
    yield Upload("JPEG arithmetic with restarts", lambda: cjpeg("-arithmetic", "-restart", "2B"))
    yield Upload("JPEG arithmetic and grey", lambda: cjpeg("-arithmetic", "-grayscale"))
    yield Upload("JPEG with restarts", lambda: jpeg(restart_marker_blocks=2))
    yield Upload("JPEG with restarts, progressive", lambda: jpeg(restart_marker_rows=1, progressive=True))
    yield Upload("JPEG of RGB", lambda: jpeg(keep_rgb=True))
    yield Upload("JPEG of RGB, progressive", lambda: jpeg(keep_rgb=True, progressive=True))
    for mode in ["baseline", "progressive"]:
        options = {"progressive": mode == "progressive"}
        yield Upload(f"JPEG grey {mode}", lambda options=options: jpeg(master().convert("L"), **options))
        yield Upload(f"JPEG CMYK {mode}", lambda options=options: jpeg(master().convert("CMYK"), **options))
        yield Upload(f"JPEG of quality 1 {mode}", lambda options=options: jpeg(quality=1, **options))
        yield Upload(f"JPEG of quality 100 {mode}", lambda options=options: jpeg(quality=100, **options))
    yield Upload("JPEG CMYK without Adobe's segment", lambda: without_adobe(jpeg(master().convert("CMYK"))))
    yield Upload("JPEG YCCK", lambda: ycck())
    for size in [(1, 1), (7, 5), (8, 8), (9, 1), (3, 17), (200, 3)]:
        yield Upload(f"JPEG of {size[0]}x{size[1]} pixels", lambda size=size: jpeg(master(size), subsampling=2))
    for orientation, order, late in itertools.product(TURNS, "<>", [False, True]):
        place = "late" if late else "first"
        yield Upload(
            f"JPEG turned {orientation} {'II' if order == '<' else 'MM'} {place}",
            lambda arguments=(orientation, order), late=late: turned_jpeg(*arguments, late=late), shown=upright)
    for kind, order in itertools.product([1, 4], "<>"):
        tag = segment(0xE1, exif(6, order, kind, signature=True))
        # Pillow and browsers do not take a byte for a number.
        stored = lying(6) if kind == 4 else master()
        yield Upload(f"JPEG with an orientation of type {kind}{order}", lambda tag=tag, stored=stored: with_segments(jpeg(stored), tag),
                     shown=upright)
    damaged = {"0": exif(0), "9": exif(9), "cut": exif(6)[:20], "in no order": b"XX" + exif(6)[2:], "without end": exif(6)[:9]}
    for name, tag in damaged.items():
        tag = segment(0xE1, b"Exif\0\0" + tag)
        yield Upload(f"JPEG with the orientation {name}", lambda tag=tag: with_segments(jpeg(), tag), shown=upright)
    two = segment(0xE1, exif(8, signature=True)) + segment(0xE1, exif(3, signature=True))
    yield Upload("JPEG with two orientations", lambda: with_segments(jpeg(lying(8)), two), shown=upright)
    thumbnail = exif(6, signature=True) + jpeg(Image.new("RGB", (16, 16)))
    yield Upload("JPEG with a thumbnail", lambda: with_segments(jpeg(lying(6)), segment(0xE1, thumbnail)), shown=upright)
    yield Upload("JPEG by a phone, with all of it", lambda: phone(), shown=upright)
    yield from stray_jpegs()


def ycck() -> bytes:
    """YCbCr and black: a CMYK file whose Adobe segment says that its first three components are YCbCr."""
    ink = master().convert("CMYK").split()
    light = Image.merge("RGB", [level.point(lambda value: 255 - value) for level in ink[:3]]).convert("YCbCr").split()
    file = jpeg(Image.merge("CMYK", [*[level.point(lambda value: 255 - value) for level in light], ink[3]]))
    return patched(file, file.index(b"Adobe") + 11, b"\2")


def phone() -> bytes:
    """EXIF with a thumbnail, a colour profile, a second picture behind the first."""
    file = jpeg(lying(6), icc_profile=profile(), exif=exif(6, ">", signature=True), comment=b"x" * 5000)
    return with_segments(file, segment(0xE2, b"MPF\0" + bytes(80)), after_header=True) + jpeg(Image.new("RGB", (8, 8))) + b"SEFT" * 9


def stray_jpegs() -> Iterator[Upload]:
    yield Upload("JPEG with bytes behind it", lambda: jpeg() + b"junk" * 500)
    yield Upload("JPEG with a second picture behind it", lambda: jpeg() + jpeg(Image.new("RGB", (8, 8))))
    yield Upload("JPEG with bytes between segments", lambda: before_tables(jpeg(), b"\0\0abc"))
    yield Upload("JPEG with fill bytes", lambda: before_tables(jpeg(), b"\xff" * 30))
    yield Upload("JPEG with a comment of length 0", lambda: before_tables(jpeg(), b"\xff\xfe\0\0"))
    yield Upload("JPEG with a comment of length 1", lambda: before_tables(jpeg(), b"\xff\xfe\0\1"))
    yield Upload("JPEG with a comment that is longer than it says", lambda: before_tables(jpeg(), segment(0xFE, b"abcdefgh", 4)))
    yield Upload("JPEG with a comment of any bytes", lambda: before_tables(jpeg(), segment(0xFE, bytes(range(256)) * 200)))
    yield Upload("JPEG with twenty comments", lambda: before_tables(jpeg(), segment(0xFE, b"a") * 20))
    yield Upload("JPEG with an unknown JFIF version", lambda: patched(jpeg(), 11, b"\7"))
    yield Upload("JPEG with half a colour profile", lambda: before_tables(jpeg(), segment(0xE2, b"ICC_PROFILE\0\1\2abc")))
    yield Upload("JPEG with a wrong colour profile", lambda: jpeg(icc_profile=b"none"))
    yield Upload("JPEG with a colour profile", lambda: jpeg(icc_profile=profile()))
    yield Upload("JPEG with damaged data", spoilt_scan)
    yield Upload("JPEG with damaged data and restarts", lambda: spoilt_scan(restart_marker_blocks=2))
    yield Upload("JPEG with bytes behind its data", lambda: jpeg()[:-2] + b"\1\2\3\xff\xd9")
    yield Upload("JPEG without its end", lambda: jpeg()[:-2], "it ends before its end-of-image marker")
    yield Upload("JPEG cut in half", lambda: jpeg()[: len(jpeg()) // 2], "it ends before its end-of-image marker")
    yield Upload("JPEG cut in half, progressive", lambda: jpeg(progressive=True)[:900], "it ends before its end-of-image marker")
    yield Upload("JPEG with a segment that is too long", lambda: before_tables(jpeg(), segment(0xFE, b"abc", 0xF000)),
                 "a JPEG file that cannot be decoded")
    yield Upload("JPEG of 12 bits", lambda: patched(jpeg(), frame(jpeg()) + 4, b"\x0c"), "precision 12")
    yield Upload("JPEG without loss", lambda: patched(jpeg(), frame(jpeg()) + 1, b"\xc3"), "0xc3")
    yield Upload("JPEG of two components", lambda: two_components(), "a JPEG file that cannot be decoded")
    yield Upload("JPEG without height", lambda: patched(jpeg(), frame(jpeg()) + 5, b"\0\0"), "a JPEG file that cannot be decoded")
    yield Upload("JPEG that is damaged behind a warning", damaged_behind_a_warning, "a JPEG file that cannot be decoded")


def two_components() -> bytes:
    file = jpeg(master().convert("L"))
    place = frame(file)
    return file[:place] + segment(0xC0, struct.pack(">BHHB", 8, 72, 96, 2) + b"\1\x11\0\2\x11\0") + file[place + 2 + 11 :]


def damaged_behind_a_warning() -> bytes:
    """Bytes between segments are a warning. A scan with an impossible parameter, behind it, is an error, and no pixel is written."""
    file = before_tables(jpeg(progressive=True), b"\0\0abc")
    scan = file.rindex(b"\xff\xda")
    spectral = scan + 4 + 1 + 2 * file[scan + 4]
    return patched(file, spectral, b"\x3f\x01\xff")


# MARK: PNG

PASSES = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
GREY, RGB, PALETTE, GREY_ALPHA, RGBA = 0, 2, 3, 4, 6
CHANNELS = {GREY: 1, RGB: 3, PALETTE: 1, GREY_ALPHA: 2, RGBA: 4}


def chunk(kind: bytes, content: bytes, damage: int = 0) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content) ^ damage)


@dataclass(frozen=True)
class PNG:
    """A PNG file of any kind."""

    kind: int = RGB
    depth: int = 8
    interlaced: bool = False
    transparency: bytes = b""
    """The content of tRNS."""
    window: int = 15
    told_window: int | None = None
    """What the zlib header says instead."""
    level: int = 6
    strategy: int = 0
    piece: int = 1 << 20
    """The bytes of each IDAT."""
    before: bytes = b""
    behind: bytes = b""
    picture: Image.Image | None = None

    def samples(self) -> tuple[Size, list[list[list[int]]], bytes]:
        """The size, the samples of each row's pixels, and the palette."""
        picture = self.picture or (translucent() if self.kind in (GREY_ALPHA, RGBA) else master())
        size, palette = picture.size, b""
        if self.kind == PALETTE:
            picture = picture.convert("RGB").quantize(1 << self.depth, dither=Image.Dither.NONE)
            palette = bytes(picture.getpalette()[: 3 << self.depth])
        else:
            picture = picture.convert({GREY: "L", RGB: "RGB", GREY_ALPHA: "LA", RGBA: "RGBA"}[self.kind])
        data = picture.tobytes()
        channels = CHANNELS[self.kind]
        scale: Callable[[int], int] = {16: lambda level: level * 257, 8: lambda level: level}.get(
            self.depth, lambda level: level if self.kind == PALETTE else level >> (8 - self.depth))
        width, height = size
        rows = [
            [[scale(data[(y * width + x) * channels + c]) for c in range(channels)] for x in range(width)] for y in range(height)
        ]
        return size, rows, palette

    def file(self) -> bytes:
        size, rows, palette = self.samples()
        packer = zlib.compressobj(self.level, zlib.DEFLATED, self.window, 8, self.strategy)
        packed = packer.compress(b"".join(self.filtered(rows))) + packer.flush()
        if self.told_window is not None:
            head = (self.told_window - 8) << 12 | 8 << 8
            packed = struct.pack(">H", head + 31 - head % 31) + packed[2:]
        header = struct.pack(">IIBBBBB", *size, self.depth, self.kind, 0, 0, self.interlaced)
        parts = [b"\x89PNG\r\n\x1a\n", chunk(b"IHDR", header), self.before]
        parts += [chunk(b"PLTE", palette)] if palette else []
        parts += [chunk(b"tRNS", self.transparency)] if self.transparency else []
        parts += [chunk(b"IDAT", packed[start : start + self.piece]) for start in range(0, len(packed), self.piece)]
        return b"".join([*parts, self.behind, chunk(b"IEND", b"")])

    def filtered(self, rows: list[list[list[int]]]) -> Iterator[bytes]:
        """Each row with another filter."""
        unit = max(CHANNELS[self.kind] * self.depth // 8, 1)
        for left, top, across, down in PASSES if self.interlaced else [(0, 0, 1, 1)]:
            above: bytes | None = None
            for number, row in enumerate(rows[top::down]):
                line = self.packed([sample for pixel in row[left::across] for sample in pixel])
                if not line:
                    continue
                yield bytes([number % 5]) + filtered(number % 5, line, above or bytes(len(line)), unit)
                above = line

    def packed(self, samples: list[int]) -> bytes:
        if self.depth == 16:
            return struct.pack(f">{len(samples)}H", *samples)
        if self.depth == 8:
            return bytes(samples)
        bits = "".join(f"{sample:0{self.depth}b}" for sample in samples)
        bits += "0" * (-len(bits) % 8)
        return bytes(int(bits[index : index + 8], 2) for index in range(0, len(bits), 8))

    def shown(self, _: bytes) -> Image.Image:
        """What the samples mean, without a decoder."""
        size, rows, palette = self.samples()
        most = (1 << self.depth) - 1

        def rgba(pixel: list[int]) -> tuple[int, ...]:
            if self.kind == PALETTE:
                alpha = self.transparency[pixel[0]] if pixel[0] < len(self.transparency) else 255
                return (*palette[3 * pixel[0] : 3 * pixel[0] + 3], alpha)
            clear = self.kind in (GREY, RGB) and self.transparency == struct.pack(f">{len(pixel)}H", *pixel)
            levels = [sample * 255 // most for sample in pixel]
            colours, alpha = (levels, 0 if clear else 255) if self.kind in (GREY, RGB) else (levels[:-1], levels[-1])
            return (*(colours * 3)[:3], alpha)

        picture = Image.new("RGBA", size)
        picture.putdata([rgba(pixel) for row in rows for pixel in row])
        return picture


def filtered(kind: int, line: bytes, above: bytes, unit: int) -> bytes:
    out = bytearray()
    for index, byte in enumerate(line):
        left = line[index - unit] if index >= unit else 0
        corner = above[index - unit] if index >= unit else 0
        up = above[index]
        paeth = min((abs(up - corner), 0, left), (abs(left - corner), 1, up), (abs(left + up - 2 * corner), 2, corner))[2]
        out.append((byte - [0, left, up, (left + up) // 2, paeth][kind]) & 0xFF)
    return bytes(out)


def of_png(name: str, png: PNG, refused: str | None = None) -> Upload:
    return Upload(f"PNG {name}", png.file, refused, png.shown)


DEPTHS = {GREY: [1, 2, 4, 8, 16], RGB: [8, 16], PALETTE: [1, 2, 4, 8], GREY_ALPHA: [8, 16], RGBA: [8, 16]}


def clear_colour(kind: int, depth: int) -> bytes:
    """A tRNS that makes the white corner transparent, or some of a palette."""
    if kind == PALETTE:
        return bytes([0, 128, 255][: 1 << depth])
    return struct.pack(">H", (1 << depth) - 1) * CHANNELS[kind]


def pngs() -> Iterator[Upload]:
    for kind, interlaced in itertools.product(DEPTHS, [False, True]):
        for depth in DEPTHS[kind]:
            name = f"of type {kind} with {depth} bits{', interlaced' if interlaced else ''}"
            yield of_png(name, PNG(kind, depth, interlaced))
            if kind in (GREY, RGB, PALETTE):
                yield of_png(f"{name}, a transparent colour", PNG(kind, depth, interlaced, clear_colour(kind, depth)))
    for window in range(9, 15):
        yield of_png(f"with a window of {window} bits", PNG(window=window))
        yield of_png(f"with a window that is told to be {window - 1} bits", PNG(told_window=window - 1, picture=striped()))
    for level, strategy in [(0, 0), (9, 0), (6, zlib.Z_HUFFMAN_ONLY), (6, zlib.Z_FIXED), (6, zlib.Z_RLE)]:
        yield of_png(f"packed at level {level} by strategy {strategy}", PNG(level=level, strategy=strategy))
    yield of_png("in pieces of a byte", PNG(piece=1))
    yield of_png("in a chunk that is empty", PNG(before=b"", piece=1000, behind=chunk(b"IDAT", b"")))
    for size in [(1, 1), (3, 2), (1, 200), (300, 1), (9, 9)]:
        for interlaced in [False, True]:
            name = f"of {size[0]}x{size[1]} pixels{', interlaced' if interlaced else ''}"
            yield of_png(name, PNG(interlaced=interlaced, picture=master(size)))
    yield from described_pngs()
    for orientation, order, late in itertools.product(TURNS, "<>", [False, True]):
        tag = chunk(b"eXIf", exif(orientation, order))
        place = "behind its pixels" if late else "before its pixels"
        png = PNG(picture=lying(orientation), **{"behind" if late else "before": tag})
        yield Upload(f"PNG turned {orientation} {'II' if order == '<' else 'MM'} {place}", png.file, shown=upright)
    signed = PNG(picture=lying(5), before=chunk(b"eXIf", exif(5, signature=True)))
    yield Upload("PNG turned 5 with JPEG's signature", signed.file, shown=upright)
    turned = PNG(RGBA, 16, True, picture=lying(7, translucent()), behind=chunk(b"eXIf", exif(7)))
    yield Upload("PNG turned 7, interlaced, of 16 bits", turned.file, shown=lambda _: translucent())
    yield of_png("with a damaged orientation", PNG(before=chunk(b"eXIf", b"II*\0\xff\xff\xff\xff")))
    yield from damaged_pngs()


def striped() -> Image.Image:
    """A picture that repeats itself from far away, so that its data needs a large window."""
    picture = Image.effect_noise((64, 96), 90).convert("RGB")
    picture.paste(picture.crop((0, 0, 64, 48)), (0, 48))
    return picture


def described_pngs() -> Iterator[Upload]:
    chunks = {
        "gAMA": struct.pack(">I", 100000), "gAMA of 2.2": struct.pack(">I", 45455), "cHRM": struct.pack(">8I", *[31270] * 8), "sRGB": b"\0",
        "iCCP": b"sRGB\0\0" + zlib.compress(profile()), "iCCP that is broken": b"x\0\0none", "sBIT": b"\5\6\5", "bKGD": bytes(6),
        "pHYs": struct.pack(">IIB", 2835, 1417, 1), "tIME": struct.pack(">HBBBBB", 2026, 1, 1, 0, 0, 0), "tEXt": b"Title\0a cat",
        "zTXt": b"Title\0\0" + zlib.compress(b"a cat"), "iTXt": b"Title\0\0\0\0\0" + "猫".encode(), "sPLT": b"x\0\x08" + bytes(6),
        "cICP": b"\1\r\0\1", "prVt": b"anything", "vpAg": bytes(9),
    }
    for name, content in chunks.items():
        yield of_png(f"with {name}", PNG(before=chunk(name[:4].encode(), content)))
    for kind in [b"tEXt", b"gAMA", b"eXIf", b"prVt"]:
        yield of_png(f"with {kind.decode()} of a wrong checksum", PNG(before=chunk(kind, b"x\0yz", damage=1)))
    yield of_png("with text of a wrong checksum behind its pixels", PNG(behind=chunk(b"tEXt", b"x\0yz", damage=1)))
    frames = {"save_all": True, "append_images": [Image.new("RGB", (96, 72))]}
    yield Upload("PNG that is animated", lambda: saved(master(), "PNG", **frames), shown=upright)


def damaged_pngs() -> Iterator[Upload]:
    whole = PNG()
    start = 41
    yield Upload("PNG with bytes behind it", lambda: whole.file() + b"junk" * 100, shown=whole.shown)
    yield Upload("PNG whose last chunk has a wrong checksum", lambda: whole.file()[:-1] + b"x", shown=whole.shown)
    yield Upload("PNG without its last chunk", lambda: whole.file()[:-12], "it ends before its last chunk")
    yield Upload("PNG cut in half", lambda: whole.file()[:4000], "it ends before its last chunk")
    yield Upload("PNG whose pixels end early", lambda: whole.file()[:4000] + chunk(b"IEND", b""), "a PNG file that cannot be decoded")
    yield Upload("PNG with damaged pixels", lambda: patched(whole.file(), start + 900, b"\0\0\0"), "a PNG file that cannot be decoded")
    yield Upload("PNG with a header of a wrong checksum", lambda: patched(whole.file(), 29, b"\0\0"), "CRC error")
    nothing = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", bytes(9) + b"\2\0\0\0")
    yield Upload("PNG without width", lambda: nothing + whole.file()[33:], "0x0 pixels")
    yield Upload("PNG of an iPhone's program", lambda: PNG(before=chunk(b"CgBI", bytes(4))).file(), "CgBI")
    yield Upload("PNG without its palette", lambda: PNG(PALETTE).file().replace(b"PLTE", b"plTe"), "a PNG file that cannot be decoded")
    unknown = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 96, 72, 3, 2, 0, 0, 0))
    yield Upload("PNG of three bits", lambda: unknown + whole.file()[33:], "a PNG file that cannot be decoded")


# MARK: WebP


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"WEBP" + b"".join(name + struct.pack("<I", len(content)) + content + bytes(len(content) % 2) for name, content in chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def extended_webp(file: bytes, tag: bytes, *, flags: int = 8, size: Size = (96, 72), first: bool = False) -> bytes:
    """A simple file with EXIF behind, or before, its pixels."""
    pixels = (file[12:16], file[20 : 20 + struct.unpack("<I", file[16:20])[0]])
    head = struct.pack("<I", flags) + struct.pack("<I", size[0] - 1)[:3] + struct.pack("<I", size[1] - 1)[:3]
    return riff((b"VP8X", head), *([(b"EXIF", tag), pixels] if first else [pixels, (b"EXIF", tag)]))


def webps() -> Iterator[Upload]:
    for quality, method in [(1, 4), (50, 0), (80, 6), (100, 4)]:
        options = {"quality": quality, "method": method}
        yield Upload(f"WebP of quality {quality} by method {method}", lambda options=options: webp(**options))
    for exact, quality in itertools.product([False, True], [0, 100]):
        options = {"lossless": True, "exact": exact, "quality": quality}
        yield Upload(f"WebP without loss {quality} {exact}", lambda options=options: webp(**options))
        yield Upload(f"WebP without loss, translucent {quality} {exact}", lambda options=options: webp(translucent(), **options))
    for alpha in [0, 50, 100]:
        yield Upload(f"WebP translucent, with alpha of quality {alpha}", lambda alpha=alpha: webp(translucent(), alpha_quality=alpha))
    yield Upload("WebP of a palette", lambda: webp(master().quantize(16).convert("RGB"), lossless=True))
    yield Upload("WebP in two colours", lambda: webp(master().convert("1").convert("RGB"), lossless=True))
    for size in [(1, 1), (7, 5), (3, 90), (300, 2)]:
        for lossless in [False, True]:
            options = {"lossless": lossless}
            yield Upload(f"WebP of {size[0]}x{size[1]} pixels {lossless}", lambda size=size, options=options: webp(master(size), **options))
    for orientation, signature in itertools.product(TURNS, [False, True]):
        tag = exif(orientation, "<>"[orientation % 2], signature=signature)
        yield Upload(f"WebP turned {orientation}{' with a signature' if signature else ''}",
                     lambda orientation=orientation, tag=tag: webp(lying(orientation), exif=tag), shown=upright)
    sideways = {"size": (72, 96), "first": True}
    yield Upload("WebP with EXIF before its pixels", lambda: extended_webp(webp(lying(6)), exif(6), **sideways), shown=upright)
    yield Upload("WebP with EXIF of an odd length", lambda: extended_webp(webp(lying(6)), exif(6) + b"x", **sideways), shown=upright)
    yield Upload("WebP with EXIF that its header does not mention", lambda: extended_webp(webp(), exif(6), flags=0), shown=upright)
    yield Upload("WebP turned 8, without loss and translucent", lambda: webp(lying(8, translucent()), lossless=True, exif=exif(8)),
                 shown=lambda _: translucent())
    yield Upload("WebP with a colour profile", lambda: webp(icc_profile=profile()))
    yield Upload("WebP with a colour profile, EXIF and XMP",
                 lambda: webp(lying(6), icc_profile=profile(), exif=exif(6), xmp=b"<x:xmpmeta/>"), shown=upright)
    yield Upload("WebP with bytes behind it", lambda: webp() + b"junk" * 100, shown=lambda file: rendered(file[:-400]))
    yield Upload("WebP cut by a byte", lambda: webp()[:-1], "a WebP file that cannot be decoded")
    yield Upload("WebP cut in half", lambda: webp(lossless=True)[:900], "a WebP file that cannot be decoded")
    yield Upload("WebP with a wrong signature", lambda: patched(webp(), 23, b"\0\0\0"), "a WebP file that cannot be decoded")
    yield Upload("WebP that is animated", lambda: webp(save_all=True, append_images=[Image.new("RGB", (96, 72))]), "animated")
    yield Upload("WebP that is animated without loss",
                 lambda: webp(save_all=True, lossless=True, append_images=[Image.new("RGB", (96, 72))]), "animated")


# MARK: Others, and large ones


def others() -> Iterator[Upload]:
    kinds = {"GIF": "a GIF file", "BMP": "a BMP file", "TIFF": "a TIFF file", "ICO": "an icon file", "JPEG2000": "a JPEG 2000 file",
             "PDF": "a PDF file", "AVIF": "an AVIF file"}
    for kind, words in kinds.items():
        yield Upload(f"{kind} file", lambda kind=kind: saved(master(), kind), words)
    heic = struct.pack(">I", 24) + b"ftypheic" + bytes(4) + b"mif1heic"
    for name, file, words in [
        ("HEIC file", heic + bytes(500), "a HEIC file"), ("SVG file", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG file"),
        ("text", b"hello", "not a PNG, JPEG or WebP file"), ("empty file", b"", "an empty file"),
        ("base64 file", b"iVBORw0KGgoAAAANSUhEUg==", "the base64 of a PNG file"),
    ]:
        yield Upload(name, lambda file=file: file, words)


def enlarged(size: Size) -> Image.Image:
    return master().resize(size, Image.Resampling.NEAREST)


def empty_png(size: Size, kind: int = RGB, depth: int = 8, *, interlaced: bool = False) -> bytes:
    """A PNG of one colour, which needs few bytes and little time to make."""
    packer = zlib.compressobj(1)
    packed = bytearray()
    for left, top, across, down in PASSES if interlaced else [(0, 0, 1, 1)]:
        line = b"\0" + b"\xc0" * ((len(range(left, size[0], across)) * CHANNELS[kind] * depth + 7) // 8)
        for _ in range(top, size[1], down):
            packed += packer.compress(line)
    packed += packer.flush()
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", *size, depth, kind, 0, 0, interlaced))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", bytes(packed)) + chunk(b"IEND", b"")


def grey(size: Size, mode: str = "RGB") -> Callable[[bytes], Image.Image]:
    return lambda _: Image.new(mode, smaller(size, 64), (0xC0,) * len(mode))


def smaller(size: Size, times: int) -> Size:
    """Of the same proportions, so that it takes the same place on a picture, unless there is no such size."""
    common = math.gcd(*size)
    across, down = size[0] // common, size[1] // common
    count = size[0] // times // across
    return (count * across, count * down) if count else (size[0] // times, size[1] // times)


def large() -> Iterator[Upload]:
    """Photographs of phones, and pictures on the far side of the limits."""

    def shown(size: Size) -> Callable[[bytes], Image.Image]:
        return lambda _: enlarged(smaller(size, 16))

    for name, size, options in [
        ("of 24 megapixels", (5712, 4284), {}), ("of 48 megapixels", (8064, 6048), {}), ("of 48 megapixels, upright", (6048, 8064), {}),
        ("of 24 megapixels, progressive", (5712, 4284), {"progressive": True}), ("of a panorama", (16382, 3628), {}),
        ("of 63 megapixels", (9216, 6912), {}),
    ]:
        yield Upload(f"JPEG {name}", lambda size=size, options=options: jpeg(enlarged(size), quality=70, **options),
                     shown=shown(size), is_large=True)
    for name, size, options in [
        ("of 48 megapixels", (8064, 6048), {}), ("of 63 megapixels in grey", (9216, 6912), {"kind": GREY, "depth": 1}),
        ("of a panorama", (16382, 3628), {}), ("of 24 megapixels and 16 bits", (5712, 4284), {"depth": 16, "kind": RGBA}),
        ("of 48 megapixels, interlaced", (8064, 6048), {"interlaced": True}),
    ]:
        yield Upload(f"PNG {name}", lambda size=size, options=options: empty_png(size, **options),
                     shown=grey(size, "RGBA" if options.get("kind") == RGBA else "RGB") if options.get("depth") != 1
                     else lambda _: Image.merge("RGB", [stripes()] * 3), is_large=True)
    size = (5712, 4284)
    yield Upload("WebP of 24 megapixels", lambda: webp(enlarged(size), method=0, quality=40), shown=shown(size), is_large=True)
    most = "at most 67108864 pixels and 32768 a side"
    yield Upload("JPEG of 48 megapixels, progressive", lambda: huge_jpeg(8064, 6048, progressive=True),
                 f"8064x6048 pixels; {most}", is_large=True)
    yield Upload("JPEG of 100 megapixels", lambda: huge_jpeg(12288, 8192), f"12288x8192 pixels; {most}", is_large=True)
    yield Upload("JPEG of 65,000 pixels a side", lambda: huge_jpeg(65000, 16), f"65000x16 pixels; {most}", is_large=True)
    yield Upload("PNG of 100 megapixels", lambda: empty_png((12288, 8192), GREY, 1), f"12288x8192 pixels; {most}", is_large=True)
    yield Upload("PNG of 40,000 pixels a side", lambda: empty_png((40000, 2), GREY, 1), f"40000x2 pixels; {most}", is_large=True)
    yield Upload("WebP of 20 megapixels without loss", lambda: webp(Image.new("RGB", (5120, 3968)), lossless=True, method=0),
                 "16777216 pixels for a lossless", is_large=True)


def stripes() -> Image.Image:
    """Two of eight columns are white, which is a quarter of white."""
    return Image.new("L", (144, 108), 0x40)


def huge_jpeg(width: int, height: int, **options: object) -> bytes:
    """A small file that says that it is large."""
    file = jpeg(**options)
    return patched(file, frame(file) + 5, struct.pack(">HH", height, width))


UPLOADS = [*jpegs(), *pngs(), *webps(), *others()]
LARGE = [*large()]

if __name__ == "__main__":
    directory = Path(sys.argv[1])
    directory.mkdir(exist_ok=True)
    for upload in UPLOADS + LARGE:
        (directory / upload.name.replace("/", "-")).write_bytes(upload.make())
    print(f"{len(UPLOADS)} files and {len(LARGE)} large ones in {directory}")
