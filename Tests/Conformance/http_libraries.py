"""How the HTTP libraries of other languages write a request: names, order and spelling of the headers, and the shape of a form."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass

Headers = list[tuple[str, str]]

HOST = "{host}"
"""Replaced by the server's address when a request is sent."""


@dataclass(frozen=True)
class Body:
    data: bytes = b""
    content_type: str | None = None

    @property
    def described(self) -> Headers:
        """What most libraries say about a body, in this order."""
        return [("Content-Type", self.content_type), ("Content-Length", str(len(self.data)))] if self.content_type else []


# A form.


@dataclass(frozen=True)
class Part:
    name: str
    data: bytes
    filename: str | None = None
    media_type: str | None = None

    @property
    def disposition(self) -> str:
        """With the quotes escaped as browsers do."""
        filename = "" if self.filename is None else '; filename="{}"'.format(self.filename.replace('"', "%22"))
        return f'form-data; name="{self.name}"{filename}'


def text(**values: object) -> list[Part]:
    return [Part(name, str(value).encode()) for name, value in values.items()]


def multipart(parts: Iterable[Part], boundary: str, headers: Callable[[Part], Headers], *, quoted: bool = False, end: str = "\r\n") -> Body:
    """A form with the boundary and the part headers of a library."""
    pieces = []
    for part in parts:
        lines = [f"--{boundary}", *(f"{name}: {value}" for name, value in headers(part)), "", ""]
        pieces += ["\r\n".join(lines).encode(), part.data, b"\r\n"]
    pieces.append(f"--{boundary}--{end}".encode())
    written = f'"{boundary}"' if quoted else boundary
    return Body(b"".join(pieces), f"multipart/form-data; boundary={written}")


def disposition_first(part: Part) -> Headers:
    return [("Content-Disposition", part.disposition)] + ([("Content-Type", part.media_type)] if part.media_type else [])


def httpx_form(parts: Iterable[Part]) -> Body:
    """Python's httpx, and with it OpenAI's Python package."""
    return multipart(parts, "2f9c1f4e8f0d4b6f9b6a0d4f3c1f7a5e", disposition_first)


def aiohttp_form(parts: Iterable[Part]) -> Body:
    """Python's aiohttp: the type comes first, and text has one too."""

    def headers(part: Part) -> Headers:
        return [("Content-Type", part.media_type or "text/plain; charset=utf-8"), ("Content-Disposition", part.disposition)]

    return multipart(parts, "b4bd0ea0a4674a12a4c4fc20a5d1f0e1", headers)


def axios_form(parts: Iterable[Part]) -> Body:
    """Node's package form-data, which axios uses."""
    return multipart(parts, "--------------------------583190714229384710265938", disposition_first)


def undici_form(parts: Iterable[Part]) -> Body:
    """fetch of Node: a Blob without a name is called `blob`."""
    return multipart(parts, "----formdata-undici-062013984511", disposition_first)


def chromium_form(parts: Iterable[Part]) -> Body:
    """fetch of Chromium, also in Electron."""
    return multipart(parts, "----WebKitFormBoundaryA1bC2dE3fG4hI5jK", disposition_first)


def jdk_form(parts: Iterable[Part]) -> Body:
    """LangChain4j's own writer on the JDK's HttpClient, with one boundary for all requests."""
    return multipart(parts, "----LangChain4j", disposition_first, end="")


def okhttp_form(parts: Iterable[Part]) -> Body:
    """OkHttp: each part has a length."""

    def headers(part: Part) -> Headers:
        return disposition_first(part) + [("Content-Length", str(len(part.data)))]

    return multipart(parts, "0f4be1a3-40a5-4a3c-9f0e-4f4a4be1f7c2", headers)


def go_form(parts: Iterable[Part]) -> Body:
    """Go's mime/multipart."""
    return multipart(parts, "c06f8d3d7d63c1b2f0a0e5ea8a1be22fe2bd1d2b7c3e5b0a91a8f9b3f2d1", disposition_first)


def curl_form(parts: Iterable[Part]) -> Body:
    return multipart(parts, "------------------------0846b1950c7e16f1", disposition_first)


def guzzle_form(parts: Iterable[Part]) -> Body:
    """PHP's Guzzle: each part has a length, before its type."""

    def headers(part: Part) -> Headers:
        first, *rest = disposition_first(part)
        return [first, ("Content-Length", str(len(part.data))), *rest]

    return multipart(parts, "8b3c1e5f9a0d7b2c4e6f8a1b3c5d7e9f0a2b4c6d", headers)


def dotnet_form(parts: Iterable[Part]) -> Body:
    """OpenAI's .NET package: 70 characters of boundary, quoted; names without quotes; the file name twice."""

    def headers(part: Part) -> Headers:
        name = "" if part.filename is None else f"; filename={part.filename}; filename*=utf-8''{part.filename}"
        return [("Content-Type", part.media_type or "text/plain"), ("Content-Disposition", f"form-data; name={part.name}{name}")]

    boundary = "PzK=0_aB9c8D7e6F5g4H3i2J1k0LmNoPqRsTuVwXyZ=AbCdEfGhIjKlMnOpQrStUvWxYz_"
    return multipart(parts, boundary, headers, quoted=True)


# JSON.


def compact_json(value: object) -> Body:
    """As JSON.stringify, Go, Jackson and httpx write it."""
    return Body(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), "application/json")


def spaced_json(value: object) -> Body:
    """As Python's json module writes it."""
    return Body(json.dumps(value).encode(), "application/json")


# The head of a request. `given` is what the client itself sets.


def openai_python(given: Headers, body: Body) -> Headers:
    is_form = body.content_type is not None and body.content_type.startswith("multipart/")
    kind = [("content-type", body.content_type)] if body.content_type and not is_form else []
    return [
        ("Host", HOST), ("Accept-Encoding", "gzip, deflate"), ("Connection", "keep-alive"),
        *((name.lower(), value) for name, value in given), ("accept", "application/json"), *kind, ("user-agent", "OpenAI/Python 3.57.0"),
        *((name.lower(), value) for name, value in stainless("python", "3.57.0", "CPython", "3.11.7")), ("x-stainless-async", "false"),
        ("x-stainless-read-timeout", "600"), *body.described[1:], *(body.described[:1] if is_form else []),
    ]


def stainless(language: str, version: str, runtime: str, of: str) -> Headers:
    return [
        ("X-Stainless-Lang", language), ("X-Stainless-Package-Version", version), ("X-Stainless-OS", "Linux"), ("X-Stainless-Arch", "x64"),
        ("X-Stainless-Runtime", runtime), ("X-Stainless-Runtime-Version", of), ("X-Stainless-Retry-Count", "0"),
    ]


def openai_node(given: Headers, body: Body) -> Headers:
    """OpenAI's JavaScript package on fetch of Node."""
    own = [(name.lower(), value) for name, value in stainless("js", "6.9.1", "node", "v22.19.0")]
    return undici([*given, ("user-agent", "OpenAI/JS 6.9.1"), *own, ("accept", "application/json")], body)


def openai_browser(given: Headers, body: Body) -> Headers:
    """The same in a page."""
    own = stainless("js", "6.9.1", "browser:chrome", "141.0.0")
    return chromium([*given, *own, ("Accept", "application/json")], body)


def undici(given: Headers, body: Body) -> Headers:
    named = {name.lower() for name, _ in given}
    usual = [("accept", "*/*"), ("accept-language", "*"), ("sec-fetch-mode", "cors"), ("user-agent", "node")]
    return [
        ("host", HOST), ("connection", "keep-alive"), *given, *((name.lower(), value) for name, value in body.described[:1]),
        *((name, value) for name, value in usual if name not in named), ("accept-encoding", "gzip, deflate"),
        *((name.lower(), value) for name, value in body.described[1:]),
    ]


def chromium(given: Headers, body: Body) -> Headers:
    length = [("Content-Length", str(len(body.data)))] if body.content_type else []
    kind = [("Content-Type", body.content_type)] if body.content_type else []
    return [
        ("Host", HOST), ("Connection", "keep-alive"), *length, ("sec-ch-ua-platform", '"Linux"'), *given, *kind,
        ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"),
        ("Origin", "https://chat.example"), ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "cors"), ("Sec-Fetch-Dest", "empty"),
        ("Referer", "https://chat.example/"), ("Accept-Encoding", "gzip, deflate, br, zstd"), ("Accept-Language", "en-GB,en;q=0.9"),
    ]


def aiohttp(given: Headers, body: Body) -> Headers:
    kind = [] if any(name.lower() == "content-type" for name, _ in given) else body.described[:1]
    return [
        ("Host", HOST), *given, ("Accept", "*/*"), ("Accept-Encoding", "gzip, deflate"),
        ("User-Agent", "Python/3.11 aiohttp/3.14.5"), *body.described[1:], *kind,
    ]


def axios(given: Headers, body: Body) -> Headers:
    return [
        ("Accept", "application/json, text/plain, */*"), *body.described[:1], *given, ("User-Agent", "axios/1.13.2"), *body.described[1:],
        ("Accept-Encoding", "gzip, compress, deflate, br"), ("Host", HOST), ("Connection", "keep-alive"),
    ]


def httpx(given: Headers, body: Body) -> Headers:
    return [
        ("Host", HOST), ("Accept", "*/*"), ("Accept-Encoding", "gzip, deflate"), ("Connection", "keep-alive"),
        ("User-Agent", "python-httpx/0.28.1"), *given, *reversed(body.described),
    ]


def okhttp(given: Headers, body: Body) -> Headers:
    return [*given, *body.described, ("Host", HOST), ("Connection", "Keep-Alive"), ("Accept-Encoding", "gzip")]


def jdk(given: Headers, body: Body) -> Headers:
    """The JDK's HttpClient, which offers HTTP/2 with every request in the clear."""
    return [
        ("Connection", "Upgrade, HTTP2-Settings"), ("Content-Length", str(len(body.data))), ("Host", HOST),
        ("HTTP2-Settings", "AAEAAEAAAAIAAAAAAAMAAAAAAAQBAAAAAAUAAEAAAAYABgAA"), ("Upgrade", "h2c"),
        ("User-Agent", "Java-http-client/17.0.15"), *given, *body.described[:1],
    ]


def go(given: Headers, body: Body) -> Headers:
    """net/http: headers of the program in alphabetical order."""
    length = [("Content-Length", str(len(body.data)))] if body.content_type else []
    return [("Host", HOST), ("User-Agent", "Go-http-client/1.1"), *length, *sorted(given + body.described[:1]), ("Accept-Encoding", "gzip")]


def curl(given: Headers, body: Body) -> Headers:
    return [("Host", HOST), ("User-Agent", "curl/7.88.1"), ("Accept", "*/*"), *given, *reversed(body.described)]


def guzzle(given: Headers, body: Body) -> Headers:
    return [
        ("Host", HOST), ("User-Agent", "Nextcloud-Server-Crawler/32.0.1"), ("Accept-Encoding", "gzip"), *given, *body.described,
    ]


def wordpress(given: Headers, body: Body) -> Headers:
    """WordPress' own Requests on PHP's curl."""
    return [
        ("Host", HOST), ("User-Agent", "WordPress/7.0; https://shop.example"), ("Accept", "*/*"),
        ("Accept-Encoding", "deflate, gzip, br, zstd"), ("Referer", "http://" + HOST + "/v1/images/generations"), *given, *body.described,
        ("Connection", "close"),
    ]


def dotnet(given: Headers, body: Body) -> Headers:
    return [
        ("Host", HOST), ("Accept", "application/json"), ("User-Agent", "OpenAI/2.7.0 (.NET 9.0.9; Debian GNU/Linux 12 (bookworm))"),
        *given, *body.described,
    ]
