"""What platforms do to containers: each of these serves, or says in one true line why it cannot."""

from __future__ import annotations

import json
import subprocess

import pytest

from processes import eventually

PLATFORMS = {
    "64 MB of /dev/shm, which is Docker's default": ["--shm-size=64m"],
    "a memory limit": ["--memory=200m", "--memory-swap=200m", "--shm-size=1g"],
    "any user, with group 0": ["--user=1000650000:0"],
    "any user, without group 0": ["--user=1000650000:1000650000"],
    "root": ["--user=0:0"],
    "one processor": ["--cpus=1"],
    "half a processor": ["--cpus=0.5"],
    "few processes": ["--pids-limit=64"],
}


@pytest.mark.parametrize("options", PLATFORMS.values(), ids=PLATFORMS.keys())
def test_it_serves_with(start, options):
    """Read-only, without any capability and without a network, as all tests here."""
    container = start(*options)
    container.serves()
    errors = [line for line in container.logs() if "error" in line.lower() and not line.startswith("{")]
    assert errors == []


def test_nothing_is_written_but_below_tmp_and_dev_shm(start):
    container = start()
    container.picture()
    assert container.run("sh", "-c", "ls -A /tmp | wc -l; ls -A /dev/shm | grep -vc '^fakeai-images-'", check=False).split() == ["1", "0"]


def test_a_memory_limit_holds_under_load(start):
    """The kernel kills nobody, although the store fills up."""
    container = start("--memory=200m", "--memory-swap=200m")
    for _ in range(40):
        container.get(container.picture(quality="hd", size="1024x1024", n=4))
    container.serves()
    assert container.inspect(".State.OOMKilled") == "false"
    assert not any("ended with" in line for line in container.logs())


@pytest.mark.parametrize("options, expected", {
    ("--shm-size=1m",): "--shm-size",
    ("--memory=64m", "--memory-swap=64m"): "",
}.items(), ids=["1 MB of /dev/shm", "64 MB of memory"])
def test_what_cannot_serve_says_so_in_one_line(start, options, expected):
    container = start(*options, ready=False, IMAGE_STORE_SIZE="512M")
    eventually(lambda: not container.is_running, within=60, what="it has given up")
    [line] = [line for line in container.logs() if line]
    assert line.startswith("fakeai-images: ") or line.startswith("Error: ")
    assert expected in line and container.exit_status != 0


def test_the_health_check_passes(start):
    container = start()
    assert container.run_health_check() == 0


def test_the_access_log_and_nothing_else_is_json_on_standard_output(start):
    container = start()
    path = container.picture()
    container.get(path)
    [entry] = [json.loads(line) for line in container.logs() if line.startswith("{") and path in line]
    assert entry["status"] == 200 and entry["method"] == "GET"
    assert any(line.startswith("Serving on ") for line in container.logs())


def test_it_makes_a_certificate_and_serves_https(start):
    container = start(TLS="true")
    asked = [*container.network, "curl", "--silent", "--insecure", "--max-time", "60", "https://127.0.0.1:8000/healthz"]
    assert json.loads(subprocess.run(asked, capture_output=True, timeout=90).stdout)["status"] == "ok"
    assert container.run_health_check() == 0
