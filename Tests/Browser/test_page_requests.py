"""The view of the request journal."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from playwright.sync_api import expect


@pytest.fixture
def session() -> str:
    """A session that no other test has."""
    return f"s-{secrets.token_hex(6)}"


def send(room, session: str, prompt: str = "A lake", **headers: str) -> httpx.Response:
    wanted = {"X-FakeAI-Session": session} | {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.post(f"{room.url}/v1/images/generations", json={"prompt": prompt, "size": "64x64"}, headers=wanted, timeout=30)


def test_a_request_appears_as_it_is_answered(visit, room, session):
    page = visit(f"#/requests?session={session}")
    expect(page.locator(".stage > .empty")).to_have_text("No request fits these filters.")
    send(room, session, "First")
    send(room, session, "Second", x_fakeai_fault="server_error", x_fakeai_latency="50ms")
    lines = page.locator(".line")
    expect(lines).to_have_count(2)
    expect(lines.first).to_contain_text("500")
    expect(lines.first).to_contain_text("server_error")
    expect(lines.last.locator(".prompt")).to_have_text("First")
    entry = httpx.get(f"{room.url}/_fakeai/requests", params={"session": session}).json()["requests"][0]
    for text in (entry["worker"], "POST", "/v1/images/generations", "200"):
        expect(lines.last).to_contain_text(text)


def test_requests_are_filtered(visit, room, session):
    send(room, session)
    send(room, session, x_fakeai_fault="rate_limit")
    httpx.get(f"{room.url}/v1/models", headers={"X-FakeAI-Session": session})
    page = visit(f"#/requests?session={session}")
    lines = page.locator(".line")
    expect(lines).to_have_count(3)
    choices = (("Status", "429", 1), ("Method", "GET", 1), ("Path", "/v1/images/generations", 2), ("Fault", "rate_limit", 1))
    for label, value, count in choices:
        page.get_by_label(label, exact=True).select_option(value)
        expect(lines).to_have_count(count)
        page.get_by_label(label, exact=True).select_option("")
        expect(lines).to_have_count(3)


def test_a_request_is_opened_with_its_parameters_and_its_pictures(visit, room, session):
    send(room, session, "A <img src=x onerror=alert(1)>")
    page = visit(f"#/requests?session={session}")
    page.locator(".line").press("Enter")
    dialog = page.locator("dialog.request")
    expect(dialog.locator("pre").first).to_contain_text('"prompt": "A <img src=x onerror=alert(1)>"')
    expect(dialog.locator(".thumbs img")).to_have_js_property("naturalWidth", 64)
    dialog.locator(".thumbs a").click()
    expect(page.locator("dialog.picture img")).to_have_js_property("naturalWidth", 64)


def test_attempts_of_a_call_are_shown_together(visit, room, session):
    for attempt in range(3):
        send(room, session, "Again", x_stainless_retry_count=str(attempt), **({"x_fakeai_fault": "rate_limit"} if attempt < 2 else {}))
    send(room, session, "Another", x_stainless_retry_count="0")
    page = visit(f"#/requests?session={session}")
    lines = page.locator(".line")
    expect(lines).to_have_count(4)
    page.get_by_label("Retries together").check()
    expect(lines).to_have_count(2)
    expect(lines.last.locator(".attempt")).to_have_text("retry 2")
    lines.last.click()
    attempts = page.locator(".attempts li")
    expect(attempts).to_have_count(3)
    expect(attempts.first).to_contain_text("429")
    expect(attempts.last).to_contain_text("200")
    expect(attempts.last).to_have_attribute("aria-current", "true")


def test_all_requests_are_removed_at_the_second_click(visit, start):
    pool = start("--workers", "2")
    pool.generate()
    page = visit("#/requests", url=pool.url + "/")
    expect(page.locator(".line")).to_have_count(1)
    page.get_by_role("button", name="Clear").click()
    page.get_by_role("button", name="Remove all?").click()
    expect(page.locator(".stage > .empty")).to_have_text("No requests yet. Each one appears here as soon as it is answered.")
    assert httpx.get(f"{pool.url}/_fakeai/requests").json()["requests"] == []
    pool.generate()
    expect(page.locator(".line")).to_have_count(1)


def test_the_list_scrolls_with_the_keyboard(visit, room, session):
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: send(room, session, f"No {number}"), range(60)))
    page = visit(f"#/requests?session={session}")
    expect(page.locator(".toolbar")).to_contain_text("60 requests")
    page.locator(".line[tabindex='0']").focus()
    page.keyboard.press("End")
    expect(page.locator(".line:focus")).to_have_attribute("aria-rowindex", "61")
    expect(page.locator(".line:focus")).to_be_in_viewport()
    page.keyboard.press("Home")
    expect(page.locator(".line:focus")).to_have_attribute("aria-rowindex", "2")
