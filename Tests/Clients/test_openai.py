"""OpenAI's own package in its newest release: sync, async, and for Azure at both of its bases."""

from __future__ import annotations

import asyncio
import base64
import io

import httpx
import openai
import pytest

from pictures import checked_png, recipe
from uploads import picture

GPT = {"model": "gpt-image-2", "prompt": "A lake", "size": "1024x1024", "quality": "low"}
DALLE = {"model": "dall-e-3", "prompt": "A lake", "size": "1024x1024"}


@pytest.mark.parametrize("profile", ["fakeai", "openai", "openai-dalle"])
def test_a_profile_is_chosen_by_the_base_url(pool, profile):
    client = openai.OpenAI(api_key="test", base_url=f"{pool.url}/profiles/{profile}/v1", max_retries=0)
    ids = {model.id for model in client.models.list()}
    assert ("gpt-image-2" in ids, "dall-e-3" in ids) == (profile != "openai-dalle", profile != "openai")
    if "gpt-image-2" in ids:
        checked_png(base64.b64decode(client.images.generate(**GPT).data[0].b64_json), "1024x1024")
    else:
        with pytest.raises(openai.BadRequestError, match="does not exist"):
            client.images.generate(**GPT)


def test_a_generation_an_edit_a_variation_and_a_stream(pool):
    client = openai.OpenAI(api_key="test", base_url=f"{pool.url}/v1", max_retries=0)
    [image] = client.images.generate(**DALLE).data
    assert recipe(checked_png(httpx.get(image.url).content, "1024x1024"))["model"] == "dall-e-3"
    [image] = client.images.edit(image=io.BytesIO(picture()), **GPT).data
    checked_png(base64.b64decode(image.b64_json), "1024x1024")
    [image] = client.images.create_variation(image=picture(), size="256x256").data
    checked_png(httpx.get(image.url).content, "256x256")
    events = list(client.images.generate(**GPT, stream=True, partial_images=2))
    assert [event.type.rpartition(".")[2] for event in events] == ["partial_image", "partial_image", "completed"]


def test_the_async_client(pool):
    async def ask() -> None:
        async with openai.AsyncOpenAI(api_key="test", base_url=f"{pool.url}/v1", max_retries=0) as client:
            answers = await asyncio.gather(*(client.images.generate(**GPT) for _ in range(3)), client.images.edit(image=[picture()], **GPT))
            for answer in answers:
                checked_png(base64.b64decode(answer.data[0].b64_json), "1024x1024")
                assert answer.usage.total_tokens > 0
            stream = await client.images.generate(**GPT, stream=True)
            assert [event.type async for event in stream] == ["image_generation.completed"]

    asyncio.run(ask())


AZURE = {
    # The deployment is put into the path.
    "deployment by model": lambda url: openai.AzureOpenAI(api_key="test", azure_endpoint=url, api_version="2025-04-01-preview"),
    "deployment by client": lambda url: openai.AzureOpenAI(
        api_key="test", azure_endpoint=url, azure_deployment="gpt-image-2", api_version="2024-10-21"
    ),
    # The current base, for which Azure tells its customers to use OpenAI's own client.
    "openai/v1": lambda url: openai.OpenAI(api_key="test", base_url=f"{url}/openai/v1/"),
}


@pytest.mark.parametrize("profile", ["fakeai", "openai"])
@pytest.mark.parametrize("base", AZURE)
def test_azure(pool, base, profile):
    client = AZURE[base](f"{pool.url}/profiles/{profile}").with_options(max_retries=0)
    for answer in [client.images.generate(**GPT), client.images.edit(image=("a.png", picture(), "image/png"), **GPT)]:
        checked_png(base64.b64decode(answer.data[0].b64_json), "1024x1024")
    if base != "deployment by client":
        assert client.models.retrieve("gpt-image-2").id == "gpt-image-2"
    with pytest.raises(openai.BadRequestError):
        client.images.generate(**GPT | {"n": 11})


def test_azures_own_client_does_not_fit_the_current_base(pool):
    """It puts the deployment into the path there too, where Azure has none. Its list of models works."""
    client = openai.AzureOpenAI(api_key="test", base_url=f"{pool.url}/openai/v1/", api_version="v1", max_retries=0)
    assert "gpt-image-2" in {model.id for model in client.models.list()}
    with pytest.raises(openai.NotFoundError, match="/openai/v1/deployments/gpt-image-2/images/generations"):
        client.images.generate(**GPT)


def test_azure_async(pool):
    async def ask() -> None:
        client = openai.AsyncAzureOpenAI(api_key="test", azure_endpoint=pool.url, api_version="2025-04-01-preview")
        checked_png(base64.b64decode((await client.images.generate(**GPT)).data[0].b64_json), "1024x1024")

    asyncio.run(ask())
