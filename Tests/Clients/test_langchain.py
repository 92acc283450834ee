"""LangChain's tool for DALL·E."""

from __future__ import annotations

import httpx
import pytest
from langchain_community.utilities.dalle_image_generator import DallEAPIWrapper

from pictures import checked_png, recipe


@pytest.mark.parametrize("model, n, size, quality", [("dall-e-2", 2, "256x256", "standard"), ("dall-e-3", 1, "1024x1792", "hd")])
def test_dall_e_answers_with_urls(pool, model, n, size, quality):
    tool = DallEAPIWrapper(model=model, n=n, size=size, quality=quality, api_key="test", base_url=f"{pool.url}/v1")
    urls = tool.run("A lake").split(tool.separator)
    assert len(urls) == n
    for url in urls:
        told = recipe(checked_png(httpx.get(url).content, size))
        assert (told["model"], told["quality"]) == (model, quality)
