"""Who may see the mock's own routes: this machine, and no web page that it visits, nor anybody whom a proxy speaks for."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest

from nginx_site import Site, proxy
from pool import Pool
from refusal import refusal
from wire import raw, send

OWN = [
    "/_fakeai/stats", "/_fakeai/rules", "/_fakeai/requests", "/_fakeai/faults", "/_fakeai/limits", "/_fakeai/events", "/metrics",
]
PROXY = ("set_real_ip_from", "real_ip_header")
TLS = ("listen 8443", "ssl_certificate", "ssl_certificate_key", "ssl_protocols", "ssl_ciphers", "ssl_session_cache")


@pytest.fixture(scope="module")
def named() -> Iterator[Pool]:
    """A pool that answers to two more names."""
    with ExitStack() as end:
        pool = Pool("--trusted-hosts", "Mock.Staging.Test, .lab.test", "--workers", "1")
        end.callback(pool.close)
        pool.start()
        yield pool


def statuses(pool: Pool, **headers: str) -> set[int]:
    return {send(pool, "GET", path, headers=[(name.replace("_", "-"), value) for name, value in headers.items()]).status for path in OWN}


# Names.
@pytest.mark.parametrize(
    "host", ["rebind.example", "rebind.example:{port}", "127.0.0.1.rebind.example", "localhost.rebind.example", "[::1%25lo]"]
)
def test_a_name_that_was_rebound_to_this_machine_reads_nothing(named, host):
    host = host.format(port=named.port)
    assert statuses(named, Host=host) == {403}
    answer = send(named, "GET", "/_fakeai/requests", headers=[("Host", host), ("X-Forwarded-Host", "localhost")])
    assert answer.status == 403 and "FAKEAI_TRUSTED_HOSTS" in answer.error["message"] and f"'{host}'" in answer.error["message"]
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin" and answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("host", ["rebind.example", "rebind.example:{port}"])
def test_a_name_that_was_rebound_to_this_machine_changes_nothing(named, host):
    """A page set `reset` as a rule for every route, and emptied the journal."""
    before = httpx.get(f"{named.url}/_fakeai/rules").text
    headers = [("Host", host.format(port=named.port)), ("Content-Type", "application/json"), ("Origin", f"http://{host}")]
    assert send(named, "PUT", "/_fakeai/rules", b'[{"then":{"fault":"reset"}}]', headers).status == 403
    assert send(named, "DELETE", "/_fakeai/requests", headers=headers).status == 403
    assert httpx.get(f"{named.url}/_fakeai/rules").text == before


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1:{port}", "127.0.0.1", "[::1]:{port}", "10.1.2.3", "localhost", "LocalHost.:{port}", "a.localhost:{port}",
     socket.gethostname(), "mock.staging.test", "MOCK.staging.test.:8443", "a.b.lab.test"],
)
def test_this_machines_names_and_those_of_the_setting_are_answered(named, host):
    assert statuses(named, Host=host.format(port=named.port)) == {200}


def test_a_request_without_a_host_is_answered(named):
    for path in OWN:
        # The response to a GET for events has no end.
        method = "HEAD" if path == "/_fakeai/events" else "GET"
        assert raw(named, f"{method} {path} HTTP/1.0\r\n\r\n".encode()).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("hosts", [["localhost", "rebind.example"], ["rebind.example", "localhost"]])
def test_two_hosts_are_none(named, hosts):
    lines = "".join(f"Host: {host}\r\n" for host in hosts)
    answer = raw(named, f"GET /metrics HTTP/1.1\r\n{lines}Connection: close\r\n\r\n".encode())
    assert answer.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 403 ")), answer[:100]


def test_the_host_of_an_absolute_address_does_not_hide_that_of_the_header(named):
    answer = raw(named, b"GET http://localhost/metrics HTTP/1.1\r\nHost: rebind.example\r\nConnection: close\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 403 ")


def test_over_http_2_the_authority_is_the_host(named):
    with Site.before(named, variants=TLS) as site:
        for name, status in {"localhost": "200", "rebind.example": "403"}.items():
            command = [
                "curl", "-sSk", "--http2", "-o", "/dev/null", "-w", "%{http_version} %{http_code}", "--resolve",
                f"{name}:{site.tls_port}:127.0.0.1", f"https://{name}:{site.tls_port}/metrics",
            ]
            assert subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout == f"2 {status}"


def test_the_api_is_answered_under_every_name(named):
    headers = [("Host", "anything.example"), ("Origin", "http://app.example"), ("Sec-Fetch-Site", "cross-site")]
    assert send(named, "GET", "/v1/models", headers=headers).status == 200


@pytest.mark.parametrize("value", ["a b", "*.lab.test", "http://lab.test", "lab.test:8000", "a,,b", ".", "ä.test", ",".join(["a"] * 65)])
def test_a_setting_that_is_no_list_of_names_is_refused(value):
    ended = refusal("--port", "0", FAKEAI_TRUSTED_HOSTS=value)
    assert ended.returncode == 64 and ended.stderr.count("\n") == 1
    assert "FAKEAI_TRUSTED_HOSTS is " in ended.stderr and "up to 64 host names" in ended.stderr


# Origins.
@pytest.mark.parametrize(
    "headers",
    [{"Origin": "http://evil.example"}, {"Origin": "null"}, {"Origin": "http://localhost:3000"}, {"Sec-Fetch-Site": "cross-site"},
     {"Sec-Fetch-Site": "same-site"}, {"Origin": "http://evil.example", "Sec-Fetch-Site": "same-origin"}],
    ids=str,
)
def test_a_page_of_another_origin_reads_and_changes_nothing(named, headers):
    for path in OWN:
        assert httpx.get(named.url + path, headers=headers).status_code == 403
    assert httpx.put(f"{named.url}/_fakeai/rules", json=[], headers=headers).status_code == 403
    assert httpx.delete(f"{named.url}/_fakeai/requests", headers=headers).status_code == 403
    assert httpx.options(f"{named.url}/_fakeai/rules", headers=headers).status_code == 403


def test_a_page_of_the_mocks_own_origin_reads_and_changes(named):
    headers = {"Origin": named.url, "Sec-Fetch-Site": "same-origin"}
    assert httpx.get(f"{named.url}/_fakeai/stats", headers=headers).status_code == 200
    assert httpx.put(f"{named.url}/_fakeai/rules", json=[], headers=headers).status_code == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=a"])
def test_what_a_form_can_send_is_no_rule(named, kind):
    answer = httpx.put(f"{named.url}/_fakeai/rules", content=b"[]", headers={"Content-Type": kind})
    assert answer.status_code == 415 and "Send 'Content-Type: application/json'" in answer.json()["error"]["message"]


# Proxies.
OUTSIDE = {
    "unknown": {"X-Forwarded-For": "unknown"},
    "empty": {"X-Forwarded-For": ""},
    "blank": {"X-Forwarded-For": "  "},
    "a comma": {"X-Forwarded-For": ","},
    "IPv6 in brackets": {"X-Forwarded-For": "[2001:db8::1]"},
    "IPv6 with a zone": {"X-Forwarded-For": "fe80::1%eth0"},
    "an address with a port": {"X-Forwarded-For": "203.0.113.9:4711"},
    "this machine with a port": {"X-Forwarded-For": "127.0.0.1:4711"},
    "a name": {"X-Forwarded-For": "localhost"},
    "a liar": {"X-Forwarded-For": "127.0.0.1, 203.0.113.9"},
    "a liar the other way": {"X-Forwarded-For": "203.0.113.9, 127.0.0.1"},
    "hidden": {"X-Forwarded-For": "127.0.0.1, unknown, 127.0.0.1"},
    "with bars": {"X-Forwarded-For": "127.0.0.1||"},
    "with junk": {"X-Forwarded-For": "127.0.0.1\t127.0.0.1"},
    "X-Real-IP": {"X-Real-IP": "203.0.113.9"},
    "X-Real-IP beside a liar": {"X-Forwarded-For": "127.0.0.1", "X-Real-IP": "203.0.113.9"},
    "X-Real-IP that is empty": {"X-Real-IP": ""},
    "Forwarded": {"Forwarded": "for=203.0.113.9"},
    "Forwarded by a liar": {"Forwarded": "for=127.0.0.1"},
    "Forwarded, obfuscated": {"Forwarded": "for=_hidden"},
}
INSIDE = [
    {}, {"X-Forwarded-For": "127.0.0.1"}, {"X-Forwarded-For": "::1"}, {"X-Forwarded-For": "127.0.0.1, ::1,127.0.0.1"},
    {"X-Real-IP": "127.0.0.1"},
    {"X-Forwarded-For": "127.0.0.1", "X-Real-IP": "::1", "X-Forwarded-Proto": "https"},
]


@pytest.fixture(scope="module", params=[(), PROXY], ids=["as it is", "with set_real_ip_from"])
def site(named, request) -> Iterator[Site]:
    local = {"set_real_ip_from 10.0.0.0/8": "set_real_ip_from 127.0.0.1"} if request.param else {}
    with Site.before(named, variants=request.param, replaced=local) as site:
        yield site


@pytest.mark.parametrize("case", OUTSIDE)
def test_a_client_that_a_proxy_names_unclearly_is_outside(site, case):
    """`unknown` and the like were taken for the proxy itself, which is inside."""
    for path in OWN:
        assert send(site, "GET", path, headers=list(OUTSIDE[case].items())).status == 403, path
    assert send(site, "GET", "/v1/models", headers=list(OUTSIDE[case].items())).status == 200


@pytest.mark.parametrize("headers", INSIDE, ids=str)
def test_this_machine_is_inside_also_through_its_own_proxy(site, headers):
    for path in OWN:
        assert send(site, "GET", path, headers=list(headers.items())).status == 200, path


@pytest.mark.parametrize("lines", [["127.0.0.1", "203.0.113.9"], ["203.0.113.9", "127.0.0.1"], ["", "203.0.113.9"], ["127.0.0.1", ""]])
def test_every_line_of_a_header_counts(site, lines):
    """Some proxies add a line of their own."""
    headers = [("X-Forwarded-For", line) for line in lines]
    assert send(site, "GET", "/metrics", headers=headers).status == 403


SERVER = "server { listen 443 ssl http2; location / { proxy_pass http://10.0.0.7:8000; proxy_set_header Host localhost; %s } }"


@pytest.mark.parametrize("line", ["X-Forwarded-For $proxy_add_x_forwarded_for", "X-Forwarded-For $remote_addr", "X-Real-IP $remote_addr"])
def test_a_client_of_a_real_proxy_on_this_machine_lies_in_vain(site, line):
    with proxy(site.url, SERVER % f"proxy_set_header {line};") as url, outsider() as client:
        for lie in ("127.0.0.1", "::1", "unknown", ""):
            headers = {"X-Forwarded-For": lie, "X-Real-IP": "127.0.0.1"}
            assert client.get(f"{url}/metrics", headers=headers).status_code == 403, lie
            assert client.get(f"{url}/v1/models", headers=headers).status_code == 200


def outsider() -> httpx.Client:
    """A client at another address than the one that is inside."""
    return httpx.Client(transport=httpx.HTTPTransport(local_address="127.0.0.2"))


NETWORK = (r"10\.1\.2\.0/24 yes",)


def test_a_client_of_a_trusted_proxy_is_never_this_machine(named):
    """A proxy elsewhere that passes on what its clients say of themselves."""
    trusted = {"set_real_ip_from 10.0.0.0/8": "set_real_ip_from 127.0.0.2"}
    with Site.before(named, variants=(*PROXY, *NETWORK), replaced=trusted) as site, outsider() as client:
        for forwarded in ("127.0.0.1", "::1", "127.0.0.1, 127.0.0.1", "203.0.113.9", "unknown", "10.1.3.3"):
            assert client.get(f"{site.url}/metrics", headers={"X-Forwarded-For": forwarded}).status_code == 403, forwarded
        assert client.get(f"{site.url}/metrics", headers={"X-Forwarded-For": "10.1.2.3"}).status_code == 200
        assert client.get(f"{site.url}/metrics").status_code == 403, "the proxy itself is not in the list"


def test_a_network_in_the_list_is_inside(named):
    with Site.before(named, variants=NETWORK, replaced={"10.1.2.0/24 yes": "127.0.0.2/32 yes"}) as site, outsider() as client:
        assert client.get(f"{site.url}/metrics").status_code == 200
        assert client.get(f"{site.url}/metrics", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 403
        assert httpx.get(f"{site.url}/metrics").status_code == 200


# The setting of `serve`.
@pytest.fixture(scope="module")
def open_to_some() -> Iterator[Pool]:
    with ExitStack() as end:
        pool = Pool("--insiders", "10.0.0.0/8, 127.0.0.2, fd00::/8,::ffff:127.0.0.4", "--workers", "1")
        end.callback(pool.close)
        pool.start()
        yield pool


@pytest.mark.parametrize(("address", "status"), [("127.0.0.1", 200), ("127.0.0.2", 200), ("127.0.0.4", 200), ("127.0.0.3", 403)])
def test_an_address_of_the_setting_is_inside(open_to_some, address, status):
    with httpx.Client(transport=httpx.HTTPTransport(local_address=address), base_url=open_to_some.url) as client:
        for path in OWN:
            with client.stream("GET", path) as response:
                assert response.status_code == status, path
        refused = client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"})
        assert refused.status_code == 403 and "FAKEAI_INSIDERS" in refused.json()["error"]["message"]
        assert client.get("/metrics", headers={"X-Forwarded-For": "10.1.2.3"}).status_code == 403, "nobody vouches for this address"
        assert client.get("/metrics", headers={"Host": "rebind.example"}).status_code == 403
        assert client.get("/metrics", headers={"Origin": "http://evil.example"}).status_code == 403


def test_all_addresses_can_be_inside(start):
    pool = start("--insiders", "0.0.0.0/0,::/0", "--workers", "1")
    with outsider() as client:
        assert client.get(f"{pool.url}/metrics").status_code == 200


@pytest.mark.parametrize("value", ["10.0.0.5/8", "localhost", "10.0.0.0/33", "a,", "10.0.0.0/8;"])
def test_a_setting_that_is_no_list_of_networks_is_refused(value):
    ended = refusal("--port", "0", FAKEAI_INSIDERS=value)
    assert ended.returncode == 64 and ended.stderr.count("\n") == 1
    assert "FAKEAI_INSIDERS is " in ended.stderr and "networks without host bits such as 10.0.0.0/8" in ended.stderr
