"""The page while 200 pictures a second are made, and what both cost: `make test-page-load` for a minute, a short while otherwise."""

from __future__ import annotations

import os
import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from playwright.sync_api import expect

from usage import Usage

SECONDS = float(os.environ.get("PAGE_SECONDS", "0"))
"""How long the long run takes; 0: a short one, which measures no time."""
RATE = 200

# Notes each event of the stream, and each task of the page that takes 50 ms or more: when it began, and how long it took.
WATCH = """
  window.sequences = [];
  window.tasks = [];
  const Original = EventSource;
  window.EventSource = class extends Original {
    constructor(...all) {
      super(...all);
      this.addEventListener("request", (event) => sequences.push(JSON.parse(event.data).sequence));
    }
  };
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) tasks.push([Math.round(startTime / 1000), Math.round(duration)]);
  }).observe({ type: "longtask" });
"""


def test_no_event_is_lost_or_doubled_under_load(browser, start):
    pool = start("--workers", "4", JOURNAL_SIZE=10_000)
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    try:
        page = context.new_page()
        page.add_init_script(WATCH)
        page.goto(f"{pool.url}/#/wall")
        expect(page.locator("#live")).to_have_text("Live")
        page.evaluate("tasks.length = 0")
        made = load(pool.url, SECONDS or 3, page)
        page.wait_for_function("(made) => sequences.length >= made", arg=made, timeout=30_000)
        sequences = page.evaluate("sequences")
        assert sequences == list(range(made)), "each request once, in the order of the journal"
        expect(page.locator(".toolbar")).to_contain_text("pictures")
        tiles, tasks = page.locator(".tile").count(), page.evaluate("tasks")
        print(f"{made} pictures; {tiles} tiles; tasks of the page of 50 ms and more, by second: {tasks}")
        assert tiles < 100
        if made <= 10_000:
            page.click("#tab-requests")
            expect(page.locator(".toolbar")).to_contain_text(f"{made:,} requests")
        if SECONDS:
            print(f"the page's heap: {page.evaluate('performance.memory.usedJSHeapSize') / 1e6:.1f} MB")
            assert max((milliseconds for _, milliseconds in tasks), default=0) < 100
    finally:
        context.close()


@pytest.mark.skipif(not SECONDS, reason="measures rates: make test-page-load")
def test_the_pool_is_as_fast_with_the_page_open(browser, start):
    pool = start("--workers", "4")
    turns, seconds = 3, SECONDS / 6
    rates, costs = {False: [], True: []}, {False: [], True: []}
    for _ in range(turns):
        for is_open in (False, True):
            context = browser.new_context(viewport={"width": 1280, "height": 800})
            try:
                page = context.new_page()
                if is_open:
                    page.goto(f"{pool.url}/#/wall")
                    expect(page.locator("#live")).to_have_text("Live")
                before, begin = processor_time(pool), time.monotonic()
                made = load(pool.url, seconds, page)
                # Until the last answer: a slow pool answers as many requests, but later.
                rates[is_open].append(made / (time.monotonic() - begin))
                costs[is_open].append((processor_time(pool) - before) / made)
            finally:
                context.close()
    closed, opened = (statistics.median(rates[is_open]) for is_open in (False, True))
    costs = [statistics.median(costs[is_open]) * 1e6 for is_open in (False, True)]
    print(f"{closed:.1f} pictures a second without the page, {opened:.1f} with it; processor time of all workers for one: "
          f"{costs[0]:.0f} µs without, {costs[1]:.0f} with")
    assert closed > 0.95 * RATE, "the machine is too busy to measure anything"
    assert opened > 0.95 * closed


def processor_time(pool) -> float:
    return sum(Usage.of("worker", worker).processor for worker in pool.workers)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_first_paint_needs_little_work(browser, room, scheme):
    """What the page does until it has loaded, with nothing kept from before: scripts, styles and layout. Also when it was first painted."""
    work, paints = [], []
    for _ in range(5):
        context = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme=scheme)
        try:
            page = context.new_page()
            devtools = context.new_cdp_session(page)
            devtools.send("Performance.enable")
            page.goto(room.url, wait_until="load")
            # First of all: what the test itself does in the page counts as well.
            metrics = {entry["name"]: entry["value"] for entry in devtools.send("Performance.getMetrics")["metrics"]}
            work.append(sum(metrics[name] for name in ("ScriptDuration", "LayoutDuration", "RecalcStyleDuration")) * 1000)
            page.locator(".panel").wait_for()
            # A busy machine may not have painted anything yet.
            paint = page.wait_for_function("performance.getEntriesByName('first-contentful-paint')[0]")
            paints.append(paint.evaluate("paint => paint.startTime"))
        finally:
            context.close()
    each = ", ".join(f"{one:.0f}" for one in work)
    print(f"\n{scheme}: {statistics.median(work):.0f} ms of work ({each}), first painted after {statistics.median(paints):.0f} ms")
    assert min(work) > 0, "nothing was measured"
    if SECONDS:
        assert statistics.median(work) < 100


def load(url: str, seconds: float, page) -> int:
    """Asks for that many pictures a second, and returns how many were made. The page goes on meanwhile."""
    made, stop = [], threading.Event()
    begin = time.monotonic()

    def one(number: int) -> None:
        body = {"prompt": f"No {number}", "size": "256x256", "model": "dall-e-2"}
        client.post("/v1/images/generations", json=body).raise_for_status()
        made.append(number)

    def all_of_them() -> None:
        number = 0
        while not stop.is_set() and time.monotonic() - begin < seconds:
            if (due := begin + number / RATE) > time.monotonic():
                time.sleep(due - time.monotonic())
            threads.submit(one, number)
            number += 1

    with httpx.Client(base_url=url, timeout=60, limits=httpx.Limits(max_connections=16)) as client, ThreadPoolExecutor(16) as threads:
        thread = threading.Thread(target=all_of_them)
        thread.start()
        while thread.is_alive():
            page.wait_for_timeout(200)
        thread.join()
    return len(made)
