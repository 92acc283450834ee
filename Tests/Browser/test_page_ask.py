"""The view that asks for images."""

from __future__ import annotations

import io
import json
import subprocess

import httpx
import pytest
from PIL import Image
from playwright.sync_api import expect

from pool import ROOT

# Playwright does not show the files of a form.
KEEP_MASK = """() => {
  const original = fetch;
  window.fetch = async (address, options) => {
    const mask = options?.body?.get?.("mask");
    if (mask) window.mask = [...new Uint8Array(await mask.arrayBuffer())];
    return original(address, options);
  };
}"""
LAKE = ROOT / "Sources/fakeai-images/Documentation.docc/Resources/lake.png"


def journal(room, **filters) -> list[dict]:
    return httpx.get(f"{room.url}/_fakeai/requests", params={"limit": 1000} | filters).json()["requests"]


def last(room) -> dict:
    return journal(room, limit=1)[0]


def ask(page, prompt: str, **fields: str):
    """Fills the form, sends it, and waits for the result."""
    if page.locator("#prompt").is_visible():
        page.fill("#prompt", prompt)
    for name, value in fields.items():
        field = page.locator(f"[data-field={name}]")
        if field.locator("select").count():
            field.locator("select").select_option(value)
        else:
            field.locator("input").fill(value)
    page.get_by_role("button", name="Ask", exact=True).click()
    result = page.locator(".result").first
    expect(result).to_have_attribute("data-state", "done")
    return result


def mode(page, name: str) -> None:
    page.locator(".segments label", has_text=name).click()


def test_a_picture_appears_with_its_time_its_bytes_and_its_tokens(visit, room):
    page = visit("#/ask")
    fields = {
        "model": "gpt-image-1", "size": "1536x1024", "quality": "high", "background": "transparent", "output_format": "webp", "n": "2",
    }
    result = ask(page, "A lake <b>at</b> dawn", **fields)
    expect(result.locator("figure img")).to_have_count(2)
    assert result.locator("figure img").first.evaluate("image => [image.naturalWidth, image.naturalHeight]") == [1536, 1024]
    for fact in ("Status", "Time", "Size", "Tokens", "Worker"):
        expect(result.locator(".facts dt", has_text=fact)).to_be_visible()
    assert last(room)["parameters"] == fields | {"prompt": "A lake <b>at</b> dawn", "n": 2}
    assert result.get_by_role("link", name="Save").first.get_attribute("download") == "A-lake-b-at-b-dawn-1.webp"


def test_a_stream_shows_blurred_parts_first(visit, room):
    page = visit("#/ask")
    page.evaluate("""() => {
      window.seen = [];
      new MutationObserver(() => {
        for (const image of document.querySelectorAll(".result figure img")) {
          const stage = image.dataset.partial ?? "whole";
          if (window.seen.at(-1) !== stage) window.seen.push(stage);
        }
      }).observe(document.body, { childList: true, subtree: true });
    }""")
    page.check("#stream")
    page.click("text=Key, session, latency and faults")
    result = ask(page, "A fox", model="gpt-image-1", partial_images="2", latency="2s")
    expect(result.locator("figure img")).to_have_count(1)
    assert page.evaluate("window.seen") == ["0", "1", "whole"]
    assert last(room)["parameters"]["stream"] is True


def test_waiting_shows_how_long_it_takes_and_can_be_ended(visit):
    page = visit("#/ask")
    page.click("text=Key, session, latency and faults")
    page.locator("[data-field=latency] select").select_option("10s")
    page.fill("#prompt", "Slowly")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator(".progress")).to_contain_text("of about 10 s, as the request says")
    assert 0 <= page.locator("progress").evaluate("bar => bar.position") < 1
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator(".result").first).to_have_attribute("data-state", "cancelled")


def test_an_edit_sends_the_dropped_file_and_the_painted_mask(visit, room):
    page = visit("#/ask")
    page.evaluate(KEEP_MASK)
    transfer = page.evaluate_handle("""(bytes) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([Uint8Array.from(bytes)], "la<i>ke.png", { type: "image/png" }));
      return transfer;
    }""", list(LAKE.read_bytes()))
    mode(page, "Edit")
    page.dispatch_event(".drop", "drop", {"dataTransfer": transfer})
    expect(page.locator(".uploads .name")).to_have_text("la<i>ke.png")
    page.get_by_role("button", name="Paint a mask").click()
    canvas = page.locator("canvas.paint").bounding_box()
    page.mouse.move(canvas["x"] + canvas["width"] * 0.2, canvas["y"] + canvas["height"] * 0.5)
    page.mouse.down()
    page.mouse.move(canvas["x"] + canvas["width"] * 0.4, canvas["y"] + canvas["height"] * 0.5, steps=5)
    page.mouse.up()
    page.get_by_role("button", name="Use this mask").click()
    expect(page.get_by_role("button", name="Mask painted")).to_be_visible()
    result = ask(page, "A boat")
    expect(result.locator("figure img")).to_have_count(1)
    files = last(room)["parameters"]
    assert files["image[]"]["filename"] == "la<i>ke.png" and files["prompt"] == "A boat"
    mask = Image.open(io.BytesIO(bytes(page.evaluate("mask")))).convert("RGBA")
    assert files["mask"]["bytes"] == len(page.evaluate("mask"))
    size = Image.open(LAKE).size
    assert mask.size == size, "the mask is as large as the picture"
    assert mask.getpixel((int(size[0] * 0.3), size[1] // 2))[3] == 0, "what is painted is transparent"
    assert mask.getpixel((int(size[0] * 0.8), size[1] // 2))[3] == 255


def test_a_mask_is_painted_with_the_keyboard_and_undone(visit):
    page = visit("#/ask")
    mode(page, "Edit")
    page.set_input_files("input[type=file]", LAKE)
    page.get_by_role("button", name="Paint a mask").click()
    painted = "canvas => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some((value) => value)"
    canvas = page.locator("canvas.paint")
    canvas.press("ArrowRight")
    assert not canvas.evaluate(painted)
    canvas.press("Space")
    assert canvas.evaluate(painted)
    page.get_by_role("button", name="Undo").click()
    assert not canvas.evaluate(painted)


def test_a_variation_needs_a_picture_and_no_prompt(visit, room):
    page = visit("#/ask")
    mode(page, "Vary")
    expect(page.locator("#prompt")).to_be_hidden()
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator(".panel > .problem")).to_have_text("Add a picture first: drop a file, or choose one.")
    page.set_input_files("input[type=file]", LAKE)
    result = ask(page, "", n="2")
    expect(result.locator("figure img")).to_have_count(2)
    assert last(room)["path"] == "/v1/images/variations"


def test_a_conversation_goes_on_turn_by_turn(visit, room):
    page = visit("#/ask")
    mode(page, "Converse")
    page.check("#stream")
    expect(ask(page, "A fox", partial_images="1").locator("figure img")).to_have_count(1)
    expect(page.locator(".turn")).to_contain_text("Continues turn 1")
    second = ask(page, "Make it blue")
    expect(second.locator("h3")).to_have_text("Turn 2")
    first, then = [entry for entry in journal(room) if entry["path"] == "/v1/responses"][-2:]
    assert "previous_response_id" not in first["parameters"] and then["parameters"]["previous_response_id"].startswith("resp_")
    assert first["parameters"]["tools"][0]["partial_images"] == 1


def test_a_result_is_edited_further(visit, room):
    page = visit("#/ask")
    ask(page, "A lake", size="512x512").get_by_role("button", name="Edit this").click()
    expect(page.locator(".uploads .name")).to_have_text("picture.png")
    ask(page, "With a boat", size="512x512")
    assert last(room)["parameters"]["image[]"]["filename"] == "picture.png"


@pytest.mark.parametrize("fault, says", [
    ("rate_limit", "Rate limit reached"), ("moderation", "safety system"), ("server_error", "server had an error"),
    ("truncate", "the connection broke"), ("malformed_json", "not valid JSON"), ("missing_image", "could not be fetched"),
])
def test_a_fault_is_told_in_plain_words(visit, fault, says):
    page = visit("#/ask", expects="Failed to load resource")
    page.click("text=Key, session, latency and faults")
    page.locator("[data-field=fault] select").select_option(fault)
    page.fill("#prompt", "A lake")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator(".result").first).to_contain_text(says)


def test_a_request_can_be_copied_as_code(visit, room):
    page = visit("#/ask")
    prompt = "It's \"quoted\" 'twice' $HOME `id` \\ <b>\n@second line"
    page.fill("#prompt", prompt)
    page.locator("[data-field=size] select").select_option("256x256")
    page.click("text=Key, session, latency and faults")
    page.locator("[data-field=session] input").fill("from-code")
    page.click("text=This request as code")
    code = page.locator(".panel .code code")
    expect(code).to_contain_text("from-code")
    subprocess.run(["sh", "-c", code.inner_text() + " --silent --fail"], check=True, capture_output=True, timeout=60)
    sent = last(room)
    assert sent["parameters"] == {"prompt": prompt, "size": "256x256"} and sent["session"] == "from-code"
    page.get_by_role("button", name="Python").click()
    assert evaluated(code.inner_text()) == {"prompt": prompt, "size": "256x256", "extra_headers": {"X-FakeAI-Session": "from-code"}}
    page.get_by_role("button", name="JavaScript").click()
    script = code.inner_text().replace('import OpenAI from "openai";', """
        class OpenAI {
          images = { generate: async (...all) => console.log(JSON.stringify(all)) };
        }""")
    told = subprocess.run(["node", "--input-type=module", "--eval", script], check=True, capture_output=True, text=True, timeout=60).stdout
    assert json.loads(told.splitlines()[0]) == [{"prompt": prompt, "size": "256x256"}, {"headers": {"X-FakeAI-Session": "from-code"}}]


def evaluated(code: str) -> dict:
    """What the Python code hands to the client's method."""
    handed = {}

    class Client:
        def __init__(self, **_: object):
            self.images = self

        def generate(self, **arguments: object):
            handed.update(arguments)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        exec(code.replace("from openai import OpenAI", ""), {"OpenAI": Client})
    return handed


def test_a_form_as_curl_sends_the_same(visit, room, tmp_path):
    page = visit("#/ask")
    mode(page, "Edit")
    page.set_input_files("input[type=file]", {"name": 'a "b" c.png', "mimeType": "image/png", "buffer": LAKE.read_bytes()})
    page.fill("#prompt", "@not a file")
    page.click("text=This request as code")
    (tmp_path / 'a "b" c.png').write_bytes(LAKE.read_bytes())
    code = page.locator(".panel .code code").inner_text()
    subprocess.run(["sh", "-c", code + " --silent --fail"], check=True, capture_output=True, timeout=60, cwd=tmp_path)
    assert last(room)["parameters"]["prompt"] == "@not a file"
    assert last(room)["parameters"]["image[]"]["bytes"] == LAKE.stat().st_size
