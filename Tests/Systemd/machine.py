"""A Debian with systemd as its first process, in a folder, without a virtual machine: booted in a second, gone with the test."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from processes import children, eventually, kill
from usage import name

RELEASE = os.environ.get("RELEASE", "bookworm")
BUILD = Path(__file__).resolve().parents[2] / f".build-machine/systemd-{RELEASE}"
BASE = ["systemd", "systemd-sysv", "dbus", "nginx-light", "curl", "procps", "iproute2", "openssl", "fish", "zsh"]
REBOOTS = 133
"""The status with which nspawn ends when the machine is to be started anew."""
PATH = "/usr/sbin:/usr/bin:/sbin:/bin"


class Machine:
    """Whatever is changed in it outlives a reboot, and vanishes when it stops: it is written to a memory file system above the folder."""

    def __init__(self, root: Path):
        self.log = BUILD / "boot.log"
        nspawn = [
            "systemd-nspawn", "--quiet", "--directory=/run/machine/root", "--private-network", "--register=no", "--keep-unit",
            "--machine=fakeai-images", "--boot", "--console=pipe",
        ]
        # A mount namespace of its own, for nspawn wants to write below /run, and this machine's may belong to another systemd.
        script = f"""
            mount -t tmpfs tmpfs /run && mkdir -p /run/systemd/nspawn /run/lock /run/machine/upper /run/machine/work /run/machine/root &&
            mount -t overlay overlay -o lowerdir={root},upperdir=/run/machine/upper,workdir=/run/machine/work /run/machine/root &&
            while {shlex.join(nspawn)}; test $? -eq {REBOOTS}; do true; done
        """
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                ["unshare", "--mount", "--propagation", "private", "sh", "-c", script],
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
            )
        self.leader = 0
        try:
            eventually(self._is_up, within=60, what="the machine is up")
        except BaseException:
            self._kill()
            raise

    def run(self, command: str, *, check: bool = True, input: bytes | None = None, timeout: float = 120) -> str:
        """Runs a shell command inside and returns what it prints, errors included."""
        process = subprocess.run(
            ["nsenter", f"--target={self.leader}", "--all", "env", "-i", f"PATH={PATH}", "LC_ALL=C", "HOME=/root", "sh", "-c", command],
            input=input, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=timeout,
        )
        output = process.stdout.decode(errors="replace")
        assert not check or process.returncode == 0, f"{command}\nended with {process.returncode}:\n{output}"
        return output

    def copy(self, source: Path, target: str) -> None:
        # Not through /proc/<pid>/root: absolute links there lead out of the machine.
        self.run(f"cat >{shlex.quote(target)}", input=source.read_bytes())

    def install(self, package: Path) -> str:
        """Installs, upgrades or downgrades. Of a file that a person has changed, the person's version stays."""
        target = f"/root/{package.name}"
        self.copy(package, target)
        return self.run(f"dpkg --force-confdef --force-confold --install {target}")

    @property
    def network(self) -> Sequence[str]:
        """What a command of ours is started by to reach the machine's addresses."""
        return ["nsenter", f"--target={self.leader}", "--net"]

    def get(self, path: str, *options: str) -> tuple[int, bytes]:
        """Status and body of an answer."""
        url = f"http://localhost:8000{path}"
        command = [*self.network, "curl", "--silent", "--max-time", "60", "--write-out", "\n%{http_code}", *options, url]
        body, _, status = subprocess.run(command, capture_output=True, timeout=90).stdout.rpartition(b"\n")
        return int(status), body

    def picture(self, **parameters: object) -> str:
        """The path of a new picture."""
        body = json.dumps({"prompt": "a lake at dawn"} | parameters)
        status, answer = self.get("/v1/images/generations", "--header", "Content-Type: application/json", "--data", body)
        assert status == 200, answer
        return re.search(r"/images/[0-9a-f]{32}\.png", answer.decode()).group()

    def property(self, unit: str, name: str) -> str:
        return self.run(f"systemctl show --property={name} --value {shlex.quote(unit)}").strip()

    def worker(self, number: int) -> int:
        """The process id, inside the machine, of that worker; 0 where it has none."""
        return int(self.property(f"fakeai-images@{number}.service", "MainPID"))

    def reboot(self) -> None:
        before = self.leader
        self.run("systemctl --no-block reboot")
        # Whoever enters it while it goes down may be kept waiting for ever.
        eventually(lambda: not Path(f"/proc/{before}").exists(), within=60, what="the machine is down")
        eventually(self._is_up, within=60, what="the machine is up again")

    def stop(self) -> None:
        try:
            self.run("systemctl poweroff", check=False, timeout=20)
            self.process.wait(timeout=30)
        finally:
            self._kill()

    def _kill(self) -> None:
        if self.leader:
            kill(self.leader)
        with suppress(ProcessLookupError):
            # The shell and nspawn.
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def _is_up(self) -> bool:
        assert self.process.poll() is None, self.log.read_text(errors="replace")
        # nspawn's child, which only prepares until it has become the machine's first process: whoever enters before that disturbs it.
        try:
            found = [child for nspawn in children(self.process.pid) for child in children(nspawn) if name(child) == "systemd"]
        except FileNotFoundError:
            return False
        if not found:
            return False
        [self.leader] = found
        return self.run("systemctl is-system-running", check=False).strip() in {"running", "degraded"}


def root_with(package: Path) -> Path:
    """The folder of a Debian that has all that `package` depends on, kept for the next time."""
    depends = subprocess.run(["dpkg-deb", "--field", package, "Depends"], capture_output=True, text=True, check=True).stdout
    names = sorted({*BASE, *(needed for needed in map(first_choice, depends.split(",")) if needed)})
    root, stamp = BUILD / "root", BUILD / "packages"
    if not (stamp.exists() and stamp.read_text().split() == names):
        BUILD.mkdir(parents=True, exist_ok=True)
        stamp.unlink(missing_ok=True)
        shutil.rmtree(root, ignore_errors=True)
        subprocess.run(
            ["debootstrap", "--variant=minbase", f"--include={','.join(names)}", RELEASE, root],
            check=True, stdout=(BUILD / "debootstrap.log").open("wb"),
        )
        stamp.write_text("\n".join(names))
    return root


def first_choice(dependency: str) -> str | None:
    """What is installed for a dependency such as `nginx (>= 1.22) | httpd`; None if the machine has one of the choices anyway."""
    choices = [re.match(r"[\w.+-]+", choice.strip()).group() for choice in dependency.split("|")]
    return None if set(choices) & set(BASE) else choices[0]
