"""What can go wrong between a test and the mock. Each message says what to do about it."""

from __future__ import annotations


class FakeAIError(Exception):
    """The mock could not be started, reached or used."""


class ProgramNotFound(FakeAIError):
    """The executable, or the command that runs containers, is not on this machine."""


class ServerExited(FakeAIError):
    """The server ended by itself. The message has its last lines."""


class NotReady(FakeAIError):
    """The server did not answer in time. The message has its last lines, if this process started it."""


class AccessDenied(FakeAIError):
    """The server does not let this address use `/_fakeai`."""


class RequestRefused(FakeAIError):
    """The server refused a request to `/_fakeai`, such as one with an invalid rule."""

    def __init__(self, status: int, message: str):
        super().__init__(message)
        self.status = status


class ImageError(ValueError):
    """The bytes are not a whole image of a known format."""


class ExpectationFailed(AssertionError):
    """The server received other requests than the test expects. The message lists them."""
