"""The image that `make image` built, and containers of it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from container import Container, podman

NAME = "localhost/fakeai-images"


@pytest.fixture(scope="session")
def image() -> str:
    assert os.geteuid() == 0, "only root can enter a container's network: run this as root"
    return os.environ.get("FAKEAI_IMAGE", f"{NAME}:latest")


@pytest.fixture(scope="session")
def described(image: str) -> dict:
    [described] = json.loads(podman("image", "inspect", image))
    return described


@pytest.fixture
def start(image: str) -> Iterator[Callable[..., Container]]:
    """Starts containers with the options and settings a test asks for; each is removed."""
    with ExitStack() as containers:

        def start(*options: str, ready: bool = True, **settings: object) -> Container:
            container = Container(image, *options, **settings)
            containers.callback(container.remove)
            return container.wait_until_ready() if ready else container

        yield start
