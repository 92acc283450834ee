"""The routes beside images: models, health, statistics, and what every answer carries."""

from __future__ import annotations

import re
import urllib.parse

import httpx
import pytest

from wire import raw


def test_models_are_listed_as_openai_lists_them(pool):
    document = httpx.get(f"{pool.url}/v1/models").json()
    assert document["object"] == "list"
    models = {model["id"]: model for model in document["data"]}
    assert {"dall-e-2", "dall-e-3", "gpt-image-1"} <= models.keys()
    for model in models.values():
        assert model["object"] == "model" and isinstance(model["created"], int) and model["owned_by"]


@pytest.mark.parametrize("model", ["dall-e-3", "my-own-model", "ft:model:org::7", "org/model"])
def test_any_model_can_be_retrieved(pool, model):
    response = httpx.get(f"{pool.url}/v1/models/{urllib.parse.quote(model, safe=':')}")
    assert response.status_code == 200
    assert (response.json()["id"], response.json()["object"]) == (model, "model")


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_answered(pool, path):
    assert httpx.get(pool.url + path).status_code == 200


def test_a_person_finds_a_page(pool):
    response = httpx.get(pool.url + "/")
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/html")
    assert "<title>fakeai-images" in response.text and 'src="control/app.js"' in response.text


def test_answers_carry_openai_headers(pool):
    first, second = pool.generate(size="256x256"), pool.generate(size="256x256")
    for response in (first, second):
        assert response.headers["Content-Type"] == "application/json"
        assert re.fullmatch(r"req_[0-9a-f]{32}", response.headers["x-request-id"])
        assert response.headers["openai-version"] == "2020-10-01"
        assert int(response.headers["openai-processing-ms"]) >= 0
    assert first.headers["x-request-id"] != second.headers["x-request-id"]


def test_an_answer_has_the_shape_of_its_model(pool):
    dalle = pool.generate(model="dall-e-3").json()
    assert dalle.keys() == {"created", "data"}
    assert dalle["data"][0].keys() == {"url", "revised_prompt"}
    [image] = pool.generate(model="dall-e-2").json()["data"]
    assert image.keys() == {"url"}
    [image] = pool.generate(model="gpt-image-1").json()["data"]
    assert image.keys() == {"b64_json"}


def test_the_status_line_has_all_its_parts(pool):
    """RFC 9112, section 4: a blank follows the status code even where no reason does. Strict clients insist."""
    answer = raw(pool, b"GET /v1/models HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
