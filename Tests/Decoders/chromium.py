"""A browser as a decoder."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from picture import Picture

CHROMIUM = "/usr/bin/chromium"
SCRIPT = Path(__file__).with_suffix(".js").read_text()
# Pages can hash only if nobody could have changed them on their way here, as those of this name.
ADDRESS = "http://localhost/"


@contextmanager
def chromium() -> Iterator[Chromium]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--enable-unsafe-swiftshader"])
        page = browser.new_page()
        page.route("**", lambda route: route.fulfill(body="<!doctype html>", content_type="text/html"))
        page.goto(ADDRESS)
        yield Chromium(page)
        browser.close()


class Chromium:
    def __init__(self, page: Page):
        self.page = page

    def faults(self, pictures: list[Picture]) -> Iterator[tuple[Picture, str]]:
        hashes = self.page.evaluate(SCRIPT, [b64encode(picture.file).decode() for picture in pictures])
        for picture, found in zip(pictures, hashes, strict=True):
            expected = hashlib.sha256(picture.rgba).hexdigest()
            if found != expected:
                yield picture, f"other pixels (SHA-256 {found})" if len(found) == len(expected) else found
