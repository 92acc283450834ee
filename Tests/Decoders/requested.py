"""Which pictures are drawn: a mixture of all that the API draws, and full pictures of each pattern on each gradient."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from random import Random

from prompts import prompts

PATTERNS = [
    "grid", "circles", "triangles", "lines", "dots", "waves", "hexagons", "stripes", "checkerboard", "rings", "cubes", "diamonds",
    "chevrons", "bricks", "plaid", "weave", "crosses", "squares", "contours", "scales", "leaves", "loops", "herringbone", "facets",
    "terrazzo",
]
BANDS = {"grid", "lines", "waves", "stripes", "plaid", "weave", "contours"}
"""The patterns that a transparent picture cannot have."""
FIGURES = [pattern for pattern in PATTERNS if pattern not in BANDS]
DIRECTIONS = ["horizontal", "vertical", "diagonal", "shallow", "steep", "rising", "radial"]

SMALL = ["256x256"] * 8 + [
    "257x129", "129x257", "255x255", "300x200", "64x64", "96x32", "32x96", "171x173", "86x343", "87x260", "345x64", "512x40", "33x257",
    "200x24", "200x25", "1x1", "1x300", "300x1", "2x2", "3x5", "17x9",
]
"""Sizes of the mixture. Rows of 86, 87, 171 and 345 pixels are about a whole number of deflate's longest matches."""
FULL = [
    "1024x1024", "1024x1024", "1792x1024", "1024x1792", "1536x1024", "1024x1536", "512x512", "300x2000", "2000x300", "1023x769",
    "1366x768", "257x1290",
]
"""Sizes of the full pictures: those of the API, and others."""
LARGE = ["3840x2160", "2160x3840", "2880x2880", "2049x2049", "4096x4096"]
"""Sizes that come in several bands, which are compressed by two threads."""


def requests(random: Random, count: int) -> Iterator[dict]:
    """`count` pictures, each with a prompt of its own. Less than 500 leave out some of the full pictures."""
    texts = prompts(random)
    full = list(full_pictures(random))
    random.shuffle(full)
    every = max(2, count // len(full))
    for number, prompt in enumerate(islice(texts, count)):
        picture = full.pop() if full and number % every == 0 else mixed_picture(random)
        yield {"prompt": prompt} | picture


def full_pictures(random: Random) -> Iterator[dict]:
    """Every pattern on every gradient, and what is large."""
    for pattern in PATTERNS:
        for direction in DIRECTIONS:
            size = random.choice(LARGE) if random.randrange(20) == 0 else random.choice(FULL)
            yield {"size": size, "quality": "hd", "style": style(random), "pattern": pattern, "direction": direction}
    for size in FULL + LARGE:
        for more in ({}, {"transparent": True}, {"squares": 16}, {"template": "standard"}):
            yield {"size": size, "quality": "standard", "style": style(random), "index": random.randrange(10)} | more


def mixed_picture(random: Random) -> dict:
    picture = {
        "size": random.choice(SMALL), "quality": random.choice(["standard", "hd"]), "style": style(random), "index": random.randrange(30)}
    if random.randrange(3) == 0:
        picture["transparent"] = True
    if random.randrange(2) == 0:
        picture["pattern"] = random.choice(FIGURES if "transparent" in picture else PATTERNS)
    if random.randrange(8) == 0:
        picture["squares"] = random.choice([1, 4, 16, 64])
    if random.randrange(8) == 0:
        picture["template"] = random.choice(["hd", "standard"])
    return picture


def style(random: Random) -> str:
    return random.choice(["vivid", "natural"])
