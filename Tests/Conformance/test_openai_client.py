"""The official Python client, of the release that requirements.txt names, sync and async."""

from __future__ import annotations

import asyncio
import base64
import io
import itertools
from xml.etree import ElementTree

import httpx
import openai
import pytest
from PIL import Image

from pictures import checked_png, recipe

SIZES = ["256x256", "512x512", "1024x1024", "1792x1024", "1024x1792"]


@pytest.fixture(scope="module")
def client(pool):
    with openai.OpenAI(api_key="test", base_url=f"{pool.url}/v1", max_retries=0) as client:
        yield client


@pytest.mark.parametrize("quality, style, size", list(itertools.product(["standard", "hd"], ["vivid", "natural"], SIZES)))
def test_dall_e_3_with_two_images(client, quality, style, size):
    response = client.images.generate(model="dall-e-3", prompt="A lake", n=2, size=size, quality=quality, style=style)
    assert len(response.data) == 2
    for index, image in enumerate(response.data):
        assert image.b64_json is None and image.revised_prompt
        told = recipe(checked_png(httpx.get(image.url).content, size))
        assert (told["index"], told["quality"], told["style"], told["model"]) == (index, quality, style, "dall-e-3")


@pytest.mark.parametrize("model", ["dall-e-2", "dall-e-3", "gpt-image-1", "gpt-image-2", "my-own-model"])
@pytest.mark.parametrize("response_format", ["url", "b64_json"])
def test_both_response_formats_for_any_model(client, model, response_format):
    [image] = client.images.generate(model=model, prompt="A lake", response_format=response_format, size="1024x1024").data
    if response_format == "url":
        assert image.b64_json is None
        data = httpx.get(image.url).content
    else:
        assert image.url is None
        data = base64.b64decode(image.b64_json, validate=True)
    assert recipe(checked_png(data, "1024x1024"))["model"] == model


@pytest.mark.parametrize("model", ["gpt-image-1", "gpt-image-2"])
@pytest.mark.parametrize("quality", ["low", "medium", "high", "auto"])
def test_a_gpt_model_answers_with_the_image_itself(client, model, quality):
    [image] = client.images.generate(model=model, prompt="A lake", quality=quality, size="1536x1024").data
    assert image.url is None
    checked_png(base64.b64decode(image.b64_json, validate=True), "1536x1024")


@pytest.mark.parametrize(
    "parameters, param, code, kind",
    [
        ({"n": 0}, "n", "integer_below_min_value", "invalid_request_error"),
        ({"n": 11}, "n", "integer_above_max_value", "invalid_request_error"),
        ({"n": 1.5}, "n", "invalid_type", "invalid_request_error"),
        ({"size": "999x99999"}, "size", "invalid_value", "image_generation_user_error"),
        ({"quality": "ultra"}, "quality", "invalid_value", "invalid_request_error"),
        ({"prompt": ""}, "prompt", "empty_string", "invalid_request_error"),
    ],
)
def test_a_mistake_raises_bad_request_with_its_fields(client, parameters, param, code, kind):
    with pytest.raises(openai.BadRequestError) as raised:
        client.images.generate(**({"model": "dall-e-3", "prompt": "A lake"} | parameters))
    error = raised.value
    assert (error.status_code, error.param, error.code, error.type) == (400, param, code, kind)
    assert error.request_id.startswith("req_")
    assert error.body["message"] in str(error)


def test_models(client):
    assert "dall-e-3" in [model.id for model in client.models.list()]
    for model in ["dall-e-3", "org/model:7"]:
        assert client.models.retrieve(model).id == model


def test_many_at_once_with_the_async_client(pool):
    async def generate() -> list[openai.types.ImagesResponse]:
        async with openai.AsyncOpenAI(api_key="test", base_url=f"{pool.url}/v1", max_retries=0) as client:
            calls = [client.images.generate(model="dall-e-3", prompt=f"picture {number}", size="256x256") for number in range(40)]
            return await asyncio.gather(*calls)

    responses = asyncio.run(generate())
    prompts = [recipe(checked_png(httpx.get(response.data[0].url).content))["prompt"] for response in responses]
    assert prompts == [f"picture {number}" for number in range(40)]


def test_a_raw_response_tells_headers_and_parses(client):
    raw = client.images.with_raw_response.generate(model="gpt-image-2", prompt="A lake")
    assert raw.http_response.status_code == 200
    assert raw.request_id == raw.headers["x-request-id"]
    assert int(raw.headers["openai-processing-ms"]) >= 0
    image = raw.parse()
    assert (image.size, image.quality, image.background, image.output_format) == ("1024x1024", "medium", "opaque", "png")
    assert image.usage.total_tokens == image.usage.input_tokens + image.usage.output_tokens == 2 + 1756


def test_a_streaming_response_is_read_as_it_comes(client):
    with client.images.with_streaming_response.generate(model="dall-e-3", prompt="A lake") as response:
        assert b"".join(response.iter_bytes()).rstrip().endswith(b"}")


@pytest.fixture(scope="module")
def azure(pool):
    arguments = {"api_key": "test", "api_version": "2025-04-01-preview", "azure_endpoint": pool.url, "max_retries": 0}
    with openai.AzureOpenAI(**arguments) as client:
        yield client


def test_azures_deployment_is_the_model(azure):
    [image] = azure.images.generate(model="gpt-image-1", prompt="A lake").data
    assert recipe(checked_png(base64.b64decode(image.b64_json, validate=True), "1024x1024"))["model"] == "gpt-image-1"
    [image] = azure.images.generate(model="my-deployment", prompt="A lake", size="1792x1024", response_format="url").data
    assert recipe(checked_png(httpx.get(image.url).content, "1792x1024"))["model"] == "my-deployment"


def test_azure_lists_models(azure):
    assert "gpt-image-2" in [model.id for model in azure.models.list()]


# Pillow's name, modes (with a background and without), the URL's suffix and the media type.
KINDS = {
    "png": ("PNG", {"RGB", "RGBA"}, ".png", "image/png"),
    "jpeg": ("JPEG", {"RGB"}, ".jpg", "image/jpeg"),
    "webp": ("WEBP", {"RGB", "RGBA"}, ".webp", "image/webp"),
    # Of one frame, as Pillow opens it.
    "gif": ("GIF", {"P"}, ".gif", "image/gif"),
}


@pytest.mark.parametrize("size", ["1024x1024", "2048x1152"])
@pytest.mark.parametrize("background", ["opaque", "transparent"])
@pytest.mark.parametrize("output_format", KINDS)
def test_each_format_is_what_it_says(client, output_format, background, size):
    kind, modes, suffix, media_type = KINDS[output_format]
    mode = max(modes, key=len) if background == "transparent" else min(modes, key=len)
    asked = {"model": "gpt-image-2", "prompt": "A lake", "output_format": output_format, "background": background, "size": size}
    answer = client.images.generate(**asked)
    assert (answer.output_format, answer.size) == (output_format, size)
    url = client.images.generate(**asked, response_format="url").data[0].url
    assert url.endswith(suffix)
    fetched = httpx.get(url)
    assert fetched.headers["Content-Type"] == media_type
    for file in [base64.b64decode(answer.data[0].b64_json, validate=True), fetched.content]:
        with Image.open(io.BytesIO(file)) as image:
            assert (image.format, image.mode, image.size) == (kind, mode, tuple(int(side) for side in size.split("x")))
            corner = image.convert("RGBA").getpixel((0, 0))
            assert (corner[3] == 0) == (background == "transparent" and output_format != "jpeg")


def test_a_gif_moves_as_asked(client):
    answer = client.images.generate(
        model="gpt-image-2", prompt="A lake", output_format="gif", size="1024x1024", extra_body={"frame_count": 3, "frame_duration_ms": 123}
    )
    with Image.open(io.BytesIO(base64.b64decode(answer.data[0].b64_json))) as image:
        assert (image.n_frames, image.info["duration"]) == (3, 120)


@pytest.mark.parametrize("output_format", ["jpeg", "webp"])
def test_compression_makes_a_file_smaller(client, output_format):
    asked = {"model": "gpt-image-2", "prompt": "A lake", "quality": "high", "output_format": output_format}
    sizes = [len(client.images.generate(**asked, output_compression=level).data[0].b64_json) for level in [5, 50, 100]]
    assert sizes[0] < sizes[1] / 1.5 < sizes[2] / 3


def test_an_svg_tells_what_writing_it_cost(client):
    answer = client.images.generate(
        model="gpt-image-2", prompt="A lake & <more>", output_format="svg", svg={"model": "gpt-5", "reasoning": {"effort": "low"}}
    )
    root = ElementTree.fromstring(base64.b64decode(answer.data[0].b64_json))
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    usage = answer.svg_usage
    assert usage.model == "gpt-5" and usage.reasoning_tokens > 0
    assert usage.total_tokens == usage.input_tokens + usage.output_tokens
