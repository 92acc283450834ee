"""What programs send, byte by byte as their HTTP libraries write it, against every profile."""

from __future__ import annotations

import base64
import contextlib
import http.client
import io
import json
import random
import re
import socket
import time
from urllib.parse import urlsplit

import httpx
import pytest
from PIL import Image

from client_requests import ALL, API_KEY, BEARER, EDITS, GENERATIONS, JPEG, RED, Outcome, Recorded, Refused
from exchange import exchange
from http_libraries import HOST, Part, compact_json, curl, curl_form, httpx_form, text, undici_form
from pictures import checked_png
from pool import Pool
from processes import eventually
from rows import DALLE, FAKEAI, OPENAI
from wire import Answer


def ask(pool: Pool, profile: str, request: Recorded) -> Answer:
    """The profile is part of the path, so that a client's headers stay what they are; but for a path that an error repeats."""
    if request.target.startswith(("/v1/", "/openai/")):
        return exchange(pool, request.method, f"/profiles/{profile}{request.target}", request.headers, request.body.data)
    return exchange(pool, request.method, request.target, [*request.headers, ("X-FakeAI-Profile", profile)], request.body.data)


CASES = [(request, profile) for request in ALL for profile in request.outcomes]


@pytest.mark.parametrize("request_, profile", CASES, ids=lambda value: str(value))
def test_a_program_gets_what_it_needs_or_what_production_says(pool, request_, profile):
    answer = ask(pool, profile, request_)
    outcome = request_.outcomes[profile]
    if isinstance(outcome, Refused):
        assert answer.status == outcome.status, answer.body
        assert answer.error["message"].startswith(outcome.message), answer.error
        return
    assert answer.status == (202 if "operation" in outcome.needs else 200), answer.body
    document = json.loads(answer.body)
    for need in outcome.needs:
        NEEDS[need](pool, answer, document)
    if "data" in document and "models" not in outcome.needs:
        assert len(document["data"]) == request_.count
    check_ignored(outcome, answer)


def check_ignored(outcome: Outcome, answer: Answer) -> None:
    ignored = answer.headers["X-FakeAI-Ignored"] or ""
    assert ignored.startswith(outcome.ignored) and bool(ignored) == bool(outcome.ignored), ignored


def test_each_refusal_has_a_reason():
    assert all(outcome.reason for request in ALL for outcome in request.outcomes.values() if isinstance(outcome, Refused))
    assert all(request.outcomes.keys() == {FAKEAI, OPENAI, DALLE} for request in ALL)
    assert all(not isinstance(request.outcomes[FAKEAI], Refused) for request in ALL), "the default profile serves every one of them"


# How images are fetched.


@pytest.mark.parametrize("headers", [[], BEARER, API_KEY], ids=["none", "bearer", "api-key"])
@pytest.mark.parametrize("part", ["", "bytes=0-7", "bytes=-12"], ids=["whole", "beginning", "end"])
def test_an_image_is_served_whatever_key_it_is_fetched_with(pool, image, headers, part):
    """Open WebUI sends the key of the API along, LibreChat and pipecat send none."""
    target = urlsplit(image).path
    whole = exchange(pool, "GET", target, [("Host", HOST), *headers]).body
    checked_png(whole)
    ranged = [("Range", part)] if part else []
    answer = exchange(pool, "GET", target, [("Host", HOST), *headers, ("Accept", "image/*"), *ranged])
    assert answer.status == (206 if part else 200)
    assert answer.body == {"": whole, "bytes=0-7": whole[:8], "bytes=-12": whole[-12:]}[part]
    assert answer.headers["Content-Type"] == "image/png"


@pytest.fixture(scope="module")
def image(pool) -> str:
    [url] = pool.urls(model="dall-e-2", size="256x256")
    return url


# Parts of forms.


GPT_EDIT = text(model="gpt-image-1.5", prompt="a lake")
NOT_OF_TYPE = "Invalid file 'image': unsupported mimetype"


@pytest.mark.parametrize("part, openai", [
    (Part("image", RED, "a.jpg", "image/jpeg"), None),
    (Part("image", JPEG, "a.png", "image/png"), None),
    (Part("image", RED, "a.png", "IMAGE/PNG; charset=binary"), None),
    (Part("image", RED, "a.png", "application/octet-stream"), NOT_OF_TYPE),
    (Part("image", RED, "a.png", "text/plain"), NOT_OF_TYPE),
    (Part("image", RED, "a.png", None), NOT_OF_TYPE),
    (Part("image", RED, "blob", "image/png"), None),
    (Part("image", RED, "", "image/png"), None),
    (Part("image", RED, None, "image/png"), None),
    (Part("image", RED, "/home/rené/pictures/holiday 1.png", "image/png"), None),
    (Part("image", RED, "C:\\\\pictures\\\\holiday.png", "image/png"), None),
    (Part("image[]", RED, "a.png", "image/png"), None),
    (Part("image[0]", RED, "a.png", "image/png"), None),
], ids=lambda value: f"{value.name}, {value.filename}, {value.media_type}" if isinstance(value, Part) else "")
@pytest.mark.parametrize("profile", [FAKEAI, OPENAI])
def test_a_part_is_an_image_whatever_it_says_of_itself(pool, profile, part, openai):
    body = httpx_form([*GPT_EDIT, part])
    answer = exchange(pool, "POST", f"/profiles/{profile}{EDITS}", [("Host", HOST), *BEARER, *body.described], body.data)
    if profile == OPENAI and openai:
        assert (answer.status, answer.error["message"][:len(openai)]) == (400, openai)
    else:
        assert (answer.status, answer.headers["X-FakeAI-Ignored"]) == (200, None), answer.body


@pytest.mark.parametrize("profile", [FAKEAI, OPENAI, DALLE])
def test_an_empty_part_is_no_image(pool, profile):
    model = {FAKEAI: "gpt-image-1.5", OPENAI: "gpt-image-1.5", DALLE: "dall-e-2"}[profile]
    body = httpx_form([*text(model=model, prompt="a lake"), Part("image", b"", "a.png", "image/png")])
    answer = exchange(pool, "POST", f"/profiles/{profile}{EDITS}", [("Host", HOST), *BEARER, *body.described], body.data)
    if profile == FAKEAI:
        assert answer.status == 200 and answer.headers["X-FakeAI-Ignored"].startswith("image 1")
    else:
        assert answer.status == 400 and "image" in answer.error["message"]


# Values that mean "not given" or a number.


def no_integer(got: str) -> str:
    return f"Invalid type for 'n': expected an integer, but got {got} instead."


VALUES = [
    ("n", "1", no_integer("a string"), no_integer("a string")),
    ("n", None, None, None),
    ("size", "", "Invalid size ''.", "The size is not supported by this model."),
    ("size", "auto", None, "The size is not supported by this model."),
    ("size", None, None, None),
    ("quality", None, None, None),
    ("quality", "", "Invalid value: ''.", "Invalid value: ''."),
    ("response_format", None, None, None),
    ("response_format", "", "Unknown parameter: 'response_format'.", "Invalid value: ''."),
    ("style", "", "Unknown parameter: 'style'.", "Invalid value: ''."),
    ("style", None, None, None),
    ("user", None, None, None),
    ("user", "", None, None),
    ("model", "", "The model '' does not exist.", "The model '' does not exist."),
    ("output_compression", "100", "Invalid type for 'output_compression'", "Unknown parameter: 'output_compression'."),
    ("stream", "False", "Invalid type for 'stream'", "Unknown parameter: 'stream'."),
]
MODEL = {FAKEAI: "dall-e-2", OPENAI: "gpt-image-2", DALLE: "dall-e-2"}
"""A model of each profile that has a square of its default size."""


@pytest.mark.parametrize("profile", [FAKEAI, OPENAI, DALLE])
@pytest.mark.parametrize("name, value, openai, dalle", VALUES, ids=lambda value: repr(value)[:20])
def test_a_value_in_json_is_taken_by_its_meaning_or_refused_by_its_type(pool, profile, name, value, openai, dalle):
    body = compact_json({"model": MODEL[profile], "prompt": "a lake"} | {name: value})
    answer = exchange(pool, "POST", f"/profiles/{profile}{GENERATIONS}", [("Host", HOST), *BEARER, *body.described], body.data)
    check_value(answer, {FAKEAI: None, OPENAI: openai, DALLE: dalle}[profile])


def check_value(answer: Answer, refusal: str | None) -> None:
    if refusal is None:
        assert answer.status == 200, answer.body
    else:
        assert answer.status == 400 and answer.error["message"].startswith(refusal), answer.error


IN_FORMS = [
    ("n", "1", None), ("n", "", "Invalid type for 'n'"), ("n", " 1", "Invalid type for 'n'"),
    ("size", "", "Invalid size ''."), ("size", "auto", None),
    ("quality", "", "Invalid value: ''."), ("background", "", "Invalid value: ''."), ("user", "", None), ("user", "null", None),
    ("model", "", "The model '' does not exist."), ("style", "", "Unknown parameter: 'style'."),
    ("response_format", "", "Unknown parameter: 'response_format'."), ("output_compression", "100", None),
    ("stream", "false", None), ("stream", "False", "Invalid type for 'stream'"), ("stream", "", "Invalid type for 'stream'"),
    ("partial_images", "0", None),
]


@pytest.mark.parametrize("profile", [FAKEAI, OPENAI])
@pytest.mark.parametrize("name, value, refusal", IN_FORMS, ids=lambda value: repr(value)[:20])
def test_a_value_in_a_form_is_text(pool, profile, name, value, refusal):
    parts = {part.name: part for part in [*GPT_EDIT, *text(**{name: value})]}
    body = httpx_form([*parts.values(), Part("image", RED, "a.png", "image/png")])
    answer = exchange(pool, "POST", f"/profiles/{profile}{EDITS}", [("Host", HOST), *BEARER, *body.described], body.data)
    check_value(answer, refusal if profile == OPENAI else None)


# HTTP.


def test_an_offer_of_http_2_leaves_the_connection_as_it_is(pool):
    """The JDK's client would take a 101 for consent, and goes on in HTTP/1.1 otherwise, on the same connection."""
    [request] = [request for request in ALL if request.what == "an offer of HTTP/2"]
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", pool.port, timeout=30)) as connection:
        for _ in range(2):
            connection.request("POST", request.target, request.body.data, dict(request.headers) | {"Host": f"127.0.0.1:{pool.port}"})
            response = connection.getresponse()
            assert response.status == 200 and json.loads(response.read())["data"]
            assert response.getheader("Upgrade") is None and response.getheader("Connection") == "keep-alive"
            assert connection.sock is not None


def test_a_client_that_waits_for_100_continue_gets_it(pool):
    """curl waits for a second before a body of more than a megabyte."""
    body = curl_form([*GPT_EDIT, Part("image", large_picture(), "a.png", "image/png")])
    assert len(body.data) > 1_000_000
    with socket.create_connection(("127.0.0.1", pool.port), timeout=30) as connection:
        headers = curl([*BEARER, ("Expect", "100-continue")], body)
        head = "".join(f"{name}: {value.replace(HOST, 'localhost')}\r\n" for name, value in headers)
        connection.sendall(f"POST {EDITS} HTTP/1.1\r\n{head}\r\n".encode())
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n", "before the body"
        connection.sendall(body.data)
        response = http.client.HTTPResponse(connection, method="POST")
        response.begin()
        assert response.status == 200, response.read()


def large_picture() -> bytes:
    """Noise, which no format makes smaller."""
    file = io.BytesIO()
    Image.frombytes("RGB", (640, 640), random.Random(7).randbytes(640 * 640 * 3)).save(file, "PNG", compress_level=0)
    return file.getvalue()


@pytest.mark.parametrize("accept", ["application/binary", "text/event-stream", "image/*", "application/json, text/plain, */*"])
def test_an_answer_does_not_depend_on_what_is_accepted(pool, accept):
    body = compact_json({"model": "gpt-image-2", "prompt": "a lake"})
    answer = exchange(pool, "POST", GENERATIONS, [("Host", HOST), ("Accept", accept), *BEARER, *body.described], body.data)
    assert answer.status == 200 and answer.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("size", [1, 37, 4096])
@pytest.mark.parametrize("is_form", [True, False], ids=["form", "json"])
def test_a_body_in_chunks_without_a_length_is_read(pool, is_form, size):
    """As fetch of Node sends a stream, and Go a pipe."""
    form = undici_form([*GPT_EDIT, Part("image", RED, "blob", "image/png")])
    target, body = (EDITS, form) if is_form else (GENERATIONS, compact_json({"model": "gpt-image-1.5", "prompt": "a lake"}))
    chunks = [body.data[start : start + size] for start in range(0, len(body.data), size)]
    data = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"
    headers = [("host", HOST), *BEARER, ("content-type", body.content_type), ("transfer-encoding", "chunked")]
    answer = exchange(pool, "POST", target, headers, data)
    assert answer.status == 200 and answer.headers["X-FakeAI-Ignored"] is None, answer.body


# Pages.


ROUTES = [
    ("POST", "/v1/images/generations"), ("POST", "/v1/images/edits"), ("POST", "/v1/images/variations"), ("GET", "/v1/models"),
    ("GET", "/v1/models/gpt-image-2"), ("DELETE", "/v1/models/my-own"), ("POST", "/openai/v1/images/generations?api-version=v1"),
    ("POST", "/openai/deployments/my/images/edits?api-version=2025-04-01-preview"), ("GET", "/openai/models/gpt-image-2"),
    ("POST", "/images/generations"), ("POST", "/profiles/fakeai/v1/images/generations"), ("GET", "/v1/nothing"),
]
STAINLESS = (
    "authorization,content-type,x-stainless-arch,x-stainless-lang,x-stainless-os,x-stainless-package-version,x-stainless-retry-count,"
    "x-stainless-runtime,x-stainless-runtime-version,x-stainless-timeout"
)


@pytest.mark.parametrize("profile", [FAKEAI, OPENAI, DALLE])
@pytest.mark.parametrize("method, target", ROUTES)
def test_a_preflight_allows_what_the_sdk_of_javascript_sends(pool, method, target, profile):
    headers = [
        ("Host", HOST), ("Connection", "keep-alive"), ("Accept", "*/*"), ("Access-Control-Request-Method", method),
        ("Access-Control-Request-Headers", STAINLESS), ("Origin", "https://chat.example"), ("X-FakeAI-Profile", profile),
    ]
    answer = exchange(pool, "OPTIONS", target, headers)
    assert 200 <= answer.status < 300
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Allow-Headers"].split(",") == STAINLESS.split(",")
    if target != "/v1/nothing":
        assert method in re.split(", *", answer.headers["Access-Control-Allow-Methods"])


@pytest.mark.parametrize("target, allowed", [
    (GENERATIONS, "*"), ("/openai/deployments/my/images/edits", "*"), ("/profiles/openai/v1/images/edits", "*"), ("/images/edits", "*"),
    ("/_fakeai/rules", None), ("//_fakeai/rules", None), ("/metrics", None),
])
def test_an_error_of_nginx_can_be_read_where_a_workers_can(pool, target, allowed):
    answer = exchange(pool, "POST", target, [("Host", HOST), ("Origin", "https://chat.example"), ("Content-Length", "60000000")])
    assert answer.status == 413 and "52 MiB" in answer.error["message"]
    assert answer.headers["Access-Control-Allow-Origin"] == answer.headers["Access-Control-Expose-Headers"] == allowed


# What an answer must have.


def has_urls(pool: Pool, answer: Answer, document: dict) -> None:
    assert document["data"] and all(urlsplit(image["url"]).netloc == f"127.0.0.1:{pool.port}" for image in document["data"])


def has_urls_of_png(pool: Pool, answer: Answer, document: dict) -> None:
    assert all(urlsplit(image["url"]).path.endswith(".png") for image in document["data"])


def has_base64(pool: Pool, answer: Answer, document: dict) -> None:
    assert document["data"]
    for image in document["data"]:
        data = base64.b64decode(image["b64_json"], validate=True)
        assert data.startswith((b"\x89PNG", b"\xff\xd8\xff", b"RIFF")), data[:8]


def has_either(pool: Pool, answer: Answer, document: dict) -> None:
    """A program that takes a URL first, and else base64."""
    (has_urls if document["data"][0].get("url") else has_base64)(pool, answer, document)


def has_no_null(pool: Pool, answer: Answer, document: dict) -> None:
    assert None not in document.values()
    assert all(None not in image.values() for image in document["data"])


def has_usage(pool: Pool, answer: Answer, document: dict) -> None:
    usage = document["usage"]
    assert usage["total_tokens"] == usage["input_tokens"] + usage["output_tokens"] > 0


def has_usage_of_input(pool: Pool, answer: Answer, document: dict) -> None:
    details = document["usage"]["input_tokens_details"]
    assert details["text_tokens"] + details["image_tokens"] == document["usage"]["input_tokens"]


def has_models(pool: Pool, answer: Answer, document: dict) -> None:
    assert document["data"] and all(model["object"] == "model" and isinstance(model["id"], str) for model in document["data"])


def succeeds_as_an_operation(pool: Pool, answer: Answer, document: dict) -> None:
    """The client polls where the header says, with its key, and fetches the image without."""
    where = urlsplit(answer.headers["operation-location"])

    def polled() -> dict | None:
        operation = json.loads(exchange(pool, "GET", f"{where.path}?{where.query}", [("Host", where.netloc), *API_KEY]).body)
        return operation if operation["status"] == "succeeded" else None

    operation = eventually(polled, within=30, what="the operation succeeded")
    [image] = operation["result"]["data"]
    checked_png(httpx.get(image["url"]).content)


NEEDS = {
    "url": has_urls,
    "url of a .png": has_urls_of_png,
    "b64_json": has_base64,
    "url or b64_json": has_either,
    "created": lambda pool, answer, document: time.gmtime(document["created"]),
    "revised_prompt": lambda pool, answer, document: [str.upper(image["revised_prompt"]) for image in document["data"]],
    "output_format": lambda pool, answer, document: str.upper(document["output_format"]),
    "no null": has_no_null,
    "usage": has_usage,
    "usage.input_tokens_details": has_usage_of_input,
    "models": has_models,
    "operation": succeeds_as_an_operation,
}
