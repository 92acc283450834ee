"""OpenAI's package before 1.0, for code that was never ported."""

from __future__ import annotations

import asyncio
import base64

import httpx
import openai
import pytest

from pictures import checked_png
from uploads import picture


@pytest.fixture(autouse=True)
def settings(pool, monkeypatch):
    monkeypatch.setattr(openai, "api_base", f"{pool.url}/v1")
    monkeypatch.setattr(openai, "api_key", "test")


def test_images_by_url():
    answer = openai.Image.create(prompt="A lake", n=2, size="256x256")
    assert len(answer["data"]) == 2 and answer["created"] > 0
    for image in answer["data"]:
        checked_png(httpx.get(image["url"]).content, "256x256")


def test_an_image_as_base64():
    [image] = openai.Image.create(prompt="A lake", size="512x512", response_format="b64_json")["data"]
    checked_png(base64.b64decode(image["b64_json"]), "512x512")


def test_an_edit_and_a_variation_have_urls():
    """It sends no file names and no types."""
    for answer in [
        openai.Image.create_edit(image=picture(mode="RGBA"), mask=picture(mode="RGBA"), prompt="A lake", n=1, size="256x256"),
        openai.Image.create_variation(image=picture(), n=1, size="256x256"),
    ]:
        checked_png(httpx.get(answer["data"][0]["url"]).content, "256x256")


def test_the_async_functions():
    answer = asyncio.run(openai.Image.acreate(prompt="A lake", size="256x256"))
    checked_png(httpx.get(answer["data"][0]["url"]).content, "256x256")


def test_an_operation_of_azure_is_polled(pool):
    """With this version of Azure's API, a request is submitted, and its operation polled."""
    answer = openai.Image.create(
        prompt="A lake", size="256x256", n=1, api_type="azure", api_base=pool.url, api_version="2023-06-01-preview", api_key="test"
    )
    checked_png(httpx.get(answer["data"][0]["url"]).content, "256x256")


def test_errors():
    with pytest.raises(openai.error.InvalidRequestError, match="Invalid size '1x1'"):
        openai.Image.create(prompt="A lake", size="1x1")
    with pytest.raises(openai.error.RateLimitError):
        openai.Image.create(prompt="A lake [[fakeai fault=rate_limit]]", size="256x256")
    with pytest.raises(openai.error.AuthenticationError):
        openai.Image.create(prompt="A lake [[fakeai fault=invalid_api_key]]", size="256x256")
