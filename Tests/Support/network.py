"""Hosts with addresses of their own, on one machine: network namespaces on two switches.

Clients reach the hosts through the switch `front`, and hosts reach Redis through `back`: a cut between a host and Redis cuts off no client.
The test itself is one of the clients: its process enters the namespace of the switches, and so do the programs that it starts.
"""

from __future__ import annotations

import ctypes
import os
import re
import signal
import subprocess
from pathlib import Path

import pytest

from leftovers import has_gone
from processes import eventually, kill

SIDES = {"front": "10.77.1", "back": "10.77.2"}
"""The first bytes of addresses on each switch. Nothing outside the namespaces sees them."""
CLIENTS = "10.77.1.0/24"
SWITCHES = 254
NAMESPACES = Path("/run/netns")
CLONE_NEWNET = 0x40000000


class Network:
    """Exists as long as its block."""

    def __init__(self) -> None:
        self.prefix = f"fakeai-test-{os.getpid()}"
        self.switches = f"{self.prefix}-switches"
        self.names: list[str] = []
        self.outside: int | None = None

    def __enter__(self) -> Network:
        if os.geteuid() != 0:
            pytest.skip("network namespaces need root")
        remove_networks()
        try:
            ip("netns", "add", self.switches)
            self.at_switches("link", "set", "lo", "up")
            for side, network in SIDES.items():
                self.at_switches("link", "add", side, "type", "bridge")
                self.at_switches("address", "add", f"{network}.{SWITCHES}/24", "dev", side)
                self.at_switches("link", "set", side, "up")
            self.outside = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
            with (NAMESPACES / self.switches).open() as inside:
                enter(inside.fileno())
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self.outside is not None:
            enter(self.outside)
            os.close(self.outside)
        for name in [*map(self.namespace, self.names), self.switches]:
            remove_namespace(name)

    def add(self, name: str) -> Host:
        """Connects one more host with both switches."""
        host = Host(self, name, len(self.names) + 1)
        self.names.append(name)
        ip("netns", "add", host.namespace)
        ip("-n", host.namespace, "link", "set", "lo", "up")
        for side in SIDES:
            self.at_switches("link", "add", host.port(side), "type", "veth", "peer", "name", side, "netns", host.namespace)
            self.at_switches("link", "set", host.port(side), "master", side, "up")
            ip("-n", host.namespace, "address", "add", f"{host.address(side)}/24", "dev", side)
            ip("-n", host.namespace, "link", "set", side, "up")
        return host

    def namespace(self, name: str) -> str:
        return f"{self.prefix}-{name}"

    def at_switches(self, *words: str) -> None:
        ip("-n", self.switches, *words)


class Host:
    """A network namespace with an interface at each switch."""

    def __init__(self, network: Network, name: str, number: int):
        self.network, self.name, self.number = network, name, number
        self.namespace = network.namespace(name)

    @property
    def inside(self) -> tuple[str, ...]:
        """What a command begins with that runs on this host."""
        return ("ip", "netns", "exec", self.namespace)

    def address(self, side: str) -> str:
        return f"{SIDES[side]}.{self.number}"

    def port(self, side: str) -> str:
        """The name of the switch's interface."""
        return f"{side}-{self.number}"

    def cut(self) -> None:
        """Takes the host off the switch `back`: packets vanish, and no connection ends."""
        self.network.at_switches("link", "set", self.port("back"), "down")

    def mend(self) -> None:
        self.network.at_switches("link", "set", self.port("back"), "up")


def ip(*words: str) -> str:
    done = subprocess.run(["ip", *words], capture_output=True, text=True)
    assert done.returncode == 0, f"ip {' '.join(words)}: {done.stderr}"
    return done.stdout


def enter(namespace: int) -> None:
    """Moves this thread, and with it all threads and programs that it starts from now on."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(namespace, CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")


def remove_namespace(name: str) -> None:
    """Ends what runs there."""
    if not (NAMESPACES / name).exists():
        return

    def is_empty() -> bool:
        # This process may have been told to leave only now.
        pids = {int(pid) for pid in ip("netns", "pids", name).split()} - {os.getpid()}
        for pid in pids:
            kill(pid, signal.SIGKILL)
        return not pids

    eventually(is_empty, within=10, what=f"no process left in {name}")
    ip("netns", "delete", name)


def remove_networks() -> None:
    """Those of test processes that were killed."""
    for entry in NAMESPACES.glob("fakeai-test-*"):
        owner = re.match(r"fakeai-test-([1-9][0-9]{0,9})-", entry.name)
        if owner and has_gone(int(owner[1])):
            remove_namespace(entry.name)
