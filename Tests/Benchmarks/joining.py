"""How long after its start a worker answers, when there is a store already: what a rolling restart waits for."""

from __future__ import annotations

import signal
import socket
import statistics
import subprocess
import tempfile
import time

import fastcgi
from pool import BINARY, Pool, image_id
from promise import Promise
from section import Section

STARTS = 9
MILLISECONDS = 100


def measure() -> list[Section]:
    pool = Pool("--workers", "1")
    try:
        pool.start()
        path = f"/images/{image_id(pool.urls()[0])}.png"
        times = [first_answer(pool.environment, path) for _ in range(STARTS)]
    finally:
        pool.close()
    middle = statistics.median(times)
    text = f"A worker that joins an existing store serves its first image {middle:.1f} ms after its start, median of {STARTS}."
    return [Section("A worker joins", text, [Promise("a new worker's first image", middle, "ms", at_most=MILLISECONDS)])]


def first_answer(environment: dict[str, str], path: str) -> float:
    """Milliseconds from the start of a worker to the end of its first answer."""
    with tempfile.TemporaryDirectory() as directory, socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"{directory}/socket")
        listener.listen()
        listener.setblocking(False)
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(listener.getsockname())
            began = time.perf_counter()
            worker = subprocess.Popen([BINARY, "worker"], stdin=listener, env=environment, stderr=subprocess.DEVNULL)
            try:
                assert b"\r\n\r\n\x89PNG" in fastcgi.get(connection, path)
                return (time.perf_counter() - began) * 1000
            finally:
                worker.send_signal(signal.SIGTERM)
                worker.wait(timeout=10)
