"""Drawing and encoding one picture: ours, the seed's, and libpng on our canvas, in turns."""

from __future__ import annotations

import statistics
import time
from collections import defaultdict

import picture_costs
from picture_costs import Cost, PictureCosts, Pictures
from promise import Promise
from section import Section
from seed import PROMPT, Seed
from table import markdown

SIZES = ["256x256", "512x512", "1024x1024", "1792x1024", "1024x1792"]
PROMISED_SIZE = "1024x1024"
TIMES_FASTER = {"standard": 60, "hd": 80}
"""Than the seed."""

TIMES_READING = 12
"""How many times as long as reading the canvas once our standard encoding takes at most."""

KILOBYTES = {"standard": 30, "hd": 95}
"""Medians: of standard over `PROMPTS`; of hd over all patterns on linear gradients."""

MEAN_KILOBYTES = 115
"""Of hd over all patterns and gradients."""

PROMPTS = [
    "A cat",
    "Sunset",
    "a red bicycle",
    PROMPT,
    "A futuristic city skyline at night with neon lights",
    "An oil painting of two old friends playing chess in a park",
    "A photorealistic close-up of a hummingbird drinking from a bright orange flower in the early morning, dew on the petals, "
    "shallow depth of field, soft golden light from the left",
    "Isometric illustration of a small bookshop on a rainy street corner, warm light in the windows, a cyclist with an umbrella "
    "passing by, reflections in the puddles, muted autumn colours, highly detailed, in the style of a children's book from the "
    "nineteen-seventies",
    "A wide shot of a lighthouse on a cliff during a thunderstorm, enormous waves breaking on the rocks below, one lit window, a lone "
    "figure on the gallery looking out to sea, dramatic clouds lit from within by lightning, painted in oil with thick visible brush "
    "strokes, in a palette of deep blues and greys with a single accent of warm yellow, composed by the rule of thirds with much empty sky",
]
"""Of usual length: three short, three medium, three long."""

ROUNDS = 3


def measure() -> list[Section]:
    seed, ours, theirs = Seed(), defaultdict(list), defaultdict(list)
    with PictureCosts() as costs:
        for _ in range(ROUNDS):
            for case in [(size, quality) for size in SIZES for quality in TIMES_FASTER]:
                ours[case].append(costs.measure(*case, PROMPT))
                theirs[case].append(time_seed(seed, *case))
        by_prompt = {prompt: picture_costs.mean(costs.measure(PROMISED_SIZE, "standard", prompt)) for prompt in PROMPTS}
    medians = {case: picture_costs.median(rounds) for case, rounds in ours.items()}
    rows = [Row(*case, picture_costs.mean(pictures), median(theirs[case])) for case, pictures in medians.items()]
    hd = medians[PROMISED_SIZE, "hd"]
    return [sizes(rows), prompts(by_prompt), pattern_bytes(hd), pattern_times(hd)]


def time_seed(seed: Seed, size: str, quality: str) -> Cost:
    width, height = (int(side) for side in size.split("x"))
    times, lengths = [], []
    for index in seed.indexes(quality):
        began = time.perf_counter()
        data = seed.draw((width, height), quality, index)
        times.append((time.perf_counter() - began) * 1000)
        lengths.append(len(data))
    return {"total": statistics.mean(times), "bytes": statistics.mean(lengths)}


def median(rounds: list[Cost]) -> Cost:
    return picture_costs.combine(rounds, statistics.median)


class Row:
    head = ["image", "read once", "draw", "encode", "both", "KB", "libpng", "KB", "Python", "KB", "times faster"]

    def __init__(self, size: str, quality: str, ours: Cost, theirs: Cost):
        self.size, self.quality, self.ours, self.theirs = size, quality, ours, theirs
        self.total = ours["draw"] + ours["encode"]
        self.ratio = theirs["total"] / self.total

    @property
    def cells(self) -> list[str]:
        times = [f"{self.ours['read']:.3f}", f"{self.ours['draw']:.2f}", f"{self.ours['encode']:.2f}", f"{self.total:.2f}"]
        libpng = [f"{self.ours['libpng']:.1f}", kb(self.ours["libpng_bytes"])]
        seed = [f"{self.theirs['total']:.0f}", kb(self.theirs["bytes"])]
        return [f"{self.size} {self.quality}", *times, kb(self.ours["bytes"]), *libpng, *seed, f"{self.ratio:.0f}"]

    @property
    def promises(self) -> list[Promise]:
        if self.size != PROMISED_SIZE:
            return []
        what = f"{self.quality} at {self.size} compared with the Python module"
        faster = Promise(what, self.ratio, "times faster", at_least=TIMES_FASTER[self.quality])
        if self.quality != "standard":
            return [faster]
        reading = self.ours["encode"] / self.ours["read"]
        return [faster, Promise("encoding standard", reading, "times reading the canvas once", at_most=TIMES_READING)]


def sizes(rows: list[Row]) -> Section:
    text = f"""
Milliseconds on one core, median of {ROUNDS} rounds; hd is the mean over all patterns and gradients. `Python` is the Python module that
this project grew from (fakeai 0.3.2 with Pillow), drawing and encoding; `libpng` encodes the same canvas at level 6 with its default
filters. `times faster` is the Python module's time divided by `both`.

{markdown(Row.head, [row.cells for row in rows])}"""
    return Section("One image", text, [promise for row in rows for promise in row.promises])


def prompts(by_prompt: dict[str, Cost]) -> Section:
    rows = [[shortened(prompt), str(len(prompt)), kb(cost["bytes"]), kb(cost["libpng_bytes"])] for prompt, cost in by_prompt.items()]
    middle = statistics.median(cost["bytes"] for cost in by_prompt.values()) / 1000
    text = f"""
Standard at {PROMISED_SIZE}; the median is {middle:.1f} KB.

{markdown(["prompt", "characters", "KB", "libpng KB"], rows)}"""
    return Section("Bytes by prompt", text, [Promise("median of standard's bytes", middle, "KB", at_most=KILOBYTES["standard"])])


def shortened(prompt: str) -> str:
    return prompt if len(prompt) <= 60 else f"{prompt[:59]}…"


def pattern_bytes(hd: Pictures) -> Section:
    middle = statistics.median(cost["bytes"] for (_, gradient), cost in hd.items() if gradient != "radial") / 1000
    mean = statistics.mean(cost["bytes"] for cost in hd.values()) / 1000
    text = f"""
KB of hd at {PROMISED_SIZE}, ours / libpng's; the median of the linear gradients is {middle:.1f} KB, the mean of all is {mean:.1f}.

{by_pattern(hd, lambda cost: f"{kb(cost['bytes'])} / {kb(cost['libpng_bytes'])}")}"""
    promises = [
        Promise("median of hd's bytes, linear gradients", middle, "KB", at_most=KILOBYTES["hd"]),
        Promise("mean of hd's bytes", mean, "KB", at_most=MEAN_KILOBYTES),
    ]
    return Section("Bytes by pattern and gradient", text, promises)


def pattern_times(hd: Pictures) -> Section:
    text = f"""
Milliseconds of hd at {PROMISED_SIZE}, median: to draw + to encode / libpng's to encode.

{by_pattern(hd, lambda cost: f"{cost['draw']:.2f} + {cost['encode']:.2f} / {cost['libpng']:.0f}")}"""
    return Section("Times by pattern and gradient", text)


def by_pattern(pictures: Pictures, cell) -> str:
    """A row a pattern, a column a gradient."""
    patterns, gradients = (list(dict.fromkeys(names)) for names in zip(*pictures, strict=True))
    rows = [[pattern, *(cell(pictures[pattern, gradient]) for gradient in gradients)] for pattern in patterns]
    return markdown(["pattern", *gradients], rows)


def kb(count: float) -> str:
    """Of 1000 bytes."""
    return f"{count / 1000:.0f}"
