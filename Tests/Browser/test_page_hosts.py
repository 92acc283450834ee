"""The page of a host that shares a Redis with another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest
from playwright.sync_api import expect

from pool import Pool
from processes import eventually
from redis_server import RedisServer

NAMES = ("alder", "birch")


@pytest.fixture(scope="module")
def hosts() -> Iterator[list[Pool]]:
    with ExitStack() as end:
        redis = RedisServer()
        end.callback(redis.close)
        redis.start()
        pools = []
        for name in NAMES:
            pool = Pool("--workers", "2", IMAGE_STORAGE_BACKEND="redis", REDIS_URL=redis.url, HOST_NAME=name)
            end.callback(pool.close)
            pool.start()
            pools.append(pool)
        yield pools


def make(pool: Pool, prompt: str) -> httpx.Response:
    body = {"prompt": prompt, "size": "64x64", "response_format": "url"}
    return httpx.post(f"{pool.url}/v1/images/generations", json=body, timeout=30)


def test_a_picture_and_a_request_of_another_host_appear(visit, hosts):
    first, second = hosts
    page = visit("#/wall", url=first.url + "/")
    expect(page.locator("#live")).to_have_text("Live")
    file = make(second, "Made elsewhere").json()["data"][0]["url"].rpartition("/")[2]
    tile = page.locator(".tile").first
    expect(tile.locator(".caption")).to_have_text("Made elsewhere")
    expect(tile.locator("img")).to_have_attribute("src", f"{first.url}/images/{file}")
    expect(tile.locator("img")).to_have_js_property("naturalWidth", 64)
    page.click("#tab-requests")
    expect(page.locator(".line").first).to_contain_text("birch")


def test_the_hosts_are_named(visit, hosts):
    page = visit("#/figures", url=hosts[0].url + "/")
    about = page.locator(".figures .soft", has_text="Hosts that share the store")
    expect(about).to_have_text(re.compile(r"^Hosts that share the store: (alder, birch|birch, alder)$"))


def test_a_switch_holds_on_the_other_host_and_counts_on_its_own(visit, hosts):
    page = visit("#/faults", url=hosts[0].url + "/")
    page.get_by_role("switch", name="Rate limits").check()
    expect(page.locator("#rules")).to_have_value(re.compile("rate_limit"))
    eventually(lambda: make(hosts[1], "A lake").status_code == 429, within=10, what="a 429 of the other host")
    struck = page.locator(".switches li", has_text="Rate limits").locator(".struck")
    expect(struck).to_have_text("struck 0×")
    expect(page.locator(".card", has_text="Which rule struck how often").locator("p.soft")).to_have_text("Of the requests to this host.")
    for _ in range(20):
        make(hosts[0], "A lake")
    expect(struck).to_have_text(re.compile(r"struck [1-9]\d*×"))
    page.get_by_role("switch", name="Rate limits").uncheck()
    expect(page.locator("#rules")).to_have_value("[]\n")
    assert {make(hosts[1], "A lake").status_code for _ in range(4)} == {200}
