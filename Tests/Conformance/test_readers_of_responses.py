"""How two programs read the Responses API that cannot be installed here, or that need what the official clients ignore."""

from __future__ import annotations

import base64
import json

import httpx
import pytest

from pictures import checked_png
from recorded import BY_NAME, with_pictures
from server_sent_events import events
from uploads import picture
from wire import send

JSON = [("Content-Type", "application/json"), ("Authorization", "Bearer sk-test")]
DRAWING = {"model": "gpt-5", "input": "Draw a cat", "tools": [{"type": "image_generation", "size": "1024x1024"}]}


class HomeAssistant:
    """The integration openai_conversation, as its entity.py reads a stream and its ai_task.py the picture."""

    def __init__(self, body: bytes):
        self.picture: dict | None = None
        self.text = ""
        self.is_open = False
        for event in events(body):
            match event["type"]:
                case "response.output_item.added":
                    self.is_open = True
                case "response.output_text.delta":
                    self.text += event["delta"]
                case "response.output_item.done" if event["item"]["type"] == "image_generation_call":
                    assert self.is_open, "an item is done that was never added"
                    # Of several, the last counts.
                    self.picture = event["item"]

    def attachment(self) -> tuple[bytes, str, int, int]:
        assert self.picture is not None and self.picture["result"] is not None, "No image returned"
        width, height = self.picture["size"].split("x")
        return base64.b64decode(self.picture["result"]), f"image/{self.picture['output_format']}", int(width), int(height)


def home_assistants(pool, **changes: object) -> HomeAssistant:
    body = with_pictures(BY_NAME["home-assistant.01"].body, {}) | changes
    answer = httpx.post(f"{pool.url}/v1/responses", json=body, timeout=60)
    assert answer.status_code == 200, answer.text
    return HomeAssistant(answer.content)


@pytest.mark.parametrize("tool", [{}, {"size": "1536x1024"}, {"size": "auto", "quality": "low"}, {"output_format": "webp"}])
def test_home_assistant_splits_the_size(pool, tool):
    tools = [BY_NAME["home-assistant.01"].tool | tool]
    told = home_assistants(pool, tools=tools)
    data, media_type, width, height = told.attachment()
    if media_type == "image/png":
        checked_png(data, (width, height))
    assert media_type == f"image/{tool.get('output_format', 'png')}" and told.text
    if tool.get("size", "auto") != "auto":
        assert f"{width}x{height}" == tool["size"]


def test_home_assistant_refers_to_a_picture_without_its_result(pool):
    first = home_assistants(pool)
    again = home_assistants(pool, input=[first.picture | {"result": None}, {"type": "message", "role": "user", "content": "Make it blue"}])
    assert again.picture["action"] == "edit" and again.picture["id"] != first.picture["id"]


def made(pool) -> str:
    answer = httpx.post(f"{pool.url}/v1/responses", json=DRAWING, timeout=60)
    assert answer.status_code == 200, answer.text
    return answer.json()["id"]


@pytest.mark.parametrize("body", [None, b"", b"{}"], ids=["none", "empty", "object"])
def test_litellm_gets_a_body_when_it_deletes(pool, body):
    """It says that it sends JSON, mostly without any, and reads the answer as JSON."""
    ident = made(pool)
    answer = send(pool, "DELETE", f"/v1/responses/{ident}", body, JSON)
    assert answer.status == 200 and json.loads(answer.body) == {"id": ident, "object": "response", "deleted": True}
    gone = send(pool, "GET", f"/v1/responses/{ident}", headers=JSON)
    assert gone.status == 404 and ident in gone.error["message"]
    again = send(pool, "DELETE", f"/v1/responses/{ident}", body, JSON)
    assert again.status == 404 and ident in again.error["message"]


def test_a_file_is_deleted_with_a_body_as_well(pool):
    file = httpx.post(f"{pool.url}/v1/files", data={"purpose": "vision"}, files={"file": ("a.png", picture())}).json()["id"]
    answer = send(pool, "DELETE", f"/v1/files/{file}", b"{}", JSON)
    assert answer.status == 200 and json.loads(answer.body) == {"id": file, "object": "file", "deleted": True}
    assert send(pool, "GET", f"/v1/files/{file}/content", headers=JSON).status == 404
