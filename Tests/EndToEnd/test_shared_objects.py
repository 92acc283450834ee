"""Two hosts with one Redis have the same files, responses and batches: pools of their own names here, on one machine."""

from __future__ import annotations

import base64
import io
import json
import random
import time
from collections import Counter
from collections.abc import Callable

import httpx
import pytest

from pool import Pool
from processes import eventually
from redis_server import RedisServer, shared_server

NAMES = ("alder", "birch")
TOOL = {"type": "image_generation", "size": "256x256"}
ENDS = {"completed", "failed", "expired", "cancelled"}


def pair(start: Callable[..., Pool], redis: RedisServer, prefix: str = "", **variables: object) -> list[Pool]:
    shared = {"IMAGE_STORAGE_BACKEND": "redis", "REDIS_URL": redis.url, "REDIS_PREFIX": prefix}
    return [start("--workers", "2", HOST_NAME=name, **shared, **variables) for name in NAMES]


@pytest.fixture
def hosts(start) -> list[Pool]:
    return pair(start, shared_server(), f"{random.randbytes(6).hex()}:")


def upload(pool: Pool, content: bytes, purpose: str = "user_data", name: str = "a.bin") -> str:
    response = httpx.post(f"{pool.url}/v1/files", data={"purpose": purpose}, files={"file": (name, content)}, timeout=30)
    assert response.status_code == 200, response.text
    return response.json()["id"]


def content(pool: Pool, name: str) -> bytes:
    return httpx.get(f"{pool.url}/v1/files/{name}/content", timeout=30).raise_for_status().content


def test_a_file_of_one_host_is_used_and_deleted_on_the_other(hosts):
    one, other = hosts
    made = one.generate(model="gpt-image-1-mini", size="1024x1024").json()["data"][0]["b64_json"]
    picture = upload(one, base64.b64decode(made), "vision", "lake.png")
    edit = {"model": "gpt-image-1.5", "prompt": "a boat", "images": [{"file_id": picture}]}
    edited = httpx.post(f"{other.url}/v1/images/edits", json=edit, timeout=30)
    assert edited.status_code == 200 and "X-FakeAI-Ignored" not in edited.headers, edited.text[:500]
    assert edited.headers["X-FakeAI-Worker"].startswith("birch/")
    sent = random.randbytes(3 << 20)
    large = upload(other, sent)
    assert content(one, large) == sent
    listed = [file["id"] for file in one.client().get("/v1/files").json()["data"]]
    assert listed == [large, picture]
    assert other.client().delete(f"/v1/files/{picture}").json()["deleted"] is True
    assert one.client().get(f"/v1/files/{picture}").status_code == 404
    assert one.client().post("/v1/images/edits", json=edit).status_code == 404


def ask(pool: Pool, text: str, **others: object) -> dict:
    response = pool.client().post("/v1/responses", json={"model": "gpt-5", "input": text, "tools": [TOOL]} | others)
    assert response.status_code == 200, response.text
    return response.json()


def actions(response: dict) -> list[str]:
    return [item["action"] for item in response["output"] if item["type"] == "image_generation_call"]


def test_a_response_of_one_host_is_continued_on_the_other(hosts):
    one, other = hosts
    first = ask(one, "a lake")
    second = ask(other, "a boat on it", previous_response_id=first["id"])
    third = ask(one, "at night", previous_response_id=second["id"])
    assert [actions(response) for response in (first, second, third)] == [["generate"], ["edit"], ["edit"]]
    for response in (first, second, third):
        for pool in hosts:
            assert pool.client().get(f"/v1/responses/{response['id']}").json()["output"] == response["output"]
    assert other.client().delete(f"/v1/responses/{first['id']}").json()["deleted"] is True
    assert one.client().get(f"/v1/responses/{first['id']}").status_code == 404


def line(number: int) -> dict:
    body = {"model": "gpt-image-2", "prompt": f"lake {number}", "size": "256x256", "response_format": "url"}
    return {"custom_id": str(number), "method": "POST", "url": "/v1/images/generations", "body": body}


def create_batch(pool: Pool, lines: int, seconds: int) -> str:
    file = upload(pool, "".join(json.dumps(line(number)) + "\n" for number in range(lines)).encode(), "batch", "requests.jsonl")
    batch = {"input_file_id": file, "endpoint": "/v1/images/generations", "completion_window": "24h"}
    response = pool.client().post("/v1/batches", json=batch, headers={"X-FakeAI-Batch-Time": f"{seconds}s"})
    assert response.status_code == 200, response.text
    return response.json()["id"]


def batch_of(pool: Pool, name: str) -> dict:
    return pool.client().get(f"/v1/batches/{name}").raise_for_status().json()


def ended(pool: Pool, name: str) -> dict:
    return eventually(
        lambda: (batch := batch_of(pool, name))["status"] in ENDS and batch, within=90, what="a batch that has ended"
    )


def assert_complete(pool: Pool, batch: dict, lines: int) -> None:
    assert (batch["status"], batch["error_file_id"]) == ("completed", None)
    assert batch["request_counts"] == {"total": lines, "completed": lines, "failed": 0}
    results = [json.loads(line) for line in io.BytesIO(content(pool, batch["output_file_id"]))]
    assert Counter(result["custom_id"] for result in results) == Counter(str(number) for number in range(lines))
    assert {result["response"]["status_code"] for result in results} == {200}


def performers(pool: Pool) -> set[str]:
    """The hosts of which the journal has lines of batches."""
    query = {"path": "/v1/images/generations", "limit": 1000}
    return {entry["worker"].split("/")[0] for entry in pool.client().get("/_fakeai/requests", params=query).json()["requests"]}


def test_a_batch_of_a_host_that_dies_is_finished_by_the_other(hosts):
    one, other = hosts
    name = create_batch(one, lines=40, seconds=6)
    eventually(lambda: batch_of(other, name)["request_counts"]["completed"] >= 5, within=60, what="results")
    # Whichever has it: the batch of a host that is idle may go to the other one.
    [worker] = performers(other)
    dying, living = (one, other) if worker == "alder" else (other, one)
    dying.die()
    assert_complete(living, ended(living, name), lines=40)
    assert performers(living) == set(NAMES)


@pytest.fixture
def redis():
    """One that may fail."""
    server = RedisServer()
    try:
        server.start()
        yield server
    finally:
        server.close()


def test_without_redis_requests_fail_honestly_and_a_batch_goes_on_afterwards(start, redis):
    one, other = pair(start, redis, REDIS_TIMEOUT="500ms")
    file, doomed = upload(one, b"kept"), upload(one, b"doomed")
    response = ask(one, "a lake")
    name = create_batch(one, lines=40, seconds=4)
    eventually(lambda: batch_of(other, name)["request_counts"]["completed"] >= 3, within=60, what="results")
    redis.pause()
    begun = time.monotonic()
    try:
        for method, path in [
            ("GET", f"/v1/files/{file}"), ("GET", f"/v1/files/{file}/content"), ("GET", "/v1/files"), ("DELETE", f"/v1/files/{doomed}"),
            ("GET", f"/v1/responses/{response['id']}"), ("GET", f"/v1/batches/{name}"), ("POST", f"/v1/batches/{name}/cancel"),
        ]:
            refused = other.client().request(method, path)
            error = refused.json()["error"]
            assert refused.status_code == 503 and refused.headers["Retry-After"], f"{method} {path}: {refused.text}"
            assert (error["type"], error["code"]) == ("service_unavailable_error", "object_store_unavailable"), error
        assert httpx.post(f"{one.url}/v1/files", data={"purpose": "user_data"}, files={"file": b"lost"}).status_code == 503
        # Longer than a claim is held without Redis.
        eventually(lambda: time.monotonic() - begun > 6, within=30, what="the end of all claims")
    finally:
        redis.resume()
    # Each worker finds Redis by itself, so one good answer says nothing about the next.
    eventually(lambda: all(other.client().get("/v1/files").status_code == 200 for _ in range(20)), within=20, what="Redis again")
    assert content(other, file) == b"kept"
    assert_complete(other, ended(other, name), lines=40)
