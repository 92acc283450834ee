"""What two runs of one program must differ in gives way to a name in angle brackets; all else stays."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

from exchange import Answer

PNG = b"\x89PNG\r\n\x1a\n"

LONGEST_TEXT = 200_000
"""Characters of a body that are kept; a longer one is told by its length and its hash."""

VARYING = {
    "Date": "<date>", "Last-Modified": "<date>", "Expires": "<date>",
    "X-FakeAI-Worker": "<worker>",
    "x-ratelimit-reset-requests": "<reset>", "x-ratelimit-reset-images": "<reset>", "x-ratelimit-reset-input-images": "<reset>",
}
"""Headers of which only the presence is compared."""

LIMITED = {"retry-after": "<seconds>", "retry-after-ms": "<milliseconds>"}
"""The same of pools in which real limits refuse: how long to wait depends on when the request came."""

# Figures that are times, or that change with the number of digits that a time has.
TIMES = re.compile(r"(_seconds|^pid$|^requests_in_flight$|^requests_deferred$|^in_flight$|^deferred$|^response_bytes$)")
METRIC_TIMES = re.compile(
    r"^(fakeai_[a-z_]*_seconds(?:_sum|_bucket)?|fakeai_(?:worker_|pool_)?(?:requests_)?(?:in_flight|deferred)"
    r"|fakeai_response_bytes_total|fakeai_process_[a-z_]+)((?:\{.*\})?) \S+$", re.MULTILINE)
BASE64 = re.compile(r"[A-Za-z0-9+/]{200,}={0,2}")
IMAGE_ID = re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")


@dataclass
class Normaliser:
    """Of one run: where it listens, and when it began."""

    port: int
    began: float
    has_limits: bool = False
    """Whether real limits may refuse a request."""
    sent: frozenset[str] = frozenset()
    """Ids that the requests themselves made up, which are the same in every run."""

    def answer(self, answer: Answer, at_least: float) -> tuple[dict, Names]:
        """An answer as it is compared, and the names of its ids, for the journal has them too.

        `at_least` is what it must have taken, in milliseconds.
        """
        names = Names(self.sent)
        body = self.body(answer, names)
        text = text_or_none(answer.body)
        changed = answer.body.startswith(PNG) if text is None else body != text
        headers = [[name, self.header(name, value, answer, names, changed, at_least)] for name, value in answer.headers]
        return {
            "status": self.text(answer.line, names), "headers": headers, "body": body, "whole": answer.is_whole, "ending": answer.ending,
        }, names

    def header(self, name: str, value: str, answer: Answer, names: Names, changed: bool, at_least: float) -> str:
        varying = VARYING | (LIMITED if self.has_limits else {})
        if (word := {name.lower(): word for name, word in varying.items()}.get(name.lower())) is not None:
            return word
        match name.lower():
            case "openai-processing-ms":
                return duration(float(value), at_least)
            case "content-length" if changed and answer.is_whole and int(value) == len(answer.body):
                return "<length of the body>"
            case "cache-control":
                return re.sub(r"public, max-age=\d+", "public, max-age=<left>", value)
        return self.text(value, names)

    def body(self, answer: Answer, names: Names) -> str:
        if (text := text_or_none(answer.body)) is None:
            return digest(answer.body)
        kind = answer.header("Content-Type") or ""
        if kind.startswith("text/plain; version="):
            text = METRIC_TIMES.sub(r"\1\2 <time>", re.sub(r'worker="\d+-\d+"', 'worker="<worker>"', text))
        elif kind.startswith("application/json") and ('"backend"' in text or '"next"' in text):
            text = self.document(text)
        text = self.text(text, names)
        return text if len(text) <= LONGEST_TEXT else digest(text.encode())

    def document(self, text: str) -> str:
        """Figures and the journal, of which single members vary."""
        try:
            return json.dumps(figures(json.loads(text)), indent=1, ensure_ascii=False)
        except ValueError:
            return text

    def text(self, text: str, names: Names) -> str:
        text = BASE64.sub(lambda found: digest_of_base64(found[0]), text)
        text = re.sub(r"req_[0-9a-f]{32}", "req_<id>", text)
        text = re.sub(r"request ID [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "request ID <id>", text)
        text = IMAGE_ID.sub(names, text)
        text = re.sub(rf"(127\.0\.0\.1|localhost|\[::1\]):{self.port}\b", r"\1:<port>", text)
        text = re.sub(r"\b1[0-9]{9}\b", self.second, text)
        text = re.sub(r"\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "<time>", text)
        if self.has_limits:
            text = re.sub(r"try again in [0-9a-z.]+\.", "try again in <time>.", text)
        return text

    def second(self, found: re.Match) -> str:
        """A time of this run, for other times are data."""
        return "<now>" if self.began - 60 <= int(found[0]) <= self.began + 3600 else found[0]

    def entry(self, entry: dict, names: Names | None, at_least: float) -> dict:
        """An entry of the journal, whose ids have the names that the answer gave them."""
        told = entry | {
            "sequence": "<number>", "time": "<time>", "request_id": "<id>", "worker": "<worker>",
            "latency_ms": duration(entry["latency_ms"], at_least),
        }
        return json.loads(self.text(json.dumps(told, ensure_ascii=False), names or Names(self.sent)))


@dataclass
class Names:
    """Names for ids, in the order in which they occur in one answer: two of the same kind are told apart, whatever they are."""

    constant: frozenset[str]
    seen: dict[str, str] = field(default_factory=dict)

    def __call__(self, found: re.Match) -> str:
        if found[0] in self.constant:
            return found[0]
        return self.seen.setdefault(found[0], f"<id {len(self.seen) + 1}>")


def duration(milliseconds: float, at_least: float) -> str:
    return f"<at least {at_least:g} ms>" if milliseconds >= at_least else f"<less than {at_least:g} ms>"


def text_or_none(body: bytes) -> str | None:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text


def digest(data: bytes) -> str:
    if (content := content_of_png(data)) is not None:
        return f"<a PNG, SHA-256 of its content {hashlib.sha256(content).hexdigest()}>"
    return f"<{len(data)} bytes, SHA-256 {hashlib.sha256(data).hexdigest()}>"


def digest_of_base64(text: str) -> str:
    try:
        return digest(base64.b64decode(text, validate=True))
    except ValueError:
        return digest(text.encode())


def content_of_png(data: bytes) -> bytes | None:
    """All chunks, the pixels unpacked, for the same pixels may be packed to a few bytes more or less; None if it is no PNG."""
    if not data.startswith(PNG):
        return None
    others, packed, place = b"", b"", len(PNG)
    while place + 12 <= len(data):
        length, kind = int.from_bytes(data[place : place + 4]), data[place + 4 : place + 8]
        content = data[place + 8 : place + 8 + length]
        if kind == b"IDAT":
            packed += content
        else:
            others += kind + content
        place += 12 + length
    try:
        return others + zlib.decompress(packed)
    except zlib.error:
        return None


def figures(document: object, *, change: Callable[[str], bool] = lambda name: bool(TIMES.search(name))) -> object:
    """A copy in which figures that are times give way to `<time>`; how many were measured stays."""
    match document:
        case dict():
            return {name: untimed(value) if change(name) else journal_or(name, value) for name, value in document.items()}
        case list():
            return [figures(item) for item in document]
    return document


def journal_or(name: str, value: object) -> object:
    if name in ("time", "request_id", "worker", "latency_ms") and isinstance(value, str | float | int):
        return f"<{name}>"
    return figures(value)


def untimed(value: object) -> object:
    match value:
        case {"count": count}:
            return {"count": count, "sum": "<time>"}
        case list():
            return [{name: untimed(item) if name == "value" else item for name, item in row.items()} for row in value]
    return "<time>"
