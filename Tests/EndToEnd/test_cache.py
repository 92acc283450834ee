"""With nginx's cache on, everybody gets what they would get without it."""

from __future__ import annotations

import http.client
import os
import random
import secrets
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx
import pytest

from nginx_site import Site
from pool import Pool

CACHE = ("fastcgi_cache_path", "include")
SEQUENCES = int(os.environ.get("CACHE_SEQUENCES", "200"))
FORMATS = ["png", "jpeg", "webp", "svg"]
COMPARED = [
    "Content-Type", "Content-Length", "Content-Range", "Content-Disposition", "ETag", "Last-Modified", "Accept-Ranges", "Expires", "Allow",
    "Access-Control-Allow-Origin", "Cross-Origin-Resource-Policy", "X-Content-Type-Options",
]
# All but those that take minutes. What is no fault of a fetched picture strikes nothing.
FAULTS = [
    "missing_api_key", "invalid_api_key", "unverified", "billing", "quota", "rate_limit", "server_error", "overloaded", "reset", "truncate",
    "malformed_json", "empty_body", "missing_image", "corrupt_image", "fewer_images", "none",
]


@pytest.fixture(scope="module")
def once() -> Iterator[Pool]:
    with ExitStack() as end:
        pool = Pool("--workers", "2")
        end.callback(pool.close)
        pool.start()
        yield pool


@pytest.fixture(scope="module")
def site(once) -> Iterator[Site]:
    with Site.before(once, variants=CACHE) as site:
        yield site


def fresh(pool: Pool, count: int = 1, output_format: str = "png") -> list[str]:
    """Paths of pictures that nobody has fetched."""
    urls = pool.urls(prompt=secrets.token_hex(4), size="256x256", n=count, output_format=output_format, model="dall-e-2")
    return [urlsplit(url).path for url in urls]


@dataclass(frozen=True)
class Question:
    method: str
    target: str
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def asks_for_a_fault(self) -> bool:
        return any(name.startswith("X-FakeAI-") for name, _ in self.headers)


@dataclass
class Asker:
    """Asks at one address, over a connection that it keeps while it can."""

    port: int
    connection: http.client.HTTPConnection | None = field(default=None)

    def ask(self, question: Question) -> tuple[int, dict[str, str | None], bytes]:
        """Status, headers that must be the same from wherever they come, and body."""
        for is_last in (False, True):
            # nginx may close a connection that it kept, just when it is used again.
            is_new = self.connection is None
            self.connection = self.connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
            try:
                self.connection.putrequest(question.method, question.target, skip_accept_encoding=True)
                for name, value in question.headers:
                    self.connection.putheader(name, value)
                self.connection.endheaders()
                response = self.connection.getresponse()
                body = response.read()
                if response.will_close:
                    self.close()
                return response.status, {name: response.headers[name] for name in COMPARED}, body
            except (http.client.HTTPException, OSError):
                self.close()
                if is_new or is_last:
                    raise
        raise AssertionError

    def ask_for_trouble(self, question: Question) -> None:
        """Asks for an answer that may break off, or never come."""
        try:
            self.ask(question)
        except TimeoutError:
            raise
        except (http.client.HTTPException, OSError):
            pass

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None


FIRST = {
    "HEAD": ("HEAD", {}),
    "OPTIONS": ("OPTIONS", {}),
    "POST": ("POST", {}),
    "HEAD with a range": ("HEAD", {"Range": "bytes=0-9"}),
    "a range": ("GET", {"Range": "bytes=1-3"}),
    "the last bytes": ("GET", {"Range": "bytes=-5"}),
    "a range beyond the end": ("GET", {"Range": "bytes=99999999-"}),
    "two ranges": ("GET", {"Range": "bytes=0-1,4-5"}),
    "a range of another version": ("GET", {"Range": "bytes=1-3", "If-Range": '"x"'}),
    "a condition": ("GET", {"If-None-Match": "*"}),
    "HEAD with a condition": ("HEAD", {"If-None-Match": "*"}),
    "If-Match": ("GET", {"If-Match": '"x"'}),
    "If-Modified-Since": ("GET", {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}),
    "If-Unmodified-Since": ("GET", {"If-Unmodified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"}),
    "a latency": ("GET", {"X-FakeAI-Latency": "10ms"}),
    "a seed that is no number": ("GET", {"X-FakeAI-Seed": "x"}),
    "an unknown fault": ("GET", {"X-FakeAI-Fault": "flood"}),
} | {f"the fault {fault}": ("GET", {"X-FakeAI-Fault": fault}) for fault in FAULTS}


@pytest.mark.parametrize("first", FIRST)
def test_whatever_is_asked_first_everybody_else_gets_the_picture(once, site, first):
    """A HEAD left its length and no bytes in the cache, on which every GET hung; a fault was everybody's."""
    method, headers = FIRST[first]
    [path] = fresh(once)
    cached, plain = Asker(site.port), Asker(once.port)
    cached.ask_for_trouble(Question(method, path, tuple(headers.items())))
    expected = plain.ask(Question("GET", path))
    assert expected[0] == 200
    for _ in range(3):
        assert cached.ask(Question("GET", path)) == expected
    assert cached.ask(Question("HEAD", path)) == plain.ask(Question("HEAD", path))


@pytest.mark.parametrize("fault", ["corrupt_image", "missing_image", "server_error", "empty_body", "reset"])
def test_a_fault_that_is_asked_for_strikes_a_picture_that_is_in_the_cache(once, site, fault):
    [path] = fresh(once)
    picture = httpx.get(site.url + path).content
    assert httpx.get(site.url + path).headers["X-Cache-Status"] == "HIT"
    if fault == "reset":
        with pytest.raises(httpx.HTTPError):
            httpx.get(site.url + path, headers={"X-FakeAI-Fault": fault})
    else:
        answer = httpx.get(site.url + path, headers={"X-FakeAI-Fault": fault})
        assert answer.headers["X-FakeAI-Fault"] == fault and answer.content != picture
        assert answer.headers["Cache-Control"] == "no-store"
    assert httpx.get(site.url + path).content == picture


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault != "none"])
def test_a_fault_by_rule_is_kept_by_no_cache(once, site, fault):
    """`corrupt_image` for the first of all requests came from the cache to everybody, as public and immutable."""
    [path] = fresh(once)
    rule = {"match": {"route": path}, "when": {"first": 1}, "then": {"fault": fault}}
    httpx.put(f"{once.url}/_fakeai/rules", json=[rule]).raise_for_status()
    try:
        struck = httpx.get(site.url + path).headers
    except httpx.HTTPError:
        struck = None
    expected = httpx.get(once.url + path)
    assert "X-FakeAI-Fault" not in expected.headers
    is_struck = struck is None or "X-FakeAI-Fault" in struck
    if struck is not None and is_struck:
        assert struck.get_list("Cache-Control") == ["no-store"]
        assert struck.get("Expires") in (None, "0")
    for status in ("MISS", "HIT") if is_struck else ("HIT", "HIT"):
        answer = httpx.get(site.url + path)
        assert answer.content == expected.content and answer.headers["X-Cache-Status"] == status
        assert answer.headers["Cache-Control"] == "public, immutable"


def test_another_spelling_of_a_path_is_not_found_in_the_cache_either(once, site):
    [path] = fresh(once)
    httpx.get(site.url + path).raise_for_status()
    cached, plain = Asker(site.port), Asker(once.port)
    spellings = [
        path.replace("/images/", "//images/"), path.replace("/images/", "/images/./"), path.replace("/images/", "/x/../images/"),
        path[:-5] + f"%{ord(path[-5]):02x}" + path[-4:], path.replace(".png", "%2epng"), path.upper().replace("/IMAGES/", "/images/"),
        path + "#x", path + "%00", path + "/", path.replace(".png", ".jpg"),
    ]
    for spelling in spellings:
        expected = plain.ask(Question("GET", spelling))
        assert expected[0] in (400, 404), spelling
        assert cached.ask(Question("GET", spelling)) == expected, spelling
    for same in (path + "?", path + "?version=2"):
        assert cached.ask(Question("GET", same)) == plain.ask(Question("GET", same))


def test_an_empty_header_asks_for_nothing_else(once, site):
    for name in ("Range", "If-Range", "If-None-Match", "If-Modified-Since", "X-FakeAI-Fault", "X-FakeAI-Seed"):
        [path] = fresh(once)
        expected = Asker(once.port).ask(Question("GET", path))
        cached = Asker(site.port)
        for _ in range(2):
            assert cached.ask(Question("GET", path, ((name, ""),))) == expected, name


def test_a_crowd_that_misses_waits_for_nobody(once, site):
    """Under fastcgi_cache_lock, requests for a picture that is not there took turns of half a second."""
    paths = ["/images/" + "0" * 32 + ".png", *fresh(once)]
    for path, status in zip(paths, (404, 200), strict=True):
        with ThreadPoolExecutor(20) as crowd:
            start = time.monotonic()
            answers = list(crowd.map(lambda _, path=path: Asker(site.port).ask(Question("GET", path))[0], range(20)))
            assert set(answers) == {status}
            assert time.monotonic() - start < 3, "all of them take some milliseconds"


def test_a_client_that_leaves_leaves_no_half_picture(once, site):
    [path] = fresh(once)
    for _ in range(10):
        with socket.create_connection(("127.0.0.1", site.port)) as leaving:
            leaving.sendall(f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
    expected = Asker(once.port).ask(Question("GET", path))
    assert [Asker(site.port).ask(Question("GET", path)) for _ in range(5)] == [expected] * 5


# Random sequences.
def question(random: random.Random, path: str, others: list[str]) -> Question:
    tag = '"' + path.split("/")[-1].split(".")[0] + '"'
    target = random.choices([path, path + "?a=b", random.choice(others), odd(random, path)], [10, 1, 2, 1])[0]
    method = random.choices(["GET", "HEAD", "OPTIONS", "POST", "DELETE", "PUT"], [70, 20, 2, 1, 1, 1])[0]
    headers: list[tuple[str, str]] = []
    if random.random() < 0.4:
        headers.append(("Range", a_range(random)))
        if random.random() < 0.3:
            headers.append(("If-Range", random.choice([tag, '"x"', "W/" + tag, "Sun, 22 Nov 2026 12:00:00 GMT"])))
    if random.random() < 0.25:
        headers.append(("If-None-Match", random.choice([tag, "W/" + tag, '"x"', f'"x", {tag}', "*", "x", f'"x"{tag}', f"{tag}, *", ""])))
    for name in ("If-Modified-Since", "If-Unmodified-Since"):
        if random.random() < 0.08:
            headers.append((name, random.choice(["Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT", "yesterday"])))
    if random.random() < 0.08:
        headers.append(("If-Match", random.choice([tag, '"x"', "*"])))
    if random.random() < 0.1:
        idle = [("Cache-Control", "no-cache"), ("Pragma", "no-cache"), ("Accept-Encoding", "gzip"), ("Cookie", "a=b")]
        headers.append(random.choice(idle))
    if random.random() < 0.2:
        headers.append(("X-FakeAI-Fault", random.choice(FAULTS)))
    elif random.random() < 0.05:
        headers.append(random.choice([("X-FakeAI-Latency", "5ms"), ("X-FakeAI-Seed", "7")]))
    return Question(method, target, tuple(headers))


def odd(random: random.Random, path: str) -> str:
    spellings = [path.replace("/i", "//i"), path.replace(".", "%2e"), path.replace("s/", "s/./"), path[:-1], path + "x", "/images/"]
    return random.choice(spellings)


def a_range(random: random.Random) -> str:
    first, last = random.choice([0, 1, 100, 10**6]), random.choice([0, 5, 150, 10**7])
    one = [f"bytes={first}-{last}", f"bytes={first}-", f"bytes=-{last}"]
    return random.choice([*one, f"bytes={first}-{last},{last}-", "bytes=-", "lines=0-3", "bytes=a-b", ""])


def test_cache_equals_no_cache(once, site):
    seed = int(os.environ.get("CACHE_SEED", str(random.randrange(2**32))))
    print(f"CACHE_SEED={seed} CACHE_SEQUENCES={SEQUENCES}")
    chance = random.Random(seed)
    cached, plain = Asker(site.port), Asker(once.port)
    compared = 0
    for sequence in range(SEQUENCES):
        if sequence % 50 == 0:
            paths = [path for name in FORMATS for path in fresh(once, 10, name)] + fresh(once, 10)
        path = chance.choice(paths)
        asked = []
        for _ in range(chance.randint(1, 8)):
            asked.append(question(chance, path, paths))
            if asked[-1].asks_for_a_fault:
                cached.ask_for_trouble(asked[-1])
                continue
            assert cached.ask(asked[-1]) == plain.ask(asked[-1]), f"with CACHE_SEED={seed}, sequence {sequence}: {asked}"
            compared += 1
    assert compared > SEQUENCES
