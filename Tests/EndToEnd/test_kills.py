"""Workers are killed under load, faster than they grow old, and no client notices.

`KILL_SECONDS=60` makes it last (`make test-kills` does).
"""

from __future__ import annotations

import base64
import itertools
import json
import os
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from pictures import checked_png
from pool import Pool
from processes import eventually, kill
from wrk import Wrk

WORKERS = 4
SECONDS = int(os.environ.get("KILL_SECONDS", "8"))
WRITERS = 3
EVERY = 0.2
"""Seconds between two kills."""
PROMPTS = [f"a lake, seen {number} times" for number in range(16)]


class Load:
    """Clients that POST and GET without pause and without retries.

    The same request draws the same picture, so each is compared with the one that was drawn before any worker was killed. An image is the
    same to the byte whenever it is fetched.
    """

    def __init__(self, pool: Pool):
        self.pool = pool
        urls = {prompt: pool.urls(**self.request(prompt))[0] for prompt in PROMPTS}
        self.expected = {prompt: httpx.get(url).content for prompt, url in urls.items()}
        self.told = [(url, self.expected[prompt]) for prompt, url in urls.items()]
        """(URL, file) of all that a client was told of."""
        self.counts: Counter[str] = Counter()
        self.errors: list[str] = []
        self.over = threading.Event()

    @contextmanager
    def running(self) -> Iterator[None]:
        with ThreadPoolExecutor(6) as threads:
            clients = [threads.submit(self.run, work) for work in [self.post] * WRITERS + [self.get] * 3]
            try:
                yield
            finally:
                self.over.set()
            for client in clients:
                client.result()

    @staticmethod
    def request(prompt: str) -> dict[str, object]:
        return {"prompt": prompt, "size": "512x512", "quality": "hd"}

    def run(self, work) -> None:
        with self.pool.client() as client:
            for number in itertools.count():
                if self.over.is_set():
                    return
                try:
                    work(client, number)
                    self.counts[work.__name__] += 1
                except (httpx.HTTPError, AssertionError) as error:
                    self.errors.append(f"{work.__name__}: {error!r}")

    def post(self, client: httpx.Client, number: int) -> None:
        prompt = PROMPTS[number % len(PROMPTS)]
        response = client.post("/v1/images/generations", json=self.request(prompt))
        assert response.status_code == 200, f"{response.status_code} {response.text}"
        [image] = response.json()["data"]
        file, expected = self.fetch(client, image["url"]), self.expected[prompt]
        # One process in a thousand compresses the same pixels to a few bytes more or less.
        is_same = file == expected or checked_png(file).tobytes() == checked_png(expected).tobytes()
        assert is_same, f"{image['url']}: not what was drawn first"
        self.told.append((image["url"], expected if file == expected else file))

    def get(self, client: httpx.Client, _: int) -> None:
        self.check(client, *random.choice(self.told))

    def check(self, client: httpx.Client, url: str, file: bytes) -> None:
        assert self.fetch(client, url) == file, f"{url}: other bytes than were fetched first"

    def fetch(self, client: httpx.Client, url: str) -> bytes:
        response = client.get(url)
        assert response.status_code == 200, f"{url}: {response.status_code} {response.text}"
        return response.content


def answered(pool: Pool, route: str) -> float:
    """Answers with 200 that all workers counted, the dead included."""
    samples = pool.metrics()["fakeai_requests"].samples
    return sum(sample.value for sample in samples if sample.labels == {"route": route, "status": "200"})


def kill_one(pool: Pool, killed: Counter[int]) -> None:
    if workers := sorted(pool.workers):
        victim = random.choice(workers)
        kill(victim)
        killed[victim] += 1


def test_no_client_notices_that_a_worker_is_killed_every_200_ms(start):
    pool = start("--workers", str(WORKERS), IMAGE_TIMESTAMP="2026-01-01 00:00:00", IMAGE_STORE_SIZE=f"{256 + 32 * SECONDS}M")
    load = Load(pool)
    [popular] = pool.urls(size="256x256")
    killed: Counter[int] = Counter()
    alive: list[int] = []
    # wrk's 64 connections see to it that at each kill nginx has idle connections to the victim.
    with load.running(), Wrk(popular, connections=64, seconds=SECONDS) as wrk:
        began = time.monotonic()
        while wrk.is_running:
            time.sleep(max(0, began + EVERY * (len(alive) + 1) - time.monotonic()))
            alive.append(len(pool.workers))
            kill_one(pool, killed)

        assert pool.statistics()["store"]["evicted"] == 0, "the store is too small for so long a run"
        rate = wrk.rate()
    print(f"\n{killed.total()} kills of {len(killed)} workers, {load.counts['post']} pictures made, {load.counts['get']} + ", end="")
    print(f"{rate.per_second * SECONDS:.0f} read; workers alive {min(alive)} to {max(alive)}; errors: {load.errors[:5]}")
    assert load.errors == []
    assert killed.total() > SECONDS / EVERY / 3
    assert min(alive) >= 1
    eventually(lambda: len(pool.workers) == WORKERS, within=10, what=f"{WORKERS} workers again")
    acknowledged = len(load.told) + 1
    # What a worker counted and did not get sent is counted again by the one that is asked next: one POST in hand for each who sends them.
    most = acknowledged + WRITERS * killed.total()
    assert acknowledged <= answered(pool, "/v1/images/generations") <= most
    assert acknowledged <= pool.statistics()["store"]["inserted"] <= most
    with pool.client() as client, ThreadPoolExecutor(6) as threads:
        sample = random.sample(load.told, min(40 * SECONDS, len(load.told)))
        list(threads.map(lambda image: load.check(client, *image), sample))


class MixedLoad:
    """Clients that make pictures in every way, without pause and without retries, and tell what came of it."""

    KINDS = ("generation", "edit", "stream")

    def __init__(self, pool: Pool):
        self.pool = pool
        self.picture = httpx.get(pool.urls(size="512x512", quality="hd")[0]).content
        self.expected = {kind: self.pixels(getattr(self, kind)(pool.client())) for kind in self.KINDS}
        self.counts: Counter[str] = Counter()
        """Requests by kind and outcome: `edit answered`."""
        self.wrong: list[str] = []
        self.told: list[tuple[str, bytes]] = []
        self.over = threading.Event()

    @contextmanager
    def running(self) -> Iterator[None]:
        with ThreadPoolExecutor(6) as threads:
            clients = [threads.submit(self.run, kind) for kind in self.KINDS * 2]
            try:
                yield
            finally:
                self.over.set()
            for client in clients:
                client.result()

    def run(self, kind: str) -> None:
        with self.pool.client() as client:
            while not self.over.is_set():
                try:
                    file = getattr(self, kind)(client)
                except (Broken, httpx.HTTPError) as outcome:
                    self.counts[f"{kind} {outcome}"] += 1
                    continue
                self.counts[f"{kind} answered"] += 1
                if self.pixels(file) != self.expected[kind]:
                    self.wrong.append(kind)

    @staticmethod
    def pixels(file: bytes) -> bytes:
        return checked_png(file).tobytes()

    def generation(self, client: httpx.Client) -> bytes:
        response = client.post("/v1/images/generations", json={"prompt": "a lake", "size": "512x512", "quality": "hd"})
        url = self.whole(response).json()["data"][0]["url"]
        file = self.whole(client.get(url)).content
        if hasattr(self, "told"):
            self.told.append((url, file))
        return file

    def edit(self, client: httpx.Client) -> bytes:
        return base64.b64decode(self.whole(self.post_edit(client)).json()["data"][0]["b64_json"])

    def stream(self, client: httpx.Client) -> bytes:
        try:
            response = self.post_edit(client, stream="true", partial_images="2")
        except httpx.HTTPError:
            raise Broken("ended before its last event") from None
        last = self.whole(response).text.rstrip().rpartition("\n\n")[2]
        if not last.startswith("event: image_edit.completed"):
            raise Broken("ended before its last event")
        return base64.b64decode(json.loads(last.partition("data: ")[2])["b64_json"])

    def post_edit(self, client: httpx.Client, **fields: str) -> httpx.Response:
        data = {"model": "gpt-image-2", "prompt": "a lake", "size": "1024x1024", "quality": "low"} | fields
        return client.post("/v1/images/edits", data=data, files={"image": ("a.png", self.picture, "image/png")})

    @staticmethod
    def whole(response: httpx.Response) -> httpx.Response:
        if response.status_code != 200:
            raise Broken(str(response.status_code))
        return response


class Broken(Exception):
    """A request to which no whole answer came."""


@pytest.mark.parametrize("every", [1, 0.2], ids=["second", "200-ms"])
def test_requests_of_all_kinds_bear_that_one_of_two_workers_is_killed_again_and_again(start, every):
    pool = start("--workers", "2", IMAGE_TIMESTAMP="2026-01-01 00:00:00", IMAGE_STORE_SIZE=f"{256 + 32 * SECONDS}M")
    load = MixedLoad(pool)
    killed: Counter[int] = Counter()
    with load.running():
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            time.sleep(every)
            kill_one(pool, killed)
    print(f"\n{killed.total()} kills: {dict(sorted(load.counts.items()))}")
    assert load.wrong == []
    answered = {kind: load.counts[f"{kind} answered"] for kind in load.KINDS}
    assert all(answered.values()), load.counts
    failed = load.counts - Counter({f"{kind} answered": count for kind, count in answered.items()})
    streams = failed.pop("stream ended before its last event", 0)
    # Each kill ends one worker, with whatever of two streams it had begun.
    assert streams <= 2 * killed.total()
    # All other requests are sent to four workers, one after the other, before one fails. Where each is killed before it has done a second's
    # work, there are such that meet four.
    assert set(failed) <= {f"{kind} 502" for kind in load.KINDS}, load.counts
    assert failed.total() <= (0 if every == 1 else sum(load.counts.values()) / 4), load.counts
    with pool.client() as client:
        for url, file in load.told[-1000:]:
            assert load.whole(client.get(url)).content == file, url


def processor_time(pid: int) -> float:
    """Seconds that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def busy_worker(pool: Pool) -> int | None:
    """The worker that draws, if it has for a while; more than a worker's start takes."""
    for pid in pool.workers:
        try:
            if processor_time(pid) > 0.5:
                return pid
        except (FileNotFoundError, ProcessLookupError):
            continue
    return None


@pytest.mark.parametrize("kind", ["generations", "edits"])
def test_a_request_that_kills_its_worker_kills_four_and_no_more(start, kind):
    pool = start("--workers", "1")
    body = {
        "prompt": "a lake", "model": "gpt-image-2", "size": "3840x2160", "quality": "high", "n": 10,
        "output_format": "gif", "frame_count": 9,
    }
    if kind == "edits":
        picture = httpx.get(pool.urls(size="256x256")[0]).content
        body |= {"images": [{"image_url": "data:image/png;base64," + base64.b64encode(picture).decode()}]}
    with ThreadPoolExecutor(1) as client:
        answer = client.submit(httpx.post, f"{pool.url}/v1/images/{kind}", json=body, timeout=120)
        # A worker may still be there when it is looked for again.
        killed = set()
        while not answer.done():
            # Before its first image is there, of which each takes more than a second.
            if (pid := busy_worker(pool)) is not None:
                kill(pid)
                killed.add(pid)
            time.sleep(0.01)
        response = answer.result()
    assert (response.status_code, len(killed)) == (502, 4)
    assert response.json()["error"]["type"] == "server_error"
    eventually(lambda: pool.generate(size="256x256").status_code == 200, within=20, what="an answer to somebody else")
