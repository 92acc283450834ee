"""What a client can get wrong is answered in OpenAI's words, by workers that stay alive."""

from __future__ import annotations

import json
import re
import time

import httpx
import pytest

from pictures import checked_png, recipe
from pool import Pool
from wire import SILENCE, post, raw, send

UNREADABLE = (
    "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP library "
    "correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON. If you have trouble figuring "
    "out how to fix this, please contact us through our help center at help.openai.com.)"
)
IRE, IGUE = "invalid_request_error", "image_generation_user_error"


@pytest.fixture(scope="module", autouse=True)
def workers_stay_alive(pool: Pool):
    before = pool.workers
    yield
    assert pool.workers == before, "a worker died of bad input"
    assert pool.generate(size="256x256").status_code == 200


def error(message: str, kind: str, param: str | None, code: str | None) -> dict:
    return {"message": message, "type": kind, "param": param, "code": code}


def two_space_indented(body: bytes) -> bool:
    return body.decode().rstrip("\n") == json.dumps(json.loads(body), indent=2, ensure_ascii=False)


# A request body and the error that it gets, whole.
REFUSED = {
    "no JSON": (b"prompt=a+lake", error(UNREADABLE, IRE, None, None)),
    "empty body": (b"", error(UNREADABLE, IRE, None, None)),
    "half a JSON": (b'{"prompt": "a la', error(UNREADABLE, IRE, None, None)),
    "something behind": (b'{"prompt": "a"} {"prompt": "b"}', error(UNREADABLE, IRE, None, None)),
    "not UTF-8": (b'{"prompt": "\xff\xfe"}', error(UNREADABLE, IRE, None, None)),
    "single quotes": (b"{'prompt': 'a'}", error(UNREADABLE, IRE, None, None)),
    "a bare NaN": (b'{"prompt": "a", "n": NaN}', error(UNREADABLE, IRE, None, None)),
    "prompt missing": ({}, error("Missing required parameter: 'prompt'.", IRE, "prompt", "missing_required_parameter")),
    "prompt null": ({"prompt": None}, error("Missing required parameter: 'prompt'.", IRE, "prompt", "missing_required_parameter")),
    "prompt empty": (
        {"prompt": ""},
        error(
            "Invalid 'prompt': empty string. Expected a string with minimum length 1, but got an empty string instead.",
            IRE, "prompt", "empty_string",
        ),
    ),
    "prompt too long": (
        {"prompt": "x" * 32001, "model": "gpt-image-1"},
        error(
            "Invalid 'prompt': string too long. Expected a string with maximum length 32000, but got a string with length 32001 instead.",
            IRE, "prompt", "string_above_max_length",
        ),
    ),
    "prompt of a megabyte": (
        {"prompt": "x" * 2**20, "model": "gpt-image-1"},
        error(
            "Invalid 'prompt': string too long. Expected a string with maximum length 32000, but got a string with length 1048576 instead.",
            IRE, "prompt", "string_above_max_length",
        ),
    ),
    "n of 0": (
        {"prompt": "a", "n": 0},
        error("Invalid 'n': integer below minimum value. Expected a value >= 1, but got 0 instead.", IRE, "n", "integer_below_min_value"),
    ),
    "n of -1": (
        {"prompt": "a", "n": -1},
        error("Invalid 'n': integer below minimum value. Expected a value >= 1, but got -1 instead.", IRE, "n", "integer_below_min_value"),
    ),
    "n of 11": (
        {"prompt": "a", "n": 11},
        error("Invalid 'n': integer above maximum value. Expected a value <= 10, but got 11 instead.", IRE, "n", "integer_above_max_value"),
    ),
    "n of 1.5": (
        {"prompt": "a", "n": 1.5},
        error("Invalid type for 'n': expected an integer, but got a decimal number instead.", IRE, "n", "invalid_type"),
    ),
    "stream as a string": (
        {"prompt": "a", "stream": "yes"},
        error("Invalid type for 'stream': expected a boolean, but got a string instead.", IRE, "stream", "invalid_type"),
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_refusal_says_what_was_wrong(pool, case):
    body, expected = REFUSED[case]
    answer = post(pool, body)
    assert answer.status == 400
    assert answer.error == expected
    assert two_space_indented(answer.body)


ENUMERATIONS = {
    "quality": ["standard", "hd", "low", "medium", "high", "auto"],
    "style": ["vivid", "natural"],
    "response_format": ["url", "b64_json"],
    "background": ["transparent", "opaque", "auto"],
    "output_format": ["png", "webp", "jpeg"],
}


@pytest.mark.parametrize("parameter", ENUMERATIONS)
def test_an_unknown_value_is_answered_with_the_known_ones(pool, parameter):
    answer = post(pool, {"prompt": "a", parameter: "ultra"})
    assert answer.status == 400
    assert answer.error["message"].startswith("Invalid value: 'ultra'. Supported values are: ")
    for value in ENUMERATIONS[parameter]:
        assert f"'{value}'" in answer.error["message"]
    assert (answer.error["type"], answer.error["param"], answer.error["code"]) == (IRE, parameter, "invalid_value")


@pytest.mark.parametrize(
    "size", ["999x9999", "0x0", "63x64", "63", "1024x", "-1x-1", "x", "1024x1024x1024", "１０２４x1024", "9" * 400 + "x1", "4000x4000"]
)
def test_an_unknown_size_is_answered_with_the_known_ones(pool, size):
    answer = post(pool, {"prompt": "a", "size": size})
    assert answer.status == 400
    assert answer.error["message"].startswith("Invalid size '")
    for known in ["256x256", "512x512", "1024x1024", "1792x1024", "1024x1792", "1536x1024", "1024x1536"]:
        assert known in answer.error["message"]
    assert (answer.error["type"], answer.error["param"], answer.error["code"]) == (IGUE, "size", "invalid_value")


@pytest.mark.parametrize("document", ["[]", '"prompt"', "1", "null", "true"])
def test_json_that_is_no_object_is_refused(pool, document):
    answer = post(pool, document.encode())
    assert answer.status == 400
    assert answer.error["type"] == IRE


@pytest.mark.parametrize("depth", [100, 10_000, 400_000])
@pytest.mark.parametrize("opening, closing", [("[", "]"), ('{"a":', "}")])
def test_deep_nesting_is_refused_or_ignored(pool, depth, opening, closing):
    nested = opening * depth + ("1" if opening != "[" else "") + closing * depth
    assert post(pool, nested.encode()).error["type"] == IRE
    inside = post(pool, b'{"prompt": "a", "size": "256x256", "extra": ' + nested.encode() + b"}")
    assert inside.status == 200 or (inside.status == 400 and inside.error["message"] == UNREADABLE)


@pytest.mark.parametrize("escape", [r"\ud800", r"\udc00\ud800", r"\ud800x", r"\ude00"])
def test_a_lone_surrogate_is_refused(pool, escape):
    answer = post(pool, f'{{"prompt": "a {escape} b"}}'.encode())
    assert answer.status == 400
    assert answer.error["type"] == IRE


def test_an_escaped_pair_is_one_character(pool):
    answer = post(pool, rb'{"prompt": "fox \ud83e\udd8a", "size": "256x256"}')
    assert answer.status == 200
    [image] = json.loads(answer.body)["data"]
    assert recipe(checked_png(httpx.get(image["url"]).content))["prompt"] == "fox 🦊"


def test_a_nul_in_the_prompt_does_no_harm(pool):
    answer = post(pool, rb'{"prompt": "a\u0000b", "size": "256x256"}')
    if answer.status == 200:
        [image] = json.loads(answer.body)["data"]
        checked_png(httpx.get(image["url"]).content, "256x256")
    else:
        assert answer.status == 400
        assert answer.error["param"] == "prompt"


def test_duplicate_keys_are_answered_one_way_or_the_other(pool):
    answer = post(pool, b'{"prompt": "first", "prompt": "second", "size": "256x256"}')
    if answer.status == 200:
        [image] = json.loads(answer.body)["data"]
        assert recipe(checked_png(httpx.get(image["url"]).content))["prompt"] in {"first", "second"}
    else:
        assert answer.status == 400 and answer.error["type"] == IRE


def test_unknown_keys_are_ignored_and_null_means_not_given(pool):
    answer = post(pool, {"prompt": "a", "n": None, "size": None, "quality": None, "my_key": {"deep": [1]}})
    assert answer.status == 200
    assert len(json.loads(answer.body)["data"]) == 1


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "application/xml"])
def test_another_content_type_is_refused(pool, content_type):
    answer = post(pool, {"prompt": "a"}, content_type)
    assert answer.status == 400
    assert answer.error == error(
        f"Unsupported content type: '{content_type}'. This API method only accepts 'application/json' requests, but you "
        f"specified the header 'Content-Type: {content_type}'. Please try again with a supported content type.",
        IRE, None, "unsupported_content_type",
    )


@pytest.mark.parametrize("content_type", ["application/json", "application/json; charset=utf-8", "Application/JSON"])
def test_json_is_recognised(pool, content_type):
    assert post(pool, {"prompt": "a", "size": "256x256"}, content_type).status == 200


@pytest.mark.parametrize(
    "method, path",
    [("GET", "/v1/foo"), ("POST", "/v1/foo"), ("GET", "/v1"), ("POST", "/v1/images"), ("GET", "/nothing.php"), ("DELETE", "/v1/images/x")],
)
def test_an_unknown_path_is_404(pool, method, path):
    answer = send(pool, method, path, b"{}" if method == "POST" else None)
    assert answer.status == 404
    assert answer.error == error(f"Invalid URL ({method} {path})", IRE, None, None)


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_model_that_is_none_is_404(pool, method):
    answer = send(pool, method, "/v1/models/x", None, [("X-FakeAI-Profile", "openai"), ("Authorization", "Bearer test")])
    assert answer.status == 404
    assert answer.error == error("The model 'x' does not exist", IRE, "model", "model_not_found")
    assert two_space_indented(answer.body)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_another_method_is_405(pool, method):
    answer = send(pool, method, "/v1/images/generations")
    assert answer.status == 405
    assert "POST" in answer.headers["Allow"]
    assert answer.error == error("Only POST requests are accepted.", IRE, None, "method_not_supported")


@pytest.mark.parametrize("method", ["BREW", "PROPFIND", "TRACE", "CONNECT"])
def test_a_strange_method_is_refused(pool, method):
    answer = send(pool, method, "/v1/images/generations")
    assert answer.status in {400, 405, 501}
    assert answer.error["message"]


@pytest.mark.parametrize(
    "path",
    [
        "/v1/models/" + "x" * 2000,
        "/v1/models/%00",
        "/v1/models/%ff",
        "//v1//models",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/v1/images/generations/",
    ],
)
def test_an_odd_path_never_gets_a_page(pool, path):
    answer = send(pool, "GET", path)
    assert answer.headers["Content-Type"].startswith("application/json")
    if answer.status >= 400:
        assert answer.error["message"]


# What nginx refuses itself still looks like OpenAI.
def test_a_body_of_60_megabytes_is_413(pool):
    answer = post(pool, b'{"prompt": "' + b"x" * 60_000_000 + b'"}')
    assert answer.status == 413
    assert answer.error["message"]


def test_a_header_that_is_too_large_is_refused(pool):
    answer = send(pool, "GET", "/v1/models", None, [("X-Large", "x" * 100_000)])
    assert answer.status in {400, 431}
    assert answer.error["message"]


def test_a_target_that_is_too_long_is_414(pool):
    answer = send(pool, "GET", "/" + "x" * 100_000)
    assert answer.status == 414
    assert answer.error["message"]


@pytest.mark.parametrize(
    "request_head",
    [
        b"GET /v1/models HTTP/1.1\r\n\r\n",
        b"GET /v1/models HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET /v1/models HTTP/1.1\r\nHost: /../\r\n\r\n",
        b"NONSENSE\r\n\r\n",
        b"GET /v1/models HTTP/9.9\r\nHost: a\r\n\r\n",
        b"POST /v1/images/generations HTTP/1.1\r\nHost: a\r\nContent-Length: abc\r\n\r\n",
        b"POST /v1/images/generations HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    ],
    ids=["no Host", "two Hosts", "bad Host", "no HTTP", "HTTP 9.9", "length abc", "length -1"],
)
def test_broken_http_is_refused_without_a_page(pool, request_head):
    status_line, _, rest = raw(pool, request_head.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")).partition(b"\r\n")
    assert b"<html" not in rest.lower()
    if status_line.startswith(b"HTTP/"):
        assert re.match(rb"HTTP/1\.[01] (4\d\d|505) ", status_line)
        assert "message" in json.loads(rest.partition(b"\r\n\r\n")[2])["error"]


HEAD = b"POST /v1/images/generations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\n"


def test_a_body_shorter_than_its_length_is_never_taken_for_a_request(pool):
    """The body is valid JSON by itself; its length says that more was to come, and the client is gone."""
    before = pool.statistics()["total_images"]
    answer = raw(pool, HEAD + b'Content-Length: 500\r\n\r\n{"prompt": "cut short"}', then_close=True)
    assert answer == b"" or re.match(rb"HTTP/1\.1 4\d\d ", answer)
    assert pool.statistics()["total_images"] == before


def test_a_body_that_never_comes_ends_in_a_timeout(pool):
    """nginx closes such a connection without a word; that it closes at all is what matters."""
    began = time.monotonic()
    answer = raw(pool, HEAD + b"Content-Length: 500\r\n\r\n{")
    assert answer == b"" or re.match(rb"HTTP/1\.1 408\b", answer)
    assert time.monotonic() - began < SILENCE, "the connection was still open"


def test_a_chunked_body_is_a_body(pool):
    body = b'{"prompt": "in chunks", "size": "256x256"}'
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (body[:10], body[10:])) + b"0\r\n\r\n"
    answer = raw(pool, HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunks)
    assert re.match(rb"HTTP/1\.1 200\b", answer)
