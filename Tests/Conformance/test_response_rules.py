"""Each rule about answers accepts a stream that all clients were seen to accept, and notices what breaks at least one of them."""

from __future__ import annotations

import base64
import copy
import email.message
import io
from collections.abc import Callable

import pytest
from PIL import Image

import response_rules as rules
from recorded import ALL, BY_NAME, FOLDER
from response_types import event_matches_its_type, matches_its_type
from server_sent_events import events
from uploads import picture
from wire import Answer

ACCEPTED = (FOLDER / "accepted.sse").read_bytes()
TOOL = {"type": "image_generation", "partial_images": 2}
ASKED = {"model": "gpt-5", "input": "Draw a brown square", "tools": [TOOL]}


def stream() -> list[dict]:
    return events(ACCEPTED)


def response() -> dict:
    """The same as one answer, with what the mock says besides what clients need."""
    told = stream()[-1]["response"] | {"metadata": {}, "instructions": None, "background": False}
    told["tools"][0]["partial_images"] = 2
    return told


def drawn() -> dict:
    return response()["output"][0]


def page() -> dict:
    return {"object": "list", "data": [{"id": "a"}, {"id": "b"}], "first_id": "a", "last_id": "b", "has_more": False}


def answer(status: int = 400, kind: str = "application/json", body: bytes = b"", **headers: str) -> Answer:
    message = email.message.Message()
    for name, value in {"Content-Type": kind, **{name.replace("_", "-"): value for name, value in headers.items()}}.items():
        message[name] = value
    return Answer(status, message, body or b'{"error":{"message":"m","type":"t","param":null,"code":null}}')


# What makes an example, and how a rule looks at it.
RULES: dict[str, tuple[Callable[[], object], Callable[[object], None]]] = {
    "picture": (drawn, rules.a_picture_is_whole),
    "asked": (drawn, lambda item: rules.a_picture_is_what_the_tool_asks_for({"size": "64x64", "background": "opaque"}, item)),
    "text": (lambda: response()["output"], rules.text_follows_the_picture),
    "message": (lambda: response()["output"][1], rules.a_message_is_whole),
    "usage": (response, rules.usage_is_whole),
    "response": (response, rules.a_response_is_whole),
    "repetition": (response, lambda told: rules.a_response_repeats_what_was_asked(ASKED, told)),
    "types": (response, lambda told: matches_its_type("POST /v1/responses", told)),
    "numbers": (stream, rules.events_are_numbered),
    "order": (stream, rules.events_come_in_order),
    "items": (stream, rules.items_are_the_same_everywhere),
    "deltas": (stream, rules.deltas_are_the_text),
    "partial images": (stream, lambda told: rules.partial_images_are_pictures(TOOL, told)),
    "event types": (stream, lambda told: [event_matches_its_type(event) for event in told]),
    "replay": (stream, lambda told: rules.a_replay_begins_where_it_was_asked_to(None, told)),
    "list": (page, rules.a_list_says_whether_it_goes_on),
    "deletion": (
        lambda: {"id": "resp_1", "object": "response", "deleted": True},
        lambda told: rules.what_was_deleted_is_told("response", "resp_1", told),
    ),
}


def put(*path: object) -> Callable[[object], None]:
    """Replaces what is at a path, whose last element is the new value; `...` removes it."""
    *way, last, value = path

    def change(example: object) -> None:
        for step in way:
            example = example[step]
        if value is ...:
            del example[last]
        else:
            example[last] = value

    return change


JPEG = base64.b64encode(picture(kind="JPEG")).decode()
BROKEN = {
    "a data URL": ("picture", put("result", "data:image/png;base64," + base64.b64encode(picture()).decode())),
    "no picture": ("picture", put("result", None)),
    "another format than said": ("picture", put("result", JPEG)),
    "no format": ("picture", put("output_format", ...)),
    "size auto": ("picture", put("size", "auto")),
    "another size than said": ("picture", put("size", "64x65")),
    "still generating": ("picture", put("status", "generating")),
    "no revised prompt": ("picture", put("revised_prompt", ...)),
    "quality auto": ("picture", put("quality", "auto")),
    "another size than asked": ("asked", put("size", "64x65")),
    "another background than asked": ("asked", put("background", "transparent")),
    "no message": ("text", put(slice(1, None), [])),
    "empty text": ("text", put(1, "content", 0, "text", "")),
    "message before the picture": ("text", lambda output: output.reverse()),
    "a message in progress": ("message", put("status", "in_progress")),
    "no annotations": ("message", put("content", 0, "annotations", ...)),
    "usage null": ("usage", put("usage", None)),
    "no cached tokens": ("usage", put("usage", "input_tokens_details", "cached_tokens", ...)),
    "a wrong sum": ("usage", put("usage", "total_tokens", 1)),
    "a short id": ("response", put("id", "resp_1")),
    "absent and not null": ("response", put("previous_response_id", ...)),
    "another model": ("repetition", put("model", "gpt-4")),
    "a tool without a size": ("repetition", put("tools", 0, "size", ...)),
    "fewer partial images in the tool": ("repetition", put("tools", 0, "partial_images", 1)),
    "metadata null": ("repetition", put("metadata", None)),
    "an unknown field": ("types", put("output", 0, "colour", "red")),
    "text as a number": ("types", put("model", 5)),
    "an error code that is not of the list": ("types", put("error", {"code": "moderation_blocked", "message": "m"})),
    "a number left out": ("numbers", put(3, "sequence_number", 4)),
    "no item added": ("order", put(2, ...)),
    "no end": ("order", put(-1, ...)),
    "two pictures": ("order", lambda told: told.insert(7, told[7])),
    "queued at the end": ("order", lambda told: told.append({"type": "response.queued"})),
    "an empty output in the end": ("items", put(-1, "response", "output", [])),
    "another picture in the end": ("items", put(-1, "response", "output", 0, "result", JPEG)),
    "an event of another item": ("items", put(5, "item_id", "ig_2")),
    "an item that begins completed": ("items", put(2, "item", "status", "completed")),
    "another response's beginning": ("items", put(0, "response", "id", "resp_00000000")),
    "a delta without logprobs": ("deltas", lambda told: delta_of(told).pop("logprobs")),
    "a delta too few": ("deltas", lambda told: told.remove(delta_of(told))),
    "a partial image too few, by its number": ("partial images", put(6, "partial_image_index", 2)),
    "a partial image of another size": ("partial images", put(5, "size", "1x1")),
    "partial images that nobody asked for": ("partial images", lambda told: told.insert(6, told[6])),
    "no partial images": ("partial images", put(slice(5, 7), [])),
    "an event without its number": ("event types", put(4, "sequence_number", ...)),
    "an event that no client knows": ("event types", put(4, "type", "response.image_generation_call.drawing")),
    "a replay from the middle": ("replay", put(slice(0, 2), [])),
    "a replay without an end": ("replay", put(-1, ...)),
    "a list without an end": ("list", put("has_more", ...)),
    "a list that ends elsewhere": ("list", put("last_id", "a")),
    "an item twice": ("list", put("data", 1, "id", "a")),
    "a deletion of something else": ("deletion", put("object", "file")),
}


def delta_of(told: list[dict]) -> dict:
    return next(event for event in told if event["type"] == "response.output_text.delta")


@pytest.mark.parametrize("name", RULES)
def test_a_rule_accepts_what_all_clients_accept(name):
    make, rule = RULES[name]
    rule(make())


@pytest.mark.parametrize("what", BROKEN)
def test_a_rule_notices(what):
    name, change = BROKEN[what]
    make, rule = RULES[name]
    example = copy.deepcopy(make())
    change(example)
    with pytest.raises((AssertionError, KeyError, TypeError, ValueError, IndexError)):
        rule(example)


def test_every_rule_is_seen_to_notice_something():
    assert {name for name, _ in BROKEN.values()} == RULES.keys()


@pytest.mark.parametrize("is_stream, kind", [(True, "application/json"), (False, "text/event-stream"), (True, "text/plain")])
def test_a_stream_that_is_none_is_noticed(is_stream, kind):
    rules.a_stream_is_one_exactly_if_asked_for(True, answer(kind="text/event-stream; charset=utf-8"))
    rules.a_stream_is_one_exactly_if_asked_for(False, answer())
    with pytest.raises(AssertionError):
        rules.a_stream_is_one_exactly_if_asked_for(is_stream, answer(kind=kind))


@pytest.mark.parametrize("body", [b"{}", b'{"error":{"message":"m","type":"t","code":null}}', b'{"error":"m"}'])
def test_an_error_that_is_none_is_noticed(body):
    rules.an_error_is_one(400, answer())
    with pytest.raises((AssertionError, AttributeError)):
        rules.an_error_is_one(400, answer(body=body))
    with pytest.raises(AssertionError):
        rules.an_error_is_one(404, answer())


def test_an_answer_without_an_id_is_noticed():
    rules.a_request_has_an_id(answer(x_request_id="req_0123"))
    with pytest.raises(AssertionError):
        rules.a_request_has_an_id(answer())


@pytest.mark.parametrize("change", [
    lambda text: text[:-1], lambda text: text.replace(b"event: response.created\n", b""), lambda text: text + b"data: [DONE]\n\n",
    lambda text: text.replace(b"event: response.created", b"event: response.in_progress"),
    lambda text: text.replace(b"\ndata: {", b"\ndata: ["),
])
def test_a_stream_in_another_frame_is_noticed(change):
    assert len(events(ACCEPTED)) > 10
    with pytest.raises(AssertionError):
        events(change(ACCEPTED))


@pytest.mark.parametrize("name, is_edit", [
    ("openai-py.create.01", False), ("openai-py.second_turn.02", True), ("openai-py.second_turn.03", True),
    ("llama-index.second_turn.02", True), ("ag2.second_turn.01", True), ("home-assistant.01", True),
    ("agno.second_turn.02", False), ("haystack.second_turn.01", False),
])
def test_whether_a_conversation_has_a_picture(name, is_edit):
    request = BY_NAME[name]
    rules.a_conversation_with_a_picture_is_edited(request, {"action": "edit" if is_edit else "generate"})
    with pytest.raises(AssertionError):
        rules.a_conversation_with_a_picture_is_edited(request, {"action": "generate" if is_edit else "edit"})


def test_a_tool_that_says_what_to_do_decides():
    request = next(request for request in ALL if request.tool.get("action") == "edit")
    rules.a_conversation_with_a_picture_is_edited(request, {"action": "generate"})
    with pytest.raises(AssertionError):
        rules.a_picture_is_what_the_tool_asks_for(request.tool, drawn() | {"action": "generate"})


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_format_and_size_are_read_off_the_picture(kind):
    file = io.BytesIO()
    Image.new("RGB", (3, 5)).save(file, kind)
    assert (rules.format_of(file.getvalue()), rules.size_of(file.getvalue())) == (kind.lower(), (3, 5))


def test_the_size_of_an_svg_is_read_off_it():
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="30" height="50"/>'
    assert (rules.format_of(svg), rules.size_of(svg)) == ("svg", (30, 50))
