"""compose.yaml, by podman-compose."""

from __future__ import annotations

import json
import re

import pytest
import yaml

from compose import GUIDES, ROOT, Project

GUIDE = GUIDES / "Docker-Compose.md"
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
    project = Project("compose.yaml", WITHOUT_NETWORK, tmp_path, FAKEAI_IMAGE=image)
    try:
        project.run(*guide("up"))
        yield project.service("fakeai-images")
    finally:
        project.run(*guide("down"), "--timeout", "0")


def test_the_service_is_healthy_and_serves(service):
    status, stats = service.wait_until_ready().get("/_fakeai/stats", "--header", "Host: fakeai-images")
    assert status == 200 and json.loads(stats)


@pytest.mark.parametrize("file", ["compose.yaml", "compose.hosts.yaml"])
def test_no_service_has_more_rights_than_it_needs(file):
    for service in yaml.safe_load((ROOT / file).read_text())["services"].values():
        assert service["read_only"] and service["cap_drop"] == ["ALL"] and service["security_opt"] == ["no-new-privileges"]
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))
