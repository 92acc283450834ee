"""How the cost grows with the connections, with the images of a request, and with their size; what should be flat is given for each."""

from __future__ import annotations

import asking
from asking import Cost, Request, microseconds
from pool import Pool
from section import Section
from table import markdown

WORKERS = 2
COUNTS = [1, 2, 5, 10]
SIZES = ["256x256", "512x512", "1024x1024", "2048x2048", "3840x2160"]
SECONDS = {"standard": 1, "hd": 2}
"""Of a turn, by quality: in hd, the largest take ten milliseconds each."""
CONNECTIONS = [1, 4, 16, 64]


def measure() -> list[Section]:
    pool = Pool("--workers", str(WORKERS))
    try:
        pool.start()
        # GETs before so many images are made that theirs is evicted.
        return [connections(pool), images(pool), pixels(pool)]
    finally:
        pool.close()


def images(pool: Pool) -> Section:
    turns = asking.rounds(pool, {str(count): Request.post(size="1024x1024", n=count) for count in COUNTS})
    costs = {int(count): Cost.median(costs) for count, costs in turns.items()}
    rows = [
        [str(count), *map(microseconds, [cost.nginx, cost.workers, cost.nginx / count, cost.workers / count])]
        for count, cost in costs.items()
    ]
    text = f"""
Microseconds of processor time of a POST for `n` standard images of 1024x1024 by URL: wrk, {asking.CONNECTIONS} connections,
{WORKERS} workers, median of {asking.ROUNDS} turns of {asking.SECONDS} s.

{markdown(["n", "nginx µs", "worker µs", "nginx µs/image", "worker µs/image"], rows)}"""
    return Section("Cost by the images of a request", text)


def pixels(pool: Pool) -> Section:
    rows = []
    for quality, seconds in SECONDS.items():
        requests = {size: Request.post(size=size, quality=quality) for size in SIZES}
        turns = asking.rounds(pool, requests, seconds=seconds)
        rows += pixel_rows(quality, {size: Cost.median(costs).workers for size, costs in turns.items()})
    text = f"""
Microseconds of a worker's processor time for a POST for one image by URL: wrk, {asking.CONNECTIONS} connections, {WORKERS} workers, median
of {asking.ROUNDS} turns of {SECONDS["standard"]} s (standard) and {SECONDS["hd"]} s (hd). `µs/megapixel` falls, because every request costs
something whatever the size; `each further` is what a megapixel costs beyond the size of the line above.

{markdown(["image", "megapixels", "µs", "µs/megapixel", "each further"], rows)}"""
    return Section("Cost by size", text)


def pixel_rows(quality: str, costs: dict[str, float]) -> list[list[str]]:
    """`costs`: seconds by size, the smallest first."""
    rows, before, smaller = [], 0.0, 0.0
    for size, cost in costs.items():
        width, height = map(int, size.split("x"))
        megapixels = width * height / 1e6
        further = microseconds((cost - before) / (megapixels - smaller)) if rows else ""
        rows.append([f"{size} {quality}", f"{megapixels:.2f}", microseconds(cost), microseconds(cost / megapixels), further])
        before, smaller = cost, megapixels
    return rows


def connections(pool: Pool) -> Section:
    [url] = pool.urls(size="1024x1024")
    requests = {"GET": Request.get(url.removeprefix(pool.url)), "POST": Request.post(size="1024x1024")}
    rows = []
    for name, request in requests.items():
        asking.measure(pool, request)
        turns = [{count: asking.measure(pool, request, connections=count) for count in CONNECTIONS} for _ in range(asking.ROUNDS)]
        rows += [connection_row(name, count, Cost.median([turn[count] for turn in turns])) for count in CONNECTIONS]
    text = f"""
Requests for a standard image of 1024x1024 on so many connections at once: wrk, {WORKERS} workers, median of {asking.ROUNDS} turns of
{asking.SECONDS} s. `ms` is the median latency.

{markdown(["", "connections", "requests/s", "ms", "nginx µs/request", "worker µs/request"], rows)}"""
    return Section("Cost by connections", text)


def connection_row(name: str, count: int, cost: Cost) -> list[str]:
    return [name, str(count), f"{cost.per_second:.0f}", f"{cost.latency * 1000:.2f}", microseconds(cost.nginx), microseconds(cost.workers)]
