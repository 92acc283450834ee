"""`fakeai-images generate` writes every format, and other people's programs read it."""

from __future__ import annotations

import io
import os
import subprocess
from pathlib import Path

import httpx
import pytest
from PIL import Image

from pictures import recipe, vector_recipe

SIZE = "512x320"
PROMPTS = {"plain": "A lake & <mountains>", "scripts": "Ünïcode 猫 مرحبا", "long": "word " * 2000}


def generate(*arguments: str) -> bytes:
    command = [os.environ.get("FAKEAI_BINARY", ".build-release/release/fakeai-images"), "generate", *arguments]
    return subprocess.run(command, check=True, capture_output=True, timeout=60).stdout


def opened(file: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(file))
    picture.load()
    return picture


def rendered(svg: bytes) -> Image.Image:
    return opened(subprocess.run(["rsvg-convert"], input=svg, check=True, capture_output=True, timeout=60).stdout)


def mean_difference(one: Image.Image, other: Image.Image) -> float:
    pairs = zip(one.convert("RGB").tobytes(), other.convert("RGB").tobytes(), strict=True)
    return sum(abs(a - b) for a, b in pairs) / (one.width * one.height * 3)


@pytest.mark.parametrize("quality", ["standard", "hd"])
@pytest.mark.parametrize("prompt", PROMPTS.values(), ids=PROMPTS.keys())
# WebP samples colours down, and other fonts than ours may stand in an SVG.
@pytest.mark.parametrize("name, tolerance", [("jpeg", 3), ("webp", 8), ("gif", 6), ("svg", 12)])
def test_every_format_shows_the_same_picture(name, tolerance, prompt, quality):
    common = (prompt, "--size", SIZE, "--quality", quality, "--image-timestamp", "2026-01-01 00:00:00", "-o", "-")
    png = opened(generate(*common))
    file = generate(*common, "--output-format", name)
    picture = rendered(file) if name == "svg" else opened(file)
    assert picture.size == png.size
    assert name == "svg" or picture.format == name.upper()
    assert mean_difference(png, picture) < tolerance


PATTERNS = ["scales", "leaves", "loops", "herringbone", "facets", "terrazzo"]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_is_the_same_in_pixels_and_in_shapes(pattern):
    common = (" ", "--size", "512x512", "--quality", "hd", "--image-timestamp", "2026-01-01 00:00:00", "--pattern", pattern, "-o", "-")
    png, svg = opened(generate(*common)), generate(*common, "--output-format", "svg")
    assert vector_recipe(svg)["pattern"] == recipe(png)["pattern"] == pattern
    assert mean_difference(png, rendered(svg)) < 1.5


def frames(file: bytes) -> list[Image.Image]:
    """Every frame as a viewer shows it, each of 130 ms, of a file that repeats for ever."""
    animation = Image.open(io.BytesIO(file))
    assert animation.info["loop"] == 0
    shown = []
    for frame in range(animation.n_frames):
        animation.seek(frame)
        animation.load()
        assert animation.info["duration"] == 130
        shown.append(animation.convert("RGBA"))
    return shown


@pytest.mark.parametrize("background", [[], ["--transparent"]], ids=["opaque", "transparent"])
@pytest.mark.parametrize("motion", ["drift", "rise", "pulse"])
def test_an_animation_plays_the_same_as_gif_and_webp(tmp_path: Path, motion: str, background: list[str]):
    common = ("A lake", "--size", SIZE, "--quality", "hd", "--frames", "5", "--frame-duration", "128", "--motion", motion, *background)
    shown = {}
    for name in ["gif", "webp"]:
        path = tmp_path / f"lake.{name}"
        generate(*common, "--image-timestamp", "2026-01-01 00:00:00", "-o", str(path))
        shown[name] = frames(path.read_bytes())
        # Half of a pulse is too faint for GIF's transparency, which knows only on and off.
        assert len({frame.tobytes() for frame in shown[name]}) == 5 or background and (motion, name) == ("pulse", "gif")
        assert recipe(Image.open(path))["prompt"] == "A lake"
    for gif, webp in zip(shown["gif"], shown["webp"], strict=True):
        # GIF has no pixels between transparent and opaque.
        assert background or mean_difference(gif, webp) < 8
        assert webp.getchannel("A").getextrema() == ((0, 255) if background else (255, 255))


@pytest.mark.parametrize("quality", ["standard", "hd"])
def test_an_animated_webp_is_stored_and_served(pool, quality: str):
    [url] = pool.urls(
        prompt="A lake", model="gpt-image-1", size="256x256", quality=quality, response_format="url", output_format="webp", frame_count=4,
        frame_duration_ms=130, motion="rise",
    )
    answer = httpx.get(url)
    assert url.endswith(".webp") and answer.headers["content-type"] == "image/webp"
    assert len(frames(answer.content)) == 4
    assert recipe(Image.open(io.BytesIO(answer.content)))["prompt"] == "A lake"
    assert httpx.get(url, headers={"Range": "bytes=0-11"}).content == answer.content[:12]


STRANGE = {"markup": "<b>&amp;]]>", "controls": "a\t\x01\u2028\ufffeb", "longer than a segment": "猫" * 25_000}


@pytest.mark.parametrize("prompt", [*PROMPTS.values(), *STRANGE.values()], ids=[*PROMPTS, *STRANGE])
@pytest.mark.parametrize("name", ["png", "jpeg", "webp", "gif", "svg"])
def test_every_format_says_what_was_asked_for(name, prompt):
    file = generate(prompt, "--size", SIZE, "--quality", "hd", "--style", "natural", "--output-format", name, "-o", "-")
    said = vector_recipe(file) if name == "svg" else recipe(opened(file))
    # A JPEG's comment has 64 KiB at most, and XML has no place for some characters.
    if name == "jpeg" and len(prompt.encode()) > 0xFFFF:
        assert said.pop("prompt_characters") == len(prompt)
        assert len(said["prompt"]) > 0xFFFF // 3 - 100
        prompt = prompt[: len(said["prompt"])]
    assert said.pop("prompt") == (prompt.replace("\ufffe", "") if name in {"webp", "svg"} else prompt)
    assert said == {
        "model": "dall-e-3", "size": SIZE, "quality": "hd", "style": "natural", "seed": 0, "index": 0, "background": "opaque",
    }


@pytest.mark.parametrize("name", ["png", "webp", "gif", "svg"])
@pytest.mark.parametrize("quality", ["standard", "hd"])
def test_transparency_has_free_corners_and_text(name, quality):
    file = generate("A lake", "--size", SIZE, "--quality", quality, "--transparent", "--output-format", name, "-o", "-")
    picture = rendered(file) if name == "svg" else opened(file)
    alpha = picture.convert("RGBA").getchannel("A")
    assert [alpha.getpixel(corner) for corner in [(0, 0), (511, 0), (0, 319)]] == [0] * 3
    assert alpha.getpixel((256, 160)) == 255


@pytest.mark.parametrize("part", [(0, 0, 512, 240), (0, 240, 512, 320)], ids=["prompt", "watermark"])
def test_labels_have_the_same_colour_in_pixels_and_in_shapes(part):
    """The watermark of a plain picture is in its foot, which is darker."""
    common = ("A lake", "--size", SIZE, "--transparent", "-o", "-")
    pictures = [opened(generate(*common)), rendered(generate(*common, "--output-format", "svg"))]
    counts = [picture.convert("RGBA").crop(part).getcolors(512 * 320) for picture in pictures]
    pixels, shapes = (max((count, colour) for count, colour in each if colour[3] == 255)[1] for each in counts)
    assert pixels == shapes
