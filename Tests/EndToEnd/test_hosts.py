"""Several hosts with one Redis behave like one: pools of their own names here, on one machine."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import permutations

import httpx
import pytest

from event_stream import EventStream
from pool import BINARY, KEEP_ALL, Pool
from processes import eventually
from redis_server import RedisServer

PASSWORD = "sesame-and-lilies"
NAMES = ("alder", "birch", "cedar")


@pytest.fixture(scope="module")
def redis() -> Iterator[RedisServer]:
    redis = RedisServer(password=PASSWORD)
    try:
        redis.start()
        yield redis
    finally:
        redis.close()


def host(redis: RedisServer, name: str, **variables: object) -> Pool:
    return Pool("--workers", "2", IMAGE_STORAGE_BACKEND="redis", REDIS_URL=redis.url, HOST_NAME=name, **variables)


@pytest.fixture(scope="module")
def hosts(redis) -> Iterator[list[Pool]]:
    with ExitStack() as end:
        hosts = []
        for name in NAMES:
            pool = host(redis, name)
            end.callback(pool.close)
            pool.start()
            hosts.append(pool)
        yield hosts


@pytest.fixture(autouse=True)
def clean(hosts) -> None:
    hosts[0].client().post("/_fakeai/reset").raise_for_status()


def test_a_stream_of_any_host_tells_of_the_requests_to_all(hosts):
    first = hosts[0].client().get("/_fakeai/requests?limit=0").json()["next"]
    with ExitStack() as end:
        streams = [end.enter_context(EventStream(pool.port, "/_fakeai/events?topics=requests")) for pool in hosts for _ in range(2)]

        def refused(number: int) -> None:
            assert hosts[number % 3].generate(n=0).status_code == 400

        with ThreadPoolExecutor(6) as threads:
            list(threads.map(refused, range(300)))
        late = end.enter_context(EventStream(hosts[1].port, f"/_fakeai/events?topics=requests&since={first}"))
        for stream in [*streams, late]:
            stream.until_sequence(first + 299)
            assert [entry["sequence"] for entry in stream.requests] == list(range(first, first + 300))
        told = hosts[2].client().get(f"/_fakeai/requests?since={first}&limit=1000").json()["requests"]
        assert all(stream.requests == told for stream in [*streams, late])
    assert {entry["worker"].partition("/")[0] for entry in told} == set(NAMES)


def test_a_stream_ends_if_redis_has_lost_the_journal_and_goes_on_with_the_new_one(hosts, redis):
    for _ in range(10):
        hosts[0].generate(n=0)
    with EventStream(hosts[1].port, "/_fakeai/events?topics=requests&since=0") as stream:
        eventually(lambda: hosts[1].client().get("/_fakeai/requests?limit=0").json()["next"] >= 10, within=10, what="ten requests")
        stream.until_sequence(9)
        redis.call("DEL", "fakeai:{journal}:next", "fakeai:{journal}:entries")
        with pytest.raises(EOFError):
            stream.until(lambda: False)
        hosts[0].generate(n=0)
        with EventStream(hosts[1].port, "/_fakeai/events?topics=requests", {"Last-Event-ID": stream.last_id}) as new:
            new.until(lambda: new.requests)
            assert new.requests[0]["sequence"] == 0


def test_each_host_serves_what_the_others_made(hosts):
    def make(number: int) -> tuple[Pool, str]:
        maker = hosts[number % 3]
        response = maker.generate(prompt=f"lake {number}", model="dall-e-2", size="256x256")
        assert response.status_code == 200, response.text
        assert response.headers["X-FakeAI-Worker"].startswith(f"{NAMES[number % 3]}/")
        return maker, response.json()["data"][0]["url"].removeprefix(maker.url)

    with ThreadPoolExecutor(6) as threads, httpx.Client(timeout=30, limits=KEEP_ALL) as client:
        made = list(threads.map(make, range(90)))
        for maker, path in made:
            files = [client.get(pool.url + path) for pool in hosts]
            assert [file.status_code for file in files] == [200] * 3, f"{path} of {maker.url}: {files}"
            own = files[hosts.index(maker)]
            assert all(file.content == own.content for file in files), path
            assert {file.headers["ETag"] for file in files} == {own.headers["ETag"]}
            assert {file.headers["Last-Modified"] for file in files} == {own.headers["Last-Modified"]}


def test_an_id_that_no_host_made_is_not_found(hosts):
    assert hosts[0].client().get(f"/images/{'0' * 12}8000a{'0' * 15}.png").status_code == 404


def put(pool: Pool, rules: list) -> httpx.Response:
    response = pool.client().put("/_fakeai/rules", content=json.dumps(rules))
    assert response.status_code == 200 and "X-FakeAI-Unconfirmed" not in response.headers, response.headers
    return response


def test_new_rules_hold_on_every_host_for_the_very_next_request(hosts):
    with httpx.Client(timeout=30, limits=KEEP_ALL) as client:
        for round in range(20):
            for putter, asked in permutations(hosts, 2):
                fault = ("server_error", "overloaded")[round % 2]
                put(putter, [{"match": {"route": "/v1/models"}, "then": {"fault": fault}}])
                status = client.get(f"{asked.url}/v1/models").status_code
                assert status == {"server_error": 500, "overloaded": 503}[fault]
                if round % 4 == 3:
                    put(putter, [])
                    assert client.get(f"{asked.url}/v1/models").status_code == 200


def test_a_rule_counts_the_requests_of_all_hosts(hosts):
    put(hosts[1], [{"match": {"route": "/v1/models"}, "when": {"every": 7}, "then": {"fault": "server_error"}}])
    with ThreadPoolExecutor(12) as threads, httpx.Client(timeout=30, limits=KEEP_ALL) as client:
        answers = list(threads.map(lambda number: client.get(f"{hosts[number % 3].url}/v1/models").status_code, range(700)))
    assert answers.count(500) == 100 and answers.count(200) == 600


def test_a_limit_holds_for_all_hosts_together(redis, hosts, start):
    pools = [
        start(
            "--workers", "2", IMAGE_STORAGE_BACKEND="redis", REDIS_URL=redis.url, HOST_NAME=name, REDIS_PREFIX="limits:",
            REQUESTS_PER_MINUTE=100, LIMIT_REFILL="minute",
        )
        for name in NAMES
    ]
    body = {"prompt": "a", "model": "dall-e-2", "size": "256x256"}
    with ThreadPoolExecutor(12) as threads, httpx.Client(timeout=30, limits=KEEP_ALL) as client:
        answers = list(
            threads.map(lambda number: client.post(f"{pools[number % 3].url}/v1/images/generations", json=body), range(160))
        )
    assert [answer.status_code for answer in answers].count(200) == 100
    assert all(answer.status_code in (200, 429) for answer in answers)
    assert {answer.headers["x-ratelimit-remaining-requests"] for answer in answers} >= {"99", "50", "0"}


def test_the_journal_is_one(hosts):
    own = {"X-FakeAI-Session": "journal"}
    paths = [f"/v1/models/{name}" for name in ("dall-e-2", "dall-e-3", "gpt-image-1")]
    for pool, path in zip(hosts, paths, strict=True):
        assert pool.client().get(path, headers=own).status_code == 200

    def entries(pool: Pool) -> list[dict]:
        return pool.client().get("/_fakeai/requests", params={"session": "journal"}).json()["requests"]

    # Nobody waits for the journal, so an entry may come after that of a later request.
    for pool in hosts:
        eventually(
            lambda pool=pool: sorted(entry["path"] for entry in entries(pool)) == paths,
            within=5, what=f"the requests of all hosts at {pool.url}",
        )
    found = {entry["path"]: entry for entry in entries(hosts[2])}
    assert [found[path]["worker"].split("/")[0] for path in paths] == list(NAMES)
    assert len({entry["sequence"] for entry in found.values()}) == 3


def test_who_waits_for_a_request_hears_of_one_to_another_host(hosts):
    def ask() -> None:
        time.sleep(0.5)
        hosts[1].client().get("/v1/models/dall-e-2")

    thread = threading.Thread(target=ask)
    thread.start()
    page = hosts[0].client().get("/_fakeai/requests", params={"wait": 10, "count": 1, "path": "/v1/models/dall-e-2"}).json()
    thread.join()
    assert [entry["worker"].split("/")[0] for entry in page["requests"]] == ["birch"]


def test_sessions_have_rules_of_their_own_on_all_hosts(hosts):
    own = {"X-FakeAI-Session": "one"}
    rules = [{"match": {"route": "/v1/models"}, "then": {"fault": "server_error"}}]
    response = hosts[0].client().put("/_fakeai/rules", params={"session": "one"}, content=json.dumps(rules))
    assert response.status_code == 200, response.text
    for pool in hosts:
        assert pool.client().get("/v1/models", headers=own).status_code == 500
        assert pool.client().get("/v1/models").status_code == 200


def test_the_hosts_are_listed(hosts):
    eventually(
        lambda: [host["name"] for host in hosts[0].client().get("/_fakeai/stats").json()["hosts"]] == list(NAMES),
        within=5, what="all hosts",
    )


def test_no_password_is_shown_anywhere(redis, hosts):
    status = subprocess.run(
        [BINARY, "status"], env=hosts[0].environment, capture_output=True, text=True, timeout=20, check=True
    )
    texts = [pool.log for pool in hosts] + [status.stdout, status.stderr]
    texts += [hosts[0].client().get(path).text for path in ("/_fakeai/stats", "/metrics", "/_fakeai", "/readyz", "/openapi.json")]
    assert not [text for text in texts if PASSWORD in text]


@pytest.fixture
def alone(start) -> Iterator[tuple[RedisServer, Pool]]:
    """A host with a Redis of its own, which may fail."""
    redis = RedisServer()
    try:
        redis.start()
        variables = {"IMAGE_STORAGE_BACKEND": "redis", "REDIS_URL": redis.url, "HOST_NAME": "alone", "REDIS_TIMEOUT": "500ms"}
        yield redis, start("--workers", "2", **variables)
    finally:
        redis.close()


SMALL = {"model": "dall-e-2", "size": "256x256"}


def test_without_redis_posts_fail_honestly_local_images_go_on_and_everything_comes_back(alone):
    redis, pool = alone
    [url] = pool.urls(**SMALL)
    workers = pool.workers
    redis.kill()
    begun = time.monotonic()
    refused = pool.generate(**SMALL)
    assert refused.status_code == 503 and refused.headers["Retry-After"], refused.text
    assert refused.json()["error"]["type"] == "service_unavailable_error"
    assert time.monotonic() - begun < 10, "this is no matter of speed, but of not waiting for nginx's limits"
    assert httpx.get(url).status_code == 200
    ready = eventually(
        lambda: (answer := pool.client().get("/readyz")).status_code == 503 and answer, within=5, what="/readyz to tell"
    )
    assert "Redis" in ready.json()["error"]["message"]
    assert pool.client().get("/healthz").status_code == 200
    eventually(
        lambda: [sample.value for sample in pool.metrics()["fakeai_worker_redis_ready"].samples] == [0, 0],
        within=5, what="the workers to say so in the metrics",
    )
    eventually(lambda: "the image store is unavailable" in pool.log, within=5, what="a line in the log")
    redis.start()
    eventually(lambda: pool.generate(**SMALL).status_code == 200, within=10, what="an image again")
    eventually(lambda: pool.client().get("/readyz").status_code == 200, within=5, what="ready again")
    eventually(lambda: "the image store is available again" in pool.log, within=5, what="another line")
    assert pool.log.count("the image store is") == 2, pool.log
    assert pool.workers == workers, "a worker died"


def test_a_stopped_redis_is_no_reason_to_hang(alone):
    redis, pool = alone
    [url] = pool.urls(**SMALL)
    redis.pause()
    try:
        assert pool.generate(**SMALL).status_code == 503
        assert httpx.get(url).status_code == 200
    finally:
        redis.resume()
    eventually(lambda: pool.generate(**SMALL).status_code == 200, within=10, what="an image again")


def test_a_wrong_password_is_one_line_although_nothing_is_served(redis):
    pool = Pool("--workers", "2", IMAGE_STORAGE_BACKEND="redis", REDIS_URL=redis.url.replace(PASSWORD, "s3cret"))
    try:
        with pool.stdout.open("wb") as stdout, pool.stderr.open("wb") as stderr:
            pool.process = subprocess.Popen(
                pool.command, env=pool.environment, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, start_new_session=True
            )
        eventually(lambda: "AUTH was refused" in pool.log, within=10, what="a line that says why")
        time.sleep(1.5)  # Another worker would have said it by now.
        [line] = pool.log.splitlines()
        assert "the image store is unavailable, so requests that need it get 503: Redis: " in line
        assert "s3cret" not in line
    finally:
        pool.close()


def test_signed_urls_of_one_host_are_valid_on_the_others(redis, start):
    pools = [
        start(
            "--workers", "1", IMAGE_STORAGE_BACKEND="redis", REDIS_URL=redis.url, HOST_NAME=name, REDIS_PREFIX="signed:",
            URL_STYLE="azure-blob",
        )
        for name in NAMES[:2]
    ]
    [url] = pools[0].urls(model="dall-e-2", size="256x256")
    assert httpx.get(url.replace(pools[0].url, pools[1].url)).status_code == 200
