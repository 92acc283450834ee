"""LiteLLM, which stands before many APIs and knows OpenAI's."""

from __future__ import annotations

import asyncio
import base64
import os

import httpx
import pytest

# Else it asks the internet for prices when it is imported.
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

import litellm  # noqa: E402

from pictures import checked_png  # noqa: E402
from uploads import picture  # noqa: E402


def ask(pool, model: str, **parameters: object) -> litellm.ImageResponse:
    return litellm.image_generation("A lake", f"openai/{model}", api_base=f"{pool.url}/v1", api_key="test", max_retries=0, **parameters)


def test_dall_e_answers_with_urls(pool):
    images = ask(pool, "dall-e-3", n=2, size="1792x1024", quality="hd", extra_body={"style": "natural"}).data
    assert len(images) == 2
    for image in images:
        checked_png(httpx.get(image.url).content, "1792x1024")


def test_a_gpt_model_answers_with_the_image_and_its_cost(pool):
    answer = ask(pool, "gpt-image-1", size="1536x1024", quality="high", background="transparent")
    [image] = answer.data
    checked_png(base64.b64decode(image.b64_json, validate=True), "1536x1024")
    assert answer.usage.output_tokens == 6208
    assert litellm.completion_cost(answer, model="gpt-image-1") > 0


def test_an_edit(pool):
    answer = litellm.image_edit(
        picture(), model="openai/gpt-image-1", prompt="A lake", api_base=f"{pool.url}/v1", api_key="test", size="1024x1024"
    )
    checked_png(base64.b64decode(answer.data[0].b64_json, validate=True), "1024x1024")


def test_the_async_calls(pool):
    async def generate() -> litellm.ImageResponse:
        return await litellm.aimage_generation(prompt="A lake", model="openai/dall-e-3", api_base=f"{pool.url}/v1", api_key="test")

    checked_png(httpx.get(asyncio.run(generate()).data[0].url).content, "1024x1024")


@pytest.mark.parametrize("deployment", ["dall-e-3", "my-own"])
def test_azures_deployment(pool, deployment):
    """A name that says nothing of its model stands for one that answers with the image, as all do today."""
    [image] = litellm.image_generation(
        "A lake", f"azure/{deployment}", api_base=pool.url, api_version="2025-04-01-preview", api_key="test", size="1024x1024"
    ).data
    assert (image.url is not None) == (deployment == "dall-e-3")
    checked_png(httpx.get(image.url).content if image.url else base64.b64decode(image.b64_json, validate=True), "1024x1024")


def test_a_mistake_is_a_bad_request(pool):
    with pytest.raises(litellm.BadRequestError, match="Invalid size '1x1'"):
        ask(pool, "gpt-image-2", size="1x1")
