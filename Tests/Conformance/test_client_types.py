"""The profile `fakeai` refuses no call that the types of the official client allow, taken from these types; nor an upload for its bytes."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Literal, get_args, get_origin, get_type_hints

import openai
import pytest
from openai.types import image_create_variation_params, image_edit_params, image_generate_params

from uploads import picture

# The client calls variations so.
pytestmark = pytest.mark.filterwarnings("ignore:deprecated:DeprecationWarning")

NUMBERS = {
    "n": [1, 2],
    "output_compression": [0, 50, 100],
    "partial_images": [0, 1, 2, 3],
    "frame_count": [2, 16],
    "frame_duration_ms": [10, 200],
}
TEXTS = {"model": ["own"], "prompt": ["A lake"], "size": ["2048x1152"], "safety_identifier": ["me"], "user": ["me"]}
FILES = [
    picture(mode="RGBA"), ("a.jpg", picture(kind="JPEG")), ("a", picture(kind="WEBP"), "image/webp"), b"", b"no picture", picture()[:70],
]


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
    for name in allowed.keys() & {"image", "mask", "markup"}:
        allowed[name] = list(FILES)
    if params is image_edit_params.ImageEditParamsNonStreaming:
        allowed["image"] += [FILES, FILES[:1]]
    if "svg" in allowed:
        efforts = literals(get_type_hints(image_generate_params.SvgReasoning)["effort"])
        allowed["svg"] = [{"model": "gpt-5"}, *({"model": "gpt-5", "reasoning": {"effort": effort}} for effort in efforts)]
    assert all(allowed.values()), allowed
    for name, annotation in get_type_hints(params).items():
        if type(None) in get_args(annotation):
            allowed[name].append(None)
    return allowed


CALLS = {
    "generate": values(image_generate_params.ImageGenerateParamsNonStreaming),
    "edit": values(image_edit_params.ImageEditParamsNonStreaming),
    "create_variation": values(image_create_variation_params.ImageCreateVariationParams),
}
# What each call is given where nothing else is tried.
LEAST = {
    "generate": {"prompt": "A lake", "size": "256x256"},
    "edit": {"prompt": "A lake", "size": "256x256", "image": picture()},
    "create_variation": {"size": "256x256", "image": picture()},
}


@pytest.fixture(scope="module")
def client(pool):
    with openai.OpenAI(api_key="test", base_url=f"{pool.url}/v1", max_retries=0) as client:
        yield client


@pytest.fixture(scope="module")
def azure(pool):
    arguments = {"api_key": "test", "api_version": "2025-04-01-preview", "azure_endpoint": pool.url, "max_retries": 0}
    with openai.AzureOpenAI(**arguments) as client:
        yield client


def test_the_types_name_what_is_known_here():
    """A parameter that a later client brings is to be noticed."""
    variation = {"model", "n", "response_format", "size", "user"}
    both = variation | {
        "background", "complexity", "frame_count", "frame_duration_ms", "output_compression", "output_format", "partial_images", "prompt",
        "quality", "safety_identifier", "stream", "svg",
    }
    assert {call: set(parameters) for call, parameters in CALLS.items()} == {
        "generate": both | {"moderation", "style"}, "edit": both | {"image", "input_fidelity", "markup", "mask"},
        "create_variation": variation | {"image"},
    }


@pytest.mark.parametrize("call, name", [(call, name) for call in CALLS for name in CALLS[call]])
def test_every_value_of_every_parameter_is_taken(client, call, name):
    for value in CALLS[call][name]:
        arguments = LEAST[call] | {name: value}
        assert getattr(client.images, call)(**arguments).data, arguments


def chosen(call: str, seed: int) -> dict:
    """Some parameters, each with some value; always of the same size, to be quick."""
    choice = random.Random(f"{call} {seed}")
    names = choice.sample(sorted(CALLS[call]), choice.randint(2, len(CALLS[call])))
    return LEAST[call] | {name: choice.choice(CALLS[call][name]) for name in names if name != "stream"} | {"size": "256x256"}


def is_taken(ask: Callable, arguments: dict) -> None:
    assert len(ask(**arguments).data) == (arguments.get("n") or 1), arguments


def streams(ask: Callable, arguments: dict) -> None:
    *_, last = ask(**arguments, stream=True)
    assert last.type.endswith(".completed"), arguments


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("seed", range(30))
def test_parameters_are_taken_in_any_combination(client, call, seed):
    is_taken(getattr(client.images, call), chosen(call, seed))


# Azure's client has a path for each deployment, which it knows by the model, and one for none.
@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("seed", range(100, 115))
def test_parameters_are_taken_by_azures_client_as_well(azure, call, seed):
    is_taken(getattr(azure.images, call), chosen(call, seed))


@pytest.mark.parametrize("call", ["generate", "edit"])
@pytest.mark.parametrize("seed", range(200, 215))
def test_parameters_are_taken_in_any_combination_for_a_stream(client, azure, call, seed):
    streams(getattr(client.images, call), chosen(call, seed))
    streams(getattr(azure.images, call), chosen(call, seed + 100))


@pytest.mark.parametrize("call", ["edit", "create_variation"])
@pytest.mark.parametrize("seed", range(20))
def test_no_upload_is_refused_for_its_bytes(client, call, seed):
    """Noise, and pictures with noise in them."""
    choice = random.Random(seed)
    file = bytearray(picture(kind=choice.choice(["PNG", "JPEG", "WEBP"])))
    for _ in range(choice.randint(1, 30)):
        file[choice.randrange(len(file))] = choice.randrange(256)
    noise = choice.randbytes(choice.randint(0, 5000))
    for upload in [bytes(file), noise]:
        more = {"mask": choice.choice([bytes(file), noise])} if call == "edit" else {}
        is_taken(getattr(client.images, call), LEAST[call] | more | {"image": upload})
