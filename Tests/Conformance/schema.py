"""OpenAI's own description of its API, against which answers are checked: what it does not name must not be there either."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import jsonschema
import yaml

DESCRIPTION = Path(__file__).parent / "fixtures" / "images-openapi.yaml"


@cache
def validator(name: str) -> jsonschema.Draft202012Validator:
    components = closed(yaml.safe_load(DESCRIPTION.read_text())["components"])
    formats = jsonschema.Draft202012Validator.FORMAT_CHECKER
    return jsonschema.Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": components}, format_checker=formats)


def closed(part: object) -> object:
    """A part of the description in which no object may have members that it does not name."""
    if isinstance(part, list):
        return [closed(element) for element in part]
    if not isinstance(part, dict):
        return part
    members = {name: closed(value) for name, value in part.items()}
    return {"additionalProperties": False, **members} if isinstance(part.get("properties"), dict) else members


def valid(name: str, document: object) -> None:
    """Raises where `document` is not what the description says of the schema `name`."""
    validator(name).validate(document)
