"""The mock that these tests are about, and everything to start others."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest

from fakeai_images import Session

pytest_plugins = ["pytester"]

Post = Callable[..., tuple[int, Any]]


@pytest.fixture
def program(pytestconfig: pytest.Config) -> str:
    """The executable under test, as `make test-python-client` names it."""
    path = pytestconfig.getoption("fakeai_program")
    assert path, "run these tests with --fakeai-program <path>, as `make test-python-client` does"
    return str(path)


@pytest.fixture
def post() -> Post:
    """Requests images as a client of the session does; returns status and JSON."""

    def post(session: Session, *, by_header: bool = False, **parameters: object) -> tuple[int, Any]:
        request = urllib.request.Request(
            f"{session.base_url}/images/generations",
            data=json.dumps({"prompt": "a lake", "size": "256x256", **parameters}).encode(),
            headers={"Content-Type": "application/json"},
        )
        for name, value in (session.headers if by_header else {"Authorization": f"Bearer {session.api_key}"}).items():
            request.add_header(name, value)
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    return post
