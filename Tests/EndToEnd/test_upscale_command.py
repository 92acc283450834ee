"""`fakeai-images upscale`: files and pipes, formats by name, and errors in one line."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from pictures import checked_png
from pool import BINARY, environment
from uploads import picture


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "lake.png").write_bytes(subprocess.check_output([BINARY, "generate", "a lake", "--size", "64x48", "-o", "-"]))
    yield tmp_path


def upscale(place: Path, *arguments: str, file: bytes = b"") -> subprocess.CompletedProcess:
    command = [BINARY, "upscale", *arguments]
    return subprocess.run(command, env=environment(temporary=place), cwd=place, input=file, capture_output=True, timeout=60)


def test_a_file_becomes_a_larger_one(place):
    result = upscale(place, "lake.png", "-o", "large.png", "--scale", "2.5")
    assert (result.returncode, result.stdout, result.stderr) == (0, b"", b"")
    large = checked_png((place / "large.png").read_bytes(), "160x120")
    reference = Image.open(place / "lake.png").resize((160, 120), Image.Resampling.LANCZOS)
    assert max(ImageStat.Stat(ImageChops.difference(large, reference)).rms) < 1.5


@pytest.mark.parametrize("name, kind", [("a.png", "PNG"), ("a.jpg", "JPEG"), ("a.webp", "WEBP"), ("a.gif", "GIF")])
def test_the_name_chooses_the_format(place, name, kind):
    assert upscale(place, "lake.png", "--size", "80x60", "-o", name).returncode == 0
    image = Image.open(place / name)
    assert (image.format, image.size) == (kind, (80, 60))


def test_a_pipe(place):
    result = upscale(place, "-", "-o", "-", "--output-format", "jpeg", file=(place / "lake.png").read_bytes())
    image = Image.open(io.BytesIO(result.stdout))
    assert (result.returncode, image.format, image.size) == (0, "JPEG", (128, 96))


@pytest.mark.parametrize(
    "arguments, status, line",
    [
        (["none.png", "-o", "a.png"], 1, "cannot read none.png: No such file or directory"),
        (["lake.txt", "-o", "a.png"], 1, "lake.txt is not usable: not a PNG, JPEG or WebP file"),
        (["huge.png", "-o", "a.png"], 1, "huge.png has 2100x2000 pixels; allowed: at most 4194304 pixels"),
        (["wide.png", "-o", "a.png", "--scale", "4"], 64, "--scale is 4.0; allowed: a factor that makes 1025x1 no larger than 4096x4096"),
        (["lake.png", "-o", "a.png", "--size", "64x50"], 64, "--size is 64x50; allowed: a size with the proportions of the image, 64x48"),
        (["lake.png", "-o", "a.png", "--scale", "5"], 64, '--scale is "5"; allowed: a number from 2 to 4'),
        (["lake.png", "-o", "a.bmp"], 64, '--output is "a.bmp"; allowed: a name ending with .png'),
        (["lake.png", "-o", "none/a.png"], 1, "cannot write none/a.png: No such file or directory"),
        (["lake.png", "-o", "a.gif", "--frames", "3"], 64, "--frames applies to generate only"),
        (["lake.png"], 64, "missing expected argument '--output <path>'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_an_error_is_one_line(place, arguments, status, line):
    (place / "lake.txt").write_text("a lake")
    (place / "huge.png").write_bytes(picture((2100, 2000)))
    (place / "wide.png").write_bytes(picture((1025, 1)))
    result = upscale(place, *arguments)
    assert (result.returncode, result.stdout) == (status, b"")
    [only] = result.stderr.decode().splitlines()
    assert only.startswith(f"fakeai-images: {line}")
    assert not list(place.glob("a.*"))
