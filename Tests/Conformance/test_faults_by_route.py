"""Every fault on every route by which images are asked for, as the official client meets it without its retries."""

from __future__ import annotations

import base64
import io
import json
import time

import httpx
import openai
import pytest
from PIL import Image

from faults import BROKEN, REFUSED, Counting
from image_routes import PARTIAL, ROUTES, ImageRoute
from pool import Pool

# Variations are deprecated, with the models that have them.
pytestmark = pytest.mark.filterwarnings("ignore:deprecated:DeprecationWarning")

MODERATED = (400, "moderation_blocked", "image_generation_user_error")


def ask(pool: Pool, route: str, fault: str, prompt: str = "a lake", **options: object) -> tuple[list, Exception | None, Counting]:
    """Asks once; what came of the pictures, what was raised after that, and the client."""
    client, came = Counting(pool, max_retries=0, **options), []
    try:
        for picture in ROUTES[route].events(client.client, prompt, {"X-FakeAI-Fault": fault} if fault else {}):
            came.append(picture)
    except (openai.APIError, ValueError) as error:
        return came, error, client
    return came, None, client


def is_picture(base64_text: str) -> bool:
    try:
        with Image.open(io.BytesIO(base64.b64decode(base64_text, validate=True))) as image:
            image.load()
    except (OSError, SyntaxError):
        return False
    return True


def expected_refusal(fault: str, route: ImageRoute) -> tuple[int, str | None, str]:
    if route.is_gpt and fault == "moderation":
        return MODERATED
    expected = REFUSED[fault]
    return expected.status, expected.code, "input-images" if route.is_gpt and fault == "rate_limit" else expected.kind


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("fault", REFUSED)
def test_a_refusal_is_the_same_on_every_route_and_comes_before_any_event(pool, fault, route):
    came, error, client = ask(pool, route, fault)
    assert came == []
    assert type(error) is REFUSED[fault].error
    assert (error.status_code, error.code, error.type) == expected_refusal(fault, ROUTES[route])
    assert error.request_id.startswith("req_")
    assert error.response.headers["x-fakeai-fault"] == fault
    assert ("retry-after-ms" in error.response.headers) == (fault in ("rate_limit", "overloaded"))
    assert client.tries == 1


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("fault", ["timeout", "reset"])
def test_no_answer_is_none_on_every_route(pool, fault, route):
    came, error, client = ask(pool, route, fault, **({"timeout": 1} if fault == "timeout" else {}))
    assert came == []
    assert type(error) is BROKEN[fault][0]
    assert client.tries == 1


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("fault, error", [("truncate", openai.APIConnectionError), ("malformed_json", json.JSONDecodeError)])
def test_a_broken_body_raises_where_it_breaks_which_in_a_stream_is_its_last_event(pool, fault, error, route):
    came, raised, _ = ask(pool, route, fault)
    assert type(raised) is error
    assert [is_picture(picture) for picture in came] == [True] * (PARTIAL if ROUTES[route].streams else 0)


@pytest.mark.parametrize("route", ROUTES)
def test_an_empty_body_is_a_stream_without_events(pool, route):
    came, raised, _ = ask(pool, route, "empty_body")
    assert came == []
    assert (raised is None) if ROUTES[route].streams else (type(raised) is json.JSONDecodeError)


@pytest.mark.parametrize("route", ROUTES)
def test_a_failed_generation_is_an_error_event_where_a_stream_has_begun(pool, route):
    came, raised, _ = ask(pool, route, "generation_failed")
    assert (raised.code, raised.type) == ("image_generation_failed", "image_generation_server_error")
    assert type(raised) is (openai.APIError if ROUTES[route].streams else openai.InternalServerError)
    assert len(came) == (PARTIAL if ROUTES[route].streams else 0)


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("fault", ["missing_image", "corrupt_image", "fewer_images"])
def test_an_image_is_missing_broken_or_not_there_on_every_route(pool, fault, route):
    came, raised, _ = ask(pool, route, fault)
    assert raised is None
    partial = [True] * PARTIAL if ROUTES[route].streams else []
    expected = {"missing_image": [*partial, None], "corrupt_image": [False] * len([*partial, False]), "fewer_images": partial}
    assert [picture and is_picture(picture) for picture in came] == expected[fault]


def test_of_a_slow_stream_only_the_last_event_is_slow(pool):
    body = {"prompt": "a lake", "stream": True, "partial_images": 2, "size": "256x256"}
    headers = {"X-FakeAI-Fault": "slow_body"}
    with httpx.stream("POST", f"{pool.url}/v1/images/generations", json=body, headers=headers, timeout=30) as answer:
        times = [time.monotonic() for line in answer.iter_lines() if line.startswith("data: ")]
    assert len(times) == 3
    assert times[2] - times[1] >= 4.5
    assert times[1] - times[0] < times[2] - times[1]


@pytest.mark.parametrize("route", [name for name, route in ROUTES.items() if route.has_prompt])
def test_a_prompt_says_what_happens_on_every_route_that_has_one(pool, route):
    came, error, _ = ask(pool, route, "", prompt="a lake [[fakeai fault=rate_limit retry_after=1500ms]]")
    assert came == []
    assert type(error) is openai.RateLimitError
    assert error.response.headers["retry-after-ms"] == "1500"


@pytest.mark.parametrize("route", [name for name, route in ROUTES.items() if route.has_prompt])
def test_what_a_prompt_says_to_the_server_is_not_drawn(pool, route):
    came, error, _ = ask(pool, route, "", prompt="a [[fakeai latency=1ms]] lake")
    assert error is None
    with Image.open(io.BytesIO(base64.b64decode(came[-1]))) as image:
        assert json.loads(image.text["fakeai"])["prompt"] == "a lake"


def test_rules_strike_every_route(start):
    pool = start("--workers", "1")
    edits = {"name": "edits", "match": {"route": "/v1/images/edits", "prompt": "a lake"}, "then": {"fault": "billing"}}
    rest = {"name": "rest", "then": {"fault": "unverified"}}
    httpx.put(f"{pool.url}/_fakeai/rules", json=[edits, rest]).raise_for_status()
    for route in ROUTES:
        came, error, _ = ask(pool, route, "")
        assert came == []
        assert error.response.headers["x-fakeai-rule"] == ("edits" if route.startswith("edit") else "rest"), route
