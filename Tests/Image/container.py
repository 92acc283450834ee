"""A container of the image, run by podman without any network: tests enter its own."""

from __future__ import annotations

import json
import os
import re
import secrets
import subprocess
from collections.abc import Sequence
from pathlib import Path

from processes import eventually

CONFIGURATION = Path(__file__).with_name("containers.conf")
URL = "http://127.0.0.1:8000"
# What a platform imposes that trusts nobody.
STRICT = ["--read-only", "--read-only-tmpfs=false", "--tmpfs=/tmp", "--cap-drop=all", "--security-opt=no-new-privileges"]


def podman(*arguments: object, check: bool = True, timeout: float = 120) -> str:
    """What podman prints; its errors too if it fails."""
    process = subprocess.run(
        ["podman", *map(str, arguments)], env=os.environ | {"CONTAINERS_CONF": str(CONFIGURATION)},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout,
    )
    assert not check or process.returncode == 0, f"podman {' '.join(map(str, arguments))}: {process.stdout}{process.stderr}"
    return process.stdout


class Container:
    """Runs `serve`, unless `command` says otherwise. It is removed when the test ends, with what it stored."""

    def __init__(self, image: str, *options: str, command: Sequence[str] = (), **settings: object):
        self.name = f"fakeai-images-test-{os.getpid()}-{secrets.token_hex(4)}"
        variables = [f"--env=FAKEAI_{name}={value}" for name, value in settings.items()]
        podman("run", "--detach", f"--name={self.name}", "--network=none", *STRICT, *options, *variables, image, *command)

    @classmethod
    def named(cls, name: str) -> Container:
        """A container that something else has started."""
        container = cls.__new__(cls)
        container.name = name
        return container

    def inspect(self, field: str) -> str:
        return podman("inspect", "--format", f"{{{{{field}}}}}", self.name).strip()

    @property
    def pid(self) -> int:
        """Of the container's first process, on this machine."""
        return int(self.inspect(".State.Pid"))

    @property
    def address(self) -> str:
        """In its only network."""
        [network] = json.loads(podman("inspect", self.name))[0]["NetworkSettings"]["Networks"].values()
        return network["IPAddress"]

    @property
    def is_running(self) -> bool:
        return self.inspect(".State.Running") == "true"

    @property
    def exit_status(self) -> int:
        return int(self.inspect(".State.ExitCode"))

    @property
    def network(self) -> Sequence[str]:
        """What a command of ours is started by to reach the container's addresses."""
        return ["nsenter", f"--target={self.pid}", "--net"]

    def run(self, *command: str, check: bool = True) -> str:
        """Runs a command inside."""
        return podman("exec", self.name, *command, check=check)

    def logs(self) -> list[str]:
        process = subprocess.run(["podman", "logs", self.name], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60)
        return process.stdout.splitlines()

    def wait_until_ready(self) -> Container:
        def is_ready() -> bool:
            assert self.is_running, "\n".join(self.logs())
            return subprocess.run(["podman", "exec", self.name, "fakeai-images", "ready"], capture_output=True, timeout=60).returncode == 0

        eventually(is_ready, within=60, what="the container is ready")
        return self

    def run_health_check(self) -> int:
        """The status of the image's own health check."""
        return subprocess.run(["podman", "healthcheck", "run", self.name], capture_output=True, timeout=60).returncode

    def get(self, path: str, *options: str) -> tuple[int, bytes]:
        """Status and body of an answer."""
        command = [*self.network, "curl", "--silent", "--max-time", "60", "--write-out", "\n%{http_code}", *options, f"{URL}{path}"]
        body, _, status = subprocess.run(command, capture_output=True, timeout=90).stdout.rpartition(b"\n")
        return int(status), body

    @property
    def hosts(self) -> list[str]:
        """The names of those that share Redis with it, itself included."""
        return [host["name"] for host in json.loads(self.get("/_fakeai/stats")[1])["hosts"]]

    def picture(self, **parameters: object) -> str:
        """The path of a new picture."""
        body = json.dumps({"prompt": "a lake at dawn"} | parameters)
        status, answer = self.get("/v1/images/generations", "--header", "Content-Type: application/json", "--data", body)
        assert status == 200, answer
        return re.search(r"/images/[0-9a-f]{32}\.png", answer.decode()).group()

    def serves(self) -> None:
        """Checks that it draws, keeps and returns a picture."""
        status, picture = self.get(self.picture())
        assert status == 200 and picture.startswith(b"\x89PNG")

    def stop(self, seconds: int = 60) -> None:
        podman("stop", f"--time={seconds}", self.name, timeout=seconds + 60)

    def remove(self) -> None:
        podman("rm", "--force", "--time=0", "--ignore", "--volumes", self.name)
