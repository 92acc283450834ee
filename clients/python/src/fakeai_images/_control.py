"""The HTTP client for the mock's own routes."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from http.client import HTTPException
from typing import Any

from .errors import AccessDenied, FakeAIError, NotReady, RequestRefused, ServerExited

TIMEOUT = 10.0
"""Seconds that the server may take for an answer, beyond those that it is asked to wait."""


class Control:
    """Sends requests to one server, without any proxy that the environment names: the mock is local or on the test's own network."""

    def __init__(self, url: str, why_ended: Callable[[], str | None] = lambda: None):
        """
        :param why_ended: says why the server ended, if it is known to have ended.
        """
        if not re.match(r"https?://[^/\s]", url):
            raise FakeAIError(f"{url!r} is not the URL of a server: expected http://<host>:<port>")
        self.url = url.rstrip("/")
        self._why_ended = why_ended
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def fetch(self, url: str, *, headers: Mapping[str, str] | None = None, timeout: float = TIMEOUT) -> bytes:
        """The body of a GET, of any URL."""
        status, body = self._send(urllib.request.Request(url, headers=dict(headers or {})), timeout)
        if status >= 400:
            raise RequestRefused(status, f"GET {url} was answered with {status}: {_message(body)}")
        return body

    def is_ready(self) -> bool:
        """Whether the server can accept requests and serve images."""
        try:
            status, _ = self._send(urllib.request.Request(f"{self.url}/readyz"), timeout=2)
        except NotReady:
            return False
        return status == 200

    def call(
        self, method: str, path: str, query: Mapping[str, str], *, json_body: bytes | None = None, wait: float = 0
    ) -> bytes:
        """A request to `/_fakeai`; `wait` is how many seconds the server is asked to hold it back."""
        url = f"{self.url}{path}?{urllib.parse.urlencode(query)}"
        headers = {} if json_body is None else {"Content-Type": "application/json"}
        request = urllib.request.Request(url, data=json_body, headers=headers, method=method)
        status, body = self._send(request, TIMEOUT + wait)
        if status == 403:
            raise AccessDenied(_denial(self.url, body))
        if status >= 400:
            raise RequestRefused(status, f"{method} {path} was answered with {status}: {_message(body)}")
        return body

    def _send(self, request: urllib.request.Request, timeout: float) -> tuple[int, bytes]:
        try:
            with self._opener.open(request, timeout=timeout) as response:
                return response.status, response.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()
        except (OSError, HTTPException) as error:
            ended = self._why_ended()
            if ended:
                raise ServerExited(ended) from error
            reason = getattr(error, "reason", None) or error
            raise NotReady(f"{self.url} does not answer: {reason}") from error


def _denial(url: str, body: bytes) -> str:
    error = _error(body)
    # The server's own message names FAKEAI_TRUSTED_HOSTS.
    if error.get("code") in {"host_not_allowed", "origin_not_allowed"}:
        return f"{url} does not answer to this name: {_message(body)}"
    return (
        f"{url} does not let this machine use /_fakeai, which sessions, rules and the journal need. Start the server with this machine's "
        f"address or network in FAKEAI_INSIDERS, for example FAKEAI_INSIDERS=10.0.0.0/8. The server said: {_message(body)}"
    )


def _error(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body)
    except ValueError:
        return {}
    error = document.get("error") if isinstance(document, dict) else None
    return error if isinstance(error, dict) else {}


def _message(body: bytes) -> str:
    return str(_error(body).get("message") or body[:200].decode(errors="replace"))
