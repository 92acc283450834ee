"""A stream of the Responses API as bytes, and what is in it."""

from __future__ import annotations

import json


def events(body: bytes) -> list[dict]:
    """The events of a whole stream, after its framing was checked: two lines an event, each named as its data is."""
    text = body.decode()
    assert text.endswith("\n\n"), f"the last event is cut off: {text[-200:]!r}"
    return [event(lines) for lines in text.removesuffix("\n\n").split("\n\n")]


def event(text: str) -> dict:
    lines = text.split("\n")
    assert len(lines) == 2, f"an event is two lines: {text[:200]!r}"
    assert lines[1].startswith("data: {"), f"the data is an object: {lines[1][:200]!r}"
    document = json.loads(lines[1].removeprefix("data: "))
    assert lines[0] == f"event: {document['type']}", f"the event is not named as its data is: {lines[0]!r}"
    return document
