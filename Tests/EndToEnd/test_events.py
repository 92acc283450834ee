"""The stream at /_fakeai/events: what the whole pool was asked, each request once, as it comes, from any worker."""

from __future__ import annotations

import os
import resource
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

from event_stream import EventStream, Follower
from pool import Pool
from processes import anonymous_memory, arguments, eventually, in_session

WORKERS = 4
REQUESTS = "/_fakeai/events?topics=requests"
SMALL = {"prompt": "a lake", "size": "256x256"}
INVALID = SMALL | {"n": 0}
"""Refused, so that it costs little."""


def journal(pool: Pool, **query: object) -> dict:
    return httpx.get(f"{pool.url}/_fakeai/requests", params=query, timeout=60).raise_for_status().json()


def ask(pool: Pool, count: int, body: dict = INVALID, threads: int = 4) -> None:
    """So many requests, over several connections."""

    def some(share: int) -> None:
        with pool.client() as client:
            for _ in range(share):
                client.post("/v1/images/generations", json=body)

    with ThreadPoolExecutor(threads) as executor:
        list(executor.map(some, [count // threads] * threads))


def covered(stream: EventStream) -> list[int]:
    """The sequence numbers that the stream has told of, in the order of its events."""
    numbers: list[int] = []
    for event in stream.events:
        if event.name == "request":
            numbers.append(event.data["sequence"])
        elif event.name == "gap":
            numbers += range(event.data["from"], event.data["to"] + 1)
    return numbers


@pytest.fixture
def quiet_pool(start) -> Pool:
    return start("--workers", str(WORKERS))


def test_every_stream_tells_each_request_once_as_the_journal_does(start):
    pool = start("--workers", str(WORKERS), JOURNAL_SIZE=10_000)
    with ExitStack() as end:
        streams = [end.enter_context(EventStream(pool.port, REQUESTS)) for _ in range(8)]
        ask(pool, 400, SMALL, threads=8)
        ask(pool, 1600, threads=8)
        told = journal(pool, since=0, limit=1000)["requests"] + journal(pool, since=1000, limit=1000)["requests"]
        assert len(told) == 2000 and len({entry["worker"] for entry in told}) > 1
        for stream in streams:
            stream.until_sequence(1999)
            assert stream.requests == told
            assert [event.id for event in stream.events] == [str(number) for number in range(2000)]
    pictures = [entry for entry in told if entry["status"] == 200]
    assert len(pictures) == 400
    with pool.client() as client:
        for entry in pictures[::40]:
            [image] = entry["images"]
            assert client.get(f"/images/{image}.{entry['image_format']}").status_code == 200
            assert entry["bytes"] > 0


def test_a_stream_begins_with_what_comes(quiet_pool):
    ask(quiet_pool, 8)
    with EventStream(quiet_pool.port, REQUESTS) as stream:
        assert stream.status == 200
        assert stream.answer["content-type"] == "text/event-stream"
        assert stream.answer["cache-control"] == "no-store"
        assert "content-length" not in stream.answer
        stream.until(lambda: stream.retry == 1000)
        assert stream.last_id == "7", "a client that is cut off before the first event misses none"
        ask(quiet_pool, 4)
        stream.until_sequence(11)
        assert covered(stream) == [8, 9, 10, 11]


@pytest.mark.parametrize("query, headers, first", [
    ("&since=0", {}, 0), ("&since=7", {}, 7), ("", {"Last-Event-ID": "7"}, 8), ("&since=7", {"Last-Event-ID": "9"}, 10),
    ("", {"Last-Event-ID": "-1"}, 0),
])
def test_a_stream_goes_on_where_the_client_says(filled_pool, query, headers, first):
    with EventStream(filled_pool.port, REQUESTS + query, headers) as stream:
        ask(filled_pool, 8)
        last = journal(filled_pool, limit=0)["next"] - 1
        stream.until_sequence(last)
        assert covered(stream) == list(range(first, last + 1))
        told = journal(filled_pool, since=first, limit=1000)["requests"]
        assert stream.requests == told


def test_a_client_that_knows_of_a_later_request_than_there_is_gets_all(filled_pool):
    """Its number is from a journal that was removed."""
    with EventStream(filled_pool.port, REQUESTS, {"Last-Event-ID": "1000000"}) as stream:
        last = journal(filled_pool, limit=0)["next"] - 1
        stream.until_sequence(last)
        assert covered(stream) == list(range(last + 1))


@pytest.fixture(scope="module")
def filled_pool() -> Iterator[Pool]:
    """More requests than a stream gets at once."""
    with ExitStack() as end:
        pool = Pool("--workers", str(WORKERS))
        end.callback(pool.close)
        pool.start()
        ask(pool, 600)
        yield pool


def test_a_gap_tells_of_requests_that_were_overwritten(start):
    pool = start("--workers", "2", JOURNAL_SIZE=10)
    ask(pool, 400)
    with EventStream(pool.port, REQUESTS + "&since=0") as stream:
        stream.until_sequence(399)
        assert [event.name for event in stream.events][0] == "gap"
        assert stream.named("gap")[0]["from"] == 0
        assert covered(stream) == list(range(400))
        assert len(stream.requests) >= 10


def test_a_gap_tells_of_requests_that_were_removed(quiet_pool):
    ask(quiet_pool, 20)
    httpx.delete(f"{quiet_pool.url}/_fakeai/requests").raise_for_status()
    ask(quiet_pool, 4)
    with EventStream(quiet_pool.port, REQUESTS + "&since=5") as stream:
        stream.until_sequence(23)
        assert stream.named("gap") == [{"from": 5, "to": 19}]
        assert covered(stream) == list(range(5, 24))


def test_figures_come_every_second_and_say_what_the_statistics_say(quiet_pool):
    ask(quiet_pool, 4, SMALL)
    with EventStream(quiet_pool.port, "/_fakeai/events?topics=figures") as stream:
        stream.until(lambda: len(stream.events) == 4)
        assert {event.name for event in stream.events} == {"figures"} and stream.last_id is None
        statistics = quiet_pool.statistics()
        figures = stream.events[-1].data
        assert statistics.keys() <= figures.keys()
        assert figures["store"].keys() == statistics["store"].keys() and figures["store"]["inserted"] == 4
        assert len(figures["workers"]) == WORKERS and sum(worker["event_streams"] for worker in figures["workers"]) == 1
        times = [event.data["time"] for event in stream.events]
        assert all(0.5 < later - earlier for earlier, later in zip(times, times[1:], strict=False))
        assert abs(times[-1] - time.time()) < 60


def test_a_stream_has_both_topics_unless_it_asks_for_one(quiet_pool):
    with EventStream(quiet_pool.port) as stream, EventStream(quiet_pool.port, REQUESTS) as requests:
        ask(quiet_pool, 4)
        stream.until(lambda: len(stream.requests) == 4 and len(stream.named("figures")) == 2)
        requests.until_sequence(3)
        assert {event.name for event in requests.events} == {"request"}


def test_a_stream_without_news_has_heartbeats(quiet_pool):
    """Sooner than nginx gives up on the worker."""
    with EventStream(quiet_pool.port, REQUESTS) as stream:
        stream.until(lambda: stream.comments == 1, within=60)
        assert stream.events == []


@pytest.mark.parametrize("query, headers, parameter", [
    ("topics=pictures", {}, "topics"), ("topics=", {}, "topics"), ("topics=requests,", {}, "topics"), ("since=-1", {}, "since"),
    ("since=x", {}, "since"), ("topic=requests", {}, "topic"), ("", {"Last-Event-ID": "x"}, None), ("", {"Last-Event-ID": "-2"}, None),
    ("", {"Last-Event-ID": "9223372036854775808"}, None),
])
def test_a_wrong_parameter_is_an_error(pool, query, headers, parameter):
    response = httpx.get(f"{pool.url}/_fakeai/events?{query}", headers=headers, timeout=10)
    assert response.status_code == 400, response.text
    error = response.json()["error"]
    assert error["param"] == parameter or "Last-Event-ID" in error["message"]


def test_without_a_journal_there_are_figures(start):
    pool = start("--workers", "1", JOURNAL_SIZE=0)
    assert httpx.get(f"{pool.url}{REQUESTS}", timeout=10).status_code == 404
    with EventStream(pool.port) as stream:
        stream.until(lambda: stream.named("figures"))


def test_a_head_request_opens_no_stream(pool):
    response = httpx.head(f"{pool.url}/_fakeai/events", timeout=10)
    assert (response.status_code, response.headers["Content-Type"]) == (200, "text/event-stream")


def test_outsiders_get_no_stream(pool):
    for headers in ({"X-Forwarded-For": "192.0.2.1"}, {"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"},
                    {"Host": "rebind.example"}):
        assert httpx.get(f"{pool.url}/_fakeai/events", headers=headers, timeout=10).status_code == 403, headers


def test_open_streams_are_no_requests_in_flight(start):
    pool = start("--workers", "1")
    with ExitStack() as end:
        streams = [end.enter_context(EventStream(pool.port)) for _ in range(10)]
        eventually(lambda: pool.statistics()["workers"][0]["event_streams"] == 10, within=10, what="ten streams counted")
        # The statistics are a request themselves.
        assert pool.statistics()["workers"][0]["in_flight"] <= 1
        streams[0].close()
        eventually(lambda: pool.statistics()["workers"][0]["event_streams"] == 9, within=10, what="one left")


def test_a_stop_ends_streams_at_once(start):
    pool = start("--workers", "2", STOP_DRAIN_TIME=15)
    with ExitStack() as end:
        streams = [end.enter_context(EventStream(pool.port)) for _ in range(20)]
        begun = time.monotonic()
        pool.stop()
        # Long before the requests in flight would be refused.
        assert time.monotonic() - begun < 10
        for stream in streams:
            with pytest.raises(EOFError, match="ended"):
                stream.until(lambda: False)


def test_replacing_workers_ends_streams_and_their_clients_miss_nothing(start):
    pool = start("--workers", "2")
    follower = Follower(pool.port)
    try:
        before = pool.workers
        with loaded(pool):
            os.kill(pool.pid, signal.SIGHUP)
            eventually(lambda: len(pool.workers) == 2 and not pool.workers & before, within=60, what="new workers")
        check_nothing_is_missing(pool, follower)
        assert follower.connections > 1
    finally:
        follower.close()


def test_a_killed_worker_ends_streams_and_their_clients_miss_nothing(start):
    pool = start("--workers", str(WORKERS), JOURNAL_SIZE=10_000)
    followers = [Follower(pool.port) for _ in range(4)]
    try:
        with loaded(pool):
            for _ in range(3):
                victim = followers[0].stream.worker
                before = followers[0].connections
                os.kill(victim, signal.SIGKILL)
                eventually(lambda before=before: followers[0].connections > before, within=30, what="another stream")
        for follower in followers:
            check_nothing_is_missing(pool, follower)
    finally:
        for follower in followers:
            follower.close()


@contextmanager
def loaded(pool: Pool) -> Iterator[None]:
    """Requests all the while, whatever becomes of them, of which the first has been answered."""
    has_begun, is_over = threading.Event(), threading.Event()

    def load() -> None:
        with httpx.Client(timeout=30) as client:
            while not is_over.is_set():
                try:
                    client.post(f"{pool.url}/v1/images/generations", json=INVALID)
                    has_begun.set()
                except httpx.TransportError:
                    continue

    threads = [threading.Thread(target=load) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        assert has_begun.wait(30)
        yield
    finally:
        is_over.set()
        for thread in threads:
            thread.join()


def check_nothing_is_missing(pool: Pool, follower: Follower) -> None:
    last = journal(pool, limit=0)["next"] - 1
    eventually(lambda: follower.sequences and follower.sequences[-1] == last, within=30, what=f"request {last}")
    assert follower.sequences == list(range(follower.sequences[0], last + 1))
    assert follower.sequences[0] == 0, "the first requests came after the stream was open"
    assert [event for event in follower.events if event.name == "gap"] == []


@pytest.mark.attack
@pytest.mark.skipif("SLOW_READER" not in os.environ, reason="takes half a minute; a part of make attack")
def test_a_client_that_reads_nothing_is_cut_off_and_holds_up_nobody(start):
    pool = start("--workers", "1", JOURNAL_SIZE=10_000)
    long = INVALID | {"user": "x" * 480, "prompt": "y" * 480}
    with EventStream(pool.port, REQUESTS, room=4096) as slow, EventStream(pool.port, REQUESTS) as other:
        worker = slow.worker
        before = anonymous_memory(worker)
        # More than all buffers between the worker and the client hold.
        for _ in range(20):
            ask(pool, 400, long)
            other.until_sequence(journal(pool, limit=0)["next"] - 1)
        assert covered(other) == list(range(8000))
        eventually(
            lambda: pool.statistics()["workers"][0]["event_streams"] == 1 or (other.until(lambda: True) or False), within=90,
            what="the slow client cut off")
        assert pool.workers == {worker}
        # What one stream shares with the others, and one piece.
        assert anonymous_memory(worker) - before < 32 << 20
        with pytest.raises(EOFError):
            slow.until(lambda: False, within=60)


@pytest.fixture
def many_descriptors() -> Iterator[None]:
    """Enough for the other ends of all streams, here and in the pool."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(before[0], min(before[1], 8192)), before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_nginx_keeps_connections_for_requests(start, many_descriptors):
    """Two workers would have more streams than nginx should have."""
    pool = start("--workers", "2")
    with ExitStack() as end:
        streams = [end.enter_context(EventStream(pool.port, REQUESTS)) for _ in range(1510)]
        assert [stream.status for stream in streams].count(503) == 10
        refused = next(stream for stream in streams if stream.status == 503)
        assert int(refused.answer["retry-after"]) > 0 and refused.answer["content-type"] == "application/json"
        assert pool.generate(**SMALL).status_code == 200


def test_a_thousand_streams_take_no_thread_and_little_memory(start, many_descriptors):
    pool = start("--workers", "1")
    [worker] = pool.workers
    ask(pool, 40, SMALL)
    threads, before, nginx_before = thread_count(worker), anonymous_memory(worker), nginx_memory(pool)
    with ExitStack() as end:
        streams = [end.enter_context(EventStream(pool.port)) for _ in range(1000)]
        assert {stream.status for stream in streams} == {200}
        eventually(lambda: pool.statistics()["workers"][0]["event_streams"] == 1000, within=30, what="a thousand streams counted")
        ask(pool, 40, SMALL)
        last = journal(pool, limit=0)["next"] - 1
        for stream in streams:
            stream.until_sequence(last)
            assert covered(stream) == list(range(40, last + 1))
        each = (anonymous_memory(worker) - before) / 1000
        print(
            f"\n1,000 streams: {thread_count(worker)} threads (before: {threads}), {each:.0f} bytes of memory each; "
            f"nginx's: {(nginx_memory(pool) - nginx_before) / 1000:.0f} bytes each")
        assert thread_count(worker) <= threads
        assert each < 16 << 10
        # There is room for requests, but not for many more streams.
        more = [end.enter_context(EventStream(pool.port)) for _ in range(30)]
        refused = [stream for stream in more if stream.status != 200]
        assert len(refused) == 6 and {stream.status for stream in refused} == {503}
        assert all(int(stream.answer["retry-after"]) > 0 for stream in refused)
        assert pool.generate(**SMALL).status_code == 200
        begun = time.monotonic()
        pool.stop()
        assert time.monotonic() - begun < 10


def nginx_memory(pool: Pool) -> int:
    return sum(anonymous_memory(process) for process in in_session(pool.pid) if arguments(process)[0].startswith("nginx"))


def thread_count(process: int) -> int:
    return len(list(Path(f"/proc/{process}/task").iterdir()))
