"""What the pool tells of itself: the same by /metrics, /_fakeai/stats and `fakeai-images status`, from any worker, whoever has died."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import time
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack

import httpx

from pool import BINARY, ROOT, Pool
from processes import eventually, kill
from stopped_writer import StoppedWriter


def value(pool: Pool, name: str, **labels: str) -> float:
    """The sum of the samples of a metric that have these labels."""
    samples = pool.metrics()[name].samples
    return sum(sample.value for sample in samples if labels.items() <= sample.labels.items())


def status(pool: Pool) -> dict:
    command = [BINARY, "status", "--json", "--image-store-name", pool.store_name]
    return json.loads(subprocess.run(command, capture_output=True, check=True, timeout=20).stdout)


def test_three_readers_are_told_the_same(start):
    pool = start("--workers", "2", IMAGE_STORE_SIZE="1M")
    eventually(lambda: [worker["state"] for worker in status(pool)["workers"]] == ["serving"] * 2, within=10, what="both serve")
    for number in range(4):
        pool.urls(prompt=f"picture {number}", n=10, quality="hd")
    statistics, told, metrics = pool.statistics(), status(pool), pool.metrics()
    store = statistics["store"]
    assert store["inserted"] == 40 and store["evicted"] > 0
    assert store["images"] == statistics["total_images"] == 40 - store["evicted"]
    assert store["used_bytes"] + store["free_bytes"] == store["capacity_bytes"]
    assert 0 <= store["newest_age_seconds"] <= store["oldest_age_seconds"]
    for key in store:
        [sample] = metrics[f"fakeai_store_{key}"].samples
        if "age" not in key:
            assert store[key] == told["store"][key] == sample.value, key
    assert {worker["pid"] for worker in told["workers"]} == {worker["pid"] for worker in statistics["workers"]} == pool.workers


def test_any_worker_tells_the_same_and_counts_are_exact(start):
    pool = start("--workers", "3")
    urls = pool.urls(n=4, size="256x256")
    sizes = [len(httpx.get(url).content) for url in urls * 5]
    assert pool.generate(size="7x7").status_code == 400
    for response in from_each_worker(pool, "/metrics", count=3):
        assert response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        assert 'fakeai_requests_total{route="/images/{file}",status="200"} 20\n' in response.text
        assert 'fakeai_requests_total{route="/v1/images/generations",status="400"} 1\n' in response.text
        assert "fakeai_images_drawn_total 4\n" in response.text
    assert value(pool, "fakeai_response_bytes") > sum(sizes)


def from_each_worker(pool: Pool, path: str, count: int) -> list[httpx.Response]:
    """One answer from each of so many workers. Many are asked for at once, for nginx stays with a worker that is idle."""
    answers: dict[str, httpx.Response] = {}
    with ThreadPoolExecutor(16) as threads, pool.client() as client:
        while len(answers) < count:
            answers |= {answer.headers["X-FakeAI-Worker"]: answer for answer in threads.map(client.get, [path] * 64)}
    return list(answers.values())


def test_histograms_are_cumulative_and_add_up(pool):
    pool.urls(n=2)
    metrics = pool.metrics()
    for name, label in [("fakeai_request_duration_seconds", "route"), ("fakeai_drawing_duration_seconds", None)]:
        samples = metrics[name].samples
        for group in {sample.labels.get(label) for sample in samples}:
            own = [sample for sample in samples if sample.labels.get(label) == group]
            buckets = [sample.value for sample in own if sample.name.endswith("_bucket")]
            bounds = [float(sample.labels["le"]) for sample in own if sample.name.endswith("_bucket")]
            [count] = [sample.value for sample in own if sample.name.endswith("_count")]
            [total] = [sample.value for sample in own if sample.name.endswith("_sum")]
            assert bounds == sorted(bounds) and bounds[-1] == float("inf")
            assert buckets == sorted(buckets) and buckets[-1] == count > 0
            assert total > 0


def test_no_sample_is_told_twice(start):
    """Of two, Prometheus drops one; neither its client for Python nor `promtool check metrics` notices."""
    pool = start("--workers", "3")
    assert [pool.generate(size=size).status_code for size in ("256x256", "7x7")] == [200, 400]
    text = httpx.get(f"{pool.url}/metrics").text
    names = re.findall(r"^# TYPE (\w+) ", text, re.MULTILINE)
    samples = re.findall(r"^(\w+(?:\{.*\})?) \S+$", text, re.MULTILINE)
    assert len(samples) + 2 * len(names) == len(text.splitlines())
    assert Counter(names).most_common(1)[0][1] == Counter(samples).most_common(1)[0][1] == 1


def test_a_dead_workers_counts_stay_and_nothing_ever_falls(start):
    pool = start("--workers", "2")
    [url] = pool.urls(size="256x256")
    asked, before = 0, {}
    for _ in range(4):
        for _ in range(25):
            assert httpx.get(url).status_code == 200
        asked += 25
        victim = max(pool.workers)
        kill(victim)
        eventually(lambda victim=victim: len(pool.workers - {victim}) == 2, within=20, what="2 workers again")
        now = counters(pool)
        assert now[("fakeai_requests_total", "/images/{file}", "200")] == asked
        assert fallen(before, now) == {}
        before = now
    eventually(lambda: value(pool, "fakeai_worker_deaths") == 4, within=10, what="4 deaths counted")
    assert value(pool, "fakeai_worker_starts") == 6
    assert sum(worker["served"] for worker in pool.statistics()["workers"]) < asked

    pool.stop()
    pool.start()
    eventually(lambda: value(pool, "fakeai_worker_starts") == 8, within=10, what="2 more workers")
    assert fallen(before, counters(pool)) == {}
    assert value(pool, "fakeai_worker_deaths") == 4, "who ends as it should has not died"


def counters(pool: Pool) -> dict[tuple[str, ...], float]:
    """Every sample that must never fall, those of single workers apart."""
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in pool.metrics().values() if family.type in ("counter", "histogram")
        for sample in family.samples if "worker" not in sample.labels
    }


def fallen(before: dict, now: dict) -> dict:
    return {key: (count, now.get(key)) for key, count in before.items() if now.get(key, -1) < count}


def test_what_is_in_flight_shows_while_it_is(start):
    pool = start("--workers", "2")
    assert value(pool, "fakeai_requests_in_flight") == 0
    with StoppedWriter(pool.store) as writer, ThreadPoolExecutor(1) as threads:
        # A picture waits for the lock for 2 s, and the gauge is a second old at most: on a busy machine it may come too late for one.
        shown = any(shows_while_it_runs(pool, threads.submit(pool.generate, size="256x256")) for _ in range(5))
        writer.send(signal.SIGCONT)
    assert shown
    eventually(lambda: value(pool, "fakeai_requests_in_flight") == 0, within=10, what="nothing in flight")


def test_who_waits_with_a_worker_that_dies_waits_with_another_and_is_counted_there_alone(start):
    pool = start("--workers", "2")
    body = json.dumps({"prompt": "a lake"}).encode()
    head = b"POST /v1/images/generations HTTP/1.1\r\nHost: a\r\nX-FakeAI-Latency: 300s\r\nContent-Type: application/json\r\n"

    def waiting() -> tuple:
        return value(pool, "fakeai_requests_in_flight"), value(pool, "fakeai_requests_deferred")

    with ExitStack() as connections:
        for _ in range(20):
            connection = connections.enter_context(socket.create_connection(("127.0.0.1", pool.port)))
            connection.sendall(head + b"Content-Length: %d\r\n\r\n" % len(body) + body)
        eventually(lambda: waiting() == (20, 20), within=20, what="20 wait")
        victim = max(pool.statistics()["workers"], key=lambda worker: worker["deferred"])
        assert victim["deferred"] > 0
        kill(victim["pid"])
        eventually(lambda: victim["pid"] not in pool.workers and len(pool.workers) == 2, within=20, what="a new worker")
        eventually(lambda: waiting() == (20, 20), within=20, what="20 wait again")
        assert sum(worker["deferred"] for worker in pool.statistics()["workers"]) == 20
    eventually(lambda: waiting() == (0, 0), within=20, what="nobody waits")


def shows_while_it_runs(pool: Pool, request: Future[httpx.Response]) -> bool:
    while not request.done():
        if value(pool, "fakeai_requests_in_flight") == 1:
            return True
    time.sleep(1)  # What the one refused asked for; until then others are refused at once.
    return False


def test_every_figure_is_documented_as_it_is_told(pool):
    pool.urls()
    told = {}
    for family in pool.metrics().values():
        suffix = "_total" if family.type == "counter" else ""
        told[family.name + suffix] = (family.type, family.documentation)
    page = (ROOT / "Sources/fakeai-images/Documentation.docc/Reference/Metrics.md").read_text()
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| (.*) \|$", page, re.MULTILINE)
    documented = {name: (kind, meaning) for name, kind, meaning in rows}
    assert told.items() <= documented.items()
    # Those of Redis, which this pool does not use.
    assert {name for name in documented if name not in told} == {"fakeai_redis_commands_total", "fakeai_worker_redis_ready"}
