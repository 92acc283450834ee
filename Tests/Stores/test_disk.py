"""Images on disk, through what a machine does to them: deaths, restarts, and a directory of a million files."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import random
import re
import shutil
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx
import pytest
from PIL import Image

from pool import Pool
from processes import eventually, in_session, kill
from wrk import Wrk

KILLS = int(os.environ.get("DISK_KILLS", "200"))
FILES = int(os.environ.get("DISK_FILES", "1000000"))
PROMPTS = [f"picture {number}" for number in range(20)]
GETS = Path(__file__).parent / "gets.lua"
SHAPE = {"model": "dall-e-2", "size": "256x256"}


@contextmanager
def disk_pool(**variables: object) -> Iterator[Pool]:
    pool = Pool("--workers", "2", IMAGE_STORAGE_BACKEND="disk", IMAGE_TIMESTAMP="2026-01-01 00:00:00", JOURNAL_SIZE=0, **variables)
    try:
        yield pool
    finally:
        pool.close()


def pixels(file: bytes) -> bytes:
    """A digest of what an image shows; fails if the file is not whole."""
    assert file.endswith(b"IEND\xaeB`\x82"), "the file has no end"
    return hashlib.sha256(Image.open(io.BytesIO(file)).convert("RGB").tobytes()).digest()


def pictures(pool: Pool) -> dict[str, bytes]:
    """What each prompt draws: with a fixed timestamp, the same pixels every time. (Once in thousands, they are compressed otherwise.)"""
    answers = {prompt: pool.generate(prompt=prompt, response_format="b64_json", **SHAPE).json() for prompt in PROMPTS}
    return {prompt: pixels(base64.b64decode(answer["data"][0]["b64_json"])) for prompt, answer in answers.items()}


class Made(NamedTuple):
    """An image that was acknowledged."""

    path: str
    prompt: str
    file: bytes | None
    """Its bytes, if they could be fetched before the pool was killed."""


class Load:
    """Clients that ask for images until the pool is gone."""

    def __init__(self, pool: Pool):
        self.pool, self.made, self.lock = pool, [], threading.Lock()
        self.threads = [threading.Thread(target=self.run) for _ in range(4)]
        for thread in self.threads:
            thread.start()

    def run(self) -> None:
        with self.pool.client() as client:
            while True:
                prompt = random.choice(PROMPTS)
                path = file = None
                try:
                    response = client.post("/v1/images/generations", json={"prompt": prompt, "response_format": "url"} | SHAPE)
                    if response.status_code == 200:
                        path = urlsplit(response.json()["data"][0]["url"]).path
                        response = client.get(path)
                        file = response.content if response.status_code == 200 else None
                except httpx.HTTPError:
                    return
                finally:
                    if path:
                        with self.lock:
                            self.made.append(Made(path, prompt, file))

    def join(self) -> list[Made]:
        for thread in self.threads:
            thread.join()
        return self.made


def check(pool: Pool, made: list[Made], shown: dict[str, bytes]) -> None:
    """Every acknowledged image is there, byte by byte."""
    with pool.client() as client, ThreadPoolExecutor(4) as threads:
        for entry, response in zip(made, threads.map(lambda entry: client.get(entry.path), made), strict=True):
            assert response.status_code == 200, f"{entry.path} is lost: {response.status_code}"
            assert entry.file in (None, response.content), f"{entry.path} has other bytes"
            assert pixels(response.content) == shown[entry.prompt], f"{entry.path} shows something else than {entry.prompt!r}"


def kill_everything(pool: Pool) -> None:
    def nothing_is_left() -> bool:
        pids = in_session(pool.pid)
        for pid in pids:
            kill(pid)
        return not pids

    kill(pool.pid)
    pool.process.wait()
    # One may have been started meanwhile.
    eventually(nothing_is_left, within=10, what="all processes are gone")


def test_no_acknowledged_image_is_lost_when_everything_is_killed():
    with disk_pool(IMAGE_RETENTION_HOURS=24, IMAGE_STORE_SIZE="8G") as pool:
        pool.start()
        shown, everything = pictures(pool), []
        for number in range(KILLS):
            load = Load(pool)
            time.sleep(random.uniform(0.05, 0.8))
            kill_everything(pool)
            made = load.join()
            everything += made
            pool.start()
            check(pool, made, shown)
            if number % 20 == 19:
                print(f"{number + 1} kills, {len(everything)} acknowledged images, none lost", flush=True)
        check(pool, everything, shown)
        on_disk = [file for file in pool.images.rglob("*") if file.is_file() and file.name != ".fakeai-images"]
        assert len(on_disk) >= len(everything)
        assert {pixels(file.read_bytes()) for file in on_disk} <= set(shown.values())
        eventually(lambda: pool.statistics()["store"]["images"] == len(on_disk), within=30, what="all files are counted")


@contextmanager
def file_system(megabytes: int) -> Iterator[tuple[Path, Path]]:
    """An ext4 file system in a file, and the directory where it can be mounted."""
    folder = Path(tempfile.mkdtemp(prefix="fakeai-test-disk-"))
    image, place = folder / "image", folder / "mounted"
    place.mkdir()
    with image.open("wb") as file:
        file.truncate(megabytes << 20)
    try:
        made = subprocess.run(["/sbin/mkfs.ext4", "-q", image], capture_output=True)
        if made.returncode or subprocess.run(["mount", "-o", "loop", image, place], capture_output=True).returncode:
            pytest.skip("this machine cannot mount an ext4 file system from a file")
        yield image, place
    finally:
        subprocess.run(["umount", "--lazy", place], capture_output=True)
        shutil.rmtree(folder)


def test_images_are_there_after_the_disk_was_unmounted():
    with file_system(200) as (image, place), disk_pool(IMAGE_STORE_PATH=place / "images") as pool:
        pool.start()
        shown, everything = pictures(pool), []
        for _ in range(5):
            load = Load(pool)
            time.sleep(1)
            kill_everything(pool)
            everything += load.join()
            # A killed process may still be closing its files.
            eventually(lambda: subprocess.run(["umount", place], capture_output=True).returncode == 0, within=20, what="unmounted")
            assert not list(place.iterdir())
            subprocess.run(["mount", "-o", "loop", image, place], check=True)
            pool.start()
            check(pool, everything, shown)
        print(f"{len(everything)} images, none lost in 5 restarts")


def test_a_full_disk_evicts_or_refuses():
    with file_system(20) as (_, place), disk_pool(IMAGE_STORE_PATH=place / "images", IMAGE_STORE_SIZE="1G") as pool:
        pool.start()
        with pool.client() as client:
            headers = {"X-FakeAI-Bytes": "500K"}
            answers = [client.post("/v1/images/generations", json={"prompt": "x"} | SHAPE, headers=headers) for _ in range(100)]
            assert {answer.status_code for answer in answers} == {200}
            last = answers[-1].json()["data"][0]["url"]
            assert len(client.get(last).content) >= 500_000
            assert pool.statistics()["store"]["evicted"] > 0
            large = client.post("/v1/images/generations", json={"prompt": "x"} | SHAPE, headers={"X-FakeAI-Bytes": "40M"})
            assert large.status_code == 507 and "No space left on device" in large.text


def test_a_disk_that_goes_comes_back():
    with file_system(100) as (image, place), disk_pool(IMAGE_STORE_PATH=place / "images") as pool:
        pool.start()
        [url] = pool.urls(prompt=PROMPTS[0], **SHAPE)
        file = httpx.get(url).content
        subprocess.run(["umount", "--lazy", place], check=True)
        eventually(lambda: httpx.get(f"{pool.url}/readyz").status_code == 503, within=5, what="/readyz reports the disk")
        assert pool.generate(response_format="url", **SHAPE).status_code == 503
        assert httpx.get(url).status_code == 503
        assert not list(place.iterdir()), "something was written where the disk should be mounted"
        subprocess.run(["mount", "-o", "loop", image, place], check=True)
        eventually(lambda: httpx.get(f"{pool.url}/readyz").status_code == 200, within=5, what="/readyz reports the disk")
        assert httpx.get(url).content == file
        assert pool.urls(**SHAPE)


def image_name(expires: float) -> str:
    """An ID as the store makes them, of a PNG."""
    minute, rest = divmod(expires, 60)
    high = int(minute) << 36 | int(rest / 60 * (1 << 17)) << 19 | 1 << 16 | 8 << 12 | random.getrandbits(12)
    return f"{high:016x}{2 << 62 | random.getrandbits(62):016x}.png"


def fill(directory: Path, count: int, content: bytes) -> list[str]:
    """Files of an earlier pool: half of them have expired in the last hour, the others will in the next days. Returns some of these."""
    now, kept = time.time(), []
    for number in range(count):
        expires = now - random.uniform(120, 3600) if number % 2 else now + random.uniform(3600, 7200)
        name = image_name(expires)
        folder = directory / name[:7]
        path = folder / name
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o644)
        except FileNotFoundError:
            folder.mkdir(parents=True)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o644)
        os.write(descriptor, content)
        os.utime(descriptor, ns=(int(now) * 10**9 + len(content),) * 2)
        os.close(descriptor)
        if number % 2 == 0 and len(kept) < 100:
            kept.append(name)
    return kept


def p99(url: str, seconds: int) -> float:
    """Milliseconds, of 8 clients."""
    report = subprocess.run(["wrk", "-t1", "-c8", f"-d{seconds}s", "--latency", url], capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in report, report
    number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)\b", report).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def test_a_directory_of_a_million_files_starts_and_is_swept():
    with disk_pool(IMAGE_RETENTION_HOURS=0.002, IMAGE_STORE_SIZE="32G") as pool:
        pool.images.mkdir()
        began = time.monotonic()
        kept = fill(pool.images, FILES, b"x" * 200)
        print(f"{FILES} files made in {time.monotonic() - began:.0f} s")
        subprocess.run(["sync", "--file-system", pool.images], check=True)
        began = time.monotonic()
        pool.start()
        print(f"the pool serves {time.monotonic() - began:.2f} s after its start")
        url = f"{pool.url}/images/{kept[0]}"
        assert httpx.get(url).content == b"x" * 200
        over = f"{int(time.time()) // 60:07x}"

        def expired() -> bool:
            return any(folder.name < over for folder in pool.images.iterdir() if len(folder.name) == 7)

        during = []
        while expired():
            during.append(p99(url, 2))
        print(f"swept {time.monotonic() - began:.0f} s after the start")
        eventually(lambda: pool.statistics()["store"]["images"] >= FILES // 2, within=120, what="all files are counted")
        assert pool.statistics()["store"]["images"] == FILES // 2
        after = [p99(url, 2) for _ in range(min(30, len(during)))]
        print(f"99 % of GETs within {sorted(during)[len(during) // 2]:.2f} ms while it is swept or counted "
              f"(at most {max(during):.2f} ms in 2 s), {sorted(after)[len(after) // 2]:.2f} ms (at most {max(after):.2f}) afterwards")
        assert pool.statistics()["store"]["expired"] == FILES - FILES // 2
        for name in kept:
            assert httpx.get(f"{pool.url}/images/{name}").status_code == 200


def test_gets_from_disk_and_from_memory(tmp_path):
    """The bytes are the same in both: of the sizes that pictures have, and of larger ones."""
    with disk_pool(IMAGE_STORE_SIZE="1G") as disk, closing(Pool("--workers", "2", IMAGE_STORE_SIZE="1G")) as memory:
        pools = (memory, disk)
        for pool in pools:
            pool.start()
        print("\nGETs per second from memory and from disk, the median of 15 turns of each:")
        for size in ["60K", "100K", "300K", "1M", "3M"]:
            for count in (1, 200):
                paths = [write_paths(tmp_path / f"{pool.port}", pool, count, size) for pool in pools]
                turns = [[rate(pool, path) for pool, path in zip(pools, paths, strict=True)] for _ in range(15)]
                in_memory, on_disk = (statistics.median(rates) for rates in zip(*turns, strict=True))
                print(f"  {size:>4}, {count:3} images: {in_memory:8.0f} {on_disk:8.0f}: {on_disk / in_memory:.2f}")


def write_paths(file: Path, pool: Pool, count: int, size: str) -> Path:
    """Makes images of that many bytes, and writes their paths to a file."""
    with pool.client() as client:
        answers = [
            client.post("/v1/images/generations", json={"prompt": f"lake {number}"} | SHAPE, headers={"X-FakeAI-Bytes": size})
            for number in range(count)
        ]
    file.write_text("".join(urlsplit(answer.json()["data"][0]["url"]).path + "\n" for answer in answers))
    return file


def rate(pool: Pool, paths: Path) -> float:
    with Wrk(pool.url, connections=24, seconds=1, options=["-s", str(GETS)], arguments=[str(paths)]) as wrk:
        return wrk.rate().per_second
