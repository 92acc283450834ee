"""Uploaded files, as every worker of a pool sees them."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from pool import SHARED_MEMORY, Pool
from processes import eventually


def upload(pool: Pool, content: bytes, purpose: str = "user_data", **options) -> httpx.Response:
    return httpx.post(
        f"{pool.url}/v1/files", data={"purpose": purpose}, files={"file": ("a.bin", content)}, timeout=30, **options
    )


def content(pool: Pool, name: str) -> httpx.Response:
    return httpx.get(f"{pool.url}/v1/files/{name}/content", timeout=30)


def listed(pool: Pool) -> list[str]:
    return [file["id"] for file in httpx.get(f"{pool.url}/v1/files", timeout=30).json()["data"]]


@pytest.fixture(params=["memory", "disk", "redis"])
def store(request) -> str:
    return request.param


def test_every_worker_has_the_file_that_one_has_stored(start, store):
    pool = start("--workers", "4", IMAGE_STORAGE_BACKEND=store)
    files = {upload(pool, sent).json()["id"]: sent for sent in [b"", b"a", bytes(4096), random.randbytes(3 << 20)]}
    workers = set()

    def all_is_there(_: int) -> None:
        for name, sent in files.items():
            answer = content(pool, name)
            assert answer.content == sent
            workers.add(answer.headers["X-FakeAI-Worker"])

    def several_answered() -> bool:
        with ThreadPoolExecutor(8) as threads:
            list(threads.map(all_is_there, range(8)))
        return len(workers) > 1

    eventually(several_answered, within=60, what="answers of several workers")


def test_files_outlive_the_pool(start, store):
    pool = start("--workers", "2", IMAGE_STORAGE_BACKEND=store)
    file = upload(pool, b"outlives").json()
    pool.stop()
    pool.start()
    assert content(pool, file["id"]).content == b"outlives"
    assert listed(pool) == [file["id"]]


def test_a_full_store_refuses_until_something_is_deleted(start, store):
    pool = start("--workers", "2", IMAGE_STORAGE_BACKEND=store, FILE_STORE_SIZE="1M")
    names, answer = [], upload(pool, bytes(100_000))
    while answer.status_code == 200 and len(names) < 20:
        names.append(answer.json()["id"])
        answer = upload(pool, bytes(100_000))
    assert answer.status_code == 507 and answer.json()["error"]["code"] == "object_store_full"
    assert 8 <= len(names) <= 10
    assert upload(pool, bytes(2 << 20)).status_code == 413
    assert sorted(listed(pool)) == sorted(names), "nothing is left of what was refused"
    assert httpx.delete(f"{pool.url}/v1/files/{names[0]}").json()["deleted"] is True
    assert upload(pool, bytes(100_000)).status_code == 200


def test_a_directory_of_somebody_else_is_refused_in_one_line(start):
    pool = Pool("--workers", "2")
    place = SHARED_MEMORY / f"fakeai-images-{pool.store_name}-objects.files"
    place.mkdir(mode=0o755)
    try:
        with pytest.raises(AssertionError, match="serve ended at once|not within 20 s"):
            pool.start()
        eventually(lambda: "mode is 755" in pool.log, within=60, what="the reason")
        [line] = [line for line in pool.log.splitlines() if "mode is 755" in line]
        assert f"cannot keep files and responses in {place}: its mode is 755, not 700; remove it, or use another" in line
    finally:
        pool.close()
