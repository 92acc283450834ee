"""Makes the pictures of the page in the documentation: each view in light and dark, on a wide and on a narrow screen, as one file.

    screenshots.py [view …]

Look at each before you commit it.
"""

from __future__ import annotations

import io
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
from PIL import Image
from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Support"))
from code_blocks import CATALOG
from pool import Pool

SUBJECTS = "lake harbour lighthouse garden forest river mountain desert city night fox tiger kite ship train moon storm snow island".split()
RULES = [
    {"name": "control room: rate limits", "when": {"every": 7}, "then": {"fault": "rate_limit", "retry_after": "2s"}},
    {"name": "storms are slow", "match": {"prompt": "storm"}, "then": {"latency": "lognormal:p50=300ms,p99=1s"}},
]
# How large a screen is shown, in the file.
SCALES = {(1280, 800): 0.55, (390, 844): 0.52}
GAP = 16


def main(views: list[str]) -> None:
    pool = Pool("--workers", "4")
    pool.start()
    try:
        httpx.put(f"{pool.url}/_fakeai/rules", content=json.dumps(RULES, indent=2)).raise_for_status()
        with sync_playwright() as playwright, ThreadPoolExecutor(4) as threads:
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
            for view in views or ("ask", "wall", "requests", "faults", "figures"):
                shots = [shot(browser, pool, threads, view, size, scheme) for size in SCALES for scheme in ("light", "dark")]
                save(shots, CATALOG / f"Resources/control-room-{view}.png")
    finally:
        pool.close()


def shot(browser, pool: Pool, threads: ThreadPoolExecutor, view: str, size: tuple[int, int], scheme: str) -> Image.Image:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme)
    page = context.new_page()
    page.goto(f"{pool.url}/#/{view}")
    page.wait_for_timeout(300)
    if view == "ask":
        ask(page)
    else:
        # The charts need some seconds of requests.
        for number in range(80 if view == "figures" else 20):
            threads.submit(request, pool, number)
            page.wait_for_timeout(100)
    page.wait_for_timeout(1500)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    context.close()
    return picture.resize((round(size[0] * SCALES[size]), round(size[1] * SCALES[size])), Image.Resampling.LANCZOS)


def ask(page: Page) -> None:
    page.fill("#prompt", "A lighthouse in a storm, as a woodcut")
    page.locator("[data-field=quality] select").select_option("hd")
    page.keyboard.press("Control+Enter")
    page.locator(".result[data-state=done] img").wait_for()
    if page.viewport_size["width"] < 500:
        page.locator(".result").scroll_into_view_if_needed()


def request(pool: Pool, number: int) -> None:
    one, other = SUBJECTS[number % len(SUBJECTS)], SUBJECTS[(number * 8 + 3) % len(SUBJECTS)]
    headers = {"Authorization": f"Bearer sk-team-{number % 3}"} | ({"X-FakeAI-Fault": "server_error"} if number % 17 == 5 else {})
    body = {"prompt": f"The {one} by the {other}", "quality": "hd", "size": "512x512" if number % 2 else "auto"}
    httpx.post(f"{pool.url}/v1/images/generations", json=body, headers=headers, timeout=30)


def save(shots: list[Image.Image], file: Path) -> None:
    """Light above, dark below."""
    wide, narrow = shots[:2], shots[2:]
    height = max(shot.height for shot in shots)
    sheet = Image.new("RGB", (wide[0].width + narrow[0].width + 3 * GAP, 2 * height + 3 * GAP), "#9a9aa6")
    for row, pair in enumerate(zip(wide, narrow, strict=True)):
        for left, picture in zip((GAP, wide[0].width + 2 * GAP), pair, strict=True):
            sheet.paste(picture, (left, GAP + row * (height + GAP)))
    sheet.quantize(256, Image.Quantize.MEDIANCUT, kmeans=3, dither=Image.Dither.NONE).save(file, optimize=True)
    print(file, file.stat().st_size)


if __name__ == "__main__":
    main(sys.argv[1:])
