"""nginx's part: its own errors, the variants of its site, its log, and who may see what."""

from __future__ import annotations

import json
import random
import re
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import openai
import pytest

from nginx_site import Site, proxy
from pictures import checked_png
from pool import ROOT, image_id
from processes import eventually
from wire import raw

PROXY_GUIDE = ROOT / "Sources/fakeai-images/Documentation.docc/Guides/Behind-a-proxy.md"
REQUEST = {"prompt": "a lake at dawn", "size": "256x256"}
# What each answer of the API carries.
ANSWER_HEADERS = [
    "openai-organization", "openai-project", "openai-processing-ms", "openai-version", "x-request-id", "x-fakeai-worker",
    "x-content-type-options",
    *(f"x-ratelimit-{kind}-{unit}" for kind in ("limit", "remaining", "reset") for unit in ("requests", "images")),
]
IPV6 = (r"listen \[::\]:8000",)
TLS = ("listen 8443", "ssl_certificate", "ssl_certificate_key", "ssl_protocols", "ssl_ciphers", "ssl_session_cache")
CACHE = ("fastcgi_cache_path", "include")
LIMIT = ("limit_req_zone", "limit_req")
PROXY = ("set_real_ip_from", "real_ip_header")


# Workers that go wrong.
@contextmanager
def worker(path: Path, behave: Callable[[socket.socket], object] | None) -> Iterator[Path]:
    """A socket at which each connection is treated as told; with None, nobody listens any more."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        kept = []
        if behave:
            listener.listen(64)
            threading.Thread(target=serve, args=(listener, behave, kept), daemon=True).start()
        try:
            yield path
        finally:
            if behave:
                listener.shutdown(socket.SHUT_RDWR)
            for connection in kept:
                connection.close()


def serve(listener: socket.socket, behave: Callable[[socket.socket], object], kept: list) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        kept.append(connection)
        behave(connection)


# What a worker does, the timeout that nginx is to have, and what comes of it.
BROKEN = {
    "nobody listens": (None, 502, "server_error"),
    "it hangs up": (socket.socket.close, 502, "server_error"),
    "it talks nonsense": (lambda connection: connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n" * 9), 502, "server_error"),
    "it never answers": (lambda connection: None, 504, "server_error"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_worker_that_fails_is_an_error_that_the_client_knows(tmp_path, case):
    behave, status, kind = BROKEN[case]
    with worker(tmp_path / "worker.sock", behave) as path:
        with Site(path, replaced={"fastcgi_read_timeout 620s": "fastcgi_read_timeout 1s"}) as site:
            answer = httpx.post(f"{site.url}/v1/images/generations", json=REQUEST)
            assert answer.status_code == status
            assert answer.headers["Content-Type"] == "application/json"
            assert answer.headers["x-request-id"].startswith("req_")
            error = answer.json()["error"]
            assert (error["type"], error["param"], error["code"]) == (kind, None, None) and error["message"]
            with openai.OpenAI(api_key="test", base_url=f"{site.url}/v1", max_retries=0) as client:
                with pytest.raises(openai.InternalServerError) as raised:
                    client.images.generate(**REQUEST)
            assert raised.value.status_code == status and raised.value.request_id.startswith("req_")


def test_too_many_requests_are_429_and_the_client_waits(pool):
    with Site.before(pool, variants=LIMIT, replaced={"rate=20r/s": "rate=1r/s", "burst=40": "burst=2"}) as site:
        answers = [httpx.get(f"{site.url}/v1/models") for _ in range(8)]
        refused = [answer for answer in answers if answer.status_code != 200]
        assert refused and {answer.status_code for answer in refused} == {429}
        assert refused[0].json()["error"]["code"] == "rate_limit_exceeded"
        assert (refused[0].headers["retry-after"], refused[0].headers["retry-after-ms"]) == ("1", "1000")
        with openai.OpenAI(api_key="test", base_url=f"{site.url}/v1", max_retries=0) as client:
            with pytest.raises(openai.RateLimitError):
                for _ in range(8):
                    client.models.list()
        with openai.OpenAI(api_key="test", base_url=f"{site.url}/v1", max_retries=5) as client:
            assert client.models.list().data


def test_a_body_that_is_too_large_is_an_exception_of_the_client(pool):
    with openai.OpenAI(api_key="test", base_url=f"{pool.url}/v1", max_retries=0) as client:
        with pytest.raises(openai.APIStatusError) as raised:
            client.images.generate(prompt="x" * (53 << 20))
    assert raised.value.status_code == 413
    assert raised.value.body["type"] == "invalid_request_error"


def test_nginxs_own_503_is_an_exception_of_the_client(pool):
    """What nginx answers to too many requests where `limit_req_status` is not set."""
    replaced = {"rate=20r/s": "rate=1r/s", "burst=40": "burst=1", "limit_req_status 429": "limit_req_status 503"}
    with Site.before(pool, variants=LIMIT, replaced=replaced) as site:
        with openai.OpenAI(api_key="test", base_url=f"{site.url}/v1", max_retries=0) as client:
            with pytest.raises(openai.InternalServerError) as raised:
                for _ in range(8):
                    client.images.generate(**REQUEST)
    assert raised.value.status_code == 503 and raised.value.request_id.startswith("req_")
    assert raised.value.body["type"] == "service_unavailable_error" and raised.value.code == "server_is_overloaded"
    assert raised.value.response.headers["retry-after"] == "1"


def test_a_request_that_nginx_refuses_to_read_is_an_exception_of_the_client(pool):
    with openai.OpenAI(api_key="test", base_url=f"{pool.url}/v1", max_retries=0) as client:
        with pytest.raises(openai.BadRequestError) as raised:
            client.images.generate(**REQUEST, extra_headers={"Host": "a b"})
    assert raised.value.body["type"] == "invalid_request_error" and raised.value.request_id.startswith("req_")


def test_a_request_that_nginx_cannot_read_is_400(pool):
    answer = raw(pool, b"GET /v1/models HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n")
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert json.loads(body)["error"]["type"] == "invalid_request_error"


def test_plain_http_on_a_port_with_tls_is_400_in_the_apis_shape(pool):
    with Site.before(pool, variants=TLS) as site:
        answer = httpx.get(f"http://127.0.0.1:{site.tls_port}/v1/models")
    assert answer.status_code == 400 and "plain HTTP on a TLS port" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    "condition", [{"If-Match": '"x"'}, {"If-Match": ""}, {"If-Unmodified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"}], ids=str
)
def test_a_condition_that_the_page_does_not_meet_is_412_in_the_apis_shape(pool, condition):
    answer = httpx.get(pool.url + "/", headers=condition)
    assert answer.status_code == 412
    assert answer.json()["error"]["type"] == "invalid_request_error" and answer.headers["x-request-id"].startswith("req_")


@pytest.mark.parametrize("path", ["/_fakeai/stats", "/_fakeai", "/metrics"])
def test_the_mocks_own_affairs_are_for_those_inside(pool, path):
    with Site.before(pool, replaced={"127.0.0.1 yes;": "127.0.0.2 yes;"}) as site:
        answer = httpx.get(site.url + path)
        assert answer.status_code == 403
        assert answer.json()["error"]["type"] == "invalid_request_error"


FORWARDED = ["203.0.113.9", "127.0.0.1, 203.0.113.9", "203.0.113.9, 10.0.0.1"]


@pytest.mark.parametrize("forwarded", FORWARDED)
@pytest.mark.parametrize("variants", [(), PROXY], ids=["as it is", "with set_real_ip_from"])
def test_whom_a_proxy_on_this_machine_lets_in_is_no_insider(pool, variants, forwarded):
    with Site.before(pool, variants=variants, replaced={"set_real_ip_from 10.0.0.0/8": "set_real_ip_from 127.0.0.1"}) as site:
        through_proxy = {"X-Forwarded-For": forwarded}
        assert httpx.get(f"{site.url}/metrics", headers=through_proxy).status_code == 403
        assert httpx.get(f"{site.url}/v1/models", headers=through_proxy).status_code == 200
        assert httpx.get(f"{site.url}/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 200
        assert httpx.get(f"{site.url}/metrics").status_code == 200


def test_the_log_names_the_client_of_a_proxy(pool):
    with Site.before(pool, variants=PROXY, replaced={"set_real_ip_from 10.0.0.0/8": "set_real_ip_from 127.0.0.1"}) as site:
        httpx.get(f"{site.url}/healthz", headers={"X-Forwarded-For": "198.51.100.7, 203.0.113.9"})
        clients = lambda: [json.loads(line)["client"] for line in site.log.read_text().splitlines()]  # noqa: E731
        eventually(lambda: "203.0.113.9" in clients(), within=5, what="the client's address in the log")


@pytest.mark.parametrize("version", ["1.1", "1.0"])
def test_behind_a_proxy_as_the_operations_guide_has_it(pool, version):
    """Pictures' addresses, the real client's address, a large body and a stream's events; over nginx's own default of HTTP/1.0 too."""
    [block] = re.findall(r"```nginx\n(.*?)```", PROXY_GUIDE.read_text(), re.DOTALL)
    block = block.replace("proxy_http_version 1.1", f"proxy_http_version {version}")
    real = {"set_real_ip_from 10.0.0.0/8": "set_real_ip_from 127.0.0.1"}
    with Site.before(pool, variants=PROXY, replaced=real) as site, proxy(site.url, block) as url:
        answer = httpx.post(f"{url}/v1/images/generations", json=REQUEST, headers={"Host": "images.test:8443"})
        assert answer.json()["data"][0]["url"].startswith("http://images.test:8443/images/")
        assert httpx.post(f"{url}/v1/images/generations", json=REQUEST | {"prompt": "x" * (2 << 20)}).json()["error"]["param"] == "prompt"
        slow = REQUEST | {"stream": True, "partial_images": 3}
        with httpx.stream("POST", f"{url}/v1/images/generations", json=slow, headers={"X-FakeAI-Latency": "2s"}, timeout=60) as stream:
            times = [(time.monotonic(), line) for line in stream.iter_lines()]
        begin, second, *_ = (moment for moment, line in times if line.startswith("event: "))
        end = next(moment for moment, line in times if not line)
        assert end - begin < (second - begin) / 2, "the proxy has not held back the end of the first event until the second"
        with httpx.Client(transport=httpx.HTTPTransport(local_address="127.0.0.2")) as outsider:
            assert outsider.get(f"{url}/metrics").status_code == 403
            assert outsider.get(f"{url}/v1/models").status_code == 200


@pytest.mark.skipif(not Path("/proc/net/if_inet6").exists(), reason="this machine has no IPv6")
def test_ipv6(pool):
    with Site.before(pool, variants=IPV6) as site:
        url = f"http://[::1]:{site.port}"
        assert httpx.get(f"{url}/metrics").status_code == 200, "::1 is inside too"
        answer = httpx.post(f"{url}/v1/images/generations", json=REQUEST)
        [image] = answer.json()["data"]
        assert image["url"].startswith(f"{url}/images/") and httpx.get(image["url"]).status_code == 200


def test_the_log_tells_which_worker_took_how_long(pool):
    with Site.before(pool) as site:
        headers = {"User-Agent": 'a "b" \\', "Authorization": "Bearer sk-secret"}
        answer = httpx.post(f"{site.url}/v1/images/generations", json=REQUEST, headers=headers)
        with pytest.raises(httpx.HTTPError):
            httpx.get(f"{site.url}/nothing", headers={"Host": "a b"}).raise_for_status()
        lines = eventually(lambda: len(found := site.log.read_text().splitlines()) >= 3 and found, within=5, what="three lines")
    assert "sk-secret" not in "".join(lines)
    entries = [json.loads(line) for line in lines]
    [entry] = [entry for entry in entries if entry["method"] == "POST"]
    assert f"req_{entry['request_id']}" == answer.headers["x-request-id"]
    assert entry["worker"] == answer.headers["X-FakeAI-Worker"]
    assert entry["status"] == 200 and entry["upstream_status"] == "200"
    assert 0 <= float(entry["upstream_seconds"]) <= entry["seconds"] + 0.01
    assert entry["user_agent"] == headers["User-Agent"]
    assert [entry["status"] for entry in entries if entry["worker"] == ""] == [200, 400]


def log_lines(site: Site, count: int) -> list[bytes]:
    return eventually(lambda: len(lines := site.log.read_bytes().splitlines()) >= count and lines, within=10, what=f"{count} lines")


WRITTEN = {
    "UTF-8": ("é𝒳".encode(), "é𝒳"),
    "Latin-1": (b"caf\xe9", "caf\ufffd"),
    "half a character": (b"a\xc3", "a\ufffd"),
    "a character of another length": (b"a\xe2\x82x", "a\ufffd"),
    "overlong": (b"a\xc0\xaf", "a\ufffd"),
    "overlong, three bytes": (b"a\xe0\x80\xaf", "a\ufffd"),
    "a surrogate": (b"a\xed\xa0\x80", "a\ufffd"),
    "beyond Unicode": (b"a\xf4\x90\x80\x80", "a\ufffd"),
    "good, then bad": ("é".encode() + b"\xff" + b"b", "é\ufffd"),
    "a quote and a backslash": (b'"\\\xff"', '"\\\ufffd'),
    "long": ("é".encode() * 3000, "é" * 3000),
    "long, then bad": ("é".encode() * 3000 + b"\x80", "é" * 3000 + "\ufffd"),
}


def test_a_line_of_the_log_is_json_whatever_bytes_a_client_sends(pool):
    """nginx escapes what is below 0x20 and passes on what is above 0x7f, UTF-8 or not."""
    with Site.before(pool) as site:
        before = len(log_lines(site, 1))
        for written, _ in WRITTEN.values():
            raw(site, b"GET /" + written + b" HTTP/1.1\r\nHost: a\r\nUser-Agent: " + written + b"\r\nConnection: close\r\n\r\n")
        lines = log_lines(site, before + len(WRITTEN))[before:]
    for (case, (_, expected)), line in zip(WRITTEN.items(), lines, strict=True):
        entry = json.loads(line.decode("utf-8"))
        assert (entry["uri"], entry["user_agent"]) == ("/" + expected, expected), case


def test_a_line_of_the_log_is_json_whatever_nginx_cannot_read(pool):
    chance = random.Random(20261128)
    with Site.before(pool) as site:
        before = len(log_lines(site, 1))
        for _ in range(300):
            junk = bytes(chance.choice([chance.randrange(256), chance.randrange(128, 256), *b'"\\ /\t\x7f\xc3\xa9\x00']) for _ in range(20))
            place = chance.randrange(5)
            line = [b"GET", b"/v1/models", b"HTTP/1.1", b"Host: a", b"User-Agent: b"]
            line[place] = line[place][: chance.randrange(6)] + junk
            request = b" ".join(line[:3]) + b"\r\n" + b"\r\n".join(line[3:]) + b"\r\nConnection: close\r\n\r\n"
            raw(site, request, then_close=True)
        lines = log_lines(site, before + 200)
    for line in lines:
        assert json.loads(line.decode("utf-8")).keys() >= {"method", "uri", "status", "user_agent"}


def test_a_line_of_the_log_is_json_whatever_comes_over_http_2(pool):
    """HTTP/2 carries any bytes as a method or a path."""
    fields = [
        (":method", b"G\xff\"T"), (":path", b"/\xc3\x28\xe9"), (":scheme", b"https\xff"), (":authority", b"a\xff"),
        ("user-agent", b"\xf0("),
    ]
    with Site.before(pool, variants=TLS) as site:
        before = len(log_lines(site, 1))
        for odd in range(len(fields)):
            usual = [b"GET", b"/v1/models", b"https", b"localhost", b"test"]
            http_2_get(site, [(name, value if index == odd else usual[index]) for index, (name, value) in enumerate(fields)])
        lines = log_lines(site, before + 4)
    for line in lines:
        json.loads(line.decode("utf-8"))


def http_2_get(site: Site, fields: list[tuple[str, bytes]]) -> None:
    """Sends a request's fields as they are, and waits for an answer or the connection's end."""
    # Literal fields without indexing (RFC 7541, section 6.2.2), each shorter than 127 bytes.
    block = b"".join(b"\x00" + bytes([len(name)]) + name.encode() + bytes([len(value)]) + value for name, value in fields)
    trust = ssl.create_default_context(cafile=site.directory / "certificate.pem")
    trust.set_alpn_protocols(["h2"])
    with socket.create_connection(("127.0.0.1", site.tls_port), timeout=10) as plain:
        with trust.wrap_socket(plain, server_hostname="localhost") as connection:
            settings = bytes(3) + b"\x04\x00" + bytes(4)
            headers = len(block).to_bytes(3) + b"\x01\x05" + (1).to_bytes(4) + block
            connection.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + settings + headers)
            answer = connection.makefile("rb")
            # An answer's headers, a stream's reset and the connection's end are types 1, 3 and 7.
            while (head := answer.read(9)) and head[3] not in (1, 3, 7):
                answer.read(int.from_bytes(head[:3]))


def test_tls_and_http_2(pool, tmp_path):
    with Site.before(pool, variants=TLS) as site:
        base = f"https://localhost:{site.tls_port}"

        def curl(path: str, *options: str) -> tuple[str, bytes]:
            output, body = tmp_path / "headers", tmp_path / "body"
            command = ["curl", "-sS", "--http2", "--cacert", site.directory / "certificate.pem", "-D", output, "-o", body]
            subprocess.run([*command, *options, base + path if path.startswith("/") else path], check=True, timeout=30)
            return output.read_text(), body.read_bytes()

        head, body = curl("/v1/images/generations", "--json", json.dumps(REQUEST))
        assert head.startswith("HTTP/2 200")
        assert set(ANSWER_HEADERS) <= set(re.findall(r"(?m)^([^:\r\n]+): .", head))
        url = json.loads(body)["data"][0]["url"]
        assert url.startswith(f"{base}/images/")
        head, picture = curl(url)
        assert head.startswith("HTTP/2 200")
        checked_png(picture, "256x256")
        trust = ssl.create_default_context(cafile=site.directory / "certificate.pem")
        with openai.OpenAI(
            api_key="test", base_url=f"{base}/v1", http_client=httpx.Client(verify=trust)
        ) as client:
            assert client.images.generate(**REQUEST).data


def test_a_picture_that_was_fetched_once_comes_from_the_cache_until_it_expires(start):
    pool = start("--workers", "1", IMAGE_RETENTION_HOURS=6 / 3600)
    with Site.before(pool, variants=CACHE) as site:
        [url] = pool.urls(size="256x256")
        path = f"/images/{image_id(url)}.png"
        expected = httpx.get(url)
        answers = [httpx.get(site.url + path) for _ in range(3)]
        assert [answer.headers["X-Cache-Status"] for answer in answers] == ["MISS", "HIT", "HIT"]
        for answer in answers:
            assert answer.content == expected.content
            assert answer.headers["Cache-Control"] == "public, immutable"
            for name in ("ETag", "Last-Modified", "Expires", "Content-Type", "Access-Control-Allow-Origin"):
                assert answer.headers[name] == expected.headers[name]
        served = pool.statistics()["workers"][0]["served"]
        assert served == 2, "one for us, one for the cache"
        unchanged = httpx.get(site.url + path, headers={"If-None-Match": answers[0].headers["ETag"]})
        assert (unchanged.status_code, unchanged.headers["X-Cache-Status"]) == (304, "BYPASS")
        part = httpx.get(site.url + path, headers={"Range": "bytes=1-3"})
        assert (part.status_code, part.content, part.headers["X-Cache-Status"]) == (206, b"PNG", "BYPASS")
        eventually(lambda: httpx.get(site.url + path).status_code == 404, within=20, what="the picture expired in the cache too")
        assert httpx.get(url).status_code == 404


def test_every_header_of_a_picture_and_of_an_answer_passes(pool):
    answer = pool.generate(size="256x256")
    for name in ANSWER_HEADERS:
        assert answer.headers[name]
    assert answer.headers["x-content-type-options"] == "nosniff"
    picture = httpx.get(answer.json()["data"][0]["url"])
    described = ("Content-Type", "Content-Length", "Content-Disposition", "ETag", "Last-Modified", "Cache-Control", "Expires")
    for name in (*described, "Access-Control-Allow-Origin"):
        assert picture.headers[name]
    assert "Server" in picture.headers and "/" not in picture.headers["Server"], "nginx's version is told to nobody"


def test_gixy_finds_nothing(tmp_path):
    # gixy does not know possessive quantifiers.
    variants = (*IPV6, *TLS, *CACHE, *LIMIT, *PROXY)
    site = Site(tmp_path / "worker.sock", variants=variants, replaced={")*+)": ")*)"})
    with site.folder:
        site.write()
        # The first is meant for clients' connections, while ours is the number of requests on one to a worker; the second is a header that
        # the workers send, as the real API does.
        skipped = "low_keepalive_requests,hsts_header"
        command = [sys.executable, "-m", "gixy", "--format", "json", "--skips", skipped, site.main]
        found = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert json.loads(found.stdout) == [], found.stdout
