"""Conversations of several turns, each of which edits the picture of an earlier one, whichever worker answers.

`CONVERSATIONS=10000` makes it last (`make test-conversations` does).
"""

from __future__ import annotations

import base64
import io
import os
import random
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
from PIL import Image

from pictures import recipe
from pool import STORE, Pool
from processes import own_memory
from redis_server import shared_server

COUNT = int(os.environ.get("CONVERSATIONS", "150"))
TURNS = 5
WORKERS = 4
AT_ONCE = 16
ROOM = 4_000_000
"""Bytes for responses, less than those of all conversations together, so that the oldest are evicted while others are used."""
GROWTH = 24_000_000
"""Bytes by which a worker's memory may grow after the first tenth."""
TOOL = {"type": "image_generation", "size": "256x256"}


def by_previous_response(earlier: dict) -> tuple[list, dict]:
    return [], {"previous_response_id": earlier["id"]}


def by_id(earlier: dict) -> tuple[list, dict]:
    return [{"type": "image_generation_call", "id": picture_of(earlier)["id"]}], {}


def by_whole_output(earlier: dict) -> tuple[list, dict]:
    return earlier["output"], {}


def without_result(earlier: dict) -> tuple[list, dict]:
    """As Home Assistant refers to a picture."""
    return [picture_of(earlier) | {"result": None}], {}


def as_a_picture(earlier: dict) -> tuple[list, dict]:
    url = f"data:image/png;base64,{picture_of(earlier)['result']}"
    return [{"role": "user", "content": [{"type": "input_image", "image_url": url}]}], {}


WAYS = [by_previous_response, by_id, by_whole_output, without_result, as_a_picture]
"""How a request refers to the picture of an earlier turn."""


def picture_of(response: dict) -> dict:
    [picture] = [item for item in response["output"] if item["type"] == "image_generation_call"]
    return picture


class Conversations:
    def __init__(self, pool: Pool):
        self.url = pool.url
        self.own = threading.local()
        self.workers: Counter[str] = Counter()
        self.handed_over: Counter[bool] = Counter()
        """Whether a turn was answered by another worker than the turn that it refers to."""

    @property
    def client(self) -> httpx.Client:
        """The thread's own: one that several threads shared closed sockets that others were reading from."""
        if not hasattr(self.own, "client"):
            self.own.client = httpx.Client(base_url=self.url, timeout=60)
        return self.own.client

    def ask(self, text: str, before: list, **others: object) -> tuple[dict, str]:
        asked = {"model": "gpt-5", "input": [*before, {"role": "user", "content": text}], "tools": [TOOL]}
        answer = self.client.post("/v1/responses", json=asked | others)
        assert answer.status_code == 200, answer.text[:500]
        worker = answer.headers["X-FakeAI-Worker"]
        self.workers[worker] += 1
        return answer.json(), worker

    def hold(self, number: int) -> None:
        """One conversation; its turns refer to any earlier one, in any way."""
        choice = random.Random(number)
        told = [self.ask(f"conversation {number}, turn 0", [])]
        assert picture_of(told[0][0])["action"] == "generate"
        for turn in range(1, TURNS):
            earlier, maker = choice.choice(told)
            before, others = choice.choice(WAYS)(earlier)
            text = f"conversation {number}, turn {turn}"
            response, worker = self.ask(text, before, **others)
            picture = picture_of(response)
            assert picture["action"] == "edit", f"{text}: {others or before!r:.300} was not edited"
            drawn = Image.open(io.BytesIO(base64.b64decode(picture["result"])))
            assert drawn.size == (256, 256) and recipe(drawn)["prompt"] == text
            self.handed_over[worker != maker] += 1
            told.append((response, worker))
        for response, _ in told:
            again = self.client.get(f"/v1/responses/{response['id']}")
            assert again.status_code == 200, again.text
            assert again.json()["output"] == response["output"], f"{response['id']} is another one when it is retrieved"


def memory(pool: Pool) -> dict[int, int]:
    return {worker: own_memory(worker) for worker in pool.workers}


def objects(pool: Pool) -> int:
    """Bytes of what is kept beside the images."""
    if STORE == "redis":
        groups = [f"{pool.environment['FAKEAI_REDIS_PREFIX']}{{objects}}:heads:{group}" for group in ("kept", "evicted")]
        return sum(shared_server().number("HGET", group, "bytes") for group in groups)
    folders = [path for path in Path("/dev/shm").glob(f"fakeai-images-{pool.store_name}*") if path.is_dir()]
    return sum(file.stat().st_size for folder in folders for file in folder.rglob("*") if file.is_file())


def test_every_turn_finds_the_pictures_of_earlier_ones(start):
    pool = start("--workers", str(WORKERS), RESPONSE_STORE_SIZE=ROOM)
    conversations = Conversations(pool)
    first = max(COUNT // 10, AT_ONCE)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        list(threads.map(conversations.hold, range(first)))
        before = memory(pool)
        list(threads.map(conversations.hold, range(first, COUNT)))
    assert pool.workers == before.keys(), "a worker has died"
    grown = {worker: size - before[worker] for worker, size in memory(pool).items()}
    print(f"{COUNT} conversations; bytes grown: {sorted(grown.values())}; kept: {objects(pool)}; by worker: {conversations.workers}")
    assert max(grown.values()) < GROWTH, grown
    assert 0 < objects(pool) < 2 * ROOM, "what is kept is not bounded"
    assert len(conversations.workers) == WORKERS
    assert conversations.handed_over[True] > COUNT, "most turns are answered by another worker than made the picture"


def test_an_earlier_picture_is_shown_in_its_edit(pool):
    """By any way to refer to it, and unlike an edit of another one."""
    conversations = Conversations(pool)
    lake, _ = conversations.ask("a lake", [])
    forest, _ = conversations.ask("a forest by night", [])
    edits = {}
    for way in WAYS:
        for earlier in (lake, forest):
            before, others = way(earlier)
            response, _ = conversations.ask("the same", before, **others)
            edits[way, earlier["id"]] = pixels(picture_of(response))
    for earlier in (lake, forest):
        of_one = [edits[way, earlier["id"]] for way in WAYS]
        assert all(nearly_the_same(of_one[0], other) for other in of_one), "the ways to refer to a picture differ"
    assert not nearly_the_same(edits[by_id, lake["id"]], edits[by_id, forest["id"]]), "the picture itself is not shown"


def pixels(picture: dict) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(picture["result"]))).convert("RGB").resize((16, 16), Image.Resampling.BOX)


def nearly_the_same(one: Image.Image, other: Image.Image) -> bool:
    """But for the watermark with the time."""
    pairs = zip(one.get_flattened_data(), other.get_flattened_data(), strict=True)
    return sum(max(abs(a - b) for a, b in zip(*pair, strict=True)) > 24 for pair in pairs) < 26
