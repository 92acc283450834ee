"""Images go when their time is over, or when room is needed; and only then."""

from __future__ import annotations

import re

import httpx

from pool import Pool
from processes import eventually
from refusal import refusal

SECONDS = 3.6
"""The retention that these tests set, as 0.001 hours."""


def insert_until(pool: Pool, done) -> list[str]:
    """Makes images until `done(response)`, and returns the URLs of all."""
    urls = []
    with pool.client() as client:
        for number in range(200):
            response = client.post("/v1/images/generations", json={"prompt": f"picture {number}", "quality": "hd"})
            if response.status_code == 200:
                urls.append(response.json()["data"][0]["url"])
            if done(response, urls):
                return urls
    raise AssertionError("the store never filled")


def test_an_image_is_gone_after_its_retention(start):
    pool = start("--workers", "2", IMAGE_RETENTION_HOURS=0.001)
    [url] = pool.urls()
    response = httpx.get(url)
    assert response.status_code == 200
    assert 0 <= max_age(response) <= SECONDS

    gone = eventually(lambda: (answer := httpx.get(url)).status_code != 200 and answer, within=3 * SECONDS, what="404")
    assert gone.status_code == 404
    assert gone.json()["error"]["message"] == "Image not found or expired"


def max_age(response: httpx.Response) -> int:
    directives = dict(part.strip().partition("=")[::2] for part in response.headers["Cache-Control"].split(","))
    return int(directives["max-age"])


def test_expired_images_give_their_room_back(start):
    """A full store that refuses rather than evicts takes as many new images as it had, once those expired."""
    pool = start("--workers", "1", IMAGE_RETENTION_HOURS=0.001, IMAGE_STORE_SIZE="1M", IMAGE_STORE_FULL="refuse")
    expired = insert_until(pool, lambda response, _: response.status_code == 507)
    eventually(lambda: httpx.head(expired[-1]).status_code == 404, within=3 * SECONDS, what="the last one expired")
    again = insert_until(pool, lambda response, urls: response.status_code != 200 or len(urls) == len(expired))
    assert len(again) == len(expired)
    assert {httpx.head(url).status_code for url in expired} == {404}
    assert pool.statistics()["total_images"] <= len(again)


def test_a_full_store_evicts_the_oldest_first(start):
    pool = start("--workers", "2", IMAGE_STORE_SIZE="1M")
    urls = insert_until(pool, lambda _, urls: httpx.head(urls[0]).status_code == 404)
    statuses = [httpx.get(url).status_code for url in urls]
    lost = statuses.count(404)
    assert 1 <= lost < len(urls)
    assert statuses == [404] * lost + [200] * (len(urls) - lost), "eviction is not in the order of insertion"
    assert pool.statistics()["total_images"] == len(urls) - lost


def test_a_full_store_refuses_with_507_and_keeps_every_image(start):
    pool = start("--workers", "2", IMAGE_STORE_SIZE="1M", IMAGE_STORE_FULL="refuse")
    urls = insert_until(pool, lambda response, _: response.status_code != 200)
    refusal = pool.generate(quality="hd", size="1792x1024")
    assert refusal.status_code == 507
    assert {"message", "type", "param", "code"} <= refusal.json()["error"].keys()
    assert {httpx.get(url).status_code for url in urls} == {200}


def test_a_pool_with_another_retention_does_not_join_a_store_that_must_not_evict(start):
    """One picture that is kept for a week would keep the room of all that come after it."""
    long = start("--workers", "1", IMAGE_STORE_SIZE="1M", IMAGE_STORE_FULL="refuse", IMAGE_RETENTION_HOURS=168)
    [url] = long.urls(size="256x256")
    terms = {"IMAGE_STORE_NAME": long.store_name, "IMAGE_STORE_SIZE": "1M"}
    for other in [
        {"IMAGE_RETENTION_HOURS": 0.001, "IMAGE_STORE_FULL": "refuse"}, {"IMAGE_RETENTION_HOURS": 168, "IMAGE_STORE_FULL": "evict"},
    ]:
        refused = refusal(**{f"FAKEAI_{name}": str(value) for name, value in (terms | other | {"PORT": 0, "WORKERS": 1}).items()})
        assert refused.returncode == 1
        assert "it is in use by a pool that keeps images for 168 h and refuses new ones when it is full" in refused.stderr
        assert "no worker starts; requests are rejected" not in refused.stderr
    assert httpx.get(url).status_code == 200


def test_a_shorter_retention_waits_for_the_pictures_that_are_kept_longer(start):
    pool = start("--workers", "1", IMAGE_STORE_SIZE="1M", IMAGE_STORE_FULL="refuse", IMAGE_RETENTION_HOURS=168)
    pool.urls(size="256x256")
    pool.stop()
    settings = {"IMAGE_STORE_NAME": pool.store_name, "IMAGE_STORE_SIZE": "1M", "IMAGE_STORE_FULL": "refuse", "PORT": 0, "WORKERS": 1}
    refused = refusal(**{f"FAKEAI_{name}": str(value) for name, value in (settings | {"IMAGE_RETENTION_HOURS": 1}).items()})
    assert refused.returncode == 1
    assert re.search(r"it holds an image that expires in 16\d(\.\d+)? h, ", refused.stderr)
    pool.start()
    assert pool.statistics()["total_images"] == 1


def test_a_picture_larger_than_the_store_is_refused_with_413_and_costs_none_of_the_others(start):
    pool = start("--workers", "2", IMAGE_STORE_SIZE="1M")
    huge = {"size": "3840x2160", "quality": "hd"}
    # How large a picture gets is a matter of its pattern.
    answers = ((number, pool.generate(prompt=f"a lake {number}", **huge)) for number in range(40))
    number, refusal = next((number, answer) for number, answer in answers if answer.status_code != 200)
    assert refusal.status_code == 413
    error = refusal.json()["error"]
    sizes = re.fullmatch(
        r"an image of (\d+) bytes is larger than the whole store \((\d+) bytes\); increase FAKEAI_IMAGE_STORE_SIZE", error.pop("message")
    )
    assert sizes and int(sizes[1]) > int(sizes[2]) > 900_000
    assert error == {"type": "server_error", "param": None, "code": "image_too_large"}

    [small] = pool.urls(size="256x256")
    request = {"prompt": f"a lake {number}", **huge}
    assert pool.generate(**request).status_code == 413
    assert httpx.get(small).status_code == 200
    assert pool.generate(response_format="b64_json", **request).status_code == 200


def test_statistics_count_what_is_stored(start):
    pool = start("--workers", "2", IMAGE_RETENTION_HOURS=2.5)
    fresh = {"total_images": 0, "total_size_bytes": 0, "total_size_mb": 0, "retention_hours": 2.5, "backend": "memory"}
    assert fresh.items() <= pool.statistics().items()
    sizes = [len(httpx.get(url).content) for url in pool.urls(n=3)]
    statistics = pool.statistics()
    assert statistics["total_images"] == 3
    assert statistics["total_size_bytes"] == sum(sizes)
    assert statistics["total_size_mb"] == round(sum(sizes) / 2**20, 2)


def test_b64_json_is_not_stored(start):
    pool = start("--workers", "1")
    assert pool.generate(response_format="b64_json", n=3).status_code == 200
    assert pool.statistics()["total_images"] == 0
