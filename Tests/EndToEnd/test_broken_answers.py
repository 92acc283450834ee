"""An answer that is broken on purpose reaches its client broken: nginx, which asks again for a worker that died, asks nobody else."""

from __future__ import annotations

import json

import httpx
import pytest

from pool import Pool
from processes import kill
from wire import raw

SMALL = {"prompt": "a lake", "size": "256x256", "response_format": "b64_json"}
STREAM = {"prompt": "a lake", "size": "256x256", "stream": True, "partial_images": 2}


@pytest.fixture(scope="module")
def once(request) -> Pool:
    pool = Pool("--workers", "2")
    request.addfinalizer(pool.close)
    pool.start()
    return pool


def strike_once(pool: Pool, fault: str) -> int:
    """The next request for images meets the fault, others none. Answers where in the journal that begins."""
    rules = [{"when": {"sequence": "once"}, "then": [{"fault": fault}]}]
    httpx.put(f"{pool.url}/_fakeai/rules", json=rules).raise_for_status()
    return httpx.get(f"{pool.url}/_fakeai/requests", params={"limit": 0}).json()["next"]


def ask(pool: Pool, body: dict) -> tuple[bytes, bytes]:
    """Head and body of what comes, both empty where nothing does."""
    data = json.dumps(body).encode()
    head = b"POST /v1/images/generations HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\n"
    answer = raw(pool, head + b"Content-Length: %d\r\n\r\n" % len(data) + data)
    head, _, body = answer.partition(b"\r\n\r\n")
    return head, body


def told(pool: Pool, since: int) -> list[tuple[int, str | None]]:
    """Status and fault of each request that workers saw."""
    page = httpx.get(f"{pool.url}/_fakeai/requests", params={"since": since}).json()
    return [(entry["status"], entry["fault"]) for entry in page["requests"]]


def announced(head: bytes) -> int:
    [length] = [line.partition(b": ")[2] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")]
    return int(length)


def test_a_truncated_answer_is_half_of_what_was_announced(once):
    since = strike_once(once, "truncate")
    head, body = ask(once, SMALL)
    assert head.startswith(b"HTTP/1.1 200 OK") and b"X-FakeAI-Fault: truncate" in head
    assert len(body) == announced(head) // 2
    head, body = ask(once, SMALL)
    assert len(body) == announced(head)
    assert told(once, since) == [(200, "truncate"), (200, None)]


def test_a_truncated_stream_breaks_off_in_its_last_event_and_never_ends(once):
    since = strike_once(once, "truncate")
    head, body = ask(once, STREAM)
    assert b"Transfer-Encoding: chunked" in head
    assert body.count(b"event: image_generation.partial_image") == 2
    assert body.count(b"event: image_generation.completed") == 1
    # The last chunk of a whole answer has no bytes.
    assert not body.endswith(b"0\r\n\r\n")
    head, body = ask(once, STREAM)
    assert body.endswith(b"\n\n\r\n0\r\n\r\n")
    assert told(once, since) == [(200, "truncate"), (200, None)]


def test_a_stream_whose_worker_dies_ends_without_its_last_event(start):
    """Nobody else can go on with it, and nginx passes on that it ended, not why."""
    pool = start("--workers", "1")
    body = STREAM | {"partial_images": 3}
    with httpx.stream("POST", f"{pool.url}/v1/images/generations", json=body, headers={"X-FakeAI-Latency": "8s"}, timeout=30) as answer:
        events = []
        for line in answer.iter_lines():
            if line.startswith("event: "):
                events.append(line)
                if len(events) == 1:
                    kill(*pool.workers)
    assert events == ["event: image_generation.partial_image"]
    assert pool.generate(**SMALL).status_code == 200


def test_a_reset_connection_has_no_answer(once):
    since = strike_once(once, "reset")
    assert ask(once, SMALL) == (b"", b"")
    head, body = ask(once, SMALL)
    assert len(body) == announced(head)
    assert told(once, since) == [(444, "reset"), (200, None)]
    metrics = httpx.get(f"{once.url}/metrics").text
    assert 'fakeai_requests_total{route="/v1/images/generations",status="444"} 1\n' in metrics
