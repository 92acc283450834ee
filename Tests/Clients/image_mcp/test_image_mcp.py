"""openai-image-mcp, a server of the Model Context Protocol, as a program for chats starts it."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

from pictures import checked_png, recipe
from uploads import picture

Call = Callable[..., Awaitable[dict]]


def with_server(pool, use: Callable[[Call], Awaitable[None]]) -> None:
    async def run() -> None:
        environment = os.environ | {"OPENAI_BASE_URL": f"{pool.url}/v1", "OPENAI_API_KEY": "test"}
        server = StdioServerParameters(command=sys.executable, args=["-m", "openai_image_mcp.server"], env=environment)
        async with stdio_client(server) as streams, ClientSession(*streams) as session:
            await session.initialize()

            async def call(tool: str, **arguments: object) -> dict:
                answer = await session.call_tool(tool, arguments)
                return json.loads(answer.content[0].text)

            await use(call)

    asyncio.run(run())


def drawn(told: dict, prompt: str) -> None:
    assert told["success"], told
    file = Path(told["image_path"])
    try:
        assert recipe(checked_png(file.read_bytes()))["prompt"] == prompt and told["revised_prompt"]
    finally:
        # It keeps them beside its own sources.
        file.unlink()


def test_a_session_edits_its_picture_by_id(pool):
    async def use(call: Call) -> None:
        session = (await call("create_image_session", description="a lake"))["session_id"]
        first = await call("generate_image_in_session", session_id=session, prompt="A lake", quality="low", size="1024x1024")
        drawn(first, "A lake")
        assert first["image_generation_id"].startswith("ig_")
        drawn(await call("generate_image_in_session", session_id=session, prompt="Make it blue"), "Make it blue")

    with_server(pool, use)


def test_an_edit_of_a_file_with_a_mask(pool, tmp_path):
    image, mask = tmp_path / "image.png", tmp_path / "mask.png"
    image.write_bytes(picture())
    mask.write_bytes(picture(mode="RGBA"))

    async def use(call: Call) -> None:
        drawn(await call("edit_image", image_path=str(image), mask_path=str(mask), prompt="A hat"), "A hat")

    with_server(pool, use)


@pytest.mark.parametrize("fault, words", [("moderation", "safety system"), ("rate_limit", "429")])
def test_an_error_is_told(pool, fault, words):
    async def use(call: Call) -> None:
        told = await call("generate_image", prompt=f"A lake [[fakeai fault={fault} retry_after=0s]]")
        assert not told["success"] and words in told["error"], told

    with_server(pool, use)
