"""Streams of background responses that are cancelled meanwhile, by any worker."""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx

from pool import Pool

ASKED = {
    "model": "gpt-5", "input": "A lake", "background": True, "stream": True, "tools": [{"type": "image_generation", "size": "256x256"}],
}
SLOW = {"X-FakeAI-Latency": "20s"}


def events(answer: httpx.Response) -> Iterator[dict]:
    return (json.loads(line.removeprefix("data: ")) for line in answer.iter_lines() if line.startswith("data: "))


def cancel(pool: Pool, ident: str) -> dict:
    return httpx.post(f"{pool.url}/v1/responses/{ident}/cancel", timeout=30).raise_for_status().json()


def test_a_live_stream_ends_when_its_response_is_cancelled(start):
    pool = start("--workers", "3")
    with httpx.stream("POST", f"{pool.url}/v1/responses", json=ASKED, headers=SLOW, timeout=60) as answer:
        told = events(answer)
        came = [next(told)]
        ident = came[0]["response"]["id"]
        assert cancel(pool, ident)["status"] == "cancelled"
        came += told
    assert came[-1]["type"] == "response.cancelled" and came[-1]["response"]["status"] == "cancelled"
    assert [event["sequence_number"] for event in came] == list(range(len(came)))
    assert not any(event["type"] == "response.output_item.done" for event in came)
    again = httpx.get(f"{pool.url}/v1/responses/{ident}?stream=true", timeout=30)
    assert [event["type"] for event in events(again)] == [event["type"] for event in came]


def test_a_stream_that_is_read_again_ends_then_too(start):
    pool = start("--workers", "3")
    ident = httpx.post(f"{pool.url}/v1/responses", json=ASKED | {"stream": False}, headers=SLOW, timeout=30).json()["id"]
    with httpx.stream("GET", f"{pool.url}/v1/responses/{ident}?stream=true", timeout=60) as answer:
        told = events(answer)
        assert next(told)["type"] == "response.created"
        cancel(pool, ident)
        assert [event["type"] for event in told][-1] == "response.cancelled"


def test_a_stream_that_nobody_cancels_ends_when_it_is_due(start):
    pool = start("--workers", "2")
    headers = {"X-FakeAI-Latency": "2500ms"}
    with httpx.stream("POST", f"{pool.url}/v1/responses", json=ASKED, headers=headers, timeout=60) as answer:
        came = list(events(answer))
    assert came[-1]["type"] == "response.completed" and came[-1]["response"]["output"][0]["result"]
