"""Pictures as a stream of events, as the official client and a bare one see them."""

from __future__ import annotations

import base64
import io
import json
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import openai
import pytest
from PIL import Image, ImageChops

from pictures import checked_png
from pool import Pool
from processes import kill
from schema import valid
from wire import raw

MODEL = "gpt-image-2"


@pytest.fixture(scope="module")
def client(pool):
    with openai.OpenAI(api_key="test", base_url=f"{pool.url}/v1", max_retries=0) as client:
        yield client


def picture(event) -> Image.Image:
    return checked_png(base64.b64decode(event.b64_json, validate=True), event.size).convert("RGBA")


@pytest.mark.parametrize(
    "partial_images, quality, background",
    [(0, "low", "opaque"), (1, "high", "opaque"), (2, "low", "transparent"), (3, "high", "opaque"), (3, "high", "transparent")],
)
def test_partial_images_come_nearer_and_nearer(client, partial_images, quality, background):
    asked = {"model": MODEL, "prompt": "A lake", "quality": quality, "background": background}
    *partial, completed = client.images.generate(stream=True, partial_images=partial_images, size="1024x1024", **asked)
    assert [event.type for event in partial] == ["image_generation.partial_image"] * partial_images
    assert [event.partial_image_index for event in partial] == list(range(partial_images))
    assert completed.type == "image_generation.completed"
    assert completed.usage.output_tokens > 100 * partial_images
    final = picture(completed)
    distances = [sum(ImageChops.difference(picture(event), final).tobytes()) for event in partial]
    assert distances == sorted(distances, reverse=True) and 0 not in distances


def test_an_event_is_as_the_description_says(pool):
    body = {"prompt": "A lake", "model": MODEL, "stream": True, "partial_images": 2, "safety_identifier": "me"}
    headers = {"X-FakeAI-Profile": "openai", "Authorization": "Bearer test"}
    answer = httpx.post(f"{pool.url}/v1/images/generations", json=body, headers=headers, timeout=30)
    assert answer.headers["Content-Type"] == "text/event-stream"
    assert "Content-Length" not in answer.headers
    assert answer.text.endswith("\n\n") and "[DONE]" not in answer.text
    events = [event.split("\n") for event in answer.text.removesuffix("\n\n").split("\n\n")]
    for index, (kind, data) in enumerate(events):
        document = json.loads(data.removeprefix("data: "))
        assert kind == f"event: {document['type']}"
        valid("ImageGenCompletedEvent" if index == 2 else "ImageGenPartialImageEvent", document)
        told = ["size", "quality", "background", "output_format"]
        partial = ["type", "partial_image_index", "b64_json", "created_at", *told]
        completed = ["type", "b64_json", "created_at", "usage", *told, "safety_identifier"]
        assert list(document) == (completed if index == 2 else partial)


def arrivals(pool: Pool) -> list[float]:
    """When each event of a stream arrives that is spread over two simulated seconds: four events, half a second apart."""
    body = {"prompt": "A lake", "stream": True, "partial_images": 3, "size": "256x256"}
    headers = {"X-FakeAI-Latency": "2s"}
    with httpx.stream("POST", f"{pool.url}/v1/images/generations", json=body, headers=headers, timeout=60) as answer:
        return [time.monotonic() for line in answer.iter_lines() if line.startswith("event: ")]


@pytest.mark.parametrize("draws", ["true", "false"])
def test_events_pass_nginx_one_by_one(start, draws):
    """Where nothing is drawn, they are small enough to be gathered several times over."""
    first, *_, last = times = arrivals(start("--workers", "1", GENERATE_ACTUAL_IMAGES=draws))
    assert len(times) == 4
    assert last - first > 0.75


def test_events_pass_one_by_one_on_the_second_try_as_well(start):
    """On a connection that is not to be kept, nginx would gather them until the end."""
    pool = start("--workers", "1")
    [worker] = pool.workers
    kill(worker, signal.SIGSTOP)
    with ThreadPoolExecutor(1) as client:
        times = client.submit(arrivals, pool)
        time.sleep(0.5)
        kill(worker)
        first, *_, last = times.result()
    assert last - first > 0.75


def test_a_client_that_leaves_in_mid_stream_ends_the_work(start):
    """Of ten images over five seconds, none is drawn for a client that has seen the first event and left."""
    pool = start("--workers", "1")
    workers = pool.workers
    body = {"prompt": "A lake", "stream": True, "partial_images": 1, "n": 10, "size": "1024x1024"}
    for _ in range(3):
        headers = {"X-FakeAI-Latency": "5s"}
        with httpx.stream("POST", f"{pool.url}/v1/images/generations", json=body, headers=headers, timeout=30) as answer:
            next(answer.iter_bytes())
    time.sleep(2)
    [drawn] = pool.metrics()["fakeai_images_drawn"].samples
    assert drawn.value <= 3
    assert pool.workers == workers
    assert pool.generate(size="256x256").status_code == 200


def test_the_connection_goes_on_behind_a_stream(pool):
    body = json.dumps({"prompt": "A lake", "stream": True, "size": "256x256"}).encode()
    head = b"Host: a\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
    post = b"POST /v1/images/generations HTTP/1.1\r\n" + head + body
    last = b"GET /v1/models HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    answer = raw(pool, post + post + last)
    assert answer.count(b"HTTP/1.1 200 OK") == 3
    assert answer.count(b"event: image_generation.completed") == 2


def test_several_images_are_streamed_one_after_the_other(client):
    events = list(client.images.generate(model=MODEL, prompt="A lake", n=2, stream=True, partial_images=1, size="1024x1024"))
    assert [event.type.rpartition(".")[2] for event in events] == ["partial_image", "completed"] * 2
    assert picture(events[1]).tobytes() != picture(events[3]).tobytes()


def test_without_a_model_a_stream_is_gpt_image_1s(client):
    [completed] = client.images.generate(prompt="A lake", stream=True)
    assert completed.usage.output_tokens == 1056


@pytest.mark.parametrize("output_format, kind", [("jpeg", "JPEG"), ("webp", "WEBP"), ("gif", "PNG"), ("svg", "PNG")])
def test_a_stream_has_the_format_that_was_asked_for_where_streams_know_it(client, output_format, kind):
    for event in client.images.generate(model=MODEL, prompt="A lake", stream=True, partial_images=1, output_format=output_format):
        with Image.open(io.BytesIO(base64.b64decode(event.b64_json))) as image:
            assert image.format == kind
        assert event.output_format == kind.lower()
