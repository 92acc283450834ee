"""Every response leaves through one function, the refusals of the loop too: with an id of its own, a metric and an entry in the journal."""

import signal
import threading

import httpx
import pytest

from processes import eventually
from wire import send


def journal(pool, **filters: object) -> list[dict]:
    return httpx.get(f"{pool.url}/_fakeai/requests", params=filters).json()["requests"]


def answered(pool, route: str, status: int) -> float:
    samples = pool.metrics()["fakeai_requests"].samples
    return sum(sample.value for sample in samples if sample.labels == {"route": route, "status": str(status)})


def test_delayed_requests_that_a_drain_refuses_were_counted_and_journalled_as_200_under_one_id(start):
    pool = start("--workers", "1", DRAIN_TIME="1s")
    answers: list[httpx.Response] = []

    def ask() -> None:
        answers.append(httpx.get(f"{pool.url}/v1/models", headers={"X-FakeAI-Latency": "60s"}, timeout=30))

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    eventually(lambda: pool.statistics()["workers"][0]["deferred"] == 3, within=10, what="three requests that wait")
    pool.process.send_signal(signal.SIGHUP)
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [503, 503, 503]
    assert all(answer.json()["error"]["code"] == "server_is_overloaded" for answer in answers)
    ids = {answer.headers["x-request-id"] for answer in answers}
    assert len(ids) == 3
    eventually(lambda: {entry["request_id"] for entry in journal(pool, status=503)} == ids, within=5, what="three entries")
    assert journal(pool, status=200, path="/v1/models") == []
    assert answered(pool, "/v1/models", 503) == 3
    assert answered(pool, "/v1/models", 200) == 0


@pytest.mark.parametrize("headers", [{"X-FakeAI-Latency": "60s"}, {"X-FakeAI-Fault": "timeout"}])
def test_a_client_that_gives_up_is_recorded_as_499_and_not_as_answered(start, headers):
    pool = start("--workers", "1")
    body = {"prompt": "a lake", "size": "256x256"}
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(f"{pool.url}/v1/images/generations", json=body, headers=headers, timeout=0.5)
    eventually(lambda: len(journal(pool, path="/v1/images/generations")) == 1, within=10, what="an entry in the journal")
    [entry] = journal(pool, path="/v1/images/generations")
    assert entry["status"] == 499
    assert 400 < entry["latency_ms"] < 60_000
    assert entry["fault"] == headers.get("X-FakeAI-Fault")
    assert entry["parameters"]["prompt"] == "a lake"
    assert answered(pool, "/v1/images/generations", 499) == 1
    assert answered(pool, "/v1/images/generations", 200) == 0


def test_pages_of_other_origins_could_not_read_errors_of_images_nor_ask_before_they_post(pool):
    origin = {"Origin": "https://page.test"}
    [url] = pool.urls(size="256x256")
    missing = httpx.get(f"{pool.url}/images/{'0' * 32}.png", headers=origin)
    beyond = httpx.get(url, headers={**origin, "Range": "bytes=999999999-"})
    assert (missing.status_code, beyond.status_code) == (404, 416)
    for answer in [missing, beyond, httpx.get(url, headers=origin)]:
        assert answer.headers.get_list("Access-Control-Allow-Origin") == ["*"]
        assert "Content-Range" in answer.headers["Access-Control-Expose-Headers"]
    asked = "authorization, content-type, x-stainless-lang"
    preflight = httpx.options(
        f"{pool.url}/v1/images/generations",
        headers={**origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": asked})
    assert preflight.status_code == 204
    assert preflight.headers["Access-Control-Allow-Origin"] == "*"
    assert preflight.headers["Access-Control-Allow-Headers"] == asked
    assert preflight.headers["Access-Control-Allow-Methods"] == "POST, OPTIONS"
    refused = httpx.post(f"{pool.url}/v1/images/generations", json={}, headers=origin)
    assert refused.status_code == 400
    assert refused.headers["Access-Control-Allow-Origin"] == "*"
    # nginx's own error, before a worker sees anything.
    for path, allowed in [("/v1/images/edits", "*"), ("/profiles/openai/v1/images/edits", "*"), ("/_fakeai/rules", None)]:
        answer = send(pool, "POST", path, headers=[*origin.items(), ("Content-Length", str(60 << 20))])
        assert (answer.status, answer.headers["Access-Control-Allow-Origin"]) == (413, allowed)
    assert "Access-Control-Allow-Origin" not in httpx.get(f"{pool.url}/_fakeai/stats").headers


def test_variations_of_profile_fakeai_streamed_events_that_no_client_knows(pool):
    files = {"image": ("a.png", httpx.get(pool.urls(size="256x256")[0]).content, "image/png")}
    fields = {"stream": "true", "partial_images": "2", "size": "256x256", "response_format": "b64_json"}
    answer = httpx.post(f"{pool.url}/v1/images/variations", files=files, data=fields)
    assert answer.headers["Content-Type"] == "application/json"
    assert len(answer.json()["data"]) == 1
