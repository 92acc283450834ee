"""What each fault is to the official client, and a client that counts how often it asks."""

from __future__ import annotations

import json
from dataclasses import dataclass

import httpx
import openai

from pool import Pool

PARTIAL_IMAGE = "response.image_generation_call.partial_image"
PROMPT = {"model": "dall-e-3", "prompt": "a lake", "size": "256x256"}


@dataclass(frozen=True)
class Refused:
    """What the client raises, and how often it asks before that: once, or twice more where it may hope."""

    error: type[Exception]
    status: int
    code: str | None = None
    kind: str = "invalid_request_error"
    tries: int = 1


REFUSED = {
    "missing_api_key": Refused(openai.AuthenticationError, 401),
    "invalid_api_key": Refused(openai.AuthenticationError, 401, "invalid_api_key"),
    "unverified": Refused(openai.PermissionDeniedError, 403),
    "billing": Refused(openai.BadRequestError, 400, "billing_hard_limit_reached"),
    "quota": Refused(openai.RateLimitError, 429, "insufficient_quota", "insufficient_quota", tries=3),
    "rate_limit": Refused(openai.RateLimitError, 429, "rate_limit_exceeded", "images", tries=3),
    "moderation": Refused(openai.BadRequestError, 400, "content_policy_violation"),
    "server_error": Refused(openai.InternalServerError, 500, None, "server_error", tries=3),
    "overloaded": Refused(openai.InternalServerError, 503, "server_is_overloaded", "service_unavailable_error", tries=3),
}

MODERATED = {
    "": ("input", "Your prompt may contain text that is not allowed by our safety system."),
    "stage=output": ("output", "Image descriptions generated from your prompt may contain text that is not allowed by our safety system."),
    "stage=unknown": ("unknown", "This request has been blocked by our content filters."),
}
"""By the parameters of the fault, the stage that a GPT image model names, and words that DALL·E has."""

BROKEN = {
    "timeout": (openai.APITimeoutError, 3),
    "reset": (openai.APIConnectionError, 3),
    "truncate": (openai.APIConnectionError, 3),
    "malformed_json": (json.JSONDecodeError, 1),
    "empty_body": (json.JSONDecodeError, 1),
}
"""What the client raises, and how often it asks before that."""



@dataclass(frozen=True)
class Ended:
    """How a response of the Responses API ends: for a client that waits for all of it, and for one that reads events."""

    status: str | None
    """Of the response; None: the client raises ``error``."""
    last: str
    """The type of the last event that is read."""
    error: type[Exception] | None = None
    raised: type[Exception] | None = None
    """What the client raises after the last event."""


ENDED = {
    "response_failed": Ended("failed", "response.failed"),
    "response_incomplete": Ended("incomplete", "response.incomplete"),
    "empty_response": Ended("completed", "response.completed"),
    "failed_call": Ended("completed", "response.completed"),
    "error_event": Ended(None, "error", openai.InternalServerError),
    "nested_error_event": Ended(None, PARTIAL_IMAGE, openai.InternalServerError, openai.APIError),
    "generation_failed": Ended(None, PARTIAL_IMAGE, openai.InternalServerError, openai.APIError),
    "truncate": Ended(None, "response.output_item.done", openai.APIConnectionError, openai.APIConnectionError),
    "malformed_json": Ended(None, "response.output_item.done", json.JSONDecodeError, json.JSONDecodeError),
}
"""The faults that strike a response while it is made."""


class Counting:
    """A client that counts what goes over the wire."""

    def __init__(self, pool: Pool, **options: object):
        self.tries = 0
        # No certificates: reading them takes longer than most requests.
        http = openai.DefaultHttpxClient(verify=False, event_hooks={"request": [self.count]})
        self.client = openai.OpenAI(api_key="sk-test-1234567890", base_url=f"{pool.url}/v1", http_client=http, **options)

    def count(self, _: httpx.Request) -> None:
        self.tries += 1

    def generate(self, fault: str, **parameters: object):
        return self.client.images.generate(**PROMPT | parameters, extra_headers={"X-FakeAI-Fault": fault})
