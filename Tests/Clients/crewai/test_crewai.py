"""crewAI's tool for DALL·E, which hands a URL to the next agent."""

from __future__ import annotations

import json

import httpx
import pytest
from crewai_tools import DallETool

from pictures import checked_png, recipe


@pytest.mark.parametrize("size, quality", [("1792x1024", "hd"), ("512x512", "standard")])
def test_the_tool_answers_with_a_url_and_the_revised_prompt(pool, monkeypatch, size, quality):
    monkeypatch.setenv("OPENAI_BASE_URL", f"{pool.url}/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "test")
    answer = json.loads(DallETool(size=size, quality=quality).run(image_description="A lake"))
    assert answer["image_description"]
    assert recipe(checked_png(httpx.get(answer["image_url"]).content, size))["quality"] == quality
