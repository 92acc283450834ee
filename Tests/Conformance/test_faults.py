"""The official Python client meets every fault that the server can make, with the retries that it makes by itself."""

from __future__ import annotations

import base64
import io
import json
import re
import time
from collections.abc import Callable

import httpx
import openai
import pytest
from PIL import Image

from faults import BROKEN, MODERATED, PROMPT, REFUSED, Counting
from pictures import checked_png
from rows import written
from uploads import picture


@pytest.fixture
def counting(pool) -> Callable[..., Counting]:
    return lambda **options: Counting(pool, **options)


def test_every_fault_is_met_here(pool):
    told = {fault["name"]: fault["kind"] for fault in httpx.get(f"{pool.url}/_fakeai/faults").json()["data"]}
    assert {name for name, kind in told.items() if kind == "refusal"} == set(REFUSED)
    assert {name for name, kind in told.items() if kind in ("connection", "body")} == set(BROKEN) | {"slow_body"}
    broken = {"missing_image", "corrupt_image", "expired_url", "fewer_images", "wrong_size", "generation_failed"}
    assert {name for name, kind in told.items() if kind == "images"} == broken
    # Tests/EndToEnd/test_batches.py meets them.
    assert {name for name, kind in told.items() if kind == "batch"} == {"batch_failed", "batch_expired"}


@pytest.mark.parametrize("fault", REFUSED)
def test_a_refusal_raises_what_it_stands_for(counting, fault):
    expected, client = REFUSED[fault], counting()
    with pytest.raises(expected.error) as raised:
        client.generate(f"{fault} retry_after=10ms" if expected.tries > 1 else fault)
    error = raised.value
    assert (error.status_code, error.code, error.type) == (expected.status, expected.code, expected.kind)
    assert error.request_id.startswith("req_")
    assert error.response.headers["x-fakeai-fault"] == fault
    assert client.tries == expected.tries


KEY_PAGE = "https://platform.openai.com/account/api-keys"
WORDINGS = {
    "missing_api_key": (
        "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: "
        "Bearer YOUR_KEY), or as the password field (with blank username) if you're accessing the API from your browser and are prompted "
        f"for a username and password. You can obtain an API key from {KEY_PAGE}."
    ),
    "invalid_api_key": f"Incorrect API key provided: sk-tes***890. You can find your API key at {KEY_PAGE}.",
    "unverified": (
        "Your organization must be verified to use the model `gpt-image-2`. Please go to: "
        "https://platform.openai.com/settings/organization/general and click on Verify Organization. If you just verified, it can take up "
        "to 15 minutes for access to propagate."
    ),
    "billing": "Billing hard limit has been reached",
    "quota": (
        "You exceeded your current quota, please check your plan and billing details. For more information on this error, read the docs: "
        "https://platform.openai.com/docs/guides/error-codes/api-errors."
    ),
    "rate_limit": (
        "Rate limit reached for gpt-image-2 (for limit gpt-image) in organization org-fakeai on input-images per min: Limit 5, Used 5, "
        "Requested 1. Please try again in 12s. Visit https://platform.openai.com/account/rate-limits to learn more."
    ),
    "moderation": (
        "Your request was rejected by the safety system. If you believe this is an error, contact us at help.openai.com and include the "
        "request ID <uuid>. safety_violations=[sexual]."
    ),
    "server_error": "The server had an error while processing your request. Sorry about that!",
    "overloaded": "The engine is currently overloaded, please try again later.",
}
# Where a GPT image model is told something else than DALL·E.
TYPES = {"rate_limit": "input-images", "moderation": "image_generation_user_error"}
CODES = {"moderation": "moderation_blocked"}
UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@pytest.mark.parametrize("fault", REFUSED)
def test_a_refusal_is_the_real_one_to_the_byte(pool, fault):
    asked = f"{fault} retry_after=12s" if fault == "rate_limit" else fault
    headers = {"X-FakeAI-Fault": asked, "Authorization": "Bearer sk-test-1234567890"}
    answer = httpx.post(f"{pool.url}/v1/images/generations", json=PROMPT | {"model": "gpt-image-2"}, headers=headers)
    expected = REFUSED[fault]
    kind, code = TYPES.get(fault, expected.kind), CODES.get(fault, expected.code)
    error = {"message": WORDINGS[fault], "type": kind, "param": None, "code": code}
    if fault == "moderation":
        error["moderation_details"] = {"moderation_stage": "input", "categories": ["sexual"]}
    assert UUID.sub("<uuid>", answer.text) == written({"error": error}).decode()
    assert answer.status_code == expected.status
    wait = {"rate_limit": ("12", "12000"), "overloaded": ("1", "1000")}.get(fault, (None, None))
    assert (answer.headers.get("retry-after"), answer.headers.get("retry-after-ms")) == wait


def test_dall_es_moderation_has_words_of_its_own(pool):
    answer = httpx.post(f"{pool.url}/v1/images/generations", json=PROMPT, headers={"X-FakeAI-Fault": "moderation"})
    message = (
        "Your request was rejected as a result of our safety system. Your prompt may contain text that is not allowed by our safety system."
    )
    error = {"message": message, "type": "invalid_request_error", "param": None, "code": "content_policy_violation"}
    assert answer.content == written({"error": error})


@pytest.mark.parametrize("parameters", MODERATED)
@pytest.mark.parametrize("model", ["gpt-image-2", "dall-e-3"])
def test_moderation_says_where_it_struck(counting, model, parameters):
    client, (stage, words) = counting(), MODERATED[parameters]
    with pytest.raises(openai.BadRequestError) as raised:
        client.generate(f"moderation {parameters} categories=violence,hate", model=model)
    if model == "dall-e-3":
        assert raised.value.code == "content_policy_violation" and words in raised.value.message
        assert "moderation_details" not in raised.value.body
    else:
        assert raised.value.code == "moderation_blocked" and "safety_violations=[violence, hate]." in raised.value.message
        assert raised.value.body["moderation_details"] == {"moderation_stage": stage, "categories": ["violence", "hate"]}
    assert client.tries == 1


def test_blocked_images_take_as_long_as_others(counting):
    with pytest.raises(openai.BadRequestError) as raised:
        counting().generate("moderation stage=output latency=200ms")
    assert int(raised.value.response.headers["openai-processing-ms"]) >= 200


def test_one_blocked_image_of_several_is_left_out(counting):
    whole = counting().generate("none", n=3, response_format="b64_json").data
    left = counting().generate("moderation image=2", n=3, response_format="b64_json").data
    colours = [Image.open(io.BytesIO(base64.b64decode(image.b64_json))).getpixel((2, 2)) for image in [*whole, *left]]
    assert colours[3:] == [colours[0], colours[2]]


@pytest.mark.parametrize("model, size, got", [("gpt-image-2", "1024x1024", "1024x1536"), ("dall-e-2", "256x256", "512x512")])
def test_a_wrong_size_is_that_of_the_picture_and_of_the_answer(counting, model, size, got):
    answer = counting().generate("wrong_size", model=model, size=size, response_format="b64_json")
    checked_png(base64.b64decode(answer.data[0].b64_json), got)
    assert answer.size == (got if model == "gpt-image-2" else None)


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_answer_raises_what_it_looks_like(counting, fault):
    error, tries = BROKEN[fault]
    client = counting(timeout=1) if fault == "timeout" else counting()
    with pytest.raises(error):
        client.generate(fault)
    assert client.tries == tries


def test_a_slow_body_arrives_whole(counting):
    start = time.monotonic()
    [image] = counting().generate("slow_body").data
    assert time.monotonic() - start >= 4.5
    checked_png(httpx.get(image.url).content, "256x256")


def test_a_slow_body_is_given_up_by_a_client_of_little_patience(counting):
    client = counting(timeout=httpx.Timeout(5, read=0.1), max_retries=0)
    with pytest.raises(openai.APITimeoutError):
        client.generate("slow_body")


@pytest.mark.parametrize("retry_after, least, most", [("1200ms", 1.2, 5), ("2s", 2, 6)])
def test_the_client_waits_as_long_as_it_is_told(counting, retry_after, least, most):
    client = counting(max_retries=1)
    start = time.monotonic()
    with pytest.raises(openai.RateLimitError) as raised:
        client.generate(f"rate_limit retry_after={retry_after}")
    assert least <= time.monotonic() - start < most
    assert client.tries == 2
    assert f"Please try again in {float(retry_after[:-2]) / 1000 if retry_after.endswith('ms') else 2:g}s." in raised.value.message


def test_a_client_that_tries_again_gets_through_what_is_only_sometimes_wrong(start):
    pool = start("--workers", "2")
    sequence = [{"fault": "rate_limit", "retry_after": "10ms"}, {"fault": "reset"}, {}]
    rules = [{"when": {"sequence": "repeat"}, "then": sequence}]
    httpx.put(f"{pool.url}/_fakeai/rules", content=json.dumps(rules)).raise_for_status()
    for _ in range(3):
        client = Counting(pool)
        [image] = client.client.images.generate(**PROMPT).data
        checked_png(httpx.get(image.url).content, "256x256")
        assert client.tries == 3


@pytest.mark.parametrize("response_format", ["url", "b64_json"])
def test_a_missing_image_is_not_there(counting, response_format):
    [image] = counting().generate("missing_image", response_format=response_format).data
    if response_format == "url":
        assert httpx.get(image.url).status_code == 404
    else:
        assert (image.url, image.b64_json) == (None, None)


@pytest.mark.parametrize("quality", ["standard", "hd"])
@pytest.mark.parametrize("response_format", ["url", "b64_json"])
def test_a_corrupt_image_cannot_be_decoded(counting, tmp_path, response_format, quality):
    [image] = counting().generate("corrupt_image", response_format=response_format, quality=quality).data
    data = httpx.get(image.url).content if response_format == "url" else base64.b64decode(image.b64_json, validate=True)
    assert data.startswith(b"\x89PNG\r\n")
    (tmp_path / "corrupt.png").write_bytes(data)
    with pytest.raises((OSError, SyntaxError)), Image.open(tmp_path / "corrupt.png") as picture:
        picture.load()
    with pytest.raises(AssertionError):
        checked_png(data)


@pytest.mark.parametrize("quality", ["low", "high"])
@pytest.mark.parametrize("output_format", ["jpeg", "webp", "gif"])
def test_no_corrupt_file_of_any_format_can_be_decoded(counting, output_format, quality):
    asked = {"model": "gpt-image-2", "size": "1024x1024", "quality": quality, "output_format": output_format}
    for fault, is_whole in [("none", True), ("corrupt_image", False)]:
        [image] = counting().generate(fault, **asked).data
        assert is_decodable(base64.b64decode(image.b64_json)) == is_whole


def is_decodable(data: bytes) -> bool:
    try:
        with Image.open(io.BytesIO(data)) as picture:
            picture.load()
    except (OSError, SyntaxError):
        return False
    return True


def test_a_failed_generation_is_tried_again_and_takes_as_long_as_images_would(counting):
    client = counting(max_retries=1)
    with pytest.raises(openai.InternalServerError) as raised:
        client.generate("generation_failed latency=300ms")
    assert (raised.value.status_code, raised.value.code) == (500, "image_generation_failed")
    assert int(raised.value.response.headers["openai-processing-ms"]) >= 300
    assert client.tries == 2


@pytest.mark.parametrize("n, got", [(1, 0), (4, 3)])
def test_fewer_images_are_fewer(counting, n, got):
    assert len(counting().generate("fewer_images", n=n).data) == got


@pytest.mark.parametrize("partial_images", [0, 2])
@pytest.mark.parametrize("call", ["generate", "edit"])
def test_an_error_in_mid_stream_raises_after_what_came_before(counting, call, partial_images):
    client = counting()
    upload = {"image": picture()} if call == "edit" else {}
    ask = getattr(client.client.images, call)
    stream = ask(**PROMPT | {"model": "gpt-image-2"}, **upload, stream=True, partial_images=partial_images,
                 extra_headers={"X-FakeAI-Fault": "generation_failed"})
    events = []
    with pytest.raises(openai.APIError, match="Image generation failed") as raised:
        for event in stream:
            events.append(event.type.rpartition(".")[2])
    assert events == ["partial_image"] * partial_images
    assert (raised.value.code, raised.value.type) == ("image_generation_failed", "image_generation_server_error")
    assert client.tries == 1


@pytest.mark.parametrize("partial_images", [0, 2])
def test_a_blocked_image_of_a_stream_is_an_error_after_what_came_before(counting, partial_images):
    client, events = counting(), []
    with pytest.raises(openai.APIError, match="rejected by the safety system") as raised:
        for event in client.generate(
            "moderation stage=output", model="gpt-image-2", size="1024x1024", stream=True, partial_images=partial_images
        ):
            events.append(event.type)
    assert events == ["image_generation.partial_image"] * partial_images
    assert (raised.value.code, raised.value.type) == ("moderation_blocked", "image_generation_user_error")


def test_an_error_event_is_the_real_one_to_the_byte(pool):
    answer = httpx.post(
        f"{pool.url}/v1/images/generations", json=PROMPT | {"stream": True}, headers={"X-FakeAI-Fault": "generation_failed"}
    )
    assert answer.text == (
        'event: error\ndata: {"type":"error","error":{"type":"image_generation_server_error","code":"image_generation_failed",'
        '"message":"Image generation failed","param":null}}\n\n'
    )
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/event-stream")


def test_latency_of_the_real_api_can_be_asked_for_one_request(counting):
    client = counting(max_retries=0, timeout=0.5)
    with pytest.raises(openai.APITimeoutError):
        client.client.images.generate(**PROMPT, extra_headers={"X-FakeAI-Latency": "openai", "X-FakeAI-Seed": "1"})
