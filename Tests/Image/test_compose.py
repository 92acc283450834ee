"""compose.yaml, by podman-compose."""

from __future__ import annotations

import json
import os
import re
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from container import CONFIGURATION, podman
from processes import eventually

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "Sources/fakeai-images/Documentation.docc/Guides/Docker-Compose.md"
# Publishing a port needs a firewall, which a machine of tests may not have.
WITHOUT_NETWORK = """
services:
  fakeai-images:
    network_mode: none
    ports: !reset []
"""


def guide(command: str) -> list[str]:
    """The words after `docker compose` in the guide's line with that command."""
    return re.search(rf"^docker compose ({command}.*)$", GUIDE.read_text(), re.MULTILINE)[1].split()


@pytest.fixture
def service(image, tmp_path):
    """The name of the service's container."""
    project = f"fakeai-images-test-{os.getpid()}-{secrets.token_hex(4)}"
    override = tmp_path / "override.yaml"
    override.write_text(WITHOUT_NETWORK)
    compose = [Path(sys.executable).with_name("podman-compose"), "-p", project, "-f", ROOT / "compose.yaml", "-f", override]
    environment = os.environ | {
        "CONTAINERS_CONF": str(CONFIGURATION), "FAKEAI_IMAGE": image, "PATH": f"{os.environ['PATH']}:/usr/bin",
    }
    try:
        subprocess.run([sys.executable, *compose, *guide("up")], env=environment, check=True, capture_output=True, timeout=120)
        yield f"{project}_fakeai-images_1"
    finally:
        subprocess.run([sys.executable, *compose, *guide("down"), "--timeout", "0"], env=environment, capture_output=True, timeout=120)


def test_the_service_is_healthy_and_serves(service):
    ready = ["podman", "exec", service, "fakeai-images", "ready"]
    eventually(lambda: subprocess.run(ready, capture_output=True).returncode == 0, within=60, what="the service is ready")
    [state] = json.loads(podman("inspect", service))
    answer = subprocess.run(
        ["nsenter", f"--target={state['State']['Pid']}", "--net", "curl", "-sS", "--fail", "http://127.0.0.1:8000/_fakeai/stats",
         "-H", "Host: fakeai-images"],
        capture_output=True, timeout=60,
    )
    assert json.loads(answer.stdout), answer.stderr


def test_the_service_has_no_more_rights_than_it_needs():
    [service] = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"].values()
    assert service["read_only"] and service["cap_drop"] == ["ALL"] and service["security_opt"] == ["no-new-privileges"]
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
