"""The workers on the machine: who they are, and what restarts them."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from machine import Machine
from processes import eventually
from traffic import Traffic

URL = "http://127.0.0.1:8000"
REQUESTS = 10_000


def active_workers(machine: Machine) -> dict[str, str]:
    """The process ids of the workers that systemd calls active, by unit."""
    listed = machine.run("systemctl list-units --plain --no-legend --state=active 'fakeai-images@*.service'")
    units = [line.split()[0] for line in listed.splitlines() if line.strip()]
    return {unit: machine.property(unit, "MainPID") for unit in units}


def nginx_workers(machine: Machine) -> set[str]:
    return set(machine.run("pgrep -f 'nginx: worker process$'").split())


def replaced(machine: Machine, process: int, *, within: float) -> None:
    """Waits until worker 1 is another process than that, and serves."""

    def active() -> bool:
        return machine.property("fakeai-images@1.service", "ActiveState") == "active"

    eventually(lambda: machine.worker(1) not in {0, process} and active(), within=within, what="another worker 1")


def replaced_by(machine: Machine, package: Path) -> None:
    """Installs a package, and sees that its program is what each worker runs."""
    before = set(active_workers(machine).values())
    program = machine.run("sha256sum </usr/bin/fakeai-images")
    machine.install(package)
    after = set(active_workers(machine).values())
    assert len(after) == len(before) and not after & before
    assert {machine.run(f"sha256sum </proc/{process}/exe") for process in after} == {machine.run("sha256sum </usr/bin/fakeai-images")}
    assert machine.run("sha256sum </usr/bin/fakeai-images") != program


def under_load(machine: Machine, *restarts: Callable[[], object]) -> None:
    """Restarts all workers again and again, in each of these ways, until 10,000 requests are answered, none of them with an error."""
    requests = done = 0
    while requests < REQUESTS or not done:
        with Traffic(URL, posts=4, gets=12, seconds=8, prefix=machine.network, body={"size": "256x256"}) as traffic:
            while traffic.is_running:
                for restart in restarts:
                    restart()
                    done += 1
                time.sleep(0.3)
            tallies = traffic.tallies()
        assert {kind: dict(tally.errors) for kind, tally in tallies.items()} == {"post": {}, "get": {}}
        requests += sum(tally.requests for tally in tallies.values())
    print(f"\n{requests} requests and no failure in {done} restarts of all workers")
