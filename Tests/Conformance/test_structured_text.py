"""Texts that must fit a schema, as another program checks it: pydantic's models through the official client, and jsonschema."""

from __future__ import annotations

import json
from enum import Enum
from typing import Annotated, Literal

import openai
import pytest
from jsonschema import Draft202012Validator
from pydantic import BaseModel, Field

TOOL = {"type": "image_generation", "size": "256x256"}


class Mood(Enum):
    CALM = "calm"
    WILD = "wild"


class Color(BaseModel):
    name: Literal["red", "green"]
    share: Annotated[float, Field(gt=0, le=1)]


class Scene(BaseModel):
    """What a program that describes pictures asks for."""

    caption: Annotated[str, Field(min_length=3, max_length=30)]
    mood: Mood
    colors: Annotated[list[Color], Field(min_length=2, max_length=3)]
    people: Annotated[int, Field(ge=1, multiple_of=3)]
    artist: str | None
    size: tuple[int, int]
    is_photo: bool


class Part(BaseModel):
    name: str
    parts: list[Part]
    whole: Part | None


class Choice(BaseModel):
    value: Scene | Color | None


@pytest.fixture(scope="module")
def client(pool):
    with openai.OpenAI(api_key="test", base_url=f"{pool.url}/v1", max_retries=0) as client:
        yield client


@pytest.mark.parametrize("tools", [[], [TOOL]], ids=["text", "picture"])
@pytest.mark.parametrize("model", [Scene, Color, Part, Choice])
def test_the_client_parses_what_it_asked_for(client, model, tools):
    response = client.responses.parse(model="gpt-5", input="A lake", tools=tools, text_format=model)
    assert isinstance(response.output_parsed, model)
    assert response.output_parsed == client.responses.parse(model="gpt-5", input="A lake", tools=tools, text_format=model).output_parsed


@pytest.mark.parametrize("model", [Scene, Part])
def test_the_stream_helper_parses_it_too(client, model):
    with client.responses.stream(model="gpt-5", input="A lake", tools=[TOOL], text_format=model) as stream:
        assert isinstance(stream.get_final_response().output_parsed, model)


SCHEMAS = [
    {"type": "object", "properties": {"a": {"type": "string", "format": form}}, "required": ["a"]}
    for form in ("date-time", "date", "time", "duration", "email", "hostname", "ipv4", "ipv6", "uri", "uuid")
] + [
    {"type": "object", "properties": {"n": {"type": kind, **bounds}}, "required": ["n"]}
    for kind in ("integer", "number")
    for bounds in (
        {"minimum": 5}, {"maximum": -5}, {"exclusiveMinimum": -1, "exclusiveMaximum": 1}, {"minimum": 7, "multipleOf": 5},
        {"maximum": -7, "multipleOf": 5}, {"exclusiveMinimum": 10, "multipleOf": 10}, {"minimum": 1e12}, {"enum": [3, 4], "minimum": 4},
    )
] + [
    {"type": "array", "items": {"type": ["string", "null"], "maxLength": 3}, "minItems": 5, "uniqueItems": True},
    {"type": "array", "prefixItems": [{"const": 1}, {"type": "null"}], "items": {"type": "boolean"}, "minItems": 4},
    {"type": "object", "x-unknown": True, "additionalProperties": {"type": "integer"}, "required": ["x", "y"], "maxProperties": 2},
    {"oneOf": [{"type": "object", "required": ["a"]}, {"type": "object", "required": ["a", "b"]}, {"type": "array", "maxItems": 0}]},
    {"allOf": [{"$ref": "#/$defs/base"}, {"properties": {"kind": {"const": "b"}}}], "$defs": {"base": {
        "type": "object", "required": ["kind", "id"], "properties": {
            "kind": {"enum": ["a", "b"]}, "id": {"type": "integer", "minimum": 1}}}}},
    {"$ref": "#/$defs/tree", "$defs": {"tree": {"type": "object", "required": ["left", "right"], "properties": {
        "left": {"anyOf": [{"$ref": "#/$defs/tree"}, {"type": "null"}]}, "right": {"type": "array", "items": {"$ref": "#/$defs/tree"}}}}}},
    {"not": {"type": "string"}, "type": ["string", "number"]},
    {"const": {"deep": [1, 2.5, "\u00e4\"\\", None, {"x": {}}]}},
]


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: json.dumps(schema)[:60])
def test_another_validator_agrees(client, schema):
    Draft202012Validator.check_schema(schema)
    text = {"format": {"type": "json_schema", "name": "M", "schema": schema}}
    response = client.responses.create(model="gpt-5", input="A lake", text=text)
    part = response.output[-1].content[0]
    assert part.type == "output_text", part
    Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(json.loads(part.text))


def test_a_schema_that_nothing_fits_gets_a_refusal(client):
    class Code(BaseModel):
        code: Annotated[str, Field(pattern="^[A-Z]{3}$")]

    response = client.responses.parse(model="gpt-5", input="A lake", tools=[TOOL], text_format=Code)
    assert response.output_parsed is None
    assert response.output[0].result and response.output[1].content[0].refusal.endswith("at properties.code, 'pattern' is not supported.")


def test_json_without_a_schema_is_an_object(client):
    response = client.responses.create(model="gpt-5", input="A lake as JSON", text={"format": {"type": "json_object"}})
    assert isinstance(json.loads(response.output_text), dict)
