"""A server as a child process: started, waited for, and stopped."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from ._control import Control
from .errors import NotReady, ServerExited

LAST_LINES = 15
"""How many lines of the server's output an error repeats."""
STOPPING = 30
"""Seconds that the guard has to stop the server, which it kills after half of them."""


class ServerProcess:
    """A server that runs until `close`, or until this process ends, in whatever way."""

    def __init__(self, command: Sequence[str], variables: Mapping[str, str], *, store: str = ""):
        """
        :param variables: settings of the server. No other FAKEAI_ variable of this environment reaches it.
        :param store: name of the store whose shared memory is removed at the end.
        """
        self.command = list(command)
        self._owner = os.getpid()
        self._directory = Path(tempfile.mkdtemp(prefix="fakeai-"))
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("FAKEAI_")}
        log = self._directory / "log"
        with log.open("ab") as output:
            self._guard = subprocess.Popen(
                [sys.executable, "-I", str(Path(__file__).with_name("_guard.py")), store, str(self._directory), *command],
                env={**inherited, **variables, "TMPDIR": str(self._directory)},
                stdin=subprocess.PIPE, stdout=output, stderr=output, start_new_session=True,
            )
        # Stays readable after the guard has removed the directory.
        self._log = log.open("rb")

    def wait_until_ready(self, timeout: float, url: str | None = None) -> str:
        """Waits until `/readyz` answers 200, as `fakeai-images ready` does, and returns the server's URL.

        :param url: where the server will be; by default the address that it prints.
        :raises ServerExited: at once, if the server ends.
        :raises NotReady: after `timeout` seconds. The server is stopped then.
        """
        deadline = time.monotonic() + timeout
        while True:
            status = self._guard.poll()
            if status is not None:
                lines = self.last_lines()
                self.close()
                raise ServerExited(f"{self._shown} ended with status {status} before it was ready{lines}")
            found = url or self._printed_url()
            if found and Control(found).is_ready():
                return found
            if time.monotonic() > deadline:
                lines = self.last_lines()
                self.close()
                raise NotReady(f"{self._shown} was not ready after {timeout:g} s{lines}")
            time.sleep(0.02)

    def why_ended(self) -> str | None:
        """That the server has ended, and its last lines; nothing while it runs."""
        if self._log.closed:
            return f"{self._shown} was stopped"
        status = self._guard.poll()
        return None if status is None else f"{self._shown} ended with status {status}{self.last_lines()}"

    def close(self) -> None:
        """Stops the server and waits until nothing of it is left. A child that this process has forked does not stop it."""
        if self._owner != os.getpid() or self._log.closed:
            return
        stdin = self._guard.stdin
        assert stdin is not None
        try:
            stdin.write(b".")
            stdin.close()
        except OSError:
            pass  # The server has ended, and the guard with it.
        try:
            self._guard.wait(STOPPING)
        except subprocess.TimeoutExpired:
            self._guard.kill()
            self._guard.wait()
        self._log.close()
        # If the guard was killed.
        shutil.rmtree(self._directory, ignore_errors=True)

    def last_lines(self) -> str:
        """The end of the server's output, as the end of a sentence."""
        lines = self._output().strip().splitlines()[-LAST_LINES:]
        return ", and printed nothing." if not lines else ". Its last lines:\n" + "\n".join(f"  {line}" for line in lines)

    @property
    def _shown(self) -> str:
        return shlex.join(self.command)

    def _output(self) -> str:
        self._log.seek(0)
        return self._log.read().decode(errors="replace")

    def _printed_url(self) -> str | None:
        found = re.search(r"^Serving on (http://\S+)$", self._output(), re.MULTILINE)
        return found and found[1]
