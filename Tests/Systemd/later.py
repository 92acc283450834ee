"""What a later version brings, made from the package of this one: another program, other settings, another site."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

SETTINGS = "etc/default/fakeai-images"
SITE = "etc/nginx/sites-available/fakeai-images"
INCLUDED = "usr/share/fakeai-images/nginx/fakeai-images-server.conf"


class Later:
    """Each is of a version of its own, and of a program that differs from all others by what follows its end."""

    def __init__(self, package: Path, directory: Path):
        self.package, self.directory = package, directory
        self.made = 0

    def version(self, **inserted: str) -> Path:
        """A package in which the named files (`SETTINGS`, `SITE`, `INCLUDED`) have another line, at a place where the file takes it."""
        self.made += 1
        tree, made = self.directory / f"tree-{self.made}", self.directory / f"fakeai-images-{self.made}.deb"
        subprocess.run(["dpkg-deb", "--raw-extract", self.package, tree], check=True)
        self._edit(tree / "DEBIAN/control", r"(?m)^(Version: .*)$", rf"\1+{self.made}")
        (tree / "DEBIAN/md5sums").unlink()
        with (tree / "usr/bin/fakeai-images").open("ab") as program:
            program.write(b"later %d" % self.made)
        for name, line in inserted.items():
            path, place = {"settings": (SETTINGS, r"\A"), "site": (SITE, r"(?<=server_name _;\n)"), "included": (INCLUDED, r"\Z")}[name]
            self._edit(tree / path, place, f"{line}\n")
        subprocess.run(["dpkg-deb", "-Znone", "--root-owner-group", "--build", tree, made], check=True, stdout=subprocess.DEVNULL)
        return made

    @staticmethod
    def _edit(path: Path, pattern: str, replacement: str) -> None:
        text, count = re.subn(pattern, replacement, path.read_text(), count=1)
        assert count == 1, f"{path} has no {pattern}"
        path.write_text(text)
