"""Every row of the table of refusals, compared by the byte, and what each profile takes."""

from __future__ import annotations

import httpx
import pytest

from rows import DALLE, EXPECTED, FAKEAI, OPENAI, PATTERNS, ROWS, in_order, written
from schema import valid


@pytest.fixture(scope="module")
def client(pool):
    with httpx.Client(base_url=pool.url, headers={"Authorization": "Bearer test"}, timeout=30) as client:
        yield client


def ask(client: httpx.Client, profile: str, body: object) -> httpx.Response:
    return client.post("/v1/images/generations", json=body, headers={"X-FakeAI-Profile": profile})


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_refusal_is_the_real_one_to_the_byte(client, row):
    answer = ask(client, row.profile, row.request)
    assert answer.content == written(row.error)
    assert answer.status_code == 400
    assert answer.headers["x-request-id"].startswith("req_")
    valid("ErrorResponse", answer.json())


@pytest.mark.parametrize("body, refused", in_order(), ids=lambda value: value if isinstance(value, str) else "")
def test_what_is_checked_first_is_refused_first(client, body, refused):
    assert ask(client, OPENAI, body).json()["error"]["param"] == refused


TAKEN = {
    OPENAI: [
        {},
        *({"model": model} for model in ["gpt-image-1.5", "gpt-image-1-mini", "chatgpt-image-latest", "gpt-image-2-2026-04-21"]),
        *({"model": f"gpt-image-2.5-{name}", "quality": quality} for name in ["sunburst", "flare"] for quality in ["xhigh", "max"]),
        {"model": "gpt-image-2.6-flare"},
        {"prompt": " "}, {"prompt": "\n"},
        {"prompt": "x" * 32_000},
        {"n": 2},
        *({"quality": quality} for quality in ["low", "medium", "high", "auto", None]),
        *({"size": size} for size in ["auto", "1024x1024", "640x1024", "2048x688", None]),
        {"background": "transparent"}, {"background": "opaque"}, {"background": "auto"},
        {"output_format": "png", "output_compression": 100},
        *({"output_format": name, "output_compression": 50} for name in ["jpeg", "webp"]),
        {"output_format": "webp", "background": "transparent"},
        {"output_format": "gif", "frame_count": 2, "frame_duration_ms": 100}, {"output_format": "gif", "frame_count": 16},
        {"output_format": "svg", "svg": {"model": "gpt-5"}},
        {"moderation": "low"}, {"moderation": "auto"}, *({"complexity": name} for name in ["low", "medium", "high"]),
        {"stream": False, "partial_images": 3},
        {"user": "someone"}, {"safety_identifier": "someone"},
    ],
    DALLE: [
        {},
        {"model": None},
        *({"model": "dall-e-2", "size": size} for size in ["256x256", "512x512", "1024x1024"]),
        *({"model": "dall-e-3", "size": size} for size in ["1024x1024", "1792x1024", "1024x1792"]),
        {"model": "dall-e-3", "quality": "hd", "style": "natural", "response_format": "b64_json", "user": "someone"},
        {"model": "dall-e-2", "n": 10, "size": "256x256"},
        {"model": "dall-e-2", "prompt": "x" * 1000}, {"model": "dall-e-3", "prompt": "é" * 4000, "style": "vivid"},
        {"model": "dall-e-3", "quality": "standard", "response_format": "url"},
        {"model": "gpt-image-1", "quality": "high", "size": "1536x1024", "background": "transparent"},
    ],
    FAKEAI: [
        {"my_key": [1, {"a": 2}], "image": "x"},
        *({"model": model, "size": size} for model in ["dall-e-2", "dall-e-3", "gpt-image-1", "own"] for size in ["256x256", "1536x1024"]),
        *({"model": "dall-e-3", "quality": quality} for quality in ["hd", "max", "auto", "medium"]),
        {"model": "gpt-image-2", "response_format": "url", "style": "natural"},
        {"model": ""},
        {"output_compression": 50},
        {"frame_count": 4, "frame_duration_ms": 100},
        {"svg": {"model": "gpt-5", "reasoning": {"effort": "none"}}},
        {"n": 3, "model": "dall-e-3", "size": "256x256"},
        *({"pattern": pattern, "size": "256x256"} for pattern in PATTERNS),
    ],
}


# Null means "not given", whatever the parameter and whosever: but for those that must be given.
MUST = {OPENAI: {"model", "prompt"}, DALLE: {"prompt"}, FAKEAI: {"prompt"}}
for profile in TAKEN:
    TAKEN[profile] += [{name: None} for name in [*EXPECTED[FAKEAI], "input_fidelity", "image", "images", "mask", "my_key"]
                       if name not in MUST[profile]]


@pytest.mark.parametrize("profile, body", [(profile, body) for profile in TAKEN for body in TAKEN[profile]], ids=lambda v: str(v)[:60])
def test_what_a_profile_takes_is_answered_by_the_schema(client, profile, body):
    defaults = {"prompt": "a lake"} | ({"model": "gpt-image-2"} if profile == OPENAI else {})
    answer = ask(client, profile, defaults | body)
    assert answer.status_code == 200, answer.text
    valid("ImagesResponse", answer.json())
    assert len(answer.json()["data"]) == (body.get("n") or 1)
    if profile == OPENAI:
        assert all(list(image) == ["b64_json"] for image in answer.json()["data"])


@pytest.mark.parametrize("path", ["/v1/images/generations", "/v1/models"])
def test_a_profile_that_is_none_is_refused(client, path):
    headers = {"X-FakeAI-Profile": "open-ai"}
    answer = client.get(path, headers=headers) if path == "/v1/models" else client.post(path, json={"prompt": "a"}, headers=headers)
    assert answer.status_code == 400
    assert answer.json()["error"] == {
        "message": "Invalid value for the header 'X-FakeAI-Profile': 'open-ai' (did you mean openai?). "
        "Supported values are: 'fakeai', 'openai', and 'openai-dalle'.",
        "type": "invalid_request_error", "param": None, "code": "invalid_value",
    }


@pytest.mark.parametrize("profile", [FAKEAI, OPENAI, DALLE])
def test_a_pool_can_be_of_one_profile(start, profile):
    pool = start("--workers", "1", PROFILE=profile)
    body = {"prompt": "a lake", "model": None, "unknown": 1, "size": "1024x1024"}
    answer = httpx.post(f"{pool.url}/v1/images/generations", json=body, headers={"Authorization": "Bearer test"}, timeout=30)
    expected = {FAKEAI: None, OPENAI: "model", DALLE: "unknown"}[profile]
    assert (answer.json()["error"]["param"] if answer.status_code == 400 else None) == expected
