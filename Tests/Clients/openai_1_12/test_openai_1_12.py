"""OpenAI's package of early 2024: DALL·E only."""

from __future__ import annotations

import asyncio
import base64

import httpx
import openai
import pytest

from pictures import checked_png
from uploads import picture


@pytest.fixture
def client(pool):
    with openai.OpenAI(api_key="test", base_url=f"{pool.url}/v1", max_retries=0) as client:
        yield client


@pytest.mark.parametrize("model, size", [("dall-e-2", "256x256"), ("dall-e-3", "1792x1024")])
def test_images_by_url(client, model, size):
    [image] = client.images.generate(model=model, prompt="A lake", size=size).data
    checked_png(httpx.get(image.url).content, size)
    assert (image.revised_prompt is not None) == (model == "dall-e-3")


def test_an_image_as_base64(client):
    [image] = client.images.generate(prompt="A lake", size="256x256", response_format="b64_json").data
    checked_png(base64.b64decode(image.b64_json), "256x256")


def test_an_edit_and_a_variation_have_urls(client):
    for answer in [
        client.images.edit(image=picture(mode="RGBA"), mask=picture(mode="RGBA"), prompt="A lake", n=1, size="256x256"),
        client.images.create_variation(image=picture(), n=1, size="256x256"),
    ]:
        checked_png(httpx.get(answer.data[0].url).content, "256x256")


def test_the_async_client(pool):
    async def ask() -> str:
        async with openai.AsyncOpenAI(api_key="test", base_url=f"{pool.url}/v1") as client:
            return (await client.images.generate(prompt="A lake", size="256x256")).data[0].url

    checked_png(httpx.get(asyncio.run(ask())).content, "256x256")


def test_azures_deployment(pool):
    client = openai.AzureOpenAI(api_key="test", azure_endpoint=pool.url, api_version="2024-02-01")
    [image] = client.images.generate(model="dall-e-3", prompt="A lake").data
    checked_png(httpx.get(image.url).content, "1024x1024")


def test_errors(client):
    with pytest.raises(openai.BadRequestError, match="Invalid size '1x1'"):
        client.images.generate(prompt="A lake", size="1x1")
    with pytest.raises(openai.RateLimitError):
        client.images.generate(prompt="A lake [[fakeai fault=rate_limit]]")
