"""The official client's types of each route of responses, files, batches and webhooks, applied strictly."""

from __future__ import annotations

from typing import Literal, get_args

from openai.types import (
    Batch,
    FileDeleted,
    FileObject,
    ImagesResponse,
    Model,
    ModerationCreateResponse,
    Upload,
)
from openai.types.responses import (
    CompactedResponse,
    InputTokenCountResponse,
    Response,
    ResponseItem,
    ResponseOutputItem,
    ResponseStreamEvent,
    Tool,
)
from openai.types.responses.response_item_list import ResponseItemList
from openai.types.uploads import UploadPart
from openai.types.webhooks import (
    DeletedWebhookEndpoint,
    WebhookEndpoint,
    WebhookEndpointList,
    WebhookEndpointTestResult,
    WebhookEndpointWithSecret,
)
from typing_extensions import TypedDict

from sdk_types import strictly


class Page(TypedDict):
    """What every list is, beside its items."""

    object: Literal["list"]
    data: list[dict]
    first_id: str | None
    last_id: str | None
    has_more: bool


class ResponseDeleted(TypedDict):
    """LiteLLM needs it; the client ignores it, so it has no type for it."""

    id: str
    object: Literal["response"]
    deleted: Literal[True]


class Models(TypedDict):
    object: Literal["list"]
    data: list[Model]


TYPES = {
    "POST /v1/responses": Response,
    "GET /v1/responses/{id}": Response,
    "DELETE /v1/responses/{id}": ResponseDeleted,
    "POST /v1/responses/{id}/cancel": Response,
    "GET /v1/responses/{id}/input_items": ResponseItemList,
    "POST /v1/responses/input_tokens": InputTokenCountResponse,
    "POST /v1/responses/compact": CompactedResponse,
    "POST /v1/files": FileObject,
    "GET /v1/files/{id}": FileObject,
    "DELETE /v1/files/{id}": FileDeleted,
    "POST /v1/batches": Batch,
    "GET /v1/batches/{id}": Batch,
    "POST /v1/batches/{id}/cancel": Batch,
    "POST /v1/moderations": ModerationCreateResponse,
    "POST /v1/uploads": Upload,
    "POST /v1/uploads/{id}/parts": UploadPart,
    "POST /v1/uploads/{id}/complete": Upload,
    "POST /v1/uploads/{id}/cancel": Upload,
    "POST /v1/webhook_endpoints": WebhookEndpointWithSecret,
    "GET /v1/webhook_endpoints": WebhookEndpointList,
    "GET /v1/webhook_endpoints/{id}": WebhookEndpoint,
    "DELETE /v1/webhook_endpoints/{id}": DeletedWebhookEndpoint,
    "POST /v1/webhook_endpoints/{id}/test": WebhookEndpointTestResult,
    "POST /v1/webhook_endpoints/{id}/rotate_secret": WebhookEndpointWithSecret,
    "POST /v1/images/generations": ImagesResponse,
    "GET /v1/models": Models,
}
ITEMS = {"GET /v1/files": FileObject, "GET /v1/batches": Batch, "GET /v1/responses/{id}/input_items": ResponseItem}
"""The type of a page's items."""


def by_name(union: object) -> dict[str, type]:
    """The types of a union by what their member `type` says: else the message of a mismatch would be about all of them."""
    kinds = get_args(get_args(union)[0])
    return {name: kind for kind in kinds for name in get_args(kind.model_fields["type"].annotation)}


EVENTS, OUTPUT, TOOLS = by_name(ResponseStreamEvent), by_name(ResponseOutputItem), by_name(Tool)

BEYOND_TYPES = {
    "response": {"store", "billing", "content_filters", "frequency_penalty", "presence_penalty"}, "tool": {"n"}, "event": {"obfuscation"},
}
"""What production was recorded to send, and this version of the client has no type for."""


def matches_its_type(route: str, document: dict) -> None:
    if route in ITEMS:
        strictly(Page, document)
        for item in document["data"]:
            strictly(ITEMS[route], item)
    else:
        kind = TYPES[route]
        strictly(kind, declared(document) if kind is Response else document)


def event_matches_its_type(event: dict) -> None:
    assert event["type"] in EVENTS, f"unknown to the client: {event['type']}"
    event = {name: value for name, value in event.items() if name not in BEYOND_TYPES["event"]}
    if "item" in event:
        strictly(OUTPUT[event["item"]["type"]], event["item"])
    if "response" in event:
        event |= {"response": declared(event["response"])}
    strictly(EVENTS[event["type"]], event)


def declared(response: dict) -> dict:
    """Without the fields that are beyond the types; its items and tools, which are unions, were looked at one by one."""
    tools = [{name: value for name, value in tool.items() if name not in BEYOND_TYPES["tool"]} for tool in response.get("tools", [])]
    for kinds, members in (OUTPUT, response["output"]), (TOOLS, tools):
        for member in members:
            strictly(kinds[member["type"]], member)
    return {name: value for name, value in response.items() if name not in BEYOND_TYPES["response"]} | {"tools": tools}
