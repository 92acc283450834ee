"""Clients that send slowly hold connections of nginx, and nothing else."""

from __future__ import annotations

import socket
import statistics
import threading
import time
from contextlib import ExitStack, contextmanager

import pytest

from pool import Pool
from wire import send

CLIENTS = 200
SAMPLES = 40

# What is sent at once, and what comes drop by drop.
HEADERS = b"POST /v1/images/generations HTTP/1.1\r\nHost: localhost\r\nX-Drop: ", b"x"
BODY = b"POST /v1/images/generations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n{", b" "


@contextmanager
def slow_clients(port: int, kind: tuple[bytes, bytes]):
    """Connections that have sent the beginning of a request, and go on with a byte a second."""
    beginning, drop = kind
    with ExitStack() as stack:
        connections = [stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10)) for _ in range(CLIENTS)]
        for connection in connections:
            connection.sendall(beginning)
        over = threading.Event()

        def drip() -> None:
            while not over.wait(1):
                for connection in connections:
                    try:
                        connection.send(drop)
                    except OSError:
                        pass  # nginx has lost its patience with this one.

        thread = threading.Thread(target=drip)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


def health(pool: Pool) -> float:
    """Median seconds that /healthz takes on a connection of its own."""
    times = []
    for _ in range(SAMPLES):
        began = time.perf_counter()
        assert send(pool, "GET", "/healthz").status == 200
        times.append(time.perf_counter() - began)
    return statistics.median(times)


@pytest.mark.parametrize("kind", [HEADERS, BODY], ids=["headers", "bodies"])
def test_200_slow_clients_slow_nobody_else(start, kind):
    pool = start("--workers", "2")
    idle = health(pool)
    with slow_clients(pool.port, kind):
        busy = health(pool)
        assert pool.generate(size="256x256").status_code == 200
    print(f"\n/healthz took {idle * 1000:.1f} ms, and {busy * 1000:.1f} ms beside {CLIENTS} slow clients")
    # On a machine with much else to do, an answer takes long by itself.
    assert busy < max(5 * idle, 0.1)
