"""What a worker tells whoever started it, in systemd's words: sd_notify(3)."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pool import BINARY
from processes import eventually

WATCHDOG = 0.4
"""Seconds of patience; a worker reports four times as often."""


@contextmanager
def listening(path, kind: socket.SocketKind) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, kind) as listener:
        listener.bind(str(path))
        if kind == socket.SOCK_STREAM:
            listener.listen(16)
        else:
            listener.settimeout(20)
        yield listener


@pytest.fixture
def worker(start, tmp_path):
    """A worker with a watchdog, and the socket to which it reports."""
    pool = start("--workers", "1")
    stream, datagram = socket.SOCK_STREAM, socket.SOCK_DGRAM
    with listening(tmp_path / "worker.sock", stream) as requests, listening(tmp_path / "notify.sock", datagram) as reports:
        environment = pool.environment | {"NOTIFY_SOCKET": reports.getsockname(), "WATCHDOG_USEC": str(int(WATCHDOG * 1e6))}
        process = subprocess.Popen([BINARY, "worker"], stdin=requests, env=environment)
        try:
            yield process, reports
        finally:
            process.kill()
            process.wait()


def said(reports: socket.socket, process: subprocess.Popen) -> str:
    """The next thing that it says of itself, the watchdog's food included."""
    word, pid, *extent = reports.recv(4096).decode().splitlines()
    assert pid == f"MAINPID={process.pid}"
    # Its drain time of 30 s, and some more: systemd would otherwise end it before.
    assert extent == (["EXTEND_TIMEOUT_USEC=35000000"] if word == "STOPPING=1" else [])
    return word


def test_a_worker_says_that_it_is_ready_alive_and_stopping(worker):
    process, reports = worker
    assert [said(reports, process) for _ in range(4)] == ["READY=1", "WATCHDOG=1", "WATCHDOG=1", "WATCHDOG=1"]
    process.send_signal(signal.SIGTERM)
    while (word := said(reports, process)) == "WATCHDOG=1":
        pass
    assert word == "STOPPING=1"
    assert process.wait(timeout=20) == 0


def test_a_stopped_worker_says_nothing(worker):
    process, reports = worker
    assert [said(reports, process) for _ in range(2)] == ["READY=1", "WATCHDOG=1"]
    process.send_signal(signal.SIGSTOP)
    reports.settimeout(4 * WATCHDOG)
    time.sleep(WATCHDOG)
    with pytest.raises(TimeoutError):
        while True:
            said(reports, process)


def threads(process: int) -> list[int]:
    return [int(path.name) for path in Path(f"/proc/{process}/task").iterdir()]


def test_workers_and_their_threads_interrupt_nobody(start):
    for worker in start("--workers", "2").workers:
        eventually(lambda worker=worker: len(threads(worker)) >= 2, within=20, what="a thread that draws")
        assert {os.sched_getscheduler(thread) for thread in threads(worker)} == {os.SCHED_BATCH}
