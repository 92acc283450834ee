"""Clients of several hosts, which note every answer: what they make, what a host made itself, and what the others made."""

from __future__ import annotations

import random
import re
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from host_pictures import Picture, digest
from redis_hosts import SMALL, HostPool

PAUSE = 0.01
"""Seconds between two requests of a client, which leave the hosts some of the processors."""
ADDRESS = re.compile(r"[\d.]+:\d+: ")
HANGING = 60
"""Seconds after which an answer is given up."""


@dataclass(frozen=True)
class Answer:
    kind: str
    """`post`; `own` for a picture that the host made; `others` for one that another did."""
    pool: HostPool
    at: float
    """When it was over, by time.monotonic."""
    seconds: float
    status: int
    """0 if there was none."""


class HostLoad:
    """Runs as long as its block. Every client has a connection of its own, and waits a moment between its requests.

    `known` are pictures that all hosts can serve before the load begins.
    """

    def __init__(self, hosts: Sequence[HostPool], known: Sequence[Picture], *, posters: int = 2, may_lose: bool = False):
        self.hosts, self.known = hosts, known
        self.of_others = {200, 503, 404} if may_lose else {200, 503}
        """How a host may answer for what another made."""
        self.answers: list[Answer] = []
        self.made: list[Picture] = []
        self.wrong: list[str] = []
        """What no client should see."""
        self.refusals: Counter = Counter()
        """What hosts said when they refused."""
        self.over = threading.Event()
        kinds = [self.post] * posters + [self.get_own, self.get_others]
        self.threads = [threading.Thread(target=self.run, args=(kind, pool), daemon=True) for pool in hosts for kind in kinds]

    def __enter__(self) -> HostLoad:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join(timeout=2 * HANGING)

    def run(self, ask, pool: HostPool) -> None:
        with httpx.Client(base_url=pool.url, timeout=HANGING) as client:
            while not self.over.wait(PAUSE):
                ask(pool, client)

    def timed(self, kind: str, pool: HostPool, client: httpx.Client, method: str, path: str, **content: object) -> httpx.Response | None:
        begun = time.monotonic()
        try:
            response = client.request(method, path, **content)
        except httpx.HTTPError as error:
            self.wrong.append(f"{method} {path} at {pool.host.name}: {error!r}")
            response = None
        now = time.monotonic()
        self.answers.append(Answer(kind, pool, now, now - begun, response.status_code if response else 0))
        return response

    def post(self, pool: HostPool, client: httpx.Client) -> None:
        body = {"prompt": f"load {random.getrandbits(48):x}"} | SMALL
        response = self.timed("post", pool, client, "POST", "/v1/images/generations", json=body)
        if response is None:
            return
        if response.status_code != 200:
            self.check_refusal(response)
            return
        path = urlsplit(response.json()["data"][0]["url"]).path
        file = self.timed("own", pool, client, "GET", path)
        if file is not None and file.status_code == 200:
            self.made.append(Picture(pool, path, digest(file.content)))

    def get_own(self, pool: HostPool, client: httpx.Client) -> None:
        self.get("own", pool, client, random.choice([picture for picture in self.known if picture.maker is pool]))

    def get_others(self, pool: HostPool, client: httpx.Client) -> None:
        self.get("others", pool, client, random.choice([picture for picture in self.known if picture.maker is not pool]))

    def get(self, kind: str, pool: HostPool, client: httpx.Client, picture: Picture) -> None:
        response = self.timed(kind, pool, client, "GET", picture.path)
        if response is None:
            return
        what = f"GET {picture.path} ({kind}) at {pool.host.name}"
        if response.status_code not in (self.of_others if kind == "others" else {200}):
            self.wrong.append(f"{what}: {response.status_code} {response.text}")
        elif response.status_code == 503:
            self.check_refusal(response)
        elif response.status_code == 200 and digest(response.content) != picture.digest:
            self.wrong.append(f"{what}: other bytes")

    def check_refusal(self, response: httpx.Response) -> None:
        """A refusal is in OpenAI's form, and says that it is worth asking again."""
        try:
            error = response.json()["error"]
            self.refusals[ADDRESS.sub("", error["message"])] += 1
            is_honest = response.status_code == 503 and error["message"] and error["type"] and {"param", "code"} <= error.keys()
        except (ValueError, KeyError, TypeError):
            is_honest = False
        if not is_honest or "Retry-After" not in response.headers:
            self.wrong.append(f"{response.request.method} answered {response.status_code} {dict(response.headers)} {response.text}")

    def statuses(self, kind: str) -> Counter:
        return Counter(answer.status for answer in self.answers if answer.kind == kind)

    def refusals_after(self, moment: float) -> float:
        """How many seconds after `moment` the last client was refused; 0 if none was."""
        return max((answer.at - moment for answer in self.answers if answer.status != 200 and answer.at > moment), default=0)

    def slowest(self, kind: str) -> float:
        return max((answer.seconds for answer in self.answers if answer.kind == kind), default=0)

    def check(self, *, within: float) -> None:
        """Every client got what it may get, and every POST was answered within so many seconds."""
        assert not any(thread.is_alive() for thread in self.threads), "a client hangs"
        assert not self.wrong, f"{len(self.wrong)} wrong answers, such as {self.wrong[:3]}"
        for pool in self.hosts:
            served = {answer.kind for answer in self.answers if answer.pool is pool and answer.status == 200}
            assert served == {"post", "own", "others"}, f"{pool.host.name} served {served} only"
        assert set(self.statuses("own")) == {200}
        assert set(self.statuses("post")) <= {200, 503} and set(self.statuses("others")) <= self.of_others
        assert self.slowest("post") < within, f"a POST took {self.slowest('post'):.1f} s"

    def __str__(self) -> str:
        counts = ", ".join(f"{kind} {dict(sorted(self.statuses(kind).items()))}" for kind in ("post", "own", "others"))
        reasons = "; ".join(f"{count} x {message!r}" for message, count in self.refusals.most_common())
        slowest = f"slowest POST {self.slowest('post'):.2f} s, GET of a host's own {self.slowest('own'):.2f} s"
        return f"{counts}; {slowest}{'; refused: ' if reasons else ''}{reasons}"
