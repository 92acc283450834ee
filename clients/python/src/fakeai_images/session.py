"""A session: what one test sees of a mock that many tests share."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from ._control import Control
from .errors import FakeAIError
from .images import ImageInfo, read_image
from .journal import KEY_PREFIX, Journal
from .rules import Rule, encoded


class Session(Journal):
    """A part of the mock with its own rules, counts and journal, as if it were a server of its own."""

    def __init__(self, control: Control, name: str):
        if not re.fullmatch(r"[A-Za-z0-9._-]{0,64}", name):
            raise ValueError(f"{name!r} cannot name a session: expected 1 to 64 letters, digits, dots, hyphens and underscores")
        super().__init__(control, name)
        self.name = name

    # How a client belongs to the session

    @property
    def url(self) -> str:
        """The server's address, without a path."""
        return self._control.url

    @property
    def base_url(self) -> str:
        """The base URL for OpenAI's SDKs."""
        return f"{self.url}/v1"

    @property
    def api_key(self) -> str:
        """A key that names the session. With a file of keys (FAKEAI_KEYS), use one of its keys, and `headers`."""
        return f"{KEY_PREFIX}{self.name}" if self.name else "test"

    @property
    def headers(self) -> dict[str, str]:
        """Headers that name the session, for clients whose key is not free to choose."""
        return {"X-FakeAI-Session": self.name} if self.name else {}

    @property
    def environment(self) -> dict[str, str]:
        """Variables from which OpenAI's SDKs take address and key, for programs that run as processes of their own."""
        return {"OPENAI_BASE_URL": self.base_url, "OPENAI_API_KEY": self.api_key}

    # Rules

    @contextmanager
    def rules(self, *rules: Rule) -> Iterator[None]:
        """Replaces the session's rules within the `with` block. Afterwards, the rules from before are back, and count from the beginning.

        :raises RequestRefused: if a rule is invalid; the message says what is.
        """
        before = self._control.call("GET", "/_fakeai/rules", self._query)
        self.set_rules(*rules)
        try:
            yield
        except BaseException:
            # The error in the block says more than that the server cannot be reached any more.
            with suppress(FakeAIError):
                self._put_rules(before)
            raise
        self._put_rules(before)

    def set_rules(self, *rules: Rule) -> None:
        """Replaces the session's rules, until `reset`."""
        self._put_rules(encoded(rules))

    def _put_rules(self, document: bytes) -> None:
        self._control.call("PUT", "/_fakeai/rules", self._query, json_body=document)

    def reset(self) -> None:
        """Clears the session's journal, brings back the rules of the server's own file, and starts all counts again."""
        self._control.call("POST", "/_fakeai/reset", self._query)

    @property
    def _query(self) -> dict[str, str]:
        return {"session": self.name}

    # Images

    def fetch(self, url: str) -> bytes:
        """The file behind an image URL, as part of the session: its rules for `/images/*` apply."""
        return self._control.fetch(url, headers=self.headers)

    def image(self, item: Any) -> ImageInfo:
        """What an image of a response says about itself.

        :param item: an element of the response's `data`, as an object of OpenAI's SDK or as a dictionary; or the URL of an image.
        """
        if isinstance(item, str):
            return read_image(self.fetch(item))
        content: str | None = _member(item, "b64_json")
        if content is not None:
            return read_image(content)
        url: str | None = _member(item, "url")
        if url is None:
            raise ValueError(f"{item!r} has neither url nor b64_json")
        return read_image(self.fetch(url))

    def __repr__(self) -> str:
        return f"Session({self.name!r}, {self.url!r})"


def _member(item: Any, name: str) -> Any:
    return item.get(name) if isinstance(item, dict) else getattr(item, name, None)
