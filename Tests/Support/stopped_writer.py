"""A writer of a pool's store that stops with the store's lock in its hand, as a worker may that is suspended or swapped out.

Run as a program, it is that writer: `python stopped_writer.py <segment>`.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import signal
import subprocess
import sys
from pathlib import Path

LOCK = 192
"""Where the lock stands in the segment: `offsetof(ring_header, lock)` of CRingLayout.h."""


class StoppedWriter:
    """Has the lock when the constructor returns. Killed at the end of a `with`, unless it has gone before."""

    def __init__(self, segment: Path):
        self.process = subprocess.Popen([sys.executable, __file__, str(segment)])
        _, status = os.waitpid(self.process.pid, os.WUNTRACED)
        assert os.WIFSTOPPED(status), "the writer ended without the lock"

    def __enter__(self) -> StoppedWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()

    def send(self, number: signal.Signals) -> None:
        """SIGCONT: it gives the lock back and ends. SIGKILL: it dies with the lock."""
        self.process.send_signal(number)
        self.process.wait(timeout=10)


def lock_and_stop(segment: str) -> None:
    descriptor = os.open(segment, os.O_RDWR)
    header = mmap.mmap(descriptor, mmap.PAGESIZE)
    lock = ctypes.byref(ctypes.c_char.from_buffer(header, LOCK))
    threads = ctypes.CDLL(None)
    error = threads.pthread_mutex_lock(lock)
    if error:
        sys.exit(f"pthread_mutex_lock: {os.strerror(error)}")
    os.kill(os.getpid(), signal.SIGSTOP)
    threads.pthread_mutex_unlock(lock)


if __name__ == "__main__":
    lock_and_stop(sys.argv[1])
