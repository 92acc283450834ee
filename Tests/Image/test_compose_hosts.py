"""compose.hosts.yaml, by podman-compose: two hosts that behave like one."""

from __future__ import annotations

import json
import re

import pytest

from compose import GUIDES, Project
from container import Container
from processes import eventually

FILE = "compose.hosts.yaml"
HOSTS = ("mock-1", "mock-2")
# Publishing a port needs a firewall, which a machine of tests may not have. So does a network that leads to others. A busy machine may need
# more than a second to connect to Redis, and Podman's name server loses queries while containers come and go.
INSIDE = """
services:
  mock-1: {ports: !reset [], environment: &patience {FAKEAI_REDIS_TIMEOUT: 20s, RES_OPTIONS: "timeout:1 attempts:9"}}
  mock-2: {ports: !reset [], environment: *patience}
networks:
  default: {internal: true}
"""
GUIDE = GUIDES / "Docker-Compose.md"


def guide(command: str) -> list[str]:
    """The words after the file's name in the guide's line with that command."""
    return re.search(rf"^docker compose --file {FILE} ({command}.*)$", GUIDE.read_text(), re.MULTILINE)[1].split()


@pytest.fixture(scope="module")
def project(image, redis_image, tmp_path_factory):
    project = Project(FILE, INSIDE, tmp_path_factory.mktemp("hosts"), FAKEAI_IMAGE=image, FAKEAI_REDIS_IMAGE=redis_image)
    try:
        project.run(*guide("up"))
        yield project
    finally:
        project.run(*guide("down"), "--timeout", "0")
        assert project.left == []


@pytest.fixture(scope="module")
def hosts(project) -> list[Container]:
    hosts = [project.service(name).wait_until_ready() for name in HOSTS]
    eventually(lambda: all(host.hosts == list(HOSTS) for host in hosts), within=30, what="each host knows of both")
    return hosts


def test_each_host_serves_what_the_other_made(hosts):
    for maker, other in (hosts, hosts[::-1]):
        path = maker.picture(size="256x256")
        eventually(lambda other=other, path=path: other.get(path)[0] != 503, within=60, what="it finds Redis by its name")
        status, picture = other.get(path)
        assert (status, picture) == maker.get(path) and status == 200 and picture.startswith(b"\x89PNG")


def test_rules_that_are_put_on_one_host_hold_on_the_other(hosts):
    for putter, other in (hosts, hosts[::-1]):
        rules = json.dumps([{"match": {"route": "/v1/models"}, "then": {"fault": "server_error"}}])
        put = ("--request", "PUT", "--header", "Content-Type: application/json", "--data")
        assert putter.get("/_fakeai/rules", *put, rules)[0] == 200
        assert other.get("/v1/models")[0] == 500
        assert putter.get("/_fakeai/rules", *put, "[]")[0] == 200
        assert other.get("/v1/models")[0] == 200


def test_other_services_reach_both_hosts_by_one_name(project, hosts):
    addresses = {host.address for host in hosts}
    assert len(addresses) == 2
    lookup = ("getent", "ahosts", "mock")
    eventually(lambda: addresses <= set(hosts[0].run(*lookup, check=False).split()), within=60, what="the name has both addresses")
    for address in addresses:
        status, _ = hosts[0].get("/_fakeai/stats", "--connect-to", f"::{address}:8000", "--header", "Host: mock")
        assert status == 200


def test_a_full_redis_drops_images_and_nothing_is_written_to_disk(project, hosts):
    said = project.service("redis").run("redis-cli", "config", "get", "maxmemory*", "save").split("\n")
    settings = dict(zip(said[::2], said[1::2], strict=False))
    assert (settings["maxmemory"], settings["maxmemory-policy"], settings["save"]) == (str(512 << 20), "volatile-lru", "")


def test_nothing_is_in_volumes_that_would_outlive_the_services(project, hosts):
    assert len(project.containers) == 3 and project.volumes == []
