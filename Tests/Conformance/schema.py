"""OpenAI's own description of its API, against which answers are checked."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import jsonschema
import yaml

DESCRIPTION = Path(__file__).parent / "fixtures" / "images-openapi.yaml"


@cache
def validator(name: str) -> jsonschema.Draft202012Validator:
    components = yaml.safe_load(DESCRIPTION.read_text())["components"]
    return jsonschema.Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": components})


def valid(name: str, document: object) -> None:
    """Raises where `document` is not what the description says of the schema `name`."""
    validator(name).validate(document)
