"""`/openapi.json` is valid and true, `/_fakeai` lists what there is, and browsers find an icon."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator

import httpx
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

METHODS = ["get", "head", "post", "put", "delete", "patch", "options"]
EXAMPLES = {"file": f"{'0' * 32}.png", "model": "dall-e-3", "deployment": "dall-e-3", "operation": "none"}
EXAMPLES |= {"response": "resp_none", "batch": "batch_none", "endpoint": "whe_none", "file_id": "file-none", "upload": "upload_none"}


@pytest.fixture(scope="module")
def client(pool) -> Iterator[httpx.Client]:
    with pool.client() as client:
        yield client


@pytest.fixture(scope="module")
def document(client) -> dict:
    return client.get("/openapi.json").raise_for_status().json()


def operations(document: dict) -> list[tuple[str, str]]:
    return [(path, method) for path, item in document["paths"].items() for method in METHODS if method in item]


def send(client: httpx.Client, method: str, path: str, **more) -> httpx.Response:
    headers = {"Content-Type": "application/json"} if method in ("post", "put") else {}
    with client.stream(method, path.format_map(EXAMPLES), headers=headers, **more) as response:
        # A stream of events has no end.
        if not response.headers.get("Content-Type", "").startswith("text/event-stream"):
            response.read()
        return response


def test_the_description_is_valid(document):
    assert document["openapi"] == "3.1.0"
    errors = [f"{list(error.absolute_path)}: {error.message}" for error in OpenAPIV31SpecValidator(document).iter_errors()]
    assert errors == []


def test_every_operation_exists_and_answers_as_described(client, document):
    assert len(operations(document)) > 40
    for path, method in operations(document):
        response = send(client, method, path, content=b"{" if method in ("post", "put") else None)
        assert str(response.status_code) in document["paths"][path][method]["responses"], f"{method} {path}: {response.status_code}"
        if response.is_stream_consumed:
            assert "Invalid URL" not in response.text
        assert response.status_code != 405, f"{method} {path}: {response.text}"


@pytest.mark.parametrize("path", ["/v1/images/edits", "/openai/images/edits", "/openai/deployments/{deployment}/images/edits"])
def test_an_edit_of_an_unknown_file_is_answered_as_described(client, document, path):
    response = client.post(path.format_map(EXAMPLES), json={"prompt": "A lake", "images": [{"file_id": EXAMPLES["file_id"]}]})
    assert response.status_code == 404, response.text
    assert "404" in document["paths"][path]["post"]["responses"]


def test_no_route_answers_a_method_that_is_not_described(client, document):
    for path, item in document["paths"].items():
        for method in set(METHODS) - item.keys():
            assert send(client, method, path).status_code == 405, f"{method} {path}"


def test_every_route_that_metrics_count_is_described(pool, client, document):
    send(client, "get", "/_fakeai/faults")
    routes = {sample.labels["route"] for sample in pool.metrics()["fakeai_requests"].samples if sample.name.endswith("_total")}
    assert "/_fakeai/faults" in routes
    assert routes - {"other"} <= document["paths"].keys()


def test_errors_in_requests_for_images_have_the_described_status(client, document):
    described = document["paths"]["/v1/images/generations"]["post"]["responses"]
    cases = {400: {"json": {"prompt": ""}}, 401: {"json": {"prompt": "x"}, "headers": {"X-FakeAI-Profile": "openai"}},
             415: {"content": b"x", "headers": {"Content-Encoding": "br"}}}
    for status, case in cases.items():
        response = client.post("/v1/images/generations", **case)
        assert response.status_code == status
        assert str(status) in described
    for fault in ("missing_api_key", "unverified", "billing", "rate_limit", "server_error", "overloaded", "generation_failed"):
        response = client.post("/v1/images/generations", json={"prompt": "x"}, headers={"X-FakeAI-Fault": fault})
        assert str(response.status_code) in described


@pytest.mark.parametrize("path", ["/_fakeai", "/_fakeai/"])
def test_a_person_finds_all_routes(pool, document, path):
    response = httpx.get(pool.url + path)
    listed = response.raise_for_status().json()["data"]
    assert listed[0]["path"].startswith("/_fakeai")
    described = {(route, method) for route, method in operations(document) if method not in ("head", "options")}
    assert {(entry["path"], entry["method"].lower()) for entry in listed} == described
    assert all(entry["description"].endswith(".") for entry in listed)
    assert httpx.get(pool.url + path, headers={"X-Forwarded-For": "192.0.2.1"}).status_code == 403


def test_a_browser_finds_an_icon(pool):
    response = httpx.get(f"{pool.url}/favicon.ico")
    assert (response.status_code, response.headers["Content-Type"]) == (200, "image/x-icon")
    reserved, kind, count = struct.unpack_from("<HHH", response.content)
    assert (reserved, kind, count) == (0, 1, 2)
    for number in range(count):
        length, offset = struct.unpack_from("<II", response.content, 6 + 16 * number + 8)
        assert response.content[offset:].startswith(b"\x89PNG") and offset + length <= len(response.content)
    assert '<link rel="icon" href="favicon.ico"' in httpx.get(pool.url).text
    refusal = httpx.post(f"{pool.url}/favicon.ico")
    assert refusal.status_code == 404
    assert json.loads(refusal.text)["error"]["message"] == "Invalid URL (POST /favicon.ico)"
