"""How a pool starts and ends, and how its workers come, live and go."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import signal
import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path

import httpx
import pytest

import fastcgi
from crowd import Reply, at_once
from pool import BINARY, image_id
from processes import eventually, in_session, own_memory

MIB = 2**20


SLOW = {"prompt": "the last one", "size": "1792x1024", "quality": "hd", "n": 10, "response_format": "b64_json"}


def slow_request() -> bytes:
    body = json.dumps(SLOW).encode()
    head = f"POST /v1/images/generations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    return head.encode() + b"\r\nConnection: close\r\n\r\n" + body


def answered_images(connection: socket.socket) -> int:
    """How many images came. Closes the connection: nginx waits for that, lest it cut off what the client still reads."""
    with connection:
        head, _, content = b"".join(iter(lambda: connection.recv(1 << 20), b"")).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200"), head
    return len(json.loads(content)["data"])


@pytest.fixture
def connections():
    """Connections to a pool, closed at the end."""
    with ExitStack() as stack:
        yield lambda pool: stack.enter_context(socket.create_connection(("127.0.0.1", pool.port), timeout=20))


def test_a_request_that_is_half_sent_when_the_end_begins_is_answered(start, connections):
    pool = start("--workers", "2")
    request, connection = slow_request(), connections(pool)
    connection.sendall(request[:-20])
    assert httpx.get(f"{pool.url}/healthz").status_code == 200  # Connections are accepted in order: nginx has ours.
    pool.process.send_signal(signal.SIGTERM)
    time.sleep(0.5)  # Whoever does not wait has gone.
    connection.sendall(request[-20:])
    assert answered_images(connection) == SLOW["n"]
    assert pool.process.wait(timeout=20) == 0


def test_what_is_being_drawn_when_the_end_begins_is_answered(start, connections):
    pool = start("--workers", "2")
    waiting = [connections(pool) for _ in range(8)]
    for connection in waiting:
        connection.sendall(slow_request())
    assert httpx.get(f"{pool.url}/healthz").status_code == 200
    pool.process.send_signal(signal.SIGTERM)
    with ThreadPoolExecutor(len(waiting)) as threads:
        assert list(threads.map(answered_images, waiting)) == [SLOW["n"]] * len(waiting)
    assert pool.process.wait(timeout=20) == 0


def test_what_would_come_too_late_is_refused_when_the_end_begins(start):
    """Nginx would close its clients' connections without a word."""
    pool = start("--workers", "2", GENERATE_ACTUAL_IMAGES="false")

    async def ends_meanwhile() -> tuple[list[Reply], list[Reply]]:
        late = asyncio.ensure_future(at_once(pool.port, [SLOW | {"n": 1}] * 300, {"X-FakeAI-Latency": "60s"}))
        timely = asyncio.ensure_future(at_once(pool.port, [SLOW | {"n": 1}] * 20, {"X-FakeAI-Latency": "3s"}))
        await asyncio.to_thread(
            eventually, lambda: pool.statistics()["pool"]["requests_deferred"] == 320, within=20, what="all of them wait"
        )
        pool.process.send_signal(signal.SIGTERM)
        return await late, await timely

    late, timely = asyncio.run(ends_meanwhile())
    assert {reply.status for reply in timely} == {200}
    assert {(reply.status, "retry-after" in reply.headers) for reply in late} == {(503, True)}
    assert pool.process.wait(timeout=20) == 0


@pytest.mark.parametrize("latency", ["X-FakeAI-Latency", "X-FakeAI-Fault"])
def test_what_nobody_waits_for_any_more_does_not_hold_up_the_end(start, connections, latency):
    pool = start("--workers", "1")
    value = {"X-FakeAI-Latency": "300s", "X-FakeAI-Fault": "timeout"}[latency]
    waiting = [connections(pool) for _ in range(3)]
    for connection in waiting:
        connection.sendall(slow_request().replace(b"\r\n", f"\r\n{latency}: {value}\r\n".encode(), 1))
    eventually(lambda: pool.statistics()["pool"]["requests_deferred"] == 3, within=20, what="all of them wait")
    pool.process.send_signal(signal.SIGTERM)
    for connection in waiting:
        assert connection.recv(1 << 16).startswith(b"HTTP/1.1 503")
        connection.close()
    assert pool.process.wait(timeout=20) == 0


def test_a_reader_of_the_journal_is_told_that_nothing_came_when_the_end_begins(start, connections):
    pool = start("--workers", "1")
    waiting = connections(pool)
    waiting.sendall(b"GET /_fakeai/requests?wait=60 HTTP/1.1\r\nHost: localhost\r\n\r\n")
    eventually(lambda: pool.statistics()["pool"]["requests_deferred"] == 1, within=20, what="it waits")
    pool.process.send_signal(signal.SIGTERM)
    assert waiting.recv(1 << 16).startswith(b"HTTP/1.1 200")
    waiting.close()
    assert pool.process.wait(timeout=20) == 0


def test_ctrl_c_ends_it_too(start):
    pool = start("--workers", "2")
    pool.process.send_signal(signal.SIGINT)
    assert pool.process.wait(timeout=20) == 0
    eventually(lambda: not in_session(pool.pid), within=2, what="no process left")
    assert list(pool.temporary.rglob("*")) == []


def test_nothing_outlives_a_killed_serve(start):
    pool = start("--workers", "2")
    pool.process.send_signal(signal.SIGKILL)
    pool.process.wait(timeout=20)
    eventually(lambda: not in_session(pool.pid), within=15, what="workers and nginx ended after serve was killed")


def test_a_second_serve_on_the_same_port_says_so_in_one_line(start):
    first = start("--workers", "1")
    second = subprocess.run([BINARY, "serve"], env=first.environment, capture_output=True, text=True, timeout=20)
    assert second.returncode not in {0, 64}
    [line] = second.stderr.splitlines()
    assert str(first.port) in line
    assert httpx.get(f"{first.url}/healthz").status_code == 200


def test_workers_roll_over_on_hangup_without_an_error(start):
    pool = start("--workers", "2")
    urls = pool.urls(n=5, size="256x256")
    before = pool.workers
    pool.process.send_signal(signal.SIGHUP)

    def replaced() -> bool:
        assert {httpx.get(url).status_code for url in urls} == {200}
        assert pool.generate(size="256x256").status_code == 200
        return len(pool.workers) == 2 and not pool.workers & before

    eventually(replaced, within=30, what="both workers replaced")


def test_the_url_is_printed_when_the_pool_answers(start):
    pool = start("--workers", "1")
    assert httpx.get(f"{pool.url}/readyz").status_code == 200


@pytest.fixture
def listener(tmp_path):
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "worker.sock"))
        listener.listen(16)
        listener.setblocking(False)
        yield listener


def test_a_worker_that_joins_a_store_serves_what_is_in_it(start, listener):
    pool = start("--workers", "1")
    [url] = pool.urls(quality="hd")
    expected = httpx.get(url).content

    began = time.monotonic()
    worker = subprocess.Popen([BINARY, "worker"], stdin=listener, env=pool.environment, stderr=subprocess.PIPE)
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(20)
            connection.connect(listener.getsockname())
            head, _, body = fastcgi.get(connection, f"/images/{image_id(url)}.png").partition(b"\r\n\r\n")
        print(f"\na new worker's first image after {(time.monotonic() - began) * 1000:.1f} ms")
        assert b"image/png" in head
        assert body == expected
    finally:
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=20) == 0
        worker.stderr.close()


def sockets(pid: int) -> int:
    count = 0
    for path in Path(f"/proc/{pid}/fd").iterdir():
        # The process may close it just then.
        with suppress(FileNotFoundError):
            count += os.readlink(path).startswith("socket:")
    return count


def lowest_free_descriptor(pid: int) -> int:
    taken = {int(path.name) for path in Path(f"/proc/{pid}/fd").iterdir()}
    return next(number for number in range(1024) if number not in taken)


def test_a_worker_that_ran_out_of_descriptors_listens_again(start, listener):
    """Also where no connection of its own is left, whose end would remind it."""
    pool = start("--workers", "1")
    worker = subprocess.Popen([BINARY, "worker"], stdin=listener, env=pool.environment, stderr=subprocess.PIPE)
    try:
        with socket.socket(socket.AF_UNIX) as first:
            first.settimeout(20)
            first.connect(listener.getsockname())
            fastcgi.get(first, "/healthz")
        eventually(lambda: sockets(worker.pid) == 1, within=5, what="no connection but the listening socket left")
        before = resource.prlimit(worker.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(worker.pid, resource.RLIMIT_NOFILE, (lowest_free_descriptor(worker.pid), before[1]))
        with socket.socket(socket.AF_UNIX) as second:
            second.settimeout(5)
            second.connect(listener.getsockname())
            time.sleep(0.3)  # It has failed to accept by then.
            resource.prlimit(worker.pid, resource.RLIMIT_NOFILE, before)
            assert b"ok" in fastcgi.get(second, "/healthz")
    finally:
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=20) == 0
        worker.stderr.close()


def test_a_worker_stays_small_and_does_not_grow(start):
    pool = start("--workers", "1", IMAGE_STORE_SIZE="64M")
    [worker] = pool.workers

    def draw_a_thousand() -> int:
        with pool.client() as client:
            for number in range(100):
                response = client.post(
                    "/v1/images/generations",
                    json={"prompt": f"picture {number}", "n": 10, "quality": "hd" if number % 2 else "standard"},
                )
                assert response.status_code == 200
        return own_memory(worker)

    first, second = draw_a_thousand(), draw_a_thousand()
    print(f"\nown memory after 1,000 pictures {first / MIB:.1f} MiB, after 2,000 {second / MIB:.1f} MiB")
    assert pool.workers == {worker}
    assert first < 40 * 10**6
    assert second - first < MIB
