"""Runs a server for exactly as long as another process wants it: `python _guard.py <store> <directory> <command> …`.

The other process holds a pipe to this one's standard input. When it writes to the pipe, or ends in whatever way, the server is stopped, and
its files and shared memory are removed. A test run that is killed leaves nothing behind.

This file is run by its path, so it imports nothing from the package.
"""

from __future__ import annotations

import glob
import os
import shutil
import signal
import subprocess
import sys
import threading

PATIENCE = 15
"""Seconds for a server to finish its requests, before it is killed."""


def main(store: str, directory: str, command: list[str]) -> int:
    try:
        return run(command)
    finally:
        for segment in glob.glob(f"/dev/shm/fakeai-images-{glob.escape(store)}-*") if store else []:
            # Images are in a file, uploaded files and stored responses in a directory.
            shutil.rmtree(segment) if os.path.isdir(segment) else os.unlink(segment)
        shutil.rmtree(directory, ignore_errors=True)


def run(command: list[str]) -> int:
    try:
        # A session of its own, so that all of it can be killed.
        server = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
    except OSError as error:
        print(f"{command[0]} cannot be run: {error.strerror}", flush=True)
        return 127
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: server.terminate())
    threading.Thread(target=stop_when_told, args=[server], daemon=True).start()
    status = server.wait()
    return 128 - status if status < 0 else status


def stop_when_told(server: subprocess.Popen[bytes]) -> None:
    os.read(sys.stdin.fileno(), 1)
    server.terminate()
    try:
        server.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
