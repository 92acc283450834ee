"""The routes beside images: models, health, statistics, and what every answer carries."""

from __future__ import annotations

import re

import httpx
import pytest


def test_models_are_listed_as_openai_lists_them(pool):
    document = httpx.get(f"{pool.url}/v1/models").json()
    assert document["object"] == "list"
    models = {model["id"]: model for model in document["data"]}
    assert {"dall-e-2", "dall-e-3", "gpt-image-1"} <= models.keys()
    for model in models.values():
        assert model["object"] == "model" and isinstance(model["created"], int) and model["owned_by"]


@pytest.mark.parametrize("model", ["dall-e-3", "my-own-model", "org/model:7"])
def test_any_model_can_be_retrieved(pool, model):
    response = httpx.get(f"{pool.url}/v1/models/{model}")
    assert response.status_code == 200
    assert (response.json()["id"], response.json()["object"]) == (model, "model")


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_answered(pool, path):
    assert httpx.get(pool.url + path).status_code == 200


def test_a_person_finds_a_page(pool):
    response = httpx.get(pool.url + "/")
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/html")
    assert "/v1/images/generations" in response.text


def test_answers_carry_openai_headers(pool):
    first, second = pool.generate(size="256x256"), pool.generate(size="256x256")
    for response in (first, second):
        assert response.headers["Content-Type"] == "application/json"
        assert re.fullmatch(r"req_[0-9a-f]{32}", response.headers["x-request-id"])
        assert response.headers["openai-version"] == "2020-10-01"
        assert int(response.headers["openai-processing-ms"]) >= 0
    assert first.headers["x-request-id"] != second.headers["x-request-id"]


def test_an_answer_has_the_shape_of_its_model(pool):
    dalle = pool.generate(model="dall-e-3", prompt="a lake").json()
    assert dalle.keys() == {"created", "data"}
    assert dalle["data"][0].keys() == {"url", "revised_prompt"}

    gpt = pool.generate(model="gpt-image-1", prompt="a lake", size="1024x1024", quality="low").json()
    assert list(gpt) == ["created", "background", "data", "output_format", "quality", "size", "usage"]
    assert gpt["data"][0].keys() == {"b64_json"}
    assert (gpt["output_format"], gpt["quality"], gpt["size"]) == ("png", "low", "1024x1024")
    assert gpt["usage"]["output_tokens"] == 272
    assert gpt["usage"]["total_tokens"] == gpt["usage"]["input_tokens"] + gpt["usage"]["output_tokens"]
