"""`fakeai-images ready`: the health check of a container."""

from __future__ import annotations

import socket
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

from pool import BINARY, Pool, environment, free_port


def ready(*flags: str, **variables: object) -> subprocess.CompletedProcess:
    with tempfile.TemporaryDirectory() as directory:
        given = environment(temporary=Path(directory), **variables)
        return subprocess.run([BINARY, "ready", *flags], env=given, capture_output=True, text=True, timeout=60)


def test_a_server_that_answers_is_ready(pool):
    for ended in (
        ready(PORT=pool.port), ready(PORT=pool.port, HOST="0.0.0.0"), ready("--url", f"http://localhost:{pool.port}/", "--wait", "5"),
        ready("--url", pool.url),
    ):
        assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


def test_a_server_that_starts_meanwhile_is_ready():
    pool = Pool("--workers", "1")
    try:
        waiting = subprocess.Popen([BINARY, "ready", "--wait", "30", "--url", pool.url])
        pool.start()
        assert waiting.wait(timeout=60) == 0
    finally:
        pool.close()


@pytest.mark.parametrize("wait", ["0", "0.5"])
def test_nobody_who_answers_is_not_ready(wait):
    port, before = free_port(), time.monotonic()
    ended = ready("--wait", wait, PORT=port)
    assert ended.returncode == 1 and ended.stdout == "" and ended.stderr.count("\n") == 1
    assert ended.stderr.startswith(f"fakeai-images: http://127.0.0.1:{port} is not ready") and "Connection refused" in ended.stderr
    assert time.monotonic() - before >= float(wait) - 0.2


def test_a_server_without_a_response_or_with_another_one_is_not_ready(pool):
    ended = ready("--url", f"{pool.url}/v1")
    assert ended.returncode == 1 and "is not ready: it answered HTTP/1.1 404" in ended.stderr
    with socket.create_server(("127.0.0.1", 0)) as silent:
        ended = ready("--url", f"http://127.0.0.1:{silent.getsockname()[1]}", "--wait", "0.1")
        assert ended.returncode == 1 and "is not ready after 0.1 s: no response" in ended.stderr


@pytest.mark.parametrize("flags", [("--wait", "-1"), ("--wait", "x"), ("--wait", "nan"), ("--url", "https://localhost")])
def test_what_is_not_allowed_is_a_mistake_of_use(flags):
    assert ready(*flags).returncode == 64
