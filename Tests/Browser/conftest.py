"""A browser, a server of pages, the mock that they try, and the mock whose own page is tested."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import unquote

import httpx
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from pool import Pool

CHROMIUM = "/usr/bin/chromium"
# Chromium's own defence, which not every browser has: it would keep most attempts from ever reaching the mock.
OWN_DEFENCE = "LocalNetworkAccessChecks,LocalNetworkAccessChecksWarn,BlockInsecurePrivateNetworkRequests"
TRUSTED = "mock.lab.test"


@pytest.fixture(scope="module")
def mock() -> Iterator[Pool]:
    with ExitStack() as end:
        pool = Pool("--workers", "1", TRUSTED_HOSTS=TRUSTED)
        end.callback(pool.close)
        pool.start()
        yield pool


@pytest.fixture(scope="session")
def room() -> Iterator[Pool]:
    """The pool whose page is tested: four workers, and as long a journal as there can be."""
    with ExitStack() as end:
        pool = Pool("--workers", "4", JOURNAL_SIZE=10_000)
        end.callback(pool.close)
        pool.start()
        yield pool


@pytest.fixture
def visit(browser: Browser, room: Pool, start: Callable[..., Pool]) -> Iterator[Callable[..., Page]]:
    """Opens the page at a hash, in a browser with nothing kept. What the console says of errors fails the test, unless it expects that.

    Pages are closed before the pools that a test starts are.
    """
    httpx.put(f"{room.url}/_fakeai/rules", json=[]).raise_for_status()
    contexts, said = [], []

    def hear(message: ConsoleMessage, expected: str) -> None:
        if message.type == "error" and not (expected and expected in message.text):
            said.append(message.text)

    def visit(hash: str = "", *, url: str = room.url + "/", expects: str = "", **options: object) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}} | options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", lambda message: hear(message, expects))
        page.on("pageerror", lambda error: said.append(f"{error}\n{error.stack}"))
        page.goto(url + hash)
        return page

    yield visit
    for context in contexts:
        context.close()
    assert not said, said


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, in which every name that a test uses leads to this machine."""
    names = ("rebind.example", "*.rebind.example", "rebind.example.", "evil.example", TRUSTED)
    rules = "--host-resolver-rules=" + ", ".join(f"MAP {name} 127.0.0.1" for name in names)
    flags = ["--no-sandbox", f"--disable-features={OWN_DEFENCE}", rules]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory) -> Iterator[int]:
    """The port of a server of pages that is not the mock."""
    directory = tmp_path_factory.mktemp("pages")
    (directory / "page.html").write_text("<!doctype html><body>")
    handler = partial(QuietHandler, directory=str(directory))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


class QuietHandler(SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        """`/redirect?<url>` leads there, from an origin that the browser then no longer tells."""
        path, _, query = self.path.partition("?")
        if path != "/redirect":
            return super().do_GET()
        self.send_response(302)
        self.send_header("Location", unquote(query))
        self.send_header("Access-Control-Allow-Origin", "*")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass
