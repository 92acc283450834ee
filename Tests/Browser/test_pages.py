"""What a web page in a real browser can do to the mock of the machine it is shown on."""

from __future__ import annotations

import secrets
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser

from pool import Pool

ATTEMPTS = (Path(__file__).parent / "attempts.js").read_text()
TRUSTED = "mock.lab.test"
PATHS = ["/_fakeai/requests", "/_fakeai/stats", "/_fakeai/rules", "/_fakeai/faults", "/_fakeai/limits", "/metrics"]
# Attempts that may succeed in a browser's eyes without the page learning or changing anything.
BLIND = {"beacon", "beacon of JSON", "beacon that resets", "ping of a link"}


@pytest.fixture
def secret(mock) -> str:
    """A prompt that somebody sent; no rules are in force."""
    httpx.put(f"{mock.url}/_fakeai/rules", json=[]).raise_for_status()
    prompt = f"secret-{secrets.token_hex(8)}"
    assert mock.generate(prompt=prompt, size="256x256").status_code == 200
    return prompt


def outcomes(browser: Browser, page_at: str, mock_at: str, *, is_served: bool) -> dict[str, str | None]:
    """What each attempt of a page brought it. A page that no server has stands for what an attacker's server sent before its name moved."""
    context = browser.new_context()
    try:
        page = context.new_page()
        if not is_served:
            page.route(page_at, lambda route: route.fulfill(content_type="text/html", body="<!doctype html><body>"))
        page.goto(page_at)
        return page.evaluate(ATTEMPTS, {"base": mock_at, "paths": PATHS})
    finally:
        context.close()


def check_nothing_happened(mock: Pool, secret: str, brought: dict[str, str | None]) -> None:
    learnt = {name: text for name, text in brought.items() if text is not None and not is_harmless(name, text)}
    assert not learnt, learnt
    assert httpx.get(f"{mock.url}/_fakeai/rules").json() == []
    assert secret in httpx.get(f"{mock.url}/_fakeai/requests").text


def is_harmless(name: str, text: str) -> bool:
    # A frame of the page's own origin may be looked into, and shows a refusal.
    return name in BLIND or ("host_not_allowed" in text and name.startswith(("frame", "form", "object", "popup")))


@pytest.mark.parametrize("target", ["127.0.0.1", "localhost", "own.localhost", TRUSTED])
@pytest.mark.parametrize("origin", ["evil.example", "localhost", "127.0.0.1", TRUSTED])
def test_a_page_of_another_origin_reads_and_changes_nothing(mock, browser, elsewhere, secret, origin, target):
    """Also one of the same host and another port, which browsers call the same site."""
    page = f"http://{origin}:{elsewhere}/page.html"
    check_nothing_happened(mock, secret, outcomes(browser, page, f"http://{target}:{mock.port}", is_served=True))


def test_a_page_whose_name_was_rebound_to_this_machine_reads_and_changes_nothing(mock, browser, secret):
    """To the browser the mock is that page's own server, and every answer readable."""
    origin = f"http://rebind.example:{mock.port}"
    brought = outcomes(browser, f"{origin}/page.html", origin, is_served=False)
    check_nothing_happened(mock, secret, brought)
    assert "host_not_allowed" in brought["frame /_fakeai/requests"], "the page did reach the mock"


def test_a_rebound_page_gains_nothing_from_a_good_name(mock, browser, secret):
    page = f"http://rebind.example:{mock.port}/page.html"
    check_nothing_happened(mock, secret, outcomes(browser, page, f"http://localhost:{mock.port}", is_served=False))


def test_a_page_without_an_origin_reads_and_changes_nothing(mock, browser, secret):
    context = browser.new_context()
    try:
        page = context.new_page()
        page.goto("data:text/html,<!doctype html><body>")
        brought = page.evaluate(ATTEMPTS, {"base": f"http://localhost:{mock.port}", "paths": PATHS})
    finally:
        context.close()
    check_nothing_happened(mock, secret, brought)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "own.localhost", TRUSTED])
def test_a_page_of_the_mocks_own_origin_reads_and_changes(mock, browser, secret, host):
    origin = f"http://{host}:{mock.port}"
    brought = outcomes(browser, f"{origin}/page.html", origin, is_served=False)
    assert secret in brought["fetch /_fakeai/requests"] and secret in brought["XMLHttpRequest /_fakeai/requests"]
    assert secret in brought["frame /_fakeai/requests"] and secret in brought["popup /_fakeai/requests"]
    assert "fakeai_" in brought["fetch /metrics"]
    assert "planted" in brought["fetch PUT"] and "planted" in brought["XMLHttpRequest PUT"]
    assert brought["XMLHttpRequest PUT as text"] is None and brought["form as text"] is not None
    assert "cleared" in brought["fetch DELETE"]
    assert secret not in httpx.get(f"{mock.url}/_fakeai/requests").text
    httpx.put(f"{mock.url}/_fakeai/rules", json=[]).raise_for_status()


def test_a_person_may_enter_the_address(mock, browser):
    page = browser.new_page()
    try:
        assert page.goto(f"http://localhost:{mock.port}/_fakeai/stats").status == 200
        page.goto(f"http://localhost:{mock.port}/")
        with page.expect_navigation() as navigation:
            page.click("a[href='/_fakeai/requests']")
        assert navigation.value.status == 200, "from the mock's own page"
    finally:
        page.close()
