"""The ways in which a page of another origin may try to read or change the mock of the machine it is shown on: each is refused."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page

from pool import Pool
from processes import eventually

ATTEMPTS = (Path(__file__).parent / "attempts.js").read_text()
READS = [
    "fetch", "fetch with credentials", "fetch without cors", "fetch as the same origin", "fetch without a referrer",
    "fetch that is redirected", "fetch in a sandboxed frame", "XMLHttpRequest", "script", "module", "style sheet",
    "image of a style", "font", "image", "video", "object", "frame", "form", "prefetch", "preload", "popup", "EventSource",
    "EventSource with credentials", "WebSocket", "worker", "script of a worker",
]
WRITES = [
    "fetch POST that resets", "fetch POST without cors that resets", "form that resets", "beacon that resets", "ping of a link",
    "fetch PUT", "fetch PUT without a type", "fetch PUT without cors", "fetch POST without cors", "fetch POST that is to be PUT",
    "fetch PUT that outlives the page", "XMLHttpRequest PUT", "XMLHttpRequest PUT as text", "form as text", "form as a form",
    "form in parts", "beacon", "beacon of JSON", "fetch DELETE", "XMLHttpRequest DELETE",
]
SENT = {"beacon that resets", "ping of a link", "beacon", "beacon of JSON"}
"""Of these, a page learns only that they were sent."""
STOPPED = {"fetch as the same origin", "fetch PUT without cors"}
"""The browser itself sends nothing."""
PATHS = ["/_fakeai/events", "/_fakeai/requests", "/_fakeai/stats", "/_fakeai/limits"]
RULES = [{"name": "kept", "match": {"prompt": "nothing"}, "then": {"fault": "server_error"}}]


@pytest.fixture
def secret(mock: Pool) -> str:
    httpx.put(f"{mock.url}/_fakeai/rules", json=RULES).raise_for_status()
    prompt = f"secret-{secrets.token_hex(8)}"
    assert mock.generate(prompt=prompt, size="256x256").status_code == 200
    return prompt


@pytest.fixture
def page(browser: Browser, elsewhere: int) -> Iterator[Page]:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"http://evil.example:{elsewhere}/page.html")
    yield page
    context.close()


def refusals(mock: Pool) -> float:
    """How many requests for the mock's own routes it has refused."""
    samples = mock.metrics()["fakeai_requests"].samples
    return sum(
        sample.value for sample in samples
        if sample.labels["route"].startswith("/_fakeai") and sample.labels["status"] in ("403", "405", "415"))


def test_every_way_is_tried(page):
    assert page.evaluate(ATTEMPTS, {"base": "", "paths": [], "names": True}) == READS + WRITES
    assert len(set(READS)) >= 20 and len(set(WRITES)) >= 20


@pytest.mark.parametrize("way", READS + WRITES)
def test_a_page_of_another_origin_gains_nothing_by(mock, page, secret, way):
    before = refusals(mock)
    brought = page.evaluate(ATTEMPTS, {"base": f"http://localhost:{mock.port}", "paths": PATHS, "only": way})
    assert len(brought) == (len(PATHS) if way in READS else 1)
    if way not in SENT:
        assert set(brought.values()) == {None}, brought
    # The attempt was one: the mock got it, and refused it.
    if way not in STOPPED:
        eventually(lambda: refusals(mock) > before, within=10, what="a refusal")
    assert httpx.get(f"{mock.url}/_fakeai/rules").json() == RULES
    assert secret in httpx.get(f"{mock.url}/_fakeai/requests").text
    assert sum(worker["event_streams"] for worker in mock.statistics()["workers"]) == 0


@pytest.mark.parametrize("way", ["fetch", "fetch with credentials", "fetch as the same origin", "worker", "EventSource"])
def test_a_page_of_the_mocks_own_origin_reads_events_by(mock, browser, secret, way):
    """What the ways above are worth if nobody refuses."""
    origin = f"http://localhost:{mock.port}"
    context = browser.new_context()
    try:
        page = context.new_page()
        page.route(f"{origin}/page.html", lambda route: route.fulfill(content_type="text/html", body="<!doctype html><body>"))
        page.goto(f"{origin}/page.html")
        brought = page.evaluate(ATTEMPTS, {"base": origin, "paths": ["/_fakeai/events?since=0"], "only": way})
    finally:
        context.close()
    [text] = brought.values()
    assert text is not None and (way == "EventSource" or "retry: 1000" in text)


@pytest.mark.parametrize("name", ["rebind.example", "localhost.rebind.example", "127.0.0.1.rebind.example", "rebind.example."])
def test_a_page_under_a_rebound_name_opens_no_stream(mock, browser, secret, name):
    """To the browser, the mock is that page's own server."""
    origin = f"http://{name}:{mock.port}"
    context = browser.new_context()
    try:
        page = context.new_page()
        page.route(f"{origin}/page.html", lambda route: route.fulfill(content_type="text/html", body="<!doctype html><body>"))
        page.goto(f"{origin}/page.html")
        before = refusals(mock)
        for way in ("fetch", "EventSource", "WebSocket"):
            assert set(page.evaluate(ATTEMPTS, {"base": origin, "paths": PATHS, "only": way}).values()) == {None}
        eventually(lambda: refusals(mock) >= before + 3, within=10, what="refusals")
    finally:
        context.close()
