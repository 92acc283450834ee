"""Upscales beside Pillow's: the time, and how near they come to a picture that was made smaller.

By itself, `python scaling.py` prints the tables; it needs the products Benchmarks and fakeai-images.
"""

from __future__ import annotations

import io
import math
import random
import statistics
import subprocess
import sys
import time
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont, ImageStat

sys.path.insert(0, str(Path(__file__).parents[1] / "Support"))

from picture_costs import PictureCosts  # noqa: E402
from pool import BINARY  # noqa: E402
from promise import Promise  # noqa: E402
from section import Section  # noqa: E402
from table import markdown  # noqa: E402

TURNS, RUNS = 9, 5
SIDES = (1024, 2048)
TIMES_FASTER = 5
MOST_DECIBELS = 0.3
"""By which our quality may differ from that of Pillow's filter of the same name."""
FILTERS = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC, "lanczos": Image.Resampling.LANCZOS}
PICTURES = 10


def measure() -> list[Section]:
    return [speed(), quality()]


def speed() -> Section:
    """Each measured in turns with the other; of each turn the best run, because any other was interrupted."""
    old, new = SIDES
    rows, promises = [], []
    with PictureCosts() as costs:
        for mode in ("RGB", "RGBA"):
            source = photograph(0, old).convert(mode)
            if mode == "RGBA":
                source.putalpha(source.getchannel("R"))
            turns = [
                (min(pillow(source, new) for _ in range(RUNS)), min(costs.scale(f"{old}x{old}", f"{new}x{new}", mode, RUNS)))
                for _ in range(TURNS)
            ]
            ratio = statistics.median(theirs / ours for theirs, ours in turns)
            rows.append([mode, *(f"{statistics.median(column):.1f}" for column in zip(*turns, strict=True)), f"{ratio:.1f}"])
            promises.append(Promise(f"upscales of {mode}, faster than Pillow's", ratio, "times", at_least=TIMES_FASTER))
    title = f"Upscaling {old}x{old} to {new}x{new}, in ms"
    return Section(title, markdown(["pixels", "Pillow's LANCZOS", "fakeai-images", "ratio"], rows), promises)


def pillow(source: Image.Image, side: int) -> float:
    began = time.perf_counter()
    source.resize((side, side), Image.Resampling.LANCZOS)
    return (time.perf_counter() - began) * 1000


def quality() -> Section:
    rows, gaps = [], []
    for number in range(PICTURES):
        whole = photograph(number)
        for scale in (2, 3, 4):
            small = whole.resize((whole.width // scale,) * 2, Image.Resampling.LANCZOS)
            theirs = {name: psnr(small.resize(whole.size, filter), whole) for name, filter in FILTERS.items()}
            ours = psnr(upscaled(small, whole.width), whole)
            gaps.append((ours - theirs["lanczos"], ours - max(theirs["bilinear"], theirs["bicubic"])))
            rows.append([str(number), str(scale), *(f"{value:.2f}" for value in theirs.values()), f"{ours:.2f}"])
    (worst, best), margin = (min(gaps)[0], max(gaps)[0]), min(gap for _, gap in gaps)
    promises = [
        Promise("upscales' quality below Pillow's LANCZOS", max(0, -worst), "dB", at_most=MOST_DECIBELS),
        Promise("upscales' quality above the better of BILINEAR and BICUBIC, at least", margin, "dB", at_least=0),
    ]
    text = markdown(["picture", "scale", *(name.upper() for name in FILTERS), "fakeai-images"], rows)
    text += f"\nFrom {worst:+.2f} to {best:+.2f} dB of LANCZOS."
    return Section("Pictures made smaller and upscaled again, PSNR in dB", text, promises)


def upscaled(picture: Image.Image, side: int) -> Image.Image:
    file = io.BytesIO()
    picture.save(file, "PNG")
    command = [BINARY, "upscale", "-", "--size", f"{side}x{side}", "-o", "-"]
    result = subprocess.run(command, input=file.getvalue(), capture_output=True, check=True)
    return Image.open(io.BytesIO(result.stdout)).convert("RGB")


def psnr(one: Image.Image, other: Image.Image) -> float:
    squares = [rms**2 for rms in ImageStat.Stat(ImageChops.difference(one, other)).rms]
    return 10 * math.log10(255**2 / statistics.mean(squares))


def photograph(number: int, side: int = 384) -> Image.Image:
    """What photographs have: noise of all sizes, edges, writing, a soft lens and a sensor's noise. Always the same picture."""
    dice = random.Random(number)
    channels = [clouds(dice, side) for _ in range(3)]
    picture = Image.merge("RGB", [ImageChops.blend(channels[0], channel, 0.4) for channel in channels])
    draw = ImageDraw.Draw(picture)
    for _ in range(6 + number):
        x, y, size = dice.randrange(side), dice.randrange(side), dice.randrange(side // 24, side // 4)
        colour = tuple(dice.randrange(256) for _ in range(3))
        (draw.ellipse if dice.random() < 0.5 else draw.rectangle)((x, y, x + size, y + size), fill=colour)
        draw.line((y, x, y + size, x + 2 * size), fill=colour, width=1 + number % 3)
    draw.text((side // 10, side // 2), f"No. {number}: a lake at dawn", fill="white", font=ImageFont.load_default(side // 12))
    soft = picture.filter(ImageFilter.GaussianBlur(0.6 + 0.1 * (number % 4)))
    return ImageChops.blend(soft, Image.merge("RGB", [noise(dice, side) for _ in range(3)]), 0.02)


def clouds(dice: random.Random, side: int) -> Image.Image:
    """Noise whose waves are the higher the longer they are, as in most photographs."""
    sum = Image.new("L", (side, side), 128)
    small = 3
    while small < side:
        sum = ImageChops.blend(sum, noise(dice, small).resize((side, side), Image.Resampling.BICUBIC), 0.3 if small < 24 else 0.12)
        small *= 2
    return sum.point(lambda value: min(max((value - 128) * 2 + 128, 0), 255))


def noise(dice: random.Random, side: int) -> Image.Image:
    return Image.frombytes("L", (side, side), dice.randbytes(side * side))


if __name__ == "__main__":
    for section in measure():
        print(section)
        for promise in section.promises:
            print(promise)
