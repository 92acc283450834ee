"""The profile `fakeai` refuses no call that the types of the official client allow, taken from these types."""

from __future__ import annotations

import random
from typing import Literal, get_args, get_origin, get_type_hints

import openai
import pytest
from openai.types import image_edit_params, image_generate_params

from uploads import picture

NUMBERS = {
    "n": [1, 2],
    "output_compression": [0, 50, 100],
    "partial_images": [0, 1, 2, 3],
    "frame_count": [2, 16],
    "frame_duration_ms": [10, 200],
}
TEXTS = {"model": ["own"], "prompt": ["A lake"], "size": ["2048x1152"], "safety_identifier": ["me"], "user": ["me"]}


def literals(annotation: object) -> list:
    """Every value of every Literal within a type."""
    if get_origin(annotation) is Literal:
        return list(get_args(annotation))
    return [value for argument in get_args(annotation) for value in literals(argument)]


def values(params: type) -> dict[str, list]:
    """What each parameter may be, by its type."""
    allowed = {
        name: [*literals(annotation), *NUMBERS.get(name, []), *TEXTS.get(name, [])] for name, annotation in get_type_hints(params).items()
    }
    efforts = literals(get_type_hints(image_generate_params.SvgReasoning)["effort"])
    allowed["svg"] = [{"model": "gpt-5"}, *({"model": "gpt-5", "reasoning": {"effort": effort}} for effort in efforts)]
    return {name: [*values, None] if name != "prompt" else values for name, values in allowed.items() if values}


GENERATE = values(image_generate_params.ImageGenerateParamsNonStreaming)
EDIT = values(image_edit_params.ImageEditParamsNonStreaming)


@pytest.fixture(scope="module")
def client(pool):
    with openai.OpenAI(api_key="test", base_url=f"{pool.url}/v1", max_retries=0) as client:
        yield client


def test_the_types_name_what_is_known_here():
    """A parameter that a later client brings is to be noticed."""
    assert set(GENERATE) == {
        "background", "complexity", "frame_count", "frame_duration_ms", "model", "moderation", "n", "output_compression", "output_format",
        "partial_images", "prompt", "quality", "response_format", "safety_identifier", "size", "stream", "style", "svg", "user",
    }


@pytest.mark.parametrize("name", GENERATE)
def test_every_value_of_every_parameter_is_taken(client, name):
    for value in GENERATE[name]:
        call = {"prompt": "A lake", "size": "256x256"} | {name: value}
        assert client.images.generate(**call).data, call


@pytest.mark.parametrize("name", EDIT)
def test_every_value_of_every_parameter_of_an_edit_is_taken(client, name):
    for value in EDIT[name]:
        call = {"prompt": "A lake", "size": "256x256", "image": picture()} | {name: value}
        assert client.images.edit(**call).data, call


@pytest.mark.parametrize("seed", range(40))
def test_parameters_are_taken_in_any_combination(client, seed):
    choice = random.Random(seed)
    names = choice.sample(sorted(GENERATE), choice.randint(3, len(GENERATE)))
    call = {"prompt": "A lake", **{name: choice.choice(GENERATE[name]) for name in names}, "size": "256x256"}
    call.pop("stream", None)
    if choice.random() < 0.3:
        events = list(client.images.generate(**call, stream=True))
        assert events[-1].type == "image_generation.completed", call
    else:
        assert len(client.images.generate(**call).data) == (call.get("n") or 1), call
