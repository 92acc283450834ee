"""The seed's server as its package starts it, one process of FastAPI on uvicorn, but without its artificial sleep."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import httpx

from pool import environment, free_port
from processes import eventually

LAUNCHER = Path(__file__).with_name("seed_without_sleep.py")


class SeedServer:
    def __init__(self):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> SeedServer:
        command = [sys.executable, LAUNCHER, "server", "--host", "127.0.0.1", "--port", str(self.port)]
        self.process = subprocess.Popen(
            command, env=environment(temporary=tempfile.gettempdir()), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        eventually(self.answers, within=60, what="the seed's server answers")
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)

    def answers(self) -> bool:
        assert self.process.poll() is None, f"the seed's server ended with {self.process.returncode}"
        try:
            return httpx.get(f"{self.url}/health", timeout=1).status_code > 0
        except httpx.TransportError:
            return False
