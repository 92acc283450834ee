"""Batches with the official client, on workers that are killed, and webhooks that a program receives.

`BATCH_LINES=1000 BATCH_SECONDS=40` makes the trial of kills longer (`make test-batches` does).
"""

from __future__ import annotations

import io
import json
import os
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import openai
import pytest

from pool import SHARED_MEMORY, STORE, Pool
from processes import eventually, kill

LINES = int(os.environ.get("BATCH_LINES", "200"))
SECONDS = int(os.environ.get("BATCH_SECONDS", "8"))
EVERY = min(2, SECONDS / 8)
"""Seconds between two kills."""
LEAST_KILLS = 1 if STORE == "redis" else 3
"""In Redis, a batch stands still for some seconds after each."""
ENDS = {"completed", "failed", "expired", "cancelled"}


def client_of(pool: Pool) -> openai.OpenAI:
    # No certificates: reading them takes longer than most requests.
    return openai.OpenAI(api_key="sk-test-1234567890", base_url=f"{pool.url}/v1", http_client=openai.DefaultHttpxClient(verify=False))


def line(custom_id: str, **body: object) -> dict:
    usual = {"model": "gpt-image-2", "prompt": f"lake {custom_id}", "size": "256x256", "response_format": "url"}
    return {"custom_id": custom_id, "method": "POST", "url": "/v1/images/generations", "body": usual | body}


def create(client: openai.OpenAI, lines: list[dict], **options: object):
    text = "".join(json.dumps(line) + "\n" for line in lines)
    file = client.files.create(file=("requests.jsonl", io.BytesIO(text.encode())), purpose="batch")
    endpoint = lines[0]["url"]
    return client.batches.create(input_file_id=file.id, endpoint=endpoint, completion_window="24h", **options)


def ended(client: openai.OpenAI, batch_id: str, within: float = 60):
    def look():
        batch = client.batches.retrieve(batch_id)
        return batch if batch.status in ENDS else None

    return eventually(look, within=within, what="a batch that has ended")


def results(client: openai.OpenAI, file_id: str | None) -> list[dict]:
    return [json.loads(line) for line in client.files.content(file_id).text.splitlines()] if file_id else []


def test_a_batch_makes_images_that_can_be_fetched(pool):
    client = client_of(pool)
    batch = ended(client, create(client, [line("a"), line("b", prompt="lake [[fakeai fault=moderation]]")], metadata={"k": "v"}).id)
    assert (batch.status, batch.request_counts.total, batch.metadata) == ("completed", 2, {"k": "v"})
    [output], [error] = results(client, batch.output_file_id), results(client, batch.error_file_id)
    assert httpx.get(output["response"]["body"]["data"][0]["url"]).headers["content-type"] == "image/png"
    assert error["response"]["body"]["error"]["code"] == "moderation_blocked"
    assert client.files.retrieve(batch.output_file_id).purpose == "batch_output"
    assert batch.id in [listed.id for listed in client.batches.list()]


def test_an_invalid_line_fails_the_batch(pool):
    client = client_of(pool)
    batch = ended(client, create(client, [line("a"), line("a")]).id)
    assert (batch.status, batch.errors.data[0].code, batch.errors.data[0].line) == ("failed", "duplicate_custom_id", 2)


def performer(pool: Pool) -> int | None:
    """The process that performed the last line that is in the journal."""
    requests = httpx.get(f"{pool.url}/_fakeai/requests", params={"path": "/v1/images/generations", "limit": 1000}).json()["requests"]
    last = max(requests, key=lambda request: request["sequence"], default=None)
    return int(last["worker"].rpartition("-")[2]) if last else None


def test_a_batch_survives_the_kills_of_the_workers_that_perform_it(start):
    pool = start("--workers", "4")
    client = client_of(pool)
    made = create(client, [line(str(number)) for number in range(LINES)], extra_headers={"X-FakeAI-Batch-Time": f"{SECONDS}s"})
    killed: list[int] = []
    deadline = time.monotonic() + 10 * SECONDS + 60
    while client.batches.retrieve(made.id).status not in ENDS and time.monotonic() < deadline:
        time.sleep(EVERY)
        pid = performer(pool)
        if pid in pool.workers:
            kill(pid)
            killed.append(pid)
    batch = client.batches.retrieve(made.id)
    lines = results(client, batch.output_file_id)
    print(f"{LINES} lines, {len(killed)} kills, {len(set(killed))} workers")
    assert len(killed) >= LEAST_KILLS
    assert (batch.status, batch.error_file_id) == ("completed", None)
    assert (batch.request_counts.total, batch.request_counts.completed, batch.request_counts.failed) == (LINES, LINES, 0)
    assert Counter(line["custom_id"] for line in lines) == Counter(str(number) for number in range(LINES))
    assert {line["response"]["status_code"] for line in lines} == {200}


@pytest.fixture
def receiver():
    """A program that takes events: what it got, as pairs of headers and body, and its URL."""
    got: list[tuple[dict, bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            got.append((dict(self.headers), self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield got, f"http://127.0.0.1:{server.server_port}/hooks"
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_official_client_accepts_an_event(start, receiver):
    client, (got, url) = client_of(start("--workers", "2")), receiver
    endpoint = httpx.post(
        f"{client.base_url}webhook_endpoints", json={"name": "tests", "url": url, "event_types": ["batch.completed"]},
    ).json()
    batch = create(client, [line("a")])
    eventually(lambda: got, within=30, what="an event")
    headers, body = got[0]
    event = client.webhooks.unwrap(body, headers, secret=endpoint["signing_secret"])
    assert (event.type, event.data.id) == ("batch.completed", batch.id)
    with pytest.raises(openai.InvalidWebhookSignatureError):
        client.webhooks.unwrap(body + b" ", headers, secret=endpoint["signing_secret"])


def test_an_event_outlives_the_worker_that_has_announced_it(start, receiver):
    pool, (got, url) = start("--workers", "2"), receiver
    client = client_of(pool)
    webhook = {"name": "tests", "url": url, "event_types": ["response.completed"]}
    httpx.post(f"{client.base_url}webhook_endpoints", json=webhook).raise_for_status()
    response = client.responses.create(model="gpt-5", input="A lake", background=True, extra_headers={"X-FakeAI-Latency": "3s"})
    for pid in pool.workers:
        kill(pid)
    eventually(lambda: got, within=60, what="the event of a response whose worker was killed")
    assert json.loads(got[0][1])["data"]["id"] == response.id
    if STORE != "redis":
        kept = SHARED_MEMORY / f"fakeai-images-{pool.store_name}-objects.files" / "event"
        eventually(lambda: not list(kept.iterdir()), within=30, what="an event that is delivered is removed")
    assert len(got) == 1


@pytest.mark.parametrize(("fault", "status"), [("batch_failed", "failed"), ("batch_expired", "expired")])
def test_a_fault_ends_a_batch_in_another_way(pool, fault, status):
    client = client_of(pool)
    batch = ended(client, create(client, [line("a"), line("b")], extra_headers={"X-FakeAI-Fault": fault}).id)
    assert batch.status == status
    assert [line["error"]["code"] for line in results(client, batch.error_file_id)] == (["batch_expired"] if status == "expired" else [])


def test_a_batch_is_cancelled_and_keeps_what_was_done(pool):
    client = client_of(pool)
    made = create(client, [line(str(number)) for number in range(10)], extra_headers={"X-FakeAI-Batch-Time": "20s"})

    def count() -> int:
        return client.batches.retrieve(made.id).request_counts.completed

    eventually(lambda: count() > 0, within=30, what="a line that is done")
    assert client.batches.cancel(made.id).status == "cancelling"
    batch = ended(client, made.id)
    assert batch.status == "cancelled"
    assert 0 < len(results(client, batch.output_file_id)) == batch.request_counts.completed < 10
