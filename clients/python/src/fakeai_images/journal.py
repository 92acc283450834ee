"""The request journal of a session, and assertions about it."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ._control import Control
from .errors import ExpectationFailed

PAGE = 1000
"""Entries that the server returns at once, at most."""
LONGEST_WAIT = 60.0
"""Seconds that the server lets a request wait, at most."""
LONGEST_STRING = 500
"""Characters of a string that the journal keeps, before an ellipsis."""
LISTED = 20
"""Requests that a message lists, at most."""


@dataclass(frozen=True)
class RecordedRequest:
    """A request that the server has answered, and its answer."""

    sequence: int
    time: datetime
    request_id: str | None
    method: str
    path: str
    query: str
    parameters: Mapping[str, Any]
    """The members of the JSON body, or the fields of the form; of a file its name, type, size and CRC-32. Empty without a body."""
    status: int
    latency_ms: float
    retry_count: int | None
    """Which attempt of OpenAI's client it was: 0 for the first."""
    key: str | None
    """The last four characters."""
    session: str | None
    fault: str | None
    rule: str | None
    images: tuple[str, ...]
    """Ids of the images that were stored."""
    raw: Mapping[str, Any] = field(repr=False, compare=False)
    """Everything that the server says."""

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> RecordedRequest:
        return cls(
            sequence=entry["sequence"], time=datetime.fromisoformat(entry["time"].replace("Z", "+00:00")), request_id=entry["request_id"],
            method=entry["method"], path=entry["path"], query=entry.get("query", ""), parameters=entry.get("parameters", {}),
            status=entry["status"], latency_ms=entry["latency_ms"], retry_count=entry["retry_count"], key=entry["key"],
            session=entry["session"], fault=entry["fault"], rule=entry["rule"], images=tuple(entry["images"]), raw=entry,
        )  # fmt: skip

    def __str__(self) -> str:
        """One line: `POST /v1/images/generations -> 200 in 3 ms: model='dall-e-3', prompt='a lake'`."""
        cause = "".join(f", {word} {value}" for word, value in (("fault", self.fault), ("rule", self.rule)) if value)
        retry = f", retry {self.retry_count}" if self.retry_count else ""
        return f"{self.method} {self.path} -> {self.status} in {self.latency_ms:.0f} ms{cause}{retry}{_list(self.parameters, ': ')}"


@dataclass(frozen=True)
class Expectation:
    """What a request must be like. Fields that are not given match anything."""

    method: str | None = None
    path: str | None = None
    status: int | None = None
    fault: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def query(self) -> dict[str, str]:
        """The part that the server can check."""
        members = {"method": self.method, "path": self.path, "status": self.status, "fault": self.fault}
        return {name: str(value) for name, value in members.items() if value is not None}

    def differences(self, request: RecordedRequest) -> list[str]:
        """The names of what does not match."""
        facts = {"method": self.method, "path": self.path, "status": self.status, "fault": self.fault}
        wrong = [name for name, value in facts.items() if value is not None and getattr(request, name) != value]
        return wrong + [name for name, value in self.parameters.items() if not _is_equal(request.parameters.get(name), value)]

    def __str__(self) -> str:
        return _list({**self.query(), **self.parameters}, " with ")


class Journal:
    """The requests of one session, oldest first."""

    def __init__(self, control: Control, session: str):
        self._control = control
        self._session = session

    def requests(
        self, *, method: str | None = None, path: str | None = None, status: int | None = None, fault: str | None = None,
        **parameters: Any,
    ) -> list[RecordedRequest]:  # fmt: skip
        """The requests that match, those that were answered so far.

        A parameter matches if it is equal, if a compiled regular expression is found in it, or if a function says so. A form's fields are
        text, so `n=2` also matches `"2"`.
        """
        return self._find(Expectation(method, path, status, fault, parameters), lambda found: False, 0)

    def wait_for(
        self, *, count: int = 1, timeout: float = 5, method: str | None = None, path: str | None = None,
        status: int | None = None, fault: str | None = None, **parameters: Any,
    ) -> list[RecordedRequest]:  # fmt: skip
        """Waits until at least `count` requests match, those that are there already included, and returns them.

        :raises ExpectationFailed: after `timeout` seconds. Its message lists what was received.
        """
        expected = Expectation(method, path, status, fault, parameters)
        found = self._find(expected, lambda found: len(found) >= count, timeout)
        if len(found) < count:
            raise self._failure(f"expected {_requests(count)}{expected} within {timeout:g} s, but there were {len(found)}", expected)
        return found

    def assert_requested(
        self, *, count: int | None = None, method: str | None = None, path: str | None = None, status: int | None = None,
        fault: str | None = None, **parameters: Any,
    ) -> list[RecordedRequest]:  # fmt: skip
        """Fails unless a request matches, or exactly `count` requests do; returns them.

        :raises ExpectationFailed: its message lists what was received, and how each request differs.
        """
        expected = Expectation(method, path, status, fault, parameters)
        found = self._find(expected, lambda found: False, 0)
        if len(found) != count if count is not None else not found:
            wanted = "a request" if count is None else f"exactly {_requests(count)}"
            raise self._failure(f"expected {wanted}{expected}, but there were {len(found)}", expected)
        return found

    def assert_not_requested(
        self, *, method: str | None = None, path: str | None = None, status: int | None = None, fault: str | None = None,
        **parameters: Any,
    ) -> None:  # fmt: skip
        """Fails if a request matches; without arguments, if there was any."""
        self.assert_requested(count=0, method=method, path=path, status=status, fault=fault, **parameters)

    def clear(self) -> None:
        """Forgets the requests so far. Rules and their counts stay."""
        self._control.call("DELETE", "/_fakeai/requests", {"session": self._session})

    def describe(self, expected: Expectation | None = None) -> str:
        """The requests so far, a line each, and how each differs from what was expected."""
        name = f"session {self._session}" if self._session else "the server, without a session,"
        received = self.requests()
        if not received:
            way = f"the API key {KEY_PREFIX}{self._session}, or the header X-FakeAI-Session"
            return f"{name} received no request" + (f" (a client names its session by {way})" if self._session else "")
        lines = [_line(number, request, expected) for number, request in enumerate(received, 1)]
        if len(lines) > LISTED:
            lines = [f"  … {len(lines) - LISTED} earlier ones", *lines[-LISTED:]]
        return "\n".join([f"{name} received {_requests(len(received))}:", *lines])

    def _failure(self, problem: str, expected: Expectation) -> ExpectationFailed:
        return ExpectationFailed(f"{problem}; {self.describe(expected)}")

    def _find(
        self, expected: Expectation, is_enough: Callable[[list[RecordedRequest]], bool], timeout: float
    ) -> list[RecordedRequest]:
        """Reads on until there is enough or, without new entries, until the time is over."""
        deadline = time.monotonic() + timeout
        found: list[RecordedRequest] = []
        since = 0
        while True:
            wait = min(max(0.0, deadline - time.monotonic()), LONGEST_WAIT)
            query = {"session": self._session, "since": str(since), "limit": str(PAGE), "wait": f"{wait:.3f}", **expected.query()}
            page = json.loads(self._control.call("GET", "/_fakeai/requests", query, wait=wait))
            received = [RecordedRequest.of(entry) for entry in page["requests"]]
            found += [request for request in received if not expected.differences(request)]
            since = page["next"]
            if is_enough(found) or (len(received) < PAGE and time.monotonic() >= deadline):
                return found


KEY_PREFIX = "sk-session-"
"""A key that begins with this names its session, unless the server has a file of keys."""


def _is_equal(actual: Any, expected: Any) -> bool:
    if isinstance(expected, re.Pattern):
        return isinstance(actual, str) and expected.search(actual) is not None
    if callable(expected) and not isinstance(expected, type):
        return bool(expected(actual))
    if isinstance(actual, str) and isinstance(expected, str):
        return actual == expected or actual == expected[:LONGEST_STRING] + "…"
    if isinstance(actual, str) and isinstance(expected, (bool, int, float)):
        return actual == json.dumps(expected)
    return bool(expected == actual)


def _line(number: int, request: RecordedRequest, expected: Expectation | None) -> str:
    differences = expected.differences(request) if expected else []
    return f"  {number}. {request}" + (f"  [differs in {', '.join(differences)}]" if differences else "")


def _list(members: Mapping[str, Any], introduction: str) -> str:
    words: Iterable[str] = (f"{name}={_short(value)}" for name, value in members.items())
    return introduction + ", ".join(words) if members else ""


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 100 else text[:99] + "…"


def _requests(count: int) -> str:
    return f"{count} request" if count == 1 else f"{count} requests"
