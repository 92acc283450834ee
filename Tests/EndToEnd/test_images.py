"""GET and HEAD /images/<id>.png: what a browser, a cache and a download tool rely on."""

from __future__ import annotations

import base64
import email.utils
import io
import json
import re
import subprocess
import time
import zlib
from pathlib import Path

import httpx
import pytest
from PIL import Image

from pictures import checked_png
from pool import image_id
from wire import send
from wrk import Wrk


@pytest.fixture(scope="module")
def url(pool) -> str:
    [url] = pool.urls(quality="hd")
    return url


@pytest.fixture(scope="module")
def body(url) -> bytes:
    return httpx.get(url).content


def test_an_image_comes_with_all_that_a_cache_needs(url, body):
    headers = httpx.get(url).headers
    assert headers["Content-Type"] == "image/png"
    assert int(headers["Content-Length"]) == len(body)
    assert re.fullmatch(r'"[^"]+"', headers["ETag"]), "a strong entity tag"
    assert headers["Content-Disposition"] == f'inline; filename="{image_id(url)}.png"'
    assert headers["Access-Control-Allow-Origin"] == "*"
    [age] = re.fullmatch(r"public, max-age=(\d+), immutable", headers["Cache-Control"]).groups()
    assert 3000 < int(age) <= 3600
    modified = email.utils.parsedate_to_datetime(headers["Last-Modified"]).timestamp()
    assert modified <= time.time() + 1 and time.time() - modified < 3600 - int(age) + 60


def test_max_age_is_what_is_left(start):
    pool = start("--workers", "1", IMAGE_RETENTION_HOURS=100)
    [url] = pool.urls(size="256x256")
    [age] = re.findall(r"max-age=(\d+)", httpx.get(url).headers["Cache-Control"])
    assert 100 * 3600 - 60 < int(age) <= 100 * 3600


def test_head_answers_like_get_without_the_body(url, body):
    head, get = httpx.head(url), httpx.get(url)
    assert head.status_code == 200 and head.content == b""
    for name in ["Content-Type", "Content-Length", "ETag", "Last-Modified", "Content-Disposition", "Access-Control-Allow-Origin"]:
        assert head.headers[name] == get.headers[name]


@pytest.mark.parametrize("condition", ["{tag}", "W/{tag}", '"other", {tag}', "*"])
def test_a_cached_image_is_not_sent_again(url, condition):
    tag = httpx.head(url).headers["ETag"]
    response = httpx.get(url, headers={"If-None-Match": condition.format(tag=tag)})
    assert response.status_code == 304
    assert response.content == b""
    assert response.headers["ETag"] == tag
    assert "max-age=" in response.headers["Cache-Control"]


@pytest.mark.parametrize("condition", ['"other"', '"0"', "nonsense"])
def test_another_entity_tag_gets_the_image(url, body, condition):
    response = httpx.get(url, headers={"If-None-Match": condition})
    assert (response.status_code, response.content) == (200, body)


@pytest.mark.parametrize(
    "span, expected",
    [
        ("0-99", slice(0, 100)),
        ("100-", slice(100, None)),
        ("-50", slice(-50, None)),
        ("7-7", slice(7, 8)),
        ("10-99999999", slice(10, None)),
    ],
)
def test_a_range_gets_its_part(url, body, span, expected):
    response = httpx.get(url, headers={"Range": f"bytes={span}"})
    start, stop, _ = expected.indices(len(body))
    assert response.status_code == 206
    assert response.content == body[expected]
    assert response.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{len(body)}"
    assert int(response.headers["Content-Length"]) == stop - start


def test_a_range_behind_the_end_is_416(url, body):
    response = httpx.get(url, headers={"Range": f"bytes={len(body)}-"})
    assert response.status_code == 416
    assert response.headers["Content-Range"] == f"bytes */{len(body)}"


@pytest.mark.parametrize("span", ["bytes=5-2", "bytes=abc", "lines=1-2", "bytes=", "bytes=--5"])
def test_an_unreadable_range_gets_the_whole(url, body, span):
    response = httpx.get(url, headers={"Range": span})
    assert (response.status_code, response.content) == (200, body)


def test_a_range_of_another_version_gets_the_whole(url, body):
    tag = httpx.head(url).headers["ETag"]
    same = httpx.get(url, headers={"Range": "bytes=0-9", "If-Range": tag})
    other = httpx.get(url, headers={"Range": "bytes=0-9", "If-Range": '"other"'})
    assert (same.status_code, same.content) == (206, body[:10])
    assert (other.status_code, other.content) == (200, body)


def malformed(identifier: str) -> dict[str, str]:
    flipped = identifier[:-1] + ("0" if identifier[-1] != "0" else "1")
    return {
        "another id of the same sequence": f"/images/{flipped}.png",
        "never made": f"/images/{'f' * 32}.png",
        "31 digits": f"/images/{identifier[:31]}.png",
        "33 digits": f"/images/{identifier}0.png",
        "upper case": f"/images/{'ABCDEF' + identifier[6:]}.png",
        "another type": f"/images/{identifier}.jpg",
        "no type": f"/images/{identifier}",
        "two types": f"/images/{identifier}.png.png",
        "a slash behind": f"/images/{identifier}.png/",
        "a folder above": "/images/../etc/passwd",
        "a folder above, escaped": "/images/%2e%2e/%2e%2e/etc/passwd",
        "a folder above, escaped twice": "/images/%252e%252e%252fetc%252fpasswd",
        "an escaped slash": f"/images/%2f{identifier}.png",
        "a NUL": f"/images/{identifier}%00.png",
        "not UTF-8": "/images/%ff%fe.png",
        "empty": "/images/.png",
        "no name": "/images/",
        "full-width digits": "/images/" + "%EF%BC%91" * 32 + ".png",
        "very long": "/images/" + "a" * 3000 + ".png",
    }


@pytest.mark.parametrize("case", malformed("0" * 32))
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_is_no_image_is_not_found(pool, url, case, method):
    """And never a file, never an HTML page. nginx refuses a NUL itself, and paths that climb out of the root."""
    answer = send(pool, method, malformed(image_id(url))[case])
    refused_by_nginx = case in {"a NUL", "a folder above", "a folder above, escaped"}
    assert answer.status in ({400, 404} if refused_by_nginx else {404})
    if method == "HEAD":
        assert answer.body == b""
    elif case.startswith(("another id", "never", "31", "33", "upper")):
        assert answer.error["message"] == "Image not found or expired"
    else:
        assert answer.error["message"]


def test_forged_ids_find_nothing(start):
    """Thousands of them: random, truncated, and neighbours of those that were given."""
    pool = start("--workers", "2")
    ids = [image_id(url) for url in pool.urls(size="256x256", n=10) + pool.urls(size="256x256", n=10)]
    script = Path(__file__).with_name("forged_ids.lua")
    with Wrk(pool.url, connections=16, seconds=2, options=["-s", str(script)], arguments=ids) as wrk:
        requests, found = re.search(r"requests (\d+), not 404: (\d+)", wrk.report()).groups()
    assert int(requests) > 1000
    assert int(found) == 0
    assert "ended with" not in pool.log, "a worker died"
    assert {httpx.get(f"{pool.url}/images/{given}.png").status_code for given in ids} == {200}


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_an_image_can_only_be_read(pool, url, method):
    answer = send(pool, method, f"/images/{image_id(url)}.png", b"x")
    assert answer.status == 405
    assert {"GET", "HEAD"} <= set(re.split(r",\s*", answer.headers["Allow"]))
    assert answer.error["code"] == "method_not_supported"
    assert httpx.get(url).status_code == 200


def test_without_actual_images_urls_are_fake_and_nothing_is_drawn(start):
    pool = start("--workers", "1", GENERATE_ACTUAL_IMAGES="false")
    urls = pool.urls(n=3)
    assert len(set(urls)) == 3
    for url in urls:
        assert re.fullmatch(r"https://simulated-openai-images\.example\.com/[0-9a-f]{32}\.png", url)

    [image] = pool.generate(response_format="b64_json").json()["data"]
    checked_png(base64.b64decode(image["b64_json"]), "1x1")

    answer = send(pool, "GET", f"/images/{'0' * 32}.png")
    assert answer.status == 404
    assert "FAKEAI_GENERATE_ACTUAL_IMAGES" in answer.error["message"]
    assert pool.statistics()["total_images"] == 0


def test_the_flag_turns_actual_images_off_too(start):
    pool = start("--workers", "1", "--no-generate-actual-images")
    assert pool.urls()[0].startswith("https://simulated-openai-images.example.com/")


def padded(pool, output_format: str, size: object) -> bytes:
    request = {"prompt": "a lake", "model": "gpt-image-2", "size": "256x256", "output_format": output_format, "response_format": "url"}
    answer = httpx.post(f"{pool.url}/v1/images/generations", json=request, headers={"X-FakeAI-Bytes": str(size)})
    return httpx.get(answer.raise_for_status().json()["data"][0]["url"]).content


@pytest.mark.parametrize("size", [100_000, 234_568])
@pytest.mark.parametrize("output_format", ["png", "jpeg", "webp", "gif"])
def test_a_padded_image_is_one_to_other_programs(pool, output_format, size):
    file = padded(pool, output_format, size)
    assert len(file) == size
    with Image.open(io.BytesIO(file)) as picture:
        picture.load()
        assert (picture.format, picture.size) == (output_format.upper(), (256, 256))
        comment = picture.info.get("comment", b"{}")
    assert json.loads(comment).get("prompt", "a lake") == "a lake", "padding is no comment"
    if output_format == "png":
        checked_png(file, "256x256")
    if output_format == "jpeg":
        subprocess.run(["djpeg", "-outfile", "/dev/null"], input=file, check=True)


def test_a_padded_svg_is_drawn(pool):
    file = padded(pool, "svg", "1M")
    assert len(file) == 1 << 20
    drawn = subprocess.run(["rsvg-convert"], input=file, check=True, capture_output=True).stdout
    with Image.open(io.BytesIO(drawn)) as picture:
        assert picture.size == (256, 256)


def test_padding_is_not_compressed_on_its_way(pool):
    assert len(zlib.compress(padded(pool, "png", 300_000))) > 295_000
