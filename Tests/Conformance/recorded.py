"""What clients of the Responses API, of files and of batches were seen to send, and what each request refers to.

`fixtures/recorded/requests.jsonl` has a request a line, and the headers by name, which are in `headers.json`. Ids and pictures were
replaced when they were recorded: an id such as `resp_4` stands for a response that is made before, `{"png": "64x64"}` for a picture of that
size. The request of Home Assistant was written from its source.
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass, field
from pathlib import Path

from http_libraries import HOST, Body, Headers, Part, compact_json, httpx_form
from uploads import data_url, picture

FOLDER = Path(__file__).with_name("fixtures") / "recorded"
ID = re.compile(r"\b(resp|ig|msg|file|batch|wh|upload|part)[_-]([0-9]+|abc)\b")
"""An id as it was replaced."""


@dataclass(frozen=True)
class Recorded:
    name: str
    """Client, call, and the number of the request within the call."""
    client: str
    """With its version."""
    method: str
    path: str
    head: str
    """The name of its headers."""
    body: dict | None = field(default=None, hash=False)
    form: list[dict] | None = field(default=None, hash=False)

    def __str__(self) -> str:
        return self.name

    @property
    def route(self) -> str:
        """The method and the path without its ids, its query and what is special to Azure."""
        path = re.sub(r"^/openai(/v1)?/", "/v1/", self.path.partition("?")[0])
        return f"{self.method} {ID.sub('{id}', path)}"

    @property
    def is_stream(self) -> bool:
        return "stream=true" in self.path or bool(self.body and self.body.get("stream"))

    @property
    def tool(self) -> dict:
        """The image tool, as it is asked for."""
        return next((tool for tool in (self.body or {}).get("tools", []) if tool["type"] == "image_generation"), {})

    @property
    def ids(self) -> list[str]:
        """All that it refers to, in the order in which they occur."""
        given = json.dumps([self.path, self.body, [part["value"] for part in self.form or []]])
        return list(dict.fromkeys(match[0] for match in ID.finditer(given)))

    def written(self, earlier: dict[str, str], pictures: dict[str, str]) -> tuple[str, Headers, bytes]:
        """Target, headers and body with the ids that the server gave; `pictures` has, by its new id, the base64 of each one."""
        body = Body()
        if self.form is not None:
            body = httpx_form([part_of(part, earlier) for part in self.form])
        elif self.body is not None:
            body = compact_json(with_pictures(replaced(self.body, earlier), pictures))
        headers = [("Host", HOST)]
        for name, value in HEADS[self.head].items():
            headers.append((name, body.content_type if value.startswith("multipart/") else value))
        if "transfer-encoding" in HEADS[self.head]:
            return replaced(self.path, earlier), headers, chunked(body.data)
        if body.data or self.method == "POST":
            headers.append(("content-length", str(len(body.data))))
        return replaced(self.path, earlier), headers, body.data


def replaced(value: object, ids: dict[str, str]) -> object:
    """With every id that `ids` knows replaced, wherever it is."""
    match value:
        case dict():
            return {name: replaced(member, ids) for name, member in value.items()}
        case list():
            return [replaced(member, ids) for member in value]
        case str():
            return ID.sub(lambda match: ids.get(match[0], match[0]), value)
    return value


def with_pictures(value: object, pictures: dict[str, str]) -> object:
    """With every `{"png": …}` replaced: by what the server drew in a call that it made, else by a picture of one colour."""
    match value:
        case {"type": "image_generation_call", "result": {"png": _}}:
            return value | {"result": pictures[value["id"]]}
        case {"data_url": "data:image/png;base64,", "png": size}:
            return data_url(png(size))
        case {"png": size}:
            return base64.b64encode(png(size)).decode()
        case dict():
            return {name: with_pictures(member, pictures) for name, member in value.items()}
        case list():
            return [with_pictures(member, pictures) for member in value]
    return value


def png(size: str) -> bytes:
    width, height = size.split("x")
    return picture((int(width), int(height)))


def part_of(part: dict, earlier: dict[str, str]) -> Part:
    match part["value"]:
        case {"png": size}:
            data = png(size)
        case {"bytes": count}:
            data = b"#" * count
        case {"jsonl": lines}:
            data = json_lines(replaced(lines, earlier))
        case text:
            data = text.encode()
    return Part(part["name"], data, part["filename"], part["type"])


def json_lines(values: list[object]) -> bytes:
    return b"".join(compact_json(value).data + b"\n" for value in values)


def chunked(data: bytes, size: int = 1000) -> bytes:
    pieces = [data[start : start + size] for start in range(0, len(data), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


HEADS: dict[str, dict[str, str]] = json.loads((FOLDER / "headers.json").read_text())
ALL = [
    Recorded(line["name"], line["client"], line["method"], line["path"], line["headers"], line.get("body"), line.get("form"))
    for line in map(json.loads, (FOLDER / "requests.jsonl").read_text().splitlines())
]
BY_NAME = {request.name: request for request in ALL}
