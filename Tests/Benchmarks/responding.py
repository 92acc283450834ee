"""What the Responses API adds to a picture: processor time of one worker per request, beside the Images API, in turns."""

from __future__ import annotations

import http.client
import itertools
import json
import statistics
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "Support"))

from pool import Pool  # noqa: E402
from promise import Promise  # noqa: E402
from section import Section  # noqa: E402
from table import markdown  # noqa: E402
from usage import Usage  # noqa: E402

SIZES = ["1024x1024", "256x256"]
REQUESTS = 1000
"""Of each kind and size in a round."""
ROUNDS = 5
CLIENTS = 3
TIMES = 1.3
"""The processor time of a picture of the Images API, for 1024x1024."""

IMAGE = {"model": "gpt-image-2", "quality": "low"}
NUMBERS = itertools.count()


def images(size: str) -> tuple[str, dict]:
    return "/v1/images/generations", {"prompt": f"A lake, {next(NUMBERS)}", "size": size} | IMAGE


def responses(size: str) -> tuple[str, dict]:
    tool = {"type": "image_generation", "size": size} | IMAGE
    return "/v1/responses", {"model": "gpt-5", "input": f"A lake, {next(NUMBERS)}", "tools": [tool]}


KINDS = {"Images API": images, "Responses API": responses, "Responses API, not stored": lambda size: unstored(responses(size))}


def unstored(request: tuple[str, dict]) -> tuple[str, dict]:
    return request[0], request[1] | {"store": False}


def measure() -> list[Section]:
    pool = Pool("--workers", "1")
    try:
        pool.start()
        times = {(size, kind): [] for size in SIZES for kind in KINDS}
        for size, kind in times:
            round_of(pool, size, kind, 50)
        for _ in range(ROUNDS):
            for size, kind in times:
                times[size, kind].append(round_of(pool, size, kind, REQUESTS))
    finally:
        pool.close()
    return [section({place: statistics.median(rounds) for place, rounds in times.items()})]


def section(times: dict[tuple[str, str], float]) -> Section:
    ratios = {(size, kind): time / times[size, "Images API"] for (size, kind), time in times.items()}
    rows = [
        [f"{size}, {kind}", f"{time * 1e6:.0f}", f"{ratios[size, kind]:.2f}"] for (size, kind), time in times.items()
    ]
    text = f"""
Processor time of the worker for one picture as base64, each of a different prompt: median of {ROUNDS} turns of {REQUESTS} requests.

{markdown(["picture", "µs", "times"], rows)}"""
    what = "processor time of a picture of 1024x1024 by the Responses API, compared with the Images API"
    return Section("Responses", text, [Promise(what, ratios["1024x1024", "Responses API"], "times", at_most=TIMES)])


def round_of(pool: Pool, size: str, kind: str, count: int) -> float:
    """Seconds of processor time per request."""
    [worker] = pool.workers
    before = Usage.of("worker", worker).processor
    with ThreadPoolExecutor(CLIENTS) as threads:
        lengths = list(threads.map(lambda _: send(pool, size, kind, count // CLIENTS), range(CLIENTS)))
    assert min(map(min, lengths)) > 1000, "an answer has no picture"
    return (Usage.of("worker", worker).processor - before) / (count // CLIENTS * CLIENTS)


def send(pool: Pool, size: str, kind: str, count: int) -> list[int]:
    """The lengths of so many answers."""
    connection = http.client.HTTPConnection("127.0.0.1", pool.port, timeout=60)
    lengths = []
    for _ in range(count):
        path, body = KINDS[kind](size)
        connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        lengths.append(len(answer.read()))
        assert answer.status == 200, answer.status
    connection.close()
    return lengths


if __name__ == "__main__":
    print(*measure(), sep="\n")
