"""Files that are uploaded in parts, each part by any worker of a pool."""

from __future__ import annotations

import hashlib
import io
import random
from concurrent.futures import ThreadPoolExecutor

import httpx
import openai
import pytest

from pool import SHARED_MEMORY, Pool
from processes import eventually
from uploads import picture


def create(pool: Pool, size: int, **more: object) -> dict:
    body = {"bytes": size, "filename": "a.bin", "mime_type": "application/octet-stream", "purpose": "user_data"} | more
    return httpx.post(f"{pool.url}/v1/uploads", json=body, timeout=30).raise_for_status().json()


def add(pool: Pool, upload: dict, data: bytes) -> httpx.Response:
    return httpx.post(f"{pool.url}/v1/uploads/{upload['id']}/parts", files={"data": ("blob", data)}, timeout=60)


def complete(pool: Pool, upload: dict, parts: list[dict], **more: object) -> httpx.Response:
    body = {"part_ids": [part["id"] for part in parts]} | more
    return httpx.post(f"{pool.url}/v1/uploads/{upload['id']}/complete", json=body, timeout=60)


def content(pool: Pool, file: dict) -> bytes:
    return httpx.get(f"{pool.url}/v1/files/{file['id']}/content", timeout=60).content


@pytest.mark.parametrize("store", ["memory", "disk"])
def test_several_workers_make_one_file_of_parts(start, store):
    pool = start("--workers", "4", IMAGE_STORAGE_BACKEND=store)
    pieces = [random.randbytes(300_000 + number) for number in range(12)]
    whole = b"".join(pieces)

    def several_took_part() -> bool:
        upload = create(pool, len(whole))
        with ThreadPoolExecutor(6) as threads:
            answers = list(threads.map(lambda piece: add(pool, upload, piece), pieces))
        done = complete(pool, upload, [answer.json() for answer in answers], md5=hashlib.md5(whole).hexdigest())
        assert done.status_code == 200, done.text
        assert content(pool, done.json()["file"]) == whole
        # Each file stays, and a wave of them would fill the store.
        httpx.delete(f"{pool.url}/v1/files/{done.json()['file']['id']}", timeout=30).raise_for_status()
        return len({answer.headers["X-FakeAI-Worker"] for answer in answers}) > 1

    eventually(several_took_part, within=60, what="parts of one file at several workers")


def test_of_several_requests_to_complete_an_upload_one_succeeds(start):
    pool = start("--workers", "4")
    for _ in range(5):
        upload = create(pool, 3)
        part = add(pool, upload, b"abc").json()
        with ThreadPoolExecutor(8) as threads:
            answers = list(threads.map(lambda _, upload=upload, part=part: complete(pool, upload, [part]), range(8)))
        assert sorted(answer.status_code for answer in answers)[:2] in ([200, 400], [200, 409])
        assert {answer.status_code for answer in answers} <= {200, 400, 409}
        [file] = [answer.json()["file"] for answer in answers if answer.status_code == 200]
        assert content(pool, file) == b"abc"
    assert len(httpx.get(f"{pool.url}/v1/files", timeout=30).json()["data"]) == 5


def test_an_upload_outlives_the_pool(start):
    pool = start("--workers", "2")
    upload = create(pool, 3)
    part = add(pool, upload, b"abc").json()
    pool.stop()
    pool.start()
    assert content(pool, complete(pool, upload, [part]).json()["file"]) == b"abc"


def test_nothing_is_left_of_the_parts(start):
    pool = start("--workers", "2")
    folder = SHARED_MEMORY / f"fakeai-images-{pool.store_name}-objects.files" / "part"
    completed, cancelled = create(pool, 3), create(pool, 3)
    parts = [add(pool, upload, b"abc").json() for upload in (completed, cancelled)]
    assert len(list(folder.iterdir())) == 2
    assert complete(pool, completed, parts[:1]).status_code == 200
    assert httpx.post(f"{pool.url}/v1/uploads/{cancelled['id']}/cancel", timeout=30).json()["status"] == "cancelled"
    assert list(folder.iterdir()) == []


def test_a_full_store_refuses_a_part_and_what_came_before_stays(start):
    pool = start("--workers", "2", FILE_STORE_SIZE="1M")
    upload = create(pool, 400_000)
    part = add(pool, upload, bytes(400_000)).json()
    assert add(pool, upload, bytes(400_000)).status_code == 200
    refused = add(pool, upload, bytes(400_000))
    assert refused.status_code == 507 and refused.json()["error"]["code"] == "object_store_full"
    # The file needs room beside its parts.
    assert complete(pool, upload, [part]).status_code == 507
    assert httpx.post(f"{pool.url}/v1/uploads/{upload['id']}/cancel", timeout=30).status_code == 200
    assert create(pool, 1)["status"] == "pending"


def test_the_client_uploads_a_picture_in_chunks_and_edits_it(pool):
    client = openai.OpenAI(api_key="test", base_url=f"{pool.url}/v1", max_retries=0)
    data = picture((300, 200))
    upload = client.uploads.upload_file_chunked(
        file=io.BytesIO(data).getvalue(), filename="cat.png", bytes=len(data), mime_type="image/png", purpose="vision", part_size=100)
    assert upload.status == "completed" and upload.file.bytes == len(data)
    assert content(pool, {"id": upload.file.id}) == data
    parts = [{"type": "input_text", "text": "A hat"}, {"type": "input_image", "file_id": upload.file.id, "detail": "auto"}]
    tools = [{"type": "image_generation", "size": "256x256"}]
    response = client.responses.create(model="gpt-5", input=[{"role": "user", "content": parts}], tools=tools)
    assert response.output[0].action == "edit" and response.output[0].result
