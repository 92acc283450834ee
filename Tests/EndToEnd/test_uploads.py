"""Image files of all the kinds that cameras and programs write: each is shown as Pillow shows it, or refused with the reason."""

from __future__ import annotations

import base64
import io
from functools import cache

import httpx
import pytest
from PIL import Image, ImageChops

from pool import Pool
from upload_files import LARGE, UPLOADS, Upload, saved

SIDE = 256
"""The side of an answer in pixels."""

MEMORY = 200_000_000
"""Bytes of a worker."""

BLOCK = 8
"""The side of the squares whose mean colours are compared."""


@pytest.fixture(scope="module")
def one_pool():
    pool = Pool("--workers", "1", IMAGE_STORE_SIZE="16M")
    try:
        pool.start()
        with httpx.Client(base_url=pool.url, timeout=60, headers={"Authorization": "Bearer test"}) as client:
            yield pool, client
    finally:
        pool.close()


def edit(client: httpx.Client, file: bytes, kind: str = "image/png", mask: bytes | None = None, profile: str = "fakeai") -> httpx.Response:
    fields = {"prompt": "."} | (
        {"model": "dall-e-2", "size": f"{SIDE}x{SIDE}", "response_format": "b64_json"} if profile == "fakeai" else {"model": "gpt-image-2"}
    )
    files = {"image": ("a", file, kind)} | ({"mask": ("b.png", mask, "image/png")} if mask else {})
    return client.post("/v1/images/edits", data=fields, files=files, headers={"X-FakeAI-Profile": profile})


def shown(answer: httpx.Response) -> Image.Image:
    assert answer.status_code == 200, answer.text
    return Image.open(io.BytesIO(base64.b64decode(answer.json()["data"][0]["b64_json"]))).convert("RGB")


def opaque(size: tuple[int, int]) -> bytes:
    """A mask with which nothing is edited, so that the whole upload is to be seen."""
    return saved(Image.new("RGBA", size, "black"), "PNG")


reference_answers: dict[bytes, Image.Image] = {}


def reference(client: httpx.Client, picture: Image.Image, *, masked: bool) -> Image.Image:
    """The answer to an edit of a plain PNG of the same picture."""
    file = saved(picture, "PNG")
    key = file + bytes([masked])
    if key not in reference_answers:
        reference_answers[key] = shown(edit(client, file, mask=opaque(picture.size) if masked else None))
    return reference_answers[key]


def differing(one: Image.Image, other: Image.Image, tolerance: int) -> int:
    """The number of squares whose mean colours differ by more than so many levels."""
    small = (SIDE // BLOCK, SIDE // BLOCK)
    squares = ImageChops.difference(one.resize(small, Image.Resampling.BOX), other.resize(small, Image.Resampling.BOX))
    return sum(max(pixel) > tolerance for pixel in squares.get_flattened_data())


@cache
def without_upload(client: httpx.Client) -> Image.Image:
    return shown(edit(client, b"none"))


MOST = 6
"""Squares that may differ: the time in the watermark takes some."""


@pytest.mark.parametrize("upload", [upload for upload in UPLOADS if not upload.refused], ids=str)
def test_it_is_shown_as_pillow_shows_it(one_pool, upload: Upload):
    _, client = one_pool
    file = upload.make()
    picture = upload.shown(file)
    # The mask is as large as the upright picture, so that it also tells whether both sizes are taken for equal.
    answer = shown(edit(client, file, upload.media_type, opaque(picture.size)))
    assert differing(answer, reference(client, picture, masked=True), 20) <= MOST
    assert differing(answer, without_upload(client), 20) > MOST


@pytest.mark.parametrize("upload", [upload for upload in UPLOADS + LARGE if upload.refused], ids=str)
def test_it_is_refused_with_the_reason(one_pool, upload: Upload):
    _, client = one_pool
    file = upload.make()
    refused = edit(client, file, upload.media_type, profile="openai")
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "invalid_image_file"), refused.text
    assert upload.refused in refused.headers["x-fakeai-reason"]
    assert differing(shown(edit(client, file, upload.media_type)), without_upload(client), 20) <= MOST


@pytest.mark.parametrize("upload", [upload for upload in LARGE if not upload.refused], ids=str)
def test_a_large_one_is_shown_as_well(one_pool, upload: Upload):
    pool, client = one_pool
    file = upload.make()
    answer = shown(edit(client, file, upload.media_type))
    assert differing(answer, reference(client, upload.shown(file), masked=False), 20) <= MOST
    assert differing(answer, without_upload(client), 20) > MOST
    assert pool.peak_memory() < MEMORY


def test_memory_stays_bounded_after_all_of_them(one_pool):
    pool, _ = one_pool
    assert pool.peak_memory() < MEMORY
    assert len(UPLOADS) + len(LARGE) > 200
