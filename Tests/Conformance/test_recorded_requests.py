"""200 requests that clients of the Responses API, of files and of batches were recorded to send, and what each of them needs back."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

import response_rules as rules
from earlier import Earlier
from exchange import exchange
from recorded import ALL, Recorded, part_of
from response_types import event_matches_its_type, matches_its_type
from server_sent_events import events
from wire import Answer

Check = Callable[[], object]

CHAT = "the mock draws, and no batch of its has an endpoint for chats"
REFUSED = {
    # The status, and what the message names.
    "autobatcher.02": (400, "endpoint", CHAT),
    "batchata.02": (400, "endpoint", CHAT),
}
"""What is refused, and why."""


@pytest.mark.parametrize("request_", ALL, ids=str)
def test_a_client_gets_what_it_needs(pool, request_):
    earlier = Earlier(pool, request_)
    target, headers, body = request_.written(earlier.ids, earlier.pictures)
    answer = exchange(pool, request_.method, target, headers, body)
    if request_.name in REFUSED:
        status, named, _ = REFUSED[request_.name]
        rules.an_error_is_one(status, answer)
        assert named in answer.error["message"], answer.error
        return
    assert answer.status == 200, f"{answer.status} {answer.body[:1000]}"
    broken = list(broken_rules(checks(request_, earlier, target, answer)))
    assert not broken, "\n".join(broken)


def test_there_are_200_of_them():
    assert len(ALL) == 200 and len({request.name for request in ALL}) == 200
    assert all(reason for *_, reason in REFUSED.values()) and REFUSED.keys() <= {request.name for request in ALL}


def broken_rules(checks: Iterator[tuple[str, Check]]) -> Iterator[str]:
    """Every rule that is broken, not just the first, as far as the answer can be read."""
    for name, check in checks:
        try:
            check()
        except Exception as error:
            yield f"{name}: {type(error).__name__}: {str(error)[:1500]}"


def checks(request: Recorded, earlier: Earlier, target: str, answer: Answer) -> Iterator[tuple[str, Check]]:
    """The rules that apply to a request, each with its name."""
    yield "request id", lambda: rules.a_request_has_an_id(answer)
    if request.route == "GET /v1/files/{id}/content":
        yield "content", lambda: of_a_content(request, answer)
        return
    yield "content type", lambda: rules.a_stream_is_one_exactly_if_asked_for(request.is_stream, answer)
    if request.is_stream:
        told = events(answer.body)
        yield from of_a_stream(request, earlier, target, told)
        document = told[-1]["response"]
    else:
        document = json.loads(answer.body)
        yield "types", lambda: matches_its_type(request.route, document)
    yield from BY_ROUTE.get(request.route, nothing_more)(request, earlier, target, document)


def nothing_more(*_: object) -> Iterator[tuple[str, Check]]:
    """Where the types say all."""
    return iter(())


def of_a_stream(request: Recorded, earlier: Earlier, target: str, told: list[dict]) -> Iterator[tuple[str, Check]]:
    for event in told:
        yield f"types of {event['type']}", lambda event=event: event_matches_its_type(event)
    if request.method == "GET":
        after = parse_qs(urlsplit(target).query).get("starting_after")
        yield "replay", lambda: rules.a_replay_begins_where_it_was_asked_to(int(after[0]) if after else None, told)
        return
    yield "numbers", lambda: rules.events_are_numbered(told)
    yield "order", lambda: rules.events_come_in_order(told)
    yield "items", lambda: rules.items_are_the_same_everywhere(told)
    yield "deltas", lambda: rules.deltas_are_the_text(told)
    yield "partial images", lambda: rules.partial_images_are_pictures(request.tool, told)


def of_a_new_response(request: Recorded, earlier: Earlier, target: str, document: dict) -> Iterator[tuple[str, Check]]:
    asked = json.loads(request.written(earlier.ids, earlier.pictures)[2])
    yield "response", lambda: rules.a_response_is_whole(document)
    yield "repetition", lambda: rules.a_response_repeats_what_was_asked(asked, document)
    if request.body.get("background") and not request.is_stream:
        yield "status", lambda: is_one_of(document["status"], "queued", "in_progress", "completed")
    else:
        yield "status", lambda: is_one_of(document["status"], "completed")
        yield from of_an_output(request, document)


def of_an_output(request: Recorded, document: dict) -> Iterator[tuple[str, Check]]:
    """Every recorded request lets the model draw, and asks for a picture."""
    yield "usage", lambda: rules.usage_is_whole(document)
    yield "one picture", lambda: is_one_of(len(rules.pictures(document["output"])), 1)
    yield "text", lambda: rules.text_follows_the_picture(document["output"])
    for item in document["output"]:
        if item["type"] == "message":
            yield "message", lambda item=item: rules.a_message_is_whole(item)
    for picture in rules.pictures(document["output"]):
        yield "picture", lambda picture=picture: rules.a_picture_is_whole(picture)
        yield "what was asked", lambda picture=picture: rules.a_picture_is_what_the_tool_asks_for(request.tool, picture)
        if request.method == "POST":
            yield "action", lambda picture=picture: rules.a_conversation_with_a_picture_is_edited(request, picture)


def of_an_earlier_response(request: Recorded, earlier: Earlier, target: str, document: dict) -> Iterator[tuple[str, Check]]:
    yield "response", lambda: rules.a_response_is_whole(document)
    yield "the same one", lambda: is_one_of(document["id"], *earlier.ids.values())
    yield from of_an_output(request, document)


def of_a_cancelled_response(request: Recorded, earlier: Earlier, target: str, document: dict) -> Iterator[tuple[str, Check]]:
    yield "response", lambda: rules.a_response_is_whole(document)
    yield "status", lambda: is_one_of(document["status"], "cancelled")


def of_a_deletion(kind: str) -> Callable[..., Iterator[tuple[str, Check]]]:
    def of_one(request: Recorded, earlier: Earlier, target: str, document: dict) -> Iterator[tuple[str, Check]]:
        [ident] = earlier.ids.values()
        yield "deletion", lambda: rules.what_was_deleted_is_told(kind, ident, document)
        yield "gone", lambda: is_one_of(exchange(earlier.pool, "GET", target, [("Host", "localhost")]).status, 404)

    return of_one


def of_a_list(request: Recorded, earlier: Earlier, target: str, document: dict) -> Iterator[tuple[str, Check]]:
    yield "list", lambda: rules.a_list_says_whether_it_goes_on(document)
    query = {name: values[0] for name, values in parse_qs(urlsplit(target).query).items()}
    if limit := query.get("limit"):
        yield "limit", lambda: is_one_of(len(document["data"]) <= int(limit), True)
    if after := query.get("after"):
        yield "after", lambda: is_one_of(after in [item["id"] for item in document["data"]], False)
    if purpose := query.get("purpose"):
        yield "purpose", lambda: is_one_of({item["purpose"] for item in document["data"]} <= {purpose}, True)


def of_input_items(request: Recorded, earlier: Earlier, target: str, document: dict) -> Iterator[tuple[str, Check]]:
    yield "list", lambda: rules.a_list_says_whether_it_goes_on(document)
    yield "what was asked", lambda: is_one_of(document["data"][-1]["content"][0]["text"], "Draw a cat")


def of_a_file(request: Recorded, earlier: Earlier, target: str, document: dict) -> Iterator[tuple[str, Check]]:
    sent = {part["name"]: part_of(part, earlier.ids) for part in request.form or []}
    if sent:
        yield "bytes", lambda: is_one_of(document["bytes"], len(sent["file"].data))
        yield "name", lambda: is_one_of(document["filename"], sent["file"].filename)
        yield "purpose", lambda: is_one_of(document["purpose"], sent["purpose"].data.decode())
    if "expires_after[seconds]" in sent:
        yield "expiry", lambda: is_one_of(document["expires_at"] - document["created_at"], int(sent["expires_after[seconds]"].data))
    yield "id", lambda: re.fullmatch(r"file-\w+", document["id"])[0]


def of_a_new_batch(request: Recorded, earlier: Earlier, target: str, document: dict) -> Iterator[tuple[str, Check]]:
    [ident] = earlier.ids.values()
    yield "input", lambda: is_one_of(document["input_file_id"], ident)
    yield "endpoint", lambda: is_one_of(document["endpoint"], request.body["endpoint"])
    yield "metadata", lambda: is_one_of(document["metadata"] or {}, request.body.get("metadata") or {})
    yield "window", lambda: is_one_of(document["expires_at"] - document["created_at"], 24 * 3600)
    yield "errors", lambda: is_one_of(document["errors"], None)
    yield "counts", lambda: is_one_of(document["request_counts"].keys(), {"total", "completed", "failed"})


def of_an_earlier_batch(request: Recorded, earlier: Earlier, target: str, document: dict) -> Iterator[tuple[str, Check]]:
    yield "the same one", lambda: is_one_of(document["id"], *earlier.ids.values())
    yield "counts", lambda: is_one_of(document["request_counts"].keys(), {"total", "completed", "failed"})
    if request.route.endswith("/cancel"):
        yield "status", lambda: is_one_of(document["status"], "cancelling", "cancelled")


def of_a_moderation(request: Recorded, earlier: Earlier, target: str, document: dict) -> Iterator[tuple[str, Check]]:
    [result] = document["results"]
    names = {name.replace("/", "_").replace("-", "_") for name in result["categories"]}
    yield "categories", lambda: is_one_of(len(names), 13)
    yield "maps", lambda: is_one_of(result["category_scores"].keys(), result["categories"].keys())
    yield "input types", lambda: is_one_of(result["category_applied_input_types"].keys(), result["categories"].keys())
    yield "flagged", lambda: is_one_of(result["flagged"], any(result["categories"].values()))


def of_a_new_upload(request: Recorded, earlier: Earlier, target: str, document: dict) -> Iterator[tuple[str, Check]]:
    yield "status", lambda: is_one_of(document["status"], "pending")
    for name in ("bytes", "filename", "purpose"):
        yield name, lambda name=name: is_one_of(document[name], request.body[name])


def of_a_part(request: Recorded, earlier: Earlier, target: str, document: dict) -> Iterator[tuple[str, Check]]:
    yield "upload", lambda: is_one_of(document["upload_id"], *earlier.ids.values())


def of_a_cancelled_upload(request: Recorded, earlier: Earlier, target: str, document: dict) -> Iterator[tuple[str, Check]]:
    yield "status", lambda: is_one_of(document["status"], "cancelled")


def of_a_completed_upload(request: Recorded, earlier: Earlier, target: str, document: dict) -> Iterator[tuple[str, Check]]:
    yield "status", lambda: is_one_of(document["status"], "completed")
    yield "file", lambda: is_one_of(document["file"]["bytes"], document["bytes"])


def of_a_content(request: Recorded, answer: Answer) -> None:
    assert int(answer.headers["Content-Length"]) == len(answer.body) > 0
    if answer.body.startswith(b"{"):
        for line in answer.body.splitlines():
            assert json.loads(line).keys() == {"id", "custom_id", "response", "error"}, line[:300]


def is_one_of(value: object, *expected: object) -> None:
    assert value in expected, f"{value!r}, expected {' or '.join(map(repr, expected))}"


BY_ROUTE = {
    "POST /v1/responses": of_a_new_response,
    "GET /v1/responses/{id}": of_an_earlier_response,
    "POST /v1/responses/{id}/cancel": of_a_cancelled_response,
    "GET /v1/responses/{id}/input_items": of_input_items,
    "DELETE /v1/responses/{id}": of_a_deletion("response"),
    "DELETE /v1/files/{id}": of_a_deletion("file"),
    "GET /v1/files": of_a_list,
    "GET /v1/batches": of_a_list,
    "POST /v1/files": of_a_file,
    "GET /v1/files/{id}": of_a_file,
    "POST /v1/batches": of_a_new_batch,
    "GET /v1/batches/{id}": of_an_earlier_batch,
    "POST /v1/batches/{id}/cancel": of_an_earlier_batch,
    "POST /v1/moderations": of_a_moderation,
    "POST /v1/uploads": of_a_new_upload,
    "POST /v1/uploads/{id}/parts": of_a_part,
    "POST /v1/uploads/{id}/complete": of_a_completed_upload,
    "POST /v1/uploads/{id}/cancel": of_a_cancelled_upload,
}
