"""Services of a file for Compose, run by podman-compose in a network from which nothing leads out."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from pathlib import Path

from container import CONFIGURATION, Container, podman

ROOT = Path(__file__).resolve().parents[2]
GUIDES = ROOT / "Sources/fakeai-images/Documentation.docc/Guides"


class Project:
    """The services of a file, changed by `override`. It is to be taken down, whatever happens."""

    def __init__(self, file: str, override: str, directory: Path, **variables: str):
        self.name = f"fakeai-images-test-{os.getpid()}-{secrets.token_hex(4)}"
        changes = directory / "override.yaml"
        changes.write_text(override)
        self.command = [
            sys.executable, Path(sys.executable).with_name("podman-compose"), "-p", self.name, "-f", ROOT / file, "-f", changes,
        ]
        self.environment = os.environ | variables | {"CONTAINERS_CONF": str(CONFIGURATION), "PATH": f"{os.environ['PATH']}:/usr/bin"}

    def run(self, *words: str) -> None:
        done = subprocess.run([*self.command, *words], env=self.environment, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, f"podman-compose {' '.join(words)}: {done.stdout}{done.stderr}"

    def service(self, name: str) -> Container:
        return Container.named(f"{self.name}_{name}_1")

    @property
    def containers(self) -> list[str]:
        return [name for name in podman("ps", "--all", "--format={{.Names}}").split() if name.startswith(f"{self.name}_")]

    @property
    def volumes(self) -> list[str]:
        """What `down` would leave: even those without a name of their own."""
        mounts = [mount for found in json.loads(podman("inspect", *self.containers)) for mount in found["Mounts"]]
        return [mount["Destination"] for mount in mounts if mount["Type"] == "volume"]

    @property
    def left(self) -> list[str]:
        """Its containers, pods and networks."""
        others = podman("pod", "ps", "--format={{.Name}}") + podman("network", "ls", "--format={{.Name}}")
        return self.containers + [name for name in others.split() if self.name in name]
