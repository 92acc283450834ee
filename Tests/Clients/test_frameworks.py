"""Frameworks for agents and pipelines, each with its own tool for images."""

from __future__ import annotations

import asyncio
import base64
from pathlib import Path

import httpx
import openai
import pytest
from agno.tools.dalle import DalleTools
from agno.tools.openai import OpenAITools
from haystack import Pipeline
from haystack.components.generators.openai_image_generator import OpenAIImageGenerator
from haystack.utils import Secret
from llama_index.tools.openai.image_generation.base import OpenAIImageGenerationToolSpec
from pydantic_ai import BinaryImage, ImageGenerator
from pydantic_ai.exceptions import ContentFilterError, ModelHTTPError
from pydantic_ai.images.openai import OpenAIImageGenerationModel
from pydantic_ai.providers.openai import OpenAIProvider
from semantic_kernel.connectors.ai.open_ai import AzureTextToImage, OpenAITextToImage
from semantic_kernel.connectors.ai.open_ai import OpenAITextToImageExecutionSettings as SK
from semantic_kernel.connectors.ai.open_ai.prompt_execution_settings.open_ai_text_to_image_execution_settings import ImageSize
from semantic_kernel.exceptions import ServiceResponseException

from pictures import checked_png, recipe
from uploads import picture

SQUARE = ImageSize(width=1024, height=1024)


@pytest.fixture(autouse=True)
def environment(pool, monkeypatch):
    """Where a tool has no parameter for the base URL."""
    monkeypatch.setenv("OPENAI_BASE_URL", f"{pool.url}/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "test")


def test_llama_index(tmp_path):
    tool = OpenAIImageGenerationToolSpec(api_key="test", cache_dir=str(tmp_path))
    url = tool.image_generation("A lake", quality="hd", style="natural", size="1792x1024")
    told = recipe(checked_png(httpx.get(url).content, "1792x1024"))
    assert (told["quality"], told["style"]) == ("hd", "natural")
    [path] = tool.image_generation("A lake", download=True)
    assert Path(path).suffix == ".png", "it reads the format off the first character"
    checked_png(Path(path).read_bytes(), "1024x1024")


def test_haystack(pool):
    generator = OpenAIImageGenerator(
        model="gpt-image-2", size="1536x1024", quality="low", api_key=Secret.from_token("test"), api_base_url=f"{pool.url}/v1"
    )
    pipeline = Pipeline()
    pipeline.add_component("image", generator)
    [image] = pipeline.run({"image": {"prompt": "A lake"}})["image"]["images"]
    checked_png(base64.b64decode(image), "1536x1024")
    [image] = asyncio.run(generator.run_async("A lake", size="1024x1024"))["images"]
    checked_png(base64.b64decode(image), "1024x1024")


def pydantic_ai(pool, model: str = "gpt-image-2") -> ImageGenerator:
    return ImageGenerator(OpenAIImageGenerationModel(model, provider=OpenAIProvider(base_url=f"{pool.url}/v1", api_key="test")))


def test_pydantic_ai_generates_and_edits(pool):
    settings = {"openai_size": "1024x1024", "openai_quality": "low", "openai_n": 2, "openai_moderation": "low", "openai_user": "rene"}

    async def ask() -> None:
        generator = pydantic_ai(pool)
        result = await generator.generate("A lake", settings=settings)
        assert len(result.images) == 2 and result.image.media_type == "image/png"
        assert result.usage.output_tokens > 0
        for image in result.images:
            checked_png(image.content.data, "1024x1024")
        given = BinaryImage(picture(), media_type="image/png")
        result = await generator.generate("A lake", images=[given, given], settings={"openai_output_format": "webp"})
        assert result.image.media_type == "image/webp"

    asyncio.run(ask())


def test_pydantic_ai_knows_the_errors(pool):
    with pytest.raises(ModelHTTPError) as error:
        asyncio.run(pydantic_ai(pool).generate("A lake", settings={"openai_size": "1x1"}))
    assert error.value.status_code == 400
    with pytest.raises(ContentFilterError):
        asyncio.run(pydantic_ai(pool).generate("A lake [[fakeai fault=moderation]]"))


def test_semantic_kernel(pool, tmp_path):
    async def ask() -> None:
        service = OpenAITextToImage(ai_model_id="dall-e-3", api_key="test")
        [url] = await service.generate_images("A lake", settings=SK(size=SQUARE, quality="high"))
        checked_png(httpx.get(url).content, "1024x1024")
        upload = tmp_path / "lake.png"
        upload.write_bytes(picture())
        # An edit names no model unless its settings do.
        service = OpenAITextToImage(ai_model_id="gpt-image-2", api_key="test")
        [image] = await service.edit_image("A lake", image_paths=[str(upload)], settings=SK(ai_model_id="gpt-image-2"))
        checked_png(base64.b64decode(image))
        [url] = await service.edit_image("A lake", image_paths=[str(upload)])
        checked_png(httpx.get(url).content)
        with pytest.raises(ServiceResponseException):
            await service.generate_images("A lake [[fakeai fault=moderation]]")

    asyncio.run(ask())


def test_semantic_kernel_at_azure(pool):
    """It accepts addresses with https only, unless it is given a client."""
    client = openai.AsyncAzureOpenAI(azure_endpoint=pool.url, api_key="test", api_version="2025-04-01-preview")
    service = AzureTextToImage(deployment_name="gpt-image-2", endpoint="https://mock.test", api_key="test", async_client=client)
    images = asyncio.run(service.generate_images("A lake", settings=SK(n=2, size=SQUARE)))
    assert len(images) == 2
    for image in images:
        checked_png(base64.b64decode(image), "1024x1024")


def test_agno(pool):
    [image] = DalleTools(model="dall-e-3", size="1792x1024", quality="hd", api_key="test").create_image("A lake").images
    checked_png(httpx.get(image.url).content, "1792x1024")
    for model in ["gpt-image-2", "dall-e-3"]:
        [image] = OpenAITools(api_key="test", image_model=model).generate_image("A lake").images
        checked_png(image.content)
