"""The view of the figures."""

from __future__ import annotations

import os
import re
import signal

import httpx
from playwright.sync_api import expect

from processes import eventually


def ask(pool, count: int = 1, **headers: str) -> None:
    for number in range(count):
        httpx.post(f"{pool.url}/v1/images/generations", json={"prompt": f"No {number}", "size": "64x64"}, headers=headers, timeout=30)


def test_charts_show_requests_by_status_and_their_latency(visit, room):
    page = visit("#/figures")
    charts = page.locator(".chart")
    expect(charts).to_have_count(6)
    page.wait_for_function("() => document.querySelector('.area')?.getAttribute('d')?.length > 20")
    for _ in range(3):
        ask(room, 3)
        ask(room, 1, **{"X-FakeAI-Fault": "rate_limit"})
        ask(room, 1, **{"X-FakeAI-Fault": "server_error"})
    # Each colour has been more than nothing in one second: its upper edge is not its lower one, which leads back.
    thick = """(colour) => {
      const levels = document.querySelector(`.chart .area[style*=${colour}]`).getAttribute("d").match(/ [\\d.]+/g);
      return levels.some((level, at) => level !== levels.at(-1 - at));
    }"""
    for colour in ("accent", "warn", "bad"):
        page.wait_for_function(thick, arg=colour)
    latency = page.locator(".chart", has_text="Latency")
    page.wait_for_function("() => document.querySelectorAll('.chart')[1].querySelector('.line-of').getAttribute('d').length > 5")
    expect(latency.locator(".legend")).to_contain_text("median")


def test_a_chart_is_read_by_pointer_and_by_keyboard(visit, room):
    page = visit("#/figures")
    page.wait_for_function("() => document.querySelector('.area')?.getAttribute('d')?.split('L').length > 12")
    plot = page.locator(".plot").first
    box = plot.bounding_box()
    page.mouse.move(box["x"] + box["width"] - 12, box["y"] + 60)
    expect(page.locator(".chart .when").first).to_have_text(re.compile(r"\d\d:\d\d:\d\d"))
    expect(page.locator(".chart .when").nth(3)).to_have_text(re.compile(r"\d\d:\d\d:\d\d"))
    page.mouse.move(5, 5)
    expect(page.locator(".chart .when").first).to_be_empty()
    plot.focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".chart [role=status]").first).to_contain_text("answered")
    before = page.locator(".chart .when").first.inner_text()
    # Two figures may be of the same second.
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    expect(page.locator(".chart .when").first).not_to_have_text(before)


def test_the_store_and_its_workers_are_shown(visit, room):
    ask(room)
    page = visit("#/figures")
    expect(page.locator(".sideways tbody tr")).to_have_count(4)
    expect(page.locator(".sideways tbody tr").first).to_contain_text("serving")
    tiles = page.locator(".figures-now")
    expect(tiles).to_contain_text(re.compile(r"Pictures in the store\s*[1-9]"))
    expect(tiles).to_contain_text("expiry comes first")
    expect(tiles).to_contain_text("4 of 4 serving")


def test_a_killed_worker_is_counted_and_the_stream_goes_on(visit, start):
    pool = start("--workers", "2")
    page = visit("#/figures", url=pool.url + "/", expects="Failed to load resource")
    about = page.locator(".figures .card.wide .hint")
    expect(about).to_have_text("2 started, 0 of them again; 0 killed or crashed")
    streams = lambda: [worker for worker in pool.statistics()["workers"] if worker["event_streams"]]  # noqa: E731
    [serving] = eventually(streams, within=20, what="a stream is open")
    os.kill(serving["pid"], signal.SIGKILL)
    expect(about).to_have_text("3 started, 1 of them again; 1 killed or crashed")
    pool.generate(prompt="after the death")
    page.click("text=Requests")
    expect(page.locator(".line .prompt").first).to_have_text("after the death")
