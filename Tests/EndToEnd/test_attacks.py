"""What an attacker tries first, and what has to hold: smuggled requests, split headers, paths that lead elsewhere, scripts in prompts,
headers and forms that cost more than they look, signals without end, and a machine with little to give.
"""

from __future__ import annotations

import io
import json
import os
import re
import resource
import signal
import socket
import threading
import time
import xml.etree.ElementTree as ElementTree
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from PIL import Image

import fastcgi
from pool import Pool
from processes import eventually
from wire import post, raw, send

JSON = ("Content-Type", "application/json")
SMALL = {"prompt": "a lake", "size": "256x256"}


# MARK: Requests inside requests

SMUGGLED = b"PUT /_fakeai/rules HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 34\r\n\r\n" + (
    b'[{"then": {"fault": "overloaded"}}]'[:34]
)
LENGTHS = {
    "chunked before length": b"Transfer-Encoding: chunked\r\nContent-Length: %d\r\n\r\n0\r\n\r\n",
    "length before chunked": b"Content-Length: %d\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two lengths": b"Content-Length: 0\r\nContent-Length: %d\r\n\r\n",
    "a list of lengths": b"Content-Length: 0, %d\r\n\r\n",
    "a length with a sign": b"Content-Length: +%d\r\n\r\n",
    "a length with a blank": b"Content-Length : %d\r\n\r\n",
    "a hexadecimal length": b"Content-Length: 0x%x\r\n\r\n",
    "an odd coding": b"Transfer-Encoding: xchunked\r\nContent-Length: %d\r\n\r\n",
    "a coding after a tab": b"Transfer-Encoding:\tchunked\r\nContent-Length: %d\r\n\r\n0\r\n\r\n",
    "a folded coding": b"Transfer-Encoding:\r\n chunked\r\nContent-Length: %d\r\n\r\n0\r\n\r\n",
    "two codings": b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\nContent-Length: %d\r\n\r\n0\r\n\r\n",
    "a chunk of too many digits": b"Transfer-Encoding: chunked\r\n\r\n00000000000000000000\r\n\r\n",
    "an underscore": b"Content_Length: 0\r\nContent-Length: %d\r\n\r\n",
}


@pytest.mark.parametrize("case", LENGTHS)
def test_a_request_in_a_body_is_not_a_request_to_the_workers(pool, case):
    """nginx and a worker must agree where a body ends. Of two requests, the second may only be one that nginx itself took for one."""
    head = b"POST /v1/images/generations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\n"
    lines = LENGTHS[case]
    request = head + (lines % len(SMUGGLED) if b"%" in lines else lines) + SMUGGLED
    answer = raw(pool, request)
    assert len(re.findall(rb"^HTTP/1\.1 ", answer, re.MULTILINE)) <= 1, answer
    assert httpx.get(f"{pool.url}/_fakeai/rules").json() == []


def test_a_header_with_an_underscore_is_not_the_one_with_a_hyphen(pool):
    for name in ["X_FakeAI_Fault", "X_FakeAI-Fault", "X.FakeAI.Fault"]:
        answer = send(pool, "POST", "/v1/images/generations", json.dumps(SMALL).encode(), [JSON, (name, "overloaded")])
        assert answer.status in {200, 400}, (name, answer.status)


# MARK: Headers inside values

@pytest.mark.parametrize("breaker", ["\r\n", "\n", "\r", "\0", "\u2028", "\x85"])
def test_no_value_of_a_client_becomes_a_header(pool, breaker):
    injected = f"a{breaker}X-Injected: yes{breaker}{breaker}<script>"
    answers = [
        post(pool, {**SMALL, "prompt": injected}),
        post(pool, {**SMALL, "model": injected}),
        post(pool, {**SMALL, "user": injected, "model": "gpt-image-1"}),
        post(pool, {**SMALL, "size": injected}),
        send(pool, "GET", "/v1/models/" + "".join(f"%{byte:02x}" for byte in injected.encode())),
        send(pool, "PUT", "/_fakeai/rules", json.dumps([{"name": injected, "then": {}}]).encode(), [JSON]),
    ]
    for answer in answers:
        assert "X-Injected" not in answer.headers
        assert answer.headers["Content-Type"].startswith("application/json")
        json.loads(answer.body)


# MARK: Paths that lead elsewhere

TARGETS = [
    "/../../../../etc/passwd", "/images/../../../etc/passwd", "/images/..%2f..%2fetc%2fpasswd", "/%2e%2e/%2e%2e/etc/passwd",
    "/images/....//....//etc/passwd", "/index.html/../../nginx.conf", "/nginx.conf", "/worker.sock", "/images/%00.png",
    "/..%5c..%5cwindows",
    "/images/../_fakeai/rules", "/%5ffakeai/rules", "//_fakeai/rules", "/./_fakeai/rules", "/_fakeai//rules", "/_FAKEAI/rules",
    "/;/_fakeai/rules",
    "/www/index.html", "/index.html%00.png", "/.git/config", "/images/" + "../" * 60 + "etc/passwd", "/_error", "/_reset", "/@again",
]


@pytest.mark.parametrize("target", TARGETS)
def test_no_path_leads_to_a_file_or_past_the_list_of_insiders(pool, target):
    answer = send(pool, "GET", target, None, [("X-Forwarded-For", "203.0.113.7")])
    assert answer.status in {400, 403, 404, 405}, (answer.status, answer.body[:200])
    assert answer.error["message"]
    assert b"root:" not in answer.body and b"upstream" not in answer.body


# MARK: Scripts

SCRIPTS = [
    "<script>alert(1)</script>", '"/><script>alert(1)</script>', "]]><script>alert(1)</script>", "<svg onload=alert(1)>",
    "&#60;script&#62;",
    "--><script>alert(1)</script><!--", "<?xml-stylesheet href='javascript:alert(1)'?>",
    "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;",
    "javascript:alert(1)",
    "</text></svg><svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script>", "<a href='javascript:alert(1)'>x</a>",
    "\u202e<script>", "<image href='https://example.com/x.png'/>", "<foreignObject><iframe/></foreignObject>",
]


@pytest.mark.parametrize("prompt", SCRIPTS)
def test_a_prompt_is_never_markup(pool, prompt):
    answer = post(pool, {"model": "gpt-image-2", "prompt": prompt, "output_format": "svg", "response_format": "url", "size": "1024x1024"})
    assert answer.status == 200, answer.body
    (url,) = [image["url"] for image in json.loads(answer.body)["data"]]
    picture = httpx.get(url)
    assert picture.headers["Content-Type"].startswith("image/svg+xml") and picture.headers["X-Content-Type-Options"] == "nosniff"
    root = ElementTree.fromstring(picture.content)
    names = {element.tag.rpartition("}")[2].lower() for element in root.iter()}
    assert not names & {"script", "foreignobject", "iframe", "image", "use", "a", "animate", "set", "style"}, names
    attributes = {(name.rpartition("}")[2].lower(), value.lower()) for element in root.iter() for name, value in element.attrib.items()}
    assert not [name for name, value in attributes if name.startswith("on") or "javascript:" in value or name == "href" and value[0] != "#"]
    assert b"<!DOCTYPE" not in picture.content and b"<!ENTITY" not in picture.content


# MARK: What costs more than it looks

FLAG = "\U0001f1e6"
NASTY = {
    "flags": FLAG * 3900,
    "marks": "a" + "\u0301" * 7900,
    "line breaks": "\r\n" * 3900,
    "joined": "\U0001f468\u200d" * 2300,
    "openings": "[[fakeai " * 1700,
    "directives": "[[fakeai none]]" * 1000,
    "an endless directive": "[[fakeai " + FLAG * 3900,
    "brackets": "[" * 15000,
}


@pytest.mark.parametrize("case", NASTY)
def test_no_short_prompt_holds_up_a_worker(one_worker, case):
    """Bodies of less than 16 KiB are parsed on the loop. 62 rules look for what the prompt is made of, but never has."""
    text = NASTY[case]
    needle = text[:100].replace("\r\n", " ")
    rules = [{"match": {"prompt": f"{needle}{number}"}, "then": {"fault": "overloaded"}} for number in range(62)]
    while len(document := json.dumps(rules, ensure_ascii=False).encode()) > 65_000:
        rules.pop()
    assert send(one_worker, "PUT", "/_fakeai/rules", document, [JSON]).status == 200
    try:
        plain = processor_time(one_worker, {**SMALL, "prompt": "a" * len(text.encode())})
        nasty = processor_time(one_worker, {**SMALL, "prompt": text})
    finally:
        send(one_worker, "PUT", "/_fakeai/rules", b"[]", [JSON])
    # Of what was found, each took a hundred times as long and more.
    assert nasty < 20 * plain + 0.05, f"{nasty:.3f} s, {plain:.3f} s for letters"


def processor_time(pool: Pool, request: dict) -> float:
    """Seconds that the worker's loop took for a request, which asks for nothing to be drawn."""
    (worker,) = pool.workers
    body = json.dumps(request, ensure_ascii=False).encode()
    assert len(body) < 16 << 10
    before = loop_ticks(worker)
    for _ in range(5):
        answer = send(pool, "POST", "/v1/images/generations", body, [JSON, ("X-FakeAI-Fault", "server_error")])
        assert answer.status in {400, 500}, answer.body[:200]
    return (loop_ticks(worker) - before) / 5


def loop_ticks(worker: int) -> float:
    """Seconds of processor time of the worker's first thread, which is the loop."""
    with open(f"/proc/{worker}/task/{worker}/schedstat") as file:
        return int(file.read().split()[0]) / 1e9


HEADERS = ["Authorization", "X-FakeAI-Fault", "X-FakeAI-Latency", "X-FakeAI-Seed", "X-FakeAI-Profile", "If-None-Match", "Range", "If-Range",
           "Origin", "Referer", "X-Forwarded-Proto", "X-Forwarded-For", "Forwarded", "Content-Type", "api-key", "X-Stainless-Retry-Count"]


@pytest.mark.parametrize("filling", [b"a", b",", b";", b"=", b" a", b"0", b'"', b"%", b"\xf0\x9f\x87\xa6", b"\xff", b"bytes=0-0,"])
def test_no_header_of_legal_size_holds_up_a_worker(one_worker, filling):
    (worker,) = one_worker.workers
    url = one_worker.urls(**SMALL)[0]
    path = url[len(one_worker.url):]
    for name in HEADERS:
        value = filling * (7900 // len(filling))
        prefix = {"Authorization": b"Bearer ", "Range": b"bytes=", "Content-Type": b"application/json;"}.get(name, b"")
        before = loop_ticks(worker)
        for method, target, body in [("GET", path, None), ("POST", "/v1/images/generations", b"{}"), ("GET", "/_fakeai/rules", None)]:
            answer = send(one_worker, method, target, body, [(name, prefix + value)])
            assert 200 <= answer.status < 500, (name, answer.status)
        assert loop_ticks(worker) - before < 0.25, name


# MARK: Slow ends and small machines

def test_hundreds_of_hang_ups_leave_a_pool_that_serves(start):
    """Rollovers that overlap, and workers that are stopped and go on, while requests come."""
    pool = start("--workers", "2", "--drain-time", "1s")
    done = threading.Event()
    statuses: set[int] = set()

    def ask() -> None:
        with pool.client() as client:
            while not done.is_set():
                statuses.add(client.post("/v1/images/generations", json=SMALL).status_code)

    with ThreadPoolExecutor(2) as threads:
        clients = [threads.submit(ask) for _ in range(2)]
        try:
            for _ in range(100):
                os.kill(pool.pid, signal.SIGHUP)
                for worker in pool.workers:
                    for number in (signal.SIGSTOP, signal.SIGCONT):
                        try:
                            os.kill(worker, number)
                        except ProcessLookupError:
                            pass
                time.sleep(0.02)
        finally:
            done.set()
        for client in clients:
            client.result()
    assert statuses <= {200, 503}, statuses
    eventually(lambda: len(pool.workers) == 2, within=30, what="two workers")
    assert pool.generate(**SMALL).status_code == 200


@pytest.mark.parametrize("limit, most", [("NOFILE", 64), ("AS", 1200 << 20), ("STACK", 1 << 20)])
def test_a_worker_with_little_to_give_serves(start, limit, most):
    pool = start("--workers", "1")
    (worker,) = pool.workers
    resource.prlimit(worker, getattr(resource, f"RLIMIT_{limit}"), (most, most))
    bomb = b'{"prompt":"a","x":[0' + b",0" * (25 << 20) + b"]}"
    deep = b'{"prompt":"a","x":' + b"[" * 510 + b"]" * 510 + b"}"
    with ThreadPoolExecutor(30) as threads:
        answers = list(threads.map(lambda number: pool.generate(**SMALL, user=str(number)), range(120)))
    assert {answer.status_code for answer in answers} == {200}
    assert post(pool, bomb).status == 400
    assert post(pool, deep).status == 200
    assert pool.workers == {worker}, pool.log


def test_garbage_on_the_workers_socket_ends_only_its_own_connection(one_worker):
    """Whoever may open it is trusted with little: it is no door to the other connections."""
    (path,) = one_worker.temporary.glob("fakeai-images-pool-*/worker.sock")
    (worker,) = one_worker.workers
    begin = fastcgi.record(fastcgi.BEGIN_REQUEST, b"\0\1\0\0\0\0\0\0")
    for garbage in [
        b"", b"\0", b"GET / HTTP/1.1\r\n\r\n", os.urandom(4096), b"\xff" * 65536,
        begin, begin + b"\1\4\0\1\xff\xff\0\0", begin + fastcgi.record(4, b"\5"),
    ]:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(path))
            connection.sendall(garbage)
        assert one_worker.generate(**SMALL).status_code == 200
    assert one_worker.workers == {worker}
    assert Image.open(io.BytesIO(httpx.get(one_worker.urls(**SMALL)[0]).content)).size == (256, 256)
