"""Images on disk: the same answers as from memory, and what outlives a pool."""

from __future__ import annotations

import json
import subprocess
from urllib.parse import urlsplit

import httpx
import pytest

from nginx_site import Site
from pool import BINARY, Pool
from processes import eventually, in_session, kill
from refusal import refusal

# What differs between two images, or two requests.
OWN = {"date", "etag", "expires", "last-modified", "content-disposition", "x-fakeai-worker"}
SIZES = ["20K", "200K", "700K"]
"""The first is read by a worker, and the kernel sends the others: in four pieces, and in more than a socket takes at once."""


def make(pool, size: str) -> str:
    """The path of an image with that many bytes."""
    response = httpx.post(
        f"{pool.url}/v1/images/generations", json={"prompt": "a lake", "model": "dall-e-2", "size": "256x256"},
        headers={"X-FakeAI-Bytes": size}, timeout=30,
    )
    return urlsplit(response.json()["data"][0]["url"]).path


@pytest.fixture(scope="module")
def stores(request):
    pools = {kind: Pool("--workers", "2", IMAGE_STORAGE_BACKEND=kind) for kind in ("memory", "disk")}
    for pool in pools.values():
        request.addfinalizer(pool.close)
        pool.start()
    return pools


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "method, headers",
    [
        ("GET", {}), ("HEAD", {}), ("GET", {"Range": "bytes=5-9"}), ("GET", {"Range": "bytes=99999999-"}), ("GET", {"If-None-Match": "*"}),
        ("GET", {"If-Match": '"other"'}), ("GET", {"If-Modified-Since": "Sun, 06 Nov 1994 08:49:37 GMT"}),
        ("GET", {"X-FakeAI-Fault": "corrupt_image"}),
        ("GET", {"X-FakeAI-Fault": "missing_image"}), ("GET", {"Origin": "https://a.test"}), ("POST", {}), ("OPTIONS", {}),
    ],
)
def test_answers_are_those_of_a_store_in_memory(stores, size, method, headers):
    answers = {}
    for kind, pool in stores.items():
        response = httpx.request(method, pool.url + make(pool, size), headers=headers)
        answers[kind] = (response.status_code, sorted(item for item in response.headers.multi_items() if item[0] not in OWN))
        present = {name for name in response.headers if name in OWN}
        answers[kind] += (present, len(response.content))
    assert answers["memory"] == answers["disk"]


def test_rules_apply_and_are_named(stores):
    answers = {}
    for kind, pool in stores.items():
        rules = [{"name": "slow", "match": {"route": "/images/*"}, "then": {"latency": "1ms"}}]
        assert httpx.put(f"{pool.url}/_fakeai/rules", json=rules).status_code == 200
        answers[kind] = [httpx.get(pool.url + make(pool, size)).headers.get("X-FakeAI-Rule") for size in SIZES]
        httpx.put(f"{pool.url}/_fakeai/rules", json=[])
    assert answers["memory"] == answers["disk"] == ["slow"] * len(SIZES)


def test_bytes_that_the_kernel_sends_are_counted(stores):
    path = make(stores["disk"], "700K")

    def sent() -> float:
        return sum(sample.value for sample in stores["disk"].metrics()["fakeai_response_bytes"].samples)

    before = sent()
    length = len(httpx.get(stores["disk"].url + path).content)
    assert length <= sent() - before < length + 20_000


def test_a_removed_file_is_not_found(stores):
    pool = stores["disk"]
    path = make(pool, "700K")
    name = path.removeprefix("/images/")
    (pool.images / name[:7] / name).unlink()
    response = httpx.get(pool.url + path)
    assert response.status_code == 404 and "x-fakeai-worker" in response.headers


def test_files_have_no_other_address(stores):
    pool = stores["disk"]
    name = make(pool, "700K").removeprefix("/images/")
    for path in [f"/_stored/{name[:7]}/{name}", f"/images/{name[:7]}/{name}", "/images/.fakeai-images"]:
        assert httpx.get(pool.url + path).status_code == 404


def test_a_site_that_names_the_directory_of_files_still_works(stores):
    """As sites of earlier versions did, so that nginx sent the files."""
    pool = stores["disk"]
    path = make(pool, "700K")
    lines = f"  set $fakeai_files /_stored/;\n  set $fakeai_store_path {pool.images};\n"
    with Site.before(pool, replaced={"  #limit_req zone=fakeai_images burst=40 nodelay;\n": lines}) as site:
        assert httpx.get(site.url + path).content == httpx.get(pool.url + path).content


def test_status_and_statistics_show_the_kind(start):
    pool = start("--workers", "2", IMAGE_STORAGE_BACKEND="disk")
    for size in SIZES:
        make(pool, size)
    command = [BINARY, "status", "--json", "--image-store-name", pool.store_name]
    status = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    assert status["backend"] == pool.statistics()["backend"] == "disk"
    files = [file for file in pool.images.rglob("*.png")]
    assert status["store"]["images"] == len(files)
    assert status["store"]["used_bytes"] == sum(file.stat().st_size for file in files)


def test_images_outlive_the_pool_and_its_retention(start):
    pool = start("--workers", "2", IMAGE_STORAGE_BACKEND="disk", IMAGE_RETENTION_HOURS=2)
    paths = [make(pool, size) for size in SIZES]
    before = [httpx.get(pool.url + path) for path in paths]
    pool.stop()
    pool.environment["FAKEAI_IMAGE_RETENTION_HOURS"] = "0.5"
    pool.start()
    for path, old in zip(paths, before, strict=True):
        new = httpx.get(pool.url + path)
        assert new.content == old.content
        assert [new.headers[name] for name in ("ETag", "Expires", "Last-Modified")] == [
            old.headers[name] for name in ("ETag", "Expires", "Last-Modified")
        ]
    eventually(lambda: pool.statistics()["store"]["images"] == len(SIZES), within=10, what="the images are counted")


def test_no_image_is_lost_when_everything_is_killed(start):
    pool = start("--workers", "2", IMAGE_STORAGE_BACKEND="disk")
    for _ in range(3):
        paths = [make(pool, size) for size in SIZES]
        contents = [httpx.get(pool.url + path).content for path in paths]
        kill(pool.pid)
        pool.process.wait()

        def nothing_is_left() -> bool:
            pids = in_session(pool.pid)
            for pid in pids:
                kill(pid)
            return not pids

        eventually(nothing_is_left, within=10, what="all processes are gone")
        pool.start()
        assert [httpx.get(pool.url + path).content for path in paths] == contents


def test_a_directory_that_cannot_be_used_is_one_line(tmp_path):
    (tmp_path / "file").touch()
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    for path, reason in {
        "file": "is not a directory", "link": "is a symbolic link", "missing/child": "there is no directory in which",
    }.items():
        ended = refusal("--port", "0", FAKEAI_IMAGE_STORAGE_BACKEND="disk", FAKEAI_IMAGE_STORE_PATH=str(tmp_path / path))
        assert ended.returncode == 64
        assert ended.stderr.startswith("fakeai-images: FAKEAI_IMAGE_STORE_PATH: ") and reason in ended.stderr
        assert ended.stderr.count("\n") == 1


def test_the_path_and_the_backend_belong_together(tmp_path):
    ended = refusal("--port", "0", FAKEAI_IMAGE_STORAGE_BACKEND="disk")
    assert "FAKEAI_IMAGE_STORE_PATH is not set" in ended.stderr and ended.returncode == 64
    ended = refusal("--port", "0", FAKEAI_IMAGE_STORE_PATH=str(tmp_path))
    assert "images are stored in memory: set FAKEAI_IMAGE_STORAGE_BACKEND=disk" in ended.stderr and ended.returncode == 64


def test_two_indexes_do_not_share_a_directory(start, tmp_path):
    settings = {"IMAGE_STORAGE_BACKEND": "disk", "IMAGE_STORE_PATH": tmp_path / "images"}
    start("--workers", "1", **settings)
    with pytest.raises(AssertionError, match="in use by a pool with another FAKEAI_IMAGE_STORE_NAME"):
        start("--workers", "1", **settings)
