"""Pictures of several hosts: where each was made, and whether the others serve it too."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from pool import KEEP_ALL
from redis_hosts import SMALL, HostPool

CLIENTS = 6


@dataclass(frozen=True)
class Picture:
    maker: HostPool
    path: str
    digest: bytes


def digest(file: bytes) -> bytes:
    return hashlib.sha256(file).digest()


def make(client: httpx.Client, pool: HostPool, prompt: str) -> Picture:
    response = client.post(f"{pool.url}/v1/images/generations", json={"prompt": prompt} | SMALL)
    assert response.status_code == 200, response.text
    path = urlsplit(response.json()["data"][0]["url"]).path
    return Picture(pool, path, digest(client.get(pool.url + path).raise_for_status().content))


def make_all(hosts: Sequence[HostPool], count: int) -> list[Picture]:
    """So many pictures, on all hosts in turns; no two look alike."""
    with ThreadPoolExecutor(CLIENTS) as threads, httpx.Client(timeout=60, limits=KEEP_ALL) as client:
        made = list(threads.map(lambda number: make(client, hosts[number % len(hosts)], f"picture {number}"), range(count)))
    assert len({picture.digest for picture in made}) == count, "two prompts gave the same picture"
    return made


def missing(hosts: Sequence[HostPool], pictures: Sequence[Picture]) -> list[Picture]:
    """Fetches each picture from every host that did not make it; every file must have the right bytes. Returns those that a host lacks."""

    def fetch(picture: Picture) -> bool:
        for pool in hosts:
            if pool is not picture.maker:
                response = client.get(pool.url + picture.path)
                if response.status_code == 404:
                    return False
                assert response.status_code == 200, f"{picture.path} at {pool.host.name}: {response.text}"
                assert digest(response.content) == picture.digest, f"{picture.path} differs at {pool.host.name}"
        return True

    with ThreadPoolExecutor(CLIENTS) as threads, httpx.Client(timeout=60, limits=KEEP_ALL) as client:
        return [picture for picture, found in zip(pictures, threads.map(fetch, pictures), strict=True) if not found]
