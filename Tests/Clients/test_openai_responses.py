"""OpenAI's own package in its newest release: the image tool of the Responses API, files, batches and webhooks."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import openai
import pytest
from openai.types.responses import Response

from pictures import checked_png, recipe
from processes import eventually
from uploads import data_url, picture

TOOL = {"type": "image_generation", "size": "1024x1024", "quality": "low"}
DRAWING = {"model": "gpt-5", "input": "A lake", "tools": [TOOL]}
LINE = {"model": "gpt-image-2", "prompt": "A lake", "size": "1024x1024", "quality": "low"}


@pytest.fixture(scope="module")
def client(pool):
    """It validates what it gets."""
    arguments = {"api_key": "test", "base_url": f"{pool.url}/v1", "max_retries": 0, "_strict_response_validation": True}
    with openai.OpenAI(**arguments) as client:
        yield client


def drawn(response: Response):
    """The only picture, checked."""
    [call] = [item for item in response.output if item.type == "image_generation_call"]
    checked_png(base64.b64decode(call.result), call.size)
    assert response.output_text, "text stands behind the picture"
    return call


def test_a_picture_and_three_ways_to_edit_it(client):
    first = client.responses.create(**DRAWING)
    call = drawn(first)
    assert call.action == "generate" and call.size == "1024x1024" and first.usage.total_tokens > 0
    given = {"model": "gpt-5", "tools": [TOOL]}
    reference = [{"role": "user", "content": "Make it blue"}, {"type": "image_generation_call", "id": call.id}]
    conversation = [{"role": "user", "content": "A lake"}, *first.output, {"role": "user", "content": "Make it blue"}]
    edits = [
        client.responses.create(**given, input="Make it blue", previous_response_id=first.id),
        client.responses.create(**given, input=reference),
        client.responses.create(**given, input=conversation),
    ]
    for edit in edits:
        assert drawn(edit).action == "edit"
    assert edits[0].previous_response_id == first.id
    assert recipe(checked_png(base64.b64decode(drawn(edits[2]).result)))["prompt"] == "Make it blue"


def test_a_picture_that_is_sent_along_is_edited(client):
    file = client.files.create(file=("cat.png", picture(), "image/png"), purpose="vision")
    for image in [{"image_url": data_url(picture())}, {"file_id": file.id}]:
        content = [{"type": "input_text", "text": "Make it blue"}, {"type": "input_image", "detail": "auto"} | image]
        response = client.responses.create(model="gpt-5", input=[{"role": "user", "content": content}], tools=[TOOL])
        assert drawn(response).action == "edit"
    mask = TOOL | {"input_image_mask": {"file_id": file.id}}
    drawn(client.responses.create(model="gpt-5", input=[{"role": "user", "content": content}], tools=[mask]))


def test_a_stream_with_partial_images(client):
    events = list(client.responses.create(**DRAWING | {"tools": [TOOL | {"partial_images": 2}]}, stream=True))
    partial = [event for event in events if event.type == "response.image_generation_call.partial_image"]
    assert [event.partial_image_index for event in partial] == [0, 1]
    for event in partial:
        checked_png(base64.b64decode(event.partial_image_b64), "1024x1024")
    assert events[-1].type == "response.completed"
    drawn(events[-1].response)


def test_the_helper_for_streams(client):
    with client.responses.stream(**DRAWING | {"tools": [TOOL | {"partial_images": 1}]}) as stream:
        kinds = [event.type for event in stream]
        drawn(stream.get_final_response())
    assert kinds[0] == "response.created" and kinds.count("response.image_generation_call.partial_image") == 1


def test_the_helper_resumes_a_stream_of_a_background_response(client):
    with client.responses.stream(**DRAWING, background=True) as stream:
        seen = [event.sequence_number for event in stream]
        whole = drawn(stream.get_final_response())
        ident = stream.get_final_response().id
    with client.responses.stream(response_id=ident, starting_after=3) as stream:
        assert [event.sequence_number for event in stream] == [number for number in seen if number > 3]
        assert drawn(stream.get_final_response()).result == whole.result
    again = [event.sequence_number for event in client.responses.retrieve(ident, stream=True, starting_after=3)]
    assert again == [number for number in seen if number > 3]


def test_a_response_in_the_background_is_polled_listed_and_deleted(client):
    response = client.responses.create(**DRAWING, background=True, extra_headers={"X-FakeAI-Latency": "1s"})
    assert response.status in ("queued", "in_progress") and not response.output

    def ended() -> Response | None:
        polled = client.responses.retrieve(response.id)
        return None if polled.status in ("queued", "in_progress") else polled

    drawn(eventually(ended, within=60, what="the response is completed"))
    [item] = client.responses.input_items.list(response.id)
    assert item.content[0].text == "A lake"
    client.responses.delete(response.id)
    with pytest.raises(openai.NotFoundError):
        client.responses.retrieve(response.id)


def test_a_response_in_the_background_is_cancelled(client):
    response = client.responses.create(**DRAWING, background=True, extra_headers={"X-FakeAI-Latency": "60s"})
    assert client.responses.cancel(response.id).status == "cancelled"
    assert client.responses.retrieve(response.id).status == "cancelled"
    with pytest.raises(openai.BadRequestError):
        client.responses.cancel(client.responses.create(**DRAWING).id)


def test_parse_raw_and_azure(pool, client):
    drawn(client.responses.parse(**DRAWING))
    raw = client.responses.with_raw_response.create(**DRAWING)
    assert raw.headers["x-request-id"] == raw.parse()._request_id
    azure = openai.AzureOpenAI(
        api_key="test", azure_endpoint=pool.url, api_version="2025-04-01-preview", max_retries=0,
        default_headers={"x-ms-oai-image-generation-deployment": "gpt-image-2"},
    )
    drawn(azure.responses.create(**DRAWING))
    newer = openai.OpenAI(
        api_key="test", base_url=f"{pool.url}/openai/v1/", default_query={"api-version": "preview"}, max_retries=0,
        default_headers={"x-ms-oai-image-generation-deployment": "gpt-image-2"},
    )
    drawn(newer.responses.create(**DRAWING))


def test_the_async_client(pool):
    async def ask() -> None:
        async with openai.AsyncOpenAI(api_key="test", base_url=f"{pool.url}/v1", max_retries=0) as client:
            for response in await asyncio.gather(*(client.responses.create(**DRAWING) for _ in range(3))):
                drawn(response)
            events = [event async for event in await client.responses.create(**DRAWING, stream=True)]
            drawn(events[-1].response)
            async with client.responses.stream(**DRAWING) as stream:
                kinds = [event.type async for event in stream]
                drawn(await stream.get_final_response())
            assert kinds[-1] == "response.completed"
            file = await client.files.create(file=b"{}", purpose="user_data")
            assert (await client.files.content(file.id)).content == b"{}"

    asyncio.run(ask())


REFUSALS = {
    "moderation": openai.BadRequestError, "rate_limit": openai.RateLimitError, "invalid_api_key": openai.AuthenticationError,
    "server_error": openai.InternalServerError,
}


@pytest.mark.parametrize("fault", REFUSALS)
@pytest.mark.parametrize("is_stream", [False, True])
def test_a_refusal_is_an_exception(client, fault, is_stream):
    with pytest.raises(REFUSALS[fault]) as error:
        client.responses.create(**DRAWING | {"input": f"A lake [[fakeai fault={fault}]]"}, stream=is_stream)
    if fault == "moderation":
        assert (error.value.code, error.value.type) == ("moderation_blocked", "image_generation_user_error")


@pytest.mark.parametrize("arguments, param", [
    ({"tools": [TOOL | {"size": "1x1"}]}, "tools"), ({"tools": [TOOL | {"output_format": "bmp"}]}, "tools"),
    ({"previous_response_id": "resp_" + "0" * 48}, "previous_response_id"), ({"input": 5}, "input"),
    ({"input": [{"type": "image_generation_call", "id": "ig_" + "1" * 50}]}, "input"),
])
def test_a_mistake_is_a_bad_request(client, arguments, param):
    with pytest.raises((openai.BadRequestError, openai.NotFoundError)) as error:
        client.responses.create(**DRAWING | arguments)
    assert error.value.param is None or error.value.param.startswith(param), error.value


def test_files_are_uploaded_listed_read_and_deleted(client):
    expiry = {"anchor": "created_at", "seconds": 3600}
    files = [client.files.create(file=(f"{name}.png", picture(), "image/png"), purpose="user_data", expires_after=expiry) for name in "abc"]
    assert all(file.expires_at - file.created_at == 3600 and file.bytes == len(picture()) for file in files)
    assert client.files.content(files[0].id).content == picture()
    assert client.files.wait_for_processing(files[0].id).status == "processed"
    # Every page, one file each.
    listed = [file.id for file in client.files.list(purpose="user_data", limit=1, order="asc")]
    assert [ident for ident in listed if ident in {file.id for file in files}] == [file.id for file in files]
    for file in files:
        assert client.files.delete(file.id).deleted
    with pytest.raises(openai.NotFoundError):
        client.files.retrieve(files[0].id)


def batch_file(client: openai.OpenAI, url: str, bodies: list[dict]) -> str:
    lines = [json.dumps({"custom_id": f"r{number}", "method": "POST", "url": url, "body": body}) for number, body in enumerate(bodies)]
    return client.files.create(file=("b.jsonl", "\n".join(lines).encode()), purpose="batch").id


def ended(client: openai.OpenAI, batch: str) -> openai.types.Batch:
    def look() -> openai.types.Batch | None:
        polled = client.batches.retrieve(batch)
        return polled if polled.status in ("completed", "failed", "expired", "cancelled") else None

    return eventually(look, within=120, what=f"{batch} has ended")


def lines_of(client: openai.OpenAI, file: str) -> dict[str, dict]:
    lines = [json.loads(line) for line in client.files.content(file).text.splitlines()]
    assert len({line["custom_id"] for line in lines}) == len(lines)
    return {line["custom_id"]: line for line in lines}


@pytest.mark.parametrize("url", ["/v1/images/generations", "/v1/images/edits", "/v1/responses"])
def test_a_batch_of_each_endpoint(client, url):
    given = client.files.create(file=("cat.png", picture(), "image/png"), purpose="vision").id
    body = {"/v1/images/generations": LINE, "/v1/images/edits": LINE | {"images": [{"file_id": given}]}, "/v1/responses": DRAWING}[url]
    mistake = {"tools": [TOOL | {"size": "1x1"}]} if url == "/v1/responses" else {"size": "1x1"}
    file = batch_file(client, url, [body, body, body | mistake])
    batch = client.batches.create(input_file_id=file, endpoint=url, completion_window="24h", metadata={"k": "v"})
    batch = ended(client, batch.id)
    assert batch.status == "completed" and batch.metadata == {"k": "v"}
    assert (batch.request_counts.total, batch.request_counts.completed, batch.request_counts.failed) == (3, 2, 1)
    output, errors = lines_of(client, batch.output_file_id), lines_of(client, batch.error_file_id)
    assert output.keys() == {"r0", "r1"} and errors.keys() == {"r2"}
    assert errors["r2"]["response"]["status_code"] == 400
    for line in output.values():
        told = line["response"]["body"]
        if url == "/v1/responses":
            drawn(Response.model_validate(told))
        else:
            checked_png(base64.b64decode(told["data"][0]["b64_json"]), "1024x1024")
    assert client.files.retrieve(batch.output_file_id).purpose == "batch_output"
    assert batch.id in [listed.id for listed in client.batches.list(limit=100).data]


def test_a_batch_with_a_bad_line_fails(client):
    file = client.files.create(file=("b.jsonl", io.BytesIO(b"not JSON\n")), purpose="batch").id
    batch = ended(client, client.batches.create(input_file_id=file, endpoint="/v1/images/generations", completion_window="24h").id)
    assert batch.status == "failed" and batch.errors.data[0].line == 1 and batch.output_file_id is None


def test_a_batch_is_cancelled(client):
    file = batch_file(client, "/v1/images/generations", [LINE])
    asked = {"input_file_id": file, "endpoint": "/v1/images/generations", "completion_window": "24h"}
    batch = client.batches.create(**asked, extra_headers={"X-FakeAI-Batch-Time": "60s"})
    assert client.batches.cancel(batch.id).status in ("cancelling", "cancelled")
    assert ended(client, batch.id).status == "cancelled"
    with pytest.raises(openai.BadRequestError):
        client.batches.create(**asked | {"endpoint": "/v1/chat/completions"})


def test_moderations(client):
    texts = client.moderations.create(input=["A lake", "A hill"])
    assert len(texts.results) == 2 and not texts.results[0].flagged
    image = {"type": "image_url", "image_url": {"url": data_url(picture())}}
    [result] = client.moderations.create(model="omni-moderation-latest", input=[{"type": "text", "text": "A lake"}, image]).results
    assert "image" in result.category_applied_input_types.violence


@contextmanager
def receiver() -> Iterator[tuple[str, list[tuple[bytes, dict]]]]:
    """A server of the user's, and what it got: bodies and headers."""
    got: list[tuple[bytes, dict]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append((self.rfile.read(int(self.headers["Content-Length"])), dict(self.headers)))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/hook", got
        server.shutdown()


def test_a_webhook_is_signed_as_the_client_verifies(client):
    with receiver() as (url, got):
        endpoint = client.webhooks.create(name="mine", url=url, event_types=["response.completed", "batch.completed"])
        try:
            response = client.responses.create(**DRAWING, background=True)
            file = batch_file(client, "/v1/images/generations", [LINE])
            batch = client.batches.create(input_file_id=file, endpoint="/v1/images/generations", completion_window="24h")
            events = eventually(lambda: unwrapped(client, got, endpoint.signing_secret, 2), within=120, what="both events have come")
            assert {(event.type, event.data.id) for event in events} >= {
                ("response.completed", response.id), ("batch.completed", batch.id),
            }
            body, headers = got[0]
            with pytest.raises(openai.InvalidWebhookSignatureError):
                client.webhooks.unwrap(body + b" ", headers, secret=endpoint.signing_secret)
        finally:
            client.webhooks.delete(endpoint.id)


def unwrapped(client: openai.OpenAI, got: list, secret: str, least: int) -> list | None:
    return [client.webhooks.unwrap(body, headers, secret=secret) for body, headers in got] if len(got) >= least else None
