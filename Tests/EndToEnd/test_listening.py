"""The addresses that `serve` listens on, its log of requests, and variables that are not meant for it."""

from __future__ import annotations

import json
import socket

import httpx
import pytest

from pool import Pool
from processes import eventually
from refusal import refusal


def answers(port: int, *hosts: str) -> set[int]:
    return {httpx.get(f"http://{host}:{port}/healthz", timeout=10).status_code for host in hosts}


def refuses(port: int, host: str) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as client:
        return client.connect_ex((host, port)) != 0


class PoolAt(Pool):
    """A pool that listens on addresses of which the first is the one that `hosts` begins with."""

    def __init__(self, first: str, *flags: str, **variables: object):
        super().__init__("--workers", "1", *flags, **variables)
        self.url = f"http://{first}:{self.port}"


@pytest.fixture
def at():
    pools: list[PoolAt] = []

    def start(first: str, *flags: str, **variables: object) -> PoolAt:
        pools.append(PoolAt(first, *flags, **variables))
        pools[-1].start()
        return pools[-1]

    yield start
    for pool in pools:
        pool.close()


@pytest.mark.parametrize("host", ["::", "[::]"])
def test_all_addresses_of_ipv6_are_those_of_ipv4_too(at, host):
    pool = at("[::]", "--host", host)
    assert answers(pool.port, "127.0.0.1", "127.0.0.2", "[::1]") == {200}
    [url] = httpx.post(f"http://[::1]:{pool.port}/v1/images/generations", json={"prompt": "a lake"}).json()["data"]
    assert url["url"].startswith(f"http://[::1]:{pool.port}/images/")
    assert httpx.get(f"http://127.0.0.1:{pool.port}/_fakeai/stats").status_code == 200, "an IPv4 client of an IPv6 socket is this machine"


@pytest.mark.parametrize("flags, variables", [(["--host", "127.0.0.1", "--host", "::1"], {}), ([], {"HOST": "127.0.0.1, [::1]"})])
def test_several_addresses_have_one_port(at, flags, variables):
    pool = at("127.0.0.1", *flags, **variables)
    assert f"Serving on http://127.0.0.1:{pool.port} and http://[::1]:{pool.port}\n" in pool.stdout.read_text()
    assert answers(pool.port, "127.0.0.1", "[::1]") == {200}
    assert refuses(pool.port, "127.0.0.2")


def test_a_free_port_is_free_at_every_address(at):
    pool = PoolAt("127.0.0.1", "--host", "127.0.0.1,::1,127.0.0.2", "--port", "0")
    pool.url = "Serving on"
    try:
        pool.start()
        port = int(pool.stdout.read_text().split()[2].rpartition(":")[2])
        assert answers(port, "127.0.0.1", "127.0.0.2", "[::1]") == {200}
    finally:
        pool.close()


def test_an_address_that_is_taken_is_one_line_and_the_others_are_released():
    with socket.create_server(("127.0.0.2", 0)) as taken:
        port = taken.getsockname()[1]
        ended = refusal("--host", "127.0.0.1", "--host", "127.0.0.2", "--port", str(port))
    [line] = ended.stderr.splitlines()
    assert f"cannot listen on 127.0.0.2 port {port}" in line and ended.returncode == 1


class PipedPool(Pool):
    """A pool whose standard output is a pipe."""

    @property
    def command(self) -> list[str]:
        return ["bash", "-c", 'exec "$@" > >(exec cat)', "bash", *super().command]


@pytest.mark.parametrize("kind", [Pool, PipedPool])
@pytest.mark.parametrize("flags, variables", [(["--access-log", "-"], {}), ([], {"ACCESS_LOG": "-"})])
def test_the_log_of_requests_can_be_on_standard_output(kind, flags, variables):
    """In a file, nginx and this program write behind each other rather than over each other."""
    pool = kind("--workers", "1", *flags, **variables)
    try:
        pool.start()
        httpx.get(f"{pool.url}/v1/models?here", timeout=10)
        eventually(lambda: "models?here" in pool.stdout.read_text(), within=5, what="the request in the log")
        lines = pool.stdout.read_text().splitlines()
        [said] = [line for line in lines if not line.startswith("{")]
        assert said == f"Serving on {pool.url}"
        entries = [json.loads(line) for line in lines if line.startswith("{")]
        assert {"/readyz", "/v1/models?here"} <= {entry["uri"] for entry in entries}
    finally:
        pool.close()


def test_what_kubernetes_sets_for_a_service_named_fakeai_is_ignored(start):
    links = {
        "SERVICE_HOST": "10.0.0.1", "SERVICE_PORT": 8000, "SERVICE_PORT_HTTP": 8000, "PORT_8000_TCP": "tcp://10.0.0.1:8000",
        "PORT_8000_TCP_PROTO": "tcp", "PORT_8000_TCP_PORT": 8000, "PORT_8000_TCP_ADDR": "10.0.0.1",
    }
    pool = Pool("--workers", "1", **links)
    pool.flags += ("--port", str(pool.port))
    pool.environment["FAKEAI_PORT"] = "tcp://10.0.0.1:8000"
    try:
        pool.start()
        assert "warning" not in pool.log and answers(pool.port, "127.0.0.1") == {200}
    finally:
        pool.close()


def test_empty_variables_are_as_good_as_none(start):
    names = "HOST WORKERS IMAGE_STORE_SIZE GENERATE_ACTUAL_IMAGES LATENCY PROFILE LOG_LEVEL KEYS ACCESS_LOG TLS"
    pool = start(**dict.fromkeys(names.split(), ""))
    assert pool.generate().status_code == 200 and "warning" not in pool.log
