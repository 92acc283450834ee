"""The image that `make image` built, and containers of it."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from container import Container, podman

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
NAME = "localhost/fakeai-images"


@pytest.fixture(scope="session")
def image() -> str:
    assert os.geteuid() == 0, "only root can enter a container's network: run this as root"
    return os.environ.get("FAKEAI_IMAGE", f"{NAME}:latest")


@pytest.fixture(scope="session")
def described(image: str) -> dict:
    [described] = json.loads(podman("image", "inspect", image))
    return described


@pytest.fixture(scope="session")
def redis_image() -> str:
    """An image with Debian's Redis, on the base of `make image` where no other is named; made once."""
    if named := os.environ.get("FAKEAI_REDIS_IMAGE"):
        return named
    release = platform.freedesktop_os_release()["VERSION_CODENAME"]
    base, name = f"{NAME}-base:{release}", f"{NAME}-test-redis:{release}"
    if not is_there(name):
        if not is_there(base):
            subprocess.run([ROOT / "deploy/image/import-base", release, base], check=True, timeout=600)
        # In chroot isolation for the reason that deploy/image/build gives.
        build = ["build", "--quiet", "--isolation=chroot", "--network=host", f"--build-arg=BASE={base}", f"--tag={name}"]
        podman(*build, "--file", HERE / "redis.containerfile", HERE, timeout=600)
    return name


def is_there(image: str) -> bool:
    return subprocess.run(["podman", "image", "exists", image], timeout=60).returncode == 0


@pytest.fixture
def start(image: str) -> Iterator[Callable[..., Container]]:
    """Starts containers with the options and settings a test asks for; each is removed."""
    with ExitStack() as containers:

        def start(*options: str, ready: bool = True, **settings: object) -> Container:
            container = Container(image, *options, **settings)
            containers.callback(container.remove)
            return container.wait_until_ready() if ready else container

        yield start
