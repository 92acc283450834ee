"""The official client's own types, which it applies leniently, applied strictly: every member known, every type exact."""

from __future__ import annotations

from pydantic import BaseModel, TypeAdapter


def strictly(kind: object, document: object) -> BaseModel:
    """Raises where `document`, read from JSON, has another type somewhere, lacks a member or has one that `kind` does not know."""
    return TypeAdapter(kind).validate_python(document, strict=True, extra="forbid")
