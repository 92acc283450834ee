"""What a web page of another origin can do with the API: everything, and it can read each header and each error."""

from __future__ import annotations

import base64
import json
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page

from pool import Pool
from processes import eventually

REQUESTS = (Path(__file__).parent / "requests.js").read_text()
# As openai-node sends them from a page; none of them is simple, so that each request has a preflight.
HEADERS = {
    "Authorization": "Bearer test", "Content-Type": "application/json", "X-Stainless-Lang": "js", "X-Stainless-OS": "Linux",
    "X-Stainless-Arch": "x64", "X-Stainless-Runtime": "browser:chrome", "X-Stainless-Retry-Count": "0", "X-Stainless-Timeout": "600",
}
WITHOUT_TYPE = {name: value for name, value in HEADERS.items() if name != "Content-Type"}
LIMITS = [f"x-ratelimit-{which}-{kind}" for which in ("limit", "remaining", "reset") for kind in ("requests", "images")]

Ask = Callable[..., list[dict]]


@pytest.fixture
def page(browser: Browser, elsewhere: int) -> Iterator[Page]:
    page = browser.new_page()
    page.goto(f"http://evil.example:{elsewhere}/page.html")
    yield page
    page.close()


@pytest.fixture
def ask(page: Page, mock: Pool) -> Ask:
    return lambda *asked: page.evaluate(REQUESTS, {"base": mock.url, "asked": list(asked)})


def generation(**parameters: object) -> dict:
    body = json.dumps({"model": "dall-e-2", "prompt": "A lake", "size": "256x256"} | parameters)
    return {"path": "/v1/images/generations", "method": "POST", "headers": HEADERS, "body": body}


def test_a_page_reads_an_image_and_its_request_id(ask):
    [answer] = ask(generation(response_format="b64_json"))
    assert (answer["status"], answer["type"]) == (200, "cors")
    assert base64.b64decode(json.loads(answer["text"])["data"][0]["b64_json"]).startswith(b"\x89PNG")
    headers = answer["headers"]
    assert headers["x-request-id"].startswith("req_")
    assert headers["openai-processing-ms"].isdigit()


def test_a_page_reads_its_limits(page, limited):
    pool, _ = limited
    [answer] = page.evaluate(REQUESTS, {"base": pool.url, "asked": [generation()]})
    assert {name: answer["headers"].get(name) is not None for name in LIMITS} == dict.fromkeys(LIMITS, True)
    assert answer["headers"]["x-ratelimit-limit-images"] == "50"


def test_a_page_fetches_what_a_url_leads_to(ask):
    [answer] = ask(generation())
    path = "/images/" + json.loads(answer["text"])["data"][0]["url"].rpartition("/")[2]
    whole, part, unchanged, missing = ask(
        {"path": path}, {"path": path, "headers": {"Range": "bytes=1-3"}},
        {"path": path, "cache": "no-store", "headers": {"If-None-Match": f'"{path[8:-4]}"'}}, {"path": path.replace("png", "jpg")},
    )
    assert (whole["status"], whole["headers"]["content-type"]) == (200, "image/png")
    assert (part["status"], part["text"], part["headers"]["content-range"].split("/")[0]) == (206, "PNG", "bytes 1-3")
    assert (unchanged["status"], missing["status"]) == (304, 404)


def test_a_page_sends_a_form(ask):
    upload = {"model": "gpt-image-2", "prompt": "A lake"}
    [answer] = ask({"path": "/v1/images/edits", "method": "POST", "headers": WITHOUT_TYPE, "upload": upload})
    assert answer["status"] == 200, answer
    assert "x-fakeai-ignored" not in answer["headers"]


def test_a_page_lists_models(ask):
    [answer] = ask({"path": "/v1/models", "headers": WITHOUT_TYPE})
    assert json.loads(answer["text"])["object"] == "list"


@pytest.mark.parametrize("profile, headers", [("openai", {}), ("openai-dalle", {}), ("fakeai", {"X-FakeAI-Fault": "invalid_api_key"})])
def test_a_page_reads_a_401(ask, profile, headers):
    without_key = {"Content-Type": "application/json"} | headers
    [answer] = ask(generation() | {"path": f"/profiles/{profile}/v1/images/generations", "headers": without_key})
    assert answer["status"] == 401
    assert json.loads(answer["text"])["error"]["type"] == "invalid_request_error"
    assert answer["headers"]["x-request-id"]


@pytest.mark.parametrize("fault, status", [("rate_limit", 429), ("server_error", 500), ("overloaded", 503), ("moderation", 400)])
def test_a_page_reads_any_other_error(ask, fault, status):
    [answer] = ask(generation(prompt=f"A lake [[fakeai fault={fault}]]"))
    assert answer["status"] == status and "error" in json.loads(answer["text"])
    assert answer["headers"]["x-request-id"]
    if status == 429:
        assert int(answer["headers"]["retry-after"]) >= 0 and answer["headers"]["retry-after-ms"].isdigit()


def test_a_page_reads_that_an_address_is_unknown(ask):
    """The browser asks first whether it may, and would show an error of that as none."""
    answers = ask(*({"path": path, "method": "POST", "headers": HEADERS, "body": "{}"} for path in [
        "/v1/nothing", "/v1/images/generations/", "/profiles/openai/images/generations"
    ]))
    for answer in answers:
        assert answer["status"] == 404 and "Invalid URL" in answer["text"], answer


def test_a_page_reads_nginxs_413(ask):
    [answer] = ask(generation() | {"body": None, "bytes": 53 * 1024 * 1024})
    assert answer["status"] == 413, answer
    assert json.loads(answer["text"])["error"]["message"].startswith("The request body is larger than 52 MiB")


def test_a_page_reads_nginxs_502(page, limited):
    """The browser remembers that it may send the request; else it would ask first, and get the 502 for that."""
    pool, keys = limited
    asked = {"base": pool.url, "asked": [generation()]}
    assert page.evaluate(REQUESTS, asked)[0]["status"] == 200
    keys.unlink()  # No worker starts without its keys.
    for worker in pool.workers:
        os.kill(worker, signal.SIGKILL)
    eventually(lambda: httpx.get(f"{pool.url}/healthz", timeout=60).status_code == 502, within=30, what="a refusal")
    [answer] = page.evaluate(REQUESTS, asked)
    assert answer["status"] == 502, answer
    assert json.loads(answer["text"])["error"]["type"] == "server_error"


@pytest.fixture
def limited(start, tmp_path) -> tuple[Pool, Path]:
    """A pool whose keys have limits, and their file."""
    keys = tmp_path / "keys.json"
    keys.write_text(json.dumps([{"key": "test", "requests_per_minute": 500, "images_per_minute": 50}]))
    return start("--workers", "1", KEYS=keys), keys
