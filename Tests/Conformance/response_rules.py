"""What clients of the Responses API, of files and of batches need of an answer.

Most rules are what at least one client was seen to fail without. A rule takes the answer, and, if that matters, what was asked.
"""

from __future__ import annotations

import base64
import io
import re
from itertools import pairwise

from PIL import Image

from recorded import Recorded
from wire import Answer

EVENT_STREAM, JSON = "text/event-stream", "application/json"


def a_stream_is_one_exactly_if_asked_for(is_stream: bool, answer: Answer) -> None:
    """Whatever `Accept` says: clients send `application/json` for streams as well, and are silent about a stream that is none."""
    kind = answer.headers["Content-Type"].partition(";")[0]
    assert kind == (EVENT_STREAM if is_stream else JSON), kind


# The picture.


def pictures(output: list[dict]) -> list[dict]:
    return [item for item in output if item["type"] == "image_generation_call"]


def a_picture_is_whole(item: dict) -> None:
    """pydantic-ai takes the media type from `output_format`, Home Assistant splits `size` at the x, semantic-kernel knows one status."""
    assert re.fullmatch(r"ig_[A-Za-z0-9_-]{1,61}", item["id"]), item["id"]
    assert item["status"] == "completed", item["status"]
    assert item["action"] in ("generate", "edit"), item["action"]
    assert item["background"] in ("opaque", "transparent"), item["background"]
    assert item["quality"] in ("low", "medium", "high", "xhigh", "max"), item["quality"]
    assert item["revised_prompt"], "no revised prompt"
    # A prefix `data:` breaks pydantic-ai, llama-index and ag2.
    data = base64.b64decode(item["result"], validate=True)
    assert format_of(data) == item["output_format"], f"{item['output_format']} is {data[:8]!r}"
    width, height = map(int, item["size"].split("x"))
    assert size_of(data) == (width, height), f"{item['size']} is {size_of(data)}"


def format_of(data: bytes) -> str:
    if data.lstrip().startswith((b"<svg", b"<?xml")):
        return "svg"
    return Image.open(io.BytesIO(data)).format.lower()


def size_of(data: bytes) -> tuple[int, int]:
    if format_of(data) == "svg":
        found = re.search(rb'<svg[^>]* width="(\d+)"[^>]* height="(\d+)"', data)
        return int(found[1]), int(found[2])
    return Image.open(io.BytesIO(data)).size


def a_picture_is_what_the_tool_asks_for(tool: dict, item: dict) -> None:
    """But for the background of an edit: the mock edits what it sees, which is opaque, and its answer says so."""
    if item["action"] == "edit":
        tool = tool | {"background": "auto"}
    for name in ("size", "quality", "background", "output_format", "action"):
        asked = tool.get(name)
        assert asked in (None, "auto", item[name]), f"{name}: {asked} was asked for, {item[name]} was drawn"


def a_conversation_with_a_picture_is_edited(request: Recorded, item: dict) -> None:
    """Unless the tool says what to do: with `auto`, the model edits what it sees."""
    if request.tool.get("action", "auto") == "auto":
        assert item["action"] == ("edit" if has_picture(request.body) else "generate"), item["action"]


def has_picture(body: dict) -> bool:
    if body.get("previous_response_id"):
        return True
    items = body["input"] if isinstance(body["input"], list) else []
    parts = [part for item in items if isinstance(item.get("content"), list) for part in item["content"]]
    return any(entry.get("type") in ("image_generation_call", "input_image") for entry in items + parts)


# The response.


def text_follows_the_picture(output: list[dict]) -> None:
    """Without it openai-agents asks until it gives up, and llama-index loses the picture; pydantic-ai wants text that is not empty."""
    last = max(output.index(picture) for picture in pictures(output))
    texts = [part["text"] for item in output[last + 1 :] if item["type"] == "message" for part in item["content"]]
    assert texts and all(texts), f"no text behind the picture: {texts}"


def a_message_is_whole(item: dict) -> None:
    assert re.fullmatch(r"msg_\w+", item["id"]) and item["role"] == "assistant" and item["status"] == "completed", item
    for part in item["content"]:
        assert part["type"] == "output_text" and part["annotations"] == [] and isinstance(part["text"], str), part


def usage_is_whole(response: dict) -> None:
    """llama-index and ag2 read the details of a completed answer, and of a failed one, without looking whether they are there."""
    usage = response["usage"]
    assert usage is not None, "usage is null"
    assert usage["input_tokens"] > 0 and usage["total_tokens"] == usage["input_tokens"] + usage["output_tokens"], usage
    assert usage["input_tokens_details"].keys() >= {"cached_tokens", "cache_write_tokens"}, usage
    assert "reasoning_tokens" in usage["output_tokens_details"], usage


ALWAYS = {
    "id", "object", "created_at", "status", "error", "incomplete_details", "model", "output", "usage", "tools", "tool_choice",
    "parallel_tool_calls", "previous_response_id", "metadata", "instructions", "background",
}
"""Null if they have no value, but not absent."""


def a_response_is_whole(response: dict) -> None:
    """mcp-gpt-image refuses an id with fewer than eight characters behind `resp_`."""
    assert not ALWAYS - response.keys(), f"absent: {ALWAYS - response.keys()}"
    assert response["object"] == "response"
    assert re.fullmatch(r"resp_\w{8,}", response["id"]), response["id"]


def a_response_repeats_what_was_asked(body: dict, response: dict) -> None:
    """With the defaults of production, and empty where a client sent null or nothing; without a mask, which may have megabytes."""
    assert response["model"].startswith(body["model"]), response["model"]
    assert response["previous_response_id"] == body.get("previous_response_id"), response["previous_response_id"]
    assert response["metadata"] == (body.get("metadata") or {}), response["metadata"]
    assert response["instructions"] == body.get("instructions"), response["instructions"]
    assert response["tool_choice"] == (body.get("tool_choice") or "auto"), response["tool_choice"]
    assert response["background"] == bool(body.get("background")), response["background"]
    assert [tool["type"] for tool in response["tools"]] == [tool["type"] for tool in body.get("tools") or []], response["tools"]
    for asked, told in zip(body.get("tools") or [], response["tools"], strict=True):
        assert not {"background", "output_format", "quality", "size"} - told.keys() or told["type"] != "image_generation", told
        given = {name: value for name, value in asked.items() if value is not None and name != "input_image_mask"}
        differing = {name: told.get(name) for name, value in given.items() if told.get(name) != value}
        assert not differing, f"the tool came back with {differing}"


# A stream.


def events_are_numbered(events: list[dict], start: int = 0) -> None:
    assert [event["sequence_number"] for event in events] == list(range(start, start + len(events)))


INDISPENSABLE = [
    "response.created", "response.in_progress", "response.output_item.added", "response.image_generation_call.in_progress",
    "response.image_generation_call.generating", "response.image_generation_call.completed", "response.output_item.done",
    "response.output_item.added", "response.content_part.added", "response.output_text.delta", "response.output_text.done",
    "response.content_part.done", "response.output_item.done", "response.completed",
]
"""In this order, for one picture: the stream helpers of both SDKs, LangChain, pydantic-ai and ag2 each need some of them."""


def events_come_in_order(events: list[dict]) -> None:
    kinds = [event["type"] for event in events if event["type"] != "response.image_generation_call.partial_image"]
    if "response.queued" in kinds:
        assert kinds[:2] == ["response.created", "response.queued"], kinds[:2]
        kinds.remove("response.queued")
    kinds = [kind for kind, following in pairwise([*kinds, ""]) if (kind, following) != ("response.output_text.delta",) * 2]
    assert kinds == INDISPENSABLE, kinds


def items_are_the_same_everywhere(events: list[dict]) -> None:
    """Some clients take the picture from `output_item.done`, others from `response.completed`."""
    completed = events[-1]["response"]
    assert completed["status"] == "completed"
    done = [event["item"] for event in events if event["type"] == "response.output_item.done"]
    assert done == completed["output"], "the items of output_item.done are not those of response.completed"
    assert [event["item"]["id"] for event in events if event["type"] == "response.output_item.added"] == [item["id"] for item in done]
    for event in events:
        if "item_id" in event:
            assert event["item_id"] == done[event["output_index"]]["id"], event["type"]
        if event["type"] == "response.output_item.added" and event["item"]["type"] == "image_generation_call":
            assert event["item"]["status"] == "in_progress" and event["item"].get("result") is None, event["item"]
        if event["type"] in ("response.created", "response.queued", "response.in_progress"):
            assert event["response"]["output"] == [] and event["response"]["usage"] is None
            assert event["response"]["id"] == completed["id"]


def deltas_are_the_text(events: list[dict]) -> None:
    """They are the only text that pydantic-ai, agno, haystack, ag2 and semantic-kernel see."""
    for index, item in enumerate(events[-1]["response"]["output"]):
        if item["type"] == "message":
            deltas = [event for event in events if event["type"] == "response.output_text.delta" and event["output_index"] == index]
            text = item["content"][0]["text"]
            assert "".join(event["delta"] for event in deltas) == text
            assert all(event["logprobs"] == [] for event in deltas), "no logprobs in a delta"
            assert [event["text"] for event in events if event["type"] == "response.output_text.done"] == [text]


def partial_images_are_pictures(tool: dict, events: list[dict]) -> None:
    """As many as asked for at most, each decodable by itself: pydantic-ai makes a file of each."""
    partial = [event for event in events if event["type"] == "response.image_generation_call.partial_image"]
    assert len(partial) <= (tool.get("partial_images") or 0), f"{len(partial)} partial images"
    assert bool(partial) == bool(tool.get("partial_images")), "no partial image"
    assert [event["partial_image_index"] for event in partial] == list(range(len(partial)))
    for event in partial:
        data = base64.b64decode(event["partial_image_b64"], validate=True)
        assert format_of(data) == event["output_format"]
        assert "{}x{}".format(*size_of(data)) == event["size"]


# The other routes.


def what_was_deleted_is_told(kind: str, ident: str, document: dict) -> None:
    """LiteLLM raises at an answer without a body."""
    assert document == {"id": ident, "object": kind, "deleted": True}, document


def a_replay_begins_where_it_was_asked_to(starting_after: int | None, events: list[dict]) -> None:
    """The helpers of both SDKs ask for all of it and skip what they know, so it must begin with `response.created`."""
    events_are_numbered(events, 0 if starting_after is None else starting_after + 1)
    assert (events[0]["type"] == "response.created") == (starting_after is None), events[0]["type"]
    assert events[-1]["type"] == "response.completed", events[-1]["type"]


def a_list_says_whether_it_goes_on(document: dict) -> None:
    """SDKs ask for another page unless `has_more` is false."""
    assert document["object"] == "list" and isinstance(document["has_more"], bool), document.keys()
    ids = [item["id"] for item in document["data"]]
    assert len(set(ids)) == len(ids), "an item comes twice"
    assert (document["first_id"], document["last_id"]) == ((ids[0], ids[-1]) if ids else (None, None))


def an_error_is_one(status: int, answer: Answer) -> None:
    """The SDKs' exceptions take code, type and parameter from it; `error` checks the four members."""
    assert answer.status == status and answer.error["message"], (answer.status, answer.body)


def a_request_has_an_id(answer: Answer) -> None:
    """The SDK gives it to the caller as `_request_id`."""
    assert re.fullmatch(r"req_\w+", answer.headers["x-request-id"] or ""), answer.headers["x-request-id"]
