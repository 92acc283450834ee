"""Where image URLs point: to where the request came from, or to where the settings say."""

from __future__ import annotations

import json

import httpx
import pytest

from wire import send


def url_for(pool, *headers: tuple[str, str]) -> str:
    body = b'{"prompt": "x", "size": "256x256"}'
    answer = send(pool, "POST", "/v1/images/generations", body, [("Content-Type", "application/json"), *headers])
    assert answer.status == 200, answer.body
    return json.loads(answer.body)["data"][0]["url"]


def test_urls_point_to_the_server_and_load(pool):
    [url] = pool.urls()
    assert url.startswith(f"{pool.url}/images/")
    assert httpx.get(url).status_code == 200


@pytest.mark.parametrize(
    "headers, base",
    [
        ([("Host", "images.internal")], "http://images.internal"),
        ([("Host", "images.internal:8443"), ("X-Forwarded-Proto", "https")], "https://images.internal:8443"),
        ([("Host", "[::1]:8000")], "http://[::1]:8000"),
        ([("Host", "x.test"), ("X-Forwarded-Proto", "javascript")], "http://x.test"),
    ],
)
def test_urls_follow_the_host_and_the_forwarded_protocol(pool, headers, base):
    assert url_for(pool, *headers).startswith(f"{base}/images/")


@pytest.mark.parametrize("base", ["https://cdn.example.test", "https://staging.example.test:8443/fake/ai"])
def test_a_public_url_wins_over_the_request(start, base):
    pool = start("--workers", "1", PUBLIC_URL=base)
    url = url_for(pool, ("Host", "elsewhere.test"), ("X-Forwarded-Proto", "http"))
    assert url.startswith(f"{base}/images/")
    assert httpx.get(pool.url + "/images/" + url.rpartition("/")[2]).status_code == 200


@pytest.mark.parametrize("host", ["evil\"test", "a b", "x/../y", "a<b>.test", "a.test:99999999"])
def test_a_bad_host_is_refused_or_never_echoed(pool, host):
    answer = send(pool, "POST", "/v1/images/generations", b'{"prompt": "x"}', [("Host", host), ("Content-Type", "application/json")])
    if answer.status == 200:
        assert host not in json.loads(answer.body)["data"][0]["url"]
    else:
        assert answer.status == 400
        assert answer.error["message"]
