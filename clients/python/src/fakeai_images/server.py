"""The mock itself: started here, in a container, or running elsewhere."""

from __future__ import annotations

import atexit
import os
import secrets
import shutil
import socket
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Union

from ._control import Control
from ._process import ServerProcess
from .errors import NotReady, ProgramNotFound
from .session import Session

Settings = Mapping[str, Union[str, int, float, bool]]
"""Settings of the server by the names of their variables: `{"FAKEAI_LATENCY": "fixed:1s", "FAKEAI_JOURNAL_SIZE": 5000}`."""

DEFAULTS: Settings = {"FAKEAI_WORKERS": 2, "FAKEAI_IMAGE_STORE_SIZE": "64M"}
"""The settings of a server that is started here, unless others are given."""

PRIVATE_NETWORKS = "10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fd00::/8"
"""The addresses from which a container sees the machine that runs it."""


class FakeAI:
    """A running mock. Make one with `start`, `run_image` or `connect`, and use it in a `with` statement.

    ::

        with FakeAI.start() as mock:
            session = mock.session()
            client = OpenAI(base_url=session.base_url, api_key=session.api_key)
    """

    def __init__(self, url: str, process: ServerProcess | None = None):
        self.url = url.rstrip("/")
        """The address, without a slash at its end: `http://127.0.0.1:40001`."""
        self._process = process
        self._control = Control(self.url, process.why_ended) if process else Control(self.url)
        if process:
            atexit.register(process.close)

    # Ways to get one

    @classmethod
    def start(
        cls, program: str | os.PathLike[str] | None = None, *, settings: Settings | None = None, timeout: float = 30
    ) -> FakeAI:
        """Starts a pool on a free port, with a store of its own, and waits until it is ready.

        :param program: the executable; by default `fakeai-images`, found in PATH.
        :param settings: added to `DEFAULTS`. FAKEAI_ variables of this environment are not used.
        :param timeout: seconds.
        :raises ProgramNotFound, ServerExited, NotReady:
        """
        name = os.fspath(program) if program is not None else "fakeai-images"
        path = shutil.which(name)
        if path is None:
            raise ProgramNotFound(
                f"there is no executable {name!r}. Install the Debian package, put the program's directory into PATH, or name it: "
                "FakeAI.start(\"<path>\"), pytest --fakeai-program <path>"
            )
        store = f"pytest-{os.getpid()}-{secrets.token_hex(6)}"
        own: Settings = {"FAKEAI_IMAGE_STORE_NAME": store, "FAKEAI_HOST": "127.0.0.1", "FAKEAI_PORT": 0}
        variables = _variables({**DEFAULTS, **own, **(settings or {})})
        process = ServerProcess([os.path.abspath(path), "serve"], variables, store=variables["FAKEAI_IMAGE_STORE_NAME"])
        return cls(process.wait_until_ready(timeout), process)

    @classmethod
    def run_image(
        cls, image: str, *, command: str | None = None, settings: Settings | None = None, timeout: float = 60
    ) -> FakeAI:
        """Runs a container on a free port of this machine's loopback address, and waits until it is ready.

        :param image: `fakeai-images:latest`, as `docker run` takes it.
        :param command: `docker` or `podman`, or the path of one; by default the first of them in PATH.
        :raises ProgramNotFound, ServerExited, NotReady:
        """
        candidates = [command] if command else ["docker", "podman"]
        path = next(filter(None, map(shutil.which, candidates)), None)
        if path is None:
            raise ProgramNotFound(f"there is no executable {' or '.join(map(repr, candidates))} to run the container {image} with")
        port = _free_port()
        name = f"fakeai-images-{secrets.token_hex(6)}"
        own: Settings = {"FAKEAI_HOST": "0.0.0.0", "FAKEAI_PORT": 8000, "FAKEAI_INSIDERS": PRIVATE_NETWORKS}
        variables = _variables({**DEFAULTS, **own, **(settings or {})})
        arguments = ["run", "--rm", "--name", name, "--publish", f"127.0.0.1:{port}:{variables['FAKEAI_PORT']}", "--shm-size", "128m"]
        for variable in variables.items():
            arguments += ["--env", "=".join(variable)]
        process = ServerProcess([path, *arguments, image], {})
        url = f"http://127.0.0.1:{port}"
        return cls(process.wait_until_ready(timeout, url), process)

    @classmethod
    def connect(cls, url: str, *, timeout: float = 30) -> FakeAI:
        """Uses a server that runs already. `close` leaves it alone.

        :raises NotReady: if it does not become ready within `timeout` seconds.
        """
        mock = cls(url)
        deadline = time.monotonic() + timeout
        while not mock._control.is_ready():
            if time.monotonic() > deadline:
                raise NotReady(f"{mock.url} was not ready after {timeout:g} s. Start a server there, or correct the URL.")
            time.sleep(0.1)
        return mock

    # Use

    @property
    def base_url(self) -> str:
        """The base URL for OpenAI's SDKs, for requests without a session."""
        return f"{self.url}/v1"

    def session(self, name: str | None = None) -> Session:
        """A part of the mock with its own rules, counts and journal.

        :param name: 1 to 64 letters, digits, dots, hyphens and underscores; by default a new one. "" stands for all requests without a
          session.
        """
        return Session(self._control, f"session-{secrets.token_hex(6)}" if name is None else name)

    def reset(self) -> None:
        """Clears the journal, the rules and the counts of all sessions, and fills the rate limits."""
        self._control.call("POST", "/_fakeai/reset", {})

    def close(self) -> None:
        """Stops the server, if `start` or `run_image` started it, and removes what it leaves."""
        if self._process:
            self._process.close()
            atexit.unregister(self._process.close)

    def __enter__(self) -> FakeAI:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"FakeAI({self.url!r})"


def _variables(settings: Settings) -> dict[str, str]:
    unknown = [name for name in settings if not name.startswith("FAKEAI_")]
    if unknown:
        raise ValueError(f"settings have the names of variables, such as FAKEAI_LATENCY, but these do not: {', '.join(unknown)}")
    return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in settings.items()}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
