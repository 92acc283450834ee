"""How the page behaves: sizes, colours, keyboards, tabs in the background, proxies, outsiders, hostile texts."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from code_blocks import CATALOG, blocks
from pool import ROOT, free_port
from processes import eventually

WWW = ROOT / "nginx/www"
VIEWS = ["ask", "wall", "requests", "faults", "figures"]
HOSTILE = [
    "<img src=x onerror=window.broken=1>", "<script>window.broken=1</script>", '"><svg onload=window.broken=1>',
    "javascript:window.broken=1", "</textarea><b>", "{{window.broken=1}}", "\u202eright to left", "&lt;b&gt;", "'\"`",
    "<style>body{display:none}</style>", "a" * 3000, "\N{ADULT}\u200d\N{CHILD}" * 40, "\x00\x07 control",
]


@pytest.fixture(scope="module", autouse=True)
def something_happened(room) -> None:
    """What the views have to show."""
    with room.client() as client:
        for number, text in enumerate(HOSTILE):
            headers = {"Authorization": "Bearer sk-team-1"}
            if number % 3 == 0:
                headers |= {"X-FakeAI-Fault": "rate_limit", "x-stainless-retry-count": "1"}
            body = {"prompt": text, "model": text[:60], "size": "64x64", "user": text}
            client.post("/v1/images/generations", json=body, headers=headers)
            file = (text[:80].replace("\x00", ""), b"no image", "text/plain")
            client.post("/v1/images/edits", data={"prompt": text}, files={"image": file})


def filled(page, view: str) -> None:
    """Waits until the view shows what it has."""
    shown = {"ask": ".panel", "wall": ".tile", "requests": ".line", "faults": ".switches li", "figures": ".sideways tbody tr"}
    page.locator(shown[view]).first.wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(visit, scheme):
    page = visit(color_scheme=scheme, reduced_motion="reduce", bypass_csp=True)
    for view in VIEWS:
        page.click(f"#tab-{view}")
        filled(page, view)
        check(page)
    for view, opens in (("wall", ".tile a"), ("requests", ".line")):
        page.click(f"#tab-{view}")
        page.locator(opens).first.click()
        page.locator("dialog .facts").first.wait_for()
        check(page)
        page.keyboard.press("Escape")
    page.click("#tab-ask")
    for kind in ("Edit", "Vary", "Upscale", "Converse", "Generate"):
        page.locator(".segments label", has_text=kind).click()
        check(page)
    page.fill("#prompt", "A lake")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".result")).to_have_attribute("data-state", "done")
    check(page)


def check(page) -> None:
    found = [rule for rule in Axe().run(page).response["violations"] if rule["impact"] in ("serious", "critical")]
    nodes = [(rule["id"], node["html"][:200], node["failureSummary"][:300]) for rule in found for node in rule["nodes"][:3]]
    assert not nodes, nodes


def test_the_page_is_small_and_waits_for_nothing(visit, room):
    files = [path for path in WWW.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 150_000
    loaded = []
    page = visit("#/wall")
    filled(page, "wall")
    for view in VIEWS:
        page.click(f"#tab-{view}")
        filled(page, view)
    page.on("response", lambda response: loaded.append(response))
    page.goto(room.url)
    page.locator(".panel").wait_for()
    own = [response for response in loaded if response.request.resource_type in ("document", "script", "stylesheet")]
    assert len(own) <= 40, [response.url for response in own]
    assert all(response.url.startswith(room.url) for response in loaded), "nothing comes from elsewhere"
    html = (WWW / "index.html").read_text()
    inline = re.search(r"<script(?![^>]*type=\"module\")|<style|\son\w+=|\sstyle=|https?://", html)
    assert not inline, "no script blocks, and nothing is inline"
    preloaded = set(re.findall(r'rel="modulepreload" href="([^"]+)"', html)) | {"control/app.js"}
    first = {response.url.removeprefix(room.url + "/") for response in own if response.request.resource_type == "script"}
    assert first == preloaded, "what the first view needs is loaded at once, and nothing else is"


def test_files_are_compressed_and_not_open_to_other_origins(room):
    for path in ("/", "/control/app.js", "/control/base.css"):
        answer = httpx.get(room.url + path)
        assert answer.headers["Content-Encoding"] == "gzip", path
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy
        assert answer.headers["Cache-Control"] == "no-cache" and answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert httpx.get(room.url + path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    for path in ("/control/", "/control/none.js", "/control/../index.html", "/control/%2e%2e/index.html"):
        answer = httpx.get(room.url + path)
        if path.endswith("index.html"):
            assert answer.status_code in (200, 404), path
        else:
            assert answer.status_code == 404 and answer.json()["error"]["message"].startswith("Invalid URL"), path


def test_hostile_texts_stay_texts(visit, room):
    text = HOSTILE[0]
    rules = [{"name": text, "then": {"latency": "1ms"}}]
    page = visit("#/ask")
    httpx.put(f"{room.url}/_fakeai/rules", json=rules).raise_for_status()
    page.fill("#prompt", text)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".result")).to_have_attribute("data-state", "done")
    expect(page.locator(".result .prompt")).to_have_text(text)
    page.locator(".result summary", has_text="Answer").click()
    page.locator(".result summary", has_text="As code").click()
    nothing_is_markup(page)
    page.click("#tab-wall")
    expect(page.locator(".caption").first).to_have_text(text)
    nothing_is_markup(page)
    page.locator(".tile a").first.click()
    expect(page.locator("dialog h2")).to_have_text(text)
    nothing_is_markup(page)
    page.keyboard.press("Escape")
    page.click("#tab-requests")
    expect(page.locator(".line .prompt").first).to_have_text(text)
    expect(page.locator(".line .rule").first).to_have_text(text)
    nothing_is_markup(page)
    page.locator(".line").first.click()
    expect(page.locator("dialog pre").first).to_contain_text(text)
    nothing_is_markup(page)
    page.keyboard.press("Escape")
    page.click("#tab-faults")
    expect(page.locator(".faults tbody th").first).to_have_text(text)
    nothing_is_markup(page)


def nothing_is_markup(page) -> None:
    assert page.locator("body :is(script, style, iframe, i:not(.legend i), b:not(.legend b), [onerror], [onload])").count() == 0
    assert page.evaluate("window.broken") is None


# Tells the page that its tab is in the background, or is not: a browser without a window has no tabs.
TURN = """(hidden) => {
  Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def test_a_hidden_tab_closes_its_stream_and_goes_on_where_it_was(visit, room):
    page = visit("#/requests")
    filled(page, "requests")
    streams = lambda: sum(worker["event_streams"] for worker in room.statistics()["workers"])  # noqa: E731
    expect(page.locator("#live")).to_have_text("Live")
    eventually(lambda: streams() == 1, within=20, what="one stream is open")
    page.evaluate(TURN, True)
    eventually(lambda: streams() == 0, within=20, what="no stream is open")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    with room.client() as client:
        for number in range(5):
            client.post("/v1/images/generations", json={"prompt": f"while hidden {number}", "size": "64x64"}).raise_for_status()
    assert page.locator(".line .prompt", has_text="while hidden").count() == 0 and not asked
    page.evaluate(TURN, False)
    expect(page.locator(".line .prompt", has_text="while hidden")).to_have_text([f"while hidden {number}" for number in reversed(range(5))])
    assert any("since=" in url for url in asked)


@pytest.fixture(scope="module")
def behind_a_path(room) -> Iterator[str]:
    """The page behind another nginx, at a path of its own, as the page of the documentation says."""
    port = free_port()
    [block] = [block for block in blocks(CATALOG / "Guides/Control-room.md") if block.language == "nginx"]
    assert "http://127.0.0.1:8000/" in block.text and "location /mock/" in block.text
    location = block.text.replace("http://127.0.0.1:8000/", f"{room.url}/")
    with tempfile.TemporaryDirectory(prefix="fakeai-proxy-") as folder:
        configuration = Path(folder) / "nginx.conf"
        temporary = "\n".join(f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "fastcgi", "proxy", "scgi", "uwsgi"))
        configuration.write_text(f"""
            daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; worker_processes 1;
            events {{ worker_connections 256; }}
            http {{
              {temporary} access_log off;
              server {{
                listen 127.0.0.1:{port};
                {location}
              }}
            }}
            """)
        process = subprocess.Popen(["/usr/sbin/nginx", "-e", "/dev/null", "-p", folder, "-c", configuration])
        try:
            url = f"http://127.0.0.1:{port}/mock/"
            eventually(lambda: answers(url), within=20, what="the proxy answers")
            yield url
        finally:
            process.terminate()
            process.wait(timeout=20)


def answers(url: str) -> bool:
    try:
        return httpx.get(url).status_code == 200
    except httpx.TransportError:
        return False


def test_the_page_works_behind_a_proxys_path(visit, behind_a_path):
    page = visit("#/ask", url=behind_a_path)
    page.fill("#prompt", "behind a proxy")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator(".result figure img")).to_have_js_property("naturalWidth", 1024)
    page.click("#tab-wall")
    expect(page.locator(".tile img").first).to_have_js_property("naturalWidth", 1024)
    page.click("#tab-requests")
    expect(page.locator(".line .prompt").first).to_have_text("behind a proxy")
    page.click("#tab-faults")
    page.get_by_role("switch", name="Overload").check()
    expect(page.locator(".faults table").first).to_contain_text("overload")
    expect(page.locator("#live")).to_have_text("Live")


def test_outsiders_ask_for_pictures_and_are_told_why_there_is_no_more(visit, room):
    page = visit("#/figures", expects="403 (Forbidden)", extra_http_headers={"X-Forwarded-For": "192.0.2.7"})
    expect(page.locator("#notice")).to_contain_text("not shown to you: This address responds only to requests from the machine itself")
    expect(page.get_by_role("tab")).to_have_text(["Ask"])
    page.fill("#prompt", "from outside")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator(".result figure img")).to_have_count(1)
    expect(page.get_by_role("link", name="In the journal")).to_have_count(0)


def test_tabs_are_chosen_with_the_keyboard(visit):
    page = visit("#/ask")
    page.locator("#tab-ask").focus()
    for view in [*VIEWS[1:], "ask"]:
        page.keyboard.press("ArrowRight")
        expect(page.locator(f"#tab-{view}")).to_have_attribute("aria-selected", "true")
        expect(page.locator(f"#tab-{view}")).to_be_focused()
        filled(page, view)
    expect(page.get_by_role("tabpanel")).to_have_attribute("aria-labelledby", "tab-ask")


def test_the_colours_follow_the_system_or_the_switch(visit):
    page = visit("#/ask", color_scheme="dark")
    paper = lambda: page.evaluate("getComputedStyle(document.body).backgroundColor")  # noqa: E731
    switch = page.locator("#theme")
    dark = paper()
    switch.click()
    light = paper()
    assert light != dark
    switch.click()
    assert paper() == dark
    page.emulate_media(color_scheme="light")
    assert paper() == dark, "chosen, whatever the system says"
    page.reload()
    expect(switch).to_have_attribute("aria-label", re.compile("dark"))
    assert paper() == dark, "and kept"
    switch.click()
    assert paper() == light


def test_nothing_is_wider_than_the_window(visit):
    page = visit()
    for view in VIEWS:
        page.click(f"#tab-{view}")
        filled(page, view)
        for width in (360, 390, 768, 1280, 3840):
            page.set_viewport_size({"width": width, "height": 800})
            wider = "[document.documentElement, document.querySelector('main')].map((element) => element.scrollWidth - element.clientWidth)"
            assert page.evaluate(wider) == [0, 0], (view, width)


def test_nothing_moves_for_those_who_want_no_motion(visit):
    page = visit("#/wall", reduced_motion="reduce")
    filled(page, "wall")
    assert page.evaluate("document.getAnimations().length") == 0
