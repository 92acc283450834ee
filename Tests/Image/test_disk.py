"""Images on disk in a container, by the command in Guides/Images-on-disk.md, with podman for docker."""

from __future__ import annotations

import re
import secrets
import shlex
from collections.abc import Iterator

import pytest

from compose import GUIDES
from container import STRICT, podman
from processes import eventually

GUIDE = GUIDES / "Images-on-disk.md"


def options(volume: str) -> list[str]:
    """What the page's command says about the volume and the settings."""
    [command] = re.findall(r"^docker run .*?[^\\]$", GUIDE.read_text(), re.MULTILINE | re.DOTALL)
    words = shlex.split(command)
    return [word.replace("images:", f"{volume}:") for word in words if word.startswith(("--volume", "--env", "FAKEAI_", "images:"))]


@pytest.fixture
def volume() -> Iterator[str]:
    name = f"fakeai-images-test-{secrets.token_hex(4)}"
    yield name
    podman("volume", "rm", "--force", name)


@pytest.mark.parametrize("user", ["10001:0", "1000650000:0", "1000650000:1000650000"])
def test_the_images_of_a_container_outlive_it(start, volume, user):
    """Read-only but for the volume, without rights, and as any user."""
    assert "--read-only" in STRICT
    first = start(*options(volume), f"--user={user}")
    path = first.picture()
    status, picture = first.get(path)
    assert status == 200 and picture.startswith(b"\x89PNG")
    assert path.rpartition("/")[2] in first.run("find", "/images")
    first.remove()
    assert start(*options(volume), f"--user={user}").get(path) == (200, picture)


def test_a_directory_of_the_host_that_the_user_cannot_write_to_is_refused_in_one_line(start, tmp_path):
    tmp_path.chmod(0o755)
    container = start(f"--volume={tmp_path}:/images", ready=False, IMAGE_STORAGE_BACKEND="disk", IMAGE_STORE_PATH="/images")
    eventually(lambda: not container.is_running, within=60, what="it has given up")
    [line] = [line for line in container.logs() if line]
    assert "user 10001 cannot write to /images" in line and container.exit_status != 0
