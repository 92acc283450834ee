"""The pytest plugin: a mock for the whole run, and a session of it for each test.

`fakeai` is the test's own session. `fakeai_server` is the mock, and `fakeai_environment` a session whose address and key are in the
environment, for code that makes its own client. The report of a test that fails lists the requests of its session.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Generator, Iterator
from contextlib import suppress

import pytest

from .errors import FakeAIError
from .server import FakeAI
from .session import Session

SESSION = pytest.StashKey[Session]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("fakeai", "fakeai-images, the mock of OpenAI's images")
    ways = (
        ("url", "use the server at this address (also: FAKEAI_URL)"),
        ("image", "run this container image, for example fakeai-images:latest"),
        ("program", "start this executable (default: fakeai-images, from PATH)"),
    )
    for name, help_text in ways:
        group.addoption(f"--fakeai-{name}", metavar=name.upper(), help=help_text)
        parser.addini(f"fakeai_{name}", help=help_text)
    timeout_help = "how long the server may take to start (default: 60)"
    group.addoption("--fakeai-timeout", metavar="SECONDS", type=float, default=60, help=timeout_help)
    parser.addini("fakeai_settings", type="linelist", help="settings of a server that is started, a line each: FAKEAI_LATENCY=fixed:1s")


def pytest_configure(config: pytest.Config) -> None:
    given = [f"--fakeai-{name}" for name in ("url", "image", "program") if config.getoption(f"fakeai_{name}")]
    if len(given) > 1:
        raise pytest.UsageError(f"give one of {' and '.join(given)}, not both")


@pytest.fixture(scope="session")
def fakeai_server(pytestconfig: pytest.Config) -> Iterator[FakeAI]:
    """The mock. It starts with the first test that uses it, and is stopped at the end of the run, whatever happens.

    With pytest-xdist, each worker process has one of its own, unless they share one by its address.
    """
    with _server(pytestconfig) as server:
        yield server


@pytest.fixture
def fakeai(request: pytest.FixtureRequest, fakeai_server: FakeAI) -> Iterator[Session]:
    """The test's own session: a new one, so that nothing of another test or of an earlier run is in it."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", request.node.name)[:50]
    session = fakeai_server.session(f"{name}-{secrets.token_hex(4)}")
    request.node.stash[SESSION] = session
    yield session
    # A server has room for a limited number of sessions.
    session.reset()


@pytest.fixture
def fakeai_environment(fakeai: Session, monkeypatch: pytest.MonkeyPatch) -> Session:
    """The test's session, with OPENAI_BASE_URL and OPENAI_API_KEY set for it."""
    for name, value in fakeai.environment.items():
        monkeypatch.setenv(name, value)
    return fakeai


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, object, None]:
    outcome = yield
    report: pytest.TestReport = outcome.get_result()  # type: ignore[attr-defined]
    session = item.stash.get(SESSION, None)
    if session and report.when == "call" and report.failed:
        with suppress(FakeAIError):
            report.sections.append(("fakeai-images", session.describe()))


def _server(config: pytest.Config) -> FakeAI:
    timeout: float = config.getoption("fakeai_timeout")
    way, value = _way(config)
    settings = dict(_setting(line) for line in config.getini("fakeai_settings"))
    if way == "url":
        return FakeAI.connect(value, timeout=timeout)
    if way == "image":
        return FakeAI.run_image(value, settings=settings, timeout=timeout)
    return FakeAI.start(value or None, settings=settings, timeout=timeout)


def _way(config: pytest.Config) -> tuple[str, str]:
    """How to get a server: what the command line says, then the environment, then the configuration file, then PATH."""
    url: str | None = os.environ.get("FAKEAI_URL")
    named = [(name, config.getoption(f"fakeai_{name}")) for name in ("url", "image", "program")]
    usual = [(name, config.getini(f"fakeai_{name}")) for name in ("url", "image", "program")]
    return next(((name, value) for name, value in [*named, ("url", url), *usual] if value), ("program", ""))


def _setting(line: str) -> tuple[str, str]:
    name, separator, value = line.partition("=")
    if not separator:
        raise pytest.UsageError(f"fakeai_settings has the line {line!r}: expected NAME=value")
    return name.strip(), value.strip()
