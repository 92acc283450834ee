"""Every picture is a valid PNG of its size, tells what it was asked for, and differs from its neighbours."""

from __future__ import annotations

import base64
import itertools

import httpx
import pytest

from pictures import checked_png, recipe
from processes import anonymous_memory, eventually

SIZES = ["256x256", "512x512", "1024x1024", "1792x1024", "1024x1792", "1536x1024", "1024x1536"]
PROMPTS = {
    "one letter": "W",
    "a sentence": "A serene lake at sunset, mountains behind, oil on canvas",
    "many lines": "first\nsecond\n\nfourth",
    "one long word": "x" * 300,
    "as long as it may be": "long " * 800,
    "blank": "   ",
    "accents and emoji": "Ünïcödé – 日本語 – 🦊🏔️ – مرحبا",
    "control characters": "a\tb\x01c\x7fd\u2028e",
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("quality, style", list(itertools.product(["standard", "hd"], ["vivid", "natural"])))
def test_a_picture_is_valid_and_tells_its_recipe(pool, size, quality, style):
    prompt = f"A {style} {quality} lake"
    [url] = pool.urls(prompt=prompt, size=size, quality=quality, style=style, model="dall-e-3")
    told = recipe(checked_png(httpx.get(url).content, size))
    seed = told.pop("seed")
    assert isinstance(seed, int | str)
    assert told == {
        "prompt": prompt, "model": "dall-e-3", "size": size, "quality": quality, "style": style, "index": 0,
        "background": "opaque",
    }


@pytest.mark.parametrize("quality", ["standard", "hd"])
def test_a_transparent_picture_has_an_alpha_channel_and_free_corners(pool, quality):
    [url] = pool.urls(quality=quality, background="transparent")
    picture = checked_png(httpx.get(url).content)
    assert picture.mode == "RGBA"
    assert {picture.getpixel((x, y))[3] for x in (0, 1023) for y in (0, 1023)} == {0}
    assert picture.getchannel("A").getextrema() == (0, 255)
    assert recipe(picture)["background"] == "transparent"


@pytest.mark.parametrize("prompt", PROMPTS.values(), ids=PROMPTS.keys())
@pytest.mark.parametrize("size", ["256x256", "1792x1024"])
def test_any_prompt_is_drawn_and_kept_whole_in_the_recipe(pool, prompt, size):
    [url] = pool.urls(prompt=prompt, size=size)
    assert recipe(checked_png(httpx.get(url).content, size))["prompt"] == prompt


def test_b64_json_is_the_same_picture(pool):
    response = pool.generate(response_format="b64_json", size="512x512", n=2)
    pictures = [checked_png(base64.b64decode(image["b64_json"], validate=True), "512x512") for image in response.json()["data"]]
    assert [recipe(picture)["index"] for picture in pictures] == [0, 1]


@pytest.mark.parametrize("style", ["vivid", "natural"])
def test_ten_standard_images_have_ten_backgrounds(pool, style):
    pictures = [checked_png(httpx.get(url).content) for url in pool.urls(n=10, style=style, size="256x256")]
    assert len({picture.getpixel((1, 1)) for picture in pictures}) == 10
    assert [recipe(picture)["index"] for picture in pictures] == list(range(10))


def test_standard_has_a_colour_and_that_of_its_foot_and_hd_has_more(pool):
    """Along the upper and the lower edge, where no text is."""
    [flat] = [checked_png(httpx.get(url).content) for url in pool.urls(quality="standard")]
    [rich] = [checked_png(httpx.get(url).content) for url in pool.urls(quality="hd")]
    upper, lower = ({flat.getpixel((x, y)) for x in range(1024)} for y in (0, 1023))
    assert len(upper) == len(lower) == 1 and upper != lower
    assert len({rich.getpixel((x, y)) for y in (0, 1023) for x in range(1024)}) > 2


def test_equal_requests_draw_equal_pictures(start):
    pool = start("--workers", "2", IMAGE_TIMESTAMP="2026-01-01 00:00:00")
    first, second = (pool.generate(prompt="again", quality="hd", response_format="b64_json", n=2).json() for _ in range(2))
    assert first["data"] == second["data"]
    other = pool.generate(prompt="another", quality="hd", response_format="b64_json", n=2).json()
    assert other["data"] != first["data"]


def test_a_first_picture_finds_the_memory_that_it_takes(start):
    """Page by page while a client waits, it would take longer than drawing does."""
    pool = start("--workers", "1")
    [worker] = pool.workers
    eventually(lambda: anonymous_memory(worker) > 10 * 2**20, within=20, what="a heap that is filled")
    before = anonymous_memory(worker)
    pool.urls(prompt="".join(chr(0x4E00 + 21 * index) for index in range(300)), size="3840x2160")
    assert anonymous_memory(worker) - before < 5 * 2**20
