"""Answers of every route, in every profile and format: to the last member as the description and the official client's types have them."""

from __future__ import annotations

import json

import httpx
import pytest
from openai.types import ImageEditStreamEvent, ImageGenStreamEvent, ImagesResponse, Model, ModelDeleted

from rows import DALLE, FAKEAI, OPENAI
from schema import valid
from sdk_types import strictly
from uploads import data_url, picture

FILES = {"image": ("image.png", picture(), "image/png")}

# How an endpoint is told its parameters: its path and the arguments of httpx's `post`.
CALLS = {
    "generation": ("generations", lambda parameters: {"json": parameters}),
    "edit as a form": ("edits", lambda parameters: {"data": parameters, "files": FILES}),
    "edit as JSON": ("edits", lambda parameters: {"json": parameters | {"images": [{"image_url": data_url(picture())}]}}),
}
MODELS = {FAKEAI: "gpt-image-2", OPENAI: "gpt-image-2.5-flare", DALLE: "gpt-image-1"}
FORMATS = ["png", "jpeg", "webp", "gif", "svg"]


@pytest.fixture(scope="module")
def client(pool):
    with httpx.Client(base_url=pool.url, headers={"Authorization": "Bearer test"}, timeout=60) as client:
        yield client


def ask(client: httpx.Client, profile: str, call: str, **parameters: object) -> httpx.Response:
    path, arguments = CALLS[call]
    asked = {"model": MODELS[profile], "prompt": "A lake", "size": "1024x1024"} | parameters
    answer = client.post(f"/v1/images/{path}", headers={"X-FakeAI-Profile": profile}, **arguments(asked))
    assert answer.status_code == 200, answer.text
    return answer


def checked(answer: httpx.Response) -> dict:
    document = answer.json()
    valid("ImagesResponse", document)
    strictly(ImagesResponse, document)
    return document


@pytest.mark.parametrize("profile", MODELS)
@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("output_format", FORMATS)
def test_an_answer_of_a_gpt_model(client, profile, call, output_format):
    document = checked(ask(client, profile, call, output_format=output_format, user="me"))
    assert list(document) == ["created", "background", "data", "output_format", "quality", "safety_identifier", "size", "usage"]
    assert document["output_format"] == output_format


@pytest.mark.parametrize("profile", MODELS)
@pytest.mark.parametrize("call", CALLS)
def test_an_svg_that_a_model_writes(client, profile, call):
    svg = {"svg": {"model": "gpt-5"}} if call != "edit as a form" else {"svg[model]": "gpt-5"}
    document = checked(ask(client, profile, call, output_format="svg", **svg))
    assert list(document) == ["created", "background", "data", "output_format", "quality", "size", "svg_usage", "usage"]


OF_DALLE = [(FAKEAI, "dall-e-2"), (FAKEAI, "dall-e-3"), (FAKEAI, "own"), (DALLE, "dall-e-2"), (DALLE, "dall-e-3")]


@pytest.mark.parametrize("profile, model", OF_DALLE)
@pytest.mark.parametrize("response_format", ["url", "b64_json"])
def test_an_answer_of_dall_e(client, profile, model, response_format):
    document = checked(ask(client, profile, "generation", model=model, response_format=response_format))
    assert list(document) == ["created", "data"]
    [image] = document["data"]
    assert list(image) == [response_format, *(["revised_prompt"] if model == "dall-e-3" else [])]


@pytest.mark.parametrize("profile", [FAKEAI, DALLE])
@pytest.mark.parametrize("path", ["edits", "variations"])
@pytest.mark.parametrize("response_format", ["url", "b64_json"])
def test_an_answer_to_dall_e_2s_edits_and_variations(client, profile, path, response_format):
    fields = {"model": "dall-e-2", "size": "256x256", "response_format": response_format} | ({"prompt": "x"} if path == "edits" else {})
    answer = client.post(f"/v1/images/{path}", headers={"X-FakeAI-Profile": profile}, data=fields, files=FILES)
    document = checked(answer)
    assert list(document) == ["created", "data"] and list(document["data"][0]) == [response_format]


@pytest.mark.parametrize("profile", MODELS)
@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("output_format", ["png", "jpeg", "webp"])
def test_the_events_of_a_stream(client, profile, call, output_format):
    answer = ask(client, profile, call, output_format=output_format, stream=True, partial_images=2, user="me")
    events = [json.loads(line.removeprefix("data: ")) for line in answer.text.splitlines() if line.startswith("data: ")]
    kind, schema, types = {
        True: ("image_generation", "ImageGen", ImageGenStreamEvent), False: ("image_edit", "ImageEdit", ImageEditStreamEvent),
    }[call == "generation"]
    assert [event["type"] for event in events] == [f"{kind}.partial_image"] * 2 + [f"{kind}.completed"]
    for event in events:
        valid(f"{schema}{'CompletedEvent' if event['type'].endswith('completed') else 'PartialImageEvent'}", event)
        strictly(types, event)


@pytest.mark.parametrize("profile", MODELS)
def test_models(client, profile):
    headers = {"X-FakeAI-Profile": profile}
    listed = client.get("/v1/models", headers=headers).json()
    valid("ListModelsResponse", listed)
    for model in listed["data"]:
        strictly(Model, model)
        retrieved = client.get(f"/v1/models/{model['id']}", headers=headers).json()
        valid("Model", retrieved)
        assert retrieved == model
        deleted = client.delete(f"/v1/models/{model['id']}", headers=headers).json()
        valid("DeleteModelResponse", deleted)
        strictly(ModelDeleted, deleted)
        checked(ask(client, profile, "generation", model=model["id"]))


def test_azures_models(client):
    valid("ListModelsResponse", client.get("/openai/models?api-version=2025-04-01-preview").json())
