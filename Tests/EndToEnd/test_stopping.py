"""The end of `serve`: nobody is cut off without an answer, and balancers learn of it before it comes."""

from __future__ import annotations

import contextlib
import json
import signal
import threading
import time
from collections.abc import Iterator

import httpx
import pytest

from pool import Pool
from processes import eventually, kill

SMALL = {"prompt": "a lake", "size": "256x256"}


@contextlib.contextmanager
def asking(count: int, ask) -> Iterator[list]:
    """Runs `ask` on threads; what they return is in the list once the block is left."""
    answers: list = []

    def run() -> None:
        try:
            answers.append(ask())
        except httpx.HTTPError as error:
            answers.append(error)

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    yield answers
    for thread in threads:
        thread.join(timeout=60)


def post(pool: Pool, **headers: str) -> httpx.Response:
    return httpx.post(f"{pool.url}/v1/images/generations", json=SMALL, headers=headers, timeout=60)


def in_flight(pool: Pool) -> int:
    return sum(worker["in_flight"] for worker in pool.statistics()["workers"])


def assert_told_to_come_back(answer: object) -> None:
    assert isinstance(answer, httpx.Response), repr(answer)
    assert answer.status_code == 503 and answer.headers["retry-after"] == "1"
    assert answer.json()["error"]["type"] == "service_unavailable_error"


def stop(pool: Pool) -> None:
    pool.process.send_signal(signal.SIGTERM)


DRAWN_FOR_LONG = {"prompt": "a lake", "model": "gpt-image-1.5", "size": "3840x2160", "quality": "hd", "output_format": "webp", "n": 10}
"""What a worker draws for several seconds, so that nothing tells beforehand when it is due."""


def draw(pool: Pool) -> httpx.Response:
    return httpx.post(f"{pool.url}/v1/images/generations", json=DRAWN_FOR_LONG, timeout=60)


@pytest.mark.parametrize("end, workers", [(signal.SIGTERM, 2), (signal.SIGHUP, 1)], ids=["stopped", "replaced"])
def test_what_is_not_finished_when_the_drain_time_is_over_gets_503(start, end, workers):
    """Its connection was closed, and a stopping nginx had nobody else to ask."""
    pool = start("--workers", str(workers), DRAIN_TIME="300ms")
    with asking(4, lambda: draw(pool)) as answers:
        eventually(lambda: in_flight(pool) >= 4, within=10, what="four requests in flight")
        pool.process.send_signal(end)
    assert len(answers) == 4
    for answer in answers:
        assert_told_to_come_back(answer)
    if end == signal.SIGTERM:
        assert pool.process.wait(timeout=20) == 0


def test_a_drain_time_beyond_the_usual_one_is_kept(start):
    """Ten seconds were the most, whatever the setting said."""
    pool = start("--workers", "1", DRAIN_TIME="30s")
    with asking(2, lambda: post(pool, **{"X-FakeAI-Latency": "12s"})) as answers:
        eventually(lambda: in_flight(pool) >= 2, within=10, what="two requests in flight")
        stop(pool)
    assert [answer.status_code for answer in answers] == [200, 200]
    assert pool.process.wait(timeout=20) == 0


def test_a_stream_that_cannot_go_on_ends_with_the_error_event(start):
    pool = start("--workers", "1", DRAIN_TIME="1s")
    request = SMALL | {"model": "gpt-image-1", "size": "1024x1024", "stream": True, "partial_images": 3}
    with httpx.stream(
        "POST", f"{pool.url}/v1/images/generations", json=request, headers={"X-FakeAI-Latency": "12s"}, timeout=60
    ) as answer:
        # The head comes with the first event, and the next one would be due in three seconds.
        stop(pool)
        lines = list(answer.iter_lines())
    assert answer.status_code == 200
    assert [line for line in lines if line.startswith("event:")] == ["event: image_generation.partial_image", "event: error"]
    last = json.loads([line for line in lines if line.startswith("data:")][-1].removeprefix("data:"))
    assert last["error"]["code"] == "server_is_overloaded"


def test_the_rest_of_a_slow_body_comes_at_once(start):
    pool = start("--workers", "1", DRAIN_TIME="1s")
    [url] = pool.urls()
    whole = httpx.get(url).content
    with httpx.stream("GET", url, headers={"X-FakeAI-Fault": "slow_body"}, timeout=60) as answer:
        stop(pool)
        assert answer.read() == whole


def test_who_comes_while_the_pool_stops_is_told_to_come_back(start):
    """Their connections waited in the socket until it was closed, and were reset then."""
    pool = start("--workers", "1", DRAIN_TIME="5s")
    with asking(1, lambda: post(pool, **{"X-FakeAI-Latency": "4s"})) as answers:
        eventually(lambda: in_flight(pool) >= 1, within=10, what="a request in flight")
        stop(pool)
        # nginx's workers take a moment to close their sockets.
        eventually(lambda: httpx.get(f"{pool.url}/v1/models").status_code == 503, within=3, what="a refusal")
        for _ in range(20):
            assert_told_to_come_back(post(pool))
        big = httpx.post(f"{pool.url}/v1/images/edits", files={"image": b"x" * 3_000_000}, data={"prompt": "a"}, timeout=30)
        assert_told_to_come_back(big)
        assert big.headers["connection"] == "close"
    assert [answer.status_code for answer in answers] == [200]
    assert pool.process.wait(timeout=20) == 0


def test_readyz_says_for_a_while_that_the_pool_will_stop_and_everything_else_goes_on(start):
    pool = start("--workers", "2", STOP_DELAY="3s")
    began = time.monotonic()
    stop(pool)
    eventually(lambda: httpx.get(f"{pool.url}/readyz").status_code == 503, within=5, what="readyz says so")
    assert httpx.get(f"{pool.url}/readyz").json()["error"]["code"] == "server_is_stopping"
    assert httpx.get(f"{pool.url}/healthz").status_code == 200
    [url] = pool.urls()
    assert httpx.get(url).status_code == 200
    # A worker that is started meanwhile says so too.
    for worker in pool.workers:
        kill(worker)
    eventually(lambda: post(pool).status_code == 200, within=5, what="a new worker serves")
    assert {httpx.get(f"{pool.url}/readyz").status_code for _ in range(8)} == {503}
    assert pool.process.wait(timeout=20) == 0
    assert time.monotonic() - began > 3, "it did not wait"


def test_a_second_signal_does_not_wait_for_the_delay(start):
    pool = start("--workers", "1", STOP_DELAY="10m")
    stop(pool)
    eventually(lambda: httpx.get(f"{pool.url}/readyz").status_code == 503, within=5, what="readyz says so")
    stop(pool)
    assert pool.process.wait(timeout=20) == 0


def test_a_stop_under_load_loses_no_image_and_cuts_nobody(start):
    pool = start("--workers", "2", DRAIN_TIME="3s")
    stopped = threading.Event()
    acknowledged: list[str] = []
    refused: list[int] = []
    cut: list[BaseException] = []

    def load() -> None:
        while not stopped.is_set():
            try:
                # A connection each, because nginx closes idle ones when it stops, perhaps just when the next request is on its way.
                answer = httpx.post(f"{pool.url}/v1/images/generations", json=SMALL, timeout=30)
            except httpx.ConnectError:
                return  # The socket is closed: it is over.
            except httpx.HTTPError as error:
                cut.append(error)
                return
            if answer.status_code == 200:
                acknowledged.append(answer.json()["data"][0]["url"])
            else:
                refused.append(answer.status_code)

    threads = [threading.Thread(target=load) for _ in range(16)]
    for thread in threads:
        thread.start()
    eventually(lambda: len(acknowledged) > 200, within=20, what="a load")
    stop(pool)
    assert pool.process.wait(timeout=20) == 0
    stopped.set()
    for thread in threads:
        thread.join(timeout=30)
    assert not cut and set(refused) <= {503}, (cut, set(refused))
    pool.start()
    with httpx.Client() as client:
        assert {client.get(url).status_code for url in acknowledged} == {200}
