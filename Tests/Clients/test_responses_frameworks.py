"""Frameworks with the image tool of the Responses API: LangChain, pydantic-ai, OpenAI's agents, AG2."""

from __future__ import annotations

import asyncio
import base64

import openai
import pytest
from ag2 import Agent as AG2Agent
from ag2.config import OpenAIResponsesConfig
from ag2.tools import ImageGenerationTool as AG2Tool
from agents import Agent, ImageGenerationTool, ModelSettings, OpenAIResponsesModel, Runner, set_tracing_disabled
from langchain_openai import ChatOpenAI
from langchain_openai.chat_models.base import OpenAIInvalidRequestError, OpenAIRateLimitError
from pydantic_ai import Agent as PydanticAgent
from pydantic_ai import BinaryImage
from pydantic_ai.capabilities import NativeTool
from pydantic_ai.exceptions import ModelRateLimitError, ModelRequestRejectedError
from pydantic_ai.messages import FilePart
from pydantic_ai.models.openai import OpenAIResponsesModel as PydanticModel
from pydantic_ai.native_tools import ImageGenerationTool as PydanticTool
from pydantic_ai.providers.openai import OpenAIProvider

from pictures import checked_png, recipe

set_tracing_disabled(True)
TOOL = {"type": "image_generation", "size": "1024x1024", "quality": "low"}
FAULTS = ["moderation", "rate_limit"]


def edited(data: bytes, prompt: str) -> None:
    """A picture that was drawn for the last thing that was said."""
    assert recipe(checked_png(data, "1024x1024"))["prompt"] == prompt


# LangChain.


def langchain(pool, **others: object):
    model = ChatOpenAI(model="gpt-5", base_url=f"{pool.url}/v1", api_key="test", max_retries=0, use_responses_api=True, **others)
    return model.bind_tools([TOOL])


def langchains_picture(message) -> dict:
    [block] = [block for block in message.content if block["type"] == "image_generation_call"]
    return block


@pytest.mark.parametrize("others", [{}, {"use_previous_response_id": True}], ids=["by id", "by response"])
def test_langchain_edits_in_a_second_turn(pool, others):
    model = langchain(pool, **others)
    first = model.invoke("A lake")
    edited(base64.b64decode(langchains_picture(first)["result"]), "A lake")
    again = model.invoke([{"role": "user", "content": "A lake"}, first, {"role": "user", "content": "Make it blue"}])
    edited(base64.b64decode(langchains_picture(again)["result"]), "Make it blue")
    assert langchains_picture(again)["action"] == "edit"
    assert first.usage_metadata["total_tokens"] > 0


def test_langchain_streams(pool):
    chunks = list(langchain(pool).stream("A lake"))
    whole = chunks[0]
    for chunk in chunks[1:]:
        whole += chunk
    edited(base64.b64decode(langchains_picture(whole)["result"]), "A lake")
    assert whole.response_metadata["id"].startswith("resp_") and whole.usage_metadata


@pytest.mark.parametrize("fault, error", list(zip(FAULTS, [OpenAIInvalidRequestError, OpenAIRateLimitError], strict=True)))
def test_langchain_knows_the_errors(pool, fault, error):
    with pytest.raises(error):
        langchain(pool).invoke(f"A lake [[fakeai fault={fault}]]")
    with pytest.raises(error):
        list(langchain(pool).stream(f"A lake [[fakeai fault={fault}]]"))


# pydantic-ai.


def pydantic_ai(pool, output_type: object = str, **options: object) -> PydanticAgent:
    client = openai.AsyncOpenAI(base_url=f"{pool.url}/v1", api_key="test", max_retries=0)
    model = PydanticModel("gpt-5", provider=OpenAIProvider(openai_client=client))
    tool = PydanticTool(size="1024x1024", quality="low", **options)
    return PydanticAgent(model, capabilities=[NativeTool(tool)], output_type=output_type)


def test_pydantic_ai_edits_in_a_second_turn(pool):
    async def ask() -> None:
        agent = pydantic_ai(pool)
        first = await agent.run("A lake")
        [image] = first.response.images
        assert first.output and image.media_type == "image/png"
        edited(image.data, "A lake")
        again = await agent.run("Make it blue", message_history=first.all_messages())
        [image] = again.response.images
        edited(image.data, "Make it blue")

    asyncio.run(ask())


def test_pydantic_ai_wants_nothing_but_a_picture(pool):
    result = asyncio.run(pydantic_ai(pool, BinaryImage).run("A lake"))
    edited(result.output.data, "A lake")


def test_pydantic_ai_streams(pool):
    async def ask() -> None:
        async with pydantic_ai(pool, partial_images=2).run_stream("A lake") as result:
            assert [text async for text in result.stream_text()][-1]
        files = [part for message in result.all_messages() for part in message.parts if isinstance(part, FilePart)]
        edited(files[-1].content.data, "A lake")

    asyncio.run(ask())


@pytest.mark.parametrize("fault, error", list(zip(FAULTS, [ModelRequestRejectedError, ModelRateLimitError], strict=True)))
def test_pydantic_ai_knows_the_errors(pool, fault, error):
    with pytest.raises(error):
        asyncio.run(pydantic_ai(pool).run(f"A lake [[fakeai fault={fault}]]"))


# OpenAI's agents.


def openai_agent(pool, **options: object) -> Agent:
    client = openai.AsyncOpenAI(base_url=f"{pool.url}/v1", api_key="test", max_retries=0)
    tool = ImageGenerationTool(tool_config=TOOL | options)
    return Agent(
        name="painter", instructions="You draw.", tools=[tool], model=OpenAIResponsesModel(model="gpt-5", openai_client=client),
        model_settings=ModelSettings(),
    )


def agents_picture(result) -> bytes:
    [call] = [item.raw_item for item in result.new_items if getattr(item.raw_item, "type", "") == "image_generation_call"]
    return base64.b64decode(call.result)


def test_openais_agents_edit_in_a_second_turn(pool):
    async def ask() -> None:
        agent = openai_agent(pool)
        first = await Runner.run(agent, "A lake", max_turns=1)
        assert first.final_output
        edited(agents_picture(first), "A lake")
        again = await Runner.run(agent, first.to_input_list() + [{"role": "user", "content": "Make it blue"}], max_turns=1)
        edited(agents_picture(again), "Make it blue")
        again = await Runner.run(agent, "Make it red", previous_response_id=first.last_response_id, max_turns=1)
        edited(agents_picture(again), "Make it red")

    asyncio.run(ask())


def test_openais_agents_stream(pool):
    async def ask() -> None:
        result = Runner.run_streamed(openai_agent(pool, partial_images=2), "A lake", max_turns=1)
        kinds = [event.data.type async for event in result.stream_events() if event.type == "raw_response_event"]
        assert kinds.count("response.image_generation_call.partial_image") == 2
        edited(agents_picture(result), "A lake")

    asyncio.run(ask())


@pytest.mark.parametrize("fault, error", list(zip(FAULTS, [openai.BadRequestError, openai.RateLimitError], strict=True)))
def test_openais_agents_know_the_errors(pool, fault, error):
    with pytest.raises(error):
        asyncio.run(Runner.run(openai_agent(pool), f"A lake [[fakeai fault={fault}]]"))


# AG2.


def ag2_agent(pool, *, streaming: bool = False, **options: object) -> AG2Agent:
    config = OpenAIResponsesConfig(model="gpt-5", api_key="test", base_url=f"{pool.url}/v1", streaming=streaming, max_retries=0)
    return AG2Agent("painter", "You draw.", config=config, tools=[AG2Tool(size="1024x1024", quality="low", **options)])


def test_ag2_edits_in_a_second_turn(pool):
    async def ask() -> None:
        first = await ag2_agent(pool).ask("A lake")
        [image] = first.files
        assert first.body
        edited(image.data, "A lake")
        again = await first.ask("Make it blue")
        edited(again.files[-1].data, "Make it blue")

    asyncio.run(ask())


def test_ag2_streams(pool):
    async def ask() -> None:
        reply = await ag2_agent(pool, streaming=True, partial_images=2).ask("A lake")
        assert reply.body
        edited(reply.files[-1].data, "A lake")

    asyncio.run(ask())


@pytest.mark.parametrize("fault, error", list(zip(FAULTS, [openai.BadRequestError, openai.RateLimitError], strict=True)))
def test_ag2_knows_the_errors(pool, fault, error):
    with pytest.raises(error):
        asyncio.run(ag2_agent(pool).ask(f"A lake [[fakeai fault={fault}]]"))
