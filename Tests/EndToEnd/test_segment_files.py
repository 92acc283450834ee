"""Whatever stands under the store's name in /dev/shm when a worker starts: it joins, starts over, or says in one line why not."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

import fastcgi
from leftovers import SHARED_MEMORY, remove, store_name
from pool import BINARY, Pool, environment
from processes import eventually

SIZE = 2**20
MAGIC, STAMP, LENGTH = slice(0, 8), slice(8, 16), slice(24, 32)
"""Where a segment's header has what makes it one: `segment_header` of CRingLayout.h."""


def changed(segment: bytes, place: slice, value: int) -> bytes:
    return segment[: place.start] + value.to_bytes(8, "little") + segment[place.stop :]


@dataclass(frozen=True)
class Case:
    name: str
    make: Callable[[Path, bytes], object]
    """Puts something at a path, given the bytes of a sound store."""
    reason: str


def write(path: Path, data: bytes, mode: int = 0o600) -> None:
    path.write_bytes(data)
    path.chmod(mode)


def give_away(path: Path, segment: bytes) -> None:
    write(path, segment)
    os.chown(path, 65534, 65534)


REFUSED = [
    Case("other magic", lambda path, sound: write(path, changed(sound, MAGIC, 42)), "it is not a fakeai-images segment"),
    Case("a text", lambda path, _: write(path, b"hello\n"), "it is not a fakeai-images segment"),
    Case("other layout", lambda path, sound: write(path, changed(sound, STAMP, 42)), "has layout 2a, not"),
    Case("other mode", lambda path, sound: write(path, sound, 0o644), "its mode is 644, not 600"),
    Case("another's", give_away, "it belongs to "),
    Case("symbolic link", lambda path, _: path.symlink_to("/etc/hostname"), "it is a symbolic link"),
    Case("directory", lambda path, _: path.mkdir(), "it is a directory"),
    Case("pipe", lambda path, _: os.mkfifo(path, 0o600), "it is not a regular file"),
]

RESIZED = [
    Case("smaller", lambda path, sound: write(path, changed(sound[: SIZE // 2], LENGTH, SIZE // 2)), f"{SIZE // 2}"),
    Case("larger", lambda path, sound: write(path, changed(sound + bytes(SIZE), LENGTH, 2 * SIZE)), f"{2 * SIZE}"),
    Case(
        "other size, made before it was kept", lambda path, sound: write(path, changed(sound + bytes(4096), LENGTH, 0)), f"{SIZE + 4096}"),
]

UNFINISHED = [
    Case("empty", lambda path, _: write(path, b""), ""),
    Case("died while it allocated", lambda path, _: write(path, bytes(SIZE // 4)), ""),
    Case("died before it initialised", lambda path, _: write(path, bytes(SIZE)), ""),
    Case("died before its last word", lambda path, sound: write(path, changed(sound, MAGIC, 0)), ""),
    Case("died in a store of another size", lambda path, _: write(path, bytes(4 * SIZE)), ""),
]


DAMAGED = [
    Case(
        "truncated", lambda path, sound: write(path, sound[: SIZE // 2]),
        f"it has {SIZE // 2} bytes instead of the {SIZE} that it was created with"),
    Case("longer", lambda path, sound: write(path, sound + bytes(4096)), f"it has {SIZE + 4096} bytes instead of the {SIZE}"),
    Case("cut to its header", lambda path, sound: write(path, sound[:4096]), f"it has 4096 bytes instead of the {SIZE}"),
    Case("cut in its header", lambda path, sound: write(path, sound[:16]), "it has 16 bytes"),
]


class Place:
    """A store's name, and a worker that is started on it alone."""

    def __init__(self, directory: Path):
        self.name = store_name()
        self.path = SHARED_MEMORY / f"fakeai-images-{self.name}-v1"
        self.environment = environment(temporary=directory, IMAGE_STORE_NAME=self.name, IMAGE_STORE_SIZE=SIZE)
        self.socket = directory / "worker.sock"
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(self.socket))
        self.listener.listen(16)

    def start(self) -> subprocess.Popen:
        return subprocess.Popen([BINARY, "worker"], stdin=self.listener, env=self.environment, stderr=subprocess.PIPE, text=True)

    def get(self, path: str) -> bytes:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(20)
            connection.connect(str(self.socket))
            return fastcgi.get(connection, path)

    def close(self) -> None:
        self.listener.close()
        for path in SHARED_MEMORY.glob(f"fakeai-images-{self.name}-*"):
            remove(path)


@pytest.fixture
def place(tmp_path) -> Iterator[Place]:
    place = Place(tmp_path)
    yield place
    place.close()


@pytest.fixture(scope="module")
def sound(tmp_path_factory) -> bytes:
    """The bytes of a store as a worker left it."""
    place = Place(tmp_path_factory.mktemp("sound"))
    try:
        with place.start() as worker:
            assert b"ready" in place.get("/readyz")
            worker.send_signal(signal.SIGTERM)
        return place.path.read_bytes()
    finally:
        place.close()


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.name)
def test_what_is_no_store_is_refused_in_one_line_and_left_alone(place, sound, case):
    if case.make is give_away and os.geteuid() != 0:
        pytest.skip("only root can give a file away")
    case.make(place.path, sound)
    before = place.path.lstat()
    with place.start() as worker:
        _, log = worker.communicate(timeout=20)
    assert worker.returncode == 1, f"{worker.returncode}: {log}"
    [line] = log.splitlines()
    assert case.reason in line and f"/fakeai-images-{place.name}-v1" in line
    after = place.path.lstat()
    assert (after.st_ino, after.st_size, after.st_mode) == (before.st_ino, before.st_size, before.st_mode)


@pytest.mark.parametrize("case", UNFINISHED, ids=lambda case: case.name)
def test_what_nobody_finished_is_started_over(place, sound, case):
    case.make(place.path, sound)
    with place.start() as worker:
        assert b"ready" in place.get("/readyz")
        worker.send_signal(signal.SIGTERM)
        _, log = worker.communicate(timeout=20)
    assert (worker.returncode, place.path.stat().st_size) == (0, SIZE), log


@pytest.mark.parametrize("case", RESIZED, ids=lambda case: case.name)
def test_a_store_of_another_size_is_made_anew_if_nobody_uses_it(place, sound, case):
    case.make(place.path, sound)
    with place.start() as worker:
        assert b"ready" in place.get("/readyz")
        worker.send_signal(signal.SIGTERM)
        _, log = worker.communicate(timeout=20)
    assert (worker.returncode, place.path.stat().st_size) == (0, SIZE), log
    [line] = log.splitlines()
    assert f"the store {place.name} had {case.reason} bytes and was not in use; it is created again with {SIZE}" in line


def test_a_store_of_another_size_that_is_in_use_is_left_alone(place, tmp_path):
    with place.start() as user:
        assert b"ready" in place.get("/readyz")
        before = place.path.stat()
        place.environment["FAKEAI_IMAGE_STORE_SIZE"] = str(2 * SIZE)
        with place.start() as worker:
            _, log = worker.communicate(timeout=20)
        assert worker.returncode == 1 and f"holds {SIZE} bytes, not {2 * SIZE}" in log
        assert (place.path.stat().st_ino, place.path.stat().st_size) == (before.st_ino, before.st_size)
        user.terminate()


@pytest.mark.parametrize("case", DAMAGED, ids=lambda case: case.name)
def test_a_damaged_store_is_reported_in_one_line_and_made_anew(place, sound, case):
    case.make(place.path, sound)
    with place.start() as worker:
        assert b"ready" in place.get("/readyz")
        worker.send_signal(signal.SIGTERM)
        _, log = worker.communicate(timeout=20)
    assert (worker.returncode, place.path.stat().st_size) == (0, SIZE), log
    [line] = log.splitlines()
    assert case.reason in line and f"/fakeai-images-{place.name}-v1 was damaged and is created again" in line


def mapped_segments(pool: Pool) -> set[tuple[str, str]]:
    """(path, inode) of every segment that any worker has mapped."""
    maps = [line.split(maxsplit=5) for pid in pool.workers for line in Path(f"/proc/{pid}/maps").read_text().splitlines()]
    return {(fields[5], fields[4]) for fields in maps if len(fields) == 6 and fields[5].startswith("/dev/shm/")}


def test_sixteen_workers_that_start_at_once_share_one_store(start):
    pool = start("--workers", "16", IMAGE_STORE_SIZE="4M")
    eventually(lambda: len(pool.statistics()["workers"]) == 16, within=20, what="16 workers serve")
    assert sorted(mapped_segments(pool)) == [(str(path), str(path.stat().st_ino)) for path in pool.segments if path.is_file()]
    assert "restarting it" not in pool.log


def test_a_store_that_was_removed_under_the_pool_is_made_anew(start):
    """As the README says to throw the images away."""
    pool = start("--workers", "2")
    [old] = pool.urls(size="256x256")
    before = pool.workers
    for segment in pool.segments:
        if segment.is_file():
            segment.unlink()

    [new] = eventually(lambda: taken(pool), within=20, what="a picture is taken again")
    eventually(lambda: len(pool.workers - before) == 2, within=20, what="both workers replaced")
    for _ in range(10):
        assert httpx.get(new).status_code == 200
        assert httpx.get(old).status_code == 404
    assert pool.statistics()["total_images"] == 1
    assert len(pool.statistics()["workers"]) == 2
    assert sorted(mapped_segments(pool)) == [(str(path), str(path.stat().st_ino)) for path in pool.segments if path.is_file()]


def taken(pool: Pool) -> list[str]:
    """The picture's URL where one was taken; until then, nothing but a request to come back."""
    response = pool.generate(size="256x256")
    if response.status_code != 200:
        assert (response.status_code, response.headers["Retry-After"]) == (503, "1"), response.text
        assert response.json()["error"]["code"] == "image_store_unavailable"
        return []
    return [image["url"] for image in response.json()["data"]]


def test_a_removed_scoreboard_is_made_anew_and_costs_no_image(start):
    pool = start("--workers", "2")
    [url] = pool.urls(size="256x256")
    # A worker that starts later makes the scoreboard anew, and needs no successor.
    eventually(lambda: len(pool.statistics()["workers"]) == 2, within=20, what="both workers on the scoreboard")
    before = pool.workers
    pool.scoreboard.unlink()
    eventually(lambda: len(pool.workers - before) == 2, within=20, what="both workers replaced")
    assert httpx.get(url).status_code == 200
    eventually(lambda: len(pool.statistics()["workers"]) == 2, within=5, what="both workers on the new scoreboard")


def overwrite(path: Path, place: int, data: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(place)
        file.write(data)


HARM: dict[str, Callable[[Path], object]] = {
    "cut to nothing": lambda path: os.truncate(path, 0),
    "cut to its header": lambda path: os.truncate(path, 4096),
    "made longer": lambda path: os.truncate(path, path.stat().st_size + 4096),
    "magic zeroed": lambda path: overwrite(path, 0, bytes(24)),
    "header overwritten": lambda path: overwrite(path, 0, b"\xa5" * 32),
    "numbers overwritten": lambda path: overwrite(path, 64, b"\xa5" * 64),
    "all but the header overwritten": lambda path: overwrite(path, 4096, os.urandom(path.stat().st_size - 4096)),
}


@pytest.mark.parametrize("harm", HARM)
@pytest.mark.parametrize("segment", ["store", "scoreboard", "limits", "rules", "journal"])
def test_a_pool_recovers_from_a_damaged_segment(start, segment, harm):
    """Its workers may die of it (SIGBUS), but not the pool, whatever is damaged and however."""
    pool = start("--workers", "2", IMAGE_STORE_SIZE="4M", IMAGES_PER_MINUTE=100_000, JOURNAL_SIZE=10)
    pool.urls(size="256x256")
    [path] = [pool.store] if segment == "store" else [path for path in pool.segments if segment in path.name]
    HARM[harm](path)

    def works() -> bool:
        answers = [pool.generate(size="256x256").status_code for _ in range(4)]
        own = ("/_fakeai/stats", "/metrics", "/_fakeai/rules", "/_fakeai/requests")
        answers += [httpx.get(f"{pool.url}{path}", timeout=10).status_code for path in own]
        return answers == [200] * len(answers)

    eventually(works, within=30, what="everything is answered again")
    [url] = pool.urls(size="256x256")
    assert {httpx.get(url).status_code for _ in range(8)} == {200}
    # A worker that starts now finds what it can use.
    victim = min(pool.workers)
    os.kill(victim, signal.SIGKILL)
    eventually(lambda: len(pool.workers - {victim}) == 2, within=20, what="a new worker")

    def are_both_counted() -> bool:
        # If the new worker has replaced damaged memory, the other one leaves as well, and for a moment nobody answers.
        answer = httpx.get(f"{pool.url}/_fakeai/stats", timeout=10)
        return answer.status_code == 200 and len(answer.json()["workers"]) == 2

    eventually(are_both_counted, within=20, what="both workers on the scoreboard")
    assert "Illegal instruction" not in pool.log
