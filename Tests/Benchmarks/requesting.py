"""Processor time of one request, nginx's and the worker's apart: answers without a picture, pictures by URL and as base64, GETs."""

from __future__ import annotations

import statistics

import asking
from asking import Cost, Request, microseconds
from pool import Pool
from promise import Promise
from section import Section
from table import markdown

WORKERS = 2
ROUNDS = 3
MOST_FOR_BASE64 = 110
"""Per cent of a worker's processor time for the same picture by URL."""

PICTURES = {
    "256x256 standard": {"size": "256x256"},
    "1024x1024 standard": {"size": "1024x1024"},
    "1024x1024 hd": {"size": "1024x1024", "quality": "hd"},
}
WITHOUT_PICTURE = {
    "GET /healthz": Request.get("/healthz"),
    "GET /v1/models": Request.get("/v1/models"),
    "GET of an unknown image, 404": Request.get(f"/images/{'0' * 32}.png", is_refused=True),
    "POST with a wrong parameter, 400": Request.post(n=0, is_refused=True),
    "POST without a key that is required, 401": Request.post(f"/profiles/openai{asking.GENERATIONS}", is_refused=True),
    "POST with a fault, 429": Request.post(fault="rate_limit"),
}


def measure() -> list[Section]:
    pool = Pool("--workers", str(WORKERS))
    try:
        pool.start()
        # Before so many others are made that these are evicted.
        served = asking.rounds(pool, gets(pool), count=ROUNDS)
        turns = asking.rounds(pool, WITHOUT_PICTURE | posts(), count=ROUNDS) | served
    finally:
        pool.close()
    text = f"""
Microseconds of processor time that one request takes from nginx and from a worker, drawing included, with {WORKERS} workers, each POST
with another prompt: wrk, {asking.CONNECTIONS} connections, median of {ROUNDS} turns of {asking.SECONDS} s. `KB` are those of the answer.
The promises compare turns that followed each other.

{markdown(["request", "nginx µs", "worker µs", "both", "KB"], [cells(name, Cost.median(costs)) for name, costs in turns.items()])}"""
    return [Section("Processor time of a request", text, [promise(picture, turns) for picture in PICTURES])]


def posts() -> dict[str, Request]:
    return {
        f"POST {picture}, {kind}": Request.post(response_format=kind, **parameters)
        for picture, parameters in PICTURES.items() for kind in ("url", "b64_json")
    }


def gets(pool: Pool) -> dict[str, Request]:
    urls = {picture: pool.urls(**parameters)[0] for picture, parameters in PICTURES.items()}
    return {f"GET {picture}": Request.get(url.removeprefix(pool.url)) for picture, url in urls.items()}


def cells(name: str, cost: Cost) -> list[str]:
    return [name, *map(microseconds, [cost.nginx, cost.workers, cost.both]), f"{cost.bytes / 1000:.1f}"]


def promise(picture: str, turns: dict[str, list[Cost]]) -> Promise:
    """Compares turns that followed each other."""
    pairs = zip(turns[f"POST {picture}, b64_json"], turns[f"POST {picture}, url"], strict=True)
    share = statistics.median(100 * base64.workers / url.workers for base64, url in pairs)
    return Promise(f"processor time of a worker for {picture} as base64, share of that by URL", share, "%", at_most=MOST_FOR_BASE64)
