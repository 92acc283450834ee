"""Upscaling in the view that asks for images: of files, of results, and of pictures of the wall."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from PIL import Image
from playwright.sync_api import expect

SIZE = (64, 48)
# The packages as far as the code uses them: a form if there is a file, and JSON otherwise.
PYTHON_PACKAGE = """
import httpx
class ImagesResponse: pass
class OpenAI:
    def __init__(self, base_url, api_key):
        self.base = base_url
    def post(self, path, *, cast_to, body, files=None, options={}):
        assert cast_to is ImagesResponse
        assert ("Content-Type" in options["headers"]) == bool(files)
        headers = {name: value for name, value in options["headers"].items() if name != "Content-Type"}
        content = {"data": body, "files": files} if files else {"json": body}
        return httpx.post(self.base + path, headers=headers, timeout=30, **content).raise_for_status().json()
"""
JAVASCRIPT_PACKAGE = """
class OpenAI {
  constructor({ baseURL }) {
    this.base = baseURL;
  }
  async post(path, { body, headers }) {
    const isForm = body instanceof FormData;
    const type = isForm ? {} : { "Content-Type": "application/json" };
    const options = { method: "POST", headers: { ...headers, ...type }, body: isForm ? body : JSON.stringify(body) };
    const response = await fetch(this.base + path, options);
    if (!response.ok) throw new Error(await response.text());
    return response.json();
  }
}
"""


@pytest.fixture
def file(tmp_path) -> Path:
    """A small picture."""
    path = tmp_path / "a pond.png"
    Image.linear_gradient("L").resize(SIZE).convert("RGB").save(path)
    return path


@pytest.fixture
def held(room) -> str:
    """The name of the file of a picture on the wall."""
    body = {"prompt": "A pond", "size": "64x64", "response_format": "url"}
    return httpx.post(f"{room.url}/v1/images/generations", json=body).raise_for_status().json()["data"][0]["url"].rpartition("/")[2]


def last(room) -> dict:
    [entry] = httpx.get(f"{room.url}/_fakeai/requests", params={"limit": 1}).json()["requests"]
    return entry


def without_types(parameters: dict) -> dict:
    """Without what each client guesses of a file."""
    image = parameters["image"]
    return parameters | {"image": image if isinstance(image, str) else {name: image[name] for name in ("filename", "bytes", "crc32")}}


def open_form(visit):
    page = visit("#/ask")
    page.locator(".segments label", has_text="Upscale").click()
    return page


def ask(page):
    page.get_by_role("button", name="Ask", exact=True).click()
    result = page.locator(".result").first
    expect(result).to_have_attribute("data-state", "done")
    return result


def size_of(result) -> list[int]:
    image = result.locator("figure img")
    expect(image).to_have_js_property("complete", True)
    return image.evaluate("image => [image.naturalWidth, image.naturalHeight]")


def test_a_file_is_upscaled_as_the_form_says(visit, room, file):
    page = open_form(visit)
    expect(page.locator("#prompt, #stream").first).to_be_hidden()
    expect(page.locator("[data-field]:visible")).to_have_count(3)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator(".panel > .problem")).to_have_text("Add a picture first: drop a file, or choose one.")
    page.set_input_files("input[type=file]", file)
    page.locator("[data-field=scale] select").select_option("3")
    page.locator("[data-field=upscaledFormat] select").select_option("webp")
    result = ask(page)
    assert size_of(result) == [3 * SIZE[0], 3 * SIZE[1]]
    expect(result.locator("figcaption")).to_contain_text("192 × 144")
    expect(result.locator("h3")).to_have_text("Upscaled")
    expect(result.locator(".prompt")).to_have_text(file.name)
    for fact in ("Status", "Time", "Size"):
        expect(result.locator(".facts dt", has_text=fact)).to_be_visible()
    entry = last(room)
    assert entry["path"] == "/v1/images/upscales"
    sent = entry["parameters"]
    assert sent.keys() == {"image", "scale", "output_format"}
    assert sent["image"]["filename"] == file.name and float(sent["scale"]) == 3 and sent["output_format"] == "webp"


def test_the_server_chooses_what_the_form_leaves_open(visit, room, file):
    page = open_form(visit)
    page.set_input_files("input[type=file]", file)
    assert size_of(ask(page)) == [2 * SIZE[0], 2 * SIZE[1]]
    assert last(room)["parameters"].keys() == {"image"}


def test_control_and_enter_ask_from_any_field(visit, file):
    page = open_form(visit)
    page.set_input_files("input[type=file]", file)
    page.locator("[data-field=scale] select").press("Control+Enter")
    expect(page.locator(".result")).to_have_attribute("data-state", "done")


def test_a_picture_of_the_wall_is_upscaled_without_being_sent(visit, room, held):
    page = visit("#/wall")
    page.locator(".tile a").first.click()
    page.get_by_role("link", name="Upscale", exact=True).click()
    expect(page.locator(".uploads .name")).to_have_text(held)
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_focused()
    assert size_of(ask(page)) == [128, 128]
    assert last(room)["parameters"] == {"image": held.partition(".")[0]}


def test_a_picture_that_is_gone_is_told_of(visit):
    page = visit(f"#/ask?upscale={32 * '0'}.png", expects="404")
    expect(page.locator(".panel > .problem")).to_contain_text("The picture could not be fetched.")


def test_a_result_is_upscaled_further(visit, file):
    page = open_form(visit)
    page.set_input_files("input[type=file]", file)
    ask(page).get_by_role("button", name="Upscale").click()
    expect(page.locator(".uploads .name")).to_have_text("picture.png")
    assert size_of(ask(page)) == [4 * SIZE[0], 4 * SIZE[1]]


@pytest.mark.parametrize("is_held", [False, True], ids=["file", "held"])
def test_the_code_sends_the_same_request(visit, room, tmp_path, file, held, is_held):
    page = visit(f"#/ask?upscale={held}" if is_held else "#/ask")
    if not is_held:
        page.locator(".segments label", has_text="Upscale").click()
        page.set_input_files("input[type=file]", file)
    expect(page.locator(".uploads .name")).to_have_count(1)
    page.locator("[data-field=scale] select").select_option("4")
    page.click("text=Key, session, latency and faults")
    page.locator("[data-field=session] input").fill("upscaled")
    ask(page)
    sent = without_types(last(room)["parameters"])
    page.click("text=This request as code")
    code = page.locator(".panel .code code")

    def run(*command: str) -> None:
        before = last(room)["sequence"]
        subprocess.run(command, check=True, capture_output=True, timeout=60, cwd=tmp_path)
        entry = last(room)
        assert entry["sequence"] == before + 1 and entry["session"] == "upscaled"
        assert without_types(entry["parameters"]) == sent

    run("sh", "-c", code.inner_text() + " --silent --fail")
    page.get_by_role("button", name="Python").click()
    script = code.inner_text().replace("from openai import OpenAI\nfrom openai.types import ImagesResponse\n", PYTHON_PACKAGE)
    run(sys.executable, "-c", script)
    page.get_by_role("button", name="JavaScript").click()
    run("node", "--input-type=module", "--eval", code.inner_text().replace('import OpenAI from "openai";', JAVASCRIPT_PACKAGE))
