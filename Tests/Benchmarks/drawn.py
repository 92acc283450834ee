"""Pictures of `fakeai-images generate`: their files, and what one of them takes of a processor."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

from pool import BINARY

MEMORY = "/dev/shm"
"""Where files are written, so that no disk is measured."""


def picture(prompt: str, *options: str) -> bytes:
    """The file of one picture; a PNG if no option says otherwise."""
    return subprocess.run([BINARY, "generate", prompt, *options, "-o", "-"], check=True, stdout=subprocess.PIPE).stdout


def pictures(prompt: str, *options: str, count: int) -> tuple[list[bytes], float]:
    """The files of `count` pictures, at least two, and the seconds of processor time of one of them: to draw, to encode and to write it.

    The start of the program is left out, by what it takes to draw a single picture.
    """
    files, together = run(prompt, *options, count=count)
    _, first = run(prompt, *options, count=1)
    return files, (together - first) / (count - 1)


def run(prompt: str, *options: str, count: int) -> tuple[list[bytes], float]:
    """The files, and the seconds of processor time of the whole program."""
    with tempfile.TemporaryDirectory(prefix="fakeai-bench-", dir=MEMORY) as directory:
        command = [BINARY, "generate", prompt, *options, "--out-dir", directory, "--count", str(count)]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0, f"generate ended with {process.returncode}"
        files = [file.read_bytes() for file in sorted(Path(directory).iterdir())]
    return files, usage.ru_utime + usage.ru_stime
