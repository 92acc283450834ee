"""What is there once the package is installed."""

from __future__ import annotations

import json
import os
import re
import shlex
from pathlib import Path

import pytest

from pictures import checked_png
from workers import active_workers

UNITS = " ".join(
    f"fakeai-images{name}"
    for name in (".target", "-open.target", ".socket", "@1.service", "-rollover.service", "-refuse.service")
)

SEED_EXAMPLE = """{
    "model": "dall-e-3",
    "prompt": "A serene lake at sunset",
    "size": "1024x1024",
    "quality": "hd",
    "style": "vivid",
    "n": 1
  }"""


def test_one_worker_for_each_core_is_up_after_installation(machine):
    assert len(active_workers(machine)) == min(os.cpu_count(), 64)
    assert machine.property("fakeai-images.target", "UnitFileState") == "enabled"


def test_the_example_of_the_readme_works(machine):
    status, answer = machine.get(
        "/v1/images/generations", "-H", "Content-Type: application/json", "-H", "Authorization: Bearer test", "-d", SEED_EXAMPLE
    )
    assert status == 200, answer
    path = json.loads(answer)["data"][0]["url"].removeprefix("http://localhost:8000")
    status, picture = machine.get(path)
    assert status == 200
    checked_png(picture, "1024x1024")


def test_an_operator_sees_the_workers_that_systemd_runs(machine):
    status = json.loads(machine.run("runuser -u fakeai-images -- fakeai-images status --json"))
    assert len(status["workers"]) == len(active_workers(machine))


def test_manual_and_completions_are_there(machine):
    listed = machine.run("dpkg --listfiles fakeai-images")
    for path in ("man/man1/fakeai-images.1.gz", "completions/fakeai-images", "vendor-completions/_fakeai-images", "fakeai-images.fish"):
        assert path in listed


# What was typed behind the program's name, and what a shell must offer then.
COMPLETED = {
    "": "serve", "ge": "generate", "serve --image-store-s": "--image-store-size", "serve --profile op": "openai-dalle",
    "generate --output /etc/host": "hostname",
}


@pytest.mark.parametrize("typed", COMPLETED)
@pytest.mark.parametrize("shell", ["bash", "fish", "zsh"])
def test_a_shell_completes_commands_flags_and_values(machine, shell, typed):
    script = (Path(__file__).parent / "completion" / f"{shell}.sh").read_text()
    machine.run(f"bash -s -- {shlex.quote(typed)} {shlex.quote(COMPLETED[typed])}", input=script.encode())


def test_units_are_verified_in_silence(machine):
    # The machine has no man, which is asked whether the manual exists.
    assert machine.run(f"systemd-analyze verify --man=no {UNITS}") == ""


@pytest.mark.parametrize("unit", ["fakeai-images@1.service", "fakeai-images-rollover.service"])
def test_a_unit_may_do_little_beyond_its_task(machine, unit):
    assessed = machine.run(f"systemd-analyze security --no-pager {unit}")
    exposure = float(re.search(r"Overall exposure level for \S+: ([\d.]+)", assessed).group(1))
    print(f"\nexposure of {unit}: {exposure}")
    assert exposure <= 1.5


def test_what_a_unit_may_do_is_enough_to_interrupt_nobody(machine):
    assert "SCHED_BATCH" in machine.run(f"chrt --pid {machine.worker(1)}")


def test_who_comes_from_elsewhere_sees_pictures_and_no_figures(machine):
    """Whatever the request says of its origin."""
    machine.run("ip address add 192.0.2.1/32 dev lo")
    for path, status in {"/v1/models": 200, "/metrics": 403, "/_fakeai/stats": 403, "/_fakeai": 403}.items():
        for claim in ("X-Nothing: ", "X-Forwarded-For: 127.0.0.1", "X-Real-IP: 127.0.0.1", "Forwarded: for=127.0.0.1"):
            asked = f"curl -sS -o /dev/null -w '%{{http_code}}' -H '{claim}' http://192.0.2.1:8000{path}"
            assert (path, claim, machine.run(asked)) == (path, claim, str(status))
    assert machine.get("/metrics")[0] == 200


def test_the_socket_is_for_nginx_alone(machine):
    assert machine.run("stat -c '%a %U %G' /run/fakeai-images/worker.sock").split() == ["660", "fakeai-images", "www-data"]
    assert machine.property("fakeai-images.socket", "Backlog") == "4096"
