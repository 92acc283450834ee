"""One machine for all tests: the package is installed in it, and the site put into service as the guide says.

The files are in the order of a package's life, which is that of their names.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from later import Later
from machine import Machine, root_with

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "Sources/fakeai-images/Documentation.docc/Guides/Operations.md"


def commands_that_enable_the_site() -> str:
    """The guide's first block, between the installation, for which the machine has another path, and the first request."""
    _install, *enable, _ask = re.search(r"```sh\n(.*?)```", GUIDE.read_text(), re.DOTALL)[1].replace("sudo ", "").splitlines()
    return " && ".join(enable)


@pytest.fixture(scope="session")
def package() -> Path:
    assert os.geteuid() == 0, "only root can boot a machine: run this as root"
    [package] = (ROOT / os.environ.get("DEB", ".build-deb")).glob("fakeai-images_*.deb")
    return package


@pytest.fixture(scope="session")
def later(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Later:
    return Later(package, tmp_path_factory.mktemp("later"))


@pytest.fixture(scope="session")
def machine(package: Path) -> Iterator[Machine]:
    machine = Machine(root_with(package))
    try:
        machine.install(package)
        machine.run(commands_that_enable_the_site())
        yield machine
    finally:
        machine.stop()
