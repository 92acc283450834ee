"""No client among many is left waiting for the others."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from urllib.parse import urlsplit

import pytest

from crowd import Client, quantile
from pool import Pool
from processes import eventually

SMALL = {"prompt": "a lake", "size": "256x256"}


async def ask_for(pool: Pool, seconds: float, clients: int) -> list[list]:
    """What each of so many clients is answered, which by turns ask for a picture and fetch it, each time as soon as they are answered."""
    end = time.monotonic() + seconds

    async def ask() -> list:
        client, replies = Client(pool.port), []
        while time.monotonic() < end:
            replies.append(await client.post(SMALL))
            if replies[-1].status == 200:
                replies.append(await client.get(urlsplit(json.loads(replies[-1].body)["data"][0]["url"]).path))
        client.close()
        return replies

    return await asyncio.gather(*(ask() for _ in range(clients)))


@pytest.mark.parametrize("clients", [32, 256, 1000])
def test_every_client_of_many_is_answered_again_and_again(start, clients):
    pool = start("--workers", "2")
    replies = asyncio.run(ask_for(pool, 5, clients))
    everything = [reply for own in replies for reply in own]
    slowest = sorted(max(reply.seconds for reply in own) for own in replies)
    print(
        f"\n{clients} connections: {len(everything)} answers, {min(map(len, replies))} to {max(map(len, replies))} each; slowest of each "
        f"{quantile(slowest, 0.5):.3f} s (p50), {slowest[-1]:.3f} s (most), {sum(time > 1 for time in slowest)} over 1 s"
    )
    assert Counter(reply.status for reply in everything) == {200: len(everything)}
    assert Counter(reply.body[:4] == b"\x89PNG" for reply in everything) == {True: len(everything) // 2, False: len(everything) // 2}
    assert min(map(len, replies)) >= 2
    # Turns are fair: nobody waits many times as long as there are others to wait for.
    typical = clients / (len(everything) / 5)
    assert slowest[-1] < max(20 * typical, 10), f"with {typical:.3f} s a turn"


def test_clients_that_leave_are_drawn_for_no_more(start):
    pool = start("--workers", "1")

    def drawn() -> int:
        return pool.statistics()["workers"][0]["drawn"]

    async def leave() -> None:
        # All of them would take a quarter of a minute, or more.
        slow = {"prompt": "a lake", "model": "gpt-image-2", "size": "3840x2160", "quality": "high", "output_format": "jpeg", "n": 10}
        crowd = [asyncio.ensure_future(Client(pool.port).post(slow)) for _ in range(30)]
        async with asyncio.timeout(30):
            while await asyncio.to_thread(drawn) == 0:
                await asyncio.sleep(0.01)
        for client in crowd:
            client.cancel()
        await asyncio.gather(*crowd, return_exceptions=True)

    asyncio.run(leave())

    def settled() -> bool:
        before = drawn()
        time.sleep(1.5)
        return drawn() == before

    eventually(settled, within=30, what="nothing is drawn any more")
    assert drawn() < 300
    assert pool.generate(**SMALL).status_code == 200
