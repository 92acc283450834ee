"""The view of the latest pictures."""

from __future__ import annotations

import io
import json
import re
import secrets
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from PIL import Image
from playwright.sync_api import expect

from pool import Pool
from processes import eventually

Word = str


@pytest.fixture
def word() -> Word:
    """A word that no other test's prompts have."""
    return secrets.token_hex(6)


def make(room: Pool, prompt: str, *, headers: dict | None = None, **parameters: object) -> str:
    body = {"prompt": prompt, "size": "64x64", "response_format": "url"} | parameters
    answer = httpx.post(f"{room.url}/v1/images/generations", json=body, headers=headers or {}, timeout=30).raise_for_status()
    return answer.json()["data"][0]["url"].rpartition("/")[2]


def test_a_picture_appears_first_as_soon_as_it_is_made(visit, room, word):
    make(room, f"{word} before")
    page = visit(f"#/wall?prompt={word}")
    expect(page.locator(".tile img")).to_have_count(1)
    for number in range(3):
        file = make(room, f"{word} {number}")
        first = page.locator(".tile").first
        expect(first.locator("img")).to_have_attribute("src", f"{room.url}/images/{file}")
        expect(first.locator("img")).to_have_js_property("naturalWidth", 64)
    expect(page.locator(".tile .caption")).to_have_text([f"{word} 2", f"{word} 1", f"{word} 0", f"{word} before"])


@pytest.mark.parametrize("more", [{}, {"stream": True, "partial_images": 1}], ids=["whole", "streamed"])
def test_a_picture_that_is_sent_as_base64_appears_as_well(visit, room, word, more):
    page = visit(f"#/wall?prompt={word}")
    sent = []

    def is_shown() -> bool:
        # A worker learns within a second that somebody watches.
        body = {"prompt": f"{word} {len(sent)}", "size": "64x64", "response_format": "b64_json"} | more
        answer = httpx.post(f"{room.url}/v1/images/generations", json=body, timeout=30).raise_for_status()
        sent.append(answer.headers.get("X-FakeAI-Images"))
        return sent[-1] is not None

    eventually(is_shown, within=20, what="a picture that is kept because the page is open")
    expect(page.locator(".tile .caption").first).to_have_text(f"{word} {len(sent) - 1}")
    picture = page.locator(".tile img").first
    expect(picture).to_have_attribute("src", f"{room.url}/images/{sent[-1]}.png")
    expect(picture).to_have_js_property("naturalWidth", 64)


@pytest.mark.parametrize("file_format, extension", [("png", "png"), ("jpeg", "jpg"), ("webp", "webp"), ("gif", "gif"), ("svg", "svg")])
def test_a_picture_of_each_format_is_shown_with_what_it_says_of_itself(visit, room, word, file_format, extension):
    prompt = f"{word} <b>&amp; \"é\" 東京"
    make(room, prompt, model="gpt-image-1", output_format=file_format)
    page = visit(f"#/wall?prompt={word}")
    page.locator(".tile a").click()
    dialog = page.locator("dialog.picture")
    expect(dialog.locator("img")).to_have_js_property("naturalWidth", 64)
    facts = dialog.locator(".facts > div")
    expect(facts.filter(has_text="File")).to_contain_text(file_format)
    expect(facts.filter(has_text="prompt")).to_contain_text(prompt)
    expect(facts.filter(has_text="Remaining life")).to_contain_text("min")
    expect(dialog.locator("pre")).to_contain_text(json.dumps(prompt, ensure_ascii=False))
    with page.expect_download() as download:
        dialog.get_by_role("link", name="Save").click()
    assert download.value.suggested_filename.endswith(f".{extension}")


def test_the_wall_is_filtered_by_prompt_model_key_and_session(visit, room, word):
    make(room, f"{word} one", model="dall-e-3")
    make(room, f"{word} two", model="dall-e-2", headers={"Authorization": "Bearer sk-team-1"})
    make(room, f"{word} three", model="dall-e-3", headers={"X-FakeAI-Session": word})
    page = visit("#/wall")
    captions = page.locator(".tile .caption")
    page.get_by_label("Search prompts").fill(word)
    expect(captions).to_have_text([f"{word} three", f"{word} two", f"{word} one"])
    page.get_by_label("Model").select_option("dall-e-3")
    expect(captions).to_have_text([f"{word} three", f"{word} one"])
    page.get_by_label("Session").select_option(word)
    expect(captions).to_have_text([f"{word} three"])
    assert word in page.evaluate("location.hash"), "the address keeps the filters"
    page.reload()
    expect(captions).to_have_text([f"{word} three"])
    page.get_by_role("button", name="Show all").click()
    page.get_by_label("Key").select_option("am-1")
    page.get_by_label("Search prompts").fill(word)
    expect(captions).to_have_text([f"{word} two"])
    page.get_by_label("Search prompts").fill(word + "none")
    expect(page.locator(".stage > .empty")).to_have_text("No picture fits these filters.")


def test_arrow_keys_move_over_the_wall_and_through_the_pictures(visit, room, word):
    for number in range(4):
        make(room, f"{word} {number}")
    page = visit(f"#/wall?prompt={word}")
    expect(page.locator(".tile")).to_have_count(4)
    page.locator(".tile a[tabindex='0']").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    title = page.locator("dialog.picture h2")
    expect(title).to_have_text(f"{word} 2")
    page.keyboard.press("ArrowRight")
    expect(title).to_have_text(f"{word} 1")
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    expect(page.locator(".tile a:focus img")).to_have_attribute("alt", f"{word} 1")
    expect(page.locator(".tile")).to_have_count(4)


def test_the_wall_holds_still_while_it_is_paused(visit, room, word):
    make(room, f"{word} 0")
    page = visit(f"#/wall?prompt={word}")
    captions = page.locator(".tile .caption")
    expect(captions).to_have_count(1)
    page.get_by_role("button", name="Pause").click()
    make(room, f"{word} 1")
    expect(page.locator(".news")).to_have_text("1 new")
    expect(captions).to_have_count(1)
    page.locator(".news").click()
    expect(captions).to_have_text([f"{word} 1", f"{word} 0"])


def test_a_picture_that_has_expired_says_so(visit, start):
    pool = start("--workers", "1", IMAGE_RETENTION_HOURS=0.0003)
    [url] = pool.urls(prompt="short-lived", size="64x64")
    eventually(lambda: httpx.get(url).status_code == 404, within=20, what="the picture has expired")
    page = visit("#/wall", url=pool.url + "/", expects="Failed to load resource")
    expect(page.locator(".tile .lost")).to_have_text(re.compile("Expired|Gone, or broken"))
    page.locator(".tile a").click()
    expect(page.locator("dialog.picture")).to_contain_text(re.compile("has expired|could not be fetched"))


def test_ten_thousand_pictures_are_few_elements(visit, start):
    """Every picture can be scrolled to, and none that cannot be seen is in the document or is fetched."""
    pool = start("--workers", "2", JOURNAL_SIZE=10_000)
    with httpx.Client(base_url=pool.url, timeout=60) as client, ThreadPoolExecutor(8) as threads:
        body = {"size": "64x64", "response_format": "url", "n": 10, "model": "dall-e-2"}
        ask = lambda number: client.post("/v1/images/generations", json=body | {"prompt": f"No {number}"})  # noqa: E731
        assert all(answer.status_code == 200 for answer in threads.map(ask, range(1000)))
    page = visit(url=pool.url + "/")
    fetched = []
    page.on("request", lambda request: fetched.append(request.url) if "/images/" in request.url else None)
    page.click("text=Wall")
    expect(page.locator(".toolbar")).to_contain_text("10,000 pictures")
    most = 0
    for share in (0.2, 0.5, 0.8, 1):
        page.locator(".scroller").evaluate("(scroller, share) => (scroller.scrollTop = share * scroller.scrollHeight)", share)
        page.wait_for_function("() => document.querySelector('.tile')?.getAttribute('aria-posinset') > 1000")
        most = max(most, page.locator(".tile").count())
    expect(page.locator(".tile").last).to_have_attribute("aria-posinset", "10000")
    assert most < 120, f"{most} tiles in the document"
    assert len(fetched) < 800, f"{len(fetched)} pictures fetched"
    file = page.locator(".tile img").last.get_attribute("src")
    assert Image.open(io.BytesIO(httpx.get(file).content)).size == (64, 64)
