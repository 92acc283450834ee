"""HTTP as clients and proxies speak it, through nginx: conditions, targets, HEAD, compressed bodies, and the address of the client."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from urllib.parse import urlsplit

import httpx
import pytest

from nginx_site import Site
from pool import Pool
from processes import kill
from wire import Answer, send

# One client, because a new one reads certificates; a connection of its own for each request, so that all workers answer.
WEB = httpx.Client(limits=httpx.Limits(max_keepalive_connections=0), timeout=30)
BODY = json.dumps({"prompt": "a lake", "size": "256x256", "model": "dall-e-2"}).encode()


def generate(pool: Pool, body: bytes, *headers: tuple[str, str | bytes]) -> Answer:
    return send(pool, "POST", "/v1/images/generations", body, [("Content-Type", "application/json"), *headers])


@pytest.fixture(scope="module")
def path(pool) -> str:
    return urlsplit(pool.urls(size="256x256")[0]).path


@pytest.fixture(scope="module")
def cached(pool):
    with Site.before(pool, variants=("fastcgi_cache_path", "include")) as site:
        yield site


# MARK: Conditions
def conditional(tag: str, date: str) -> list[tuple[int, dict[str, str]]]:
    before, after = "Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT"
    return [
        (304, {"If-None-Match": tag}), (304, {"If-None-Match": f'"a,b",,\t W/{tag}'}), (304, {"If-None-Match": "*"}),
        (200, {"If-None-Match": '"x"'}), (200, {"If-None-Match": '"x"', "If-Modified-Since": after}),
        (304, {"If-Modified-Since": date}), (304, {"If-Modified-Since": after}), (200, {"If-Modified-Since": before}),
        (304, {"If-Modified-Since": "Friday, 01-Jan-60 00:00:00 GMT"}), (304, {"If-Modified-Since": "Fri Jan  1 00:00:00 2100"}),
        (200, {"If-Modified-Since": "tomorrow"}),
        (200, {"If-Match": tag}), (200, {"If-Match": f'"x" , {tag}'}), (412, {"If-Match": "W/" + tag}), (412, {"If-Match": '"x"'}),
        (412, {"If-Unmodified-Since": before}), (200, {"If-Unmodified-Since": date}),
        (200, {"If-Match": "*", "If-Unmodified-Since": before}),
        (206, {"Range": "bytes=1-3", "If-Range": tag}), (206, {"Range": "bytes=1-3", "If-Range": date}),
        (200, {"Range": "bytes=1-3", "If-Range": "W/" + tag}), (200, {"Range": "bytes=1-3", "If-Range": before}),
        (200, {"Range": "bytes=1-3", "If-Range": after}), (206, {"Range": "bytes=,1-3 ,"}), (200, {"Range": "bytes=1-3,5-6"}),
        # Perl's LWP::Simple::mirror and `wget -N` send these.
        (304, {"If-Modified-Since": date, "If-None-Match": tag, "TE": "deflate,gzip;q=0.3", "Connection": "TE"}),
        (304, {"If-Modified-Since": date, "User-Agent": "Wget/1.21.3", "Accept": "*/*", "Accept-Encoding": "identity"}),
    ]


def test_conditions_are_the_same_with_and_without_a_cache(pool, cached, path):
    whole = WEB.get(cached.url + path)
    for status, headers in conditional(whole.headers["ETag"], whole.headers["Last-Modified"]):
        answers = [WEB.get(base + path, headers=headers) for base in (pool.url, cached.url)]
        for answer in answers:
            assert answer.status_code == status, headers
            assert answer.headers["ETag"] == whole.headers["ETag"] and answer.headers["Last-Modified"] == whole.headers["Last-Modified"]
            assert answer.content == {200: whole.content, 206: b"PNG", 304: b""}.get(status, answer.content), headers
        ours, theirs = (set(answer.headers) - {"x-cache-status"} for answer in answers)
        assert ours == theirs, headers
        head = WEB.head(cached.url + path, headers=headers)
        assert head.status_code == (200 if status == 206 else status) and not head.content
    assert WEB.get(cached.url + path).headers["X-Cache-Status"] == "HIT"


# MARK: Targets and methods
@pytest.mark.parametrize(
    "target, status", [("http://other.test:81/v1/models", 200), ("HTTP://a.test/healthz", 200), ("http://a.test/x?y", 404)]
)
def test_a_target_may_be_absolute(pool, target, status):
    answer = send(pool, "GET", target)
    assert answer.status == status
    if status == 404:
        assert answer.error["message"] == "Invalid URL (GET /x)"


def test_an_absolute_target_names_the_host(pool, path):
    headers = [("Content-Type", "application/json"), ("Host", "ignored.test")]
    for authority in ("other.test", "other.test:81", "[::1]:81"):
        answer = send(pool, "POST", f"http://{authority}/v1/images/generations", BODY, headers)
        assert json.loads(answer.body)["data"][0]["url"].startswith(f"http://{authority}/images/")
    assert send(pool, "GET", f"http://other.test{path}", headers=[("Host", "ignored.test")]).status == 200
    # Access depends on the header, as before.
    assert send(pool, "GET", "http://localhost/_fakeai/stats", headers=[("Host", "other.test")]).status == 403
    both = [("TARGET-HOST", "localhost"), ("Host", "other.test")]
    assert send(pool, "GET", "http://other.test/_fakeai/stats", headers=both).status == 403


def test_head_is_get_without_a_body(pool, path):
    """As in the list of routes in the README."""
    readable = ["/healthz", "/readyz", "/metrics", "/v1/models", "/v1/models/x", "/openai/models", "/_fakeai/stats", "/_fakeai/faults"]
    for target in [*readable, "/_fakeai/rules", "/_fakeai/requests", path, "/", "/v1/nothing", "/images/x.png", "/_fakeai/nothing"]:
        # Of what nginx compresses while it sends, it does not know the length.
        get, head = (method(pool.url + target, headers={"Accept-Encoding": "identity"}) for method in (WEB.get, WEB.head))
        assert (head.status_code, head.content) == (get.status_code, b""), target
        assert set(head.headers) == set(get.headers), target
        assert head.headers["Content-Type"] == get.headers["Content-Type"], target
        changing = {"/metrics", "/_fakeai/stats", "/_fakeai/requests", "/v1/nothing", "/_fakeai/nothing"}
        assert target in changing or head.headers["Content-Length"] == get.headers["Content-Length"], target
        assert int(head.headers["Content-Length"]) > 0, target


# MARK: Compressed bodies
def gzipped(body: bytes, level: int = 9) -> bytes:
    """Without the time, which would make the names of tests differ between two processes that collect them."""
    return gzip.compress(body, level, mtime=0)


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    "coding, body",
    [
        ("gzip", gzipped(BODY)), ("x-gzip", gzipped(BODY)), ("GZIP", gzipped(BODY[:9]) + gzipped(BODY[9:])),
        ("deflate", zlib.compress(BODY)), ("deflate", raw_deflate(BODY)), ("identity", BODY), (", gzip", gzipped(BODY)),
    ],
)
def test_a_body_may_be_compressed(pool, coding, body):
    assert generate(pool, body, ("Content-Encoding", coding)).status == 200


def test_a_large_compressed_form_is_read_whole(pool):
    noise = bytes(index * index >> 7 & 255 for index in range(3_000_000))
    form = b"".join(
        b'--b\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n' % part
        for part in [(b"prompt", b"", b"a lake"), (b"image", b'; filename="a.png"', noise)]
    ) + b"--b--\r\n"
    headers = [("Content-Type", "multipart/form-data; boundary=b"), ("Content-Encoding", "gzip"), ("api-key", "gzipped-form-7391")]
    assert send(pool, "POST", "/v1/images/edits", gzipped(form, 1), headers).status == 200
    [entry] = WEB.get(f"{pool.url}/_fakeai/requests", params={"key": "7391"}).json()["requests"]
    assert entry["parameters"]["image"]["bytes"] == len(noise)
    assert entry["parameters"]["image"]["crc32"] == f"{zlib.crc32(noise):08x}"


@pytest.mark.parametrize("coding", ["br", "zstd", "compress", "gzip, gzip", "gzip;q=1"])
def test_another_coding_is_refused_with_those_that_are_known(pool, coding):
    answer = generate(pool, BODY, ("Content-Encoding", coding))
    assert answer.status == 415 and answer.headers["Accept-Encoding"] == "gzip, deflate"
    assert answer.error["message"] == (
        f"Unsupported content encoding: '{coding}'. The body of a request may be compressed with gzip or deflate."
    )


@pytest.mark.parametrize(
    "coding, body, reason",
    [
        ("gzip", gzipped(BODY)[:-1], "it ends early"), ("gzip", gzipped(BODY)[:5], "it ends early"),
        ("gzip", BODY, "its bytes are damaged, or are not compressed at all"),
        ("gzip", gzipped(BODY)[:-8] + b"\0" * 8, "its bytes are damaged, or are not compressed at all"),
        ("gzip", zlib.compress(BODY), "its bytes are damaged, or are not compressed at all"),
        ("deflate", zlib.compress(BODY)[:-1], "it ends early"), ("deflate", zlib.compress(BODY) + b"x", "there are bytes after its end"),
    ],
)
def test_a_body_that_is_not_what_it_says_is_refused(pool, coding, body, reason):
    answer = generate(pool, body, ("Content-Encoding", coding))
    assert answer.status == 400
    assert answer.error["message"].endswith(f"Content-Encoding is {coding}, but the body is not valid {coding}: {reason}.")


@pytest.mark.parametrize("target", ["/v1/images/generations", "/v1/images/edits"])
def test_a_bomb_is_refused(pool, target):
    bomb = gzipped(b" " * (53 << 20), 9)
    assert len(bomb) < 60_000
    answer = send(pool, "POST", target, bomb, [("Content-Type", "application/json"), ("Content-Encoding", "gzip")])
    assert answer.status == 413
    assert answer.error["message"] == f"The request body is too large: it decompresses to more than {52 << 20} bytes, which is the limit."


# MARK: The address of the client
def test_the_first_proxy_names_the_address(pool):
    for headers, base in [
        ([("X-Forwarded-Proto", "https,http")], "https://a.test"), ([("X-Forwarded-Proto", "HTTPS")], "https://a.test"),
        ([("X-Forwarded-Proto", "https"), ("X-Forwarded-Proto", "http")], "https://a.test"),
        ([("X-Forwarded-Host", "b.test, c.test"), ("X-Forwarded-Port", "8443")], "http://b.test:8443"),
        ([("X-Forwarded-Host", "b.test/../x")], "http://a.test"),
        ([("Forwarded", 'For="[2001:db8::1]";Proto=https ; host="b.test:81", for=10.0.0.1;proto=http')], "https://b.test:81"),
    ]:
        answer = generate(pool, BODY, ("Host", "a.test"), *headers)
        assert json.loads(answer.body)["data"][0]["url"].startswith(base + "/images/"), headers


def test_strict_transport_security_is_for_tls(pool):
    def sent(*headers: tuple[str, str], target: str = "/v1/models", method: str = "GET") -> bool:
        return "strict-transport-security" in send(pool, method, target, headers=headers).headers

    assert not sent() and not sent(("X-Forwarded-Proto", "http, https"))
    for value in ("https", "HTTPS, http"):
        assert sent(("X-Forwarded-Proto", value))
        # nginx's own error, 413.
        assert sent(("X-Forwarded-Proto", value), ("Content-Length", str(60 << 20)), method="POST")
    assert not sent(("Content-Length", str(60 << 20)), method="POST")


# MARK: Signed URLs
@pytest.fixture(scope="module")
def signing():
    pool = Pool("--workers", "2", "--url-style", "azure-blob")
    try:
        pool.start()
        with Site.before(pool, variants=("fastcgi_cache_path", "include")) as site:
            yield pool, site
    finally:
        pool.close()


def detail(answer: httpx.Response) -> str:
    assert answer.status_code == 403 and answer.headers["x-ms-error-code"] == "AuthenticationFailed"
    assert answer.headers["Content-Type"] == "application/xml"
    pattern = (
        r'<\?xml version="1.0" encoding="utf-8"\?><Error><Code>AuthenticationFailed</Code><Message>Server failed to authenticate the '
        r"request. "
        r"Make sure the value of Authorization header is formed correctly including the signature.\nRequestId:[0-9a-f-]{36}\n"
        r"Time:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z</Message><AuthenticationErrorDetail>(.*)</AuthenticationErrorDetail></Error>"
    )
    return re.fullmatch(pattern, answer.text, re.S)[1]


def test_every_worker_takes_a_signed_url_and_no_other(signing):
    pool, site = signing
    [url] = pool.urls(size="256x256", output_format="webp", model="gpt-image-1", response_format="url")
    assert urlsplit(url).path.endswith(".webp")
    target = urlsplit(url)
    for base in (pool.url, site.url):
        signed = f"{base}{target.path}?{target.query}"
        for _ in range(2):
            workers = set()
            while len(workers) < 2:
                answer = WEB.get(signed)
                assert answer.status_code == 200 and "X-Accel-Expires" not in answer.headers
                assert answer.headers.get("X-Cache-Status") in (None, "MISS")
                workers.add(answer.headers["X-FakeAI-Worker"])
        assert detail(WEB.get(base + target.path)) == "Signature did not match."
        assert detail(WEB.get(signed.replace("sp=r", "sp=w"))).startswith("Signature did not match. String to sign used was w\n")
        assert detail(WEB.get(signed[:-6] + "AAA%3D")).startswith("Signature did not match.")
        expired = detail(WEB.get(signed, headers={"X-FakeAI-Fault": "expired_url"}))
        assert re.fullmatch(r"Signed expiry time \[.* GMT\] must be after signed start time \[.* GMT\]", expired)
        assert WEB.get(signed).status_code == 200
        assert WEB.head(base + target.path).status_code == 403
        assert WEB.get(signed, headers={"Range": "bytes=0-3"}).content == b"RIFF"
        assert WEB.get(signed, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_a_signed_url_is_valid_after_its_workers_have_been_replaced(signing):
    pool, _ = signing
    urls = pool.urls(size="256x256")
    before = pool.workers
    for pid in before:
        kill(pid)
    # nginx waits for the new ones.
    answers = [WEB.get(url) for url in urls for _ in range(8)]
    assert {answer.status_code for answer in answers} == {200}
    assert not before & {int(answer.headers["X-FakeAI-Worker"].split("-")[1]) for answer in answers}


def test_a_fault_makes_a_url_that_has_expired(signing):
    pool, _ = signing
    answer = WEB.post(
        f"{pool.url}/v1/images/generations", json=json.loads(BODY), headers={"X-FakeAI-Fault": "expired_url"}
    )
    assert detail(WEB.get(answer.json()["data"][0]["url"])).startswith("Signed expiry time [")

