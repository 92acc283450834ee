"""Rules: which requests of a session get a fault or a delay."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Union

FaultName = Literal[
    "missing_api_key", "invalid_api_key", "unverified", "billing", "quota", "rate_limit", "moderation", "server_error", "overloaded",
    "timeout", "reset", "truncate", "slow_body", "malformed_json", "empty_body", "missing_image", "corrupt_image", "expired_url",
    "fewer_images", "wrong_size", "generation_failed", "failed_call", "response_failed", "response_incomplete", "empty_response",
    "error_event", "nested_error_event", "batch_failed", "batch_expired", "none",
]  # fmt: skip
"""The faults that `/_fakeai/faults` lists, and `none`."""

Seconds = Union[int, float, str]
"""A time in seconds, or in the server's own words: `"250ms"`, `"2m"`."""


@dataclass(frozen=True)
class Behavior:
    """What happens to a request: a fault, a delay, a picture, or several of these. `Behavior()` is an ordinary response."""

    fault: FaultName | None = None
    latency: Seconds | None = None
    """Or one of the server's distributions, such as `"lognormal:p50=12s,p99=60s"`."""
    retry_after: Seconds | None = None
    """For faults that tell when to try again."""
    bytes: int | str | None = None
    """The size to which images are padded: `5_000_000` or `"5M"`."""
    stage: Literal["input", "output", "unknown"] | None = None
    """For the fault `moderation`, like the next two."""
    categories: Sequence[str] | None = None
    image: int | None = None
    """The only image that is blocked, from 1."""
    calls: int | None = None
    """The image calls of a response of the Responses API, from 0 to 10."""
    picture: str | Sequence[str] | None = None
    """A file of the server's directory of pictures to show instead of drawn images, or several, by turns. `"none"` draws."""
    template: str | None = None
    """The template by which images are drawn. `"none"` is the usual layout."""

    def document(self) -> dict[str, Any]:
        """The rule's `then`."""
        members = {
            "fault": self.fault,
            "latency": _time(self.latency),
            "retry_after": _time(self.retry_after),
            "bytes": self.bytes,
            "stage": self.stage,
            "categories": None if self.categories is None else list(self.categories),
            "image": self.image,
            "calls": self.calls,
            "picture": self.picture if self.picture is None or isinstance(self.picture, str) else list(self.picture),
            "template": self.template,
        }
        return _given(members)


@dataclass(frozen=True)
class When:
    """Which of the matching requests the behavior applies to. Give exactly one of `every`, `first`, `probability` and `sequence`."""

    every: int | None = None
    first: int | None = None
    probability: float | None = None
    seed: int | None = None
    """With `probability`: selects the same requests each time."""
    sequence: Literal["once", "repeat"] | None = None


@dataclass(frozen=True)
class Match:
    """The requests that a rule is about. All given members must match; a `*` at the end matches any rest."""

    route: str | None = None
    """The path. Without it, a rule is about requests that generate images."""
    model: str | None = None
    size: str | None = None
    key: str | None = None
    prompt: str | None = None
    """A part of the prompt."""


@dataclass(frozen=True)
class Rule:
    """One element of the list of rules. If several rules apply to a request, the first one wins."""

    then: Behavior | Sequence[Behavior]
    """A list for a `sequence`."""
    when: When | None = None
    match: Match | None = None
    name: str | None = None
    """Up to 64 characters, which responses and the journal show."""

    @classmethod
    def sequence(
        cls, *steps: Behavior | FaultName, repeat: bool = False, match: Match | None = None, name: str | None = None
    ) -> Rule:
        """The first step for the first request, the second for the second, and so on; afterwards nothing, or the first again."""
        behaviors = [step if isinstance(step, Behavior) else Behavior(step) for step in steps]
        return cls(behaviors, When(sequence="repeat" if repeat else "once"), match, name)

    def document(self) -> dict[str, Any]:
        """The rule as the server takes it."""
        then = self.then.document() if isinstance(self.then, Behavior) else [step.document() for step in self.then]
        return _given({
            "name": self.name,
            "match": _given(vars(self.match)) if self.match else None,
            "when": _given(vars(self.when)) if self.when else None,
            "then": then,
        })  # fmt: skip


def fault(
    fault: FaultName,
    *,
    latency: Seconds | None = None,
    retry_after: Seconds | None = None,
    stage: Literal["input", "output", "unknown"] | None = None,
    categories: Sequence[str] | None = None,
    image: int | None = None,
    when: When | None = None,
    match: Match | None = None,
    name: str | None = None,
) -> Rule:
    """A rule with a fault: `fault("rate_limit", retry_after=2, when=When(first=2))`."""
    behavior = Behavior(fault, latency, retry_after, stage=stage, categories=categories, image=image)
    return Rule(behavior, when, match, name)


def delay(
    latency: Seconds, *, when: When | None = None, match: Match | None = None, name: str | None = None
) -> Rule:
    """A rule that makes responses slow: `delay(3)`, `delay("lognormal:p50=12s,p99=60s")`."""
    return Rule(Behavior(latency=latency), when, match, name)


def shown(
    picture: str | Sequence[str], *, when: When | None = None, match: Match | None = None, name: str | None = None
) -> Rule:
    """A rule that shows files of `FAKEAI_PICTURES` instead of drawn images: `shown("cat.png")`, `shown(["cat.png", "dog.png"])`."""
    return Rule(Behavior(picture=picture), when, match, name)


def encoded(rules: Iterable[Rule]) -> bytes:
    """The document for `PUT /_fakeai/rules`."""
    return json.dumps([rule.document() for rule in rules]).encode()


def _time(value: Seconds | None) -> str | None:
    return value if value is None or isinstance(value, str) else f"{round(value * 1000)}ms"


def _given(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}
