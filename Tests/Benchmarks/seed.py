"""The Python program that the product grew from (fakeai 0.3.2 with Pillow): its own picture of the same size, quality and style."""

from __future__ import annotations

import hashlib
import itertools
import logging
import random
import warnings

# Importing it sets up a whole server, which tells of each part.
logging.disable(logging.INFO)
warnings.simplefilter("ignore")

from fakeai.image_generator import ImageGenerator  # noqa: E402

PROMPT = "A serene lake at sunset, mountains behind"
MODEL = "dall-e-3"
GRADIENTS = 2


class Seed:
    def __init__(self):
        self.generator = ImageGenerator()

    def draw(self, size: tuple[int, int], quality: str, index: int) -> bytes:
        return self.generator.create_image(
            size=size, prompt=PROMPT, quality=quality, style="vivid", model=MODEL, index=index
        )

    def indexes(self, quality: str) -> list[int]:
        """The images of one prompt that together show each of the pictures it can make: for hd, each gradient with each pattern.

        It seeds Python's generator with prompt and index, and draws two colours, a direction and a pattern from it, in this order.
        """
        if quality == "standard":
            return [0]
        found: dict[tuple[bool, int], int] = {}
        for index in itertools.count():
            if len(found) == GRADIENTS * len(self.generator.PATTERNS):
                return sorted(found.values())
            first, second, horizontal, pattern = self.choices(index)
            if first != second:
                found.setdefault((horizontal, pattern), index)

    def choices(self, index: int) -> tuple[int, int, bool, int]:
        digest = hashlib.md5(f"{PROMPT}_{index}".encode()).hexdigest()
        chance = random.Random(int(digest[:8], 16))
        last_colour, last_pattern = len(self.generator.VIVID_COLORS) - 1, len(self.generator.PATTERNS) - 1
        colours = chance.randint(0, last_colour), chance.randint(0, last_colour)
        return *colours, chance.choice([True, False]), chance.randint(0, last_pattern)
