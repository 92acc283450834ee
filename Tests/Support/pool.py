"""`fakeai-images serve` as a test sees it: a URL, processes, log files, and nothing left when it is over."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import ClassVar

import httpx
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from leftovers import SHARED_MEMORY, remove, store_name
from processes import arguments, children, eventually, in_session, kill
from redis_server import shared_server

ROOT = Path(__file__).resolve().parents[2]
STORE = os.environ.get("TEST_STORE", "memory")
"""Where pools keep their images, unless a test says otherwise: memory, disk or redis."""
BINARY = str((ROOT / os.environ.get("FAKEAI_BINARY", ".build-release/release/fakeai-images")).resolve())

# For clients of several threads: httpx closes connections that it finds idle beyond twenty, even one that another thread is about to use.
KEEP_ALL = httpx.Limits(max_keepalive_connections=None, keepalive_expiry=None)


class Pool:
    """A pool on a free port, with a store and a temporary directory of its own.

    `flags` go on the command line; `variables` into the environment, without their prefix: `IMAGE_RETENTION_HOURS=0.001`.
    """

    made: ClassVar[list[Pool]] = []
    """All there have been in this session."""

    def __init__(self, *flags: str, **variables: object):
        self.made.append(self)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.store_name = store_name()
        self.directory = Path(tempfile.mkdtemp(prefix="fakeai-test-"))
        self.temporary = self.directory / "tmp"
        self.temporary.mkdir()
        self.images = self.directory / "images"
        """Where they are, if they are on disk."""
        match variables.setdefault("IMAGE_STORAGE_BACKEND", STORE):
            case "disk":
                variables.setdefault("IMAGE_STORE_PATH", self.images)
            case "redis" if "REDIS_URL" not in variables:
                variables |= {"REDIS_URL": shared_server().url, "REDIS_PREFIX": f"{self.store_name}:"}
        self.flags = flags
        self.environment = environment(
            IMAGE_STORE_NAME=self.store_name, PORT=self.port, temporary=self.temporary, **variables
        )
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        """Starts it and waits for the URL on its standard output."""
        with self.stdout.open("wb") as stdout, self.stderr.open("wb") as stderr:
            # A session of its own, so that whatever it starts can be found again.
            self.process = subprocess.Popen(
                self.command,
                env=self.environment, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, start_new_session=True,
            )
        eventually(lambda: self.url in self.stdout.read_text() or self.failed(), within=20, what=f"{self.url} printed")
        assert self.process.poll() is None, f"serve ended at once:\n{self.log}"

    @property
    def command(self) -> list[str]:
        return [BINARY, "serve", *self.flags]

    def stop(self) -> None:
        """Ends it as a supervisor would, and checks that no process and no file is left."""
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(timeout=20)
        assert status == 0, f"serve ended with {status}:\n{self.log}"
        eventually(lambda: not in_session(self.pid), within=2, what="no process left after serve ended")
        left = [str(path.relative_to(self.temporary)) for path in self.temporary.rglob("*")]
        assert not left, f"files left after serve ended: {left}"

    def close(self) -> None:
        """Stops it where it still runs, then removes what outlives it on purpose: the images."""
        try:
            if self.process is not None and self.process.poll() is None:
                self.stop()
        finally:
            for pid in in_session(self.pid) if self.process else ():
                kill(pid)
            for segment in self.segments:
                remove(segment)
            shutil.rmtree(self.directory)

    @property
    def pid(self) -> int:
        return self.process.pid

    def die(self) -> None:
        """Kills all of its processes at once, as a machine dies."""
        for pid in in_session(self.pid):
            kill(pid)
        self.process.wait()

    @property
    def workers(self) -> set[int]:
        """Process ids of the living workers."""
        return {pid for pid in children(self.pid) if arguments(pid)[1:2] == ["worker"]}

    @property
    def segments(self) -> list[Path]:
        return sorted(SHARED_MEMORY.glob(f"fakeai-images-{self.store_name}-*"))

    @property
    def store(self) -> Path:
        """The segment that holds the images."""
        return SHARED_MEMORY / f"fakeai-images-{self.store_name}-v1"

    @property
    def scoreboard(self) -> Path:
        """The segment that holds what the workers count."""
        [scoreboard] = SHARED_MEMORY.glob(f"fakeai-images-{self.store_name}-scoreboard-*")
        return scoreboard

    @property
    def stdout(self) -> Path:
        return self.directory / "stdout"

    @property
    def stderr(self) -> Path:
        return self.directory / "stderr"

    @property
    def log(self) -> str:
        return self.stdout.read_text(errors="replace") + self.stderr.read_text(errors="replace")

    def failed(self) -> bool:
        return self.process.poll() is not None

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=30, limits=KEEP_ALL)

    def generate(self, **parameters: object) -> httpx.Response:
        """POST /v1/images/generations with `parameters`, a prompt among them unless one is given."""
        return httpx.post(
            f"{self.url}/v1/images/generations", json={"prompt": "a lake at dawn"} | parameters, timeout=30
        )

    def urls(self, **parameters: object) -> list[str]:
        """The URLs of images made with `parameters`."""
        response = self.generate(**parameters)
        assert response.status_code == 200, response.text
        return [image["url"] for image in response.json()["data"]]

    def metrics(self) -> dict[str, Metric]:
        """What /metrics tells, as Prometheus' own client reads it, by name."""
        text = httpx.get(f"{self.url}/metrics", timeout=10).raise_for_status().text
        return {family.name: family for family in text_string_to_metric_families(text)}

    def peak_memory(self) -> int:
        """Bytes of the most physical memory that any worker ever had, the shared store among them."""
        most = 0
        for pid in self.workers:
            status = Path(f"/proc/{pid}/status").read_text()
            most = max(most, next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM:")))
        print(f"a worker's memory at its largest: {most / 1_000_000:.0f} MB")
        return most

    def statistics(self) -> dict:
        return httpx.get(f"{self.url}/_fakeai/stats", timeout=10).raise_for_status().json()


def environment(*, temporary: Path, **variables: object) -> dict[str, str]:
    """This environment without settings of its own, and `variables` as `FAKEAI_…`."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("FAKEAI_")}
    settings = {f"FAKEAI_{name}": str(value) for name, value in variables.items()}
    return inherited | settings | {"TMPDIR": str(temporary)}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def image_id(url: str) -> str:
    return re.search(r"/images/([0-9a-f]{32})\.png$", url).group(1)
