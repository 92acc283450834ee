"""The requests that two programs are compared by, in scenes: each has a pool with settings of its own."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import edit_rows
import rows
from rows import DALLE, FAKEAI, OPENAI
from uploads import data_url, picture

UPLOADS = Path(__file__).resolve().parents[1] / "ImageCodingTests" / "Uploads"
BOUNDARY = "a-boundary-of-the-recorded-requests"
JSON = ("Content-Type", "application/json")
FORM = ("Content-Type", f"multipart/form-data; boundary={BOUNDARY}")
KEY = ("Authorization", "Bearer sk-recorded-1234")
NOBODYS_ID = "f" * 32

GENERATIONS, EDITS, VARIATIONS = (f"/v1/images/{name}" for name in ("generations", "edits", "variations"))
GPT = {"model": "gpt-image-2", "prompt": "a lake at dawn", "size": "1024x1024"}
SMALL = {"prompt": "a lake at dawn", "size": "256x256"}


@dataclass(frozen=True)
class Call:
    """One request. `{name}` in its target or headers stands for the path of a picture that an earlier one kept under that name;
    `{name:tag}` and `{name:id}` for its entity tag and its id.
    """

    name: str
    method: str = "GET"
    target: str = "/"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    raw: bytes | None = None
    """All that is sent, instead."""
    keeps: str = ""
    """Under which name the first picture of the answer is kept."""
    at_least: float = 0
    """Milliseconds that the answer must seem to take."""
    patience: float = 30
    """Seconds to wait for the next byte."""
    is_slow: bool = False
    """Whether it is sent at the end, beside all other slow ones."""

    def sent(self, kept: dict[str, str], port: int) -> bytes:
        def filled(text: str) -> str:
            for name, path in kept.items():
                identifier = path.rpartition("/")[2].partition(".")[0]
                text = text.replace(f"{{{name}}}", path).replace(f"{{{name}:tag}}", f'"{identifier}"').replace(f"{{{name}:id}}", identifier)
            return text.replace("{port}", str(port))

        if self.raw is not None:
            return self.raw
        given = {name.lower() for name, _ in self.headers}
        lines = [f"{self.method} {filled(self.target)} HTTP/1.1"]
        if "host" not in given:
            lines.append(f"Host: 127.0.0.1:{port}")
        lines += [f"{name}: {filled(value)}" for name, value in self.headers]
        if self.body is not None and not given & {"content-length", "transfer-encoding"}:
            lines.append(f"Content-Length: {len(self.body)}")
        lines.append("Connection: close")
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + (self.body or b"")


@dataclass(frozen=True)
class Scene:
    """A pool with `settings`, and what it is asked, one request after the other."""

    name: str
    calls: list[Call]
    settings: dict[str, object] = field(default_factory=dict)
    files: dict[str, object] = field(default_factory=dict)
    """Settings that name a JSON file, with its content."""
    has_limits: bool = False


def post(name: str, body: object, target: str = GENERATIONS, *headers: tuple[str, str], **options: object) -> Call:
    """A POST of JSON, with a key."""
    data = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    given = {header.lower() for header, _ in headers}
    usual = [header for header in (JSON, KEY) if header[0].lower() not in given]
    return Call(name, "POST", target, (*usual, *headers), data, **options)


def form(name: str, fields: dict, files: list | tuple, target: str = EDITS, *headers: tuple[str, str], **options: object) -> Call:
    """A POST of a form, whose files are (field, (file name, content, media type)) or (field, content)."""
    parts = []
    for field_name, values in fields.items():
        for value in values if isinstance(values, list) else [values]:
            parts.append((f'name="{field_name}"', "", str(value).encode()))
    for field_name, file in files:
        file_name, content, *media_type = file if isinstance(file, tuple) else ("upload", file)
        media_line = f"Content-Type: {media_type[0] if media_type else 'application/octet-stream'}\r\n"
        parts.append((f'name="{field_name}"; filename="{file_name}"', media_line, content))
    body = b"".join(
        f"--{BOUNDARY}\r\nContent-Disposition: form-data; {which}\r\n{media_line}\r\n".encode() + content + b"\r\n"
        for which, media_line, content in parts
    )
    return Call(name, "POST", target, (FORM, KEY, *headers), body + f"--{BOUNDARY}--\r\n".encode(), **options)


def profile(name: str) -> tuple[str, str]:
    return ("X-FakeAI-Profile", name)


def upload(**options: object) -> tuple[str, bytes, str]:
    return ("image.png", picture(**options), "image/png")


# What is asked for.

PROMPTS = {
    "one letter": "a", "a blank": " ", "a line break": "one\ntwo\n\nthree", "long": "a lake at dawn with mist " * 60,
    "one long word": "x" * 900, "soft hyphens": "Donau\u00addampf\u00adschiff\u00adfahrt",
    "Cyrillic": "озеро на рассвете", "Greek": "λίμνη",
    "Hebrew": "אגם בזריחה 123", "Arabic": "بحيرة عند الفجر", "Chinese": "黎明时分的湖", "Japanese": "夜明けの湖", "Korean": "새벽의 호수",
    "Hindi": "भोर में झील", "Thai": "ทะเลสาบยามรุ่งอรุณ", "emoji": "a fox 🦊 and a family 👨‍👩‍👧‍👦 🇩🇪", "marks": "e\u0301 a\u0308 n\u0303",
    "controls": "a\tb\rc", "a NUL": "a\0b", "directions": "abc \u202edef\u202c ghi", "markup": "<b>&amp; \"quotes\" 'and' \\ more</b>",
    "private use": "\ue000 \U000f0000", "an unassigned character": "\u0378",
}


def generations() -> Iterator[Call]:
    models = ["dall-e-2", "dall-e-3", "gpt-image-1", "gpt-image-1-mini", "gpt-image-1.5", "chatgpt-image-latest", "gpt-image-2",
              "gpt-image-2.5-flare", "gpt-image-2.6-sunburst", "my-own", ""]
    for model, size in itertools.product(models, ["256x256", "1024x1024", "1792x1024", "1536x1024", "auto"]):
        yield post(f"model {model!r}, {size}", {"model": model, "prompt": "a lake", "size": size})
    for size in ["512x512", "1024x1792", "1024x1536", "640x1024", "2048x688", "3840x1280", "1025x1024", "16x16", "4096x4096", "x", ""]:
        yield post(f"size {size!r}", {"prompt": "a lake", "size": size})
    for quality, style in itertools.product(["standard", "hd", "low", "medium", "high", "auto", "xhigh", "max"], ["vivid", "natural"]):
        yield post(f"quality {quality}, {style}", SMALL | {"quality": quality, "style": style, "response_format": "b64_json"})
    kinds = ["png", "webp", "jpeg", "gif", "svg"]
    for kind, background, quality in itertools.product(kinds, ["transparent", "opaque", "auto"], ["low", "high"]):
        yield post(f"{kind}, {background}, {quality}", GPT | {"output_format": kind, "background": background, "quality": quality})
    for kind, compression in itertools.product(["png", "webp", "jpeg"], [0, 1, 50, 100]):
        yield post(f"{kind} of {compression}", SMALL | {"output_format": kind, "output_compression": compression})
    for n, shape in itertools.product([1, 2, 5, 10], ["url", "b64_json"]):
        yield post(f"{n} by {shape}", SMALL | {"n": n, "response_format": shape})
    for name, prompt in PROMPTS.items():
        yield post(f"a prompt: {name}", {"prompt": prompt, "model": "dall-e-3", "size": "512x512", "response_format": "b64_json"})
        yield post(f"a prompt as SVG: {name}", {"prompt": prompt, "output_format": "svg", "response_format": "b64_json"})
    for count, milliseconds in [(1, 100), (2, 10), (9, 500), (16, None)]:
        yield post(f"{count} frames of {milliseconds} ms", SMALL | {
            "output_format": "gif", "frame_count": count, "frame_duration_ms": milliseconds, "quality": "hd"})
    for effort in ["none", "minimal", "low", "medium", "high", "xhigh", "max"]:
        yield post(f"SVG with effort {effort}", GPT | {"output_format": "svg", "svg": {"model": "gpt-5", "reasoning": {"effort": effort}}})
    for level in ["low", "medium", "high"]:
        yield post(f"complexity {level}", GPT | {"complexity": level, "moderation": "low", "user": "u", "safety_identifier": "s"})
    yield post("null is absent", {"prompt": "a", "n": None, "size": None, "quality": None, "stream": None})
    yield post("an unknown parameter", SMALL | {"my_key": {"deep": [1]}})
    yield post("the same once more", SMALL)
    yield post("the same once more, again", SMALL)


def streams() -> Iterator[Call]:
    for model, partial in itertools.product(["gpt-image-2", "gpt-image-1", "gpt-image-2.5-flare"], [None, 0, 1, 2, 3]):
        yield post(f"a stream of {model} with {partial}", GPT | {"model": model, "stream": True, "partial_images": partial})
    for kind, quality in itertools.product(["png", "webp", "jpeg"], ["low", "high"]):
        yield post(f"a stream as {kind}, {quality}", GPT | {
            "stream": True, "partial_images": 2, "output_format": kind, "quality": quality, "size": "1536x1024"})
    yield post("a stream of two", GPT | {"stream": True, "n": 2, "partial_images": 1})
    yield post("a stream of dall-e-3", {"model": "dall-e-3", "prompt": "a", "stream": True})
    yield post("a transparent stream", GPT | {"stream": True, "partial_images": 1, "background": "transparent"})
    yield post("too many partial images", GPT | {"stream": True, "partial_images": 4})
    yield post("a streamed edit", GPT | {"stream": True, "partial_images": 2, "images": [{"image_url": data_url(picture())}]}, EDITS)
    yield form("a streamed edit as a form", GPT | {"stream": "true", "partial_images": "1"}, [("image", upload())])
    yield form("a streamed edit in today's API", GPT | {"stream": "true"}, [("image", upload())], EDITS, profile(OPENAI))


def profiles() -> Iterator[Call]:
    bodies = [
        {}, {"model": "gpt-image-2"}, {"model": "gpt-image-1"}, {"model": "gpt-image-2.5-flare", "quality": "max"}, {"model": "dall-e-2"},
        {"model": "dall-e-3", "quality": "hd", "style": "natural"}, {"model": "dall-e-3", "response_format": "b64_json"},
        {"model": "dall-e-2", "n": 3, "size": "256x256"}, {"model": "gpt-image-2", "n": 2, "quality": "high", "output_format": "jpeg"},
        {"model": "gpt-image-2", "output_format": "webp", "background": "transparent"}, {"model": "my-own"},
        {"model": "gpt-image-1", "moderation": "low", "output_compression": 70, "output_format": "jpeg"},
    ]
    for name, body in itertools.product([FAKEAI, OPENAI, DALLE], bodies):
        yield post(f"{name}: {json.dumps(body)}", {"prompt": "a lake"} | body, GENERATIONS, profile(name))
    for name in [FAKEAI, OPENAI, DALLE, "none", "", "OpenAI"]:
        yield Call(f"models of {name!r}", "GET", "/v1/models", (profile(name), KEY))
        yield Call(f"models of {name!r} without a key", "GET", "/v1/models", (profile(name),))
        for method, model in itertools.product(["GET", "DELETE"], ["dall-e-3", "gpt-image-2", "none", "a%20b"]):
            yield Call(f"{name!r}: {method} of the model {model}", method, f"/v1/models/{model}", (profile(name), KEY))
    for name in [FAKEAI, OPENAI, DALLE]:
        yield Call(f"{name}: no key", "POST", GENERATIONS, (JSON, profile(name)), json.dumps(GPT).encode())
        for index, value in enumerate(["Bearer", "Bearer ", "Basic abc", "bearer lower", "Bearer  two", "Bearer a b"]):
            yield post(f"{name}: key {index}", GPT, GENERATIONS, profile(name), ("Authorization", value))
        yield form(f"{name}: an edit", {"prompt": "a", "model": "gpt-image-2"}, [("image", upload())], EDITS, profile(name))
        yield form(f"{name}: a variation", {}, [("image", upload())], VARIATIONS, profile(name))


def azure() -> Iterator[Call]:
    key = ("api-key", "azure-key-9876")
    version = "?api-version=2025-04-01-preview"
    for deployment in ["dall-e-3", "gpt-image-1", "my-own"]:
        base = f"/openai/deployments/{deployment}/images"
        yield post(f"Azure's generation of {deployment}", {"prompt": "a", "size": "1024x1024"}, f"{base}/generations{version}", key)
        yield form(f"Azure's edit of {deployment}", {"prompt": "a"}, [("image", upload())], f"{base}/edits{version}", key)
        yield post(f"Azure's variation of {deployment}", {}, f"{base}/variations", key)
    yield post("Azure's generation", GPT, f"/openai/images/generations{version}", key)
    yield form("Azure's edit", {"prompt": "a"}, [("image", upload())], f"/openai/images/edits{version}", key)
    yield form("Azure's variation", {}, [("image", upload())], f"/openai/images/variations{version}", key)
    yield Call("Azure's models", "GET", f"/openai/models{version}", (key,))
    yield Call("Azure's v1", "GET", "/openai/v1/models", (key,))


def edits() -> Iterator[Call]:
    images = [{"image_url": data_url(picture())}]
    mask = {"image_url": data_url(picture(mode="RGBA"))}
    for file in sorted(UPLOADS.glob("*.[pjw]*g*")):
        media_type = "image/" + {"jpg": "jpeg"}.get(file.suffix[1:], file.suffix[1:])
        content = file.read_bytes()
        yield form(f"an edit of {file.name}", {"prompt": "a", "response_format": "b64_json"}, [("image", (file.name, content, media_type))])
        yield form(f"a variation of {file.name}", {"size": "256x256"}, [("image", (file.name, content, media_type))], VARIATIONS)
        yield post(f"today's edit of {file.name}", GPT | {"images": [{"image_url": data_url(content, media_type)}]}, EDITS, profile(OPENAI))
    for count in [1, 2, 3, 16]:
        colours = [("image[]", upload(colour=(count, 10 * index, 99))) for index in range(count)]
        yield form(f"an edit of {count}", GPT, colours)
        yield post(f"an edit of {count} as JSON", GPT | {"images": images * count}, EDITS)
    yield form("an edit with a mask", GPT, [("image", upload()), ("mask", upload(mode="RGBA"))])
    yield post("an edit with a mask as JSON", GPT | {"images": images, "mask": mask}, EDITS)
    yield form("an edit with a mask of no alpha", GPT, [("image", upload()), ("mask", upload())], EDITS, profile(OPENAI))
    yield form("an edit with markup", GPT | {"model": "gpt-image-2.5-flare"}, [("image", upload()), ("markup", upload(mode="RGBA"))])
    for kind in ["png", "webp", "jpeg", "gif", "svg"]:
        yield form(f"an edit as {kind}", GPT | {"output_format": kind}, [("image", upload())])
    for value in ["low", "high", "ultra"]:
        yield form(f"input fidelity {value}", GPT | {"model": "gpt-image-1", "input_fidelity": value}, [("image", upload())])
    for url in ["https://a.test/b.png", "file:///etc/passwd", "data:image/png;base64,!!", "data:,x", ""]:
        yield post(f"an edit of {url}", GPT | {"images": [{"image_url": url}]}, EDITS)
    yield post("an edit of a file's id", GPT | {"images": [{"file_id": "file-1"}]}, EDITS)
    yield form("indexed images", GPT, [("image[0]", upload()), ("image[1]", upload())])
    for n in [1, 3, 10]:
        yield form(f"{n} variations", {"n": n, "size": "256x256", "response_format": "url"}, [("image", upload())], VARIATIONS)
    yield post("a variation as JSON", {"image": data_url(picture())}, VARIATIONS)
    broken = {"empty": b"", "no end": f"--{BOUNDARY}\r\n\r\nx".encode(), "another boundary": b"--other\r\n\r\nx\r\n--other--"}
    for name, body in broken.items():
        yield Call(f"a form: {name}", "POST", EDITS, (FORM, KEY), body)
    for value in ["multipart/form-data", "multipart/form-data; boundary=", 'multipart/form-data; boundary="a b"', "text/plain"]:
        yield Call(f"an edit as {value}", "POST", EDITS, (("Content-Type", value), KEY), b"--a b\r\n\r\n--a b--")


def pictures() -> Iterator[Call]:
    kinds = {"png": {}, "webp": {"background": "transparent"}, "jpeg": {}, "gif": {"frame_count": 3}, "svg": {}}
    for kind, options in kinds.items():
        yield post(f"keep {kind}", SMALL | {"output_format": kind, "quality": "hd", "response_format": "url"} | options, keeps=kind)
        for method in ["GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH"]:
            yield Call(f"{method} of the {kind}", method, f"{{{kind}}}", (), b"" if method in ("POST", "PUT") else None)
        yield Call(f"the {kind} with a query", "GET", f"{{{kind}}}?a=b")
    for condition in ["{png:tag}", "W/{png:tag}", '"other", {png:tag}', "*", '"other"', "nonsense", ""]:
        for method in ["GET", "HEAD"]:
            yield Call(f"{method} if none match {condition}", method, "{png}", (("If-None-Match", condition),))
    spans = [
        "0-99", "100-", "-50", "7-7", "10-99999999", "999999-", "5-2", "abc", "", "--5", "0-1,5-9", "-0", "0-0", "18446744073709551616-",
    ]
    for span, method in itertools.product(spans, ["GET", "HEAD"]):
        yield Call(f"{method} of the bytes {span}", method, "{png}", (("Range", f"bytes={span}"),))
    yield Call("lines instead of bytes", "GET", "{png}", (("Range", "lines=1-2"),))
    for condition in ["{png:tag}", '"other"', "W/{png:tag}", "Sun, 29 Nov 2020 01:23:00 GMT"]:
        yield Call(f"a range if {condition}", "GET", "{png}", (("Range", "bytes=0-9"), ("If-Range", condition)))
    for name in ["If-Modified-Since", "If-Unmodified-Since"]:
        for date in ["Sun, 29 Nov 2020 01:23:00 GMT", "Sun, 29 Nov 2090 01:23:00 GMT", "nonsense"]:
            yield Call(f"{name}: {date}", "GET", "{png}", ((name, date),))
    for condition in ["{png:tag}", '"other"', "*"]:
        yield Call(f"if match {condition}", "GET", "{png}", (("If-Match", condition),))
    wrong = [
        f"/images/{NOBODYS_ID}.png", "/images/{png:id}.jpg", "/images/{png:id}", "/images/{png:id}.png.png", "/images/{png:id}.png/",
        "/images/{png:id}0.png", "/images/../etc/passwd", "/images/%2e%2e/%2e%2e/etc/passwd", "/images/%252e%252e%252fetc",
        "/images/%2f{png:id}.png", "/images/{png:id}%00.png", "/images/%ff%fe.png", "/images/.png", "/images/", "/images",
        f"/images/{'a' * 3000}.png", "/images/" + "%EF%BC%91" * 32 + ".png", f"/images/{NOBODYS_ID.upper()}.png", "/images/{png:id}.PNG",
    ]
    for target, method in itertools.product(wrong, ["GET", "HEAD"]):
        yield Call(f"{method} of {target[:60]}", method, target)
    yield Call("a picture for a page elsewhere", "GET", "{png}", (("Origin", "https://elsewhere.test"),))
    yield Call("a preflight", "OPTIONS", "{png}", (("Origin", "https://a.test"), ("Access-Control-Request-Method", "GET")))


FAULTS = [
    "missing_api_key", "invalid_api_key", "unverified", "billing", "quota", "rate_limit", "moderation", "server_error", "overloaded",
    "timeout", "reset", "truncate", "slow_body", "malformed_json", "empty_body", "missing_image", "corrupt_image", "fewer_images",
    "wrong_size", "generation_failed", "none",
]


def faults() -> Iterator[Call]:
    images = [{"image_url": data_url(picture())}]
    routes = {
        "a generation": post("", SMALL | {"n": 2}),
        "a generation in base64": post("", SMALL | {"n": 2, "response_format": "b64_json"}),
        "today's generation": post("", GPT, GENERATIONS, profile(OPENAI)),
        "a stream": post("", GPT | {"stream": True, "partial_images": 1}),
        "an edit": form("", SMALL, [("image", upload())]),
        "an edit as JSON": post("", SMALL | {"images": images}, EDITS),
        "a streamed edit": form("", GPT | {"stream": "true"}, [("image", upload())]),
        "a variation": form("", {"size": "256x256"}, [("image", upload())], VARIATIONS),
        "the models": Call("", "GET", "/v1/models", (KEY,)),
        "a model": Call("", "GET", "/v1/models/dall-e-3", (KEY,)),
        "a picture": Call("", "GET", "{png}"),
        "a picture's head": Call("", "HEAD", "{png}"),
        "health": Call("", "GET", "/healthz"),
    }
    yield post("keep a picture to break", SMALL, keeps="png")
    for (route, call), fault in itertools.product(routes.items(), FAULTS):
        waits = {"timeout": {"is_slow": True, "patience": 1.5}, "slow_body": {"is_slow": True}}.get(fault, {})
        yield replace(call, name=f"{fault} for {route}", headers=(*call.headers, ("X-FakeAI-Fault", fault)), **waits)
    for fault in [name for name in FAULTS if name not in ("timeout", "slow_body")]:
        yield post(f"{fault} by prompt", SMALL | {"prompt": f"a lake [[fakeai fault={fault}]]", "model": "dall-e-3"})
    for text in ["rate_limit retry_after=2s", "rate_limit retry_after=1500ms", "rate_limit retry_after=0s", "flood", "", "rate_limit x=1",
                 "rate_limit retry_after=-1s", "overloaded retry_after=3s", "Billing", "billing billing"]:
        yield post(f"a fault: {text}", SMALL, GENERATIONS, ("X-FakeAI-Fault", text))
    for text in ["[[fakeai]]", "[[fakeai fault=flood]]", "[[fakeai fault=billing", "[[fakeai latency=x]]", "[[fakeai fault=none]]",
                 "[[fakeai fault=billing]] [[fakeai fault=quota]]", "[[fakeai fault=rate_limit retry_after=2s]]"]:
        yield post(f"a directive: {text}", SMALL | {"prompt": f"a lake {text} at dawn", "model": "dall-e-3"})
    yield post("a header wins over a prompt", SMALL | {"prompt": "[[fakeai fault=billing]]"}, GENERATIONS, ("X-FakeAI-Fault", "quota"))
    yield post("what is wrong by itself comes first", {"n": 0}, GENERATIONS, ("X-FakeAI-Fault", "quota"))


def latencies() -> Iterator[Call]:
    for text, least in [("50ms", 50), ("fixed:80ms", 80), ("uniform:20ms..40ms", 20), ("0.06s", 60), ("none", 0)]:
        yield post(f"latency {text}", SMALL, GENERATIONS, ("X-FakeAI-Latency", text), at_least=least)
        directed = SMALL | {"prompt": f"a [[fakeai latency={text}]]"}
        yield post(f"latency {text} by prompt", directed, at_least=least)
    for text in ["lognormal:p50=20ms,p99=30ms", "fixed:", "uniform:3s..1s", "lognormal:p50=2s", "11m", "-1s", "x", "", "uniform:1s"]:
        yield post(f"latency {text!r}", SMALL, GENERATIONS, ("X-FakeAI-Latency", text))
    for seed in ["0", "7", "18446744073709551615", "-1", "x", ""]:
        headers = ("X-FakeAI-Seed", seed), ("X-FakeAI-Latency", "uniform:10ms..12ms")
        yield post(f"seed {seed!r}", SMALL, GENERATIONS, *headers, at_least=10)
    yield post("a slow stream", GPT | {"stream": True, "partial_images": 1}, GENERATIONS, ("X-FakeAI-Latency", "90ms"))
    yield post("a slow refusal", SMALL, GENERATIONS, ("X-FakeAI-Latency", "40ms"), ("X-FakeAI-Fault", "billing"))
    yield Call("slow models", "GET", "/v1/models", (KEY, ("X-FakeAI-Latency", "40ms")), at_least=40)


def refusals() -> Iterator[Call]:
    for row in rows.ROWS:
        yield post(f"refused: {row}", row.request, GENERATIONS, profile(row.profile))
    for row in [*edit_rows.JSON_ROWS, *edit_rows.FORM_ROWS]:
        target, request = f"/v1/images/{row.path}", row.request
        if "json" in request:
            yield post(f"refused edit: {row}", request["json"], target, profile(row.profile))
        else:
            yield form(f"refused form: {row}", request["data"], request["files"], target, profile(row.profile))
    for body, refused in rows.in_order():
        yield post(f"first refused: {refused}", body, GENERATIONS, profile(OPENAI))
    bodies = {
        "no JSON": b"prompt=a+lake", "empty": b"", "half": b'{"prompt": "a la', "something behind": b'{"prompt": "a"} {}',
        "not UTF-8": b'{"prompt": "\xff\xfe"}', "single quotes": b"{'prompt': 'a'}", "NaN": b'{"prompt": "a", "n": NaN}',
        "a comma too many": b'{"prompt": "a",}', "a comment": b'{"prompt": "a" /* b */}', "a mark of order": b'\xef\xbb\xbf{"prompt": "a"}',
        "a list": b"[]", "a string": b'"prompt"', "a number": b"1", "null": b"null", "true": b"true", "blanks": b"   ",
        "a lone surrogate": rb'{"prompt": "\ud800"}', "a pair": rb'{"prompt": "\ud83e\udd8a", "size": "256x256"}',
        "twice": b'{"prompt": "first", "prompt": "second", "size": "256x256"}',
        "deep": b'{"prompt":"a","x":' + b"[" * 600 + b"]" * 600 + b"}",
        "deeper": b"[" * 10_000 + b"]" * 10_000, "n of 1e0": b'{"prompt": "a", "n": 1e0, "size": "256x256"}',
        "n of 1.0": b'{"prompt": "a", "n": 1.0, "size": "256x256"}', "a large n": b'{"prompt": "a", "n": 99999999999999999999}',
        "long": json.dumps({"prompt": "x" * 40_000, "model": "gpt-image-1"}).encode(),
        "longer than the journal takes": json.dumps({"prompt": "y" * 300_000, "model": "gpt-image-1"}).encode(),
        "many strange letters": json.dumps({"prompt": "\x01" * 3000, "size": "256x256", "my_key": "\x02" * 3000}).encode(),
    }
    for name, body in bodies.items():
        yield post(f"a body: {name}", body)
    for kind in ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-8", "Application/JSON", "", "a b"]:
        yield post(f"a body as {kind!r}", SMALL, GENERATIONS, ("Content-Type", kind))
    yield Call("a body without a type", "POST", GENERATIONS, (KEY,), json.dumps(SMALL).encode())


def routes() -> Iterator[Call]:
    paths = [
        GENERATIONS, EDITS, VARIATIONS, "/v1/models", "/v1/models/dall-e-3", "/openai/images/generations",
        "/openai/models", "/healthz", "/readyz",
        "/_fakeai/stats", "/_fakeai/faults", "/_fakeai/rules", "/_fakeai/requests", "/metrics", "/", "/nothing",
        "/v1", "/v1/images", "/_fakeai",
        "/_fakeai/nothing", "/index.html", "/_error", "/_reset",
    ]
    for path, method in itertools.product(paths, ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"]):
        if (path, method) != ("/_fakeai/requests", "DELETE"):
            yield Call(f"{method} {path}", method, path, (KEY,), b"" if method in ("POST", "PUT", "PATCH") else None)
    for path in [
        "//v1//models", "/v1/models/", "/v1/models/%00", "/v1/models/%ff", "/v1/models/a%2fb", "/%2e%2e/etc", "/v1/images/generations/",
        "/V1/models", "/v1/models?limit=1", "/v1/models#a", "/v1/models/" + "x" * 2000, "/" + "x" * 9000, "/v1/models/größe",
    ]:
        yield Call(f"GET {path[:60]}", "GET", path, (KEY,))
    for method in ["BREW", "PROPFIND", "TRACE", "CONNECT", "get"]:
        yield Call(f"{method} of a generation", method, GENERATIONS)
    heads = {
        "no Host": b"GET /v1/models HTTP/1.1", "two Hosts": b"GET /v1/models HTTP/1.1\r\nHost: a\r\nHost: b",
        "a bad Host": b"GET /v1/models HTTP/1.1\r\nHost: /../", "no HTTP": b"NONSENSE", "HTTP/1.0": b"GET /v1/models HTTP/1.0",
        "HTTP/9.9": b"GET /v1/models HTTP/9.9\r\nHost: a",
        "a length that is none": b"POST /v1/images/edits HTTP/1.1\r\nHost: a\r\nContent-Length: x",
        "a length below nothing": b"POST /v1/images/edits HTTP/1.1\r\nHost: a\r\nContent-Length: -1",
        "two lengths": b"POST /v1/images/edits HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2",
        "an unknown encoding": b"POST /v1/images/edits HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip",
        "a large header": b"GET /v1/models HTTP/1.1\r\nHost: a\r\nX-Large: " + b"x" * 9000,
        "a length of 60 MB": b"POST /v1/images/edits HTTP/1.1\r\nHost: a\r\nContent-Length: 60000000",
        "an absolute target": b"GET http://a.test/v1/models HTTP/1.1\r\nHost: b.test",
        "underscores": b"GET /v1/models HTTP/1.1\r\nHost: a\r\nX_FakeAI_Fault: billing",
    }
    for name, head in heads.items():
        yield Call(f"a head: {name}", raw=head + b"\r\nConnection: close\r\n\r\n")
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (b'{"prompt": ', b'"in chunks", "size": "256x256"}')) + b"0\r\n\r\n"
    yield Call("a body in chunks", "POST", GENERATIONS, (JSON, KEY, ("Transfer-Encoding", "chunked")), chunks)
    for name, value in [
        ("Host", "example.test"), ("Host", "example.test:81"), ("Host", "[::1]:8000"), ("Host", "a b"), ("X-Forwarded-Proto", "https"),
        ("X-Forwarded-Proto", "https, http"), ("X-Forwarded-Host", "elsewhere.test"), ("x-stainless-retry-count", "2"),
        ("x-stainless-retry-count", "x"), ("OpenAI-Organization", "org-x"), ("Accept", "text/html"), ("Accept-Encoding", "gzip"),
        ("Idempotency-Key", "k"), ("Origin", "https://page.test"), ("Expect", "100-continue"), ("User-Agent", 'a "quoted" agent'),
    ]:
        yield post(f"a generation with {name}: {value}", SMALL, GENERATIONS, (name, value))


def own_routes() -> Iterator[Call]:
    own = ["/_fakeai/stats", "/_fakeai/rules", "/_fakeai/requests?limit=1", "/_fakeai/faults", "/metrics"]
    strangers = [
        ("Host", "rebind.example"), ("Host", "localhost:{port}"), ("Host", "[::1]"), ("Host", "a.localhost"),
        ("X-Forwarded-For", "10.1.2.3"),
        ("X-Forwarded-For", "127.0.0.1"), ("X-Real-IP", "10.1.2.3"), ("Forwarded", "for=10.1.2.3"), ("Origin", "http://page.test"),
        ("Origin", "http://127.0.0.1:{port}"), ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-origin"),
        ("Sec-Fetch-Site", "none"),
    ]
    for path, (name, value) in itertools.product(own, strangers):
        yield Call(f"{path} with {name}: {value}", "GET", path, ((name, value),))
    documents = [
        [], [{"name": "seventh", "when": {"every": 7}, "then": {"fault": "rate_limit"}}], {}, [{}], [{"then": {"fault": "flood"}}],
        [{"then": {}}, {"when": {"every": 0}, "then": {}}], [{"match": {"modell": "x"}, "then": {}}], [{"then": {"latency": "x"}}], [],
    ]
    for index, document in enumerate(documents):
        yield Call(f"put rules {index}", "PUT", "/_fakeai/rules", (JSON,), json.dumps(document).encode())
        yield Call(f"get rules {index}", "GET", "/_fakeai/rules")
    for name, body in {"broken": b"[", "large": b"[" + b" " * 70_000 + b"]", "not UTF-8": b"\xff"}.items():
        yield Call(f"put rules: {name}", "PUT", "/_fakeai/rules", (JSON,), body)
    yield Call("put rules as text", "PUT", "/_fakeai/rules", (("Content-Type", "text/plain"),), b"[]")
    for query in [
        "", "?limit=0", "?limit=1", "?limit=1001", "?limit=x", "?status=400&limit=3", "?model=gpt-image-2&limit=2", "?method=DELETE",
        "?path=/v1/models&limit=2", "?key=1234&limit=2", "?key=9876", "?fault=billing&limit=5", "?since=3&limit=4", "?since=99999999",
        "?since=-1", "?status=429&since=0&limit=2", "?nothing=1", "?wait=0.05&status=299", "?wait=61", "?wait=x", "?path=/v1/a+b", "?%ff",
    ]:
        yield Call(f"the journal: {query}", "GET", f"/_fakeai/requests{query}")
    for path in ["/_fakeai/stats", "/metrics", "/healthz", "/readyz"]:
        yield Call(f"{path} in the end", "GET", path)


def usual() -> Scene:
    parts = [generations, streams, profiles, azure, edits, pictures, faults, latencies, refusals, routes, own_routes]
    return Scene("usual", [call for part in parts for call in part()], {"JOURNAL_SIZE": 10_000})


KEYS = [
    {"key": "sk-fine"}, {"key": "sk-two", "requests_per_minute": 2}, {"key": "sk-three-images", "images_per_minute": 3},
    {"key": "sk-tier", "tier": 1},
    *({"key": f"sk-{state}", "state": state} for state in ["unknown", "quota", "billing", "unverified", "limited"]),
]


def keys() -> Scene:
    def as_key(name: str, key: str, body: object = SMALL, target: str = GENERATIONS) -> Call:
        return post(f"{name} as {key}", body, target, ("Authorization", f"Bearer {key}"))

    calls = [as_key(f"request {index}", entry["key"]) for index in range(4) for entry in KEYS]
    calls += [as_key("three images", "sk-three-images", SMALL | {"n": 3}), as_key("six images", "sk-tier", SMALL | {"n": 6})]
    calls += [Call(f"models as {entry['key']}", "GET", "/v1/models", (("Authorization", f"Bearer {entry['key']}"),)) for entry in KEYS]
    calls += [as_key("a stream", entry["key"], GPT | {"stream": True}) for entry in KEYS]
    calls += [as_key("a wrong request", entry["key"], {}) for entry in KEYS]
    calls += [as_key("a key", key) for key in ["none", "sk-fin", "sk-finer", ""]]
    calls += [post("Azure's key", SMALL, GENERATIONS, ("Authorization", ""), ("api-key", "sk-fine"))]
    calls += [Call("no key", "POST", GENERATIONS, (JSON,), json.dumps(SMALL).encode())]
    return Scene("keys", calls, files={"KEYS": KEYS}, has_limits=True)


def limits() -> Scene:
    calls = [post(f"{n} images, request {index}", SMALL | {"n": n}) for index, n in enumerate([1, 2, 3, 4, 8, 1, 1, 10, 2] + [1] * 15)]
    calls += [Call("models", "GET", "/v1/models", (KEY,)), form("an edit", SMALL, [("image", upload())])]
    settings = {"REQUESTS_PER_MINUTE": 20, "IMAGES_PER_MINUTE": 25, "LIMIT_REFILL": "minute"}
    return Scene("limits", calls, settings, has_limits=True)


RULES = [
    {"name": "storms", "match": {"prompt": "storm"}, "when": {"sequence": "repeat"},
     "then": [{"fault": "server_error"}, {}, {"fault": "billing"}]},
    {"name": "once", "match": {"size": "512x512"}, "when": {"sequence": "once"}, "then": [{"fault": "quota"}, {"fault": "unverified"}]},
    {"name": "first two", "match": {"model": "gpt-image-*"}, "when": {"first": 2}, "then": {"fault": "overloaded"}},
    {"name": "a key", "match": {"key": "sk-test-*"}, "then": {"fault": "invalid_api_key"}},
    {"name": "pictures", "match": {"route": "/images/*"}, "when": {"every": 3}, "then": {"fault": "corrupt_image"}},
    {"name": "models", "match": {"route": "/v1/models"}, "when": {"every": 2}, "then": {"fault": "server_error"}},
    {"name": "chance", "match": {"size": "256x256"}, "when": {"probability": 0.4, "seed": 7},
     "then": {"fault": "rate_limit", "retry_after": "2s"}},
    {"when": {"every": 4}, "then": {"latency": "30ms"}},
]


def rules() -> Scene:
    calls = [post(f"a storm {index}", SMALL | {"prompt": "a storm"}) for index in range(7)]
    calls += [post(f"medium {index}", SMALL | {"size": "512x512"}) for index in range(4)]
    calls += [post(f"today's {index}", GPT) for index in range(5)]
    calls += [post(f"a test key {index}", GPT, GENERATIONS, ("Authorization", f"Bearer sk-test-{index}")) for index in range(2)]
    calls += [post(f"by chance {index}", SMALL) for index in range(30)]
    calls += [post("keep", GPT | {"response_format": "url"}, keeps="png")]
    calls += [Call(f"picture {index}", "GET", "{png}") for index in range(7)]
    calls += [Call(f"models {index}", "GET", "/v1/models", (KEY,)) for index in range(4)]
    calls += [post("a header wins", SMALL | {"prompt": "a storm"}, GENERATIONS, ("X-FakeAI-Fault", "none"))]
    calls += [Call("the rules", "GET", "/_fakeai/rules"), Call("the journal", "GET", "/_fakeai/requests?fault=rate_limit")]
    return Scene("rules", calls, files={"RULES": RULES})


def fakes() -> Scene:
    """Nothing is drawn, and as much as may be is switched off."""
    calls = [post(f"{n} images by {shape}", SMALL | {"n": n, "response_format": shape}) for n in [1, 3] for shape in ["url", "b64_json"]]
    calls += [post("today's", GPT), post("a stream", GPT | {"stream": True, "partial_images": 2})]
    calls += [form("an edit", SMALL, [("image", upload())]), form("a variation", {}, [("image", upload())], VARIATIONS)]
    calls += [post("a directive", SMALL | {"prompt": "a [[fakeai fault=billing]]", "model": "dall-e-3"})]
    calls += [Call("a picture", "GET", f"/images/{NOBODYS_ID}.png")]
    own = ["/_fakeai/stats", "/_fakeai/requests", "/metrics", "/v1/models"]
    calls += [Call("own routes", "GET", path, (("Host", "mock.test"),)) for path in own]
    settings = {"GENERATE_ACTUAL_IMAGES": "false", "PROMPT_DIRECTIVES": "false", "JOURNAL_SIZE": 0, "TRUSTED_HOSTS": "mock.test"}
    return Scene("fakes", calls, settings)


def today() -> Scene:
    """Today's API by default, as slow as a setting says, at another address."""
    calls = [post("today's", GPT, at_least=30), post("dall-e-3", {"model": "dall-e-3", "prompt": "a"}), post("no model", {"prompt": "a"})]
    calls += [post("all that was ever allowed", SMALL | {"n": 2}, GENERATIONS, profile(FAKEAI), at_least=30)]
    calls += [post("a directive", GPT | {"prompt": "a [[fakeai latency=60ms]]"}, at_least=60)]
    calls += [post("a stream", GPT | {"stream": True, "partial_images": 1})]
    calls += [Call("models", "GET", "/v1/models", (KEY,)), Call("no key", "GET", "/v1/models")]
    return Scene("today", calls, {"PROFILE": "openai", "LATENCY": "fixed:30ms", "PUBLIC_URL": "https://pictures.test/base"})


def full(policy: str) -> Scene:
    calls = [
        post(f"picture {index}", SMALL | {"quality": "hd", "size": "1024x1024", "n": 2, "response_format": "url"}, keeps=f"p{index}")
        for index in range(30)
    ]
    # What is refused keeps no picture, and its name is then a path that leads nowhere.
    calls += [Call(f"picture {index} again", "GET", f"{{p{index}}}") for index in range(30)]
    calls += [Call("the store", "GET", "/_fakeai/stats"), Call("readiness", "GET", "/readyz")]
    return Scene(f"a full store: {policy}", calls, {"IMAGE_STORE_SIZE": "1M", "IMAGE_STORE_FULL": policy})


def scenes() -> list[Scene]:
    return [usual(), keys(), limits(), rules(), fakes(), today(), full("evict"), full("refuse")]
