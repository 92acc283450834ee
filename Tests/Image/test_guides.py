"""The commands for containers in the README and in Guides/Containers.md, as they are written there, with podman for docker."""

from __future__ import annotations

import re
import secrets
import shlex
import subprocess
from pathlib import Path

import pytest

from container import Container, podman

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "Sources/fakeai-images/Documentation.docc/Guides/Containers.md"]


def commands(page: Path) -> list[list[str]]:
    """The words of each line of the block that makes and runs the image."""
    [block] = re.findall(r"```sh\n(make image\n.*?)```", page.read_text(), re.DOTALL)
    return [shlex.split(line, comments=True) for line in block.splitlines()]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_image_is_loaded_and_runs_as_the_page_says(page, image):
    make, load, run, *requests = commands(page)
    assert make == ["make", "image"]
    assert load[:3] == ["docker", "load", "--input"] and run[:3] == ["docker", "run", "--rm"]
    podman("load", "--input", ROOT / load[3])
    name = f"fakeai-images-test-{secrets.token_hex(4)}"
    # Publishing a port needs a firewall, which a machine of tests may not have. Everything else is as written.
    options = [word for word in run[2:] if word != "--publish" and not re.fullmatch(r"[\d.]+:8000:8000", word)]
    podman("run", "--detach", "--network=none", f"--name={name}", *options)
    container = Container.named(name)
    try:
        container.wait_until_ready()
        for request in requests:
            done = subprocess.run([*container.network, *request, "--silent", "--fail"], capture_output=True, text=True, timeout=60)
            assert done.returncode == 0 and "/images/" in done.stdout, done.stderr
        container.serves()
    finally:
        container.remove()
