"""Tests against fakeai-images, a staging mock of the OpenAI Images API.

With pytest, the fixture `fakeai` is a `Session`; see `fakeai_images.pytest_plugin`. Without it, begin with `FakeAI.start()`.
"""

from .errors import (
    AccessDenied,
    ExpectationFailed,
    FakeAIError,
    ImageError,
    NotReady,
    ProgramNotFound,
    RequestRefused,
    ServerExited,
)
from .images import ImageInfo, read_image
from .journal import RecordedRequest
from .rules import Behavior, FaultName, Match, Rule, When, delay, fault, shown
from .server import FakeAI, Settings
from .session import Session

__all__ = [
    "AccessDenied",
    "Behavior",
    "ExpectationFailed",
    "FakeAI",
    "FakeAIError",
    "FaultName",
    "ImageError",
    "ImageInfo",
    "Match",
    "NotReady",
    "ProgramNotFound",
    "RecordedRequest",
    "RequestRefused",
    "Rule",
    "ServerExited",
    "Session",
    "Settings",
    "When",
    "delay",
    "fault",
    "read_image",
    "shown",
]
